//! §6

use crate::error::{Error, error, error_of};
use crate::header::read_header;
use crate::keys::{f, hdr_nonce, valid_serial};

pub const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
pub const CONSTANT: u32 = 0x2bc8_30a3;
const GEN: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];

/// What was read, its tag not compared yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    pub serial: String,
    pub hdr: u16,
    pub nonce: [u8; 5],
    /// 20 bits
    pub tag: u32,
}

pub fn symbol(ch: char) -> Option<u8> {
    ALPHABET.iter().position(|&a| char::from(a) == ch).map(|i| i as u8)
}

/// The polynomial's remainder, from the state `c`.
pub fn polymod_from(c: u32, values: &[u8]) -> u32 {
    let mut c = c;
    for &v in values {
        let b = c >> 25;
        c = ((c & 0x01ff_ffff) << 5) ^ u32::from(v);
        for (i, g) in GEN.iter().enumerate() {
            if (b >> i) & 1 == 1 {
                c ^= g;
            }
        }
    }
    c
}

pub fn polymod(values: &[u8]) -> u32 {
    polymod_from(1, values)
}

pub fn serial_values(serial: &str) -> Vec<u8> {
    serial.bytes().flat_map(|b| [b >> 5, b & 31]).collect()
}

pub fn check_symbols(serial: &str, v14: &[u8]) -> [u8; 6] {
    let mut values = serial_values(serial);
    values.extend_from_slice(v14);
    values.extend_from_slice(&[0; 6]);
    let p = polymod(&values) ^ CONSTANT;
    std::array::from_fn(|i| (p >> (5 * (5 - i)) & 31) as u8)
}

pub fn valid(serial: &str, v20: &[u8]) -> bool {
    let mut values = serial_values(serial);
    values.extend_from_slice(v20);
    polymod(&values) == CONSTANT
}

/// The first 20 bits of F(0x02, hdr || nonce).
pub fn tag(k: &[u8; 32], hdr: u16, nonce: [u8; 5]) -> u32 {
    let x = f(k, 0x02, &hdr_nonce(hdr, nonce));
    u32::from_be_bytes([x[0], x[1], x[2], x[3]]) >> 12
}

/// The `n` lowest symbols of `x`, first the most significant.
fn symbols(x: u64, n: u32) -> impl Iterator<Item = u8> {
    (0..n).rev().map(move |i| (x >> (5 * i) & 31) as u8)
}

fn number(nonce: [u8; 5]) -> u64 {
    nonce.iter().fold(0, |n, &b| n << 8 | u64::from(b))
}

/// The tag as given: right or not.
pub fn write_challenge(serial: &str, hdr: u16, nonce: [u8; 5], tag: u32) -> Result<String, Error> {
    if !valid_serial(serial) {
        return Err(error("serial"));
    }
    let mut v: Vec<u8> = symbols(u64::from(hdr >> 6), 2).collect();
    v.extend(symbols(number(nonce), 8));
    v.extend(symbols(u64::from(tag), 4));
    let check = check_symbols(serial, &v);
    v.extend(check);
    let mut text = serial.to_string();
    for group in v.chunks(5) {
        text.push('-');
        text.extend(group.iter().map(|&x| char::from(ALPHABET[usize::from(x)])));
    }
    Ok(text)
}

/// With the right tag.
pub fn challenge_of(k: &[u8; 32], serial: &str, hdr: u16, nonce: [u8; 5]) -> Result<String, Error> {
    write_challenge(serial, hdr, nonce, tag(k, hdr, nonce))
}

impl Read {
    /// The canonical text.
    pub fn text(&self) -> String {
        write_challenge(&self.serial, self.hdr, self.nonce, self.tag).expect("it was read")
    }
}

/// §18.5
pub fn is_separator(ch: char) -> bool {
    matches!(ch as u32,
        0x0009..=0x000D | 0x0020 | 0x0085 | 0x00A0 | 0x1680 | 0x2000..=0x200A | 0x2028 | 0x2029 | 0x202F | 0x205F | 0x3000
        | 0x002D | 0x058A | 0x05BE | 0x1400 | 0x1806 | 0x2010..=0x2015 | 0x2053 | 0x207B | 0x208B | 0x2212 | 0x2E17
        | 0x2E1A | 0x2E3A | 0x2E3B | 0x2E40 | 0x2E5D | 0x301C
        | 0x3030 | 0x30A0 | 0xFE31 | 0xFE32 | 0xFE58 | 0xFE63 | 0xFF0D | 0x10D6E | 0x10EAD
        | 0x00AD | 0x034F | 0x061C | 0x180E | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0xFE0E | 0xFE0F | 0xFEFF)
}

pub fn normalise(text: &str, limit: usize) -> Result<Vec<(char, u64)>, Error> {
    if text.len() > limit {
        return Err(error_of("too-long", limit as u64));
    }
    let mut out = Vec::new();
    for (position, mut ch) in text.chars().enumerate() {
        if is_separator(ch) {
            continue;
        }
        if ('\u{FF01}'..='\u{FF5E}').contains(&ch) {
            ch = char::from_u32(ch as u32 - 0xFEE0).expect("0x21..=0x7E");
        }
        out.push((ch.to_ascii_uppercase(), position as u64));
    }
    Ok(out)
}

pub fn is_alphanumeric(ch: char) -> bool {
    ch.is_ascii_uppercase() || ch.is_ascii_digit()
}

pub fn read_challenge(text: &str) -> Result<Read, Error> {
    let s = normalise(text, 256)?;
    if s.is_empty() {
        return Err(error("empty"));
    }
    for &(ch, position) in &s {
        if !is_alphanumeric(ch) {
            return Err(error_of("alphabet", position));
        }
    }
    if s.len() == 12 && s.iter().all(|(ch, _)| ch.is_ascii_digit()) {
        return Err(error("wrong-kind"));
    }
    if s.len() < 21 || s.len() > 40 {
        return Err(error_of("length", s.len() as u64));
    }
    let (before, last) = s.split_at(s.len() - 20);
    let mut v = Vec::new();
    for &(ch, position) in last {
        let ch = match ch {
            'O' => '0',
            'I' | 'L' => '1',
            _ => ch,
        };
        v.push(symbol(ch).ok_or(error_of("alphabet", position))?); // U alone
    }
    let serial: String = before.iter().map(|(ch, _)| ch).collect();
    if !valid(&serial, &v) {
        return Err(error("check"));
    }
    let hdr = (u16::from(v[0]) << 5 | u16::from(v[1])) << 6;
    read_header(hdr)?;
    let join = |v: &[u8]| v.iter().fold(0u64, |n, &x| n << 5 | u64::from(x));
    let n = join(&v[2..10]).to_be_bytes();
    Ok(Read { serial, hdr, nonce: [n[3], n[4], n[5], n[6], n[7]], tag: join(&v[10..14]) as u32 })
}

/// CHL-8
pub fn verify(k: &[u8; 32], read: &Read) -> Result<(), Error> {
    if tag(k, read.hdr, read.nonce) == read.tag { Ok(()) } else { Err(error("tag")) }
}
