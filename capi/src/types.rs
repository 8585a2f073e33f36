//! What C passes and gets: opaque structs, plain structs, numbers.

use core::ffi::c_char;

use offline_reset::{
    Challenge, DeviceKey, Language, LedgerState, Loaded, Method, Methods, Origin, Purpose, Received, Reset, Shown, SlotState, Standing,
    Term,
};

use crate::memory::{Opaque, chars};
use crate::status::Refusal;
use crate::status::orp_status::{self, ORP_ARGUMENT, ORP_OK, ORP_STOPPED, ORP_WAITING};
use crate::version::{
    ORP_CHALLENGE_SIZE, ORP_DEVICE_SIZE, ORP_KEY_SIZE, ORP_MAX_CORRECTIONS, ORP_NONCE_SIZE, ORP_RECEIVED_SIZE, ORP_RECORD_SIZE,
    ORP_SERIAL_SIZE,
};

/// Where a challenge is shown (SPEC.md section 10): ORP_LOCAL, ORP_NETWORK. No origin is also a purpose, a yes or no, a term or a method:
/// arguments that were exchanged are refused.
#[repr(i32)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum orp_origin {
    /// The device's own screen.
    ORP_LOCAL = 10,
    /// The device's web page.
    ORP_NETWORK = 11,
}

/// What a reset is for (SPEC.md section 18.2, whose numbers are these less 20).
#[repr(i32)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum orp_purpose {
    /// A new password for the account.
    ORP_ACCOUNT_PASSWORD = 20,
    /// A new unlock pattern.
    ORP_UNLOCK_PATTERN = 21,
    /// Back to the factory's settings.
    ORP_FACTORY_RESET = 22,
}

/// How a code reaches the owner: by a person at the desk, or to the address on file; as a policy, also none or both.
#[repr(i32)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum orp_methods {
    /// As a policy: this origin takes no code.
    ORP_NO_METHOD = 0,
    /// Given by a person at the support desk.
    ORP_DYNAMIC_PASSWORD = 1,
    /// Sent to the address on file.
    ORP_SECURE_CODE = 2,
    /// As a policy: either.
    ORP_BOTH_METHODS = 3,
}

/// Method and validity of a code, k in SPEC.md section 18.3: 1 to 9. The time counts from orp_shown.shown_at, not from the answer, and ends
/// with the policy's cap at the latest.
#[repr(i32)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum orp_term {
    /// A dynamic password, 10 minutes.
    ORP_DYNAMIC_PASSWORD_10_MIN = 1,
    /// A dynamic password, 1 hour.
    ORP_DYNAMIC_PASSWORD_1_H = 2,
    /// A dynamic password, 8 hours.
    ORP_DYNAMIC_PASSWORD_8_H = 3,
    /// A dynamic password, 24 hours.
    ORP_DYNAMIC_PASSWORD_24_H = 4,
    /// A dynamic password, 72 hours.
    ORP_DYNAMIC_PASSWORD_72_H = 5,
    /// A secure code, 10 minutes.
    ORP_SECURE_CODE_10_MIN = 6,
    /// A secure code, 1 hour.
    ORP_SECURE_CODE_1_H = 7,
    /// A secure code, 8 hours.
    ORP_SECURE_CODE_8_H = 8,
    /// A secure code, 24 hours.
    ORP_SECURE_CODE_24_H = 9,
}

/// The call that has to follow when a record is stored.
#[repr(i32)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum orp_step {
    /// None: no record waits.
    ORP_STEP_NONE = 0,
    /// orp_show.
    ORP_STEP_SHOW = 1,
    /// orp_compare.
    ORP_STEP_COMPARE = 2,
    /// orp_grant.
    ORP_STEP_GRANT = 3,
    /// orp_lowered.
    ORP_STEP_LOWER = 4,
}

/// How the ledger was found (SPEC.md section 9).
#[repr(i32)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum orp_ledger_state {
    /// The newest valid record is in use.
    ORP_LEDGER_GOOD = 0,
    /// Two valid records of the same age contradict each other: the longest wait.
    ORP_LEDGER_CONFLICT = 1,
    /// No valid record: the longest wait. Go on with it, log it, and say what ends it: a reset at the local screen; an administrator's
    /// login there, and orp_allow_again at the web page.
    ORP_LEDGER_LOST = 2,
}

/// What stands in one slot.
#[repr(i32)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum orp_slot_state {
    /// All ones or all zeros: never written, or erased.
    ORP_SLOT_BLANK = 0,
    /// Torn, forged, worn out, or of another key.
    ORP_SLOT_DAMAGED = 1,
    /// A record.
    ORP_SLOT_VALID = 2,
}

/// A language.
#[repr(i32)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum orp_language {
    /// English.
    ORP_ENGLISH = 0,
    /// Dutch.
    ORP_DUTCH = 1,
}

/// The device side: key, ledger, live challenges, Grants. One for each device, where it stays: a copy is refused. Holds secrets:
/// orp_device_wipe.
#[repr(C)]
pub struct orp_device {
    /// Not for you.
    pub opaque: [u64; 44],
}

/// A device's key at the vendor, ready for use, where it stays. Secret: orp_key_wipe.
#[repr(C)]
pub struct orp_key {
    /// Not for you.
    pub opaque: [u64; 12],
}

/// A challenge that was received and read, believed by nobody yet. Public; may be copied within the program. What is stored or sent is the
/// text.
#[repr(C)]
pub struct orp_received {
    /// Not for you.
    pub opaque: [u64; 41],
}

impl Opaque for orp_key {
    type Held = DeviceKey;
    const MAGIC: u32 = 0x4f52_504b;
    const STAYS: bool = true;
}

impl Opaque for orp_received {
    type Held = Received;
    const MAGIC: u32 = 0x4f52_5052;
    const STAYS: bool = false;
}

/// A device's policy, decided once for a product (SPEC.md section 10).
#[repr(C)]
#[derive(Clone, Copy)]
pub struct orp_policy {
    /// How long a challenge lives at most, in seconds: 1 to 259200. No longer than the longest code that its origin takes: 24 hours
    /// where only secure codes are (the web page, unless told otherwise).
    pub cap: u32,
    /// What the local screen takes, of orp_methods.
    pub local: i32,
    /// What the web page takes, of orp_methods.
    pub network: i32,
}

/// What loading found: for a log.
#[repr(C)]
pub struct orp_loaded {
    /// What the ledger goes by.
    pub ledger: orp_ledger_state,
    /// Each slot.
    pub slot: [orp_slot_state; 2],
    /// The number of a valid slot's record: higher is newer. Both valid and equal: the driver has only one slot.
    pub seq: [u32; 2],
}

/// A record to be stored.
#[repr(C)]
pub struct orp_record {
    /// Where: 0 or 1.
    pub slot: u32,
    /// The call that follows.
    pub step: orp_step,
    /// What.
    pub bytes: [u8; ORP_RECORD_SIZE],
    /// Whose: the session of the orp_submit, at ORP_STEP_COMPARE and ORP_STEP_GRANT; otherwise 0. What the call gives is for that session
    /// and for no other (SES-20).
    pub session: u32,
}

/// What a challenge says. Public.
#[repr(C)]
pub struct orp_challenge {
    /// What for.
    pub purpose: orp_purpose,
    /// Where it is shown.
    pub origin: orp_origin,
    /// The header's 16 bits (SPEC.md section 5).
    pub header: u16,
    /// Which root key the device's key came from, 0 to 7.
    pub epoch: u8,
    /// 1 if the device has an address on file, otherwise 0.
    pub address_on_file: u8,
    /// Whose, with a NUL.
    pub serial: [c_char; ORP_SERIAL_SIZE],
    /// Which: with the serial it is what the vendor counts answers by.
    pub nonce: [u8; ORP_NONCE_SIZE],
    /// 0.
    pub reserved: [u8; 2],
}

/// A live challenge as it is shown.
#[repr(C)]
pub struct orp_shown {
    /// What it says.
    pub challenge: orp_challenge,
    /// The typed challenge, with a NUL: the 'serial number' of the screen. Empty at an origin that takes no dynamic password: the
    /// QR alone.
    pub text: [c_char; ORP_CHALLENGE_SIZE],
    /// 0.
    pub reserved: [u8; 3],
    /// ORP_OK: codes are taken. ORP_WAITING: after `wait` seconds. ORP_STOPPED.
    pub standing: orp_status,
    /// Seconds, 0 unless waiting.
    pub wait: u32,
    /// When it was first shown, in seconds of uptime: a code's validity counts from here.
    pub shown_at: u64,
    /// From when on no code for it is good, in seconds of uptime.
    pub expires_at: u64,
}

/// What may be reset now.
#[repr(C)]
pub struct orp_reset {
    /// Where the code was typed.
    pub origin: orp_origin,
    /// What is to be set.
    pub purpose: orp_purpose,
    /// How the code came.
    pub method: orp_methods,
    /// How many Grants this device has given, this one included, whether or not a password was set: shown to the owner at the next login.
    pub resets: u32,
    /// The session of the orp_submit.
    pub session: u32,
}

/// The ledger's figures, for a screen or a log.
#[repr(C)]
pub struct orp_info {
    /// How many Grants this device has given, whether or not a password was set.
    pub resets: u32,
    /// Codes counted as failures at the local screen since these were last cleared: orp_standing says what they cost. 255 also when the
    /// ledger was lost.
    pub failures_local: u32,
    /// The same at the web page.
    pub failures_network: u32,
    /// 1 if the device has to be reloaded, otherwise 0.
    pub poisoned: u32,
}

/// What a mistyped challenge could have been, in the order of the texts.
#[repr(C)]
pub struct orp_corrections {
    /// How many, 0 to ORP_MAX_CORRECTIONS.
    pub count: u32,
    /// Each with a NUL. A person compares one with the sender's screen; read it then.
    pub text: [[c_char; ORP_CHALLENGE_SIZE]; ORP_MAX_CORRECTIONS],
}

pub(crate) fn origin(number: i32) -> Result<Origin, Refusal> {
    Ok([Origin::Local, Origin::Network].into_iter().find(|&origin| origin_of(origin) as i32 == number).ok_or(ORP_ARGUMENT)?)
}

pub(crate) fn purpose(number: i32) -> Result<Purpose, Refusal> {
    Ok(Purpose::ALL.into_iter().find(|&purpose| purpose_of(purpose) as i32 == number).ok_or(ORP_ARGUMENT)?)
}

pub(crate) fn methods(number: i32) -> Result<Methods, Refusal> {
    let all = [
        (orp_methods::ORP_NO_METHOD, Methods::None),
        (orp_methods::ORP_DYNAMIC_PASSWORD, Methods::DynamicPassword),
        (orp_methods::ORP_SECURE_CODE, Methods::SecureCode),
        (orp_methods::ORP_BOTH_METHODS, Methods::Both),
    ];
    Ok(all.into_iter().find(|&(c, _)| c as i32 == number).ok_or(ORP_ARGUMENT)?.1)
}

pub(crate) fn language(number: i32) -> Result<Language, Refusal> {
    let all = [(orp_language::ORP_ENGLISH, Language::English), (orp_language::ORP_DUTCH, Language::Dutch)];
    Ok(all.into_iter().find(|&(c, _)| c as i32 == number).ok_or(ORP_ARGUMENT)?.1)
}

pub(crate) fn term(number: i32) -> Result<Term, Refusal> {
    Ok(Term::from_k(u8::try_from(number).unwrap_or(0))?)
}

pub(crate) fn yes(number: i32) -> Result<bool, Refusal> {
    match number {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(ORP_ARGUMENT.into()),
    }
}

const fn method_of(method: Method) -> orp_methods {
    match method {
        Method::DynamicPassword => orp_methods::ORP_DYNAMIC_PASSWORD,
        Method::SecureCode => orp_methods::ORP_SECURE_CODE,
    }
}

pub(crate) const fn purpose_of(purpose: Purpose) -> orp_purpose {
    match purpose {
        Purpose::UnlockPattern => orp_purpose::ORP_UNLOCK_PATTERN,
        Purpose::FactoryReset => orp_purpose::ORP_FACTORY_RESET,
        _ => orp_purpose::ORP_ACCOUNT_PASSWORD,
    }
}

const fn origin_of(origin: Origin) -> orp_origin {
    match origin {
        Origin::Local => orp_origin::ORP_LOCAL,
        Origin::Network => orp_origin::ORP_NETWORK,
    }
}

const _: () = {
    assert!(ORP_DEVICE_SIZE == size_of::<orp_device>()); // that it fits is for device.rs, which knows what it holds
    assert!(ORP_KEY_SIZE == size_of::<orp_key>() && <orp_key as Opaque>::FITS);
    assert!(ORP_RECEIVED_SIZE == size_of::<orp_received>() && <orp_received as Opaque>::FITS);
    assert!(orp_language::ORP_DUTCH as i32 == crate::status::DUTCH);
};

/// What is written has no padding, which would be left as the stack had it.
const _: () = {
    assert!(size_of::<orp_challenge>() == 4 + 4 + 2 + 1 + 1 + ORP_SERIAL_SIZE + ORP_NONCE_SIZE + 2);
    assert!(size_of::<orp_shown>() == size_of::<orp_challenge>() + ORP_CHALLENGE_SIZE + 3 + 4 + 4 + 8 + 8);
};

/// Where a number is the crate's own, it stays that, or so far from it.
const _: () = {
    assert!(Purpose::ALL.len() == 3); // `purpose_of` has them all
    assert!(orp_purpose::ORP_ACCOUNT_PASSWORD as u8 == 20 + Purpose::AccountPassword as u8);
    assert!(orp_purpose::ORP_UNLOCK_PATTERN as u8 == 20 + Purpose::UnlockPattern as u8);
    assert!(orp_purpose::ORP_FACTORY_RESET as u8 == 20 + Purpose::FactoryReset as u8);
    assert!(orp_term::ORP_DYNAMIC_PASSWORD_10_MIN as u8 == Term::DynamicPassword10Min.k());
    assert!(orp_term::ORP_DYNAMIC_PASSWORD_1_H as u8 == Term::DynamicPassword1H.k());
    assert!(orp_term::ORP_DYNAMIC_PASSWORD_8_H as u8 == Term::DynamicPassword8H.k());
    assert!(orp_term::ORP_DYNAMIC_PASSWORD_24_H as u8 == Term::DynamicPassword24H.k());
    assert!(orp_term::ORP_DYNAMIC_PASSWORD_72_H as u8 == Term::DynamicPassword72H.k());
    assert!(orp_term::ORP_SECURE_CODE_10_MIN as u8 == Term::SecureCode10Min.k());
    assert!(orp_term::ORP_SECURE_CODE_1_H as u8 == Term::SecureCode1H.k());
    assert!(orp_term::ORP_SECURE_CODE_8_H as u8 == Term::SecureCode8H.k());
    assert!(orp_term::ORP_SECURE_CODE_24_H as u8 == Term::SecureCode24H.k());
};

impl From<&Loaded> for orp_loaded {
    fn from(loaded: &Loaded) -> Self {
        let ledger = match loaded.ledger {
            LedgerState::Good => orp_ledger_state::ORP_LEDGER_GOOD,
            LedgerState::Conflict => orp_ledger_state::ORP_LEDGER_CONFLICT,
            LedgerState::Lost => orp_ledger_state::ORP_LEDGER_LOST,
        };
        let slot = loaded.slots.map(|slot| match slot {
            SlotState::Blank => orp_slot_state::ORP_SLOT_BLANK,
            SlotState::Damaged => orp_slot_state::ORP_SLOT_DAMAGED,
            SlotState::Valid { .. } => orp_slot_state::ORP_SLOT_VALID,
        });
        let seq = loaded.slots.map(|slot| if let SlotState::Valid { seq } = slot { seq } else { 0 });
        Self { ledger, slot, seq }
    }
}

impl From<&Challenge> for orp_challenge {
    fn from(challenge: &Challenge) -> Self {
        let header = challenge.header();
        Self {
            purpose: purpose_of(header.purpose()),
            origin: origin_of(header.origin()),
            header: header.bits(),
            epoch: header.epoch().number(),
            address_on_file: header.address_on_file().into(),
            serial: chars(challenge.serial().as_str()),
            nonce: *challenge.nonce().bytes(),
            reserved: [0; 2],
        }
    }
}

/// As a status, and the seconds to wait.
pub(crate) fn standing(standing: Standing) -> Refusal {
    match standing {
        Standing::Ready => ORP_OK.into(),
        Standing::Waiting { remaining } => crate::status::with(ORP_WAITING, remaining.as_secs()),
        Standing::Stopped => ORP_STOPPED.into(),
    }
}

impl From<&Shown> for orp_shown {
    fn from(shown: &Shown) -> Self {
        let standing = standing(shown.standing());
        Self {
            challenge: shown.challenge().into(),
            text: chars(shown.text().map_or("", |text| text.as_str())),
            reserved: [0; 3],
            standing: standing.status,
            wait: standing.detail,
            shown_at: shown.shown_at().as_secs(),
            expires_at: shown.expires_at().as_secs(),
        }
    }
}

impl From<&Reset> for orp_reset {
    fn from(reset: &Reset) -> Self {
        Self {
            origin: origin_of(reset.origin()),
            purpose: purpose_of(reset.purpose()),
            method: method_of(reset.method()),
            resets: reset.resets(),
            session: reset.session(),
        }
    }
}
