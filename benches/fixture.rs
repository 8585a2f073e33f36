//! A recorder that shows a challenge, ready for one operation.

#![allow(dead_code, reason = "each bench uses a part")]

use std::sync::OnceLock;

use offline_reset::{
    Compared, Device, DeviceKey, Epoch, Grant, Ledger, Opened, Origin, Policy, Purpose, Request, Resumed, RootKey, Serial, Shown, Slots,
    Term, TypedChallenge, Uptime,
};

pub const SERIAL: &str = "4H0583BPAG12345";
const SHOWN_AT: Uptime = Uptime::from_secs(30);
const NOW: Uptime = Uptime::from_secs(200);

pub fn root() -> RootKey {
    RootKey::take(&mut [7; 32]).expect("a root")
}

pub fn device_key(mut d: [u8; 32]) -> DeviceKey {
    DeviceKey::derived(&mut d).expect("a key")
}

pub fn serial(text: &str) -> Serial {
    text.parse().expect("a serial")
}

pub struct Recorder {
    pub d: [u8; 32],
    pub key: DeviceKey,
    pub shown: Shown,
    pub session: Session,
}

impl Recorder {
    pub fn new(text: &str) -> Self {
        let serial = serial(text);
        let d = root().derive(&serial).expect("a product's serial");
        let key = device_key(d);
        let mut slots = [Ledger::genesis(&key), [0; 32]];
        let device = Device { serial, epoch: Epoch::ZERO, policy: Policy::default() };
        let (mut ledger, _) = Ledger::load(&key, device, &slots, Uptime::from_secs(0));
        let request = Request { purpose: Purpose::AccountPassword, address_on_file: true };
        let Ok(Opened::Store(step)) = ledger.open(&key, Origin::Local, request, &[5; 32], SHOWN_AT, &slots) else {
            panic!("the first challenge of a load")
        };
        slots[step.slot().index()] = *step.record();
        let shown = step.show(&key, &slots).expect("stored");
        Self { d, key, shown, session: Session { ledger, slots } }
    }

    pub fn challenge(&self) -> TypedChallenge {
        TypedChallenge::read(self.text()).expect("as written")
    }

    pub fn text(&self) -> &str {
        self.shown.text().expect("a typed challenge").as_str()
    }

    pub fn right_code(&self) -> String {
        let challenge = self.challenge();
        challenge.verify(&self.key).expect("genuine").answer(Term::DynamicPassword1H).reveal().to_owned()
    }

    pub fn with_right_code(self) -> (Self, String) {
        let code = self.right_code();
        (self, code)
    }

    /// Counted and stored: what is left is to compare.
    pub fn submitted(mut self, code: &str) -> Self {
        assert!(self.session.submit(&self.key, code), "{code} is taken");
        self
    }

    /// As firmware does that keeps the key.
    pub fn verify(&mut self, code: &str) -> Option<Grant> {
        self.session.verify(&self.key, code)
    }

    /// As firmware does that has the key in memory for this one call.
    pub fn verify_with_key_loaded(&mut self, code: &str) -> Option<Grant> {
        self.session.verify(&device_key(self.d), code)
    }
}

pub struct Session {
    ledger: Ledger,
    slots: Slots,
}

impl Session {
    fn submit(&mut self, key: &DeviceKey, code: &str) -> bool {
        let attempt = self.ledger.submit(key, Origin::Local, 0, code, NOW, &self.slots);
        attempt.map(|attempt| self.slots[attempt.slot().index()] = *attempt.record()).is_ok()
    }

    /// Read back and compare a wrong code that was submitted.
    pub fn rejects(&mut self, key: &DeviceKey) -> bool {
        let Ok(Resumed::Attempt(attempt)) = self.ledger.resume() else { return false };
        matches!(attempt.compare(key, &self.slots), Ok(Compared::Rejected(_)))
    }

    /// All of it: text, check digit, expiry, wait, record sealed, stored and read back, compare; for the right code the second record.
    fn verify(&mut self, key: &DeviceKey, code: &str) -> Option<Grant> {
        let attempt = self.ledger.submit(key, Origin::Local, 0, code, NOW, &self.slots).ok()?;
        self.slots[attempt.slot().index()] = *attempt.record();
        let Compared::Matched(step) = attempt.compare(key, &self.slots).ok()? else { return None };
        self.slots[step.slot().index()] = *step.record();
        step.grant(key, &self.slots).ok()
    }
}

/// The right code with another last digit, and the check digit that this one has.
pub fn wrong_code() -> &'static str {
    static WRONG: OnceLock<String> = OnceLock::new();
    WRONG.get_or_init(|| {
        let right = Recorder::new(SERIAL).right_code();
        let other = if right.as_bytes()[12] == b'5' { '6' } else { '5' };
        let codes = (0..10).map(|check| format!("{}{other}{check}", &right[..12]));
        codes
            .into_iter()
            .find(|code| {
                let mut recorder = Recorder::new(SERIAL);
                recorder.session.submit(&recorder.key, code)
            })
            .expect("one check digit fits")
    })
}
