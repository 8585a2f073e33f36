//! Every public operation of the library as a C function, in a shared object whose panic handler calls a function that nobody defines:
//! see `checks/code/panic-free-host`. What is exported is kept whoever calls it, so each operation stands here for all its inputs.
#![no_std]
#![allow(clippy::missing_safety_doc, clippy::too_many_arguments)] // each pointer points to what its type says; a C function has no other way

mod device;
mod planted;
mod vendor;

use core::fmt::{self, Write};
use core::panic::PanicInfo;

#[link(name = "c")] // memcpy and its kin
unsafe extern "C" {
    fn a_panic_path_is_left() -> !;
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    // SAFETY: not defined anywhere; an object that needs it does not link.
    unsafe { a_panic_path_is_left() }
}

/// A text from outside: bytes first, then UTF-8.
#[repr(C)]
pub struct Input {
    bytes: *const u8,
    len: usize,
}

impl Input {
    unsafe fn text(&self) -> Result<&str, i32> {
        // SAFETY: the caller's promise.
        let bytes = unsafe { core::slice::from_raw_parts(self.bytes, self.len) };
        core::str::from_utf8(bytes).or(Err(-1))
    }
}

/// Where texts go, one character at a time: `fmt` and `as_str` both end here.
#[repr(C)]
pub struct Output {
    bytes: [u8; 1024],
    len: usize,
}

impl Write for Output {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            *self.bytes.get_mut(self.len).ok_or(fmt::Error)? = byte;
            self.len += 1;
        }
        Ok(())
    }
}

impl Output {
    fn show(&mut self, value: &dyn fmt::Display) -> Result<(), i32> {
        write!(self, "{value}").or(Err(-2))
    }

    fn put(&mut self, text: &str) -> Result<(), i32> {
        self.write_str(text).or(Err(-2))
    }
}

/// 0, or what went wrong: an error's message goes to the output.
fn status(result: Result<(), i32>) -> i32 {
    result.err().unwrap_or(0)
}

/// The error's SPEC.md name, its message and what it holds, and 1.
macro_rules! refused {
    ($out:expr) => {
        |error| $crate::refused!($out, error)
    };
    ($out:expr, $error:expr) => {
        match $out.put($error.name()).and_then(|()| $out.show(&$error)).and_then(|()| match core::error::Error::source(&$error) {
            Some(inside) => $out.show(&inside),
            None => Ok(()),
        }) {
            Ok(()) => 1,
            Err(status) => status,
        }
    };
}
pub(crate) use refused;
