//! A recorder's inside: one ledger, its flash, and the order of the steps. What a firmware would have, without its screen.

use std::io;

use offline_reset::{
    Closing, Compared, Device, DeviceKey, Grant, Ledger, Loaded, Lowered, OpenError, Opened, Origin, Purpose, Request, SEALED_RECORD,
    Shown, Slot, Slots, StoreError, SubmitError, Uptime,
};

/// Two slots of 32 bytes that outlive a power cut.
pub(crate) trait Flash {
    fn read(&self) -> io::Result<Slots>;
    fn write(&mut self, slot: Slot, record: &[u8; SEALED_RECORD]) -> io::Result<()>;
}

/// Why an operation ended without a result.
#[derive(Debug)]
pub(crate) enum Refusal {
    Open(OpenError),
    Submit(SubmitError),
    Store(StoreError),
    Flash(io::Error),
}

macro_rules! from {
    ($($error:ty => $variant:ident),+) => {
        $(impl From<$error> for Refusal {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        })+
    };
}

from!(OpenError => Open, SubmitError => Submit, StoreError => Store, io::Error => Flash);

/// What came of a code that was compared.
#[derive(Debug)]
pub(crate) enum Verdict {
    Granted(Grant),
    Rejected,
}

/// The device's side, between its screens and its flash.
#[derive(Debug)]
pub(crate) struct Recorder<F> {
    pub(crate) key: DeviceKey,
    pub(crate) ledger: Ledger,
    pub(crate) flash: F,
}

impl<F: Flash> Recorder<F> {
    /// The recorder starts.
    pub(crate) fn start(key: DeviceKey, device: Device, flash: F, now: Uptime) -> io::Result<(Self, Loaded)> {
        let (ledger, loaded) = Ledger::load(&key, device, &flash.read()?, now);
        Ok((Self { key, ledger, flash }, loaded))
    }

    /// Takes the ledger from flash again: after a power cut, and after a store that failed.
    pub(crate) fn reload(&mut self, now: Uptime) -> io::Result<Loaded> {
        let (ledger, loaded) = Ledger::load(&self.key, *self.ledger.device(), &self.flash.read()?, now);
        self.ledger = ledger;
        Ok(loaded)
    }

    /// A step whose caller is gone is finished, for nobody (SPEC.md §10.7). A store that failed has left the ledger useless: only flash knows
    /// now what counts.
    fn mended(&mut self, now: Uptime) -> io::Result<()> {
        self.ledger.finish(&self.key, |slot, record| {
            self.flash.write(slot, record).ok()?;
            self.flash.read().ok()
        });
        if self.ledger.is_poisoned() {
            self.reload(now)?;
        }
        Ok(())
    }

    /// 'Forgot password', at the screen or on the web page.
    pub(crate) fn open(&mut self, origin: Origin, purpose: Purpose, address_on_file: bool, now: Uptime) -> Result<Shown, Refusal> {
        self.mended(now)?;
        let mut entropy = [0; 32];
        let _ = getrandom::fill(&mut entropy); // a dead generator alone does not repeat a challenge: SPEC.md promise P8
        let slots = self.flash.read()?;
        let request = Request { purpose, address_on_file };
        match self.ledger.open(&self.key, origin, request, &entropy, now, &slots)? {
            Opened::Shown(shown) => Ok(shown),
            Opened::Store(opening) => {
                self.flash.write(opening.slot(), opening.record())?;
                Ok(opening.show(&self.key, &self.flash.read()?)?)
            }
        }
    }

    /// A code was typed. `stored` runs when the attempt is on record and nothing is compared yet.
    pub(crate) fn submit(&mut self, origin: Origin, text: &str, now: Uptime, stored: impl FnOnce()) -> Result<Verdict, Refusal> {
        self.mended(now)?;
        let slots = self.flash.read()?;
        let session = origin as u32; // one dialog at each
        let attempt = self.ledger.submit(&self.key, origin, session, text, now, &slots)?;
        self.flash.write(attempt.slot(), attempt.record())?;
        stored();
        match attempt.compare(&self.key, &self.flash.read()?)? {
            Compared::Rejected(_) => Ok(Verdict::Rejected),
            Compared::Matched(clearing) => {
                self.flash.write(clearing.slot(), clearing.record())?;
                Ok(Verdict::Granted(clearing.grant(&self.key, &self.flash.read()?)?))
            }
        }
    }

    /// An administrator has logged in the normal way.
    pub(crate) fn admin_login(&mut self, now: Uptime) -> Result<(), Refusal> {
        self.mended(now)?;
        let slots = self.flash.read()?;
        if let Lowered::Store(lowering) = self.ledger.admin_login(&self.key, now, &slots)? {
            self.flash.write(lowering.slot(), lowering.record())?;
            lowering.lowered(&self.flash.read()?)?;
        }
        Ok(())
    }

    /// An administrator allows the web page again, with the password typed anew.
    #[allow(dead_code, reason = "one of the examples has no administrator")]
    pub(crate) fn allow_again(&mut self, now: Uptime) -> Result<(), Refusal> {
        self.mended(now)?;
        let slots = self.flash.read()?;
        if let Lowered::Store(lowering) = self.ledger.allow_again(&self.key, now, &slots)? {
            self.flash.write(lowering.slot(), lowering.record())?;
            lowering.lowered(&self.flash.read()?)?;
        }
        Ok(())
    }

    /// The local screen is closed.
    pub(crate) fn close(&mut self, closing: Closing, now: Uptime) -> Result<(), Refusal> {
        self.mended(now)?;
        Ok(self.ledger.close(closing)?)
    }

    /// The address on file changes: the challenges end first, and unless they do it stays as it was (SPEC.md §10.4).
    pub(crate) fn change_address(&mut self, now: Uptime, set: impl FnOnce(&F) -> io::Result<()>) -> Result<(), Refusal> {
        self.mended(now)?;
        self.ledger.withdraw()?;
        Ok(set(&self.flash)?)
    }

    /// Wrong attempts on record.
    pub(crate) fn failures(&self, origin: Origin) -> u8 {
        self.ledger.failures(origin)
    }
}
