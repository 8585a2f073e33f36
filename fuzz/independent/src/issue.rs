//! §12, D in hand

use crate::challenge::{Read, verify};
use crate::code::{code_text, method};
use crate::error::{Error, error};
use crate::qr::{ReadQr, verify_qr};

/// The code for a typed challenge.
pub fn answer(key: &[u8; 32], read: &Read, k: u8) -> Result<String, Error> {
    verify(key, read)?;
    code_text(key, k, read.hdr, read.nonce)
}

/// The code for a QR, and the address on file.
pub fn answer_qr(key: &[u8; 32], q: &ReadQr, k: u8) -> Result<(String, Option<String>), Error> {
    let address = verify_qr(key, q)?;
    Ok((code_text(key, k, q.hdr, q.nonce)?, address))
}

/// A secure code, and where it goes.
pub fn secure_code(key: &[u8; 32], q: &ReadQr, k: u8) -> Result<(String, String), Error> {
    let (code, address) = answer_qr(key, q, k)?; // reserved-k
    let address = address.ok_or(error("none-on-file"))?;
    if method(k) == Some(1) { Ok((address, code)) } else { Err(error("method")) }
}
