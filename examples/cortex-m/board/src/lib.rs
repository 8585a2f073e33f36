//! What the programs here need of a machine: words in and out, an end, and how much stack was used.
#![no_std]

use core::panic::PanicInfo;
use core::ptr::addr_of;
use core::sync::atomic::{AtomicU32, Ordering};

pub use cortex_m_semihosting::hprint as print;
use cortex_m_semihosting::{debug, syscall1};

/// The word that cortex-m-rt paints the stack with, before anything runs.
const PAINT: u32 = 0xcccc_cccc;

unsafe extern "C" {
    static _stack_start: u32;
    static _stack_end: u32;
}

static DOING: [AtomicU32; 2] = [const { AtomicU32::new(0) }; 2];

/// What a panic from here on is about.
pub fn doing(kind: u8, id: u64) {
    DOING[0].store(kind.into(), Ordering::Relaxed);
    DOING[1].store(id as u32, Ordering::Relaxed);
}

/// The command line: the program's name first.
pub fn command_line(to: &mut [u8; 80]) -> &str {
    let mut block = [to.as_mut_ptr() as usize, to.len()];
    // SAFETY: GET_CMDLINE takes a place and its size, and writes the length of the text in place of the size.
    let status = unsafe { syscall1!(GET_CMDLINE, &raw mut block) };
    let text = to.get(..block[1]).filter(|_| status == 0).unwrap_or_default();
    core::str::from_utf8(text).unwrap_or_default()
}

fn stack() -> &'static [u32] {
    // SAFETY: the linker's words; what is not in use is read alone.
    unsafe {
        let (end, start) = (addr_of!(_stack_end), addr_of!(_stack_start));
        core::slice::from_raw_parts(end, start.offset_from(end) as usize)
    }
}

/// How many bytes of the stack were never written.
pub fn stack_left() -> usize {
    4 * stack().iter().take_while(|&&word| word == PAINT).count()
}

/// How many bytes of the stack were used, at most.
pub fn stack_used() -> usize {
    4 * stack().len() - stack_left()
}

/// Ends the program; qemu's exit status is 0 if all went well.
pub fn exit(well: bool) -> ! {
    debug::exit(if well { debug::EXIT_SUCCESS } else { debug::EXIT_FAILURE });
    loop {}
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    let [kind, id] = [0, 1].map(|i| DOING[i].load(Ordering::Relaxed));
    print!("kind {}, test {}: {}\n", kind, id, info);
    exit(false)
}
