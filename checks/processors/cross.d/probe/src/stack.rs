//! The stack below a call, filled before it and copied after it.

use core::arch::asm;

/// How far down is looked at, in bytes.
pub const WINDOW: usize = 3072;

const FILL: usize = usize::from_ne_bytes([0xa5; size_of::<usize>()]);

/// What a call has left below its caller's frame: byte 0 is the nearest.
pub struct Left<'c> {
    pub bytes: &'c mut [u8],
    /// How far down anything was written.
    pub touched: usize,
}

/// Runs an operation; what it has left is below the frame that called it, so that the place of its result does not count.
#[inline(never)]
pub fn below<R>(copy: &mut [u8; WINDOW], operation: impl FnOnce() -> R) -> (R, Left<'_>) {
    let mut top = 0;
    let here: usize;
    // SAFETY: what is filled is stack below the pointer, where nothing lives between calls; there is more of it than WINDOW.
    unsafe {
        #[cfg(target_arch = "arm")]
        asm!("mov {to}, sp", "mov {here}, {to}", "2:", "subs {to}, {to}, #4", "str {fill}, [{to}]", "subs {n}, {n}, #4", "bne 2b",
            here = out(reg) here, to = out(reg) _, n = inout(reg) WINDOW => _, fill = in(reg) FILL);
        // what the caller has left in registers that a callee saves is the caller's
        #[cfg(target_arch = "arm")]
        asm!("movs r4, #0", "mov r5, r4", "mov r8, r4", "mov r9, r4", "mov r10, r4",
            out("r4") _, out("r5") _, out("r8") _, out("r9") _, out("r10") _);
        #[cfg(target_arch = "aarch64")]
        asm!("mov {to}, sp", "mov {here}, sp", "2:", "sub {to}, {to}, #8", "str {fill}, [{to}]", "subs {n}, {n}, #8", "b.ne 2b",
            here = out(reg) here, to = out(reg) _, n = inout(reg) WINDOW => _, fill = in(reg) FILL);
        #[cfg(target_arch = "aarch64")]
        asm!("mov x20, xzr", "mov x21, xzr", "mov x22, xzr", "mov x23, xzr", "mov x24, xzr", "mov x25, xzr", "mov x26, xzr", "mov x27, xzr",
            "mov x28, xzr", out("x20") _, out("x21") _, out("x22") _, out("x23") _, out("x24") _, out("x25") _, out("x26") _,
            out("x27") _, out("x28") _);
    }
    let result = called(operation, &mut top);
    // SAFETY: the same stack, read before anything else is called.
    unsafe {
        #[cfg(target_arch = "arm")]
        asm!("2:", "subs {n}, {n}, #4", "ldr {word}, [{from}, {n}]", "str {word}, [{to}, {n}]", "bne 2b",
            n = inout(reg) WINDOW => _, word = out(reg) _, from = in(reg) here - WINDOW, to = in(reg) copy.as_mut_ptr());
        #[cfg(target_arch = "aarch64")]
        asm!("2:", "subs {n}, {n}, #8", "ldr {word}, [{from}, {n}]", "str {word}, [{to}, {n}]", "b.ne 2b",
            n = inout(reg) WINDOW => _, word = out(reg) _, from = in(reg) here - WINDOW, to = in(reg) copy.as_mut_ptr());
    }
    let bytes = &mut copy[..WINDOW - (here - top)];
    bytes.reverse();
    let touched = bytes.iter().rposition(|&byte| byte != FILL as u8).map_or(0, |last| last + 1);
    assert!(touched < WINDOW * 7 / 8, "look further down");
    (result, Left { bytes, touched })
}

/// The frame of the one who calls the library.
#[inline(never)]
fn called<R>(operation: impl FnOnce() -> R, top: &mut usize) -> R {
    let here: usize;
    // SAFETY: reads a register.
    unsafe { asm!("mov {}, sp", out(reg) here, options(nomem, nostack, preserves_flags)) };
    *top = here;
    // SAFETY: they do nothing. checks/processors/cross.d/trace.c knows by them what belongs to the operation.
    unsafe {
        #[cfg(target_arch = "arm")]
        asm!("mov r11, r11", options(nostack, preserves_flags));
        #[cfg(target_arch = "aarch64")]
        asm!("mov x27, x27", options(nostack, preserves_flags));
    }
    let result = operation();
    // SAFETY: as above.
    unsafe {
        #[cfg(target_arch = "arm")]
        asm!("mov r10, r10", options(nostack, preserves_flags));
        #[cfg(target_arch = "aarch64")]
        asm!("mov x26, x26", options(nostack, preserves_flags));
    }
    result
}
