//! Every test vector in a WebAssembly module that imports nothing.
#![no_std]

use core::sync::atomic::{AtomicU32, Ordering};

static KIND: AtomicU32 = AtomicU32::new(0);
static ID: AtomicU32 = AtomicU32::new(0);

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// How many tests passed; traps at one that does not.
#[unsafe(no_mangle)]
pub extern "C" fn run() -> u32 {
    vectors::run(|kind, id| {
        KIND.store(kind.into(), Ordering::Relaxed);
        ID.store(id as u32, Ordering::Relaxed);
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn kind() -> u32 {
    KIND.load(Ordering::Relaxed)
}

#[unsafe(no_mangle)]
pub extern "C" fn id() -> u32 {
    ID.load(Ordering::Relaxed)
}
