use offline_reset::{
    Attempt, Clearing, Closing, Compared, Device, DeviceKey, Grant, Ledger, LoggedIn, Login, Method, Methods, OpenError, Opened, Opening,
    Origin, Policy, Request, Resumed, Serial, Shown, Slot, Slots, Standing, StoreError, SubmitError, Uptime, hazmat,
};
use serde_json::Value;
use std::time::Duration;

use crate::codes::code_error;
use crate::file::{Named, Test, named, with};
use crate::ledgers;

/// What one operation came to, as a vector writes it.
#[derive(Debug, PartialEq)]
pub enum Outcome {
    Stores(Slot, [u8; 32]),
    Shown { text: Option<String>, hdr: u16, nonce: [u8; 5], wait: u64, stopped: bool },
    Grant { origin: Origin, purpose: u8, method: &'static str, resets: u32 },
    Done,
}

/// A device with its flash.
pub struct Runner {
    pub key: DeviceKey,
    pub device: Device,
    pub flash: Slots,
    pub ledger: Option<Ledger>,
    pub grant: Option<Grant>,
}

/// How a write goes wrong.
#[derive(Clone, Copy)]
pub enum Fault {
    None,
    Lost,
    Erased,
    Torn(usize),
    Flip(usize),
}

impl Fault {
    pub fn write(self, to: &mut [u8; 32], record: &[u8; 32]) {
        match self {
            Self::None => *to = *record,
            Self::Lost => {}
            Self::Erased => *to = [0xff; 32],
            Self::Torn(n) => to[..n].copy_from_slice(&record[..n]),
            Self::Flip(bit) => {
                *to = *record;
                to[bit / 8] ^= 0x80 >> (bit % 8);
            }
        }
    }

    fn parse(text: &str) -> Self {
        match text.split_once(':').map(|(name, n)| (name, n.parse().unwrap())) {
            Some(("torn", n)) => Self::Torn(n),
            Some(("flip", bit)) => Self::Flip(bit),
            None if text == "none" => Self::None,
            None if text == "lost" => Self::Lost,
            None if text == "erased" => Self::Erased,
            _ => panic!("no fault {text}"),
        }
    }
}

fn store_error(error: StoreError) -> Named {
    named(error.name())
}

fn shown(shown: &Shown) -> Outcome {
    let (wait, stopped) = match shown.standing() {
        Standing::Ready => (0, false),
        Standing::Waiting { remaining } => (remaining.as_secs(), false),
        Standing::Stopped => (0, true),
    };
    let challenge = shown.challenge();
    Outcome::Shown {
        text: shown.text().map(|text| text.as_str().into()),
        hdr: challenge.header().bits(),
        nonce: *challenge.nonce().bytes(),
        wait,
        stopped,
    }
}

impl Runner {
    pub fn load(&mut self, now: u64) -> Outcome {
        self.grant = None;
        self.ledger = Some(Ledger::load(&self.key, self.device, &self.flash, Uptime::from_secs(now)).0);
        Outcome::Done
    }

    pub fn open(&mut self, t: &OpenInput) -> Result<Outcome, Named> {
        let ledger = self.ledger.as_mut().unwrap();
        let now = Uptime::from_secs(t.now);
        let opened = ledger.open(&self.key, t.origin, t.request, &t.entropy, now, &self.flash);
        match opened {
            Ok(Opened::Shown(challenge)) => Ok(shown(&challenge)),
            Ok(Opened::Store(step)) => Ok(Outcome::Stores(step.slot(), *step.record())),
            Err(OpenError::TooSoon { remaining }) => Err(with("too-soon", remaining.as_secs())),
            Err(error) => Err(named(error.name())),
        }
    }

    pub fn submit(&mut self, origin: Origin, text: &str, now: u64) -> Result<Outcome, Named> {
        let ledger = self.ledger.as_mut().unwrap();
        match ledger.submit(&self.key, origin, text, Uptime::from_secs(now), &self.flash) {
            Ok(step) => Ok(Outcome::Stores(step.slot(), *step.record())),
            Err(SubmitError::Read(error)) => Err(code_error(error)),
            Err(SubmitError::Waiting { remaining }) => Err(with("waiting", remaining.as_secs())),
            Err(error) => Err(named(error.name())),
        }
    }

    /// The pending record reaches flash, in some way.
    pub fn write(&mut self, fault: Fault) {
        let pending = self.ledger.as_mut().unwrap().pending().map(|step| match step {
            Resumed::Opening(step) => (step.slot(), *step.record()),
            Resumed::Attempt(step) => (step.slot(), *step.record()),
            Resumed::Clearing(step) => (step.slot(), *step.record()),
            Resumed::Login(step) => (step.slot(), *step.record()),
        });
        if let Some((slot, record)) = pending {
            fault.write(&mut self.flash[slot.index()], &record);
        }
    }

    pub fn confirm(&mut self, fault: Fault) -> Result<Outcome, Named> {
        self.write(fault);
        let ledger = self.ledger.as_mut().unwrap();
        match ledger.pending() {
            None => Err(named("poisoned")),
            Some(Resumed::Opening(step)) => Opening::show(step, &self.key, &self.flash).map(|s| shown(&s)).map_err(store_error),
            Some(Resumed::Attempt(step)) => match Attempt::compare(step, &self.key, &self.flash).map_err(store_error)? {
                Compared::Rejected(rejected) => Err(named(rejected.name())),
                Compared::Matched(step) => Ok(Outcome::Stores(step.slot(), *step.record())),
            },
            Some(Resumed::Clearing(step)) => {
                let grant = Clearing::grant(step, &self.flash).map_err(store_error)?;
                let (origin, purpose, method, resets) = hazmat::grant_parts(&grant);
                assert_eq!(grant.purpose(), purpose);
                self.grant = Some(grant);
                Ok(Outcome::Grant { origin, purpose: purpose as u8, method: method_name(method), resets })
            }
            Some(Resumed::Login(step)) => Login::cleared(step, &self.flash).map(|()| Outcome::Done).map_err(store_error),
        }
    }

    pub fn admin_login(&mut self, now: u64) -> Result<Outcome, Named> {
        let ledger = self.ledger.as_mut().unwrap();
        match ledger.admin_login(&self.key, Uptime::from_secs(now), &self.flash).map_err(store_error)? {
            LoggedIn::NothingToClear => Ok(Outcome::Done),
            LoggedIn::Store(step) => Ok(Outcome::Stores(step.slot(), *step.record())),
        }
    }

    pub fn close(&mut self, keep: bool) -> Result<Outcome, Named> {
        let closing = if keep { Closing::Keep } else { Closing::Withdraw };
        self.ledger.as_mut().unwrap().close(closing).map(|()| Outcome::Done).map_err(store_error)
    }

    pub fn withdraw(&mut self) -> Result<Outcome, Named> {
        self.ledger.as_mut().unwrap().withdraw().map(|()| Outcome::Done).map_err(store_error)
    }

    /// The flash driver failed.
    pub fn give_up(&mut self) {
        match self.ledger.as_mut().unwrap().pending() {
            Some(Resumed::Opening(step)) => step.abandon(),
            Some(Resumed::Attempt(step)) => step.abandon(),
            Some(Resumed::Clearing(step)) => step.abandon(),
            Some(Resumed::Login(step)) => step.abandon(),
            None => {}
        }
    }

    pub fn consume_grant(&mut self, now: u64) -> Result<Outcome, Named> {
        let grant = self.grant.take().unwrap_or_else(|| panic!("there is no Grant"));
        grant.consume(Uptime::from_secs(now)).map(|_| Outcome::Done).map_err(|e| named(e.name()))
    }
}

pub struct OpenInput {
    pub origin: Origin,
    pub request: Request,
    pub entropy: [u8; 32],
    pub now: u64,
}

pub fn method_name(method: Method) -> &'static str {
    match method {
        Method::DynamicPassword => "dynamic-password",
        Method::SecureCode => "secure-code",
    }
}

fn methods(list: &[Value]) -> Methods {
    match (list.iter().any(|m| m == "dynamic-password"), list.iter().any(|m| m == "secure-code")) {
        (false, false) => Methods::None,
        (true, false) => Methods::DynamicPassword,
        (false, true) => Methods::SecureCode,
        (true, true) => Methods::Both,
    }
}

pub fn policy(t: Test<'_>) -> Policy {
    let policy = Policy::default().with_cap(Duration::from_secs(t.number("cap"))).unwrap();
    let policy = policy.with_methods(Origin::Local, methods(t.list("local")));
    policy.with_methods(Origin::Network, methods(t.list("network")))
}

pub fn play(t: Test<'_>) {
    let device = Device { serial: Serial::new(t.text("serial")).unwrap(), epoch: t.epoch(), policy: policy(Test(t.get("policy"))) };
    let mut runner = Runner { key: t.key(), device, flash: ledgers::slots(t), ledger: None, grant: None };
    let mut failed = false;
    for (i, step) in t.list("steps").iter().map(Test).enumerate() {
        let outcome = take(&mut runner, step);
        let expect = Test(step.get("expect"));
        failed |= outcome.is_err();
        match (&outcome, expected(expect)) {
            (got, expected) if *got == expected => {}
            (got, expected) => panic!("step {i} ({}): {got:?}, where {expected:?} was expected", step.0),
        }
        let state = Test(expect.get("state"));
        let ledger = runner.ledger.as_ref().unwrap();
        let ((seq, boots, resets, local, network), slot) = hazmat::state(ledger);
        assert_eq!(
            [seq.into(), boots.into(), resets.into(), slot as u64],
            [state.number("seq"), state.number("boots"), state.number("resets"), state.number("slot")],
            "step {i}"
        );
        assert_eq!(vec![local, network], state.numbers("fail"), "step {i}");
        assert_eq!(ledger.is_poisoned(), state.flag("poisoned"), "step {i}");
        assert_eq!([ledger.failures(Origin::Local), ledger.failures(Origin::Network)], [local, network]);
        assert_eq!(ledger.resets(), resets);
    }
    assert_eq!(failed, t.text("result") == "invalid");
}

fn expected(t: Test<'_>) -> Result<Outcome, Named> {
    if let Some(error) = t.error() {
        Err(error)
    } else if t.has("stores") {
        let t = Test(t.get("stores"));
        Ok(Outcome::Stores([Slot::A, Slot::B][usize::try_from(t.number("slot")).unwrap()], t.array("bytes")))
    } else if t.has("shown") {
        let t = Test(t.get("shown"));
        Ok(Outcome::Shown {
            text: t.get("text").as_str().map(Into::into),
            hdr: u16::from_be_bytes(t.array("hdr")),
            nonce: t.array("nonce"),
            // a stopped origin's `Standing` does not tell the wait as well, which has no meaning then
            wait: if t.flag("stopped") { 0 } else { t.number("wait") },
            stopped: t.flag("stopped"),
        })
    } else if t.has("grant") {
        let t = Test(t.get("grant"));
        let method = method_name(if t.text("method") == "secure-code" { Method::SecureCode } else { Method::DynamicPassword });
        Ok(Outcome::Grant { origin: t.origin(), purpose: t.purpose() as u8, method, resets: u32::try_from(t.number("resets")).unwrap() })
    } else {
        assert!(t.flag("done"));
        Ok(Outcome::Done)
    }
}

fn take(runner: &mut Runner, t: Test<'_>) -> Result<Outcome, Named> {
    match t.text("op") {
        "load" => Ok(runner.load(t.number("now"))),
        "open" => runner.open(&OpenInput {
            origin: t.origin(),
            request: Request { purpose: t.purpose(), address_on_file: t.flag("mail") },
            entropy: t.array("entropy"),
            now: t.number("now"),
        }),
        "submit" => runner.submit(t.origin(), t.text("text"), t.number("now")),
        "confirm" => runner.confirm(Fault::parse(t.text("fault"))),
        "cut" => {
            runner.write(Fault::parse(t.text("fault")));
            Ok(Outcome::Done)
        }
        "admin-login" => runner.admin_login(t.number("now")),
        "close" => runner.close(t.flag("keep")),
        "withdraw" => runner.withdraw(),
        "give-up" => {
            runner.give_up();
            Ok(Outcome::Done)
        }
        "consume-grant" => runner.consume_grant(t.number("now")),
        "flash" => {
            runner.flash[usize::try_from(t.number("slot")).unwrap()] = t.array("bytes");
            Ok(Outcome::Done)
        }
        other => panic!("no operation {other}"),
    }
}
