//! The device: start, restart, end.

use core::ffi::c_char;
use core::mem::MaybeUninit;
use core::time::Duration;

use offline_reset::{DeviceKey, Epoch, Grant, Ledger, Loaded, MAX_SERIAL, Origin, Policy, Serial, Slots, Uptime};

use crate::memory::{
    Opaque, bytes, check, copied, held, held_mut, input, optional, outcome, output, set_up, text, usable_key, wipe, wiped,
};
use crate::status::Refusal;
use crate::status::orp_status::{self, ORP_OK, ORP_SERIAL};
use crate::types::{methods, orp_device, orp_info, orp_loaded, orp_policy};

/// What an `orp_device` holds.
pub(crate) struct Device {
    pub(crate) key: DeviceKey,
    pub(crate) ledger: Ledger,
    /// One for each origin: the web page's cannot take the screen's place.
    local_grant: Option<Granted>,
    network_grant: Option<Granted>,
}

/// A Grant, and the number by which the dialog or the connection knows it: its own, not a later one's (DUTY-16).
pub(crate) struct Granted {
    pub(crate) grant: Grant,
    pub(crate) number: u32,
}

impl Device {
    pub(crate) const fn grant(&mut self, origin: Origin) -> &mut Option<Granted> {
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

fn device_of(serial: &[u8], epoch: i32, policy: Option<&orp_policy>) -> Result<offline_reset::Device, Refusal> {
    let serial = Serial::new(core::str::from_utf8(serial).map_err(|_| ORP_SERIAL)?)?;
    let epoch = Epoch::new(u8::try_from(epoch).unwrap_or(u8::MAX))?;
    let policy = match policy {
        None => Policy::default(),
        Some(policy) => Policy::default()
            .with_methods(Origin::Local, methods(policy.local)?)
            .with_methods(Origin::Network, methods(policy.network)?)
            .with_cap(Duration::from_secs(policy.cap.into()))?,
    };
    Ok(offline_reset::Device { serial, epoch, policy })
}

pub(crate) fn take_key(place: &mut MaybeUninit<DeviceKey>, d: &mut [u8; 32]) {
    wiped(|| {
        place.write(DeviceKey::take(d));
    });
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
/// `d` is the device's key, and is wiped when this succeeds. `serial` is as on the label, `epoch` which root key D came from,
/// `policy` NULL for 72 hours, both methods at the screen and the secure code alone at the web page. `slots` are read from the
/// medium at this moment, slot 0 first. `now` is the uptime in whole seconds since the device started, here and everywhere: it runs
/// on when only the program restarts, and nobody sets it.
///
/// A serial that is not this device's is not noticed here: its challenges are then not genuine at the vendor.
///
/// ORP_OK; ORP_SERIAL, ORP_EPOCH, ORP_CAP, ORP_ARGUMENT (a method), ORP_KEY. After these nothing has changed: a device that was loaded
/// before is still loaded, with its challenges and Grants, and `d` is as it was. SPEC.md section 9.
/// cbindgen:ptrs-as-arrays=[[d; ORP_KEY_BYTES], [slots; ORP_SLOTS_SIZE]]
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn orp_device_load(
    device: *mut orp_device,
    d: *mut u8,
    serial: *const c_char,
    serial_len: usize,
    epoch: i32,
    policy: *const orp_policy,
    slots: *const u8,
    now: u64,
    loaded: *mut orp_loaded,
) -> orp_status {
    outcome(|| {
        let (d, slots) = (d.cast::<[u8; 32]>(), slots.cast::<Slots>());
        let regions =
            [output(device), output(d), text(serial, serial_len), optional(input(policy)), input(slots), optional(output(loaded))];
        check(regions)?;
        // SAFETY: all checked
        let (d, serial, policy, slots, loaded) = unsafe {
            (
                &mut *d,
                bytes(serial, serial_len, MAX_SERIAL),
                policy.as_ref(),
                copied(slots),
                loaded.cast::<MaybeUninit<orp_loaded>>().as_mut(),
            )
        };
        let described = device_of(serial.ok_or(ORP_SERIAL)?, epoch, policy)?;
        usable_key(d)?;
        let fill = |place: *mut Device| {
            // SAFETY: within the struct that is set up; the key is initialised before it is lent, and then each of the other fields
            unsafe {
                take_key(&mut *(&raw mut (*place).key).cast(), d);
                let (ledger, found) = Ledger::load(&(*place).key, described, &slots, Uptime::from_secs(now));
                (&raw mut (*place).ledger).write(ledger);
                (&raw mut (*place).local_grant).write(None);
                (&raw mut (*place).network_grant).write(None);
                report(loaded, &found);
            }
        };
        // SAFETY: checked, and all four fields are filled
        unsafe { set_up(device, fill) };
        Ok(ORP_OK)
    })
}

/// Takes the ledger from flash again, with the key and the policy of before: after ORP_STALE or ORP_STORE_FAILED, when orp_device_info
/// says poisoned, or to give up a record that the driver cannot store. Ends every challenge, not a Grant.
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
