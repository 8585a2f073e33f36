//! What a call leaves on the stack below it: spilled registers, moved values, the hash's working state (SPEC.md §14, SEC-2).
//!
//! `zeroize` wipes the values that have a name. The compiler makes copies that have none: they lie on the stack, below the function that
//! used them. So each public operation on a secret runs in a frame of its own (`in_own_frame`, never inlined), and when it has returned,
//! `scrub` (never inlined either, so that its array takes the same place) writes zeros over where that frame was.
//!
//! To keep this true: call the key's F inside one of the three functions below, return only what is public or what the caller asked for,
//! and return it in whole registers. The depths are a little more than the deepest operation uses. `checks/secrets/wiping` measures that
//! for 64 bits and `checks/processors/cortex-m` for 32: both fail when an operation leaves anything, or reaches deeper. The depths are no
//! larger, because small processors have small stacks.

/// How deep the zeros go below an F and what is made of it, in bytes: the states of a key, a seal, a tag, a code.
const DEPTH: usize = BYTES[0];

/// The same below one that reads or writes a QR, with an address of up to 255 bytes.
const DEPTH_OF_QR: usize = BYTES[1];

const BYTES: [usize; 2] = if cfg!(offline_reset_unscrubbed) {
    [0, 0] // the defect that the checks plant
} else if usize::BITS < 64 {
    [768, 2048]
} else {
    [1536, 2560]
};

/// Runs an operation whose result is public, or is the secret that the caller asked for, and wipes the stack below.
#[expect(clippy::inline_always, reason = "a frame between the caller's and the operation's would keep a copy of the result")]
#[inline(always)]
pub(crate) fn scrubbed<R>(operation: impl FnOnce() -> R) -> R {
    let result = in_own_frame(operation);
    scrub::<DEPTH>();
    result
}

/// The same for one bit. It is returned as a `u32`: a `bool` fills only the low byte of its register. The others could still hold a part of
/// what was compared, and the next call may save that register on the stack.
#[expect(clippy::inline_always, reason = "as above")]
#[inline(always)]
pub(crate) fn scrubbed_decision(operation: impl FnOnce() -> bool) -> bool {
    scrubbed(|| u32::from(operation())) != 0
}

/// The same for an operation on a QR.
#[expect(clippy::inline_always, reason = "as above")]
#[inline(always)]
pub(crate) fn scrubbed_qr<R>(operation: impl FnOnce() -> R) -> R {
    let result = in_own_frame(operation);
    scrub::<DEPTH_OF_QR>();
    result
}

#[inline(never)]
fn in_own_frame<R>(operation: impl FnOnce() -> R) -> R {
    operation()
}

#[inline(never)]
fn scrub<const BYTES: usize>() {
    core::hint::black_box(&mut [0u8; BYTES]);
}
