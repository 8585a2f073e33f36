//! Issuing: only what a genuine device made is answered (SPEC.md §12).

use core::fmt;
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use crate::challenge::{Challenge, TypedChallenge};
use crate::code::{Code, Term};
use crate::email::{Address, Padded};
use crate::error::{AddressError, NotGenuine};
use crate::prf::DeviceKey;
use crate::qr::QrChallenge;
use crate::wipe::scrubbed;

impl TypedChallenge {
    /// Compares the tag, in constant time (SPEC.md §6.3, CHL-8).
    ///
    /// # Errors
    /// [`NotGenuine`]: no device with this serial and key made it.
    pub fn verify<'k>(&self, key: &'k DeviceKey) -> Result<Genuine<'k>, NotGenuine> {
        let genuine = scrubbed(|| {
            let mut expected = self.challenge.tag(key).0;
            let genuine = bool::from(expected.ct_eq(&self.tag.0));
            expected.zeroize();
            genuine
        });
        if genuine { Ok(Genuine { key, challenge: self.challenge }) } else { Err(NotGenuine) }
    }
}

impl QrChallenge {
    /// Compares T, in constant time, and opens the address.
    ///
    /// # Errors
    /// [`NotGenuine`]: no device with this serial and key made it.
    pub fn verify<'k>(&self, key: &'k DeviceKey) -> Result<GenuineQr<'k>, NotGenuine> {
        let (tag, sealed) = self.parts();
        let padded = scrubbed(|| Padded::open(key, self.claimed(), tag, sealed))?;
        Ok(GenuineQr { genuine: Genuine { key, challenge: *self.claimed() }, padded })
    }
}

/// A challenge that a genuine device made: the only thing that can be answered (SPEC.md §12, ISS-1).
pub struct Genuine<'k> {
    pub(crate) key: &'k DeviceKey,
    pub(crate) challenge: Challenge,
}

impl Genuine<'_> {
    /// What is to be answered; origin, purpose and mail bit are for the person who decides (DUTY-5).
    #[must_use]
    pub const fn challenge(&self) -> &Challenge {
        &self.challenge
    }

    /// The code for this challenge, of this method and validity. The same term gives the same code.
    #[must_use]
    pub fn answer(&self, term: Term) -> Code {
        scrubbed(|| Code::new(self.key, term, self.challenge.header, self.challenge.nonce))
    }
}

impl fmt::Debug for Genuine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Genuine").field("challenge", &self.challenge).finish_non_exhaustive()
    }
}

/// What a genuine device's QR says of the address on file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenedAddress<'a> {
    /// None is on file: the answer is that none is (DUTY-10).
    NoneOnFile,
    /// The secure code goes here and nowhere else.
    OnFile(Address<'a>),
}

/// The challenge of a genuine device's QR, and its address.
pub struct GenuineQr<'k> {
    genuine: Genuine<'k>,
    padded: Padded,
}

impl<'k> GenuineQr<'k> {
    /// The challenge, to be answered.
    #[must_use]
    pub const fn genuine(&self) -> &Genuine<'k> {
        &self.genuine
    }

    /// The address on file, as the device sealed it.
    ///
    /// # Errors
    /// [`AddressError::Address`]: a device with the right key has sealed what is no address (SPEC.md §11, EML-3).
    pub fn address(&self) -> Result<OpenedAddress<'_>, AddressError> {
        if self.genuine.challenge.header.mail() { self.padded.address().map(OpenedAddress::OnFile) } else { Ok(OpenedAddress::NoneOnFile) }
    }
}

impl fmt::Debug for GenuineQr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GenuineQr").field("genuine", &self.genuine).finish_non_exhaustive()
    }
}
