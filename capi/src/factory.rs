//! For the line that makes devices (SPEC.md section 12, DUTY-11).

use core::ffi::c_char;
use core::mem::MaybeUninit;

use offline_reset::{CheckValue, DeviceKey, Ledger, MAX_SERIAL};

use crate::device::serial_of;
use crate::memory::{bytes, check, copied, input, outcome_wiped, output, text};
use crate::status::orp_status::{self, ORP_OK};
use crate::version::ORP_RECORD_SIZE;

/// ==== Factory ====
///
/// What the factory stores together with D, before the first start: `record` in slot 0, and `check`, D's check value for this serial, for
/// orp_device_load. Slot 1 stays blank. Never in the field: two blank slots there are a lost ledger, and this record would refund every
/// guess. The bytes are the same on every processor: the host at the line can make them. D is the caller's to wipe.
///
/// ORP_OK: `record` and `check`. ORP_BLANK_KEY, ORP_SERIAL, ORP_DEMONSTRATION. SPEC.md sections 4.1 and 9.
/// cbindgen:ptrs-as-arrays=[[d; ORP_KEY_BYTES], [record; ORP_RECORD_SIZE], [check; ORP_CHECK_SIZE]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_genesis(
    d: *const u8,
    serial: *const c_char,
    serial_len: usize,
    record: *mut u8,
    check: *mut u8,
) -> orp_status {
    outcome_wiped(|| {
        let (d, record, value) = (d.cast::<[u8; 32]>(), record.cast::<[u8; ORP_RECORD_SIZE]>(), check.cast::<CheckValue>());
        self::check([input(d), text(serial, serial_len), output(record), output(value)])?;
        // SAFETY: all checked
        let (mut d, serial, record, value) = unsafe {
            let (record, value) = (record.cast::<MaybeUninit<[u8; ORP_RECORD_SIZE]>>(), value.cast::<MaybeUninit<CheckValue>>());
            (copied(d), bytes(serial, serial_len, MAX_SERIAL), &mut *record, &mut *value)
        };
        let key = DeviceKey::derived(&mut d)?; // wipes the copy
        let serial = serial_of(serial)?;
        serial.root_message()?;
        record.write(Ledger::genesis(&key));
        value.write(key.check_value(&serial));
        Ok(ORP_OK)
    })
}
