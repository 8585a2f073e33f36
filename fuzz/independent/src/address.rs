//! §11, the address on file

use crate::error::{Error, error};
use crate::header::read_header;
use crate::keys::{f, hdr_nonce};

/// EML-1
pub fn valid_address(e: &[u8]) -> bool {
    let mut sides = e.split(|&b| b == b'@');
    let (Some(local), Some(domain), None) = (sides.next(), sides.next(), sides.next()) else { return false };
    let part_of =
        |marks: &'static [u8]| move |part: &[u8]| !part.is_empty() && part.iter().all(|b| b.is_ascii_alphanumeric() || marks.contains(b));
    let labels: Vec<&[u8]> = domain.split(|&b| b == b'.').collect();
    (3..=254).contains(&e.len())
        && (1..=64).contains(&local.len())
        && local[0].is_ascii_alphanumeric()
        && local.split(|&b| b == b'.').all(part_of(b"_+-"))
        && labels.iter().all(|l| part_of(b"-")(l) && l.len() <= 63 && l[0] != b'-' && l[l.len() - 1] != b'-')
        && labels[labels.len() - 1][0].is_ascii_alphabetic()
}

pub fn pad(e: &[u8]) -> Result<Vec<u8>, Error> {
    let size = [32, 64, 128, 255].into_iter().find(|&s| e.len() < s).ok_or(error("address"))?;
    let mut p = vec![e.len() as u8];
    p.extend_from_slice(e);
    p.resize(size, 0);
    Ok(p)
}

/// `padded` is empty when there is no address.
pub fn tag(k: &[u8; 32], hdr: u16, nonce: [u8; 5], padded: &[u8]) -> [u8; 16] {
    let mut m = hdr_nonce(hdr, nonce);
    m.extend_from_slice(padded);
    f(k, 0x04, &m)[0..16].try_into().expect("16 bytes")
}

pub fn xor_stream(k: &[u8; 32], t: &[u8; 16], data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for (i, block) in data.chunks(32).enumerate() {
        let mut m = vec![i as u8];
        m.extend_from_slice(t);
        out.extend(block.iter().zip(f(k, 0x05, &m)).map(|(a, b)| a ^ b));
    }
    out
}

/// T and `sealed`.
pub fn seal(k: &[u8; 32], hdr: u16, nonce: [u8; 5], address: Option<&[u8]>) -> Result<([u8; 16], Vec<u8>), Error> {
    let padded = match address {
        None => Vec::new(),
        Some(e) if !valid_address(e) => return Err(error("address")),
        Some(e) => pad(e)?,
    };
    if read_header(hdr)?.mail != address.is_some() {
        return Err(error("mail-bit"));
    }
    let t = tag(k, hdr, nonce, &padded);
    let sealed = xor_stream(k, &t, &padded);
    Ok((t, sealed))
}

pub fn mask(e: &str) -> Result<String, Error> {
    if !valid_address(e.as_bytes()) {
        return Err(error("address"));
    }
    let (local, domain) = e.split_once('@').ok_or(error("address"))?;
    let suffix = match domain.rfind('.') {
        Some(i) if domain[i..].len() >= 3 => &domain[i..],
        _ => "",
    };
    Ok(format!("{}***@{}***{}", &local[0..1], &domain[0..1], suffix))
}
