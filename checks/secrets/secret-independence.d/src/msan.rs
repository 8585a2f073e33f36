//! The same under MemorySanitizer, which knows the SHA instructions that valgrind does not. It looks at the compiler's intermediate code.

use core::ffi::c_char;
use core::sync::atomic::{AtomicUsize, Ordering};

unsafe extern "C" {
    fn __msan_poison(at: *const u8, len: usize);
    fn __msan_unpoison(at: *const u8, len: usize);
    fn __msan_test_shadow(at: *const u8, len: usize) -> isize;
}

static REPORTS: AtomicUsize = AtomicUsize::new(0);

/// Called by the sanitizer at the end of each report.
#[unsafe(no_mangle)]
extern "C" fn __sanitizer_report_error_summary(_: *const c_char) {
    REPORTS.fetch_add(1, Ordering::Relaxed);
}

pub fn watched() -> bool {
    true
}

pub fn reports() -> usize {
    REPORTS.load(Ordering::Relaxed)
}

pub fn secret(bytes: *mut [u8]) {
    // SAFETY: marks the shadow of what the pointer points to.
    unsafe { __msan_poison(bytes.cast(), bytes.len()) }
    core::hint::black_box(bytes);
}

pub fn public(bytes: *mut [u8]) {
    // SAFETY: as above.
    unsafe { __msan_unpoison(bytes.cast(), bytes.len()) }
    core::hint::black_box(bytes);
}

/// Eight for each byte that depends on a secret in any bit.
pub fn secret_bits(bytes: &[u8]) -> u32 {
    // SAFETY: looks at the shadow of one byte.
    bytes.iter().map(|byte| 8 * u32::from(unsafe { __msan_test_shadow(byte, 1) } >= 0)).sum()
}

pub fn zero_counts() {}

pub fn dump_counts(_: &core::ffi::CStr) {}
