//! The Grant: it lives in the device, and leaves it once.

use core::mem::MaybeUninit;

use offline_reset::{Grant, HANDLE, Origin, Uptime};

use crate::device::Device;
use crate::memory::{check, copied, held_mut, input, outcome_wiped, output};
use crate::status::Refusal;
use crate::status::orp_status::{self, ORP_OK, ORP_VERIFIED};
use crate::types::{origin, orp_device, orp_purpose, orp_reset, purpose_of};

/// The Grant of an origin out of the device, if it is of this handle: another session's stays (SES-22).
fn by_handle(device: &mut Device, origin: Origin, handle: &[u8; HANDLE]) -> Result<Grant, Refusal> {
    Ok(Grant::by_handle(core::slice::from_mut(device.grant(origin)), handle)?)
}

/// ==== Device side: the Grant ====
///
/// What the Grant of this handle is for, so that the owner can be asked for a new password or pattern. Does not take it.
///
/// ORP_OK: `purpose`. ORP_NO_GRANT, ORP_ARGUMENT. SPEC.md section 10.3.
/// cbindgen:ptrs-as-arrays=[[grant; ORP_HANDLE_SIZE]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_grant_purpose(
    device: *mut orp_device,
    origin: i32,
    grant: *const u8,
    purpose: *mut orp_purpose,
) -> orp_status {
    outcome_wiped(|| {
        let grant = grant.cast::<[u8; HANDLE]>();
        check([output(device), input(grant), output(purpose)])?;
        // SAFETY: all checked
        let (device, handle, place) = unsafe { (held_mut(device)?, copied(grant), &mut *purpose.cast::<MaybeUninit<orp_purpose>>()) };
        let origin = self::origin(origin)?;
        let grant = by_handle(device, origin, &handle)?;
        place.write(purpose_of(grant.purpose()));
        *device.grant(origin) = Some(grant);
        Ok(ORP_OK)
    })
}

/// Takes the Grant of this handle: call it where the new password is set, and set it only if ORP_VERIFIED comes. Write
/// `== ORP_VERIFIED`, never `if (orp_grant_take(...))`: every refusal is non-zero too. With ORP_VERIFIED and ORP_GRANT_EXPIRED the Grant is
/// gone. It is good for ORP_GRANT_SECONDS, and belongs to the dialog or the connection whose code was right (DUTY-16).
///
/// ORP_VERIFIED: `reset` says what to set. ORP_GRANT_EXPIRED, ORP_NO_GRANT, ORP_ARGUMENT. SPEC.md section 10.3.
/// cbindgen:ptrs-as-arrays=[[grant; ORP_HANDLE_SIZE]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_grant_take(
    device: *mut orp_device,
    origin: i32,
    grant: *const u8,
    now: u64,
    reset: *mut orp_reset,
) -> orp_status {
    outcome_wiped(|| {
        let grant = grant.cast::<[u8; HANDLE]>();
        check([output(device), input(grant), output(reset)])?;
        // SAFETY: all checked
        let (device, handle, place) = unsafe { (held_mut(device)?, copied(grant), &mut *reset.cast::<MaybeUninit<orp_reset>>()) };
        let grant = by_handle(device, self::origin(origin)?, &handle)?;
        place.write((&grant.consume(Uptime::from_secs(now))?).into());
        Ok(ORP_VERIFIED)
    })
}

/// The dialog or the connection has ended: the Grant of this handle ends with it.
///
/// ORP_OK; ORP_NO_GRANT: it had ended before. ORP_ARGUMENT. SPEC.md section 12, DUTY-16.
/// cbindgen:ptrs-as-arrays=[[grant; ORP_HANDLE_SIZE]]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_grant_drop(device: *mut orp_device, origin: i32, grant: *const u8) -> orp_status {
    outcome_wiped(|| {
        let grant = grant.cast::<[u8; HANDLE]>();
        check([output(device), input(grant)])?;
        // SAFETY: all checked
        let (device, handle) = unsafe { (held_mut(device)?, copied(grant)) };
        drop(by_handle(device, self::origin(origin)?, &handle)?);
        Ok(ORP_OK)
    })
}
