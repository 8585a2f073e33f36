//! Issuing: only what a genuine device made is answered (SPEC.md §12).

use core::fmt;
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use crate::address::{Address, Padded};
use crate::challenge::{Challenge, TypedChallenge};
use crate::code::Code;
use crate::error::{InvalidAddress, NotGenuine, ReceivedError, SecureCodeError, VerifyError};
use crate::keys::DeviceKey;
use crate::public::decided;
use crate::qr::{Prefixed, QrChallenge};
use crate::term::{Method, Term};
use crate::wipe::{scrubbed, scrubbed_decision, scrubbed_qr};

impl TypedChallenge {
    /// Compares the tag, in constant time (SPEC.md §6.3, CHL-8).
    ///
    /// # Errors
    /// [`NotGenuine`]: no device with this serial and key made it.
    pub fn verify<'k>(&self, key: &'k DeviceKey) -> Result<Genuine<'k>, NotGenuine> {
        let genuine = scrubbed_decision(|| {
            let mut expected = self.challenge.tag(key).0;
            let genuine = decided(expected.ct_eq(&self.tag.0));
            expected.zeroize();
            genuine
        });
        if genuine { Ok(Genuine { key, challenge: self.challenge }) } else { Err(NotGenuine) }
    }
}

impl QrChallenge {
    /// Compares T, in constant time, and unseals the address.
    ///
    /// # Errors
    /// [`VerifyError`]: no device with this serial and key made it, or what it sealed is no address.
    pub fn verify<'k>(&self, key: &'k DeviceKey) -> Result<GenuineQr<'k>, VerifyError> {
        let (tag, sealed) = self.parts();
        scrubbed_qr(|| {
            let padded = Padded::unseal(key, self.claimed(), tag, sealed)?;
            if self.claimed().header().address_on_file() {
                padded.address()?;
            }
            Ok(GenuineQr { genuine: Genuine { key, challenge: *self.claimed() }, padded })
        })
    }
}

impl From<NotGenuine> for VerifyError {
    fn from(NotGenuine: NotGenuine) -> Self {
        Self::NotGenuine
    }
}

impl From<InvalidAddress> for VerifyError {
    fn from(InvalidAddress: InvalidAddress) -> Self {
        Self::Address
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

    /// The code for this challenge, of this method and validity. The same term gives the same code: when the device finds it expired, only a
    /// longer term or a new challenge helps (DUTY-18).
    ///
    /// Whether the term fits is not checked here: by default a device takes no dynamic password at [`Origin::Network`](crate::Origin). For
    /// a QR, [`GenuineQr::secure_code`] gives the code together with the one address it may go to.
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
pub enum UnsealedAddress<'a> {
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

    /// The address on file, as the device sealed it; `verify` has looked at it.
    #[must_use]
    pub fn address(&self) -> UnsealedAddress<'_> {
        self.padded.address().map_or(UnsealedAddress::NoneOnFile, UnsealedAddress::OnFile)
    }
}

impl GenuineQr<'_> {
    /// The secure code, and the address it goes to (DUTY-10).
    ///
    /// # Errors
    /// [`SecureCodeError::NoneOnFile`] when the device has no address; [`SecureCodeError::Method`] unless `term` is a secure code's.
    pub fn secure_code(&self, term: Term) -> Result<(Address<'_>, Code), SecureCodeError> {
        let UnsealedAddress::OnFile(address) = self.address() else {
            return Err(SecureCodeError::NoneOnFile);
        };
        if term.method() != Method::SecureCode {
            return Err(SecureCodeError::Method);
        }
        scrubbed(|| Ok((address, self.genuine.answer(term))))
    }
}

impl fmt::Debug for GenuineQr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GenuineQr").field("genuine", &self.genuine).finish_non_exhaustive()
    }
}

/// What a person sent: a typed challenge, or the text of a QR.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::large_enum_variant, reason = "no heap to put it on")]
pub enum Received {
    /// A typed challenge.
    Typed(TypedChallenge),
    /// The text of a QR.
    Qr(QrChallenge),
}

impl Received {
    /// Reads a QR's text if it begins with one of the two prefixes of SPEC.md §11, and a typed challenge otherwise.
    ///
    /// # Errors
    /// Those of [`TypedChallenge::read`] and [`QrChallenge::read`].
    pub fn read(text: &str) -> Result<Self, ReceivedError> {
        match Prefixed::new(text) {
            None => TypedChallenge::read(text).map(Self::Typed).map_err(ReceivedError::Typed),
            prefixed => QrChallenge::read_after(prefixed, text).map(Self::Qr).map_err(ReceivedError::Qr),
        }
    }

    /// What it says, believed by nobody yet.
    #[must_use]
    pub const fn claimed(&self) -> &Challenge {
        match self {
            Self::Typed(typed) => typed.claimed(),
            Self::Qr(qr) => qr.claimed(),
        }
    }
}
