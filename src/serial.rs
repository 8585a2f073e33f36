//! The serial on the label, and what a root authenticates for it (SPEC.md §4).

use core::fmt;

use crate::bytes::{fill, front, text};
use crate::error::{InvalidSerial, KeyError};
use crate::keys::PREFIX;

/// The longest serial, in characters.
pub const MAX_SERIAL: usize = 20;

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

    /// What the root key has to authenticate for this serial: give it to the HSM, the KMS or [`RootKey`](crate::RootKey), take 32 bytes back.
    ///
    /// ```text
    /// if serial begins with "ORPDEMO": error demonstration                (SPEC.md §4)
    /// return "ORP1" || byte(0x00) || serial || byte(0x01)
    /// ```
    ///
    /// # Errors
    /// [`KeyError::Demonstration`] for a serial that begins with `ORPDEMO` (KEY-5).
    pub fn root_message(&self) -> Result<RootMessage, KeyError> {
        if self.is_for_demonstrations() { Err(KeyError::Demonstration) } else { Ok(self.message()) }
    }

    /// No product bears such a serial, and none is answered (SPEC.md §18.7, KEY-5).
    #[must_use]
    pub fn is_for_demonstrations(&self) -> bool {
        self.as_bytes().starts_with(b"ORPDEMO")
    }

    pub(crate) fn message(&self) -> RootMessage {
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
