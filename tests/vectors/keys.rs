use hmac::{KeyInit, Mac};
use offline_reset::{DeviceKey, Epoch, KeyError, RootKey, Serial, check_root, demonstration_key, hazmat, root_check_message};

use crate::file::{Named, Test, hex, named};

fn key_error(error: KeyError) -> Named {
    named(error.name())
}

fn serial(t: Test<'_>) -> Result<Serial, Named> {
    Serial::new(t.text("serial")).map_err(|e| named(e.name()))
}

fn epoch(t: Test<'_>) -> Result<Epoch, Named> {
    Epoch::new(u8::try_from(t.number("epoch")).unwrap()).map_err(|e| named(e.name()))
}

/// Whether two keys are one.
fn equal(a: &DeviceKey, b: &DeviceKey) -> bool {
    hazmat::f(a, 1, b"equal") == hazmat::f(b, 1, b"equal")
}

fn hmac(root: &[u8], message: &[u8]) -> [u8; 32] {
    hmac::Hmac::<sha2::Sha256>::new_from_slice(root).unwrap().chain_update(message).finalize().into_bytes().into()
}

/// What `make` makes of a buffer, which is zeros afterwards.
fn taken<K>(bytes: Vec<u8>, make: impl FnOnce(&mut [u8]) -> Result<K, KeyError>) -> Result<K, Named> {
    let mut buffer = bytes;
    let key = make(&mut buffer).map_err(key_error);
    assert_eq!(buffer, [0; 32]);
    key
}

pub fn device_key(t: Test<'_>) {
    let (epoch, root, serial) = (epoch(t), taken(t.bytes("root"), RootKey::take), serial(t));
    let derived = epoch.and_then(|_| {
        let (root, serial) = (root?, serial?);
        let message = serial.root_message().map_err(key_error);
        assert_eq!(message.is_ok(), root.device_key(&serial).is_ok());
        Ok((message?, root.derive(&serial).map_err(key_error)?, root.device_key(&serial).map_err(key_error)?))
    });
    let Some((message, d, key)) = t.expect(derived) else { return };
    assert_eq!(message.as_bytes(), t.bytes("message"));
    assert_eq!(d, t.array("deviceKey"));
    assert!(equal(&key, &t.key()));
}

pub fn take_key(t: Test<'_>) {
    let d = t.bytes("deviceKey");
    if let Some(key) = t.expect(taken(d.clone(), DeviceKey::derived)) {
        assert_eq!(hazmat::f(&key, 1, b"of"), hmac(&d, b"ORP1\x01of"));
    }
}

pub fn root_check(t: Test<'_>) {
    let (mac, root, expected) = (t.bytes("mac"), t.get("root").as_str().map(hex), t.array("expected"));
    let epoch = epoch(t);
    let checked = epoch.clone().and_then(|epoch| taken(mac.clone(), |mac| check_root(mac, epoch, &expected)));
    if let (Ok(epoch), Some(Ok(root))) = (&epoch, root.clone().map(|mut root| RootKey::take(&mut root))) {
        let own = hmac(&t.bytes("root"), &root_check_message(*epoch));
        assert_eq!(root.check_value(*epoch), own[..4]);
        assert_eq!(root.check(*epoch, &expected), check_root(&mut own.clone(), *epoch, &expected));
    }
    let Some(()) = t.expect(checked) else { return };
    let message = root_check_message(epoch.unwrap());
    assert_eq!(message, t.array("message"));
    assert_eq!(hmac(&root.unwrap(), &message).as_slice(), mac);
}

pub fn device_check(t: Test<'_>) {
    let (d, serial, check) = (t.bytes("deviceKey"), serial(t), t.array("check"));
    let serial = serial.or_else(|error| taken(d.clone(), DeviceKey::derived).and(Err(error)));
    let key = serial.and_then(|serial| Ok((taken(d, |d| DeviceKey::load(d, &serial, &check))?, serial)));
    let Some((key, serial)) = t.expect(key) else { return };
    assert_eq!(key.check_value(&serial), check);
    assert_eq!([b"ORP1\x08", serial.as_str().as_bytes()].concat(), t.bytes("message"));
    assert_eq!(hazmat::f(&key, 8, serial.as_str().as_bytes()), t.array("mac"));
    assert!(equal(&key, &t.key()));
}

pub fn demonstration(t: Test<'_>) {
    let key = serial(t).and_then(|serial| demonstration_key(&serial).map_err(key_error));
    let Some(key) = t.expect(key) else { return };
    assert!(equal(&key, &t.key()));
}
