//! §11

use crate::address::{pad, seal, tag, valid_address, xor_stream};
use crate::challenge::{ALPHABET, symbol};
use crate::error::{Error, error, error_of};
use crate::header::read_header;
use crate::keys::{hdr_nonce, valid_serial};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadQr {
    pub serial: String,
    pub hdr: u16,
    pub nonce: [u8; 5],
    pub t: [u8; 16],
    pub sealed: Vec<u8>,
}

pub fn base32(bytes: &[u8]) -> String {
    let (mut out, mut bits, mut n) = (String::new(), 0u32, 0);
    for &b in bytes {
        bits = bits << 8 | u32::from(b);
        n += 8;
        while n >= 5 {
            n -= 5;
            out.push(char::from(ALPHABET[(bits >> n & 31) as usize]));
        }
        bits &= (1 << n) - 1;
    }
    if n > 0 {
        out.push(char::from(ALPHABET[(bits << (5 - n) & 31) as usize]));
    }
    out
}

/// QR-2
pub fn valid_url(url: &str) -> bool {
    url.len() <= 96
        && url.strip_prefix("HTTPS://").and_then(|r| r.strip_suffix('/')).is_some_and(|between| !between.is_empty())
        && url.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b"-./:".contains(&b))
}

pub fn payload(k: &[u8; 32], serial: &str, hdr: u16, nonce: [u8; 5], address: Option<&[u8]>) -> Result<Vec<u8>, Error> {
    if !valid_serial(serial) {
        return Err(error("serial"));
    }
    let (t, sealed) = seal(k, hdr, nonce, address)?;
    let mut p = hdr_nonce(hdr, nonce);
    p.push(serial.len() as u8);
    p.extend_from_slice(serial.as_bytes());
    p.extend(t);
    p.extend(sealed);
    Ok(p)
}

/// Without a URL: for the vendor's app.
pub fn write_qr(k: &[u8; 32], serial: &str, hdr: u16, nonce: [u8; 5], address: Option<&[u8]>, url: Option<&str>) -> Result<String, Error> {
    let p = payload(k, serial, hdr, nonce, address)?;
    let before = match url {
        None => "ORP1:",
        Some(u) if valid_url(u) => u,
        Some(_) => return Err(error("url")),
    };
    Ok(format!("{before}{}", base32(&p)))
}

fn begins(text: &[char], with: &str) -> bool {
    text.len() >= with.len() && text.iter().zip(with.chars()).all(|(a, b)| a.to_ascii_uppercase() == b)
}

pub fn read_qr(text: &str) -> Result<ReadQr, Error> {
    if text.len() > 640 {
        return Err(error_of("too-long", 640));
    }
    let all: Vec<char> = text.chars().collect();
    let white = |c: &char| matches!(c, '\u{9}'..='\u{D}' | ' ');
    let Some(first) = all.iter().position(|c| !white(c)) else {
        return Err(error("empty"));
    };
    let last = all.iter().rposition(|c| !white(c)).expect("there is one");
    let text = &all[first..=last];
    let at = if begins(text, "ORP1:") {
        5
    } else if begins(text, "HTTPS://") {
        text.iter().rposition(|&c| c == '/').expect("there are two") + 1
    } else {
        return Err(error("unknown-version"));
    };
    let b = &text[at..];
    let mut values = Vec::new();
    for (i, c) in b.iter().enumerate() {
        values.push(symbol(c.to_ascii_uppercase()).ok_or(error_of("alphabet", (first + at + i) as u64))?);
    }
    if b.len() > 479 {
        return Err(error("unknown-version"));
    }
    let length = Err(error_of("length", b.len() as u64));
    if matches!(b.len() % 8, 1 | 3 | 6) {
        return length;
    }
    let (mut p, mut bits, mut n) = (Vec::new(), 0u32, 0);
    for v in values {
        bits = bits << 5 | u32::from(v);
        n += 5;
        if n >= 8 {
            n -= 8;
            p.push((bits >> n) as u8);
            bits &= (1 << n) - 1;
        }
    }
    if bits != 0 {
        return Err(error("padding"));
    }
    if p.len() < 8 {
        return length;
    }
    let hdr = u16::from_be_bytes([p[0], p[1]]);
    let mail = read_header(hdr)?.mail;
    let n = usize::from(p[7]);
    if !(1..=20).contains(&n) {
        return Err(error("serial"));
    }
    if p.len() < 8 + n + 16 {
        return length;
    }
    let serial = String::from_utf8(p[8..8 + n].to_vec()).ok().filter(|s| valid_serial(s)).ok_or(error("serial"))?;
    let rest = &p[8 + n + 16..];
    if !mail && !rest.is_empty() {
        return Err(error("unknown-version"));
    }
    if mail {
        if rest.len() > 255 {
            return Err(error("unknown-version"));
        }
        if ![32, 64, 128, 255].contains(&rest.len()) {
            return length;
        }
    }
    Ok(ReadQr {
        serial,
        hdr,
        nonce: p[2..7].try_into().expect("5 bytes"),
        t: p[8 + n..8 + n + 16].try_into().expect("16 bytes"),
        sealed: rest.to_vec(),
    })
}

/// The address on file, or None when there is none.
pub fn verify_qr(k: &[u8; 32], q: &ReadQr) -> Result<Option<String>, Error> {
    let p = xor_stream(k, &q.t, &q.sealed);
    if tag(k, q.hdr, q.nonce, &p) != q.t {
        return Err(error("tag"));
    }
    if !read_header(q.hdr)?.mail {
        return Ok(None);
    }
    let e = p.iter().skip(1).take(usize::from(p[0])).copied().collect::<Vec<u8>>();
    if pad(&e)? != p || !valid_address(&e) {
        return Err(error("address"));
    }
    String::from_utf8(e).map(Some).map_err(|_| error("address"))
}
