//! The code at the device: submit, compare, grant, with a record stored and read back between them (SPEC.md section 10.2).

use core::ffi::c_char;
use core::mem::MaybeUninit;

use offline_reset::{Compared, HANDLE, MAX_CODE_INPUT, Resumed, Slots, Uptime};

use crate::memory::{bytes, check, copied, held, held_mut, input, optional, outcome, outcome_wiped, outcome_with, output, text, utf8};
use crate::record::waiting;
use crate::status::orp_status::{self, ORP_OK, ORP_REJECTED, ORP_STORE, ORP_WRONG_STEP};
use crate::types::{origin, orp_device, orp_record, standing};

/// ==== Device side: the code ====
///
/// The owner typed a code. Spaces, dashes and full-width digits are forgiven; nothing is counted unless ORP_STORE comes. `code_len` does
/// not count a NUL. `session` means something to you alone: the dialog or the connection that typed it. The records that follow and the
/// reset give it back, so that nobody takes up another's step (SES-20).
///
/// ORP_STORE: store `record`, then orp_compare. ORP_EMPTY, ORP_TOO_LONG, ORP_ALPHABET, ORP_WRONG_KIND, ORP_LENGTH, ORP_UTF8 (detail: see
/// orp_status), ORP_CHECK, ORP_RESERVED_K: let the owner correct it. ORP_NO_CHALLENGE: open a new one. ORP_EXPIRED: see below.
/// ORP_METHOD. ORP_WAITING (detail: seconds). ORP_STOPPED. ORP_PENDING, ORP_STALE, ORP_POISONED, ORP_ARGUMENT. `detail` may be NULL.
/// SPEC.md section 10.2.
///
/// ORP_EXPIRED: a challenge outlives its shorter codes. Opening again shows the same one, and for that the same term is the same expired
/// code. What helps: a longer term from the desk; or orp_close_local(device, 0), and orp_open makes another. The web page cannot close
/// (SES-16): there a longer term, or the local screen.
/// cbindgen:ptrs-as-arrays=[[slots; ORP_SLOTS_SIZE]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_submit(
    device: *mut orp_device,
    origin: i32,
    session: u32,
    code: *const c_char,
    code_len: usize,
    now: u64,
    slots: *const u8,
    record: *mut orp_record,
    detail: *mut u32,
) -> orp_status {
    /// Stands for what is too long to be looked at: refused by the crate, in its place in the order of refusals.
    const TOO_LONG: &str = match core::str::from_utf8(&[b' '; MAX_CODE_INPUT + 1]) {
        Ok(text) => text,
        Err(_) => "",
    };
    let work = || {
        let slots = slots.cast::<Slots>();
        check([output(device), text(code, code_len), input(slots), output(record), optional(output(detail))])?;
        // SAFETY: all checked
        let (device, code, slots, record) = unsafe {
            (held_mut(device)?, bytes(code, code_len, MAX_CODE_INPUT), copied(slots), &mut *record.cast::<MaybeUninit<orp_record>>())
        };
        let origin = self::origin(origin)?;
        let code = code.map_or(Ok(TOO_LONG), utf8)?;
        let step = device.ledger.submit(&device.key, origin, session, code, Uptime::from_secs(now), &slots)?;
        record.write(waiting(&Resumed::Attempt(step)));
        Ok(ORP_STORE)
    };
    // SAFETY: `work` checks detail
    unsafe { outcome_with(detail, work) }
}

/// The attempt's record was stored; `slots` are read from the medium after that. Compares the code: there is no other way to it. For the
/// session of the record alone; a step that you find, of a caller that is gone, is orp_finish's.
///
/// ORP_STORE: the right code, store `record`, then orp_grant. ORP_REJECTED: not the right one; it was counted, the challenge stays, and a
/// wait may have begun (orp_standing). ORP_STORE_FAILED: nothing was compared. ORP_STALE, ORP_POISONED, ORP_NOT_PENDING, ORP_WRONG_STEP.
/// SPEC.md section 10.2.
/// cbindgen:ptrs-as-arrays=[[slots; ORP_SLOTS_SIZE]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_compare(device: *mut orp_device, slots: *const u8, record: *mut orp_record) -> orp_status {
    outcome(|| {
        let slots = slots.cast::<Slots>();
        check([output(device), input(slots), output(record)])?;
        // SAFETY: all checked
        let (device, slots, record) = unsafe { (held_mut(device)?, copied(slots), &mut *record.cast::<MaybeUninit<orp_record>>()) };
        match device.ledger.resume()? {
            Resumed::Attempt(step) => match step.compare(&device.key, &slots)? {
                Compared::Rejected(_) => Ok(ORP_REJECTED),
                Compared::Matched(step) => {
                    record.write(waiting(&Resumed::Clearing(step)));
                    Ok(ORP_STORE)
                }
            },
            _ => Err(ORP_WRONG_STEP.into()),
        }
    })
}

/// The record of orp_compare was stored; `slots` are read from the medium after that. The Grant is now in the device, in the place of an
/// earlier one of its origin. `grant` is its handle, which nobody can guess: keep it with the dialog or the connection that typed the code,
/// and nowhere else, in no URL and no log, for the Grant belongs to that and ends with it (DUTY-16).
///
/// ORP_OK: `grant`. ORP_STORE_FAILED: no Grant, and the challenge is gone. ORP_POISONED, ORP_NOT_PENDING, ORP_WRONG_STEP. SPEC.md section
/// 10.2.
/// cbindgen:ptrs-as-arrays=[[slots; ORP_SLOTS_SIZE], [grant; ORP_HANDLE_SIZE]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_grant(device: *mut orp_device, slots: *const u8, grant: *mut u8) -> orp_status {
    outcome_wiped(|| {
        let (slots, grant) = (slots.cast::<Slots>(), grant.cast::<[u8; HANDLE]>());
        check([output(device), input(slots), output(grant)])?;
        // SAFETY: all checked
        let (device, slots, place) = unsafe { (held_mut(device)?, copied(slots), &mut *grant.cast::<MaybeUninit<[u8; HANDLE]>>()) };
        match device.ledger.resume()? {
            Resumed::Clearing(step) => {
                let grant = step.grant(&device.key, &slots)?;
                place.write(*grant.handle());
                let origin = grant.origin();
                *device.grant(origin) = Some(grant);
                Ok(ORP_OK)
            }
            _ => Err(ORP_WRONG_STEP.into()),
        }
    })
}

/// Whether the count of failures allows a guess at an origin now; looks at nothing else. For a countdown, ask each second.
///
/// Each origin counts alone. Five failures bring a wait of 60 seconds, each further five twice the last, up to 15360 (4 h 16 min); at 255
/// failures every guess does. A wait counts from the last guess, and begins anew at a load, a reload, and an uptime that goes back. The web
/// page stops at 100. At ORP_OK there are 5 - failures % 5 guesses left before the next wait (orp_device_info), at 255 failures one. The
/// right code at the screen clears both counts, the right code at the web page its own; orp_login is for the screen's alone,
/// orp_allow_again for the web page's. After either the next guess there does not wait.
///
/// ORP_OK; ORP_WAITING (wait: seconds); ORP_STOPPED; ORP_ARGUMENT. `wait` may be NULL; 0 unless waiting; not written at a status of
/// the caller's group. SPEC.md section 10.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_standing(device: *const orp_device, origin: i32, now: u64, wait: *mut u32) -> orp_status {
    let work = || {
        check([input(device), optional(output(wait))])?;
        // SAFETY: checked
        let device = unsafe { held(device)? };
        let standing = standing(device.ledger.standing(self::origin(origin)?, Uptime::from_secs(now)));
        if standing.status == ORP_OK { Ok(ORP_OK) } else { Err(standing) }
    };
    // SAFETY: `work` checks wait
    unsafe { outcome_with(wait, work) }
}
