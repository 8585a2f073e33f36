//! What stands in the text, in the QR and in every MAC: the two bytes of the header, and the nonce (SPEC.md §5).

use core::fmt;
use core::num::NonZeroU16;

use crate::error::InvalidEpoch;

/// What the reset is for (SPEC.md §18.2). Refuse one that you do not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Purpose {
    /// A new password for the account.
    AccountPassword = 0,
    /// A new unlock pattern.
    UnlockPattern = 1,
    /// Back to the factory's settings.
    FactoryReset = 2,
}

impl Purpose {
    /// Every purpose, by its number.
    pub const ALL: [Self; 3] = [Self::AccountPassword, Self::UnlockPattern, Self::FactoryReset];
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::AccountPassword => "account password",
            Self::UnlockPattern => "unlock pattern",
            Self::FactoryReset => "factory reset",
        })
    }
}

/// Where the challenge is shown (SPEC.md §10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The device's own screen.
    Local = 0,
    /// The device's web page.
    Network = 1,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Local => "local screen",
            Self::Network => "network",
        })
    }
}

/// One value for each origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PerOrigin<T> {
    pub(crate) local: T,
    pub(crate) network: T,
}

impl<T: Copy> PerOrigin<T> {
    pub(crate) const fn both(value: T) -> Self {
        Self { local: value, network: value }
    }

    pub(crate) const fn get(&self, origin: Origin) -> &T {
        match origin {
            Origin::Local => &self.local,
            Origin::Network => &self.network,
        }
    }

    pub(crate) const fn get_mut(&mut self, origin: Origin) -> &mut T {
        match origin {
            Origin::Local => &mut self.local,
            Origin::Network => &mut self.network,
        }
    }
}

/// Which root key a device's D came from: 0 to 7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Epoch(u8);

impl Epoch {
    /// The first epoch.
    pub const ZERO: Self = Self(0);

    /// The epoch with this number.
    ///
    /// # Errors
    /// [`InvalidEpoch`] above 7.
    pub const fn new(number: u8) -> Result<Self, InvalidEpoch> {
        if number > 7 { Err(InvalidEpoch) } else { Ok(Self(number)) }
    }

    /// The epoch's number, 0 to 7.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }
}

/// Version, purpose, epoch, origin and mail bit.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Header(
    /// As in SPEC.md §5: version 1, a registered purpose, the six low bits zero. Never 0, which keeps an `Option` of it as small.
    NonZeroU16,
);

/// Why a header was refused, in the order of `read_header`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "hazmat"), allow(unreachable_pub, reason = "public in hazmat alone"))]
pub enum HeaderError {
    /// A version other than 1.
    Version(u8),
    /// A reserved bit is set.
    ReservedBits,
    /// A purpose that is not registered.
    Purpose(u8),
}

impl Header {
    const VERSION_1: NonZeroU16 = NonZeroU16::MIN.saturating_add((1 << 14) - 1); // 1 << 14

    /// ```text
    /// hdr = u16(1 << 14 | purpose << 11 | epoch << 8 | origin << 7 | mail << 6)        (SPEC.md §5)
    /// ```
    #[must_use]
    pub fn new(purpose: Purpose, epoch: Epoch, origin: Origin, mail: bool) -> Self {
        let rest = (purpose as u16) << 11 | u16::from(epoch.0) << 8 | (origin as u16) << 7 | u16::from(mail) << 6;
        Self(Self::VERSION_1 | rest)
    }

    /// ```text
    /// def read_header(h):                                   # h: 16 bits        (SPEC.md §5, HDR-2, HDR-3)
    ///     if h >> 14 != 1: error version(h >> 14)
    ///     if h & 0x3f != 0: error reserved-bits
    ///     if (h >> 11) & 7 > 2: error purpose((h >> 11) & 7)
    ///     return purpose, epoch, origin, mail
    /// ```
    pub(crate) fn read(h: u16) -> Result<Self, HeaderError> {
        if h >> 14 != 1 {
            return Err(HeaderError::Version((h >> 14) as u8));
        }
        if h & 0x3f != 0 {
            return Err(HeaderError::ReservedBits);
        }
        if h >> 11 & 7 > 2 {
            return Err(HeaderError::Purpose((h >> 11 & 7) as u8));
        }
        Ok(Self(Self::VERSION_1 | h))
    }

    /// The header as its 16 bits.
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.0.get()
    }

    pub(crate) const fn bytes(self) -> [u8; 2] {
        self.bits().to_be_bytes()
    }

    /// What the reset is for.
    #[must_use]
    pub const fn purpose(self) -> Purpose {
        match self.bits() >> 11 & 7 {
            0 => Purpose::AccountPassword,
            1 => Purpose::UnlockPattern,
            _ => Purpose::FactoryReset,
        }
    }

    /// Which root key answers it.
    #[must_use]
    pub const fn epoch(self) -> Epoch {
        Epoch((self.bits() >> 8 & 7) as u8)
    }

    /// Where it was shown.
    #[must_use]
    pub const fn origin(self) -> Origin {
        if self.bits() & 1 << 7 == 0 { Origin::Local } else { Origin::Network }
    }

    /// Whether the device has an address on file.
    #[must_use]
    pub const fn address_on_file(self) -> bool {
        self.bits() & 1 << 6 != 0
    }
}

/// What makes a challenge unlike any other: 40 bits (SPEC.md §10.1, SES-1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Nonce(pub(crate) [u8; 5]);

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Header")
            .field("purpose", &self.purpose())
            .field("epoch", &self.epoch().number())
            .field("origin", &self.origin())
            .field("address_on_file", &self.address_on_file())
            .finish()
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:010x}", self.number())
    }
}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Nonce({self})")
    }
}

impl Nonce {
    /// The nonce's bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 5] {
        &self.0
    }

    /// The nonce as a 40-bit integer.
    pub(crate) fn number(self) -> u64 {
        self.0.iter().fold(0, |n, &byte| n << 8 | u64::from(byte))
    }

    pub(crate) fn from_number(n: u64) -> Self {
        Self([32, 24, 16, 8, 0].map(|shift| (n >> shift) as u8))
    }
}

/// hdr || nonce, 56 bits, as in the messages of the tag, the code and the e-mail tag.
pub(crate) fn header_and_nonce(header: Header, nonce: Nonce) -> u64 {
    u64::from(header.bits()) << 40 | nonce.number()
}

/// The same as bytes.
pub(crate) fn header_and_nonce_bytes(header: Header, nonce: Nonce) -> [u8; 7] {
    let [_, bytes @ ..] = header_and_nonce(header, nonce).to_be_bytes();
    bytes
}
