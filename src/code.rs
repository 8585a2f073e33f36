//! The typed code: twelve digits (SPEC.md §8).

use core::fmt;
use core::time::Duration;
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use zeroize::Zeroize;

use crate::error::CodeError;
use crate::header::{Header, Nonce, header_and_nonce};
use crate::prf::{DeviceKey, Domain};
use crate::symbols::{CODE_DIGITS as DIGITS, is_letter_or_digit, normalise};
use crate::time::seconds;

/// The longest text that is read as a code, in bytes of UTF-8 (SPEC.md §8, COD-5).
pub const MAX_CODE_INPUT: usize = 128;

/// The longest validity that a code can have: 72 hours.
pub const MAX_VALIDITY: Duration = seconds(72 * 3600);

/// How the code reaches the owner (SPEC.md §18.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Given by a person at the support desk.
    DynamicPassword,
    /// Sent to the address on file.
    SecureCode,
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::DynamicPassword => "dynamic password",
            Self::SecureCode => "secure code",
        })
    }
}

/// Method and validity of a code: its first digit, k (SPEC.md §18.3). The time counts from when the challenge was first shown
/// ([`Shown::shown_at`](crate::Shown::shown_at)), not from the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Term {
    /// A dynamic password, 10 minutes.
    DynamicPassword10Min = 1,
    /// A dynamic password, 1 hour.
    DynamicPassword1H = 2,
    /// A dynamic password, 8 hours.
    DynamicPassword8H = 3,
    /// A dynamic password, 24 hours.
    DynamicPassword24H = 4,
    /// A dynamic password, 72 hours: asked on Saturday, answered on Monday.
    DynamicPassword72H = 5,
    /// A secure code, 10 minutes.
    SecureCode10Min = 6,
    /// A secure code, 1 hour.
    SecureCode1H = 7,
    /// A secure code, 8 hours.
    SecureCode8H = 8,
    /// A secure code, 24 hours.
    SecureCode24H = 9,
}

impl Term {
    /// Every term, by k.
    pub const ALL: [Self; 9] = [
        Self::DynamicPassword10Min,
        Self::DynamicPassword1H,
        Self::DynamicPassword8H,
        Self::DynamicPassword24H,
        Self::DynamicPassword72H,
        Self::SecureCode10Min,
        Self::SecureCode1H,
        Self::SecureCode8H,
        Self::SecureCode24H,
    ];

    /// k: the code's first digit, 1 to 9.
    #[must_use]
    pub const fn k(self) -> u8 {
        self as u8
    }

    /// The term of this k; none for 0, which is reserved, and above 9.
    #[must_use]
    pub fn from_k(k: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|term| term.k() == k)
    }

    /// The term of this method and validity, if there is one.
    #[must_use]
    pub fn new(method: Method, validity: Duration) -> Option<Self> {
        Self::ALL.into_iter().find(|term| term.method() == method && term.validity() == validity)
    }

    /// Dynamic password or secure code.
    #[must_use]
    pub const fn method(self) -> Method {
        if self.k() <= Self::DynamicPassword72H.k() { Method::DynamicPassword } else { Method::SecureCode }
    }

    /// How long after the challenge was first shown the code is good; the device's cap may shorten it.
    #[must_use]
    pub const fn validity(self) -> Duration {
        match self {
            Self::DynamicPassword10Min | Self::SecureCode10Min => seconds(600),
            Self::DynamicPassword1H | Self::SecureCode1H => seconds(3600),
            Self::DynamicPassword8H | Self::SecureCode8H => seconds(8 * 3600),
            Self::DynamicPassword24H | Self::SecureCode24H => seconds(24 * 3600),
            Self::DynamicPassword72H => MAX_VALIDITY,
        }
    }
}

/// Damm's quasigroup by columns: DAMM\[x\]\[d\] in bits 4x to 4x + 3 of the word d, so that what depends on the digit before is a shift.
const DAMM: [u64; 10] = [
    0x29_8536_1470,
    0x54_9861_7203,
    0x83_4672_5091,
    0x18_5943_0627,
    0x46_3720_9815,
    0x31_6204_8759,
    0x67_2095_3148,
    0x72_0159_4386,
    0x90_1387_2564,
    0x05_7418_6932,
];

/// ```text
/// def seed(nonce): return (nonce * 10) >> 40                                 (SPEC.md §8, COD-2)
/// ```
pub(crate) fn seed(nonce: Nonce) -> u8 {
    ((nonce.number() * 10) >> 40) as u8
}

/// ```text
/// def damm(x, digits):                                                       (SPEC.md §8, COD-2)
///     for d in digits: x = DAMM[x][d]
///     return x
/// ```
///
/// For what was typed: public digits, a table look-up.
pub(crate) fn damm_typed(x: u8, digits: &[u8]) -> u8 {
    digits.iter().fold(x, |x, &d| DAMM.get(usize::from(d)).map_or(0, |column| (column >> (4 * u32::from(x & 15)) & 15) as u8))
}

/// The same for digits that are still secret: the column is picked by masks, and so is the place in it (SEC-1). Each bit leaves half of
/// what it may be.
fn damm_secret(x: u8, digits: &[u8]) -> u8 {
    digits.iter().fold(x, |x, &d| {
        let mut columns = DAMM;
        for bit in 0..4 {
            let odd = Choice::from(d >> bit & 1);
            for i in 0..5 {
                columns[i] = u64::conditional_select(&columns[2 * i], &columns[2 * i + 1], odd);
            }
        }
        let mut column = columns[0];
        for bit in 0..4 {
            column.conditional_assign(&(column >> (4 << bit)), Choice::from(x >> bit & 1));
        }
        (column & 15) as u8
    })
}

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

/// ```text
/// for i in 1..10:                                                            (SPEC.md §8, COD-1)
///     d[i] = (X * 10) >> 64
///     X    = (X * 10) & (2^64 - 1)
/// ```
///
/// X as three limbs of 28, 28 and 8 bits (the lowest shifted up), so that every product fits in 32 bits: some of the processors that
/// this runs on take a time for a long multiplication that depends on its operands.
fn ten_digits(x: u64) -> [u8; 10] {
    const LIMB: u32 = (1 << 28) - 1;
    let mut high = (x >> 36) as u32;
    let mut middle = (x >> 8) as u32 & LIMB;
    let mut low = ((x as u32) & 0xff) << 20;
    let mut d = [0; 10];
    for digit in &mut d {
        low *= 10;
        middle = middle * 10 + (low >> 28);
        high = high * 10 + (middle >> 28);
        *digit = (high >> 28) as u8;
        low &= LIMB;
        middle &= LIMB;
        high &= LIMB;
    }
    d
}

/// d1 to d10 as one number, which is all that a comparison needs, and sooner there.
///
/// ```text
/// floor(X * 10^10 / 2^64) = floor(X * 5^10 / 2^54)                           (SPEC.md §8)
/// ```
///
/// X as four limbs of 16 bits and 5^10 as two, so that every sum fits in 32 bits, as above.
fn number(x: u64) -> u64 {
    const HIGH: u32 = 5u32.pow(10) >> 16;
    const LOW: u32 = 5u32.pow(10) & 0xffff;
    let (mut sum, mut before) = (0, 0);
    for shift in [0, 16, 32, 48] {
        let limb = u32::from((x >> shift) as u16);
        sum = limb * LOW + before * HIGH + (sum >> 16);
        before = limb;
    }
    u64::from(before * HIGH + (sum >> 16)) << 10 | u64::from(sum as u16 >> 6)
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
    text: [u8; DIGITS + 2],
}

impl Code {
    /// ```text
    /// [k, d[1], .., d[10], c] as twelve digits in three groups of four       (SPEC.md §8, COD-3)
    /// ```
    pub(crate) fn new(key: &DeviceKey, term: Term, header: Header, nonce: Nonce) -> Self {
        let k = term.k();
        let mut digits = [0; DIGITS];
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
        core::str::from_utf8(&self.text).unwrap_or_default()
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
    /// s = normalise(text, 128); if s is empty: error empty                   (SPEC.md §8, COD-5)
    /// for (ch, position) in s: if ch not in 'A'..'Z', '0'..'9': error alphabet(position)
    /// if any ch in 'A'..'Z':
    ///     if 21 <= len(s) <= 40: error wrong-kind
    ///     error alphabet(position of the first letter)
    /// if len(s) != 12: error length(len(s))
    /// ```
    pub(crate) fn read(text: &str) -> Result<Self, CodeError> {
        let mut digits = [0; DIGITS];
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
            None if found != DIGITS => Err(CodeError::Length { found }),
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

#[cfg(test)]
mod tests {
    use super::{number, ten_digits};

    /// As SPEC.md §8 says it, for fractions near every kind of border and for others.
    #[test]
    fn ten_digits_and_their_number_are_one() {
        let near = |x: u64| (0..8).flat_map(move |i| [x.wrapping_add(i), x.wrapping_sub(i)]);
        let codes = (0..=10).map(|i| (u128::from(10u64.pow(i) - 1) << 64).div_ceil(10u128.pow(10)) as u64); // the least of a number
        let others = (0..10_000u64).map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(i as u32));
        for x in (0..64).map(|bit| 1 << bit).chain(codes).flat_map(near).chain(others) {
            let expected = ((u128::from(x) * 10u128.pow(10)) >> 64) as u64;
            assert_eq!(number(x), expected, "{x:#x}");
            assert_eq!(ten_digits(x).iter().fold(0, |n, &d| 10 * n + u64::from(d)), expected, "{x:#x}");
        }
    }
}
