//! The challenge at the device (SPEC.md section 10.1, 10.4, 11).

use core::ffi::c_char;
use core::mem::MaybeUninit;

use offline_reset::{Address, Closing, MAX_ADDRESS, MAX_URL, Opened, Origin, Rendering, Request, Resumed, Slots, StoreError, Uptime, Url};

use crate::device::Device;
use crate::memory::{buffer, bytes, check, copied, held_mut, input, optional, outcome, outcome_with, output, to};
use crate::record::waiting;
use crate::status::Refusal;
use crate::status::orp_status::{self, ORP_ADDRESS, ORP_NO_CHALLENGE, ORP_OK, ORP_PENDING, ORP_STORE, ORP_URL, ORP_WRONG_STEP};
use crate::types::{origin, orp_device, orp_record, orp_shown, purpose, yes};

/// ==== Device side: the challenge ====
///
/// 'Forgot password': the challenge for the screen. `address_on_file` is 1 if the device has an address, and orp_qr will be given
/// it, or 0. `entropy` is from the device's generator; if that is dead, whatever it gives. Asking again with the same `purpose` and
/// `address_on_file` shows the same challenge, as long as it lives. Another one ends the local screen's challenge; at the web page it is
/// ORP_BUSY.
///
/// ORP_OK: `shown` is the challenge. ORP_STORE: the first after a load, store `record`, then orp_show. ORP_TOO_SOON (detail: seconds),
/// ORP_BUSY, ORP_METHOD, ORP_PENDING, ORP_STALE, ORP_POISONED, ORP_ARGUMENT. `detail` may be NULL. SPEC.md section 10.1.
/// cbindgen:ptrs-as-arrays=[[entropy; ORP_ENTROPY_SIZE], [slots; ORP_SLOTS_SIZE]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_open(
    device: *mut orp_device,
    origin: i32,
    purpose: i32,
    address_on_file: i32,
    entropy: *const u8,
    now: u64,
    slots: *const u8,
    record: *mut orp_record,
    shown: *mut orp_shown,
    detail: *mut u32,
) -> orp_status {
    let work = || {
        let (entropy, slots) = (entropy.cast::<[u8; 32]>(), slots.cast::<Slots>());
        check([output(device), input(entropy), input(slots), output(record), output(shown), optional(output(detail))])?;
        // SAFETY: all checked
        let (device, entropy, slots, record, shown) = unsafe {
            let (record, shown) = (record.cast::<MaybeUninit<orp_record>>(), shown.cast::<MaybeUninit<orp_shown>>());
            (held_mut(device)?, &*entropy, copied(slots), &mut *record, &mut *shown)
        };
        let request = Request { purpose: self::purpose(purpose)?, address_on_file: yes(address_on_file)? };
        let origin = self::origin(origin)?;
        match device.ledger.open(&device.key, origin, request, entropy, Uptime::from_secs(now), &slots)? {
            Opened::Shown(challenge) => {
                shown.write((&challenge).into());
                Ok(ORP_OK)
            }
            Opened::Store(step) => {
                record.write(waiting(&Resumed::Opening(step)));
                Ok(ORP_STORE)
            }
        }
    };
    // SAFETY: `work` checks detail
    unsafe { outcome_with(detail, work) }
}

/// The record of orp_open was stored; `slots` are read from the medium after that.
///
/// ORP_OK: `shown` is the challenge. ORP_STORE_FAILED, ORP_POISONED, ORP_NOT_PENDING, ORP_WRONG_STEP. SPEC.md section 10.1.
/// cbindgen:ptrs-as-arrays=[[slots; ORP_SLOTS_SIZE]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_show(device: *mut orp_device, slots: *const u8, shown: *mut orp_shown) -> orp_status {
    outcome(|| {
        let slots = slots.cast::<Slots>();
        check([output(device), input(slots), output(shown)])?;
        // SAFETY: all checked
        let (device, slots, shown) = unsafe { (held_mut(device)?, copied(slots), &mut *shown.cast::<MaybeUninit<orp_shown>>()) };
        match device.ledger.resume()? {
            Resumed::Opening(step) => {
                shown.write((&step.show(&device.key, &slots)?).into());
                Ok(ORP_OK)
            }
            _ => Err(ORP_WRONG_STEP.into()),
        }
    })
}

fn live(device: &mut Device, origin: Origin, now: u64) -> Result<offline_reset::Shown, Refusal> {
    match device.ledger.resume() {
        Err(StoreError::NotPending) => Ok(device.ledger.show_again(&device.key, origin, Uptime::from_secs(now)).ok_or(ORP_NO_CHALLENGE)?),
        Err(error) => Err(error.into()),
        Ok(_) => Err(ORP_PENDING.into()),
    }
}

/// The live challenge of an origin, for a screen that is drawn anew. Opens none and changes nothing.
///
/// ORP_OK: `shown`. ORP_NO_CHALLENGE, ORP_PENDING, ORP_POISONED, ORP_ARGUMENT. SPEC.md section 10.1.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_live(device: *mut orp_device, origin: i32, now: u64, shown: *mut orp_shown) -> orp_status {
    outcome(|| {
        check([output(device), output(shown)])?;
        // SAFETY: all checked
        let (device, place) = unsafe { (held_mut(device)?, &mut *shown.cast::<MaybeUninit<orp_shown>>()) };
        place.write((&live(device, self::origin(origin)?, now)?).into());
        Ok(ORP_OK)
    })
}

fn address_of(bytes: Option<&[u8]>) -> Result<Address<'_>, Refusal> {
    Ok(Address::new(bytes.and_then(|bytes| core::str::from_utf8(bytes).ok()).ok_or(ORP_ADDRESS)?)?)
}

/// The text of the QR code of an origin's live challenge, for the alphanumeric mode of any QR library. `address` is the one on
/// file, which is sealed inside, or NULL if there is none. `url` is that of the vendor's page, HTTPS://HOST/PATH/ in upper case, or
/// NULL for the vendor's app.
///
/// At most ORP_QR_SIZE bytes are written to `text`. ORP_OK; ORP_SHORT_BUFFER; ORP_ADDRESS, ORP_URL; ORP_MAIL_BIT: an address was
/// given and the challenge was opened without one, or the reverse; ORP_NO_CHALLENGE, ORP_PENDING, ORP_POISONED, ORP_ARGUMENT.
/// SPEC.md section 11.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_qr(
    device: *mut orp_device,
    origin: i32,
    now: u64,
    address: *const c_char,
    address_len: usize,
    url: *const c_char,
    url_len: usize,
    text: *mut c_char,
    cap: usize,
    len: *mut usize,
) -> orp_status {
    outcome(|| {
        let given = [crate::memory::text(address, address_len), crate::memory::text(url, url_len)];
        let [address_region, url_region] = given;
        check([output(device), address_region, url_region, buffer(text, cap), output(len)])?;
        let (with_address, with_url) = (!address.is_null(), !url.is_null());
        // SAFETY: all checked
        let (device, address, url, place) =
            unsafe { (held_mut(device)?, bytes(address, address_len, MAX_ADDRESS), bytes(url, url_len, MAX_URL), to(text, cap, len)) };
        let shown = live(device, self::origin(origin)?, now)?;
        let address = if with_address { Some(address_of(address)?) } else { None };
        let rendering = if with_url {
            Rendering::Url(Url::new(url.and_then(|url| core::str::from_utf8(url).ok()).ok_or(ORP_URL)?)?)
        } else {
            Rendering::App
        };
        place.text(shown.qr(&device.key, address, rendering)?.as_str())?;
        Ok(ORP_OK)
    })
}

/// An address in the one shape that a screen may show: j***@g***.nl.
///
/// At most ORP_MASKED_SIZE bytes are written to `text`. ORP_OK; ORP_SHORT_BUFFER; ORP_ADDRESS. SPEC.md section 11.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_mask(
    address: *const c_char,
    address_len: usize,
    text: *mut c_char,
    cap: usize,
    len: *mut usize,
) -> orp_status {
    outcome(|| {
        check([crate::memory::text(address, address_len), buffer(text, cap), output(len)])?;
        // SAFETY: all checked
        let (address, place) = unsafe { (bytes(address, address_len, MAX_ADDRESS), to(text, cap, len)) };
        place.text(address_of(address)?.masked().as_str())?;
        Ok(ORP_OK)
    })
}

/// The local screen is closed. With `keep` 1 its challenge stays, for an answer that comes on Monday; with 0 it ends, and the next
/// one differs. Its Grant ends, whatever comes. The web page has no such call: a network challenge ends when its code is used, by
/// orp_withdraw, a restart or a reload, and with its life (24 hours, unless the policy says otherwise).
///
/// ORP_OK; ORP_PENDING, ORP_POISONED: the challenge is as it was. ORP_ARGUMENT. SPEC.md section 10.4.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_close_local(device: *mut orp_device, keep: i32) -> orp_status {
    outcome(|| {
        check([output(device)])?;
        // SAFETY: checked
        let device = unsafe { held_mut(device)? };
        let closing = if yes(keep)? { Closing::Keep } else { Closing::Withdraw };
        *device.grant(Origin::Local) = None;
        device.ledger.close(closing)?;
        Ok(ORP_OK)
    })
}

/// The address on file is about to change, or the owner ends it all: both origins' challenges end, and both Grants, these whatever comes.
/// Change the address after this has succeeded, and for nobody but an administrator who has just logged in (DUTY-19).
///
/// ORP_OK; ORP_PENDING, ORP_POISONED: the address stays as it was. SPEC.md section 10.4.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_withdraw(device: *mut orp_device) -> orp_status {
    outcome(|| {
        check([output(device)])?;
        // SAFETY: checked
        let device = unsafe { held_mut(device)? };
        *device.grant(Origin::Local) = None;
        *device.grant(Origin::Network) = None;
        device.ledger.withdraw()?;
        Ok(ORP_OK)
    })
}
