//! One row of the table: a way to verify a code, and how a block of verifications is timed.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::heap::allocations;

/// Verifications in one block.
pub const BLOCK: u32 = 64;

/// Whose row, and what it does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Ours: text in, decision out, the ledger between.
    Whole(Stack),
    /// Ours: the record read back, the MAC, the ten digits, the decision.
    Compare(Stack),
    /// An OTP library: text in, decision out.
    Otp,
    /// The same, with what counts an attempt so that a power cut refunds nothing.
    CountedOtp,
    /// A MAC and its comparison.
    Mac,
}

/// What becomes of the stack below a call of ours. No peer wipes it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stack {
    /// As it ships.
    Wiped,
    Left,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Set up once.
    Kept,
    /// Set up for each verification.
    Fresh,
}

/// What a block took.
pub struct Block {
    pub time: Duration,
    /// Heap allocations; unknown in another process.
    pub allocations: Option<u64>,
}

pub struct Row {
    pub name: &'static str,
    pub kind: Kind,
    pub key: Key,
    /// What the name does not say.
    pub note: &'static str,
    pub block: Box<dyn FnMut() -> Block>,
}

/// Times one block; what `prepare` gives for each verification is made before the clock starts.
pub fn timed<T>(prepared: impl ExactSizeIterator<Item = T>, mut verify: impl FnMut(T) -> bool) -> Block {
    let expected = prepared.len();
    let before = allocations();
    let start = Instant::now();
    let mut right = 0;
    for one in prepared {
        right += usize::from(black_box(verify(black_box(one))));
    }
    let time = start.elapsed();
    let allocations = allocations() - before;
    assert_eq!(right, expected, "a verification went wrong");
    Block { time, allocations: Some(allocations) }
}

/// A peer that is asked the same again: what is right has to be accepted and what is wrong refused before it is timed.
pub fn peer<T: Copy + 'static>(
    name: &'static str,
    kind: Kind,
    key: Key,
    note: &'static str,
    (right, wrong): (T, T),
    mut verify: impl FnMut(T) -> bool + 'static,
) -> Row {
    assert!(verify(right), "{name} refuses what is right");
    assert!(!verify(wrong), "{name} accepts what is wrong");
    Row { name, kind, key, note, block: Box::new(move || timed((0..BLOCK).map(|_| right), &mut verify)) }
}
