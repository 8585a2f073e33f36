//! §5

use crate::error::{Error, error, error_of};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    pub purpose: u8,
    pub epoch: u8,
    pub origin: u8,
    pub mail: bool,
}

pub fn header(h: Header) -> u16 {
    1 << 14 | u16::from(h.purpose) << 11 | u16::from(h.epoch) << 8 | u16::from(h.origin) << 7 | u16::from(h.mail) << 6
}

pub fn read_header(h: u16) -> Result<Header, Error> {
    if h >> 14 != 1 {
        return Err(error_of("version", u64::from(h >> 14)));
    }
    if h & 0x3f != 0 {
        return Err(error("reserved-bits"));
    }
    let purpose = (h >> 11) & 7;
    if purpose > 2 {
        return Err(error_of("purpose", u64::from(purpose)));
    }
    Ok(Header { purpose: purpose as u8, epoch: ((h >> 8) & 7) as u8, origin: ((h >> 7) & 1) as u8, mail: (h >> 6) & 1 == 1 })
}
