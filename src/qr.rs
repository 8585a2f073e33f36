//! The challenge as a QR code's text: writing it at the device, reading it at the vendor (SPEC.md §11).

use core::fmt;

use crate::address::{Address, EmailTag, MAX_PADDED, Padded, SIZES};
use crate::bytes::{fill, front};
use crate::challenge::Challenge;
use crate::error::{InvalidUrl, MailBitMismatch, QrError};
use crate::header::{Header, HeaderError, Nonce};
use crate::keys::DeviceKey;
use crate::public::published;
use crate::serial::{MAX_SERIAL, Serial};
use crate::symbols::{symbol, value};
use crate::text::Text;

/// The longest payload: header, nonce, serial with its length, T, sealed address.
const MAX_PAYLOAD: usize = BEFORE_SERIAL + MAX_SERIAL + T + MAX_PADDED;

/// hdr 2, nonce 5, the serial's length 1.
const BEFORE_SERIAL: usize = 8;
const T: usize = 16;

const MAX_SYMBOLS: usize = (MAX_PAYLOAD * 8).div_ceil(5);

/// The longest URL before the payload, in characters.
pub const MAX_URL: usize = 96;

/// The longest text of a QR, in characters of the alphanumeric mode: version 13 at level L, version 15 at level M.
pub const MAX_QR_TEXT: usize = MAX_URL + MAX_SYMBOLS;

/// The longest text that is read as a QR's, in bytes (SPEC.md §11, QR-3).
pub const MAX_QR_INPUT: usize = 640;

const APP: &str = "ORP1:";
const HTTPS: &str = "HTTPS://";

/// The text of a QR code: only characters of QR's alphanumeric mode.
pub type QrText = Text<MAX_QR_TEXT>;

/// The URL of the vendor's page, before the payload: `HTTPS://HOST/PATH/` (SPEC.md §11, QR-2). The server has to take the path in upper case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Url<'a>(&'a str);

impl<'a> Url<'a> {
    /// Takes a URL in upper case.
    ///
    /// # Errors
    /// [`InvalidUrl`] unless it begins with `HTTPS://`, has something after that, ends with `/`, is at most [`MAX_URL`] characters, and
    /// holds only `A`-`Z`, `0`-`9` and `-./:`.
    pub fn new(url: &'a str) -> Result<Self, InvalidUrl> {
        let between = url.strip_prefix(HTTPS).and_then(|rest| rest.strip_suffix('/')).ok_or(InvalidUrl)?;
        let fits = url.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b"-./:".contains(&b));
        if fits && !between.is_empty() && url.len() <= MAX_URL { Ok(Self(url)) } else { Err(InvalidUrl) }
    }
}

/// For whom the QR is: both carry the same payload (SPEC.md §11, QR-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rendering<'a> {
    /// `ORP1:`, for the vendor's app.
    App,
    /// A URL, for any phone's camera.
    Url(Url<'a>),
}

/// Bytes to symbols, most significant bit first.
struct Base32<'t> {
    text: &'t mut QrText,
    bits: u32,
    count: u32,
}

impl Base32<'_> {
    fn push(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.bits = (self.bits << 8 | u32::from(byte)) & 0xfff;
            self.count += 8;
            while self.count >= 5 {
                self.count -= 5;
                self.text.push(symbol((self.bits >> self.count) as u8));
            }
        }
    }

    fn finish(self) {
        if self.count > 0 {
            self.text.push(symbol((self.bits << (5 - self.count)) as u8));
        }
    }
}

/// ```text
/// payload = hdr || nonce || byte(len(serial)) || serial || T || sealed       (SPEC.md §11, QR-1)
/// ```
pub(crate) fn write(
    key: &DeviceKey,
    challenge: &Challenge,
    address: Option<Address<'_>>,
    rendering: Rendering<'_>,
) -> Result<QrText, MailBitMismatch> {
    if address.is_some() != challenge.header.address_on_file() {
        return Err(MailBitMismatch);
    }
    let mut padded = Padded::new(address);
    let tag = published(padded.tag(key, challenge));
    padded.seal(key, &tag);
    let mut text = QrText::new();
    match rendering {
        Rendering::App => text.push_all(APP.as_bytes()),
        Rendering::Url(url) => text.push_all(url.0.as_bytes()),
    }
    let serial = challenge.serial.as_bytes();
    let mut base32 = Base32 { text: &mut text, bits: 0, count: 0 };
    for part in [&challenge.header.bytes(), challenge.nonce.0.as_slice(), &[serial.len() as u8], serial, &tag, padded.published()] {
        base32.push(part);
    }
    base32.finish();
    Ok(text)
}

/// The challenge of a QR code that was read: not yet known to be a device's. It cannot be answered before [`verify`](Self::verify).
#[derive(Clone, Copy)]
pub struct QrChallenge {
    challenge: Challenge,
    tag: EmailTag,
    sealed: [u8; MAX_PADDED],
    /// 0 without the header's mail bit, one of `SIZES` with it.
    size: usize,
}

impl QrChallenge {
    /// Reads a QR's text, in either rendering.
    ///
    /// # Errors
    /// Those of `read_qr` in SPEC.md §11, in its order (QR-3, QR-4).
    pub fn read(text: &str) -> Result<Self, QrError> {
        Self::read_after(Prefixed::new(text), text)
    }

    /// The same, of a text whose prefix was looked for.
    pub(crate) fn read_after(prefixed: Option<Prefixed<'_>>, text: &str) -> Result<Self, QrError> {
        if text.len() > MAX_QR_INPUT {
            return Err(QrError::TooLong { limit: MAX_QR_INPUT });
        }
        let text = text.trim_end_matches(is_white_space);
        if text.is_empty() {
            return Err(QrError::Empty);
        }
        let symbols = prefixed.ok_or(QrError::UnknownVersion)?.symbols();
        let before = text.strip_suffix(symbols).unwrap_or_default().chars().count();
        let mut payload = [0; MAX_PAYLOAD];
        let size = decode(symbols, before, &mut payload)?;
        Self::read_payload(front(&payload, size), symbols.len())
    }

    /// ```text
    /// if len(p) < 8: error length(len(b))                                    (SPEC.md §11)
    /// read_header(first two bytes)
    /// n = p[7]
    /// if n < 1 or n > 20: error serial
    /// if len(p) < 8 + n + 16: error length(len(b))
    /// if a byte of p[8 : 8+n] is not 'A'..'Z', '0'..'9': error serial
    /// rest = p[8+n+16:]
    /// if mail == 0 and rest is not empty: error unknown-version
    /// if mail == 1:
    ///     if len(rest) > 255: error unknown-version
    ///     if len(rest) not in (32, 64, 128, 255): error length(len(b))
    /// ```
    fn read_payload(p: &[u8], found: usize) -> Result<Self, QrError> {
        let length = QrError::Length { found };
        let (&[h0, h1, n0, n1, n2, n3, n4, n], after) = p.split_first_chunk::<BEFORE_SERIAL>().ok_or(length)?;
        let header = Header::read(u16::from_be_bytes([h0, h1])).map_err(|error| match error {
            HeaderError::Version(found) => QrError::Version { found },
            HeaderError::ReservedBits => QrError::ReservedBits,
            HeaderError::Purpose(found) => QrError::Purpose { found },
        })?;
        let n = usize::from(n);
        if !(1..=MAX_SERIAL).contains(&n) {
            return Err(QrError::Serial);
        }
        let (serial, after) = after.split_at_checked(n).ok_or(length)?;
        let (tag, rest) = after.split_first_chunk::<T>().ok_or(length)?;
        let serial = Serial::from_bytes(serial).map_err(|_| QrError::Serial)?;
        match (header.address_on_file(), rest.len()) {
            (false, 0) => {}
            (false, _) | (true, 256..) => return Err(QrError::UnknownVersion),
            (true, size) if SIZES.contains(&size) => {}
            (true, _) => return Err(length),
        }
        let mut sealed = [0; MAX_PADDED];
        fill(&mut sealed, rest);
        let challenge = Challenge { serial, header, nonce: Nonce([n0, n1, n2, n3, n4]) };
        Ok(Self { challenge, tag: *tag, sealed, size: rest.len() })
    }

    /// T and the sealed address.
    pub(crate) fn parts(&self) -> (&EmailTag, &[u8]) {
        (&self.tag, front(&self.sealed, self.size))
    }

    /// What it says, believed by nobody yet: enough to find the customer, the root's epoch and [`Serial::root_message`].
    #[must_use]
    pub const fn claimed(&self) -> &Challenge {
        &self.challenge
    }
}

impl fmt::Debug for QrChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QrChallenge").field("challenge", &self.challenge).finish_non_exhaustive()
    }
}

const fn is_white_space(ch: char) -> bool {
    matches!(ch, '\t'..='\r' | ' ')
}

/// What follows the prefix of a QR's text.
#[derive(Clone, Copy)]
pub(crate) enum Prefixed<'t> {
    App(&'t str),
    /// Host and path are still before the symbols.
    Url(&'t str),
}

impl<'t> Prefixed<'t> {
    /// None for a text that is not a QR's, in either rendering: no further looked at than one can be long.
    pub(crate) fn new(text: &'t str) -> Option<Self> {
        let white = text.bytes().take(MAX_QR_INPUT).take_while(|&b| is_white_space(char::from(b))).count();
        let text = text.get(white..)?;
        let app = strip_prefix_ignoring_case(text, APP).map(Self::App);
        app.or_else(|| strip_prefix_ignoring_case(text, HTTPS).map(Self::Url))
    }

    fn symbols(self) -> &'t str {
        let symbols = match self {
            Self::App(rest) => rest,
            Self::Url(rest) => rest.bytes().rposition(|b| b == b'/').and_then(|slash| rest.get(slash + 1..)).unwrap_or(rest),
        };
        symbols.trim_end_matches(is_white_space)
    }
}

fn strip_prefix_ignoring_case<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// ```text
/// for each character of b: its value in Crockford's alphabet, ASCII case ignored, or error alphabet(its position in text)        (SPEC.md §11)
/// if len(b) > 479: error unknown-version
/// if len(b) % 8 in (1, 3, 6): error length(len(b))
/// if the bits after the last whole byte are not zero: error padding
/// ```
///
/// `before` characters stand before the symbols.
fn decode(symbols: &str, before: usize, payload: &mut [u8; MAX_PAYLOAD]) -> Result<usize, QrError> {
    let (mut bits, mut count, mut size) = (0u32, 0u32, 0);
    for (i, ch) in symbols.chars().enumerate() {
        let ascii = u8::try_from(ch).ok().filter(u8::is_ascii).unwrap_or(0).to_ascii_uppercase();
        let v = value(ascii).ok_or(QrError::Alphabet { position: before + i })?;
        bits = (bits << 5 | u32::from(v)) & 0xfff;
        count += 5;
        if count >= 8 {
            count -= 8;
            if let Some(to) = payload.get_mut(size) {
                *to = (bits >> count) as u8;
            }
            size += 1;
        }
    }
    if symbols.len() > MAX_SYMBOLS {
        return Err(QrError::UnknownVersion);
    }
    if count >= 5 {
        return Err(QrError::Length { found: symbols.len() });
    }
    if bits & ((1 << count) - 1) != 0 {
        return Err(QrError::Padding);
    }
    Ok(size)
}
