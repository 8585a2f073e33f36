//! The stack below a call, filled before it and copied after it.

use core::arch::{asm, naked_asm};

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
pub fn below<R, F: FnOnce() -> R>(operation: F) -> (R, Left) {
    let mut copy = vec![0u8; WINDOW];
    let mut top = 0;
    let here: usize;
    // SAFETY: what is filled is stack below the pointer, where nothing lives between calls; the main thread has more than WINDOW.
    unsafe {
        asm!("mov {here}, rsp", "mov rdi, rsp", "sub rdi, rcx", "cld", "rep stosb",
            here = out(reg) here, inout("rcx") WINDOW => _, out("rdi") _, in("al") FILL);
    }
    let mut call = Call { operation: Some(operation), top: &mut top, result: None };
    // SAFETY: `enter` takes what it is given here.
    unsafe { empty_handed(enter::<R, F>, (&raw mut call).cast()) };
    let result = call.result;
    // SAFETY: the same stack, read before anything else is called.
    unsafe {
        asm!("cld", "rep movsb", inout("rsi") here - WINDOW => _, inout("rdi") copy.as_mut_ptr() => _, inout("rcx") WINDOW => _);
    }
    copy.truncate(WINDOW - (here - top));
    copy.reverse();
    let touched = copy.iter().rposition(|&byte| byte != FILL).map_or(0, |last| last + 1);
    assert!(touched < WINDOW * 3 / 4, "look further down");
    (result.expect("`enter` has put it there"), Left { bytes: copy, touched })
}

struct Call<'t, R, F> {
    operation: Option<F>,
    top: &'t mut usize,
    result: Option<R>,
}

/// # Safety
/// `call` is a `Call` of these types.
unsafe extern "C" fn enter<R, F: FnOnce() -> R>(call: *mut ()) {
    // SAFETY: as above.
    let Call { operation, top, result } = unsafe { &mut *call.cast::<Call<R, F>>() };
    *result = operation.take().map(|operation| called(operation, top));
}

/// Calls with zeros in the registers that the one called has to save: else it is what the harness had in them that is found.
///
/// # Safety
/// As the one called.
#[unsafe(naked)]
unsafe extern "C" fn empty_handed(enter: unsafe extern "C" fn(*mut ()), call: *mut ()) {
    naked_asm!(
        "push rbx",
        "push rbp",
        "push r12",
        "push r13",
        "push r14",
        "push r15",
        "sub rsp, 8",
        "mov rax, rdi",
        "mov rdi, rsi",
        "xor ebx, ebx",
        "xor ebp, ebp",
        "xor r12d, r12d",
        "xor r13d, r13d",
        "xor r14d, r14d",
        "xor r15d, r15d",
        "call rax",
        "add rsp, 8",
        "pop r15",
        "pop r14",
        "pop r13",
        "pop r12",
        "pop rbp",
        "pop rbx",
        "ret",
    )
}

/// The frame of the one who calls the library.
#[inline(never)]
fn called<R>(operation: impl FnOnce() -> R, top: &mut usize) -> R {
    let here: usize;
    // SAFETY: reads a register.
    unsafe { asm!("mov {}, rsp", out(reg) here, options(nomem, nostack, preserves_flags)) };
    *top = here;
    operation()
}
