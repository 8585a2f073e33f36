//! Texts of bounded length as values: no heap, and the caller keeps no buffer.

use core::fmt;

use crate::bytes::{front, text};

/// A text of at most `N` ASCII characters, held in place.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Text<const N: usize> {
    /// Only ASCII is ever pushed; bytes from `len` on are zero.
    bytes: [u8; N],
    /// At most `N`.
    len: u16,
}

impl<const N: usize> Text<N> {
    pub(crate) const fn new() -> Self {
        Self { bytes: [0; N], len: 0 }
    }

    /// Appends one ASCII character; what does not fit is dropped, which no caller reaches: each `N` is a maximum of SPEC.md §18.6.
    pub(crate) fn push(&mut self, ascii: u8) {
        if let Some(byte) = self.bytes.get_mut(usize::from(self.len)) {
            *byte = ascii & 0x7f;
            self.len += 1;
        }
    }

    pub(crate) fn push_all(&mut self, ascii: &[u8]) {
        for &byte in ascii {
            self.push(byte);
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        text(front(&self.bytes, self.len))
    }
}

impl<const N: usize> AsRef<str> for Text<N> {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl<const N: usize> fmt::Display for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<const N: usize> fmt::Debug for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}
