//! What is left on the stack by one operation, compared over several keys.

use crate::machine::print;
use crate::stack::{WINDOW, below};

/// A set of bytes.
#[derive(Clone, Copy, Default)]
pub struct Bytes([u32; 8]);

impl Bytes {
    /// In a frame of its own: the set is not to be in registers when an operation is called.
    #[inline(never)]
    pub fn insert(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.0[usize::from(byte >> 5)] |= 1 << (byte & 31));
    }

    const fn contains(&self, byte: u8) -> bool {
        self.0[(byte >> 5) as usize] >> (byte & 31) & 1 != 0
    }
}

/// A set of places on the stack.
type Places = [u8; WINDOW / 8];

fn mark(places: &mut Places, at: usize) {
    places[at / 8] |= 1 << (at % 8);
}

fn marked(places: &Places, at: usize) -> bool {
    places[at / 8] >> (at % 8) & 1 != 0
}

/// Zeros in place of what is published, so that nothing that is made from it afterwards depends on the key.
fn zero(on: bool) {
    #[cfg(offline_reset_zeroed)]
    offline_reset::hazmat::ZEROED.store(on, core::sync::atomic::Ordering::Relaxed);
    let _ = on;
}

/// One operation, over all rounds: each has another key.
pub struct Scan {
    /// Which of the operations is looked at.
    pub selected: usize,
    at: usize,
    /// In memory alone, as it numbers the keys: in a register it would be spilled, and found.
    pub round: u8,
    /// What the owner has typed in this round.
    pub typed: Bytes,
    pub name: &'static str,
    /// Says what it runs, for a tracer that sees instructions.
    pub aloud: bool,
    copy: [u8; WINDOW],
    first: [u8; WINDOW],
    differs: Places,
    /// In some round the byte there was not one of those: the right code, which was typed, depends on the key as well.
    untyped: Places,
    pub touched: usize,
}

impl Scan {
    pub const fn new() -> Self {
        Self {
            selected: 0,
            at: 0,
            round: 0,
            typed: Bytes([0; 8]),
            name: "",
            aloud: false,
            copy: [0; WINDOW],
            first: [0; WINDOW],
            differs: [0; WINDOW / 8],
            untyped: [0; WINDOW / 8],
            touched: 0,
        }
    }

    pub fn start(&mut self, selected: usize) {
        (self.selected, self.round, self.touched, self.name) = (selected, 0, 0, "");
        self.differs.fill(0);
        self.untyped.fill(0);
    }

    pub fn start_round(&mut self) {
        self.at = 0;
        self.typed = Bytes::default();
    }

    /// Runs one operation; in the builds that are judged, zeros stand in place of what it publishes.
    pub fn run<R>(&mut self, name: &'static str, operation: impl FnOnce() -> R) -> R {
        if self.aloud {
            print(format_args!("{name}\n"));
        }
        zero(true);
        let (result, left) = below(&mut self.copy, operation);
        zero(false);
        if self.at == self.selected {
            self.name = name;
            self.touched = self.touched.max(left.touched);
            for (at, (&byte, first)) in left.bytes.iter().zip(&mut self.first).enumerate() {
                if self.round == 0 {
                    *first = byte;
                } else if *first != byte {
                    mark(&mut self.differs, at);
                }
                if !self.typed.contains(byte) {
                    mark(&mut self.untyped, at);
                }
            }
        }
        self.at += 1;
        result
    }

    /// Not looked at; but what it publishes, and another reads, is zeros.
    pub fn unseen<R>(&mut self, operation: impl FnOnce() -> R) -> R {
        zero(true);
        let result = operation();
        zero(false);
        result
    }

    /// How many bytes depend on the key, and how far down.
    pub fn found(&self) -> (usize, usize) {
        let dependent = |&at: &usize| marked(&self.differs, at) && marked(&self.untyped, at);
        ((0..WINDOW).filter(dependent).count(), (0..WINDOW).rfind(dependent).map_or(0, |at| at + 1))
    }
}
