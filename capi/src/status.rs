//! The one status enum, from every error of the crate, and what it is called.

use core::ffi::{CStr, c_char};

use offline_reset::{
    CodeError, CorrectionsError, GrantExpired, InvalidAddress, InvalidCap, InvalidEpoch, InvalidSerial, InvalidUrl, KeyError,
    MailBitMismatch, NoGrant, NotGenuine, OpenError, QrError, ReadError, ReceivedError, ReservedK, SecureCodeError, StoreError,
    SubmitError, VerifyError,
};

/// What a function came to. The numbers are fixed, and each group has room: treat one that you do not know as a refusal.
///
/// The name in quotes is the error's in SPEC.md section 13. `detail` is what a function writes through its parameter of that name.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum orp_status {
    // results
    /// Done.
    ORP_OK = 0,
    /// A record has to be stored: write record.bytes to record.slot, wait until it has reached the medium, read both slots from
    /// there, and make the call that record.step names.
    ORP_STORE = 1,
    /// 0x5AC3A53C. Set the new password now (orp_grant_take), or: a genuine device made this challenge (orp_verify). Nothing else gives it.
    /// It is far from every other number, so that neither a `true` nor a flipped bit is one: compare with ==.
    ORP_VERIFIED = 0x5AC3_A53C,

    // 100: the format of what was given
    /// "empty": nothing but separators.
    ORP_EMPTY = 100,
    /// "too-long": detail is the limit in bytes; nothing else was looked at.
    ORP_TOO_LONG = 101,
    /// "alphabet": a character that cannot stand there; detail is its position, in characters from 0.
    ORP_ALPHABET = 102,
    /// "wrong-kind": a code where the challenge belongs, or the reverse; a typed challenge where a QR's is needed, or the reverse.
    ORP_WRONG_KIND = 103,
    /// "length": detail is the number of characters found, separators not counted.
    ORP_LENGTH = 104,
    /// "check": mistyped; at the device also: a code for another challenge, which nine times in ten shows here. Otherwise it is
    /// ORP_REJECTED and counted.
    ORP_CHECK = 105,
    /// "version": detail is the version found.
    ORP_VERSION = 106,
    /// "purpose": detail is the purpose found.
    ORP_PURPOSE = 107,
    /// "reserved-bits".
    ORP_RESERVED_BITS = 108,
    /// "padding": the last symbol of a QR is not as it is written.
    ORP_PADDING = 109,
    /// "unknown-version": a QR code, but not one of this version.
    ORP_UNKNOWN_VERSION = 110,
    /// "unreadable": detail is the number of unreadable characters, more than four.
    ORP_UNREADABLE = 111,
    /// "ambiguous": too many challenges are possible.
    ORP_AMBIGUOUS = 112,
    /// "reserved-k": no code begins with 0; a term is 1 to 9.
    ORP_RESERVED_K = 113,
    /// "serial": not 1 to 20 characters of A-Z and 0-9.
    ORP_SERIAL = 114,
    /// "address": not one plain mailbox of 3 to 254 characters (EML-1).
    ORP_ADDRESS = 115,
    /// "mail-bit": an address was given and the challenge says that there is none, or the reverse.
    ORP_MAIL_BIT = 116,
    /// "url": not HTTPS://HOST/PATH/ in upper case, or longer than 96 characters.
    ORP_URL = 117,
    /// "epoch": not 0 to 7.
    ORP_EPOCH = 118,
    /// "cap": not 1 second to 72 hours.
    ORP_CAP = 119,
    /// The text is not UTF-8; detail is the byte, from 0, at which that shows. (Not in SPEC.md, whose texts are characters.)
    ORP_UTF8 = 120,
    /// "blank-key": the key or the root is all zeros or all ones: erased, never written, or wiped by an earlier call.
    ORP_BLANK_KEY = 121,
    /// "demonstration": the public root, a key of it, or a serial that begins with ORPDEMO. No product takes one.
    ORP_DEMONSTRATION = 122,
    /// "key-check": the check value differs: another root, another serial, or a key that flash has changed.
    ORP_KEY_CHECK = 123,

    // 200: the state of device or request
    /// "too-soon": a new challenge can be made after detail seconds.
    ORP_TOO_SOON = 200,
    /// "busy": another challenge is open on the network, until its code is used, orp_withdraw, a restart, or the end of its life. Offer the
    /// local screen.
    ORP_BUSY = 201,
    /// "no-challenge": none is open at this origin.
    ORP_NO_CHALLENGE = 202,
    /// "expired": the code's time is over, its challenge's is not: orp_submit says what helps.
    ORP_EXPIRED = 203,
    /// "method": this kind of code is not taken here, or not sent this way.
    ORP_METHOD = 204,
    /// "waiting": codes are taken again after detail seconds.
    ORP_WAITING = 205,
    /// "stopped": the network takes no more codes, until orp_allow_again or a reset at the local screen.
    ORP_STOPPED = 206,
    /// "pending": a record waits for its confirmation; nothing was done. orp_pending names the call that is missing, and whose it is; when
    /// its caller is gone, orp_finish.
    ORP_PENDING = 207,
    /// "stale": another owner has written the ledger. Call orp_device_reload.
    ORP_STALE = 208,
    /// "store-failed": what was read back is not what was to be stored. Call orp_device_reload.
    ORP_STORE_FAILED = 209,
    /// "poisoned": a store has failed, or another owner has written. Call orp_device_reload.
    ORP_POISONED = 210,
    /// "grant-expired": the ten minutes are over; the Grant is gone.
    ORP_GRANT_EXPIRED = 211,
    /// "no-grant": there is no Grant of this handle at this origin: none was given, or it was taken or has ended.
    ORP_NO_GRANT = 212,
    /// "none-on-file": the device has no address on file; the answer is that none is.
    ORP_NONE_ON_FILE = 213,
    /// "not-pending": no record waits for this call; nothing has changed. To draw a challenge anew use orp_live.
    ORP_NOT_PENDING = 214,

    // 300: the answer to what tests a secret, and nothing more
    /// "rejected": not the right code; it was counted.
    ORP_REJECTED = 300,
    /// "tag": no device with this serial and key made this challenge.
    ORP_NOT_GENUINE = 301,

    // 400: the calling program; nothing was done
    /// A pointer is NULL that may not be.
    ORP_NULL = 400,
    /// Two arguments share memory, one of them is written.
    ORP_OVERLAP = 401,
    /// A pointer is not aligned for its type.
    ORP_MISALIGNED = 402,
    /// The buffer is too short: the length says how much is needed, the buffer is as it was.
    ORP_SHORT_BUFFER = 403,
    /// A number has no meaning here: an origin, a purpose, a method, a language, a yes or no that is not 0 or 1.
    ORP_ARGUMENT = 404,
    /// The struct was never set up, was wiped, or is of another type.
    ORP_NOT_SET_UP = 405,
    /// The struct is a copy of one that was set up elsewhere, or was moved. Set one up where it stays.
    ORP_MOVED = 406,
    /// The record that waits is of another step: orp_pending says which.
    ORP_WRONG_STEP = 407,
}

use orp_status::{
    ORP_ADDRESS, ORP_ALPHABET, ORP_AMBIGUOUS, ORP_ARGUMENT, ORP_BLANK_KEY, ORP_BUSY, ORP_CAP, ORP_CHECK, ORP_DEMONSTRATION, ORP_EMPTY,
    ORP_EPOCH, ORP_EXPIRED, ORP_GRANT_EXPIRED, ORP_KEY_CHECK, ORP_LENGTH, ORP_MAIL_BIT, ORP_METHOD, ORP_MISALIGNED, ORP_MOVED,
    ORP_NO_CHALLENGE, ORP_NO_GRANT, ORP_NONE_ON_FILE, ORP_NOT_GENUINE, ORP_NOT_PENDING, ORP_NOT_SET_UP, ORP_NULL, ORP_OK, ORP_OVERLAP,
    ORP_PADDING, ORP_PENDING, ORP_POISONED, ORP_PURPOSE, ORP_REJECTED, ORP_RESERVED_BITS, ORP_RESERVED_K, ORP_SERIAL, ORP_SHORT_BUFFER,
    ORP_STALE, ORP_STOPPED, ORP_STORE, ORP_STORE_FAILED, ORP_TOO_LONG, ORP_TOO_SOON, ORP_UNKNOWN_VERSION, ORP_UNREADABLE, ORP_URL,
    ORP_UTF8, ORP_VERIFIED, ORP_VERSION, ORP_WAITING, ORP_WRONG_KIND, ORP_WRONG_STEP,
};

/// Why a function ends early: its status, and the detail that goes with it.
#[derive(Clone, Copy)]
pub(crate) struct Refusal {
    pub(crate) status: orp_status,
    pub(crate) detail: u32,
}

pub(crate) const fn with(status: orp_status, detail: u64) -> Refusal {
    Refusal { status, detail: if detail > u32::MAX as u64 { u32::MAX } else { detail as u32 } }
}

impl From<orp_status> for Refusal {
    fn from(status: orp_status) -> Self {
        with(status, 0)
    }
}

macro_rules! from_one {
    ($($error:ty => $status:ident),+ $(,)?) => {
        $(impl From<$error> for Refusal {
            fn from(_: $error) -> Self {
                $status.into()
            }
        })+
    };
}

from_one! {
    InvalidSerial => ORP_SERIAL,
    InvalidAddress => ORP_ADDRESS,
    InvalidUrl => ORP_URL,
    InvalidEpoch => ORP_EPOCH,
    InvalidCap => ORP_CAP,
    MailBitMismatch => ORP_MAIL_BIT,
    NotGenuine => ORP_NOT_GENUINE,
    GrantExpired => ORP_GRANT_EXPIRED,
    NoGrant => ORP_NO_GRANT,
    ReservedK => ORP_RESERVED_K,
}

impl From<KeyError> for Refusal {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Length { found } => with(ORP_LENGTH, found as u64),
            KeyError::Blank => ORP_BLANK_KEY.into(),
            KeyError::Demonstration => ORP_DEMONSTRATION.into(),
            _ => ORP_KEY_CHECK.into(),
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Stale => ORP_STALE.into(),
            StoreError::StoreFailed => ORP_STORE_FAILED.into(),
            StoreError::Pending => ORP_PENDING.into(),
            StoreError::NotPending => ORP_NOT_PENDING.into(),
            _ => ORP_POISONED.into(),
        }
    }
}

impl From<OpenError> for Refusal {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Method => ORP_METHOD.into(),
            OpenError::TooSoon { remaining } => with(ORP_TOO_SOON, remaining.as_secs()),
            OpenError::Store(error) => error.into(),
            _ => ORP_BUSY.into(),
        }
    }
}

impl From<CodeError> for Refusal {
    fn from(error: CodeError) -> Self {
        match error {
            CodeError::Empty => ORP_EMPTY.into(),
            CodeError::TooLong { limit } => with(ORP_TOO_LONG, limit as u64),
            CodeError::Alphabet { position } => with(ORP_ALPHABET, position as u64),
            CodeError::Length { found } => with(ORP_LENGTH, found as u64),
            _ => ORP_WRONG_KIND.into(),
        }
    }
}

impl From<SubmitError> for Refusal {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Read(error) => error.into(),
            SubmitError::NoChallenge => ORP_NO_CHALLENGE.into(),
            SubmitError::Check => ORP_CHECK.into(),
            SubmitError::ReservedK => ORP_RESERVED_K.into(),
            SubmitError::Method => ORP_METHOD.into(),
            SubmitError::Expired => ORP_EXPIRED.into(),
            SubmitError::Waiting { remaining } => with(ORP_WAITING, remaining.as_secs()),
            SubmitError::Store(error) => error.into(),
            _ => ORP_STOPPED.into(),
        }
    }
}

impl From<ReadError> for Refusal {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Empty => ORP_EMPTY.into(),
            ReadError::TooLong { limit } => with(ORP_TOO_LONG, limit as u64),
            ReadError::Alphabet { position } => with(ORP_ALPHABET, position as u64),
            ReadError::WrongKind => ORP_WRONG_KIND.into(),
            ReadError::Length { found } => with(ORP_LENGTH, found as u64),
            ReadError::Version { found } => with(ORP_VERSION, found.into()),
            ReadError::Purpose { found } => with(ORP_PURPOSE, found.into()),
            _ => ORP_CHECK.into(),
        }
    }
}

impl From<QrError> for Refusal {
    fn from(error: QrError) -> Self {
        match error {
            QrError::Empty => ORP_EMPTY.into(),
            QrError::TooLong { limit } => with(ORP_TOO_LONG, limit as u64),
            QrError::Alphabet { position } => with(ORP_ALPHABET, position as u64),
            QrError::Length { found } => with(ORP_LENGTH, found as u64),
            QrError::Padding => ORP_PADDING.into(),
            QrError::Version { found } => with(ORP_VERSION, found.into()),
            QrError::ReservedBits => ORP_RESERVED_BITS.into(),
            QrError::Purpose { found } => with(ORP_PURPOSE, found.into()),
            QrError::Serial => ORP_SERIAL.into(),
            _ => ORP_UNKNOWN_VERSION.into(),
        }
    }
}

impl From<ReceivedError> for Refusal {
    fn from(error: ReceivedError) -> Self {
        match error {
            ReceivedError::Typed(error) => error.into(),
            ReceivedError::Qr(error) => error.into(),
            _ => ORP_UNKNOWN_VERSION.into(),
        }
    }
}

impl From<CorrectionsError> for Refusal {
    fn from(error: CorrectionsError) -> Self {
        match error {
            CorrectionsError::Empty => ORP_EMPTY.into(),
            CorrectionsError::TooLong { limit } => with(ORP_TOO_LONG, limit as u64),
            CorrectionsError::Length { found } => with(ORP_LENGTH, found as u64),
            CorrectionsError::Unreadable { found } => with(ORP_UNREADABLE, found as u64),
            _ => ORP_AMBIGUOUS.into(),
        }
    }
}

impl From<VerifyError> for Refusal {
    fn from(error: VerifyError) -> Self {
        match error {
            VerifyError::Address => ORP_ADDRESS.into(),
            _ => ORP_NOT_GENUINE.into(),
        }
    }
}

impl From<SecureCodeError> for Refusal {
    fn from(error: SecureCodeError) -> Self {
        match error {
            SecureCodeError::Method => ORP_METHOD.into(),
            _ => ORP_NONE_ON_FILE.into(),
        }
    }
}

/// Name and log text of every status; C reads them to the NUL.
const TEXTS: [(orp_status, &CStr); 52] = [
    (ORP_OK, c"done"),
    (ORP_STORE, c"a record has to be stored"),
    (ORP_VERIFIED, c"verified"),
    (ORP_EMPTY, c"nothing was typed"),
    (ORP_TOO_LONG, c"the text is too long"),
    (ORP_ALPHABET, c"a character is not allowed here"),
    (ORP_WRONG_KIND, c"this is the other kind of text: challenge, code or QR"),
    (ORP_LENGTH, c"the length is wrong"),
    (ORP_CHECK, c"mistyped: the check does not fit; a code may also be for another challenge"),
    (ORP_VERSION, c"the version is not known"),
    (ORP_PURPOSE, c"the purpose is not known"),
    (ORP_RESERVED_BITS, c"a reserved bit is set"),
    (ORP_PADDING, c"the last symbol is not as it is written"),
    (ORP_UNKNOWN_VERSION, c"not a reset QR code of a version known here"),
    (ORP_UNREADABLE, c"too many characters are unreadable"),
    (ORP_AMBIGUOUS, c"too many challenges are possible"),
    (ORP_RESERVED_K, c"no code begins with 0"),
    (ORP_SERIAL, c"a serial is 1 to 20 characters of A-Z and 0-9"),
    (ORP_ADDRESS, c"not an e-mail address"),
    (ORP_MAIL_BIT, c"the address and the challenge's header do not agree"),
    (ORP_URL, c"a URL is HTTPS://HOST/PATH/ in upper case, at most 96 characters"),
    (ORP_EPOCH, c"an epoch is 0 to 7"),
    (ORP_CAP, c"a cap is 1 second to 72 hours"),
    (ORP_UTF8, c"the text is not UTF-8"),
    (ORP_BLANK_KEY, c"the key is blank"),
    (ORP_DEMONSTRATION, c"a demonstration's key or serial, and a product's, do not mix"),
    (ORP_KEY_CHECK, c"the key does not fit its check value"),
    (ORP_TOO_SOON, c"too soon for a new challenge"),
    (ORP_BUSY, c"another challenge is open on the network"),
    (ORP_NO_CHALLENGE, c"no challenge is open"),
    (ORP_EXPIRED, c"the code has expired"),
    (ORP_METHOD, c"this kind of code is not taken here"),
    (ORP_WAITING, c"codes are taken again after a wait"),
    (ORP_STOPPED, c"no more codes are taken here"),
    (ORP_PENDING, c"a record waits to be confirmed"),
    (ORP_STALE, c"another owner has written the ledger"),
    (ORP_STORE_FAILED, c"the record was not stored"),
    (ORP_POISONED, c"the ledger has to be loaded again"),
    (ORP_GRANT_EXPIRED, c"the Grant has expired"),
    (ORP_NO_GRANT, c"there is no Grant of this handle to take"),
    (ORP_NONE_ON_FILE, c"no address is on file"),
    (ORP_NOT_PENDING, c"no record waits to be confirmed"),
    (ORP_REJECTED, c"rejected"),
    (ORP_NOT_GENUINE, c"no device with this serial made this challenge"),
    (ORP_NULL, c"a pointer is NULL"),
    (ORP_OVERLAP, c"two arguments share memory"),
    (ORP_MISALIGNED, c"a pointer is not aligned"),
    (ORP_SHORT_BUFFER, c"the buffer is too short"),
    (ORP_ARGUMENT, c"an argument has no meaning"),
    (ORP_NOT_SET_UP, c"the struct was not set up"),
    (ORP_MOVED, c"the struct was copied or moved"),
    (ORP_WRONG_STEP, c"another step has to come first"),
];

/// What a device says to its owner, in English and Dutch; of what is not listed, `START_AGAIN`.
const START_AGAIN: (&CStr, &CStr) = (c"Please start again.", c"Begin opnieuw.");
const NO_KEY: (&CStr, &CStr) = (
    c"This device's key is missing or damaged: no code can work. Ask the manufacturer.",
    c"De sleutel van dit apparaat ontbreekt of is beschadigd: geen enkele code werkt. Neem contact op met de fabrikant.",
);
const OWNER_TEXTS: [(orp_status, &CStr, &CStr); 24] = [
    (ORP_OK, c"Done.", c"Gereed."),
    (ORP_EMPTY, c"Nothing was typed.", c"Er is niets ingetypt."),
    (ORP_TOO_LONG, c"That is too long for a code: a code has 12 digits.", c"Dat is te lang voor een code: een code heeft 12 cijfers."),
    (ORP_ALPHABET, c"A code has digits only.", c"Een code bestaat uit cijfers."),
    (ORP_UTF8, c"A code has digits only.", c"Een code bestaat uit cijfers."),
    (
        ORP_WRONG_KIND,
        c"That is the serial number. Type the code that support gave you or that came by e-mail: 12 digits.",
        c"Dat is het serienummer. Typ de code die u van de helpdesk of per e-mail hebt gekregen: 12 cijfers.",
    ),
    (ORP_LENGTH, c"A code has 12 digits.", c"Een code heeft 12 cijfers."),
    (
        ORP_CHECK,
        c"This is not a code for what is on the screen now: a typing error, or an older code. This cost no attempt.",
        c"Dit is geen code voor wat er nu op het scherm staat: een typefout, of een oudere code. Dit kost geen poging.",
    ),
    (ORP_RESERVED_K, c"No code begins with 0. This cost no attempt.", c"Geen enkele code begint met 0. Dit kost geen poging."),
    (ORP_BLANK_KEY, NO_KEY.0, NO_KEY.1),
    (ORP_KEY_CHECK, NO_KEY.0, NO_KEY.1),
    (
        ORP_DEMONSTRATION,
        c"This device has a demonstration's key or serial number. Ask the manufacturer.",
        c"Dit apparaat heeft een sleutel of serienummer voor demonstraties. Neem contact op met de fabrikant.",
    ),
    (ORP_TOO_SOON, c"Wait a moment before asking for a new serial number.", c"Wacht even voordat u een nieuw serienummer vraagt."),
    (
        ORP_BUSY,
        c"Somebody has another request open on the web page. Use the device's own screen, or wait until it has lapsed.",
        c"Iemand heeft op de webpagina een andere aanvraag open. Gebruik het scherm van het apparaat zelf, of wacht tot het verlopen is.",
    ),
    (
        ORP_NO_CHALLENGE,
        c"No request is open here, so no code can work. Choose 'Forgot password' and ask for a new code.",
        c"Er staat hier geen aanvraag open, dus geen enkele code werkt. Kies 'Wachtwoord vergeten' en vraag een nieuwe code aan.",
    ),
    (
        ORP_EXPIRED,
        c"This code was good for a limited time, and that time is over. Ask for one that is good for longer, or close this on the device's \
          own screen and choose 'Forgot password' there for a new serial number. This cost no attempt.",
        c"Deze code was beperkt geldig en die tijd is voorbij. Vraag er een die langer geldig is, of sluit dit op het scherm van het \
          apparaat zelf en kies daar 'Wachtwoord vergeten' voor een nieuw serienummer. Dit kost geen poging.",
    ),
    (
        ORP_METHOD,
        c"This kind of code is not accepted here. This cost no attempt.",
        c"Dit soort code wordt hier niet geaccepteerd. Dit kost geen poging.",
    ),
    (
        ORP_WAITING,
        c"Too many wrong codes. Try again later, and leave this open meanwhile.",
        c"Te vaak een foute code. Probeer het later opnieuw en laat dit zolang openstaan.",
    ),
    (
        ORP_STOPPED,
        c"The web page accepts no more codes. Use the device's own screen, or have an administrator allow codes again.",
        c"De webpagina accepteert geen codes meer. Gebruik het scherm van het apparaat zelf, of laat een beheerder codes weer toestaan.",
    ),
    (
        ORP_STORE_FAILED,
        c"The memory did not keep what was written. Please start again.",
        c"Het geheugen heeft niet bewaard wat er is geschreven. Begin opnieuw.",
    ),
    (
        ORP_GRANT_EXPIRED,
        c"The 10 minutes are over, and nothing was set. Choose 'Forgot password' again.",
        c"De 10 minuten zijn voorbij en er is niets ingesteld. Kies 'Wachtwoord vergeten' opnieuw.",
    ),
    (ORP_NO_GRANT, c"Nothing was set. Choose 'Forgot password' again.", c"Er is niets ingesteld. Kies 'Wachtwoord vergeten' opnieuw."),
    (ORP_REJECTED, c"This code is not right. The attempt was counted.", c"Deze code is niet juist. De poging is geteld."),
    (ORP_VERIFIED, c"The code is right.", c"De code klopt."),
];

/// What a status means, in plain English, for a log: never NULL, never freed. "unknown status" for a number that is none.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn orp_strerror(status: i32) -> *const c_char {
    let found = TEXTS.iter().find(|(known, _)| *known as i32 == status);
    found.map_or(c"unknown status", |(_, text)| text).as_ptr()
}

/// ORP_DUTCH, which types.rs has: it stands above this file.
pub(crate) const DUTCH: i32 = 1;

/// A sentence for the owner at the device, in UTF-8: never NULL, never freed. 'Please start again.' for a status that is not the owner's
/// business, English for a language that is none. Seconds and positions are in `detail`, for the program to add.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn orp_owner_text(status: i32, language: i32) -> *const c_char {
    let found = OWNER_TEXTS.iter().find(|(known, ..)| *known as i32 == status);
    let (english, dutch) = found.map_or(START_AGAIN, |&(_, english, dutch)| (english, dutch));
    if language == DUTCH { dutch } else { english }.as_ptr()
}
