use offline_reset::{Address, Header, QrChallenge, Rendering, Serial, hazmat};

use crate::file::{Named, Test, hex, named};

fn sealed(t: Test<'_>) -> Result<QrChallenge, Named> {
    let address = match t.get("address").as_str() {
        Some(address) => Some(Address::new(address).map_err(|e| named(e.name()))?),
        None => None,
    };
    let challenge = hazmat::challenge(Serial::new("ANY").unwrap(), t.header(), t.array("nonce"));
    let text = hazmat::write_qr(&t.key(), &challenge, address, Rendering::App).map_err(|e| named(e.name()))?;
    Ok(QrChallenge::read(text.as_str()).unwrap())
}

/// The key stream.
fn blocks(t: Test<'_>, tag: &[u8; 16], len: usize) -> Vec<[u8; 32]> {
    (0u8..).take(len.div_ceil(32)).map(|i| hazmat::f(&t.key(), 5, &[&[i], &tag[..]].concat())).collect()
}

/// The MAC of which T is the beginning, over a padded address.
pub fn tag_mac(t: Test<'_>, header: Header, nonce: &[u8], pad: &[u8]) -> [u8; 32] {
    hazmat::f(&t.key(), 4, &[&header.bits().to_be_bytes(), nonce, pad].concat())
}

pub fn seal(t: Test<'_>) {
    let (sealed, header, nonce) = (sealed(t), t.header(), t.bytes("nonce"));
    let Some(qr) = t.expect(sealed) else { return };
    let (tag, sealed) = hazmat::qr_parts(&qr);
    assert_eq!(tag, &t.array("T"));
    assert_eq!(sealed, t.bytes("sealed"));
    let blocks = blocks(t, tag, sealed.len());
    assert_eq!(t.list("blocks").iter().map(|block| hex(block.as_str().unwrap())).collect::<Vec<_>>(), blocks);
    let pad: Vec<u8> = sealed.iter().zip(blocks.as_flattened()).map(|(a, b)| a ^ b).collect();
    assert_eq!(pad, t.bytes("pad"));
    assert_eq!(tag_mac(t, header, &nonce, &pad), t.array("tagMac"));
}

pub fn open(t: Test<'_>) {
    let challenge = hazmat::challenge(Serial::new("ANY").unwrap(), t.header(), t.array("nonce"));
    let key = t.key();
    let (tag, sealed) = (t.array("T"), t.bytes("sealed"));
    let pad: Vec<u8> = sealed.iter().zip(blocks(t, &tag, sealed.len()).as_flattened()).map(|(a, b)| a ^ b).collect();
    assert_eq!(pad, t.bytes("pad"));
    let opened = hazmat::unseal_address(&key, &challenge, &tag, &sealed);
    let address = opened.as_ref().map_err(|e| named(e.name())).and_then(|opened| {
        assert_eq!(opened.pad(), pad);
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
