//! The device's side.

use core::mem::MaybeUninit;
use core::time::Duration;

use offline_reset::{
    Address, CheckValue, Closing, Compared, Device, DeviceKey, Epoch, Grant, HANDLE, Ledger, Loaded, Lowered, Method, Methods, OpenError, Opened, Origin,
    Policy, Purpose, Rendering, Request, Resumed, SEALED_RECORD, Serial, Shown, SlotState, Slots, Standing, SubmitError, Term, Uptime, Url,
};

use crate::vendor::says;
use crate::{Input, Output, refused, status};

/// What a firmware holds in RAM.
pub struct Firmware {
    key: DeviceKey,
    ledger: Ledger,
    shown: Option<Shown>,
    grant: Option<Grant>,
    loaded: Loaded,
}

const fn origin(number: u8) -> Origin {
    if number == 0 { Origin::Local } else { Origin::Network }
}

const fn methods(number: u8) -> Methods {
    match number {
        0 => Methods::None,
        1 => Methods::DynamicPassword,
        2 => Methods::SecureCode,
        _ => Methods::Both,
    }
}

const fn purpose(number: u8) -> Purpose {
    match number {
        0 => Purpose::AccountPassword,
        1 => Purpose::UnlockPattern,
        _ => Purpose::FactoryReset,
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn genesis(d: &mut [u8; 32], out: &mut [u8; SEALED_RECORD]) {
    if let Ok(key) = DeviceKey::derived(d) {
        *out = Ledger::genesis(&key);
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn load(
    to: &mut MaybeUninit<Firmware>,
    d: &mut [u8; 64],
    length: usize,
    check: &CheckValue,
    serial: &Input,
    epoch: u8,
    cap: u64,
    local: u8,
    network: u8,
    slots: &Slots,
    now: u64,
    out: &mut Output,
) -> i32 {
    let mut load = || {
        // SAFETY: the caller's promise.
        let serial = Serial::new(unsafe { serial.text() }?).map_err(refused!(out))?;
        let epoch = Epoch::new(epoch).map_err(refused!(out))?;
        let policy = Policy::default().with_cap(Duration::from_secs(cap)).map_err(refused!(out))?;
        let policy = policy.with_methods(Origin::Local, methods(local)).with_methods(Origin::Network, methods(network));
        let key = DeviceKey::load(d.get_mut(..length).unwrap_or_default(), &serial, check).map_err(refused!(out))?;
        let (ledger, loaded) = Ledger::load(&key, Device { serial, epoch, policy }, slots, Uptime::from_secs(now));
        to.write(Firmware { key, ledger, shown: None, grant: None, loaded });
        Ok(())
    };
    status(load())
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn end(firmware: &mut MaybeUninit<Firmware>) {
    // SAFETY: the caller's promise: `load` wrote it, and nothing uses it from here on.
    unsafe { firmware.assume_init_drop() }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn what_was_loaded(firmware: &Firmware, out: &mut [u8; 3]) {
    let slot = |state| match state {
        SlotState::Blank => 0,
        SlotState::Damaged => 1,
        SlotState::Valid { seq } => 2 + (seq as u8 & 1),
    };
    let [a, b] = firmware.loaded.slots.map(slot);
    *out = [firmware.loaded.ledger as u8, a, b];
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn open(
    firmware: &mut Firmware,
    at: u8,
    what_for: u8,
    address_on_file: bool,
    entropy: &[u8; 32],
    now: u64,
    slots: &mut Slots,
    out: &mut Output,
) -> i32 {
    let Firmware { key, ledger, shown, .. } = firmware;
    *shown = None;
    let request = Request { purpose: purpose(what_for), address_on_file };
    match ledger.open(key, origin(at), request, entropy, Uptime::from_secs(now), slots) {
        Ok(Opened::Shown(live)) => {
            *shown = Some(live);
            0
        }
        Ok(Opened::Store(step)) => store(slots, step.slot().index(), step.record()),
        Err(error) => match error.store_error() {
            Some(error) => refused!(out, OpenError::from(error)),
            None => refused!(out, error),
        },
    }
}

/// For a page that is drawn anew.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn show_again(firmware: &mut Firmware, at: u8, now: u64) -> i32 {
    let Firmware { key, ledger, shown, .. } = firmware;
    *shown = ledger.show_again(key, origin(at), Uptime::from_secs(now));
    if shown.is_some() { 0 } else { 3 }
}

/// A flash that writes where it is told to.
fn store(slots: &mut Slots, at: usize, record: &[u8; SEALED_RECORD]) -> i32 {
    let [a, b] = slots;
    *if at == 0 { a } else { b } = *record;
    2
}

/// What follows a stored record, whichever it is: show, compare, grant, cleared.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn go_on(firmware: &mut Firmware, slots: &mut Slots, out: &mut Output) -> i32 {
    let Firmware { key, ledger, shown, grant, .. } = firmware;
    let mut go_on = || match ledger.resume().map_err(refused!(out))? {
        Resumed::Opening(step) => {
            *shown = Some(step.show(key, slots).map_err(refused!(out))?);
            Ok(0)
        }
        Resumed::Attempt(step) => match step.compare(key, slots).map_err(refused!(out))? {
            Compared::Rejected(rejected) => Ok(refused!(out, rejected)),
            Compared::Matched(step) => Ok(store(slots, step.slot().index(), step.record())),
        },
        Resumed::Clearing(step) => {
            *grant = Some(step.grant(key, slots).map_err(refused!(out))?);
            Ok(0)
        }
        Resumed::Lowering(step) => step.lowered(slots).map(|()| 0).map_err(refused!(out)),
    };
    go_on().unwrap_or_else(|status| status)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn submit(firmware: &mut Firmware, at: u8, session: u32, typed: &Input, now: u64, slots: &mut Slots, out: &mut Output) -> i32 {
    // SAFETY: the caller's promise.
    let Ok(typed) = (unsafe { typed.text() }) else { return -1 };
    match firmware.ledger.submit(&firmware.key, origin(at), session, typed, Uptime::from_secs(now), slots) {
        Ok(step) => store(slots, step.slot().index(), step.record()),
        Err(SubmitError::Read(error)) => refused!(out, error) + refused!(out, SubmitError::from(error)),
        Err(error) => match error.store_error() {
            Some(error) => refused!(out, SubmitError::from(error)),
            None => refused!(out, error),
        },
    }
}

/// As `submit` and `go_on` in one, with the types' own steps.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn submit_to_grant(firmware: &mut Firmware, session: u32, typed: &Input, now: u64, slots: &mut Slots, out: &mut Output) -> i32 {
    let Firmware { key, ledger, grant, .. } = firmware;
    let mut submit = || {
        // SAFETY: the caller's promise.
        let typed = unsafe { typed.text() }?;
        let step = ledger.submit(key, Origin::Local, session, typed, Uptime::from_secs(now), slots).map_err(refused!(out))?;
        store(slots, step.slot().index(), step.record());
        let same = step.session() == session;
        let Compared::Matched(step) = step.compare(key, slots).map_err(refused!(out))? else { return Err(4) };
        store(slots, step.slot().index(), step.record());
        if !same || step.session() != session {
            return Err(5);
        }
        *grant = Some(step.grant(key, slots).map_err(refused!(out))?);
        Ok(())
    };
    status(submit())
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn admin_login(firmware: &mut Firmware, again: bool, fails: bool, now: u64, slots: &mut Slots, out: &mut Output) -> i32 {
    let lowered = if again {
        firmware.ledger.allow_again(&firmware.key, Uptime::from_secs(now), slots)
    } else {
        firmware.ledger.admin_login(&firmware.key, Uptime::from_secs(now), slots)
    };
    match lowered {
        Ok(Lowered::Store(step)) if fails => {
            step.abandon();
            3
        }
        Ok(Lowered::Store(step)) => store(slots, step.slot().index(), step.record()),
        Ok(Lowered::Done) => 0,
        Err(error) => refused!(out, error),
    }
}

/// A step whose caller is gone; the driver may fail.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn finish(firmware: &mut Firmware, session: u32, fails: bool, slots: &mut Slots) {
    if let Ok(step) = firmware.ledger.resume() {
        if step.session() == Some(session) {
            store(slots, step.slot().index(), step.record());
            return step.finish(&firmware.key, slots);
        }
    }
    firmware.ledger.finish(&firmware.key, |slot, record| {
        store(slots, slot.index(), record);
        (!fails).then_some(*slots)
    });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn consume(firmware: &mut Firmware, handle: &[u8; HANDLE], now: u64, out: &mut Output) -> i32 {
    let grant = match Grant::by_handle(core::slice::from_mut(&mut firmware.grant), handle) {
        Ok(grant) => grant,
        Err(error) => return refused!(out, error),
    };
    out.len = out.len.wrapping_add(usize::from(grant.handle() == handle) + grant.session() as usize);
    let number = grant.purpose() as i32 + 8 * grant.origin() as i32;
    match grant.consume(Uptime::from(Duration::from_secs(now))) {
        Ok(reset) if (reset.origin(), reset.purpose()) == (Origin::Local, Purpose::FactoryReset) => reset.session() as i32,
        Ok(reset) => number + 16 * i32::from(reset.method() == Method::SecureCode) + 32 * (reset.resets() & 1) as i32,
        Err(error) => refused!(out, error),
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn leave(firmware: &mut Firmware, how: u8, out: &mut Output) -> i32 {
    let left = match how {
        // the flash driver has failed, whichever step it was
        3 => {
            match firmware.ledger.resume() {
                Err(_) => {}
                Ok(Resumed::Opening(step)) => step.abandon(),
                Ok(Resumed::Attempt(step)) => step.abandon(),
                Ok(Resumed::Clearing(step)) => step.abandon(),
                Ok(step) => step.abandon(),
            }
            Ok(())
        }
        0 => firmware.ledger.close(Closing::Withdraw),
        1 => firmware.ledger.close(Closing::Keep),
        _ => firmware.ledger.withdraw(),
    };
    match left {
        Ok(()) => 0,
        Err(error) => refused!(out, error),
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn allowed(firmware: &Firmware, at: u8, k: u8) -> bool {
    Term::from_k(k).is_ok_and(|term| firmware.ledger.device().policy.methods(origin(at)).allow(term.method()))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn standing(firmware: &Firmware, at: u8, now: u64) -> u64 {
    if firmware.ledger.live(origin(at), Uptime::from_secs(now)).is_none() {
        return firmware.ledger.device().policy.cap().as_secs();
    }
    match firmware.ledger.standing(origin(at), Uptime::from_secs(now)) {
        Standing::Ready => 0,
        Standing::Waiting { remaining } => remaining.as_secs(),
        Standing::Stopped => u64::MAX,
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn counters(firmware: &Firmware) -> u64 {
    let Firmware { ledger, .. } = firmware;
    let failures = u64::from(ledger.failures(Origin::Local)) << 8 | u64::from(ledger.failures(Origin::Network));
    u64::from(ledger.resets()) << 32 | u64::from(ledger.is_poisoned()) << 16 | failures
}

/// Everything on the screen: the typed challenge, the QR in both renderings, the address masked.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn screen(firmware: &Firmware, address: &Input, url: &Input, now: &mut u64, out: &mut Output) -> i32 {
    let mut screen = || {
        let Some(shown) = &firmware.shown else { return Err(3) };
        // SAFETY: the caller's promise.
        let (address, url) = unsafe { (address.text()?, url.text()?) };
        says(shown.challenge(), out)?;
        if let Some(text) = shown.text() {
            out.put(text.as_str())?;
        }
        let address = if address.is_empty() { None } else { Some(Address::new(address).map_err(refused!(out))?) };
        if let Some(address) = &address {
            out.show(&address.masked())?;
            out.put(address.as_str())?;
        }
        let url = Url::new(url).map_err(refused!(out))?;
        let qr = shown.qr(&firmware.key, address, Rendering::App).map_err(refused!(out))?;
        out.put(qr.as_str())?;
        let qr = shown.qr(&firmware.key, address, Rendering::Url(url)).map_err(refused!(out))?;
        out.show(&qr)?;
        let seconds = match shown.standing() {
            Standing::Ready => 0,
            Standing::Waiting { remaining } => remaining.as_secs(),
            Standing::Stopped => 1,
        };
        *now = shown.shown_at().as_secs().wrapping_add(shown.expires_at().as_secs()).wrapping_add(seconds);
        Ok(())
    };
    status(screen())
}
