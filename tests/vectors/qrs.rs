use offline_reset::{Address, OpenedAddress, QrChallenge, QrError, QrText, Rendering, Serial, Url, hazmat};

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
    let serial = Serial::new(t.text("serial")).map_err(|e| named(e.name()))?;
    let address = match t.get("address").as_str() {
        Some(address) => Some(Address::new(address).map_err(|e| named(e.name()))?),
        None => None,
    };
    let rendering = match t.text("prefix") {
        "ORP1:" => Rendering::App,
        url => Rendering::Url(Url::new(url).map_err(|e| named(e.name()))?),
    };
    let challenge = hazmat::challenge(serial, t.header_fields(), t.array("nonce"));
    hazmat::write_qr(&t.key(), &challenge, address, rendering).map_err(|e| named(e.name()))
}

pub fn write(t: Test<'_>) {
    let Some(text) = t.expect(written(t)) else { return };
    assert_eq!(text.as_str(), t.text("text"));
    let mut message = t.header_fields().bits().to_be_bytes().to_vec();
    message.extend(t.bytes("nonce"));
    message.extend(t.bytes("pad"));
    assert_eq!(hazmat::f(&t.key(), 4, &message), t.array("tagMac"));
    assert_eq!(t.array::<32>("tagMac")[..16], t.bytes("T"));
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
        OpenedAddress::OnFile(address) => Some(address),
        OpenedAddress::NoneOnFile => None,
    });
    let Some(address) = t.expect(address) else { return };
    assert_eq!(address.as_ref().map(Address::as_str), t.get("address").as_str());
}
