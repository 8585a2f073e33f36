//! What people read, type and paste: Crockford's 32 symbols, what is forgiven, and the check code (SPEC.md §6).

use crate::error::{CodeError, CorrectionsError, ReadError};
use crate::serial::Serial;

/// Crockford's alphabet: no I, L, O, U.
pub(crate) const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The symbol of the five low bits of `value`. Public values only: this is a table.
pub(crate) fn symbol(value: u8) -> u8 {
    ALPHABET[usize::from(value & 31)]
}

/// The values of `0` to `Z`, [`ALPHABET`] the other way round; 32 for what is not in it.
const VALUES: [u8; 43] = {
    let mut values = [32; 43];
    let mut i = 0;
    while i < ALPHABET.len() {
        values[(ALPHABET[i] - b'0') as usize] = i as u8;
        i += 1;
    }
    values
};

/// The value of an upper-case symbol. Public values only, as `symbol`.
pub(crate) fn value(symbol: u8) -> Option<u8> {
    VALUES.get(usize::from(symbol.wrapping_sub(b'0'))).copied().filter(|&value| value < 32)
}

/// What is ignored wherever it stands (SPEC.md §18.5).
fn is_separator(ch: char) -> bool {
    if ch.is_ascii() {
        return matches!(ch, '\u{9}'..='\u{d}' | ' ' | '-');
    }
    let white_space = matches!(
        ch,
        '\u{85}' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    );
    let dash = matches!(
        ch,
        '-' | '\u{58a}' | '\u{5be}' | '\u{1400}' | '\u{1806}' | '\u{2010}'
            ..='\u{2015}'
                | '\u{2053}'
                | '\u{207b}'
                | '\u{208b}'
                | '\u{2212}'
                | '\u{2e17}'
                | '\u{2e1a}'
                | '\u{2e3a}'
                | '\u{2e3b}'
                | '\u{2e40}'
                | '\u{2e5d}'
                | '\u{301c}'
                | '\u{3030}'
                | '\u{30a0}'
                | '\u{fe31}'
                | '\u{fe32}'
                | '\u{fe58}'
                | '\u{fe63}'
                | '\u{ff0d}'
                | '\u{10d6e}'
                | '\u{10ead}'
    );
    let invisible = matches!(ch, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe0e}' | '\u{fe0f}' | '\u{feff}');
    white_space || dash || invisible
}

/// More than `limit` bytes.
pub(crate) struct TooLong {
    pub(crate) limit: usize,
}

impl From<TooLong> for ReadError {
    fn from(TooLong { limit }: TooLong) -> Self {
        Self::TooLong { limit }
    }
}

impl From<TooLong> for CodeError {
    fn from(TooLong { limit }: TooLong) -> Self {
        Self::TooLong { limit }
    }
}

impl From<TooLong> for CorrectionsError {
    fn from(TooLong { limit }: TooLong) -> Self {
        Self::TooLong { limit }
    }
}

/// ```text
/// def normalise(text, limit):                                                (SPEC.md §6.3, CHL-4, CHL-5)
///     if len(utf8(text)) > limit: error too-long(limit)
///     out = []
///     for position, ch in enumerate(text):
///         if ch in SEPARATORS: continue
///         if U+FF01 <= ch <= U+FF5E: ch = chr(ord(ch) - 0xFEE0)          # full-width forms
///         if 'a' <= ch <= 'z': ch = upper(ch)                            # ASCII only
///         out.append((ch, position))
///     return out
/// ```
///
/// A character outside ASCII comes back as 0, which is in no alphabet.
pub(crate) fn normalise(text: &str, limit: usize) -> Result<impl Iterator<Item = (u8, usize)>, TooLong> {
    if text.len() > limit {
        return Err(TooLong { limit });
    }
    Ok(text.chars().enumerate().filter_map(|(position, ch)| Some((fold(ch)?, position))))
}

/// None for a separator.
#[inline]
fn fold(ch: char) -> Option<u8> {
    if ch.is_ascii_digit() {
        Some(ch as u8)
    } else if ch.is_ascii_alphabetic() {
        Some(ch.to_ascii_uppercase() as u8)
    } else {
        fold_other(ch)
    }
}

#[cold]
fn fold_other(ch: char) -> Option<u8> {
    let code = match u32::from(ch) {
        full_width @ 0xff01..=0xff5e => full_width - 0xfee0,
        other => other,
    };
    let ascii = u8::try_from(code).ok().filter(u8::is_ascii).unwrap_or(0).to_ascii_uppercase();
    (!is_separator(ch)).then_some(ascii)
}

pub(crate) fn is_letter_or_digit(ch: u8) -> bool {
    ch.is_ascii_uppercase() || ch.is_ascii_digit()
}

/// What each value of b adds (SPEC.md §6.1): the exclusive-or of GEN\[i\] over its bits. A table, for b is public.
const FOLDED: [u32; 32] = {
    const GEN: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let mut folded = [0; 32];
    let mut b = 1;
    while b < 32 {
        folded[b] = folded[b & (b - 1)] ^ GEN[b.trailing_zeros() as usize];
        b += 1;
    }
    folded
};

/// The constant that a valid text leaves (BIP 350).
pub(crate) const VALID: u32 = 0x2bc8_30a3;

/// The remainder of BIP 173's BCH code over the values pushed so far (SPEC.md §6.1).
#[derive(Clone, Copy)]
pub(crate) struct Polymod(u32);

impl Polymod {
    pub(crate) const fn new() -> Self {
        Self(1)
    }

    /// Starts from a zero state instead of 1: the remainder of a difference, which is linear (SPEC.md §7).
    pub(crate) const fn of_difference() -> Self {
        Self(0)
    }

    /// ```text
    /// b = c >> 25                                                            (SPEC.md §6.1)
    /// c = (c & 0x1ffffff) << 5 ^ v
    /// for i in range(5):
    ///     if (b >> i) & 1: c = c ^ GEN[i]
    /// ```
    pub(crate) fn push(&mut self, v: u8) {
        let b = self.0 >> 25;
        self.0 = (self.0 & 0x01ff_ffff) << 5 ^ u32::from(v) ^ FOLDED[b as usize & 31];
    }

    /// A character of the serial: its high bits, then its low five.
    pub(crate) fn push_serial(&mut self, ch: u8) {
        self.push(ch >> 5);
        self.push(ch & 31);
    }

    pub(crate) fn remainder(self) -> u32 {
        self.0
    }
}

/// ```text
/// def check_symbols(serial, v14):                                            (SPEC.md §6.1, CHL-3)
///     p = polymod(serial_values(serial) + v14 + [0,0,0,0,0,0]) ^ 0x2bc830a3
///     return [(p >> 5 * (5 - i)) & 31 for i in range(6)]
/// ```
pub(crate) fn check_symbols(serial: &Serial, v14: &[u8; 14]) -> [u8; 6] {
    let mut p = Polymod::new();
    serial.as_bytes().iter().for_each(|&ch| p.push_serial(ch));
    v14.iter().chain(&[0; 6]).for_each(|&v| p.push(v));
    let p = p.remainder() ^ VALID;
    [25, 20, 15, 10, 5, 0].map(|shift| (p >> shift & 31) as u8)
}
