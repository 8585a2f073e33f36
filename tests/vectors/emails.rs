use offline_reset::{Address, QrChallenge, Rendering, Serial, hazmat};

use crate::file::{Named, Test, named};

fn sealed(t: Test<'_>) -> Result<QrChallenge, Named> {
    let address = match t.get("address").as_str() {
        Some(address) => Some(Address::new(address).map_err(|e| named(e.name()))?),
        None => None,
    };
    let challenge = hazmat::challenge(Serial::new("ANY").unwrap(), t.header(), t.array("nonce"));
    let text = hazmat::write_qr(&t.key(), &challenge, address, Rendering::App).map_err(|e| named(e.name()))?;
    Ok(QrChallenge::read(text.as_str()).unwrap())
}

pub fn seal(t: Test<'_>) {
    let Some(qr) = t.expect(sealed(t)) else { return };
    let (tag, sealed) = hazmat::qr_parts(&qr);
    assert_eq!(tag, &t.array("T"));
    assert_eq!(sealed, t.bytes("sealed"));
    for (i, block) in (0u8..).zip(t.list("blocks")) {
        let message: Vec<u8> = [i].into_iter().chain(*tag).collect();
        assert_eq!(hazmat::f(&t.key(), 5, &message).to_vec(), crate::file::hex(block.as_str().unwrap()));
    }
    let stream = t.list("blocks").iter().flat_map(|b| crate::file::hex(b.as_str().unwrap()));
    let pad: Vec<u8> = sealed.iter().zip(stream).map(|(a, b)| a ^ b).collect();
    assert_eq!(pad, t.bytes("pad"));
    assert_eq!(&t.array::<32>("tagMac")[..16], tag);
}

pub fn open(t: Test<'_>) {
    let challenge = hazmat::challenge(Serial::new("ANY").unwrap(), t.header(), t.array("nonce"));
    let key = t.key();
    let opened = hazmat::open_address(&key, &challenge, &t.array("T"), &t.bytes("sealed"));
    let address = opened.as_ref().map_err(|e| named(e.name())).and_then(|opened| {
        if t.has("pad") {
            assert_eq!(opened.pad(), t.bytes("pad"));
        }
        opened.address().map_err(|e| named(e.name()))
    });
    let Some(address) = t.expect(address) else { return };
    assert_eq!(address.as_ref().map(Address::as_str), t.get("address").as_str());
}

pub fn mask(t: Test<'_>) {
    let address = Address::new(t.text("address")).map_err(|e| named(e.name()));
    let Some(address) = t.expect(address) else { return };
    assert_eq!(address.masked().as_str(), t.text("masked"));
}

pub fn address(t: Test<'_>) {
    let bytes = t.bytes("address");
    // what is no UTF-8 cannot reach the API, and is no address either
    let address = std::str::from_utf8(&bytes).map_err(|_| named("address"));
    let address = address.and_then(|text| Address::new(text).map_err(|e| named(e.name())));
    if let Some(address) = t.expect(address) {
        assert_eq!(address.as_str().as_bytes(), bytes);
    }
}
