#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod address;
mod bytes;
mod challenge;
mod code;
mod corrections;
mod digits;
mod error;
mod header;
mod hmac;
mod issue;
mod keys;
mod public;
mod qr;
mod record;
mod serial;
mod session;
mod spelling;
mod symbols;
mod term;
mod text;
mod time;
mod wipe;

#[cfg(feature = "hazmat")]
pub mod hazmat;

pub use address::{Address, MAX_ADDRESS, MAX_MASKED, MaskedAddress};
pub use challenge::{Challenge, ChallengeText, MAX_CHALLENGE_INPUT, MAX_CHALLENGE_TEXT, TypedChallenge};
pub use code::{Code, MAX_CODE_INPUT};
pub use corrections::{Candidate, Corrections, MAX_CANDIDATES, MAX_UNREADABLE, corrections};
pub use error::{
    CodeError, CorrectionsError, GrantExpired, InvalidAddress, InvalidCap, InvalidEpoch, InvalidSerial, InvalidUrl, KeyError,
    MailBitMismatch, NoGrant, NotGenuine, OpenError, QrError, ReadError, ReceivedError, Rejected, ReservedK, SecureCodeError, StoreError,
    SubmitError, VerifyError,
};
pub use header::{Epoch, Header, Nonce, Origin, Purpose};
pub use issue::{Genuine, GenuineQr, Received, UnsealedAddress};
#[cfg(feature = "demonstration")]
pub use keys::demonstration_key;
pub use keys::{CheckValue, DeviceKey, RootKey, check_root, root_check_message};
pub use qr::{MAX_QR_INPUT, MAX_QR_TEXT, MAX_URL, QrChallenge, QrText, Rendering, Url};
pub use record::{LedgerState, Loaded, SEALED_RECORD, Slot, SlotState, Slots};
pub use serial::{MAX_SERIAL, RootMessage, Serial};
pub use session::{
    Attempt, Clearing, Closing, Compared, Device, GRANT_VALIDITY, Grant, HANDLE, Ledger, Lowered, Lowering, MAX_STATE, Methods,
    NETWORK_STOP, OPEN_INTERVAL, Opened, Opening, Policy, Request, Reset, Resumed, Shown, Standing,
};
pub use spelling::{Language, spell};
pub use term::{MAX_VALIDITY, Method, Term};
pub use text::Text;
pub use time::Uptime;
