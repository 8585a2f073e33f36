//! The exits of SPEC.md §14: a secret-derived value becomes public by passing through here, and nowhere else.

use subtle::Choice;

/// A decision: both sides were computed in full, one bit leaves.
pub(crate) fn decided(choice: Choice) -> bool {
    let [bit] = published([choice.unwrap_u8()]);
    bit != 0
}

/// What is shown, sent or stored from here on: a nonce, a tag, T, a sealed record, a sealed address; or an address whose T was right.
pub(crate) fn published<T: AsMut<[u8]>>(mut value: T) -> T {
    declare(value.as_mut());
    value
}

#[cfg(not(any(offline_reset_declared, offline_reset_zeroed)))]
fn declare(_: &mut [u8]) {}

#[cfg(offline_reset_declared)]
fn declare(bytes: &mut [u8]) {
    if let Some(declare) = ON_PUBLISHED.get() {
        declare(bytes);
    }
}

/// Told of all that is published. It exists in the builds of `checks/secrets/secret-independence` alone.
#[cfg(offline_reset_declared)]
pub static ON_PUBLISHED: std::sync::OnceLock<fn(&mut [u8])> = std::sync::OnceLock::new();

#[cfg(offline_reset_declared)]
extern crate std;

#[cfg(offline_reset_zeroed)]
fn declare(bytes: &mut [u8]) {
    if bytes.len() > 1 && ZEROED.load(core::sync::atomic::Ordering::Relaxed) {
        bytes.fill(0);
    }
}

/// While it is set, zeros stand in place of what is published: all that still depends on the key is secret. It exists in the builds that
/// `checks/secrets/wiping` and its kin for other processors scan.
#[cfg(offline_reset_zeroed)]
pub static ZEROED: core::sync::atomic::AtomicBool = core::sync::atomic::AtomicBool::new(false);
