use offline_reset::{Address, QrChallenge, QrError, QrText, Rendering, Serial, UnsealedAddress, Url, hazmat};

use crate::emails;
use crate::file::{Named, Test, named, with};

pub fn qr_error(error: QrError) -> Named {
    match error {
        QrError::TooLong { limit } => with(error.name(), limit as u64),
        QrError::Alphabet { position } => with(error.name(), position as u64),
        QrError::Length { found } => with(error.name(), found as u64),
        QrError::Version { found } | QrError::Purpose { found } => with(error.name(), found.into()),
        _ => named(error.name()),
    }
}

fn written(t: Test<'_>) -> Result<QrText, Named> {
    let prefix = t.text("prefix");
    let serial = Serial::new(t.text("serial")).map_err(|e| named(e.name()))?;
    let address = match t.get("address").as_str() {
        Some(address) => Some(Address::new(address).map_err(|e| named(e.name()))?),
        None => None,
    };
    let rendering = match prefix {
        "ORP1:" => Rendering::App,
        url => Rendering::Url(Url::new(url).map_err(|e| named(e.name()))?),
    };
    let challenge = hazmat::challenge(serial, t.header_fields(), t.array("nonce"));
    hazmat::write_qr(&t.key(), &challenge, address, rendering).map_err(|e| named(e.name()))
}

pub fn write(t: Test<'_>) {
    let (key, header, nonce, address) = (t.key(), t.header_fields(), t.bytes("nonce"), t.get("address"));
    let Some(text) = t.expect(written(t)) else { return };
    assert_eq!(text.as_str(), t.text("text"));
    assert_eq!(header.bits().to_be_bytes(), t.array("hdr"));
    let qr = QrChallenge::read(text.as_str()).unwrap();
    let (tag, sealed) = hazmat::qr_parts(&qr);
    assert_eq!((&tag[..], sealed), (&t.bytes("T")[..], &t.bytes("sealed")[..]));
    let pad = address.as_str().map_or(vec![], |address| {
        let length = [32, 64, 128, 255].into_iter().find(|&length| length > address.len()).unwrap();
        let mut pad = [&[address.len() as u8], address.as_bytes()].concat();
        pad.resize(length, 0);
        pad
    });
    assert_eq!(pad, t.bytes("pad"));
    assert_eq!(emails::tag_mac(t, header, &nonce, &pad), t.array("tagMac"));
    assert_eq!(hazmat::unseal_address(&key, qr.claimed(), tag, sealed).unwrap().pad(), pad);
    let serial = t.text("serial").as_bytes();
    let payload = [&header.bits().to_be_bytes(), &nonce[..], &[serial.len() as u8], serial, tag, sealed].concat();
    assert_eq!(payload, t.bytes("payload"));
}

pub fn read(t: Test<'_>) {
    let Some(read) = t.expect(QrChallenge::read(t.text("text")).map_err(qr_error)) else { return };
    let claimed = read.claimed();
    assert_eq!(claimed.serial().as_str(), t.text("serial"));
    assert_eq!(claimed.header(), t.header());
    assert_eq!(claimed.nonce().bytes(), &t.array("nonce"));
    let (tag, sealed) = hazmat::qr_parts(&read);
    assert_eq!(tag, &t.array("T"));
    assert_eq!(sealed, t.bytes("sealed"));
}

pub fn verify(t: Test<'_>) {
    let key = t.key();
    let read = QrChallenge::read(t.text("text")).unwrap();
    let verified = read.verify(&key).map_err(|e| named(e.name()));
    let address = verified.as_ref().map_err(Clone::clone).map(|qr| match qr.address() {
        UnsealedAddress::OnFile(address) => Some(address),
        UnsealedAddress::NoneOnFile => None,
    });
    let Some(address) = t.expect(address) else { return };
    assert_eq!(address.as_ref().map(Address::as_str), t.get("address").as_str());
}
