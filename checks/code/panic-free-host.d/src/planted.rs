//! The defects that the check plants; without their features this does nothing.

use crate::{Input, Output};

#[cfg(feature = "planted-vec")]
extern crate alloc;
#[cfg(feature = "planted-std")]
extern crate std;

#[cfg(feature = "planted-malloc")]
unsafe extern "C" {
    fn malloc(bytes: usize) -> *mut u8;
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn planted(input: &Input, out: &mut Output) {
    // SAFETY: the caller's promise.
    let text = unsafe { input.text() };
    #[cfg(feature = "planted-unwrap")]
    out.bytes.fill(text.unwrap().parse::<u8>().unwrap_or(0));
    #[cfg(feature = "planted-index")]
    out.bytes.fill(text.unwrap_or_default().as_bytes()[3]);
    #[cfg(feature = "planted-malloc")]
    // SAFETY: any size may be asked for; the 32 bytes leak.
    out.bytes.fill(unsafe { malloc(32) } as usize as u8);
    #[cfg(feature = "planted-vec")]
    out.bytes.fill(core::hint::black_box(alloc::vec::Vec::<u8>::with_capacity(32)).len() as u8);
    out.len = text.map_or(0, str::len);
}
