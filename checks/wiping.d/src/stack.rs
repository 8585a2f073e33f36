//! The stack below a call, filled before it and copied after it.

use core::arch::asm;

/// How far down is looked at, in bytes.
pub const WINDOW: usize = 8 * 1024;

const FILL: u8 = 0xa5;

/// What a call has left below its caller's frame: byte 0 is the nearest.
pub struct Left {
    pub bytes: Vec<u8>,
    /// How far down anything was written.
    pub touched: usize,
}

/// Runs an operation; what it has left is below the frame that called it, so that the place of its result does not count.
#[inline(never)]
pub fn below<R>(operation: impl FnOnce() -> R) -> (R, Left) {
    let mut copy = vec![0u8; WINDOW];
    let mut top = 0;
    let here: usize;
    // SAFETY: what is filled is stack below the pointer, where nothing lives between calls; the main thread has more than WINDOW.
    unsafe {
        #[cfg(target_arch = "x86_64")]
        asm!("mov {here}, rsp", "mov rdi, rsp", "sub rdi, rcx", "cld", "rep stosb",
            here = out(reg) here, inout("rcx") WINDOW => _, out("rdi") _, in("al") FILL);
        #[cfg(target_arch = "x86")]
        asm!("mov {here}, esp", "mov edi, esp", "sub edi, ecx", "cld", "rep stosb",
            here = out(reg) here, inout("ecx") WINDOW => _, out("edi") _, in("al") FILL);
    }
    let result = called(operation, &mut top);
    // SAFETY: the same stack, read before anything else is called.
    unsafe {
        #[cfg(target_arch = "x86_64")]
        asm!("cld", "rep movsb", inout("rsi") here - WINDOW => _, inout("rdi") copy.as_mut_ptr() => _, inout("rcx") WINDOW => _);
        #[cfg(target_arch = "x86")]
        asm!("xchg esi, {from}", "cld", "rep movsb", "xchg esi, {from}",
            from = inout(reg) here - WINDOW => _, inout("edi") copy.as_mut_ptr() => _, inout("ecx") WINDOW => _);
    }
    copy.truncate(WINDOW - (here - top));
    copy.reverse();
    let touched = copy.iter().rposition(|&byte| byte != FILL).map_or(0, |last| last + 1);
    assert!(touched < WINDOW * 3 / 4, "look further down");
    (result, Left { bytes: copy, touched })
}

/// The frame of the one who calls the library.
#[inline(never)]
fn called<R>(operation: impl FnOnce() -> R, top: &mut usize) -> R {
    let here: usize;
    // SAFETY: reads a register.
    unsafe {
        #[cfg(target_arch = "x86_64")]
        asm!("mov {}, rsp", out(reg) here, options(nomem, nostack, preserves_flags));
        #[cfg(target_arch = "x86")]
        asm!("mov {}, esp", out(reg) here, options(nomem, nostack, preserves_flags));
    }
    *top = here;
    operation()
}
