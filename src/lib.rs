#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod challenge;
mod code;
mod corrections;
mod email;
mod error;
mod header;
mod issue;
mod ledger;
mod prf;
mod public;
mod qr;
mod session;
mod spelling;
mod symbols;
mod text;
mod time;
mod wipe;

#[cfg(feature = "hazmat")]
pub mod hazmat;

pub use challenge::{Challenge, ChallengeText, MAX_CHALLENGE_INPUT, MAX_CHALLENGE_TEXT, TypedChallenge};
pub use code::{Code, MAX_CODE_INPUT, MAX_VALIDITY, Method, Term};
pub use corrections::{Candidate, Corrections, MAX_CANDIDATES, MAX_UNREADABLE, corrections};
pub use email::{Address, MAX_ADDRESS, MAX_MASKED, MaskedAddress};
pub use error::{
    CodeError, CorrectionsError, GrantExpired, InvalidAddress, InvalidCap, InvalidEpoch, InvalidSerial, InvalidUrl, MailBitMismatch,
    NotGenuine, OpenError, QrError, ReadError, Rejected, SecureCodeError, StoreError, SubmitError, VerifyError,
};
pub use header::{Epoch, Header, Nonce, Origin, Purpose};
pub use issue::{Genuine, GenuineQr, OpenedAddress, Received, ReceivedError};
pub use ledger::{LedgerState, Loaded, MAX_STATE, NETWORK_STOP, SEALED_RECORD, Slot, SlotState, Slots};
pub use prf::{DeviceKey, MAX_SERIAL, RootKey, RootMessage, Serial};
pub use qr::{MAX_QR_INPUT, MAX_QR_TEXT, MAX_URL, QrChallenge, QrText, Rendering, Url};
pub use session::{
    Attempt, Clearing, Closing, Compared, Device, GRANT_VALIDITY, Grant, Ledger, LoggedIn, Login, Methods, OPEN_INTERVAL, Opened, Opening,
    Policy, Request, Reset, Resumed, Shown, Standing,
};
pub use spelling::{Language, spell};
pub use text::Text;
pub use time::Uptime;
