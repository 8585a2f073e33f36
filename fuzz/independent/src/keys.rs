//! §4

use crate::error::{Error, error};

/// KEY-3
pub fn valid_serial(serial: &str) -> bool {
    (1..=20).contains(&serial.len()) && serial.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

pub fn root_message(serial: &str) -> Result<Vec<u8>, Error> {
    if !valid_serial(serial) {
        return Err(error("serial"));
    }
    let mut m = b"ORP1\0".to_vec();
    m.extend_from_slice(serial.as_bytes());
    m.push(0x01);
    Ok(m)
}

pub fn hmac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    hmac_sha256::HMAC::mac(message, key)
}

pub fn device_key(root: &[u8; 32], serial: &str) -> Result<[u8; 32], Error> {
    Ok(hmac(root, &root_message(serial)?))
}

pub fn f(k: &[u8; 32], t: u8, m: &[u8]) -> [u8; 32] {
    let mut all = b"ORP1".to_vec();
    all.push(t);
    all.extend_from_slice(m);
    hmac(k, &all)
}

/// `hdr || nonce`
pub fn hdr_nonce(hdr: u16, nonce: [u8; 5]) -> Vec<u8> {
    let mut m = hdr.to_be_bytes().to_vec();
    m.extend_from_slice(&nonce);
    m
}
