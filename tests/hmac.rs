//! F and D, whose HMAC is ours, beside the `hmac` crate's: every length of message that the protocol has, and every border of a block.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as expected")]

use hmac::{Hmac, KeyInit, Mac};
use offline_reset::{DeviceKey, RootKey, Serial, hazmat};
use sha2::Sha256;

fn hmac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(message).finalize().into_bytes().into()
}

/// Some bytes, other ones for each `n`.
fn bytes<const N: usize>(n: usize) -> [u8; N] {
    std::array::from_fn(|i| (i * 7 + n * 31 + i * n) as u8)
}

/// F's longest message is that of an e-mail tag with a padded address of 255 bytes: 262; two blocks more are tried.
#[test]
fn f_is_hmac_at_every_length() {
    for n in 0..=262 + 128 {
        let d = bytes(n);
        let m = &bytes::<512>(n + 1)[..n];
        for t in 1..=8 {
            let message = [b"ORP1", [t].as_slice(), m].concat();
            assert_eq!(hazmat::f(&DeviceKey::derived(&mut d.to_vec()).unwrap(), t, m), hmac(&d, &message), "F({t}, {n} bytes)");
        }
    }
}

/// As the protocol calls it, with parts: the tag of a QR with each size of address.
#[test]
fn the_email_tag_is_hmac_at_every_size() {
    let d = bytes(3);
    let key = DeviceKey::derived(&mut d.to_vec()).unwrap();
    let header =
        offline_reset::Header::new(offline_reset::Purpose::UnlockPattern, offline_reset::Epoch::ZERO, offline_reset::Origin::Local, true);
    let challenge = hazmat::challenge(Serial::new("A1").unwrap(), header, bytes(4));
    for size in [32, 64, 128, 255] {
        let address =
            format!("{}@{}", "a".repeat(16), (17..size.min(255) - 1).map(|i| if i % 16 == 0 { '.' } else { 'b' }).collect::<String>());
        let address = offline_reset::Address::new(&address).unwrap();
        let text = hazmat::write_qr(&key, &challenge, Some(address), offline_reset::Rendering::App).unwrap();
        let qr = offline_reset::QrChallenge::read(text.as_str()).unwrap();
        let (tag, sealed) = hazmat::qr_parts(&qr);
        let mut padded = vec![0; size];
        padded[0] = address.as_str().len() as u8;
        padded[1..=address.as_str().len()].copy_from_slice(address.as_str().as_bytes());
        assert_eq!(sealed.len(), size);
        let message = [b"ORP1\x04", header.bits().to_be_bytes().as_slice(), &bytes::<5>(4), &padded].concat();
        assert_eq!(*tag, hmac(&d, &message)[..16], "{size} bytes");
    }
}

#[test]
fn d_is_hmac_at_every_serial() {
    for n in 1..=20 {
        let serial = Serial::new(&"Z9A0M5".repeat(4)[..n]).unwrap();
        let r = bytes(n);
        let message = [b"ORP1\0", serial.as_str().as_bytes(), &[1]].concat();
        assert_eq!(RootKey::take(&mut r.to_vec()).unwrap().derive(&serial).unwrap(), hmac(&r, &message), "a serial of {n}");
    }
}
