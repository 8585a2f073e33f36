//! The address on file (SPEC.md §11).

use arbitrary::{Arbitrary, Result, Unstructured};
use offline_reset::{Address, GenuineQr, MAX_MASKED, QrChallenge, UnsealedAddress, VerifyError, hazmat};

use crate::{AnyChallenge, KEY, base32, header_and_nonce};

/// EML-1, once more.
fn is_address(e: &[u8]) -> bool {
    let Some((local, domain)) = std::str::from_utf8(e).ok().and_then(|e| e.split_once('@')) else { return false };
    let of = |text: &str, marks: &str| text.chars().all(|ch| ch.is_ascii_alphanumeric() || marks.contains(ch));
    let whole = |text: &str| !text.starts_with('.') && !text.ends_with('.') && !text.contains("..");
    let label = |text: &str| text.len() < 64 && !text.starts_with('-') && !text.ends_with('-');
    let top = domain.rsplit('.').next().unwrap_or_default();
    (3..255).contains(&e.len())
        && local.len() < 65
        && of(local, "._+-")
        && local.starts_with(|ch: char| ch.is_ascii_alphanumeric())
        && of(domain, ".-")
        && whole(local)
        && whole(domain)
        && domain.split('.').all(label)
        && top.starts_with(|ch: char| ch.is_ascii_alphabetic())
}

/// EML-4, once more.
fn mask(e: &str) -> String {
    let (local, domain) = e.split_once('@').expect("an address");
    let suffix = domain.rfind('.').map_or("", |i| &domain[i..]);
    let suffix = if suffix.len() > 2 { suffix } else { "" };
    format!("{}***@{}***{suffix}", &local[..1], &domain[..1])
}

/// # Panics
/// When a promise is broken.
pub fn address(text: &str) {
    let address = Address::new(text);
    assert_eq!(address.is_ok(), is_address(text.as_bytes()));
    if let Ok(address) = address {
        assert_eq!(address.as_str(), text);
        let masked = address.masked();
        assert_eq!(masked.as_str(), mask(text));
        assert!(masked.as_str().len() <= MAX_MASKED);
    }
}

/// A payload whose T is right for whatever it seals, and what happens to it on its way.
#[derive(Clone, Debug, Arbitrary)]
pub struct Payload<'a> {
    /// Whose it is.
    pub challenge: AnyChallenge,
    /// What is sealed, right or wrong.
    pub padded: Padded<'a>,
    /// Bits that flip on the way.
    pub flips: Vec<u16>,
}

/// What is sealed.
#[derive(Clone, Debug, Arbitrary)]
pub enum Padded<'a> {
    /// A text, as an address is padded; the size of its padding is one of four, or the right one.
    Text(Text, Option<Size>),
    /// The same with another byte somewhere.
    Then(Text, Option<Size>, u8, u8),
    /// Anything.
    Bytes(&'a [u8]),
}

/// Printable characters, mostly with one @ among them.
#[derive(Clone, Debug)]
pub struct Text(String);

impl<'a> Arbitrary<'a> for Text {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut text: Vec<u8> = <&[u8]>::arbitrary(u)?.iter().map(|byte| 0x21 + byte % 0x5e).collect();
        text.truncate(usize::from(u8::arbitrary(u)?));
        let at = usize::from(u8::arbitrary(u)?);
        if at < text.len() {
            text.iter_mut().filter(|ch| **ch == b'@').for_each(|ch| *ch = b'a');
            text[at] = b'@';
        }
        Ok(Self(text.into_iter().map(char::from).collect()))
    }
}

/// The sizes of a padded address.
#[derive(Clone, Copy, Debug, Arbitrary)]
pub enum Size {
    /// 32
    S32,
    /// 64
    S64,
    /// 128
    S128,
    /// 255
    S255,
}

/// A text, padded to one of four sizes, or the right one.
fn padded(text: &str, size: Option<Size>) -> Vec<u8> {
    const SIZES: [usize; 4] = [32, 64, 128, 255];
    let length = text.len().min(254);
    let smallest = SIZES.into_iter().find(|&size| size > length).unwrap_or(255);
    let mut bytes = vec![length as u8];
    bytes.extend(&text.as_bytes()[..length]);
    bytes.resize(size.map_or(smallest, |size| SIZES[size as usize]), 0);
    bytes
}

impl Padded<'_> {
    /// The bytes that are sealed.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Text(e, size) => padded(&e.0, *size),
            Self::Then(e, size, at, byte) => {
                let mut bytes = padded(&e.0, *size);
                let at = usize::from(*at) % bytes.len();
                bytes[at] = *byte;
                bytes
            }
            Self::Bytes(bytes) => bytes.to_vec(),
        }
    }
}

/// # Panics
/// When a promise is broken.
pub fn sealed_address(payload: &Payload<'_>) {
    let challenge = payload.challenge.challenge();
    let mail = challenge.header().address_on_file();
    let padded = if mail { payload.padded.bytes() } else { Vec::new() };
    let signed = [header_and_nonce(challenge.header(), challenge.nonce()), padded.clone()].concat();
    let tag = &hazmat::f(&KEY, 0x04, &signed)[..16];
    let stream = (0u8..).flat_map(|i| hazmat::f(&KEY, 0x05, &[&[i], tag].concat()));
    let sealed: Vec<u8> = padded.iter().zip(stream).map(|(a, b)| a ^ b).collect();
    let serial = challenge.serial().as_str();
    let head = header_and_nonce(challenge.header(), challenge.nonce());
    let sent = [&head, [serial.len() as u8].as_slice(), serial.as_bytes(), tag, &sealed].concat();
    let mut arrived = sent.clone();
    for flip in &payload.flips {
        let bit = usize::from(*flip) % (8 * arrived.len());
        arrived[bit / 8] ^= 0x80 >> (bit % 8);
    }
    let exact = padded.first().is_some_and(|&n| {
        let e = padded.get(1..=usize::from(n)).unwrap_or_default();
        is_address(e) && self::padded(std::str::from_utf8(e).unwrap_or_default(), None) == padded
    });
    let sizes = if mail { [32, 64, 128, 255].contains(&padded.len()) } else { true };
    match QrChallenge::read(&format!("ORP1:{}", base32(&arrived))) {
        Err(error) => assert!(!sizes || arrived != sent, "{error:?}"),
        Ok(read) => match read.verify(&KEY) {
            // the serial alone is in no MAC: D stands for it (SPEC.md §17)
            Err(VerifyError::NotGenuine) => assert_ne!(arrived, sent, "a genuine payload is refused"),
            verified => {
                let beyond_serial = |p: &[u8]| [&p[..8], &p[8 + serial.len()..]].concat();
                assert_eq!(beyond_serial(&arrived), beyond_serial(&sent), "a changed payload is believed");
                match verified.as_ref().map(GenuineQr::address) {
                    Ok(UnsealedAddress::NoneOnFile) => assert!(!mail),
                    Ok(UnsealedAddress::OnFile(e)) => assert!(exact && e.as_str().as_bytes() == &padded[1..=e.as_str().len()]),
                    Err(_) => assert!(mail && !exact, "an address is refused"),
                }
            }
        },
    }
}
