//! The C ABI of offline-reset. What C sees is `include/offline_reset.h`, which `checks/c/header` writes from here; README.md has the reasons.
//!
//! Every function is the same three steps: what its arguments' memory has to be is checked (`memory`), the checked pointers become
//! references in one `unsafe` block, and the crate does the work.
#![cfg_attr(feature = "panic-handler", no_std)]

mod memory;

// in the order of the header, and apart so that they stay in it

pub mod version;

pub mod status;

pub mod types;

pub mod device;

pub mod challenge;

pub mod code;

pub mod grant;

pub mod record;

pub mod keys;

pub mod read;

pub mod answer;

#[cfg(feature = "factory")]
pub mod factory;

/// No path leads here: `checks/processors/panic-free` looks for one in the linked programs. What a target without std wants, all the same.
#[cfg(feature = "panic-handler")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}
