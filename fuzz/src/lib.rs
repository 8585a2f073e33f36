//! What the fuzz targets do with their input. Each function panics when a promise of SPEC.md is broken.
#![deny(unsafe_code)] // `c_abi` alone calls what C calls

pub mod addresses;
pub mod c_abi;
pub mod corrections;
pub mod device;
pub mod differential;
pub mod flash;
pub mod issuing;
#[cfg(test)]
mod replay;
pub mod texts;
pub mod twin;

use std::sync::LazyLock;

use offline_reset as orp;
pub use twin::origin;

use arbitrary::{Arbitrary, Result, Unstructured};
use offline_reset::{Challenge, DeviceKey, Epoch, Header, Nonce, Purpose, Request, Serial, Slots, Term, hazmat};

/// D of every target whose key does not matter: a fuzzer never guesses a MAC, so it is given the key.
pub const D: [u8; 32] = *b"D of a device that is but fuzzed";

/// The same, ready for use.
pub static KEY: LazyLock<DeviceKey> = LazyLock::new(|| key_of(&D));

/// A key that is not blank, ready for use.
///
/// # Panics
/// When it is.
#[must_use]
pub fn key_of(d: &[u8; 32]) -> DeviceKey {
    DeviceKey::derived(&mut d.clone()).expect("a key")
}

/// A device's 20 characters at most, any of them.
#[derive(Clone, Copy, Debug)]
pub struct AnySerial(pub Serial);

impl<'a> Arbitrary<'a> for AnySerial {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        const CHARACTERS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        let mut text = String::new();
        for _ in 0..u.int_in_range(1..=20)? {
            text.push(char::from(CHARACTERS[usize::from(u8::arbitrary(u)?) % CHARACTERS.len()]));
        }
        Ok(Self(Serial::new(&text).expect("made to be one")))
    }
}

/// Any header that is allowed.
#[derive(Clone, Copy, Debug, Arbitrary)]
pub struct AnyHeader {
    bits: u8,
    purpose: AnyPurpose,
}

impl AnyHeader {
    /// As the crate has it.
    #[must_use]
    pub fn header(self) -> Header {
        let epoch = Epoch::new(self.bits & 7).expect("three bits");
        Header::new(self.purpose.into(), epoch, origin(self.bits & 8 != 0), self.bits & 16 != 0)
    }
}

/// A registered purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Arbitrary)]
pub enum AnyPurpose {
    /// 0
    AccountPassword,
    /// 1
    UnlockPattern,
    /// 2
    FactoryReset,
}

impl From<AnyPurpose> for Purpose {
    fn from(purpose: AnyPurpose) -> Self {
        match purpose {
            AnyPurpose::AccountPassword => Self::AccountPassword,
            AnyPurpose::UnlockPattern => Self::UnlockPattern,
            AnyPurpose::FactoryReset => Self::FactoryReset,
        }
    }
}

/// Any challenge that a device could make.
#[derive(Clone, Copy, Debug, Arbitrary)]
pub struct AnyChallenge {
    serial: AnySerial,
    header: AnyHeader,
    nonce: [u8; 5],
}

impl AnyChallenge {
    /// As the crate has it.
    #[must_use]
    pub fn challenge(&self) -> Challenge {
        hazmat::challenge(self.serial.0, self.header.header(), self.nonce)
    }
}

/// One of the nine terms.
#[derive(Clone, Copy, Debug)]
pub struct AnyTerm(pub Term);

impl<'a> Arbitrary<'a> for AnyTerm {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self(Term::ALL[usize::from(u8::arbitrary(u)?) % Term::ALL.len()]))
    }
}

/// As many as there are bytes for. (`Vec` throws a coin after each.)
#[derive(Clone, Debug)]
pub struct Many<T>(pub Vec<T>);

impl<'a, T: Arbitrary<'a>> Arbitrary<'a> for Many<T> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut all = Vec::new();
        while !u.is_empty() {
            all.push(T::arbitrary(u)?);
        }
        Ok(Self(all))
    }
}

/// Bytes in Crockford's base32 (SPEC.md §11), not by the crate's code.
#[must_use]
pub fn base32(bytes: &[u8]) -> String {
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |i| byte >> i & 1)).collect();
    let symbol = |five: &[u8]| five.iter().chain(&[0; 4]).take(5).fold(0, |v, bit| v << 1 | usize::from(*bit));
    bits.chunks(5).map(|five| char::from(b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"[symbol(five)])).collect()
}

/// A purpose, and whether an address is on file.
#[must_use]
pub fn request(purpose: AnyPurpose, address_on_file: bool) -> Request {
    Request { purpose: purpose.into(), address_on_file }
}

/// Flash as the factory leaves it (SPEC.md §9).
#[must_use]
pub fn from_factory(key: &DeviceKey) -> Slots {
    [hazmat::seal(key, hazmat::Fields { seq: 1, boots: 0, resets: 0, local: 0, network: 0 }), [0; 32]]
}

/// Header and nonce, as they stand in every MAC (SPEC.md §4).
#[must_use]
pub fn header_and_nonce(header: Header, nonce: Nonce) -> Vec<u8> {
    [header.bits().to_be_bytes().as_slice(), nonce.bytes()].concat()
}
