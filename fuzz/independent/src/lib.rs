//! A second implementation of the Offline Reset Protocol, written from SPEC.md alone: near to its pseudo-code, one module
//! for each of its sections. For differential tests and fuzzing only: it is neither constant-time nor does it wipe
//! anything (SPEC §14 is not implemented).
#![forbid(unsafe_code)]

pub mod address;
pub mod challenge;
pub mod code;
pub mod corrections;
pub mod error;
pub mod header;
pub mod issue;
pub mod keys;
pub mod ledger;
pub mod qr;
pub mod session;

pub use error::Error;
