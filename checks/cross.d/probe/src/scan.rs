//! What is left on the stack by one operation, compared over several keys.

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

/// One operation, over all rounds: each has another key.
pub struct Scan {
    /// Which of the operations is looked at.
    pub selected: usize,
    at: usize,
    /// In memory alone, as it numbers the keys: in a register it would be spilled, and found.
    pub round: u8,
    /// What is no secret, in this round.
    pub public: Bytes,
    pub name: &'static str,
    copy: [u8; WINDOW],
    first: [u8; WINDOW],
    differs: Places,
    /// In some round the byte there was not one of those published: what is written down, shown or typed depends on the key as well.
    unpublished: Places,
    pub touched: usize,
}

impl Scan {
    pub const fn new() -> Self {
        Self {
            selected: 0,
            at: 0,
            round: 0,
            public: Bytes([0; 8]),
            name: "",
            copy: [0; WINDOW],
            first: [0; WINDOW],
            differs: [0; WINDOW / 8],
            unpublished: [0; WINDOW / 8],
            touched: 0,
        }
    }

    pub fn start(&mut self, selected: usize) {
        (self.selected, self.round, self.touched, self.name) = (selected, 0, 0, "");
        self.differs.fill(0);
        self.unpublished.fill(0);
    }

    pub fn start_round(&mut self) {
        self.at = 0;
        self.public = Bytes::default();
    }

    /// An operation that publishes nothing.
    pub fn run<R>(&mut self, name: &'static str, operation: impl FnOnce() -> R) -> R {
        self.run_and_publish(name, operation, |_, _| {})
    }

    /// One whose residue may hold what it publishes, or makes from that.
    pub fn run_and_publish<R>(&mut self, name: &'static str, operation: impl FnOnce() -> R, publish: impl FnOnce(&R, &mut Bytes)) -> R {
        let (result, left) = below(&mut self.copy, operation);
        let mut public = self.public;
        publish(&result, &mut public);
        if self.at == self.selected {
            self.name = name;
            self.touched = self.touched.max(left.touched);
            for (at, (&byte, first)) in left.bytes.iter().zip(&mut self.first).enumerate() {
                if self.round == 0 {
                    *first = byte;
                } else if *first != byte {
                    mark(&mut self.differs, at);
                }
                if !public.contains(byte) {
                    mark(&mut self.unpublished, at);
                }
            }
        }
        self.at += 1;
        result
    }

    /// How many bytes depend on the key, and how far down.
    pub fn found(&self) -> (usize, usize) {
        let dependent = |&at: &usize| marked(&self.differs, at) && marked(&self.unpublished, at);
        ((0..WINDOW).filter(dependent).count(), (0..WINDOW).rfind(dependent).map_or(0, |at| at + 1))
    }
}
