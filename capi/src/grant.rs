//! The Grant: it lives in the device, and leaves it once.

use core::mem::MaybeUninit;

use offline_reset::Uptime;

use crate::memory::{check, held_mut, outcome, output};
use crate::status::orp_status::{self, ORP_NO_GRANT, ORP_OK, ORP_VERIFIED};
use crate::types::{origin, orp_device, orp_purpose, orp_reset, purpose_of};

/// ==== Device side: the Grant ====
///
/// What an origin's Grant is for, so that the owner can be asked for a new password or pattern. Does not take it.
///
/// ORP_OK: `purpose`. ORP_NO_GRANT, ORP_ARGUMENT. SPEC.md section 10.3.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_grant_purpose(device: *mut orp_device, origin: i32, purpose: *mut orp_purpose) -> orp_status {
    outcome(|| {
        check([output(device), output(purpose)])?;
        // SAFETY: all checked
        let (device, place) = unsafe { (held_mut(device)?, &mut *purpose.cast::<MaybeUninit<orp_purpose>>()) };
        let grant = device.grant(self::origin(origin)?).as_ref().ok_or(ORP_NO_GRANT)?;
        place.write(purpose_of(grant.purpose()));
        Ok(ORP_OK)
    })
}

/// Takes an origin's Grant: call it where the new password is set, and set it only if ORP_VERIFIED comes. Whatever comes, the Grant
/// is gone. It is good for ORP_GRANT_SECONDS, and belongs to the dialog or the connection whose code was right.
///
/// ORP_VERIFIED: `reset` says what to set. ORP_GRANT_EXPIRED, ORP_NO_GRANT, ORP_ARGUMENT. SPEC.md section 10.3.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_grant_take(device: *mut orp_device, origin: i32, now: u64, reset: *mut orp_reset) -> orp_status {
    outcome(|| {
        check([output(device), output(reset)])?;
        // SAFETY: all checked
        let (device, place) = unsafe { (held_mut(device)?, &mut *reset.cast::<MaybeUninit<orp_reset>>()) };
        let grant = device.grant(self::origin(origin)?).take().ok_or(ORP_NO_GRANT)?;
        place.write((&grant.consume(Uptime::from_secs(now))?).into());
        Ok(ORP_VERIFIED)
    })
}

/// The dialog or the connection has ended: an origin's Grant, if there is one, ends with it.
///
/// ORP_OK; ORP_ARGUMENT. SPEC.md section 12, DUTY-16.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_grant_drop(device: *mut orp_device, origin: i32) -> orp_status {
    outcome(|| {
        check([output(device)])?;
        // SAFETY: checked
        *unsafe { held_mut(device)? }.grant(self::origin(origin)?) = None;
        Ok(ORP_OK)
    })
}
