//! The typed code: twelve digits (SPEC.md §8).

use core::fmt;
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroize;

use crate::bytes::text;
use crate::digits::{CODE_DIGITS, damm_secret, damm_typed, number, seed, ten_digits};
use crate::error::CodeError;
use crate::header::{Header, Nonce, header_and_nonce};
use crate::keys::{DeviceKey, Domain};
use crate::symbols::{is_letter_or_digit, normalise};
use crate::term::Term;

/// The longest text that is read as a code, in bytes of UTF-8 (SPEC.md §8, COD-5).
pub const MAX_CODE_INPUT: usize = 128;

/// What a code is the MAC of: public, and so made outside of the frame that is wiped.
///
/// ```text
/// X = u64 of F(0x03, byte(k) || hdr || nonce)[0:8]                           (SPEC.md §8, COD-1)
/// ```
#[derive(Clone, Copy)]
pub(crate) struct Subject(u64);

impl Subject {
    pub(crate) fn new(term: Term, header: Header, nonce: Nonce) -> Self {
        Self(u64::from(term.k()) << 56 | header_and_nonce(header, nonce))
    }

    #[expect(clippy::inline_always, reason = "as F")]
    #[inline(always)]
    fn x(self, key: &DeviceKey) -> u64 {
        key.f(Domain::Code, &self.0.to_be_bytes()).first_u64()
    }
}

/// A code that was typed, its check digit right: d1 to d10 as one number.
#[derive(Clone, Copy)]
pub(crate) struct Guess {
    pub(crate) term: Term,
    /// As bytes, which need no padding: it waits in the ledger.
    number: [u8; 8],
}

impl Guess {
    /// The one decision: both sides in full, then one bit.
    #[expect(clippy::inline_always, reason = "as F")]
    #[inline(always)]
    pub(crate) fn is_right(self, key: &DeviceKey, subject: Subject) -> Choice {
        number(subject.x(key)).ct_eq(&u64::from_be_bytes(self.number))
    }
}

/// A code: dynamic password or secure code. Secret until the person has it: never printed by `Debug`, wiped when dropped.
pub struct Code {
    /// ASCII: four digits, '-', four, '-', four.
    text: [u8; CODE_DIGITS + 2],
}

impl Code {
    /// ```text
    /// return [k, d[1], .., d[10], c]                                         (SPEC.md §8, COD-3)
    /// ```
    pub(crate) fn new(key: &DeviceKey, term: Term, header: Header, nonce: Nonce) -> Self {
        let k = term.k();
        let mut digits = [0; CODE_DIGITS];
        let [first, ten @ .., last] = &mut digits;
        *first = k;
        *ten = ten_digits(Subject::new(term, header, nonce).x(key));
        *last = damm_secret(damm_typed(seed(nonce), &[k]), ten);
        let mut text = *b"0000-0000-0000";
        // from memory: in registers they would be packed with saturation, and memcheck does not see that this keeps a digit below 16
        for (group, digits) in text.chunks_mut(5).zip(core::hint::black_box(&digits).chunks(4)) {
            group.iter_mut().zip(digits).for_each(|(to, digit)| *to |= digit);
        }
        digits.zeroize();
        Self { text }
    }

    /// The code as it is given to the owner, `3234-5678-9012`. From here on it is the caller's to protect.
    #[must_use]
    pub fn reveal(&self) -> &str {
        text(&self.text)
    }
}

impl Drop for Code {
    fn drop(&mut self) {
        self.text.zeroize();
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(..)")
    }
}

/// A code as it was typed: twelve digits, nothing known about them.
#[derive(Clone, Copy)]
pub(crate) struct TypedCode {
    /// 0 to 9, each.
    pub(crate) k: u8,
    pub(crate) d: [u8; 10],
    pub(crate) c: u8,
}

impl TypedCode {
    /// ```text
    /// s = normalise(text, 128)                                               (SPEC.md §8, COD-5)
    /// if s is empty: error empty
    /// for (ch, position) in s:
    ///     if ch not in 'A'..'Z', '0'..'9': error alphabet(position)
    /// if any ch in 'A'..'Z':
    ///     if 21 <= len(s) <= 40: error wrong-kind
    ///     error alphabet(position of the first letter)
    /// if len(s) != 12: error length(len(s))
    /// ```
    pub(crate) fn read(text: &str) -> Result<Self, CodeError> {
        let mut digits = [0; CODE_DIGITS];
        let mut found = 0;
        let mut letter = None;
        for (ch, position) in normalise(text, MAX_CODE_INPUT)? {
            if ch.is_ascii_digit() {
                if let Some(to) = digits.get_mut(found) {
                    *to = ch & 15;
                }
            } else if is_letter_or_digit(ch) {
                letter = letter.or(Some(position));
            } else {
                return Err(CodeError::Alphabet { position });
            }
            found += 1;
        }
        match letter {
            Some(_) if (21..=40).contains(&found) => Err(CodeError::WrongKind),
            Some(position) => Err(CodeError::Alphabet { position }),
            None if found == 0 => Err(CodeError::Empty),
            None if found != CODE_DIGITS => Err(CodeError::Length { found }),
            None => {
                let [k, d @ .., c] = digits;
                Ok(Self { k, d, c })
            }
        }
    }

    /// As it is compared; its first digit is k of this term.
    pub(crate) fn guess(&self, term: Term) -> Guess {
        let number: u64 = self.d.iter().fold(0, |n, &d| n * 10 + u64::from(d));
        Guess { term, number: number.to_be_bytes() }
    }

    /// Whether the check digit fits a challenge with this nonce.
    pub(crate) fn fits(&self, nonce: Nonce) -> bool {
        damm_typed(damm_typed(damm_typed(seed(nonce), &[self.k]), &self.d), &[self.c]) == 0
    }
}
