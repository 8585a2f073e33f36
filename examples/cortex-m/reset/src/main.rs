//! A whole reset on a microcontroller, without an allocator: the ledger in simulated flash, the desk in the same program.
#![no_std]
#![no_main]

use board::print;
use offline_reset::{
    Compared, Device, DeviceKey, Epoch, Grant, Ledger, NotGenuine, OpenError, Opened, Origin, Policy, Purpose, Request, RootKey,
    SEALED_RECORD, Serial, Shown, Slot, Slots, SubmitError, Term, TypedChallenge, Uptime,
};

/// Two pages of flash, of which the first bytes are a slot each: erased to ones, written by clearing bits.
struct Flash {
    pages: Slots,
}

impl Flash {
    fn store(&mut self, slot: Slot, record: &[u8; SEALED_RECORD]) {
        let [a, b] = &mut self.pages;
        let page = match slot {
            Slot::A => a,
            Slot::B => b,
        };
        page.fill(0xff); // erase
        page.iter_mut().zip(record).for_each(|(cell, bits)| *cell &= bits);
    }

    /// What the medium holds: with real flash, past any cache.
    fn slots(&self) -> Slots {
        self.pages
    }
}

/// 'Forgot password': what the screen shows.
fn forgot_password(key: &DeviceKey, ledger: &mut Ledger, flash: &mut Flash, entropy: &[u8; 32], now: Uptime) -> Result<Shown, OpenError> {
    let request = Request { purpose: Purpose::AccountPassword, address_on_file: false };
    match ledger.open(key, Origin::Local, request, entropy, now, &flash.slots())? {
        Opened::Shown(shown) => Ok(shown),
        Opened::Store(step) => {
            flash.store(step.slot(), step.record());
            Ok(step.show(key, &flash.slots())?)
        }
    }
}

/// A code was typed: `None` is a wrong one, counted.
fn code_typed(key: &DeviceKey, ledger: &mut Ledger, flash: &mut Flash, typed: &str, now: Uptime) -> Result<Option<Grant>, SubmitError> {
    let attempt = ledger.submit(key, Origin::Local, 1, typed, now, &flash.slots())?;
    flash.store(attempt.slot(), attempt.record());
    match attempt.compare(key, &flash.slots())? {
        Compared::Rejected(_) => Ok(None),
        Compared::Matched(step) => {
            flash.store(step.slot(), step.record());
            Ok(Some(step.grant(key, &flash.slots())?))
        }
    }
}

/// What the desk does with the text that the owner reads out.
fn desk(root: &RootKey, text: &str) -> Result<offline_reset::Code, NotGenuine> {
    let Ok(read) = TypedChallenge::read(text) else { return Err(NotGenuine) };
    let Ok(key) = root.device_key(read.claimed().serial()) else { return Err(NotGenuine) };
    Ok(read.verify(&key)?.answer(Term::DynamicPassword1H))
}

fn run() -> Result<bool, &'static str> {
    let root = RootKey::take(&mut [0x52; 32]).map_err(|e| e.name())?; // an example's: a real one is random, and in an HSM
    let serial = Serial::new("4H0583BPAG12345").map_err(|_| "serial")?;
    let mut flash = Flash { pages: [[0xff; SEALED_RECORD]; 2] };
    let made = root.device_key(&serial).map_err(|e| e.name())?; // the factory
    let (mut d, check) = (root.derive(&serial).map_err(|e| e.name())?, made.check_value(&serial));
    flash.store(Slot::A, &Ledger::genesis(&made));

    let mut seconds = 0;
    let mut now = || {
        seconds += 15; // each step takes so long
        Uptime::from_secs(seconds)
    };
    let key = DeviceKey::load(&mut d, &serial, &check).map_err(|e| e.name())?;
    let device = Device { serial, epoch: Epoch::ZERO, policy: Policy::default() };
    let (mut ledger, _found) = Ledger::load(&key, device, &flash.slots(), now());

    let shown = forgot_password(&key, &mut ledger, &mut flash, &[0x3c; 32], now()).map_err(|e| e.name())?;
    let text = shown.text().ok_or("no typed challenge")?;
    print!("on the screen   {}\n", text.as_str());
    let code = desk(&root, text.as_str()).map_err(|e| e.name())?;
    print!("from the desk   {}\n", code.reveal());

    let another = desk(&root, forgot_password_elsewhere(&root)?.as_str()).map_err(|e| e.name())?;
    match code_typed(&key, &mut ledger, &mut flash, another.reveal(), now()) {
        Err(error) => print!("a wrong code    {}, not counted\n", error.name()),
        Ok(None) => print!("a wrong code    rejected, {} counted\n", ledger.failures(Origin::Local)),
        Ok(Some(_)) => return Err("a wrong code was taken"),
    }
    let grant =
        code_typed(&key, &mut ledger, &mut flash, code.reveal(), now()).map_err(|e| e.name())?.ok_or("the right code was refused")?;
    let reset = grant.consume(now()).map_err(|e| e.name())?;
    print!("the right code  reset {} of this device, {:?}\n", reset.resets(), reset.purpose());
    Ok(reset.resets() == 1 && ledger.failures(Origin::Local) == 0)
}

/// The challenge of another device, whose code is wrong here.
fn forgot_password_elsewhere(root: &RootKey) -> Result<offline_reset::ChallengeText, &'static str> {
    let serial = Serial::new("ANOTHER").map_err(|_| "serial")?;
    let key = root.device_key(&serial).map_err(|e| e.name())?;
    let mut flash = Flash { pages: [Ledger::genesis(&key), [0xff; SEALED_RECORD]] };
    let device = Device { serial, epoch: Epoch::ZERO, policy: Policy::default() };
    let (mut ledger, _) = Ledger::load(&key, device, &flash.slots(), Uptime::from_secs(0));
    let shown = forgot_password(&key, &mut ledger, &mut flash, &[0xc3; 32], Uptime::from_secs(0)).map_err(|e| e.name())?;
    shown.text().copied().ok_or("no typed challenge")
}

#[cortex_m_rt::entry]
fn main() -> ! {
    let well = run();
    print!("{}; stack used at most {} bytes, {} were left\n", well.err().unwrap_or("done"), board::stack_used(), board::stack_left());
    board::exit(well == Ok(true) && board::stack_left() > 0)
}
