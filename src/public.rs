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

#[cfg(not(offline_reset_declared))]
fn declare(_: &mut [u8]) {}

#[cfg(offline_reset_declared)]
fn declare(bytes: &mut [u8]) {
    if let Some(declare) = ON_PUBLISHED.get() {
        declare(bytes);
    }
}

/// Told of all that is published. It exists in the builds of `checks/secret-independence` and `checks/wiping` alone.
#[cfg(offline_reset_declared)]
pub static ON_PUBLISHED: std::sync::OnceLock<fn(&mut [u8])> = std::sync::OnceLock::new();

#[cfg(offline_reset_declared)]
extern crate std;
