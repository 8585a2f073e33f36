//! What a call leaves on the stack below it: spilled registers, moved values, the hash's working state (SPEC.md §14, SEC-2).
//!
//! `zeroize` wipes the values that have a name. The compiler makes others; they lie on the stack below the function that used them, and
//! so each public operation on a secret runs in a frame of its own, over which zeros are written when it has returned.

/// How deep the zeros go, in bytes: more than any operation uses, as `checks/wiping` measures.
const DEPTH: usize = if cfg!(offline_reset_unscrubbed) {
    0 // the defect that it plants
} else if usize::BITS < 64 {
    2560
} else {
    3072
};

/// Runs an operation whose result is public, or is the secret that the caller asked for, and wipes the stack below.
#[expect(clippy::inline_always, reason = "a frame between the caller's and the operation's would keep a copy of the result")]
#[inline(always)]
pub(crate) fn scrubbed<R>(operation: impl FnOnce() -> R) -> R {
    let result = in_own_frame(operation);
    scrub();
    result
}

#[inline(never)]
fn in_own_frame<R>(operation: impl FnOnce() -> R) -> R {
    operation()
}

#[inline(never)]
fn scrub() {
    core::hint::black_box(&mut [0u8; DEPTH]);
}
