//! Arguments, output and exit: of a Linux process, or by semihosting.

use core::cell::UnsafeCell;

pub use on::print;

/// A value in static memory, for the one thread.
pub struct Once<T>(UnsafeCell<T>);

// SAFETY: there is one thread.
unsafe impl<T> Sync for Once<T> {}

impl<T> Once<T> {
    pub const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    /// To be called once.
    #[allow(clippy::mut_from_ref)]
    pub fn take(&self) -> &mut T {
        // SAFETY: there is one thread, and one call.
        unsafe { &mut *self.0.get() }
    }
}

/// The words of a command line: what to do, and how often.
fn go(mut words: core::str::SplitAsciiWhitespace<'_>) {
    let word = words.next().unwrap_or_default();
    crate::run(word, words.next().map_or(0, |n| n.parse().unwrap()));
}

#[cfg(target_os = "none")]
mod on {
    pub fn print(words: core::fmt::Arguments<'_>) {
        board::print!("{}", words);
    }

    #[cortex_m_rt::entry]
    fn main() -> ! {
        let mut line = [0; 80];
        let mut words = board::command_line(&mut line).split_ascii_whitespace();
        words.next(); // the program's name
        super::go(words);
        assert!(board::stack_left() > 0, "the stack has run into what lies below it");
        board::exit(true)
    }
}

#[cfg(not(target_os = "none"))]
mod on {
    use core::ffi::{CStr, c_char, c_int, c_void};
    use core::fmt::{self, Write};

    #[link(name = "c")]
    #[link(name = "gcc_s")] // ARM's unwinding tables name it
    unsafe extern "C" {
        fn write(file: c_int, bytes: *const c_void, len: usize) -> isize;
        fn exit(status: c_int) -> !;
    }

    struct Output;

    pub fn print(words: fmt::Arguments<'_>) {
        Output.write_fmt(words).unwrap();
    }

    impl Write for Output {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            // SAFETY: the text's own bytes.
            if unsafe { write(1, text.as_ptr().cast(), text.len()) } < 0 { Err(fmt::Error) } else { Ok(()) }
        }
    }

    #[unsafe(no_mangle)]
    extern "C" fn main(count: c_int, words: *const *const c_char) -> c_int {
        let mut line = [0u8; 80];
        let mut at = 0;
        for i in 1..count as usize {
            // SAFETY: C's promise to main.
            for &byte in unsafe { CStr::from_ptr(*words.add(i)) }.to_bytes().iter().chain(b" ") {
                line[at] = byte;
                at += 1;
            }
        }
        super::go(core::str::from_utf8(&line[..at]).unwrap().split_ascii_whitespace());
        0
    }

    #[panic_handler]
    fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
        let _ = writeln!(Output, "{info}");
        // SAFETY: ends the process.
        unsafe { exit(1) }
    }
}
