//! Answering what a genuine device made (SPEC.md section 12).

use core::ffi::c_char;
use core::mem::MaybeUninit;

use offline_reset::{Received, UnsealedAddress};

use crate::memory::{buffer, chars, check, held, input, outcome_wiped, output, to};
use crate::status::orp_status::{self, ORP_NONE_ON_FILE, ORP_OK, ORP_VERIFIED, ORP_WRONG_KIND};
use crate::types::{orp_key, orp_received, term};
use crate::version::ORP_CODE_SIZE;

/// ==== Vendor side: answering ====
///
/// Whether a device with this key made the challenge. The answers below ask it themselves: this one is for whoever decides before. Write
/// `== ORP_VERIFIED`, never `if (orp_verify(...))`: every refusal is non-zero too.
///
/// ORP_VERIFIED. ORP_NOT_GENUINE. ORP_ADDRESS: genuine, but what a QR seals is no address. SPEC.md section 12.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_verify(received: *const orp_received, key: *const orp_key) -> orp_status {
    outcome_wiped(|| {
        check([input(received), input(key)])?;
        // SAFETY: all checked
        let (received, key) = unsafe { (held(received)?, held(key)?) };
        match received {
            Received::Typed(typed) => typed.verify(key).map(drop)?,
            Received::Qr(qr) => qr.verify(key).map(drop)?,
        }
        Ok(ORP_VERIFIED)
    })
}

/// The code for a challenge, if a device with this key made it: 1929-4926-8276 with a NUL. The same term gives the same code. How old a
/// challenge is the desk does not see: when the device says ORP_EXPIRED, answer with a longer term, or have a new challenge made.
/// Before it: quotas, the log, and whether this caller owns the device (SPEC.md section 12). Terms 6 to 9 here bypass orp_secure_code, and
/// the duty to send that code to the address on file alone (DUTY-10). A dynamic password for a network challenge is normally ORP_METHOD at
/// the device.
///
/// ORP_OK: `code`, to be wiped when the person has it. ORP_NOT_GENUINE, ORP_ADDRESS, ORP_RESERVED_K (a term that is none). SPEC.md
/// sections 8 and 12.
/// cbindgen:ptrs-as-arrays=[[code; ORP_CODE_SIZE]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_answer(received: *const orp_received, key: *const orp_key, term: i32, code: *mut c_char) -> orp_status {
    outcome_wiped(|| {
        let code = code.cast::<[c_char; ORP_CODE_SIZE]>();
        check([input(received), input(key), output(code)])?;
        // SAFETY: all checked
        let (received, key, place) = unsafe { (held(received)?, held(key)?, &mut *code.cast::<MaybeUninit<[c_char; ORP_CODE_SIZE]>>()) };
        let code = match received {
            Received::Typed(typed) => typed.verify(key)?.answer(self::term(term)?),
            Received::Qr(qr) => qr.verify(key)?.genuine().answer(self::term(term)?),
        };
        place.write(chars(code.reveal()));
        Ok(ORP_OK)
    })
}

/// The address on file that a genuine device sealed in its QR. It is authentic, not harmless: whoever owns a device with a dumped key
/// chooses what it says. It goes to the mail system as one recipient, as a parameter (DUTY-25).
///
/// At most ORP_ADDRESS_SIZE bytes are written to `address`. ORP_OK; ORP_NONE_ON_FILE; ORP_SHORT_BUFFER; ORP_NOT_GENUINE, ORP_ADDRESS;
/// ORP_WRONG_KIND for a typed challenge. SPEC.md section 11.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_address(
    received: *const orp_received,
    key: *const orp_key,
    address: *mut c_char,
    cap: usize,
    len: *mut usize,
) -> orp_status {
    outcome_wiped(|| {
        check([input(received), input(key), buffer(address, cap), output(len)])?;
        // SAFETY: all checked
        let (received, key, place) = unsafe { (held(received)?, held(key)?, to(address, cap, len)) };
        let Received::Qr(qr) = received else { return Err(ORP_WRONG_KIND.into()) };
        let genuine = qr.verify(key)?;
        let UnsealedAddress::OnFile(address) = genuine.address() else { return Err(ORP_NONE_ON_FILE.into()) };
        place.text(address.as_str())?;
        Ok(ORP_OK)
    })
}

/// The secure code for a genuine device's QR, and the one address that it may go to (DUTY-10). For an expired one, see orp_answer.
///
/// At most ORP_ADDRESS_SIZE bytes are written to `address`. ORP_OK. In this order: ORP_WRONG_KIND for a typed challenge; ORP_NOT_GENUINE,
/// ORP_ADDRESS; ORP_RESERVED_K; ORP_NONE_ON_FILE: the answer is that none is; ORP_METHOD (a dynamic password is not mailed);
/// ORP_SHORT_BUFFER (no code either). SPEC.md section 12.
/// cbindgen:ptrs-as-arrays=[[code; ORP_CODE_SIZE]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_secure_code(
    received: *const orp_received,
    key: *const orp_key,
    term: i32,
    address: *mut c_char,
    cap: usize,
    len: *mut usize,
    code: *mut c_char,
) -> orp_status {
    outcome_wiped(|| {
        let code = code.cast::<[c_char; ORP_CODE_SIZE]>();
        check([input(received), input(key), buffer(address, cap), output(len), output(code)])?;
        // SAFETY: all checked
        let (received, key, place, code_place) =
            unsafe { (held(received)?, held(key)?, to(address, cap, len), &mut *code.cast::<MaybeUninit<[c_char; ORP_CODE_SIZE]>>()) };
        let Received::Qr(qr) = received else { return Err(ORP_WRONG_KIND.into()) };
        let genuine = qr.verify(key)?;
        let (address, code) = genuine.secure_code(self::term(term)?)?;
        place.text(address.as_str())?;
        code_place.write(chars(code.reveal()));
        Ok(ORP_OK)
    })
}
