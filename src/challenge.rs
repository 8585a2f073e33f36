//! The typed challenge: writing it at the device, reading it at the vendor (SPEC.md §6).

use crate::digits::CODE_DIGITS;
use crate::error::ReadError;
use crate::header::{Header, HeaderError, Nonce, header_and_nonce_bytes};
use crate::keys::{DeviceKey, Domain};
use crate::public::published;
use crate::serial::{MAX_SERIAL, Serial};
use crate::symbols::{Polymod, VALID, check_symbols, is_letter_or_digit, normalise, symbol, value};
use crate::text::Text;

/// The longest typed challenge that is written, in characters: serial, 20 symbols, four dashes.
pub const MAX_CHALLENGE_TEXT: usize = MAX_SERIAL + SYMBOLS + 4;

/// The longest text that is read as a typed challenge, in bytes of UTF-8 (SPEC.md §6.3, CHL-4).
pub const MAX_CHALLENGE_INPUT: usize = 256;

pub(crate) const SYMBOLS: usize = 20;
pub(crate) const MAX_CHARS: usize = MAX_SERIAL + SYMBOLS;

/// A typed challenge as written: one challenge has one text.
pub type ChallengeText = Text<MAX_CHALLENGE_TEXT>;

/// What a challenge says: whose it is, what for, and which one. Public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Challenge {
    pub(crate) serial: Serial,
    pub(crate) header: Header,
    pub(crate) nonce: Nonce,
}

impl Challenge {
    /// The device's serial.
    #[must_use]
    pub const fn serial(&self) -> &Serial {
        &self.serial
    }

    /// Purpose, epoch, origin and mail bit: shown to the person who answers (DUTY-5).
    #[must_use]
    pub const fn header(&self) -> Header {
        self.header
    }

    /// The nonce; with the serial it is what the vendor counts answers by (DUTY-2).
    #[must_use]
    pub const fn nonce(&self) -> Nonce {
        self.nonce
    }

    /// ```text
    /// v[10:14] = tag = first 20 bits of F(0x02, hdr || nonce)                (SPEC.md §6, CHL-2)
    /// ```
    pub(crate) fn tag(&self, key: &DeviceKey) -> Tag {
        let mac = key.f(Domain::Tag, &header_and_nonce_bytes(self.header, self.nonce));
        Tag(u32::from_be_bytes(mac.first()) >> 12)
    }

    /// ```text
    /// v[0:2]   = first 10 bits of hdr                                        (SPEC.md §6, CHL-1, condensed)
    /// v[2:10]  = nonce, 40 bits
    /// v[10:14] = tag
    /// v[14:20] = check
    /// ```
    pub(crate) fn write(&self, tag: Tag) -> ChallengeText {
        let mut v14 = [0; 14];
        let bits = u128::from(self.header.bits() >> 6) << 60 | u128::from(self.nonce.number()) << 20 | u128::from(tag.0);
        v14.iter_mut().rev().fold(bits, |bits, v| {
            *v = (bits & 31) as u8;
            bits >> 5
        });
        let mut text = Text::new();
        text.push_all(self.serial.as_bytes());
        for (i, &v) in v14.iter().chain(&check_symbols(&self.serial, &v14)).enumerate() {
            if matches!(i, 0 | 5 | 10 | 15) {
                text.push(b'-');
            }
            text.push(symbol(v));
        }
        text
    }
}

/// The 20-bit tag of a typed challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Tag(pub(crate) u32);

impl Tag {
    /// For the screen.
    pub(crate) fn published(self) -> Self {
        Self(u32::from_be_bytes(published(self.0.to_be_bytes())))
    }
}

/// A typed challenge that was read: every mistake of the hand is excluded, whether a device made it is not yet known.
///
/// It cannot be answered before [`verify`](Self::verify) (SPEC.md §12, ISS-1).
///
/// ```compile_fail,E0599
/// # fn desk(read: offline_reset::TypedChallenge) {
/// read.answer(offline_reset::Term::DynamicPassword24H);
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TypedChallenge {
    pub(crate) challenge: Challenge,
    pub(crate) tag: Tag,
}

impl TypedChallenge {
    /// Reads whatever people paste: case, spaces, dashes, invisible marks, full-width forms, lost groups, O for 0 and I or L
    /// for 1 in the last 20 are forgiven.
    ///
    /// ```text
    /// s = normalise(text, 256)                                               (SPEC.md §6.3, CHL-7)
    /// if s is empty: error empty
    /// for (ch, position) in s:
    ///     if ch not in 'A'..'Z', '0'..'9': error alphabet(position)
    /// if len(s) == 12 and every ch in '0'..'9': error wrong-kind
    /// if len(s) < 21 or len(s) > 40: error length(len(s))
    /// ```
    ///
    /// # Errors
    /// Those of SPEC.md §6.3, in that order, with positions in `text`.
    pub fn read(text: &str) -> Result<Self, ReadError> {
        let mut chars = [0; MAX_CHARS];
        let mut positions = [0; MAX_CHARS];
        let mut found = 0;
        let mut digits = true;
        for (ch, position) in normalise(text, MAX_CHALLENGE_INPUT)? {
            if !is_letter_or_digit(ch) {
                return Err(ReadError::Alphabet { position });
            }
            if let (Some(to), Some(at)) = (chars.get_mut(found), positions.get_mut(found)) {
                (*to, *at) = (ch, position);
            }
            digits &= ch.is_ascii_digit();
            found += 1;
        }
        match chars.get(..found) {
            Some([]) => Err(ReadError::Empty),
            Some(_) if digits && found == CODE_DIGITS => Err(ReadError::WrongKind),
            Some(chars) => Self::read_chars(chars).map_err(|error| match error {
                ReadError::Alphabet { position } => ReadError::Alphabet { position: positions.get(position).copied().unwrap_or_default() },
                other => other,
            }),
            None => Err(ReadError::Length { found }),
        }
    }

    /// The rest of `read_challenge`, over characters already known to be letters and digits; positions count these.
    ///
    /// ```text
    /// for (ch, position) in s[-20:]:                                         (SPEC.md §6.3, CHL-6)
    ///     if ch == 'O': ch = '0'
    ///     if ch == 'I' or ch == 'L': ch = '1'
    ///     if ch == 'U': error alphabet(position)
    ///     v.append(index of ch in Crockford's alphabet)
    /// serial = the characters of s[:-20]
    /// if not valid(serial, v): error check
    /// purpose, epoch, origin, mail = read_header((v[0] << 5 | v[1]) << 6)
    /// return Unverified(serial, hdr, nonce = v[2:10], tag = v[10:14])
    /// ```
    pub(crate) fn read_chars(chars: &[u8]) -> Result<Self, ReadError> {
        let length = ReadError::Length { found: chars.len() };
        let border = chars.len().checked_sub(SYMBOLS).ok_or(length)?;
        let (serial, symbols) = chars.split_at_checked(border).ok_or(length)?;
        let serial = Serial::from_bytes(serial).map_err(|_| length)?;
        let mut check = Polymod::new();
        serial.as_bytes().iter().for_each(|&ch| check.push_serial(ch));
        let mut bits = 0u128; // 100 of them
        for (i, &ch) in symbols.iter().enumerate() {
            let v = value(forgiven(ch)).ok_or(ReadError::Alphabet { position: border + i })?;
            check.push(v);
            bits = bits << 5 | u128::from(v);
        }
        if check.remainder() != VALID {
            return Err(ReadError::Check);
        }
        let header = Header::read(((bits >> 90) as u16) << 6).map_err(|error| match error {
            HeaderError::Version(found) => ReadError::Version { found },
            HeaderError::Purpose(found) => ReadError::Purpose { found },
            HeaderError::ReservedBits => ReadError::Check, // the six bits are not in the text
        })?;
        let nonce = Nonce::from_number((bits >> 50) as u64);
        let tag = Tag((bits >> 30) as u32 & 0xf_ffff);
        Ok(Self { challenge: Challenge { serial, header, nonce }, tag })
    }

    /// What it says, believed by nobody yet: enough to find the customer, the root's epoch and [`Serial::root_message`].
    #[must_use]
    pub const fn claimed(&self) -> &Challenge {
        &self.challenge
    }

    /// The challenge as the device wrote it.
    #[must_use]
    pub fn text(&self) -> ChallengeText {
        self.challenge.write(self.tag)
    }
}

/// In the last 20 characters (SPEC.md §6.3).
pub(crate) const fn forgiven(ch: u8) -> u8 {
    match ch {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        other => other,
    }
}
