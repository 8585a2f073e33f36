//! The serial, the root key, the device's own key D, and F: HMAC with a domain byte (SPEC.md §4).

use core::fmt;
use zeroize::Zeroize;

use crate::bytes::{fill, front, text};
use crate::error::InvalidSerial;
use crate::hmac::{Keyed, Mac};
use crate::wipe::scrubbed;

/// The longest serial, in characters.
pub const MAX_SERIAL: usize = 20;

const PREFIX: &[u8; 4] = b"ORP1";

/// The domains of F (SPEC.md §18.1, KEY-2).
#[derive(Clone, Copy)]
pub(crate) enum Domain {
    Nonce = 0x01,
    Tag = 0x02,
    Code = 0x03,
    EmailTag = 0x04,
    EmailStream = 0x05,
    LedgerSeal = 0x06,
}

/// A serial: 1 to 20 characters of `A`-`Z` and `0`-`9`, as on the label (SPEC.md §4, KEY-3).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial {
    /// Checked by `new`; zero from `len` on.
    bytes: [u8; MAX_SERIAL],
    /// 1 to 20.
    len: u8,
}

impl Serial {
    /// Takes the serial as it is on the label.
    ///
    /// # Errors
    /// [`InvalidSerial`] unless it is 1 to 20 characters of `A`-`Z` and `0`-`9`.
    pub fn new(serial: &str) -> Result<Self, InvalidSerial> {
        Self::from_bytes(serial.as_bytes())
    }

    pub(crate) fn from_bytes(serial: &[u8]) -> Result<Self, InvalidSerial> {
        let mut bytes = [0; MAX_SERIAL];
        let Some(to) = bytes.get_mut(..serial.len()) else { return Err(InvalidSerial) };
        fill(to, serial);
        if serial.is_empty() || !serial.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) {
            return Err(InvalidSerial);
        }
        Ok(Self { bytes, len: serial.len() as u8 })
    }

    /// The serial's characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        text(self.as_bytes())
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        front(&self.bytes, self.len)
    }

    /// What the root key has to authenticate for this serial: give it to the HSM, the KMS or [`RootKey`], take 32 bytes back.
    ///
    /// ```text
    /// root_message(serial) = "ORP1" || 0x00 || serial || 0x01        (SPEC.md §4)
    /// ```
    #[must_use]
    pub fn root_message(&self) -> RootMessage {
        let mut bytes = [0; RootMessage::MAX];
        let (prefix, serial) = bytes.split_at_mut(PREFIX.len() + 1); // its last byte stays 0x00
        fill(prefix, PREFIX);
        fill(serial, self.bytes); // zeros after the last character
        if let Some(after) = serial.get_mut(usize::from(self.len)) {
            *after = 0x01;
        }
        RootMessage { bytes, len: self.len + 6 }
    }
}

impl AsRef<str> for Serial {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl core::str::FromStr for Serial {
    type Err = InvalidSerial;

    fn from_str(serial: &str) -> Result<Self, InvalidSerial> {
        Self::new(serial)
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// The message for the root's HMAC-SHA-256: 7 to 26 bytes, not secret (SPEC.md §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RootMessage {
    bytes: [u8; Self::MAX],
    len: u8,
}

impl RootMessage {
    /// The longest message, in bytes.
    pub const MAX: usize = PREFIX.len() + 1 + MAX_SERIAL + 1;

    /// The message's bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        front(&self.bytes, self.len)
    }

    /// `info` for a service that offers HKDF-Expand (RFC 5869) in place of HMAC; with L = 32 it gives the same D.
    #[must_use]
    pub fn hkdf_info(&self) -> &[u8] {
        self.as_bytes().split_last().map_or(&[], |(_, info)| info)
    }
}

/// A device's own key D, ready for use (SPEC.md §4, KEY-1). Wiped when dropped; never printed.
///
/// It holds HMAC's two states, not D itself; either is as good as D to a thief.
pub struct DeviceKey(Keyed);

impl DeviceKey {
    /// D: what the root's HMAC of [`Serial::root_message`] gave, or what the factory stored in the device.
    #[must_use]
    pub fn new(d: &[u8; 32]) -> Self {
        scrubbed(|| Self(Keyed::new(d)))
    }

    /// As [`new`](Self::new), and wipes the caller's 32 bytes (DUTY-4).
    #[must_use]
    pub fn take(d: &mut [u8; 32]) -> Self {
        scrubbed(|| {
            let key = Self(Keyed::new(d));
            d.zeroize();
            key
        })
    }

    /// ```text
    /// F(t, m) = HMAC(K, "ORP1" || byte(t) || m)    K = D        (SPEC.md §4, KEY-2)
    /// ```
    #[expect(clippy::inline_always, reason = "as mac")]
    #[inline(always)]
    pub(crate) fn f(&self, t: Domain, m: &[u8]) -> Mac {
        let [o, r, p, one] = *PREFIX;
        self.0.mac(&[o, r, p, one, t as u8], m)
    }

    /// F of a message in two parts, of which the second may be long.
    pub(crate) fn f_of_two(&self, t: Domain, [a, b, c, d, e, f, g]: [u8; 7], rest: &[u8]) -> Mac {
        let [o, r, p, one] = *PREFIX;
        self.0.mac(&[o, r, p, one, t as u8, a, b, c, d, e, f, g], rest)
    }
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceKey(..)")
    }
}

/// A root key held in memory, for a factory or a backend that has no HSM (SPEC.md §4). Wiped when dropped; never printed.
pub struct RootKey(Keyed);

impl RootKey {
    /// R\[epoch\]: 32 uniform bytes, used for nothing else (DUTY-1).
    #[must_use]
    pub fn new(r: &[u8; 32]) -> Self {
        scrubbed(|| Self(Keyed::new(r)))
    }

    /// D of one device, to be stored in it by the factory: the 32 bytes are the caller's to wipe.
    ///
    /// ```text
    /// D = HMAC(R[epoch], root_message(serial))        (SPEC.md §4, KEY-1)
    /// ```
    #[must_use]
    pub fn derive(&self, serial: &Serial) -> [u8; 32] {
        scrubbed(|| self.0.mac(&[], serial.root_message().as_bytes()).bytes())
    }

    /// D of one device, ready for use.
    #[must_use]
    pub fn device_key(&self, serial: &Serial) -> DeviceKey {
        scrubbed(|| DeviceKey(Keyed::new(&self.0.mac(&[], serial.root_message().as_bytes()).bytes())))
    }
}

impl fmt::Debug for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RootKey(..)")
    }
}
