//! §4

use crate::error::{Error, error};

/// §18.7
pub const PUBLIC_ROOT: &[u8; 32] = b"ORP1 PUBLIC ROOT FOR DEMOS ONLY.";

/// KEY-3
pub fn valid_serial(serial: &str) -> bool {
    (1..=20).contains(&serial.len()) && serial.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

fn key_message(serial: &str) -> Vec<u8> {
    [b"ORP1\0", serial.as_bytes(), &[0x01]].concat()
}

pub fn root_message(serial: &str) -> Result<Vec<u8>, Error> {
    if !valid_serial(serial) {
        return Err(error("serial"));
    }
    if serial.starts_with("ORPDEMO") {
        return Err(error("demonstration"));
    }
    Ok(key_message(serial))
}

pub fn hmac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    hmac_sha256::HMAC::mac(message, key)
}

pub fn device_key(root: &[u8; 32], serial: &str) -> Result<[u8; 32], Error> {
    Ok(hmac(root, &root_message(serial)?))
}

fn blank(k: &[u8; 32]) -> bool {
    *k == [0x00; 32] || *k == [0xff; 32]
}

pub fn take_root(root: &[u8; 32], epoch: u64) -> Result<(), Error> {
    if epoch > 7 {
        return Err(error("epoch"));
    }
    take_key(root)?;
    if root == PUBLIC_ROOT { Err(error("demonstration")) } else { Ok(()) }
}

pub fn take_key(k: &[u8; 32]) -> Result<(), Error> {
    if blank(k) { Err(error("blank-key")) } else { Ok(()) }
}

pub fn root_check_message(epoch: u64) -> Result<Vec<u8>, Error> {
    match u8::try_from(epoch) {
        Ok(epoch @ 0..=7) => Ok([b"ORP1\x09", &[epoch, 0x01][..]].concat()),
        _ => Err(error("epoch")),
    }
}

/// `mac` is the root's, over the message.
pub fn check_root(mac: &[u8; 32], epoch: u64, expected: &[u8]) -> Result<(), Error> {
    let m = root_check_message(epoch)?;
    if blank(mac) || *mac == hmac(&[0x00; 32], &m) || *mac == hmac(&[0xff; 32], &m) {
        return Err(error("blank-key"));
    }
    if *mac == hmac(PUBLIC_ROOT, &m) {
        return Err(error("demonstration"));
    }
    if mac[0..4] == *expected { Ok(()) } else { Err(error("key-check")) }
}

pub fn key_check(k: &[u8; 32], serial: &str) -> [u8; 4] {
    f(k, 0x08, serial.as_bytes())[0..4].try_into().expect("4 bytes")
}

pub fn check_device(k: &[u8; 32], serial: &str, check: &[u8]) -> Result<(), Error> {
    take_key(k)?;
    if *k == device_key(PUBLIC_ROOT, serial)? {
        return Err(error("demonstration"));
    }
    if key_check(k, serial) == check { Ok(()) } else { Err(error("key-check")) }
}

pub fn demonstration_key(serial: &str) -> Result<[u8; 32], Error> {
    if !valid_serial(serial) {
        return Err(error("serial"));
    }
    if !serial.starts_with("ORPDEMO") {
        return Err(error("demonstration"));
    }
    Ok(hmac(PUBLIC_ROOT, &key_message(serial)))
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
