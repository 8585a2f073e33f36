use offline_reset::{Challenge, DeviceKey, ReadError, Serial, TypedChallenge, hazmat};

use crate::file::{Named, Test, named, with};

const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

pub fn read_error(error: ReadError) -> Named {
    match error {
        ReadError::TooLong { limit } => with(error.name(), limit as u64),
        ReadError::Alphabet { position } => with(error.name(), position as u64),
        ReadError::Length { found } => with(error.name(), found as u64),
        ReadError::Version { found } | ReadError::Purpose { found } => with(error.name(), found.into()),
        _ => named(error.name()),
    }
}

fn tag_message(challenge: &Challenge) -> Vec<u8> {
    [b"ORP1\x02", &challenge.header().bits().to_be_bytes()[..], challenge.nonce().bytes()].concat()
}

fn tag_mac(key: &DeviceKey, challenge: &Challenge) -> [u8; 32] {
    hazmat::f(key, 2, &tag_message(challenge)[5..])
}

pub fn write(t: Test<'_>) {
    let (key, header, nonce) = (t.key(), t.header_fields(), t.array("nonce"));
    let Some(serial) = t.expect(Serial::new(t.text("serial")).map_err(|e| named(e.name()))) else { return };
    assert_eq!(header.bits().to_be_bytes(), t.array("hdr"));
    let challenge = hazmat::challenge(serial, header, nonce);
    assert_eq!(t.bytes("tagMessage"), tag_message(&challenge));
    assert_eq!(tag_mac(&key, &challenge), t.array("tagMac"));
    assert_eq!(u64::from(hazmat::tag(&key, &challenge)), t.number("tag"));
    let v14: [u8; 14] = t.numbers("symbols14").try_into().unwrap();
    let values: Vec<u8> = serial.as_str().bytes().flat_map(|ch| [ch >> 5, ch & 31]).collect();
    assert_eq!(values, t.numbers("serialValues"));
    assert_eq!(hazmat::check_symbols(&serial, &v14).to_vec(), t.numbers("check"));
    assert_eq!(hazmat::write_challenge(&key, &challenge).as_str(), t.text("text"));
}

pub fn read(t: Test<'_>) {
    let Some(read) = t.expect(TypedChallenge::read(t.text("text")).map_err(read_error)) else { return };
    let claimed = read.claimed();
    assert_eq!(claimed.serial().as_str(), t.text("serial"));
    assert_eq!(claimed.header(), t.header());
    assert_eq!(claimed.nonce().bytes(), &t.array("nonce"));
    let text = read.text();
    assert_eq!(text.as_str(), t.text("canonical"));
    // the tag is not public: it is what four symbols of the text say
    let symbols = text.as_str().bytes().filter(|&ch| ch != b'-').skip(t.text("serial").len() + 10).take(4);
    let tag = symbols.fold(0, |tag, ch| tag << 5 | SYMBOLS.iter().position(|&symbol| symbol == ch).unwrap() as u64);
    assert_eq!(tag, t.number("tag"));
}

pub fn verify(t: Test<'_>) {
    let key = t.key();
    let read = TypedChallenge::read(t.text("text")).unwrap();
    assert_eq!(tag_mac(&key, read.claimed()), t.array("tagMac"));
    let verified = read.verify(&key).map_err(|e| named(e.name()));
    let Some(genuine) = t.expect(verified) else { return };
    assert_eq!(genuine.challenge(), read.claimed());
}
