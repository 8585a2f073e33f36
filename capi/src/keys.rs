//! Keys at the vendor (SPEC.md section 4).

use core::ffi::c_char;
use core::mem::MaybeUninit;

use offline_reset::{MAX_SERIAL, RootKey, Serial};

use crate::device::take_key;
use crate::memory::{buffer, bytes, check, input, outcome, outcome_wiped, output, set_up, text, to, usable_key, wipe};
use crate::status::Refusal;
use crate::status::orp_status::{self, ORP_OK, ORP_SERIAL};
use crate::types::orp_key;

pub(crate) fn serial_of(bytes: Option<&[u8]>) -> Result<Serial, Refusal> {
    Ok(Serial::new(bytes.and_then(|bytes| core::str::from_utf8(bytes).ok()).ok_or(ORP_SERIAL)?)?)
}

/// ==== Vendor side: keys ====
///
/// What the root key has to authenticate with HMAC-SHA-256 for a serial: give it to the HSM or the KMS, take 32 bytes back, D. For a
/// service that offers HKDF-Expand, `info` is all of it but the last byte.
///
/// At most ORP_ROOT_MESSAGE_SIZE bytes are written to `message`, without a NUL. ORP_OK; ORP_SHORT_BUFFER; ORP_SERIAL. SPEC.md section 4.
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
        place.bytes(serial_of(serial)?.root_message().as_bytes())?;
        Ok(ORP_OK)
    })
}

/// D by a root key held in memory, for a factory or a backend without an HSM. Wipe both when they are no longer needed.
///
/// ORP_OK: `d`. ORP_SERIAL; ORP_KEY: the root. SPEC.md section 4.
/// cbindgen:ptrs-as-arrays=[[root; ORP_KEY_BYTES], [d; ORP_KEY_BYTES]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_root_derive(root: *const u8, serial: *const c_char, serial_len: usize, d: *mut u8) -> orp_status {
    outcome_wiped(|| {
        let (root, d) = (root.cast::<[u8; 32]>(), d.cast::<[u8; 32]>());
        check([input(root), text(serial, serial_len), output(d)])?;
        // SAFETY: all checked
        let (root, serial, place) = unsafe { (&*root, bytes(serial, serial_len, MAX_SERIAL), &mut *d.cast::<MaybeUninit<[u8; 32]>>()) };
        let serial = serial_of(serial)?;
        usable_key(root)?;
        place.write(RootKey::new(root).derive(&serial));
        Ok(ORP_OK)
    })
}

/// A device's key from D, which is wiped.
///
/// ORP_OK. ORP_KEY: `key` is not set up, whatever it was. SPEC.md section 4.
/// cbindgen:ptrs-as-arrays=[[d; ORP_KEY_BYTES]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_key_take(key: *mut orp_key, d: *mut u8) -> orp_status {
    outcome(|| {
        let d = d.cast::<[u8; 32]>();
        check([output(key), output(d)])?;
        // SAFETY: all checked, and the key is initialised in its place
        unsafe {
            wipe(key);
            usable_key(&*d)?;
            set_up(key, |place| take_key(&mut *place.cast(), &mut *d));
        }
        Ok(ORP_OK)
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
