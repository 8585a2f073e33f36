//! A device with its flash, driven step by step: what transcripts are played on.

use offline_reset::{
    Closing, CodeError, Compared, Device, DeviceKey, Grant, Ledger, Lowered, Method, OpenError, Opened, Origin, Request, Resumed, Shown,
    Slot, Slots, Standing, StoreError, SubmitError, Uptime, hazmat,
};

use super::file::{Named, named, with};

pub fn code_error(error: CodeError) -> Named {
    match error {
        CodeError::TooLong { limit } => with(error.name(), limit as u64),
        CodeError::Alphabet { position } => with(error.name(), position as u64),
        CodeError::Length { found } => with(error.name(), found as u64),
        _ => named(error.name()),
    }
}

/// What one operation came to, as a vector writes it.
#[derive(Debug, PartialEq)]
pub enum Outcome {
    Stores(Slot, [u8; 32]),
    Shown { text: Option<String>, hdr: u16, nonce: [u8; 5], since: u64, wait: u64, stopped: bool },
    Grant { origin: Origin, purpose: u8, method: Method, resets: u32, session: u32, handle: [u8; 16] },
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

    pub fn parse(text: &str) -> Self {
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
        since: shown.shown_at().as_secs(),
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
            Ok(Opened::Shown(challenge)) => {
                let again = ledger.show_again(&self.key, t.origin, now).unwrap();
                assert_eq!(shown(&again), shown(&challenge));
                Ok(shown(&challenge))
            }
            Ok(Opened::Store(step)) => Ok(Outcome::Stores(step.slot(), *step.record())),
            Err(OpenError::TooSoon { remaining }) => Err(with("too-soon", remaining.as_secs())),
            Err(error) => Err(named(error.name())),
        }
    }

    pub fn submit(&mut self, origin: Origin, session: u32, text: &str, now: u64) -> Result<Outcome, Named> {
        let ledger = self.ledger.as_mut().unwrap();
        match ledger.submit(&self.key, origin, session, text, Uptime::from_secs(now), &self.flash) {
            Ok(step) => Ok(Outcome::Stores(step.slot(), *step.record())),
            Err(SubmitError::Read(error)) => Err(code_error(error)),
            Err(SubmitError::Waiting { remaining }) => Err(with("waiting", remaining.as_secs())),
            Err(error) => Err(named(error.name())),
        }
    }

    /// The pending record reaches flash, in some way.
    pub fn write(&mut self, fault: Fault) {
        if let Ok(step) = self.ledger.as_mut().unwrap().resume() {
            fault.write(&mut self.flash[step.slot().index()], step.record());
        }
    }

    pub fn confirm(&mut self, fault: Fault) -> Result<Outcome, Named> {
        self.write(fault);
        let ledger = self.ledger.as_mut().unwrap();
        match ledger.resume().map_err(store_error)? {
            Resumed::Opening(step) => step.show(&self.key, &self.flash).map(|s| shown(&s)).map_err(store_error),
            Resumed::Attempt(step) => match step.compare(&self.key, &self.flash).map_err(store_error)? {
                Compared::Rejected(rejected) => Err(named(rejected.name())),
                Compared::Matched(step) => Ok(Outcome::Stores(step.slot(), *step.record())),
            },
            Resumed::Clearing(step) => {
                let grant = step.grant(&self.key, &self.flash).map_err(store_error)?;
                let permits = hazmat::grant_permits(&grant);
                let (origin, purpose, session) = (permits.origin(), permits.purpose(), permits.session());
                assert_eq!((grant.purpose(), grant.origin(), grant.session()), (purpose, origin, session));
                let (purpose, method, resets, handle) = (purpose as u8, permits.method(), permits.resets(), *grant.handle());
                self.grant = Some(grant);
                Ok(Outcome::Grant { origin, purpose, method, resets, session, handle })
            }
            Resumed::Lowering(step) => step.lowered(&self.flash).map(|()| Outcome::Done).map_err(store_error),
        }
    }

    pub fn admin_login(&mut self, now: u64) -> Result<Outcome, Named> {
        lowered(self.ledger.as_mut().unwrap().admin_login(&self.key, Uptime::from_secs(now), &self.flash))
    }

    pub fn allow_again(&mut self, now: u64) -> Result<Outcome, Named> {
        lowered(self.ledger.as_mut().unwrap().allow_again(&self.key, Uptime::from_secs(now), &self.flash))
    }

    /// The caller is gone.
    pub fn finish(&mut self) -> Outcome {
        self.ledger.as_mut().unwrap().finish(&self.key, |slot, record| {
            self.flash[slot.index()] = *record;
            Some(self.flash)
        });
        Outcome::Done
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
        if let Ok(step) = self.ledger.as_mut().unwrap().resume() {
            step.abandon();
        }
    }

    pub fn consume_grant(&mut self, now: u64) -> Result<Outcome, Named> {
        let grant = self.grant.take().expect("there is a Grant");
        grant.consume(Uptime::from_secs(now)).map(|_| Outcome::Done).map_err(|e| named(e.name()))
    }

    pub fn consume_by_handle(&mut self, handle: &[u8; 16], now: u64) -> Result<Outcome, Named> {
        self.grant = Some(Grant::by_handle(std::slice::from_mut(&mut self.grant), handle).map_err(|e| named(e.name()))?);
        self.consume_grant(now)
    }
}

fn lowered(lowered: Result<Lowered<'_>, StoreError>) -> Result<Outcome, Named> {
    match lowered.map_err(store_error)? {
        Lowered::Done => Ok(Outcome::Done),
        Lowered::Store(step) => Ok(Outcome::Stores(step.slot(), *step.record())),
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
