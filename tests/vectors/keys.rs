use offline_reset::{DeviceKey, RootKey, Serial, hazmat};

use crate::file::{Test, named};

pub fn device_key(t: Test<'_>) {
    let serial = Serial::new(t.text("serial")).map_err(|e| named(e.name()));
    let root = RootKey::new(&t.array("root"));
    t.epoch();
    let Some(serial) = t.expect(serial) else { return };
    assert_eq!(serial.root_message().as_bytes(), t.bytes("message"));
    assert_eq!(root.derive(&serial), t.array("deviceKey"));
    let (a, b) = (root.device_key(&serial), DeviceKey::new(&t.array("deviceKey")));
    assert_eq!(hazmat::f(&a, 1, b"equal"), hazmat::f(&b, 1, b"equal"));
}
