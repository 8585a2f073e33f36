//! The Grant: it lives in the device, and leaves it once.

use core::mem::MaybeUninit;

use offline_reset::Uptime;

use crate::device::Granted;
use crate::memory::{check, held_mut, outcome, output};
use crate::status::Refusal;
use crate::status::orp_status::{self, ORP_NO_GRANT, ORP_OK, ORP_VERIFIED};
use crate::types::{origin, orp_device, orp_purpose, orp_reset, purpose_of};

/// The place of an origin's Grant, if the Grant there is of this number: another session's is left alone.
fn of_number(place: &mut Option<Granted>, number: u32) -> Result<&mut Option<Granted>, Refusal> {
    if place.as_ref().is_some_and(|granted| granted.number == number) { Ok(place) } else { Err(ORP_NO_GRANT.into()) }
}

/// ==== Device side: the Grant ====
///
/// What the Grant of this number is for, so that the owner can be asked for a new password or pattern. Does not take it.
///
/// ORP_OK: `purpose`. ORP_NO_GRANT, ORP_ARGUMENT. SPEC.md section 10.3.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_grant_purpose(device: *mut orp_device, origin: i32, grant: u32, purpose: *mut orp_purpose) -> orp_status {
    outcome(|| {
        check([output(device), output(purpose)])?;
        // SAFETY: all checked
        let (device, place) = unsafe { (held_mut(device)?, &mut *purpose.cast::<MaybeUninit<orp_purpose>>()) };
        let granted = of_number(device.grant(self::origin(origin)?), grant)?.as_ref().ok_or(ORP_NO_GRANT)?;
        place.write(purpose_of(granted.grant.purpose()));
        Ok(ORP_OK)
    })
}

/// Takes the Grant of this number: call it where the new password is set, and set it only if ORP_VERIFIED comes. Write
/// `== ORP_VERIFIED`, never `if (orp_grant_take(...))`: every refusal is non-zero too. With ORP_VERIFIED and ORP_GRANT_EXPIRED the Grant is
/// gone. It is good for ORP_GRANT_SECONDS, and belongs to the dialog or the connection whose code was right (DUTY-16).
///
/// ORP_VERIFIED: `reset` says what to set. ORP_GRANT_EXPIRED, ORP_NO_GRANT, ORP_ARGUMENT. SPEC.md section 10.3.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_grant_take(device: *mut orp_device, origin: i32, grant: u32, now: u64, reset: *mut orp_reset) -> orp_status {
    outcome(|| {
        check([output(device), output(reset)])?;
        // SAFETY: all checked
        let (device, place) = unsafe { (held_mut(device)?, &mut *reset.cast::<MaybeUninit<orp_reset>>()) };
        let granted = of_number(device.grant(self::origin(origin)?), grant)?.take().ok_or(ORP_NO_GRANT)?;
        place.write((&granted.grant.consume(Uptime::from_secs(now))?).into());
        Ok(ORP_VERIFIED)
    })
}

/// The dialog or the connection has ended: the Grant of this number ends with it.
///
/// ORP_OK; ORP_NO_GRANT: it had ended before. ORP_ARGUMENT. SPEC.md section 12, DUTY-16.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_grant_drop(device: *mut orp_device, origin: i32, grant: u32) -> orp_status {
    outcome(|| {
        check([output(device)])?;
        // SAFETY: checked
        let device = unsafe { held_mut(device)? };
        *of_number(device.grant(self::origin(origin)?), grant)? = None;
        Ok(ORP_OK)
    })
}
