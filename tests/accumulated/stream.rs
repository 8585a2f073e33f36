//! The stream of a case, and the draws that several families share.

use offline_reset::{DeviceKey, Epoch, Header, Origin, Purpose, Serial, hazmat};
use sha2::{Digest, Sha256};
use std::fmt::Write;

use crate::separators::separators;

pub const C: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
pub const SYMBOLS: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

pub const ODD: [u32; 29] = [
    0, 10, 32, 42, 45, 47, 58, 63, 64, 79, 73, 76, 85, 91, 95, 97, 111, 105, 108, 117, 123, 0xc9, 0x131, 0x17f, 0x661, 0xff1f, 0xff21,
    0xfffd, 0x1d400,
];

pub struct Stream {
    family: String,
    case: u64,
    block: u32,
    buffer: Vec<u8>,
    at: usize,
}

impl Stream {
    pub fn new(family: &str, case: u64) -> Self {
        Self { family: family.into(), case, block: 0, buffer: Vec::new(), at: 0 }
    }

    pub fn bytes(&mut self, n: usize) -> Vec<u8> {
        while self.buffer.len() - self.at < n {
            let hash = Sha256::new().chain_update("ORP1 accumulated").chain_update(&self.family);
            let hash = hash.chain_update(self.case.to_be_bytes()).chain_update(self.block.to_be_bytes());
            self.buffer.extend(hash.finalize());
            self.block += 1;
        }
        self.at += n;
        self.buffer[self.at - n..self.at].to_vec()
    }

    pub fn array<const N: usize>(&mut self) -> [u8; N] {
        self.bytes(N).try_into().unwrap()
    }

    pub fn u32(&mut self) -> u32 {
        u32::from_be_bytes(self.array())
    }

    pub fn below(&mut self, n: u32) -> u32 {
        self.u32() % n
    }

    pub fn index(&mut self, n: usize) -> usize {
        self.below(u32::try_from(n).unwrap()) as usize
    }

    pub fn chance(&mut self, n: u32) -> bool {
        self.below(n) == 0
    }

    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.index(list.len())]
    }

    pub fn chars(&mut self, n: usize, alphabet: &[u8]) -> String {
        self.bytes(n).into_iter().map(|b| char::from(alphabet[usize::from(b) % alphabet.len()])).collect()
    }

    pub fn odd(&mut self) -> char {
        char::from_u32(self.pick(&ODD)).unwrap()
    }

    pub fn fields(&mut self) -> Fields {
        let key = DeviceKey::derived(&mut self.bytes(32)).unwrap();
        let n = 1 + self.index(20);
        let serial = self.chars(n, C.as_bytes());
        let purpose = Purpose::ALL[self.index(3)];
        let epoch = Epoch::new(self.below(8) as u8).unwrap();
        let origin = [Origin::Local, Origin::Network][self.index(2)];
        let mail = self.below(2) == 1;
        let header = Header::new(purpose, epoch, origin, mail);
        Fields { key, serial: Serial::new(&serial).unwrap(), header, nonce: self.array() }
    }
}

pub struct Fields {
    pub key: DeviceKey,
    pub serial: Serial,
    pub header: Header,
    pub nonce: [u8; 5],
}

impl Fields {
    pub fn challenge(&self) -> offline_reset::Challenge {
        hazmat::challenge(self.serial, self.header, self.nonce)
    }
}

/// The text of any ten bits of header and any tag, with a right check.
pub fn challenge_text(serial: &Serial, hdr: u16, nonce: [u8; 5], tag: u32) -> String {
    let nonce = nonce.iter().fold(0u128, |n, &b| n << 8 | u128::from(b));
    let bits = u128::from(hdr >> 6) << 60 | nonce << 20 | u128::from(tag);
    let v14: [u8; 14] = std::array::from_fn(|i| (bits >> (5 * (13 - i)) & 31) as u8);
    let check = hazmat::check_symbols(serial, &v14);
    let mut text = serial.to_string();
    for (i, &v) in v14.iter().chain(&check).enumerate() {
        if i % 5 == 0 {
            text.push('-');
        }
        text.push(char::from(SYMBOLS.as_bytes()[usize::from(v)]));
    }
    text
}

pub fn mutate(s: &mut Stream, text: &mut Vec<char>) {
    let op = s.below(10);
    let n = text.len();
    if n == 0 {
        return;
    }
    match op {
        0 => {
            let ch = s.pick(&separators());
            text.insert(s.index(n + 1), ch);
        }
        1 => {
            let i = s.index(n);
            if ('!'..='~').contains(&text[i]) {
                text[i] = char::from_u32(u32::from(text[i]) + 0xfee0).unwrap();
            }
        }
        2 => {
            let i = s.index(n);
            text[i] = text[i].to_ascii_lowercase();
        }
        3 => {
            let i = s.index(n);
            text[i] = char::from(s.pick(C.as_bytes()));
        }
        4 => drop(text.remove(s.index(n))),
        5 => {
            let i = s.index(n);
            if i + 1 < n {
                text.swap(i, i + 1);
            }
        }
        6 => {
            let ch = s.odd();
            text.insert(s.index(n + 1), ch);
        }
        7 => {
            for ch in text.iter_mut().skip(n.saturating_sub(23)) {
                match ch {
                    '0' => *ch = 'O',
                    '1' => *ch = 'L',
                    _ => {}
                }
            }
        }
        8 => text.retain(|&ch| ch != '-'),
        _ => {
            let n = s.index(250);
            text.extend(std::iter::repeat_n(' ', n));
        }
    }
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, b| {
        write!(text, "{b:02x}").unwrap();
        text
    })
}
