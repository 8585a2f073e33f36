//! The intermediate values of SPEC.md, for test vectors and auditors. Nothing here is needed to use the protocol, and some of it would break
//! it: the feature `hazmat` is not for firmware or backends.

use crate::address::Padded;
use crate::bytes::fill;
use crate::challenge::Challenge;
use crate::digits::{damm_typed, seed as seed_of};
use crate::header::{Header, Nonce, PerOrigin};
use crate::hmac::Mac;
use crate::keys::{DeviceKey, Domain};
use crate::record::{Record, SEALED_RECORD, load};
use crate::serial::Serial;
use crate::session::Ledger;

pub use crate::header::HeaderError;
#[cfg(offline_reset_declared)]
pub use crate::public::ON_PUBLISHED;
#[cfg(offline_reset_zeroed)]
pub use crate::public::ZEROED;
pub use crate::record::{Loaded, Slots};

/// The challenge with these fields, as a device would mint it.
#[must_use]
pub const fn challenge(serial: Serial, header: Header, nonce: [u8; 5]) -> Challenge {
    Challenge { serial, header, nonce: Nonce(nonce) }
}

/// F(t, m), t one of the registered domains 1 to 8; all zeros for another (SPEC.md §4).
#[must_use]
pub fn f(key: &DeviceKey, t: u8, m: &[u8]) -> [u8; 32] {
    output(key, t, m).map_or([0; 32], |output| output.0.bytes())
}

/// What the library holds of an F before it is published.
pub struct Output(Mac);

impl core::fmt::Debug for Output {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Output(..)")
    }
}

/// The same, as it is held; none for another domain.
#[must_use]
pub fn output(key: &DeviceKey, t: u8, m: &[u8]) -> Option<Output> {
    use Domain::{Code, EmailStream, EmailTag, Handle, KeyCheck, LedgerSeal, Nonce, Tag};
    [Nonce, Tag, Code, EmailTag, EmailStream, LedgerSeal, Handle, KeyCheck]
        .into_iter()
        .find(|&domain| domain as u8 == t)
        .map(|domain| Output(key.f(domain, m)))
}

/// The header of these 16 bits (SPEC.md §5).
///
/// # Errors
/// Those of `read_header`, in its order.
pub fn read_header(h: u16) -> Result<Header, HeaderError> {
    Header::read(h)
}

/// The 20-bit tag (SPEC.md §6).
#[must_use]
pub fn tag(key: &DeviceKey, challenge: &Challenge) -> u32 {
    challenge.tag(key).0
}

/// The six check symbols over a serial and 14 symbols (SPEC.md §6.1).
#[must_use]
pub fn check_symbols(serial: &Serial, v14: &[u8; 14]) -> [u8; 6] {
    crate::symbols::check_symbols(serial, v14)
}

/// The typed text of a challenge (SPEC.md §6.2).
#[must_use]
pub fn write_challenge(key: &DeviceKey, challenge: &Challenge) -> crate::ChallengeText {
    challenge.write(challenge.tag(key))
}

/// The code of a challenge that nobody verified (SPEC.md §8).
#[must_use]
pub fn answer(key: &DeviceKey, challenge: &Challenge, term: crate::Term) -> crate::Code {
    crate::Code::new(key, term, challenge.header, challenge.nonce)
}

/// The digit that a nonce starts the check digit from (SPEC.md §8).
#[must_use]
pub fn seed(nonce: [u8; 5]) -> u8 {
    seed_of(Nonce(nonce))
}

/// Damm's quasigroup over public digits (SPEC.md §8).
#[must_use]
pub fn damm(x: u8, digits: &[u8]) -> u8 {
    damm_typed(x, digits)
}

/// The digits of a code as typed, k, d1..d10, c (SPEC.md §8).
///
/// # Errors
/// Those of `read_code`, in its order.
pub fn read_code(text: &str) -> Result<[u8; 12], crate::CodeError> {
    let code = crate::code::TypedCode::read(text)?;
    let mut digits = [0; 12];
    fill(&mut digits, [code.k].iter().chain(&code.d).chain(&[code.c]));
    Ok(digits)
}

/// What a ledger's record holds (SPEC.md §9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fields {
    /// Higher is newer.
    pub seq: u32,
    /// The loads that stored a record.
    pub boots: u32,
    /// The Grants given.
    pub resets: u32,
    /// The failures at the local screen.
    pub local: u8,
    /// The failures at the network.
    pub network: u8,
}

const fn fields(&Record { seq, boots, resets, fail: PerOrigin { local, network }, .. }: &Record) -> Fields {
    Fields { seq, boots, resets, local, network }
}

/// A sealed record (SPEC.md §9).
#[must_use]
pub fn seal(key: &DeviceKey, Fields { seq, boots, resets, local, network }: Fields) -> [u8; SEALED_RECORD] {
    Record { seq, boots, resets, fail: PerOrigin { local, network }, padding: [0; 2] }.seal(key)
}

/// A slot's record, if it is valid (SPEC.md §9).
#[must_use]
pub fn unseal(key: &DeviceKey, slot: &[u8; SEALED_RECORD]) -> Option<Fields> {
    Record::unseal(key, slot).as_ref().map(fields)
}

/// What `load` goes by, and the slot it counts from (SPEC.md §9).
#[must_use]
pub fn load_record(key: &DeviceKey, slots: &Slots) -> (Fields, usize) {
    let (record, slot, _) = load(key, slots);
    (fields(&record), slot.index())
}

/// A ledger's record as it stands, and its slot.
#[must_use]
pub const fn state(ledger: &Ledger) -> (Fields, usize) {
    let (record, slot) = ledger.state();
    (fields(record), slot.index())
}

/// The QR text of any challenge (SPEC.md §11).
///
/// # Errors
/// [`crate::MailBitMismatch`] unless address and header agree.
pub fn write_qr(
    key: &DeviceKey,
    challenge: &Challenge,
    address: Option<crate::Address<'_>>,
    rendering: crate::Rendering<'_>,
) -> Result<crate::QrText, crate::MailBitMismatch> {
    crate::qr::write(key, challenge, address, rendering)
}

/// T and the sealed address of a QR that was read (SPEC.md §11).
#[must_use]
pub fn qr_parts(qr: &crate::QrChallenge) -> (&[u8; 16], &[u8]) {
    qr.parts()
}

/// A padded address that was unsealed (SPEC.md §11).
pub struct Unsealed {
    padded: Padded,
    mail: bool,
}

impl core::fmt::Debug for Unsealed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Unsealed(..)")
    }
}

/// The middle of `verify_qr` (SPEC.md §11).
///
/// # Errors
/// [`crate::NotGenuine`] unless T is right.
pub fn unseal_address(key: &DeviceKey, challenge: &Challenge, t: &[u8; 16], sealed: &[u8]) -> Result<Unsealed, crate::NotGenuine> {
    Padded::unseal(key, challenge, t, sealed).map(|padded| Unsealed { padded, mail: challenge.header.address_on_file() })
}

impl Unsealed {
    /// What the stream uncovers.
    #[must_use]
    pub fn pad(&self) -> &[u8] {
        self.padded.bytes()
    }

    /// The address; `None` when the header says that there is none.
    ///
    /// # Errors
    /// [`crate::InvalidAddress`] unless the padding is exact.
    pub fn address(&self) -> Result<Option<crate::Address<'_>>, crate::InvalidAddress> {
        if self.mail { self.padded.address().map(Some) } else { Ok(None) }
    }
}

/// What a Grant permits, without consuming it (SPEC.md §10.3).
pub const fn grant_permits(grant: &crate::Grant) -> &crate::Reset {
    grant.permits()
}
