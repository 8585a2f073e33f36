//! Keys at the vendor (SPEC.md section 4).

use core::ffi::c_char;
use core::mem::MaybeUninit;
use zeroize::Zeroize;

use offline_reset::{CheckValue, DeviceKey, MAX_SERIAL, RootKey, check_root, root_check_message};

use crate::device::{epoch_of, serial_of};
use crate::memory::{buffer, bytes, check, copied, input, outcome, outcome_wiped, output, set_up, text, to, wipe, wiped};
use crate::status::orp_status::{self, ORP_OK};
use crate::types::orp_key;
use crate::version::ORP_ROOT_CHECK_MESSAGE_SIZE;

/// ==== Vendor side: keys ====
///
/// What the root key has to authenticate with HMAC-SHA-256 for a serial: give it to the HSM or the KMS, take 32 bytes back, D. For a
/// service that offers HKDF-Expand, `info` is all of it but the last byte.
///
/// At most ORP_ROOT_MESSAGE_SIZE bytes are written to `message`, without a NUL. ORP_OK; ORP_SHORT_BUFFER; ORP_SERIAL;
/// ORP_DEMONSTRATION: a serial that begins with ORPDEMO. SPEC.md section 4.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_root_message(
    serial: *const c_char,
    serial_len: usize,
    message: *mut u8,
    cap: usize,
    len: *mut usize,
) -> orp_status {
    outcome(|| {
        check([text(serial, serial_len), buffer(message, cap), output(len)])?;
        // SAFETY: all checked
        let (serial, place) = unsafe { (bytes(serial, serial_len, MAX_SERIAL), to(message, cap, len)) };
        place.bytes(serial_of(serial)?.root_message()?.as_bytes())?;
        Ok(ORP_OK)
    })
}

/// What the root key of an epoch has to authenticate for its check value: give it to the HSM or the KMS, and what comes back to
/// orp_root_check.
///
/// ORP_OK: `message`. ORP_EPOCH. SPEC.md section 4.1.
/// cbindgen:ptrs-as-arrays=[[message; ORP_ROOT_CHECK_MESSAGE_SIZE]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_root_check_message(epoch: i32, message: *mut u8) -> orp_status {
    outcome(|| {
        let message = message.cast::<[u8; ORP_ROOT_CHECK_MESSAGE_SIZE]>();
        check([output(message)])?;
        // SAFETY: checked
        let place = unsafe { &mut *message.cast::<MaybeUninit<[u8; ORP_ROOT_CHECK_MESSAGE_SIZE]>>() };
        place.write(root_check_message(epoch_of(epoch)?));
        Ok(ORP_OK)
    })
}

/// Whether the right root is in the slot for an epoch: at the desk's start, for each epoch that it answers (KEY-6). `mac` is the root's
/// HMAC of orp_root_check_message, and is wiped. `check` is the check value of the root's ceremony: show it to the desk's operators
/// (DUTY-26).
///
/// ORP_OK; ORP_EPOCH; ORP_BLANK_KEY, ORP_DEMONSTRATION, ORP_KEY_CHECK: answer nothing of this epoch. SPEC.md section 4.1.
/// cbindgen:ptrs-as-arrays=[[mac; ORP_KEY_BYTES], [check; ORP_CHECK_SIZE]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_root_check(mac: *mut u8, epoch: i32, check: *const u8) -> orp_status {
    outcome_wiped(|| {
        let (mac, value) = (mac.cast::<[u8; 32]>(), check.cast::<CheckValue>());
        self::check([output(mac), input(value)])?;
        // SAFETY: all checked
        let (mac, value) = unsafe { (&mut *mac, copied(value)) };
        let epoch = epoch_of(epoch).inspect_err(|_| mac.zeroize())?;
        check_root(mac, epoch, &value)?;
        Ok(ORP_OK)
    })
}

/// The check value of a root key held in memory, for a backend without an HSM: compare it at the desk's start with that of the root's
/// ceremony. Whoever has an HSM takes the first four bytes of what it gives for orp_root_check_message.
///
/// ORP_OK: `check`. ORP_EPOCH, ORP_BLANK_KEY, ORP_DEMONSTRATION. SPEC.md section 4.1.
/// cbindgen:ptrs-as-arrays=[[root; ORP_KEY_BYTES], [check; ORP_CHECK_SIZE]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_root_check_value(root: *const u8, epoch: i32, check: *mut u8) -> orp_status {
    outcome_wiped(|| {
        let (root, value) = (root.cast::<[u8; 32]>(), check.cast::<CheckValue>());
        self::check([input(root), output(value)])?;
        let epoch = epoch_of(epoch)?;
        // SAFETY: all checked
        let (mut root, place) = unsafe { (copied(root), &mut *value.cast::<MaybeUninit<CheckValue>>()) };
        place.write(RootKey::take(&mut root)?.check_value(epoch));
        Ok(ORP_OK)
    })
}

/// D by a root key held in memory, for a factory or a backend without an HSM. Wipe both when they are no longer needed.
///
/// ORP_OK: `d`. ORP_BLANK_KEY, ORP_DEMONSTRATION: the root, or a serial that begins with ORPDEMO. ORP_SERIAL. SPEC.md section 4.
/// cbindgen:ptrs-as-arrays=[[root; ORP_KEY_BYTES], [d; ORP_KEY_BYTES]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_root_derive(root: *const u8, serial: *const c_char, serial_len: usize, d: *mut u8) -> orp_status {
    outcome_wiped(|| {
        let (root, d) = (root.cast::<[u8; 32]>(), d.cast::<[u8; 32]>());
        check([input(root), text(serial, serial_len), output(d)])?;
        // SAFETY: all checked
        let (serial, place) = unsafe { (bytes(serial, serial_len, MAX_SERIAL), &mut *d.cast::<MaybeUninit<[u8; 32]>>()) };
        // SAFETY: checked
        let mut root = unsafe { copied(root) };
        place.write(RootKey::take(&mut root)?.derive(&serial_of(serial)?)?);
        Ok(ORP_OK)
    })
}

/// A device's key from D, which is wiped whatever comes.
///
/// ORP_OK. ORP_BLANK_KEY: `key` is not set up, whatever it was. SPEC.md section 4.1.
/// cbindgen:ptrs-as-arrays=[[d; ORP_KEY_BYTES]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_key_take(key: *mut orp_key, d: *mut u8) -> orp_status {
    outcome(|| {
        let d = d.cast::<[u8; 32]>();
        check([output(key), output(d)])?;
        wiped(|| {
            // SAFETY: all checked, and the key is initialised in its place
            unsafe {
                wipe(key);
                let taken = DeviceKey::derived(&mut *d)?;
                set_up(key, |place| place.write(taken));
            }
            Ok(ORP_OK)
        })
    })
}

/// Zeros over the key: after each answer (DUTY-4).
///
/// ORP_OK. SPEC.md section 14.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_key_wipe(key: *mut orp_key) -> orp_status {
    outcome(|| {
        check([output(key)])?;
        // SAFETY: checked
        Ok(unsafe { wipe(key) })
    })
}
