//! One line for each case of a family (vectors/README.md, 'Accumulated vectors').

use std::fmt::Write;

use offline_reset::*;

use crate::stream::{C, Fields, SYMBOLS, Stream, challenge_text, hex, mutate};

pub fn named(name: &str, argument: Option<u64>) -> String {
    argument.map_or_else(|| format!("error {name}"), |n| format!("error {name} {n}"))
}

pub fn keys(s: &mut Stream) -> String {
    let root = RootKey::take(&mut s.bytes(32)).unwrap();
    let epoch = Epoch::new(s.below(8) as u8).unwrap();
    let n = s.index(22);
    let mut serial: Vec<char> = s.chars(n, C.as_bytes()).chars().collect();
    if s.chance(4) {
        let i = s.index(n + 1);
        serial.splice(i..(i + 1).min(n), [s.odd()]);
    }
    match Serial::new(&serial.iter().collect::<String>()) {
        Ok(serial) => {
            let (message, mut d) = (serial.root_message().unwrap(), root.derive(&serial).unwrap());
            let line = format!("ok {} {}", hex(message.as_bytes()), hex(&d));
            let key = DeviceKey::derived(&mut d).unwrap();
            format!("{line} {} {}", hex(&key.check_value(&serial)), hex(&root.check_value(epoch)))
        }
        Err(error) => named(error.name(), None),
    }
}

fn read_error(error: ReadError) -> String {
    let argument = match error {
        ReadError::TooLong { limit } => Some(limit as u64),
        ReadError::Alphabet { position } => Some(position as u64),
        ReadError::Length { found } => Some(found as u64),
        ReadError::Version { found } | ReadError::Purpose { found } => Some(found.into()),
        _ => None,
    };
    named(error.name(), argument)
}

pub fn challenge(s: &mut Stream) -> String {
    let f = s.fields();
    let mut tag = hazmat::tag(&f.key, &f.challenge());
    let hdr = if s.chance(8) { (s.below(1024) << 6) as u16 } else { f.header.bits() };
    if s.chance(8) {
        tag = s.below(1 << 20);
    }
    let mut text: Vec<char> = challenge_text(&f.serial, hdr, f.nonce, tag).chars().collect();
    for _ in 0..s.below(4) {
        mutate(s, &mut text);
    }
    if s.chance(32) {
        let n = s.below(90);
        text = (0..n).map(|_| s.odd()).collect();
    }
    match TypedChallenge::read(&text.iter().collect::<String>()) {
        Err(error) => read_error(error),
        Ok(read) => {
            let claimed = read.claimed();
            let canonical = read.text();
            let tag = tag_of(canonical.as_str());
            let verified = read.verify(&f.key).map_or("error tag", |_| "ok");
            let (serial, hdr, nonce) = (claimed.serial(), claimed.header().bits(), claimed.nonce());
            format!("ok {serial} {hdr:04x} {nonce} {tag} {canonical} | {verified}")
        }
    }
}

/// The tag, out of a canonical text: the only place where the public API shows it.
fn tag_of(canonical: &str) -> u32 {
    let symbols: Vec<char> = canonical.chars().filter(|&ch| ch != '-').collect();
    let value = |ch: &char| SYMBOLS.find(*ch).unwrap() as u32;
    symbols[symbols.len() - 10..symbols.len() - 6].iter().map(value).fold(0, |n, v| n << 5 | v)
}

pub fn corrections(s: &mut Stream) -> String {
    fn put(s: &mut Stream, text: &mut [char], alphabet: &str) {
        let ch = char::from(s.pick(alphabet.as_bytes()));
        text[s.index(text.len())] = ch;
    }
    let f = s.fields();
    let mut text: Vec<char> = hazmat::write_challenge(&f.key, &f.challenge()).as_str().replace('-', "").chars().collect();
    match s.below(10) {
        0 => put(s, &mut text, C),
        1 => {
            put(s, &mut text, C);
            put(s, &mut text, C);
        }
        2 => {
            let (i, j) = (s.index(text.len()), s.index(text.len()));
            text.swap(i, j);
        }
        3 => drop(text.remove(s.index(text.len()))),
        4 => {
            let ch = char::from(s.pick(C.as_bytes()));
            text.insert(s.index(text.len() + 1), ch);
        }
        5 => {
            let i = s.index(text.len());
            text[i] = '?';
        }
        6 => {
            for _ in 0..2 + s.below(3) {
                let i = s.index(text.len());
                text[i] = '?';
            }
        }
        7 => {
            for _ in 0..5 + s.below(2) {
                put(s, &mut text, "?*U");
            }
        }
        8 => {
            put(s, &mut text, C);
            text.remove(s.index(text.len()));
        }
        _ => {
            let n = s.index(45);
            text = s.chars(n, C.as_bytes()).chars().collect();
        }
    }
    match offline_reset::corrections(&text.iter().collect::<String>()) {
        Ok(found) => found.fold("ok".to_string(), |line, candidate| format!("{line} {}", candidate.text())),
        Err(error) => {
            let argument = match error {
                CorrectionsError::TooLong { limit } => Some(limit as u64),
                CorrectionsError::Length { found } | CorrectionsError::Unreadable { found } => Some(found as u64),
                _ => None,
            };
            named(error.name(), argument)
        }
    }
}

pub fn code_error(error: CodeError) -> String {
    let argument = match error {
        CodeError::TooLong { limit } => Some(limit as u64),
        CodeError::Alphabet { position } => Some(position as u64),
        CodeError::Length { found } => Some(found as u64),
        _ => None,
    };
    named(error.name(), argument)
}

pub fn codes(s: &mut Stream) -> String {
    let f = s.fields();
    let k = s.below(10) as u8;
    let (mut line, text) = match Term::from_k(k) {
        Ok(term) => {
            let code = hazmat::answer(&f.key, &f.challenge(), term);
            let mut message = vec![k];
            message.extend(f.header.bits().to_be_bytes());
            message.extend(f.nonce);
            let x = &hazmat::f(&f.key, 3, &message)[..8];
            (format!("ok {} {}", hex(x), code.reveal()), code.reveal().to_string())
        }
        Err(error) => (named(error.name(), None), s.chars(12, b"0123456789")),
    };
    let mut text: Vec<char> = text.chars().collect();
    for _ in 0..s.below(4) {
        mutate(s, &mut text);
    }
    line.push_str(" | ");
    match hazmat::read_code(&text.iter().collect::<String>()) {
        Ok(digits) => {
            line.push_str("ok ");
            line.extend(digits.iter().map(|d| char::from(b'0' + d)));
        }
        Err(error) => line.push_str(&code_error(error)),
    }
    line
}

pub fn ledger(s: &mut Stream) -> String {
    let key = DeviceKey::derived(&mut s.bytes(32)).unwrap();
    let base = if s.chance(16) { u32::MAX - 2 } else { s.u32() % (u32::MAX - 1) };
    let mut slots = [[0; 32]; 2];
    for slot in &mut slots {
        let kind = s.below(8);
        let (seq, boots, resets) = (base + s.below(3), s.below(4), s.below(4));
        let [local, network] = s.array();
        *slot = hazmat::seal(&key, hazmat::Fields { seq, boots, resets, local, network });
        match kind {
            0 => *slot = [0; 32],
            1 => *slot = [0xff; 32],
            5 => {
                let n = s.index(33);
                let rest = if s.chance(2) { 0xff } else { 0 };
                slot[n..].fill(rest);
            }
            6 => {
                let bit = s.index(256);
                slot[bit / 8] ^= 0x80 >> (bit % 8);
            }
            7 => {
                slot[0] = s.below(3) as u8;
                slot[1] = s.below(2) as u8;
                let seal = hazmat::f(&key, 6, &slot[..16]);
                slot[16..].copy_from_slice(&seal[..16]);
            }
            _ => {}
        }
    }
    if s.chance(8) {
        slots[1] = slots[0];
    }
    let device = Device { serial: Serial::new("ANY").unwrap(), epoch: Epoch::ZERO, policy: Policy::default() };
    let (_, loaded) = Ledger::load(&key, device, &slots, Uptime::from_secs(0));
    let states = loaded.slots.map(|state| match state {
        SlotState::Blank => "blank",
        SlotState::Damaged => "damaged",
        SlotState::Valid { .. } => "valid",
    });
    let (hazmat::Fields { seq, boots, resets, local, network }, slot) = hazmat::load_record(&key, &slots);
    format!("{} {} {seq} {boots} {resets} {local} {network} {slot}", states[0], states[1])
}

/// A random address: good, or wrong in its length or in what stands around `@`.
fn address(s: &mut Stream) -> Vec<u8> {
    let n = match s.below(5) {
        0 => 3 + s.index(252),
        1 => s.pick(&[2, 3, 30, 31, 32, 62, 63, 64, 126, 127, 128, 253, 254, 255]),
        _ => 3 + s.index(40),
    };
    let mut e = s.chars(n, &C.as_bytes()[10..]).into_bytes();
    let i = 1 + s.index(n.saturating_sub(2).clamp(1, 70));
    (i + 8..n.saturating_sub(2)).step_by(16).for_each(|dot| e[dot] = b'.');
    e[i] = b'@';
    e
}

fn good(e: &[u8]) -> Option<Address<'_>> {
    std::str::from_utf8(e).ok().and_then(|text| Address::new(text).ok())
}

fn pad(e: &[u8]) -> Vec<u8> {
    let mut padded = vec![e.len() as u8];
    padded.extend(e);
    let size = [32, 64, 128, 255].into_iter().find(|&size| size >= padded.len()).unwrap();
    padded.resize(size, 0);
    padded
}

/// T and sealed for any padding (SPEC.md §11).
fn seal(f: &Fields, header: Header, pad: &[u8]) -> ([u8; 16], Vec<u8>) {
    let message = [&header.bits().to_be_bytes(), f.nonce.as_slice(), pad].concat();
    let t: [u8; 16] = hazmat::f(&f.key, 4, &message)[..16].try_into().unwrap();
    let stream = (0u8..).flat_map(|i| hazmat::f(&f.key, 5, &[&[i], t.as_slice()].concat()));
    (t, pad.iter().zip(stream).map(|(a, b)| a ^ b).collect())
}

pub fn email(s: &mut Stream) -> String {
    let f = s.fields();
    let mut e = address(s);
    for _ in 0..s.pick(&[0, 0, 1, 2]) {
        let i = s.index(e.len());
        e[i] = s.pick(b"0a._+-\0 !\",/:;<=@`|\x7f\x80");
    }
    let Some(parsed) = good(&e) else { return named("address", None) };
    if !f.header.address_on_file() && s.chance(4) {
        let refused = hazmat::write_qr(&f.key, &f.challenge(), Some(parsed), Rendering::App).unwrap_err();
        return named(refused.name(), None);
    }
    let header = Header::new(f.header.purpose(), f.header.epoch(), f.header.origin(), true);
    let challenge = hazmat::challenge(f.serial, header, f.nonce);
    let qr = hazmat::write_qr(&f.key, &challenge, Some(parsed), Rendering::App).unwrap();
    let qr = QrChallenge::read(qr.as_str()).unwrap();
    let (t, sealed) = hazmat::qr_parts(&qr);
    let mut line = format!("ok {} {} {}", hex(t), hex(sealed), parsed.masked());
    let (mut t, mut sealed) = (*t, sealed.to_vec());
    match s.below(6) {
        3 => {
            let mut both = [t.as_slice(), &sealed].concat();
            let i = s.index(both.len());
            both[i] ^= 1 << s.below(8);
            t.copy_from_slice(&both[..16]);
            sealed = both[16..].to_vec();
        }
        4 => {
            let mut padded = pad(&e);
            let i = s.index(padded.len());
            padded[i] ^= 1 + s.below(255) as u8;
            (t, sealed) = seal(&f, header, &padded);
        }
        5 => {
            let mut padded = pad(&e);
            let size = [32, 64, 128, 255, 255].into_iter().find(|&size| size > padded.len()).unwrap_or(255);
            padded.resize(size, 0);
            (t, sealed) = seal(&f, header, &padded);
        }
        _ => {}
    }
    line.push_str(" | ");
    match hazmat::unseal_address(&f.key, &challenge, &t, &sealed) {
        Err(error) => line.push_str(&named(error.name(), None)),
        Ok(opened) => match opened.address() {
            Err(error) => line.push_str(&named(error.name(), None)),
            Ok(address) => write!(line, "ok {}", hex(address.unwrap().as_str().as_bytes())).unwrap(),
        },
    }
    line
}

fn base32(bytes: &[u8]) -> String {
    let bits: Vec<u8> = bytes.iter().flat_map(|b| (0..8).rev().map(move |i| b >> i & 1)).collect();
    let value = |chunk: &[u8]| (0..5).fold(0, |n, i| n << 1 | usize::from(chunk.get(i).copied().unwrap_or(0)));
    bits.chunks(5).map(|chunk| char::from(SYMBOLS.as_bytes()[value(chunk)])).collect()
}

fn qr_error(error: QrError) -> String {
    let argument = match error {
        QrError::TooLong { limit } => Some(limit as u64),
        QrError::Alphabet { position } => Some(position as u64),
        QrError::Length { found } => Some(found as u64),
        QrError::Version { found } | QrError::Purpose { found } => Some(found.into()),
        _ => None,
    };
    named(error.name(), argument)
}

pub fn qr(s: &mut Stream) -> String {
    let f = s.fields();
    let padded = if f.header.address_on_file() {
        let e = address(s);
        pad(if good(&e).is_some() { &e } else { b"a@b" })
    } else {
        Vec::new()
    };
    let (t, sealed) = seal(&f, f.header, &padded);
    let serial = f.serial.as_str().as_bytes();
    let mut payload = [&f.header.bits().to_be_bytes(), f.nonce.as_slice(), &[serial.len() as u8], serial, &t, &sealed].concat();
    match s.below(8) {
        4 => {
            let i = s.index(payload.len());
            payload[i] ^= 1 << s.below(8);
        }
        5 => payload.truncate(payload.len() - 1 - s.index(20)),
        6 => {
            let m = 1 + s.index(40);
            payload.extend(s.bytes(m));
        }
        7 => {
            let i = s.index(9);
            payload[i] = s.bytes(1)[0];
        }
        _ => {}
    }
    let prefix = s.pick(&["ORP1:", "HTTPS://RESET.EXAMPLE.COM/R/", "HTTPS://A/"]);
    let mut text: Vec<char> = format!("{prefix}{}", base32(&payload)).chars().collect();
    for _ in 0..s.below(3) {
        let op = s.below(5);
        match op {
            0 => text.iter_mut().for_each(|ch| *ch = ch.to_ascii_lowercase()),
            1 | 2 => {
                let ch = char::from(s.pick(&[0x9u8, 0xa, 0xb, 0xc, 0xd, 0x20]));
                text.insert(if op == 1 { 0 } else { text.len() }, ch);
            }
            _ => {
                let i = s.index(text.len());
                if op == 3 {
                    text[i] = char::from(s.pick(format!("{SYMBOLS}OILU?-").as_bytes()));
                } else {
                    text.remove(i);
                }
            }
        }
    }
    let read = match QrChallenge::read(&text.iter().collect::<String>()) {
        Err(error) => return qr_error(error),
        Ok(read) => read,
    };
    let (t, sealed) = hazmat::qr_parts(&read);
    let dash = |text: String| if text.is_empty() { "-".to_string() } else { text };
    let claimed = read.claimed();
    let (serial, hdr, nonce) = (claimed.serial(), claimed.header().bits(), claimed.nonce());
    let mut line = format!("ok {serial} {hdr:04x} {nonce} {} {} | ", hex(t), dash(hex(sealed)));
    match read.verify(&f.key) {
        Err(error) => line.push_str(&named(error.name(), None)),
        Ok(genuine) => match genuine.address() {
            UnsealedAddress::NoneOnFile => line.push_str("ok -"),
            UnsealedAddress::OnFile(address) => write!(line, "ok {}", hex(address.as_str().as_bytes())).unwrap(),
        },
    }
    line
}
