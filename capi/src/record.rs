//! Records: what waits to be stored, and what an administrator does, which stores one (SPEC.md sections 9 and 10.4 to 10.7).

use core::mem::MaybeUninit;

use offline_reset::{Lowered, Resumed, SEALED_RECORD, Slots, StoreError, Uptime};

use crate::device::Device;
use crate::memory::{Outcome, check, copied, held_mut, input, outcome, outcome_wiped, output};
use crate::status::orp_status::{self, ORP_OK, ORP_STORE, ORP_WRONG_STEP};
use crate::types::{orp_device, orp_record, orp_step};

/// What waits, for C.
pub(crate) fn waiting(step: &Resumed<'_>) -> orp_record {
    let follows = match step {
        Resumed::Opening(_) => orp_step::ORP_STEP_SHOW,
        Resumed::Attempt(_) => orp_step::ORP_STEP_COMPARE,
        Resumed::Clearing(_) => orp_step::ORP_STEP_GRANT,
        Resumed::Lowering(_) => orp_step::ORP_STEP_LOWER,
    };
    orp_record { slot: step.slot() as u32, step: follows, bytes: *step.record(), session: step.session().unwrap_or(0) }
}

/// What an administrator's call came to.
fn lowered(lowered: Result<Lowered<'_>, StoreError>, place: &mut MaybeUninit<orp_record>) -> Outcome {
    match lowered? {
        Lowered::Done => Ok(ORP_OK),
        Lowered::Store(step) => {
            place.write(waiting(&Resumed::Lowering(step)));
            Ok(ORP_STORE)
        }
    }
}

/// ==== Device side: the administrator, and a record that waits ====
///
/// A person has logged in with the administrator's password: the next guess at the local screen does not wait. The screen's failures are
/// cleared too, if no code was compared there for 24 hours, since the last load or reload at the earliest. The web page's stay: for those
/// there is orp_allow_again. Not for a token, an API call or a resumed session (DUTY-15), and by a way that the web page's process cannot
/// use (DUTY-21). Its errors do not concern the login, which goes on.
///
/// ORP_STORE: store `record`, then orp_lowered. ORP_OK: done, there is nothing to store. ORP_PENDING, ORP_STALE, ORP_POISONED. SPEC.md
/// section 10.4.
/// cbindgen:ptrs-as-arrays=[[slots; ORP_SLOTS_SIZE]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_login(device: *mut orp_device, now: u64, slots: *const u8, record: *mut orp_record) -> orp_status {
    outcome(|| {
        let slots = slots.cast::<Slots>();
        check([output(device), input(slots), output(record)])?;
        // SAFETY: all checked
        let (device, slots, record) = unsafe { (held_mut(device)?, copied(slots), &mut *record.cast::<MaybeUninit<orp_record>>()) };
        lowered(device.ledger.admin_login(&device.key, Uptime::from_secs(now), &slots), record)
    })
}

/// An administrator asks for it, on a page of its own, and has typed the password anew: the web page takes codes again, 20 of them at least
/// before it stops, and the next does not wait. No login calls this, and no rule that runs by itself (DUTY-20); by a way that the web
/// page's process cannot use (DUTY-21).
///
/// ORP_STORE: store `record`, then orp_lowered. ORP_OK: done, there is nothing to store. ORP_PENDING, ORP_STALE, ORP_POISONED. SPEC.md
/// section 10.6.
/// cbindgen:ptrs-as-arrays=[[slots; ORP_SLOTS_SIZE]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_allow_again(device: *mut orp_device, now: u64, slots: *const u8, record: *mut orp_record) -> orp_status {
    outcome(|| {
        let slots = slots.cast::<Slots>();
        check([output(device), input(slots), output(record)])?;
        // SAFETY: all checked
        let (device, slots, record) = unsafe { (held_mut(device)?, copied(slots), &mut *record.cast::<MaybeUninit<orp_record>>()) };
        lowered(device.ledger.allow_again(&device.key, Uptime::from_secs(now), &slots), record)
    })
}

/// The record of orp_login or orp_allow_again was stored; `slots` are read from the medium after that.
///
/// ORP_OK: the failures are fewer. ORP_STORE_FAILED, ORP_POISONED, ORP_NOT_PENDING, ORP_WRONG_STEP. SPEC.md sections 10.4 and 10.6.
/// cbindgen:ptrs-as-arrays=[[slots; ORP_SLOTS_SIZE]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_lowered(device: *mut orp_device, slots: *const u8) -> orp_status {
    outcome(|| {
        let slots = slots.cast::<Slots>();
        check([output(device), input(slots)])?;
        // SAFETY: all checked
        let (device, slots) = unsafe { (held_mut(device)?, copied(slots)) };
        match device.ledger.resume()? {
            Resumed::Lowering(step) => {
                step.lowered(&slots)?;
                Ok(ORP_OK)
            }
            _ => Err(ORP_WRONG_STEP.into()),
        }
    })
}

/// What waits now.
fn pending(device: &mut Device, place: &mut MaybeUninit<orp_record>) -> orp_status {
    let none = orp_record { slot: 0, step: orp_step::ORP_STEP_NONE, bytes: [0; SEALED_RECORD], session: 0 };
    let (record, status) = device.ledger.resume().map_or((none, ORP_OK), |step| (waiting(&step), ORP_STORE));
    place.write(record);
    status
}

/// The record that waits to be stored and confirmed, if one does: for a program that lost its way between two calls. Go on with it if
/// record.session is yours; orp_finish it if its caller is gone.
///
/// ORP_STORE: `record`, and the call that it waits for. ORP_OK: none waits, record.step is ORP_STEP_NONE. SPEC.md section 9.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_pending(device: *mut orp_device, record: *mut orp_record) -> orp_status {
    outcome(|| {
        check([output(device), output(record)])?;
        // SAFETY: all checked
        let (device, place) = unsafe { (held_mut(device)?, &mut *record.cast::<MaybeUninit<orp_record>>()) };
        Ok(pending(device, place))
    })
}

/// Finishes a step whose caller is gone, for whoever holds the lock and finds it (DUTY-23): the record of orp_pending was stored, `slots`
/// are read from the medium after that. What was submitted is counted and compared; what comes of it goes to nobody, and a Grant is gone at
/// once. It costs nobody else a challenge or a Grant, as a reload would. If it cannot be stored: orp_abandon.
///
/// ORP_OK: none waits any more; go on with your own call. ORP_STORE: the code was right, and there is one more `record`: store it and call
/// this again. ORP_POISONED: orp_device_reload. ORP_NOT_PENDING. SPEC.md section 10.7.
/// cbindgen:ptrs-as-arrays=[[slots; ORP_SLOTS_SIZE]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_finish(device: *mut orp_device, slots: *const u8, record: *mut orp_record) -> orp_status {
    outcome_wiped(|| {
        let slots = slots.cast::<Slots>();
        check([output(device), input(slots), output(record)])?;
        // SAFETY: all checked
        let (device, slots, place) = unsafe { (held_mut(device)?, copied(slots), &mut *record.cast::<MaybeUninit<orp_record>>()) };
        device.ledger.resume()?.finish(&device.key, &slots);
        match device.ledger.resume() {
            Err(StoreError::Poisoned) => Err(StoreError::Poisoned.into()),
            _ => Ok(pending(device, place)),
        }
    })
}

/// Gives up the record that waits, if one does, for a program that can neither store it nor reload now: from then on all is ORP_POISONED
/// until orp_device_reload, which needs no orp_abandon before it.
///
/// ORP_OK. SPEC.md section 9.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_abandon(device: *mut orp_device) -> orp_status {
    outcome(|| {
        check([output(device)])?;
        // SAFETY: checked
        if let Ok(step) = unsafe { held_mut(device)? }.ledger.resume() {
            step.abandon();
        }
        Ok(ORP_OK)
    })
}
