//! The device: start, restart, end.

use core::ffi::c_char;
use core::mem::MaybeUninit;
use core::time::Duration;

use offline_reset::{CheckValue, DeviceKey, Epoch, Grant, Ledger, Loaded, MAX_SERIAL, Origin, Policy, Serial, Slots, Uptime};

use crate::memory::{
    Opaque, bytes, check, copied, held, held_mut, input, is_callers, optional, outcome, output, set_up, text, wipe, wiped,
};
use crate::status::Refusal;
use crate::status::orp_status::{self, ORP_OK, ORP_SERIAL};
use crate::types::{methods, orp_device, orp_info, orp_loaded, orp_policy};

/// What an `orp_device` holds.
pub(crate) struct Device {
    pub(crate) key: DeviceKey,
    pub(crate) ledger: Ledger,
    /// One for each origin: the web page's cannot take the screen's place.
    local_grant: Option<Grant>,
    network_grant: Option<Grant>,
}

impl Device {
    pub(crate) const fn grant(&mut self, origin: Origin) -> &mut Option<Grant> {
        match origin {
            Origin::Local => &mut self.local_grant,
            Origin::Network => &mut self.network_grant,
        }
    }
}

impl Opaque for orp_device {
    type Held = Device;
    const MAGIC: u32 = 0x4f52_5044;
    const STAYS: bool = true;
}

const _: () = assert!(<orp_device as Opaque>::FITS);

pub(crate) fn serial_of(bytes: Option<&[u8]>) -> Result<Serial, Refusal> {
    Ok(Serial::new(bytes.and_then(|bytes| core::str::from_utf8(bytes).ok()).ok_or(ORP_SERIAL)?)?)
}

pub(crate) fn epoch_of(number: i32) -> Result<Epoch, Refusal> {
    Ok(Epoch::new(u8::try_from(number).unwrap_or(u8::MAX))?)
}

fn device_of(serial: Option<&[u8]>, epoch: i32, policy: Option<&orp_policy>) -> Result<offline_reset::Device, Refusal> {
    let serial = serial_of(serial)?;
    let epoch = epoch_of(epoch)?;
    let policy = match policy {
        None => Policy::default(),
        Some(policy) => Policy::default()
            .with_methods(Origin::Local, methods(policy.local)?)
            .with_methods(Origin::Network, methods(policy.network)?)
            .with_cap(Duration::from_secs(policy.cap.into()))?,
    };
    Ok(offline_reset::Device { serial, epoch, policy })
}

fn report(place: Option<&mut MaybeUninit<orp_loaded>>, loaded: &Loaded) {
    if let Some(place) = place {
        place.write(loaded.into());
    }
}

/// ==== Device side: start and end ====
///
/// At the start of the device: takes the ledger from flash. Never refused because of what the slots hold: `loaded` (or NULL) says how
/// they were found, and a lost ledger means the longest wait. Ends every challenge and Grant.
///
/// `d` is the device's key, and is wiped whatever comes but a status of the caller's group. `serial` is as on the label. `check` is the
/// check value that the factory stored beside D (orp_genesis): it finds a key that flash has changed, and one of another serial. `epoch` is
/// which root key D came from, `policy` NULL for 72 hours, both methods at the screen and the secure code alone at the web page. `slots`
/// are read from the medium at this moment, slot 0 first. `now` is the uptime in whole seconds since the device started, here and
/// everywhere: it runs on when only the program restarts, and nobody sets it.
///
/// ORP_OK; ORP_BLANK_KEY; ORP_SERIAL, ORP_EPOCH, ORP_CAP, ORP_ARGUMENT (a method); ORP_DEMONSTRATION, ORP_KEY_CHECK: this device can show
/// no challenge. After these a device that was loaded before is still loaded, with its challenges and Grants. SPEC.md sections 4.1 and 9.
/// cbindgen:ptrs-as-arrays=[[d; ORP_KEY_BYTES], [check; ORP_CHECK_SIZE], [slots; ORP_SLOTS_SIZE]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_device_load(
    device: *mut orp_device,
    d: *mut u8,
    serial: *const c_char,
    serial_len: usize,
    check: *const u8,
    epoch: i32,
    policy: *const orp_policy,
    slots: *const u8,
    now: u64,
    loaded: *mut orp_loaded,
) -> orp_status {
    outcome(|| {
        let (d, value, slots) = (d.cast::<[u8; 32]>(), check.cast::<CheckValue>(), slots.cast::<Slots>());
        let read = [text(serial, serial_len), input(value), optional(input(policy)), input(slots)];
        let [label, value_region, policy_region, slots_region] = read;
        self::check([output(device), output(d), label, value_region, policy_region, slots_region, optional(output(loaded))])?;
        // SAFETY: all checked
        let (d, serial, value, policy, slots, loaded) = unsafe {
            (
                &mut *d,
                bytes(serial, serial_len, MAX_SERIAL),
                copied(value),
                policy.as_ref(),
                copied(slots),
                loaded.cast::<MaybeUninit<orp_loaded>>().as_mut(),
            )
        };
        let described = match device_of(serial, epoch, policy) {
            Err(refusal) if !is_callers(refusal.status) => {
                wiped(|| DeviceKey::derived(d).map(drop))?; // wipes D; a blank one comes first
                return Err(refusal);
            }
            described => described?,
        };
        wiped(|| {
            let key = DeviceKey::load(d, &described.serial, &value)?;
            let (ledger, found) = Ledger::load(&key, described, &slots, Uptime::from_secs(now));
            // SAFETY: checked, and filled
            unsafe { set_up(device, |place| place.write(Device { key, ledger, local_grant: None, network_grant: None })) };
            report(loaded, &found);
            Ok(ORP_OK)
        })
    })
}

/// Takes the ledger from flash again, with the key and the policy of before: after ORP_STALE or ORP_STORE_FAILED, when orp_device_info
/// says poisoned, or to give up a record that the driver cannot store. Ends every challenge, not a Grant. Not for a step whose caller is
/// gone: orp_finish.
///
/// ORP_OK. SPEC.md section 9.
/// cbindgen:ptrs-as-arrays=[[slots; ORP_SLOTS_SIZE]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_device_reload(device: *mut orp_device, slots: *const u8, now: u64, loaded: *mut orp_loaded) -> orp_status {
    outcome(|| {
        let slots = slots.cast::<Slots>();
        check([output(device), input(slots), optional(output(loaded))])?;
        // SAFETY: all checked
        let (device, slots, loaded) = unsafe { (held_mut(device)?, copied(slots), loaded.cast::<MaybeUninit<orp_loaded>>().as_mut()) };
        let (ledger, found) = Ledger::load(&device.key, *device.ledger.device(), &slots, Uptime::from_secs(now));
        device.ledger = ledger;
        report(loaded, &found);
        Ok(ORP_OK)
    })
}

/// The ledger's figures.
///
/// ORP_OK: `info`. SPEC.md sections 9 and 10.3.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_device_info(device: *const orp_device, info: *mut orp_info) -> orp_status {
    outcome(|| {
        check([input(device), output(info)])?;
        // SAFETY: all checked
        let (device, place) = unsafe { (held(device)?, &mut *info.cast::<MaybeUninit<orp_info>>()) };
        place.write(orp_info {
            resets: device.ledger.resets(),
            failures_local: device.ledger.failures(Origin::Local).into(),
            failures_network: device.ledger.failures(Origin::Network).into(),
            poisoned: device.ledger.is_poisoned().into(),
        });
        Ok(ORP_OK)
    })
}

/// Zeros over the whole struct, whatever it holds: at the end, and over a copy that should not exist.
///
/// ORP_OK. SPEC.md section 14.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_device_wipe(device: *mut orp_device) -> orp_status {
    outcome(|| {
        check([output(device)])?;
        // SAFETY: checked
        Ok(unsafe { wipe(device) })
    })
}
