use offline_reset::{ReadError, Serial, TypedChallenge, hazmat};

use crate::file::{Named, Test, named, with};

pub fn read_error(error: ReadError) -> Named {
    match error {
        ReadError::TooLong { limit } => with(error.name(), limit as u64),
        ReadError::Alphabet { position } => with(error.name(), position as u64),
        ReadError::Length { found } => with(error.name(), found as u64),
        ReadError::Version { found } | ReadError::Purpose { found } => with(error.name(), found.into()),
        _ => named(error.name()),
    }
}

pub fn write(t: Test<'_>) {
    let Some(serial) = t.expect(Serial::new(t.text("serial")).map_err(|e| named(e.name()))) else { return };
    let (key, header) = (t.key(), t.header_fields());
    assert_eq!(header.bits().to_be_bytes(), t.array("hdr"));
    let challenge = hazmat::challenge(serial, header, t.array("nonce"));
    let message = t.bytes("tagMessage");
    assert_eq!(hazmat::f(&key, message[4], &message[5..]), t.array("tagMac"));
    assert_eq!(u64::from(hazmat::tag(&key, &challenge)), t.number("tag"));
    let v14: [u8; 14] = t.numbers("symbols14").try_into().unwrap();
    assert_eq!(hazmat::check_symbols(&serial, &v14).to_vec(), t.numbers("check"));
    assert_eq!(hazmat::write_challenge(&key, &challenge).as_str(), t.text("text"));
}

pub fn read(t: Test<'_>) {
    let Some(read) = t.expect(TypedChallenge::read(t.text("text")).map_err(read_error)) else { return };
    let claimed = read.claimed();
    assert_eq!(claimed.serial().as_str(), t.text("serial"));
    assert_eq!(claimed.header(), t.header());
    assert_eq!(claimed.nonce().bytes(), &t.array("nonce"));
    assert_eq!(read.text().as_str(), t.text("canonical"));
}

pub fn verify(t: Test<'_>) {
    let key = t.key();
    let read = TypedChallenge::read(t.text("text")).unwrap();
    let verified = read.verify(&key).map_err(|e| named(e.name()));
    let Some(genuine) = t.expect(verified) else { return };
    assert_eq!(genuine.challenge(), read.claimed());
}
