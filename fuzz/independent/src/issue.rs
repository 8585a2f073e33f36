//! §12

use crate::challenge::{Read, verify};
use crate::code::{code_text, method};
use crate::error::{Error, error};
use crate::header::read_header;
use crate::keys::device_key;
use crate::qr::{ReadQr, verify_qr};

/// DUTY-10, read as: the mail bit decides, for both kinds of challenge, after the tag was verified.
fn on_file(hdr: u16, k: u8) -> Result<(), Error> {
    if method(k) == Some(1) && !read_header(hdr)?.mail { Err(error("none-on-file")) } else { Ok(()) }
}

/// The code for a typed challenge, `root` being that of its epoch.
pub fn answer(root: &[u8; 32], read: &Read, k: u8) -> Result<String, Error> {
    let key = device_key(root, &read.serial)?;
    verify(&key, read)?;
    on_file(read.hdr, k)?;
    code_text(&key, k, read.hdr, read.nonce)
}

/// The code for a QR, and the address on file.
pub fn answer_qr(root: &[u8; 32], q: &ReadQr, k: u8) -> Result<(String, Option<String>), Error> {
    let key = device_key(root, &q.serial)?;
    let address = verify_qr(&key, q)?;
    on_file(q.hdr, k)?;
    Ok((code_text(&key, k, q.hdr, q.nonce)?, address))
}
