//! The address on file: padded, sealed under D, masked on the screen (SPEC.md §11).

use core::fmt;
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use crate::bytes::{fill, front};
use crate::challenge::Challenge;
use crate::error::{InvalidAddress, NotGenuine};
use crate::header::header_and_nonce_bytes;
use crate::keys::{DeviceKey, Domain};
use crate::public::{decided, published};
use crate::text::Text;

/// The longest address, in bytes.
pub const MAX_ADDRESS: usize = 254;

/// The longest part of an address before its `@`.
const MAX_LOCAL: usize = 64;

/// The longest part of a domain between two dots.
const MAX_LABEL: usize = 63;

/// The longest masked address, in characters.
pub const MAX_MASKED: usize = 1 + 4 + 1 + 3 + 1 + MAX_LABEL;

/// The longest padded address, in bytes.
pub(crate) const MAX_PADDED: usize = 255;

/// The sizes a padded address can have.
pub(crate) const SIZES: [usize; 4] = [32, 64, 128, MAX_PADDED];

/// The tag of a QR's challenge and address: T, 16 bytes.
pub(crate) type EmailTag = [u8; 16];

/// A masked address: `j***@g***.nl`.
pub type MaskedAddress = Text<MAX_MASKED>;

/// The address on file: one plain mailbox of 3 to 254 bytes (SPEC.md §11, EML-1).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Address<'a> {
    /// Checked by `new`.
    text: &'a str,
    /// Where its `@` is: neither first nor last.
    at: usize,
}

impl<'a> Address<'a> {
    /// Takes an address as it is on file.
    ///
    /// ```text
    /// def is_address(e):                                                     # e: bytes        (SPEC.md §11, EML-1)
    ///     if len(e) < 3 or len(e) > 254 or the number of '@' in e != 1: no
    ///     local, domain = the parts of e before and after '@'
    ///     if len(local) < 1 or len(local) > 64 or local[0] is not a letter or digit: no
    ///     for part in local.split('.'):  if part is empty or has a byte not in 'A'..'Z', 'a'..'z', '0'..'9', '_', '+', '-': no
    ///     for part in domain.split('.'): if part is empty or longer than 63 or has a byte not in 'A'..'Z', 'a'..'z', '0'..'9', '-': no
    ///                                    if part[0] == '-' or part[-1] == '-': no
    ///     if the last part of domain does not begin with a letter: no
    ///     yes
    /// ```
    ///
    /// # Errors
    /// [`InvalidAddress`] for every other.
    pub fn new(text: &'a str) -> Result<Self, InvalidAddress> {
        let (local, domain) = text.split_once('@').ok_or(InvalidAddress)?; // a second one is in the domain, where none may stand
        let local_ok = local.len() <= MAX_LOCAL
            && local.starts_with(|ch: char| ch.is_ascii_alphanumeric())
            && parts(local).all(|part| !part.is_empty() && part.iter().all(|b| b.is_ascii_alphanumeric() || b"_+-".contains(b)));
        let domain_ok = parts(domain).all(|part| {
            let ends_plain = part.first() != Some(&b'-') && part.last() != Some(&b'-');
            (1..=MAX_LABEL).contains(&part.len()) && ends_plain && part.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-')
        });
        let last = domain.bytes().rposition(|b| b == b'.').map_or(0, |dot| dot + 1);
        let named = domain.as_bytes().get(last).is_some_and(u8::is_ascii_alphabetic);
        if local_ok && domain_ok && named && text.len() <= MAX_ADDRESS { Ok(Self { text, at: local.len() }) } else { Err(InvalidAddress) }
    }

    /// The address.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.text
    }

    /// The address in the one shape that a screen may show.
    ///
    /// ```text
    /// local, domain = the parts of e before and after '@'                    (SPEC.md §11, EML-4)
    /// i = position of the last '.' in domain
    /// suffix = domain[i:] if there is one and len(domain[i:]) >= 3 else ''
    /// return local[0] + '***@' + domain[0] + '***' + suffix
    /// ```
    #[must_use]
    pub fn masked(&self) -> MaskedAddress {
        let bytes = self.text.as_bytes();
        let domain = bytes.get(self.at + 1..).unwrap_or_default();
        let suffix = domain.iter().rposition(|&b| b == b'.').and_then(|i| domain.get(i..));
        let mut masked = Text::new();
        masked.push_all(front(bytes, 1usize));
        masked.push_all(b"***@");
        masked.push_all(front(domain, 1usize));
        masked.push_all(b"***");
        masked.push_all(suffix.filter(|s| s.len() >= 3).unwrap_or_default());
        masked
    }
}

fn parts(dotted: &str) -> impl Iterator<Item = &[u8]> {
    dotted.as_bytes().split(|&b| b == b'.')
}

/// Masked: logs are read by many.
impl fmt::Debug for Address<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.masked())
    }
}

/// ```text
/// pad(e) = byte(len(e)) || e || zeros, to the smallest of 32, 64, 128, 255 bytes that holds 1 + len(e)        (SPEC.md §11)
/// ```
pub(crate) struct Padded {
    bytes: [u8; MAX_PADDED],
    /// One of `SIZES`, or 0 when there is no address. One byte: with more the compiler would add one between that keeps what a register held.
    size: u8,
}

impl Padded {
    pub(crate) fn new(address: Option<Address<'_>>) -> Self {
        let mut padded = Self { bytes: [0; MAX_PADDED], size: 0 };
        if let Some(address) = address {
            let text = address.text.as_bytes();
            fill(&mut padded.bytes, core::iter::once(&(text.len() as u8)).chain(text));
            padded.size = Self::size(text) as u8;
        }
        padded
    }

    /// The smallest that holds an address and its length.
    fn size(text: &[u8]) -> usize {
        SIZES.into_iter().find(|&size| size > text.len()).unwrap_or(MAX_PADDED)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        front(&self.bytes, self.size)
    }

    /// What is for everybody once it is sealed, and for the vendor once T was right.
    pub(crate) fn published(&mut self) -> &[u8] {
        published(self.bytes.get_mut(..usize::from(self.size)).unwrap_or_default());
        self.bytes()
    }

    /// ```text
    /// T = F(0x04, hdr || nonce || pad(e))[0:16]                              (SPEC.md §11)
    /// ```
    pub(crate) fn tag(&self, key: &DeviceKey, challenge: &Challenge) -> EmailTag {
        key.f_of_two(Domain::EmailTag, header_and_nonce_bytes(challenge.header, challenge.nonce), self.bytes()).first()
    }

    /// ```text
    /// stream = F(0x05, byte(0) || T) || F(0x05, byte(1) || T) || ..          (SPEC.md §11)
    /// sealed = pad(e) XOR the first bytes of stream
    /// ```
    ///
    /// Its own inverse.
    pub(crate) fn seal(&mut self, key: &DeviceKey, tag: &EmailTag) {
        for (i, chunk) in (0u8..).zip(self.bytes.get_mut(..usize::from(self.size)).unwrap_or_default().chunks_mut(32)) {
            let mut message = [0; 17];
            fill(&mut message, core::iter::once(&i).chain(tag));
            let block = key.f(Domain::EmailStream, &message);
            for (byte, stream) in chunk.iter_mut().zip(&block.bytes()) {
                *byte ^= stream;
            }
        }
    }

    /// Unseals what is of one of `SIZES` or empty, and compares T before anything looks at what came out (SPEC.md §11, QR-5).
    pub(crate) fn unseal(key: &DeviceKey, challenge: &Challenge, tag: &EmailTag, sealed: &[u8]) -> Result<Self, NotGenuine> {
        let mut padded = Self { bytes: [0; MAX_PADDED], size: sealed.len().min(MAX_PADDED) as u8 };
        fill(&mut padded.bytes, sealed);
        padded.seal(key, tag);
        let mut expected = padded.tag(key, challenge);
        let genuine = decided(expected.ct_eq(tag));
        expected.zeroize();
        if genuine {
            padded.published();
            Ok(padded)
        } else {
            Err(NotGenuine)
        }
    }

    /// The address, if the padding is exact (SPEC.md §11, EML-3): looked at in place, for a second one to compare with would be a copy.
    pub(crate) fn address(&self) -> Result<Address<'_>, InvalidAddress> {
        let (&len, rest) = self.bytes().split_first().ok_or(InvalidAddress)?;
        let (text, zeros) = rest.split_at_checked(usize::from(len)).ok_or(InvalidAddress)?;
        let exact = usize::from(self.size) == Self::size(text) && zeros.iter().all(|&b| b == 0);
        let address = Address::new(core::str::from_utf8(text).map_err(|_| InvalidAddress)?)?;
        if exact { Ok(address) } else { Err(InvalidAddress) }
    }
}

impl Drop for Padded {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}
