//! §8 and §18.3

use crate::challenge::{is_alphanumeric, normalise};
use crate::error::{Error, error, error_of};
use crate::keys::{f, hdr_nonce};

const DAMM: [&[u8; 10]; 10] = [
    b"0317598642",
    b"7092154863",
    b"4206871359",
    b"1750983426",
    b"6123045978",
    b"3674209581",
    b"5869720134",
    b"8945362017",
    b"9438617205",
    b"2581436790",
];

pub fn seed(nonce: [u8; 5]) -> u8 {
    let n = nonce.iter().fold(0u64, |n, &b| n << 8 | u64::from(b));
    ((n * 10) >> 40) as u8
}

pub fn damm(x: u8, digits: &[u8]) -> u8 {
    digits.iter().fold(x, |x, &d| DAMM[usize::from(x)][usize::from(d)] - b'0')
}

pub fn code_digits(key: &[u8; 32], k: u8, hdr: u16, nonce: [u8; 5]) -> [u8; 12] {
    let mut m = vec![k];
    m.extend(hdr_nonce(hdr, nonce));
    let mut x = f(key, 0x03, &m)[0..8].iter().fold(0u64, |x, &b| x << 8 | u64::from(b));
    let mut code = [0; 12];
    code[0] = k;
    for d in &mut code[1..11] {
        let ten = u128::from(x) * 10;
        *d = (ten >> 64) as u8;
        x = ten as u64;
    }
    code[11] = damm(seed(nonce), &code[0..11]);
    code
}

pub fn write_code(code: &[u8; 12]) -> String {
    let digits: Vec<String> = code.chunks(4).map(|g| g.iter().map(|d| char::from(b'0' + d)).collect()).collect();
    digits.join("-")
}

pub fn code_text(key: &[u8; 32], k: u8, hdr: u16, nonce: [u8; 5]) -> Result<String, Error> {
    if !(1..=9).contains(&k) {
        return Err(error("reserved-k"));
    }
    Ok(write_code(&code_digits(key, k, hdr, nonce)))
}

pub fn read_code(text: &str) -> Result<[u8; 12], Error> {
    let s = normalise(text, 128)?;
    if s.is_empty() {
        return Err(error("empty"));
    }
    for &(ch, position) in &s {
        if !is_alphanumeric(ch) {
            return Err(error_of("alphabet", position));
        }
    }
    if let Some(&(_, position)) = s.iter().find(|(ch, _)| ch.is_ascii_uppercase()) {
        if (21..=40).contains(&s.len()) {
            return Err(error("wrong-kind"));
        }
        return Err(error_of("alphabet", position));
    }
    if s.len() != 12 {
        return Err(error_of("length", s.len() as u64));
    }
    Ok(std::array::from_fn(|i| s[i].0 as u8 - b'0'))
}

/// 0: dynamic password, 1: secure code. None: reserved.
pub fn method(k: u8) -> Option<u8> {
    match k {
        1..=5 => Some(0),
        6..=9 => Some(1),
        _ => None,
    }
}

/// Seconds.
pub fn limit(k: u8) -> Option<u64> {
    match k {
        1 | 6 => Some(600),
        2 | 7 => Some(3600),
        3 | 8 => Some(28800),
        4 | 9 => Some(86400),
        5 => Some(259_200),
        _ => None,
    }
}
