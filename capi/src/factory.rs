//! For the line that makes devices (SPEC.md section 12, DUTY-11).

use core::mem::MaybeUninit;

use offline_reset::{DeviceKey, Ledger};

use crate::memory::{check, input, outcome_wiped, output, usable_key};
use crate::status::orp_status::{self, ORP_OK};
use crate::version::ORP_RECORD_SIZE;

/// ==== Factory ====
///
/// The record that the factory stores in slot 0 together with D, before the first start; slot 1 stays blank. Never in the field: two blank
/// slots there are a lost ledger, and this record would refund every guess. The bytes are the same on every processor: the host at the line
/// can make them. D is the caller's to wipe.
///
/// ORP_OK: `record`. ORP_KEY. SPEC.md section 9.
/// cbindgen:ptrs-as-arrays=[[d; ORP_KEY_BYTES], [record; ORP_RECORD_SIZE]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_genesis(d: *const u8, record: *mut u8) -> orp_status {
    outcome_wiped(|| {
        let (d, record) = (d.cast::<[u8; 32]>(), record.cast::<[u8; ORP_RECORD_SIZE]>());
        check([input(d), output(record)])?;
        // SAFETY: all checked
        let (d, place) = unsafe { (&*d, &mut *record.cast::<MaybeUninit<[u8; ORP_RECORD_SIZE]>>()) };
        usable_key(d)?;
        place.write(Ledger::genesis(&DeviceKey::new(d)));
        Ok(ORP_OK)
    })
}
