//! Records: what waits to be stored, and the login that stores one (SPEC.md sections 9 and 10.4).

use core::mem::MaybeUninit;

use offline_reset::{LoggedIn, Resumed, SEALED_RECORD, Slot, Slots, Uptime};

use crate::memory::{Outcome, check, copied, held_mut, input, outcome, output};
use crate::status::orp_status::{self, ORP_OK, ORP_POISONED, ORP_STORE, ORP_WRONG_STEP};
use crate::types::{orp_device, orp_record, orp_step};

pub(crate) fn record(step: orp_step, slot: Slot, bytes: &[u8; SEALED_RECORD]) -> orp_record {
    orp_record { slot: slot as u32, step, bytes: *bytes }
}

/// A step was asked for that does not wait.
pub(crate) fn wrong(waiting: Option<&Resumed<'_>>) -> Outcome {
    Err(if waiting.is_some() { ORP_WRONG_STEP } else { ORP_POISONED }.into())
}

/// ==== Device side: the administrator, and a record that waits ====
///
/// A person has logged in with the administrator's password: clears the failures of both origins, once in 24 hours. Not for a token, an
/// API call or a resumed session (DUTY-15). Its errors do not concern the login, which goes on.
///
/// ORP_STORE: store `record`, then orp_login_cleared. ORP_OK: nothing is cleared. Either there are no failures, and then this login starts
/// no 24 hours; or one has cleared some less than 24 hours ago, since the last load or reload, and what came after stays (orp_standing).
/// ORP_PENDING, ORP_STALE, ORP_POISONED. SPEC.md section 10.4.
/// cbindgen:ptrs-as-arrays=[[slots; ORP_SLOTS_SIZE]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_login(device: *mut orp_device, now: u64, slots: *const u8, record: *mut orp_record) -> orp_status {
    outcome(|| {
        let slots = slots.cast::<Slots>();
        check([output(device), input(slots), output(record)])?;
        // SAFETY: all checked
        let (device, slots, record) = unsafe { (held_mut(device)?, copied(slots), &mut *record.cast::<MaybeUninit<orp_record>>()) };
        match device.ledger.admin_login(&device.key, Uptime::from_secs(now), &slots)? {
            LoggedIn::NothingToClear => Ok(ORP_OK),
            LoggedIn::Store(step) => {
                record.write(self::record(orp_step::ORP_STEP_LOGIN, step.slot(), step.record()));
                Ok(ORP_STORE)
            }
        }
    })
}

/// The record of orp_login was stored; `slots` are read from the medium after that.
///
/// ORP_OK: the failures are cleared. ORP_STORE_FAILED, ORP_POISONED, ORP_WRONG_STEP. SPEC.md section 10.4.
/// cbindgen:ptrs-as-arrays=[[slots; ORP_SLOTS_SIZE]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_login_cleared(device: *mut orp_device, slots: *const u8) -> orp_status {
    outcome(|| {
        let slots = slots.cast::<Slots>();
        check([output(device), input(slots)])?;
        // SAFETY: all checked
        let (device, slots) = unsafe { (held_mut(device)?, copied(slots)) };
        match device.ledger.pending() {
            Some(Resumed::Login(step)) => {
                step.cleared(&slots)?;
                Ok(ORP_OK)
            }
            other => wrong(other.as_ref()),
        }
    })
}

/// The record that waits to be stored and confirmed, if one does: for a program that lost its way between two calls.
///
/// ORP_STORE: `record`, and the call that it waits for. ORP_OK: none waits, record.step is ORP_STEP_NONE. SPEC.md section 9.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_pending(device: *mut orp_device, record: *mut orp_record) -> orp_status {
    outcome(|| {
        check([output(device), output(record)])?;
        // SAFETY: all checked
        let (device, place) = unsafe { (held_mut(device)?, &mut *record.cast::<MaybeUninit<orp_record>>()) };
        let record = match device.ledger.pending() {
            Some(Resumed::Opening(step)) => self::record(orp_step::ORP_STEP_SHOW, step.slot(), step.record()),
            Some(Resumed::Attempt(step)) => self::record(orp_step::ORP_STEP_COMPARE, step.slot(), step.record()),
            Some(Resumed::Clearing(step)) => self::record(orp_step::ORP_STEP_GRANT, step.slot(), step.record()),
            Some(Resumed::Login(step)) => self::record(orp_step::ORP_STEP_LOGIN, step.slot(), step.record()),
            None => self::record(orp_step::ORP_STEP_NONE, Slot::A, &[0; SEALED_RECORD]),
        };
        let status = if record.step == orp_step::ORP_STEP_NONE { ORP_OK } else { ORP_STORE };
        place.write(record);
        Ok(status)
    })
}

/// Gives up the record that waits, if one does, for a program that cannot reload now: from then on all is ORP_POISONED until
/// orp_device_reload, which needs no orp_abandon before it.
///
/// ORP_OK. SPEC.md section 9.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_abandon(device: *mut orp_device) -> orp_status {
    outcome(|| {
        check([output(device)])?;
        // SAFETY: checked
        match unsafe { held_mut(device)? }.ledger.pending() {
            Some(Resumed::Opening(step)) => step.abandon(),
            Some(Resumed::Attempt(step)) => step.abandon(),
            Some(Resumed::Clearing(step)) => step.abandon(),
            Some(Resumed::Login(step)) => step.abandon(),
            None => {}
        }
        Ok(ORP_OK)
    })
}
