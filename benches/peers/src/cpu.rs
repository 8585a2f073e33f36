//! This processor as one without SHA instructions: CPUID is made to fault, and is answered without their bit. So every library of the
//! process takes the code that it would take there, whatever switch it has or lacks.

use std::arch::x86_64::__cpuid_count;
use std::ffi::{c_int, c_void};

/// Leaf 7, EBX.
const SHA: u32 = 1 << 29;
const ARCH_SET_CPUID: c_int = 0x1012;

/// What OpenSSL and AWS-LC are told as well: AWS-LC looks before `main`, and Python's OpenSSL lives in a process of its own.
pub const OPENSSL_IA32CAP: (&str, &str) = ("OPENSSL_ia32cap", ":~0x20000000");

/// Whether this processor has SHA instructions.
pub fn has_sha() -> bool {
    __cpuid_count(7, 0).ebx & SHA != 0
}

/// Hides the SHA instructions from whoever has not asked yet.
pub fn hide_sha() -> Result<(), String> {
    // SAFETY: the handler has the signature that SA_SIGINFO asks for.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = answer as extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void) as usize;
        action.sa_flags = libc::SA_SIGINFO;
        libc::sigaction(libc::SIGSEGV, &raw const action, std::ptr::null_mut());
    }
    if !faulting(true) {
        return Err("neither this processor nor its hypervisor lets a process hide CPUID".into());
    }
    if has_sha() || std::arch::is_x86_feature_detected!("sha") {
        return Err("somebody has asked for the SHA instructions already".into());
    }
    Ok(())
}

/// Makes CPUID fault in this thread, or not.
fn faulting(on: bool) -> bool {
    // SAFETY: changes nothing but whether CPUID faults.
    unsafe { libc::syscall(libc::SYS_arch_prctl, ARCH_SET_CPUID, c_int::from(!on)) == 0 }
}

extern "C" fn answer(_: c_int, _: *mut libc::siginfo_t, context: *mut c_void) {
    // SAFETY: the kernel gives a ucontext_t; at its instruction pointer lies the instruction that faulted.
    let registers = unsafe { &mut (*context.cast::<libc::ucontext_t>()).uc_mcontext.gregs };
    let at = registers[libc::REG_RIP as usize] as *const [u8; 2];
    if unsafe { *at } != [0x0f, 0xa2] {
        std::process::abort(); // a fault of another kind
    }
    let leaf = registers[libc::REG_RAX as usize] as u32;
    let subleaf = registers[libc::REG_RCX as usize] as u32;
    faulting(false);
    let mut result = __cpuid_count(leaf, subleaf);
    faulting(true);
    if (leaf, subleaf) == (7, 0) {
        result.ebx &= !SHA;
    }
    for (register, value) in
        [(libc::REG_RAX, result.eax), (libc::REG_RBX, result.ebx), (libc::REG_RCX, result.ecx), (libc::REG_RDX, result.edx)]
    {
        registers[register as usize] = i64::from(value);
    }
    registers[libc::REG_RIP as usize] += 2;
}
