//! A device as a state machine, with the promises of SPEC.md §2 as assertions over a shadow of it that knows more than it does.

use std::cell::Cell;

use arbitrary::{Arbitrary, Result, Unstructured};
use offline_reset::{
    Challenge, Closing, Compared, Device, Epoch, Grant, Ledger, LoggedIn, Method, Methods, NETWORK_STOP, Nonce, OpenError, Opened, Origin,
    Policy, Resumed, Serial, Shown, Slots, Standing, StoreError, SubmitError, Term, TypedChallenge, Uptime, hazmat,
};

use crate::{AnyPurpose, AnyTerm, KEY, origin, request};

/// A device, and what happens to it.
#[derive(Clone, Debug, Arbitrary)]
pub struct Life {
    policy: AnyPolicy,
    fail: [u8; 2],
    events: Vec<Event>,
}

/// Any policy.
#[derive(Clone, Copy, Debug)]
pub struct AnyPolicy(pub Policy);

impl<'a> Arbitrary<'a> for AnyPolicy {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        const METHODS: [Methods; 4] = [Methods::Both, Methods::DynamicPassword, Methods::SecureCode, Methods::None];
        let [methods, cap] = <[u8; 2]>::arbitrary(u)?;
        let cap = if cap & 1 == 0 { 259_200 } else { 1 << (cap % 18) };
        let policy = Policy::default()
            .with_cap(std::time::Duration::from_secs(cap))
            .expect("1 to 259200")
            .with_methods(Origin::Local, METHODS[usize::from(methods & 3)])
            .with_methods(Origin::Network, METHODS[usize::from(methods >> 2 & 3)]);
        Ok(Self(policy))
    }
}

/// What may happen.
#[derive(Clone, Copy, Debug, Arbitrary)]
pub enum Event {
    /// A challenge is asked for.
    Open(Process, bool, AnyPurpose, bool, Store),
    /// A code is typed.
    Submit(Process, bool, Typed, Store, Store),
    /// The local screen is closed, its challenge kept or not.
    Close(Process, bool),
    /// The address on file changes.
    Withdraw(Process),
    /// An administrator logs in.
    Login(Process, Store),
    /// A pending record is taken up again.
    Resume(Process, Store),
    /// The process starts anew, the device does not.
    Restart(Process),
    /// The device starts anew.
    Reboot(u8),
    /// Time passes.
    Pass(Span),
    /// The clock goes backwards.
    Back(u16),
    /// The Grant, if there is one, is used.
    Consume,
    /// A record that was stored is destroyed while the power is off: at most one guess comes back (SPEC.md §16).
    Spoil(bool),
}

/// Which of two processes: the second, rarely, has a ledger of its own, loaded at another time.
#[derive(Clone, Copy, Debug)]
pub struct Process(usize);

impl<'a> Arbitrary<'a> for Process {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self(usize::from(u8::arbitrary(u)? >= 0xe0)))
    }
}

/// Seconds, minutes, hours, days.
#[derive(Clone, Copy, Debug, Arbitrary)]
pub enum Span {
    /// 0 to 255 s
    Seconds(u8),
    /// 0 to 255 min
    Minutes(u8),
    /// 0 to 255 h
    Hours(u8),
    /// Any, more or less.
    Jump(u64),
}

impl Span {
    /// In seconds.
    #[must_use]
    pub const fn seconds(self) -> u64 {
        match self {
            Self::Seconds(n) => n as u64,
            Self::Minutes(n) => n as u64 * 60,
            Self::Hours(n) => n as u64 * 3600,
            Self::Jump(n) => n >> 2,
        }
    }
}

/// How a record's store goes, and what follows.
#[derive(Clone, Copy, Debug, Arbitrary)]
pub enum Store {
    /// Well: read back, and on.
    Well,
    /// Nothing arrives.
    Lost,
    /// The first bytes arrive.
    Torn(u8),
    /// The slot is erased, and that is all.
    Erased,
    /// One bit is wrong.
    Flipped(u8),
    /// The power goes after so many bytes.
    Cut(u8),
    /// All of it arrives, and the power goes before anything follows.
    CutAfter,
    /// All of it arrives, and nobody goes on.
    Left,
    /// Nobody even writes it.
    Unwritten,
    /// The flash driver reports an error.
    Abandoned,
}

/// What is typed.
#[derive(Clone, Copy, Debug, Arbitrary)]
pub enum Typed {
    /// The right code.
    Right(AnyTerm),
    /// One digit is another, and the check digit fits.
    Wrong(AnyTerm, u8, u8),
    /// One digit is another, and the check digit is left as it was.
    Slip(AnyTerm, u8, u8),
    /// The right code of the challenge before, its check digit made to fit.
    Before(AnyTerm),
    /// The right code of the other origin's, the same.
    Elsewhere(AnyTerm),
    /// Any digits that fit.
    Digits([u8; 11]),
    /// Anything.
    Garbage([u8; 14]),
}

/// A challenge that was shown.
#[derive(Clone, Copy)]
struct Seen {
    challenge: Challenge,
    at: u64,
}

/// What waits behind a record.
#[derive(Clone, Copy)]
enum Then {
    Show(u64),
    Compare(Origin, [u8; 12]),
    Grant(Origin, Seen, Method),
    Login,
}

#[derive(Clone, Copy)]
struct Pending {
    slot: usize,
    record: [u8; 32],
    /// As it was when the record was yielded: written over by nobody else since.
    flash: Slots,
    then: Then,
}

/// One process's ledger, and what it should be.
struct Owner {
    ledger: Ledger,
    seen: u64,
    since: [u64; 2],
    minted: [Option<u64>; 2],
    cleared: Option<u64>,
    live: [Option<Seen>; 2],
    before: [Option<Seen>; 2],
    pending: Option<Pending>,
    poisoned: bool,
}

struct World {
    device: Device,
    flash: Slots,
    now: u64,
    owners: [Owner; 2],
    /// Comparisons since the failures were last cleared.
    compared: [u32; 2],
    /// Failures as they last were in a record.
    floor: [u8; 2],
    shown: Vec<Nonce>,
    granted: Vec<Nonce>,
    grant: Option<(Grant, u64)>,
    /// A rolled back ledger *and* a dead generator are not promised (SPEC.md §16).
    spoiled: bool,
    /// The records that clear failures, and whose.
    clearing: Vec<([u8; 32], [bool; 2])>,
    /// In this step: whose failures were cleared, and which process was loaded.
    cleared: [bool; 2],
    loaded: [bool; 2],
    /// At which origin a code was compared: it was taken when no wait was due.
    tried: [bool; 2],
}

const ORIGINS: [Origin; 2] = [Origin::Local, Origin::Network];

/// What stands in flash: the record that counts, its slot, and whether there is none. The last answer is kept.
pub(crate) fn read(flash: &Slots) -> (hazmat::Fields, usize, bool) {
    type Known = (Slots, (hazmat::Fields, usize, bool));
    thread_local!(static LAST: Cell<Option<Known>> = const { Cell::new(None) });
    if let Some((_, answer)) = LAST.get().filter(|(known, _)| known == flash) {
        return answer;
    }
    let (fields, slot) = hazmat::load_record(&KEY, flash);
    let answer = (fields, slot, flash.iter().all(|slot| hazmat::unseal(&KEY, slot).is_none()));
    LAST.set(Some((*flash, answer)));
    answer
}

fn durable(flash: &Slots) -> hazmat::Fields {
    read(flash).0
}

const fn failures(hazmat::Fields { local, network, .. }: hazmat::Fields) -> [u8; 2] {
    [local, network]
}

/// SES-9.
const fn whole_wait(failures: u8) -> u64 {
    if failures == 0 || !failures.is_multiple_of(5) {
        0
    } else if failures >= 45 {
        15360
    } else {
        60 << (failures / 5 - 1)
    }
}

fn remaining(ledger: &Ledger, origin: Origin, now: u64) -> u64 {
    match ledger.standing(origin, Uptime::from_secs(now)) {
        Standing::Ready => 0,
        Standing::Waiting { remaining } => remaining.as_secs(),
        Standing::Stopped => u64::MAX,
    }
}

impl Owner {
    fn load(device: Device, flash: &Slots, now: u64) -> Self {
        let ledger = Ledger::load(&KEY, device, flash, Uptime::from_secs(now)).0;
        for origin in ORIGINS {
            let fail = failures(durable(flash))[origin as usize];
            assert_eq!(ledger.failures(origin), fail);
            let stopped = origin == Origin::Network && fail >= NETWORK_STOP;
            assert_eq!(remaining(&ledger, origin, now), if stopped { u64::MAX } else { whole_wait(fail) }, "a load ended a wait");
        }
        Self {
            ledger,
            seen: now,
            since: [now; 2],
            minted: [None; 2],
            cleared: None,
            live: [None; 2],
            before: [None; 2],
            pending: None,
            poisoned: false,
        }
    }

    /// The error of an operation that a pending record or a failed store refuses.
    fn refusal(&self) -> Option<StoreError> {
        match (self.pending, self.poisoned) {
            (Some(_), _) => Some(StoreError::Pending),
            (None, true) => Some(StoreError::Poisoned),
            (None, false) => None,
        }
    }

    /// What every operation that has a time begins with.
    fn begin(&mut self, now: u64, life: [u64; 2]) -> std::result::Result<u64, StoreError> {
        if let Some(error) = self.refusal() {
            return Err(error);
        }
        let now = if now < self.seen && self.seen - now <= 10 { self.seen } else { now };
        if now < self.seen {
            self.live = [None, None];
            self.since = [now; 2];
            self.minted = self.minted.map(|minted| minted.map(|_| now));
            self.cleared = self.cleared.map(|_| now);
        }
        self.seen = now;
        for (live, life) in self.live.iter_mut().zip(life) {
            *live = live.filter(|live| now - live.at < life);
        }
        Ok(now)
    }

    /// LED-5: another owner has written.
    fn fell_behind(&mut self, flash: &Slots) {
        assert!(durable(flash).seq > hazmat::state(&self.ledger).0.seq, "stale without another owner");
        self.poisoned = true;
    }

    /// The challenge that could be answered now.
    fn shows(&self, o: usize, now: u64, life: u64) -> Option<Challenge> {
        let in_order = self.seen <= now.saturating_add(10);
        let live = self.live[o].filter(|live| self.refusal().is_none() && in_order && now.saturating_sub(live.at) < life);
        live.map(|live| live.challenge)
    }

    fn end(&mut self, o: usize) {
        if let Some(live) = self.live[o].take() {
            self.before[o] = Some(live);
        }
    }
}

/// # Panics
/// When a promise is broken.
pub fn device(life: &Life) {
    let device = Device { serial: Serial::new("DEVICE1").expect("a serial"), epoch: Epoch::ZERO, policy: life.policy.0 };
    let flash =
        [hazmat::seal(&KEY, hazmat::Fields { seq: 7, boots: 3, resets: 0, local: life.fail[0], network: life.fail[1] }), [0xff; 32]];
    let owners = [0, 1].map(|_| Owner::load(device, &flash, 0));
    let mut world = World {
        device,
        flash,
        now: 0,
        owners,
        compared: [0; 2],
        floor: life.fail,
        shown: Vec::new(),
        granted: Vec::new(),
        grant: None,
        spoiled: false,
        clearing: Vec::new(),
        cleared: [false; 2],
        loaded: [false; 2],
        tried: [false; 2],
    };
    for event in life.events.iter().take(100) {
        world.step(*event);
    }
}

impl World {
    fn time(&self) -> Uptime {
        Uptime::from_secs(self.now)
    }

    fn cap(&self) -> u64 {
        self.device.policy.cap().as_secs()
    }

    /// SES-4: until the last code that could be good.
    fn life(&self) -> [u64; 2] {
        ORIGINS.map(|origin| {
            let methods = self.device.policy.methods(origin);
            let longest = if methods.allow(Method::DynamicPassword) {
                259_200
            } else if methods.allow(Method::SecureCode) {
                86_400
            } else {
                0
            };
            self.cap().min(longest)
        })
    }

    /// One event, and what holds after every one.
    fn step(&mut self, event: Event) {
        let (flash, now) = (self.flash, self.now);
        let waits = [0, 1].map(|p: usize| ORIGINS.map(|origin| remaining(&self.owners[p].ledger, origin, now)));
        (self.cleared, self.loaded, self.tried) = ([false; 2], [false; 2], [false; 2]);
        let mut refund = 0;
        match event {
            Event::Open(Process(p), network, purpose, mail, store) => {
                self.open(p, origin(network), purpose, mail);
                self.store(p, store);
            }
            Event::Submit(Process(p), network, typed, first, second) => {
                self.submit(p, origin(network), typed);
                self.store(p, first);
                self.store(p, second);
            }
            Event::Login(Process(p), store) => {
                self.login(p);
                self.store(p, store);
            }
            Event::Resume(Process(p), store) => self.store(p, store),
            Event::Close(Process(p), keep) => {
                let owner = &mut self.owners[p];
                let refusal = owner.refusal();
                assert_eq!(owner.ledger.close(if keep { Closing::Keep } else { Closing::Withdraw }).err(), refusal);
                if refusal.is_none() && !keep {
                    owner.end(0);
                }
            }
            Event::Withdraw(Process(p)) => {
                let owner = &mut self.owners[p];
                let refusal = owner.refusal();
                assert_eq!(owner.ledger.withdraw().err(), refusal);
                if refusal.is_none() {
                    (0..2).for_each(|o| owner.end(o));
                }
            }
            Event::Restart(Process(p)) => {
                self.owners[p] = Owner::load(self.device, &self.flash, self.now);
                self.loaded[p] = true;
            }
            Event::Reboot(uptime) => self.reboot(u64::from(uptime)),
            Event::Pass(span) => self.now = self.now.saturating_add(span.seconds()).min(u64::MAX / 2),
            Event::Back(seconds) => self.now = self.now.saturating_sub(u64::from(seconds)),
            Event::Consume => {
                if let Some((grant, at)) = self.grant.take() {
                    let good = self.now >= at && self.now - at < 600;
                    assert_eq!(grant.consume(self.time()).is_ok(), good, "SES-14");
                }
            }
            Event::Spoil(slot) => {
                let slot = &mut self.flash[usize::from(slot)];
                if hazmat::unseal(&KEY, slot).is_some() {
                    *slot = slot.map(|byte| !byte); // not one bit, which a torn write could put right again
                }
                self.spoiled = true;
                refund = 1;
                self.reboot(0);
            }
        }
        let after = failures(durable(&self.flash));
        let newest = |flash: &Slots| flash[read(flash).1];
        if newest(&self.flash) != newest(&flash) {
            // a record that came damaged counts when a later torn write puts it right
            let clears = self.clearing.iter().find(|(record, _)| *record == newest(&self.flash)).map(|(_, clears)| *clears);
            for o in (0..2).filter(|o| clears.is_some_and(|clears| clears[*o])) {
                self.cleared[o] = true;
                self.compared[o] = 0;
            }
        }
        let life = self.life();
        for o in 0..2 {
            let least = self.floor[o].saturating_sub(refund);
            assert!(self.cleared[o] || after[o] >= least, "durable failures fell from {:?} to {after:?}", self.floor);
            if refund == 1 {
                self.compared[o] = self.compared[o].min(u32::from(after[o]));
            }
            if !read(&self.flash).2 {
                self.floor[o] = after[o]; // lost is 255, and not for ever: a torn write may put a damaged record right
            }
            assert!(u32::from(after[o]) >= self.compared[o].min(255), "{} guesses, {} counted", self.compared[o], after[o]);
            for (p, owner) in self.owners.iter().enumerate() {
                let ledger = &owner.ledger;
                let wait = remaining(ledger, ORIGINS[o], self.now);
                let passed = self.now.saturating_sub(now);
                let excused = self.cleared[o] || self.loaded[p] || self.tried[o];
                assert!(excused || wait.saturating_add(passed) >= waits[p][o], "a wait became shorter by {event:?}");
                assert_eq!(ledger.is_poisoned(), owner.poisoned);
                let live = ledger.live(ORIGINS[o], self.time());
                assert_eq!(live, owner.shows(o, self.now, life[o]), "what is live");
            }
        }
    }

    fn reboot(&mut self, uptime: u64) {
        self.now = uptime;
        self.grant = None; // in RAM, like everything else
        self.owners = [0, 1].map(|_| Owner::load(self.device, &self.flash, uptime));
        self.loaded = [true; 2];
    }

    /// Notes a record that an owner has yielded, which everything in flash allows.
    fn yielded(&mut self, p: usize, then: Then) {
        let owner = &mut self.owners[p];
        let (known, slot) = hazmat::state(&owner.ledger);
        let (newest, newest_slot, _) = read(&self.flash);
        let (at, record) = match owner.ledger.pending().expect("just yielded") {
            Resumed::Opening(step) => (step.slot(), *step.record()),
            Resumed::Attempt(step) => (step.slot(), *step.record()),
            Resumed::Clearing(step) => (step.slot(), *step.record()),
            Resumed::Login(step) => (step.slot(), *step.record()),
        };
        let new = hazmat::unseal(&KEY, &record).expect("sealed");
        assert_eq!((at.index(), new.seq), (1 - slot, known.seq + 1), "LED-3, LED-4");
        assert!(newest.seq <= known.seq, "LED-5: an owner that fell behind goes on");
        assert_ne!(at.index(), newest_slot, "the newest record is to be written over");
        let (was, is) = (failures(newest), failures(new));
        match then {
            Then::Show(..) => assert_eq!((new.boots > newest.boots, is), (true, was)),
            Then::Compare(origin, _) => {
                let o = origin as usize;
                assert_eq!((is[o], is[1 - o]), (was[o].saturating_add(1), was[1 - o]), "SES-6");
            }
            Then::Grant(origin, ..) => {
                assert_eq!(is, if origin == Origin::Local { [0, 0] } else { [was[0], 0] }, "SES-11");
                assert_eq!(new.resets, newest.resets.saturating_add(1), "SES-8");
            }
            Then::Login => assert_eq!((is, was == [0, 0]), ([0, 0], false), "SES-15"),
        }
        match then {
            Then::Grant(Origin::Local, ..) | Then::Login => self.clearing.push((record, [true, true])),
            Then::Grant(Origin::Network, ..) => self.clearing.push((record, [false, true])),
            Then::Show(..) | Then::Compare(..) => {}
        }
        owner.pending = Some(Pending { slot: at.index(), record, flash: self.flash, then });
    }

    fn open(&mut self, p: usize, origin: Origin, purpose: AnyPurpose, mail: bool) {
        let (now, flash, o, life) = (self.time(), self.flash, origin as usize, self.life());
        // the generator is dead, unless the flash is, too
        let entropy = if self.spoiled { [self.shown.len() as u8; 32] } else { [0; 32] };
        let owner = &mut self.owners[p];
        let begun = owner.begin(self.now, life);
        match (owner.ledger.open(&KEY, origin, request(purpose, mail), &entropy, now, &flash), begun) {
            (Err(OpenError::Store(StoreError::Stale)), Ok(_)) => owner.fell_behind(&flash),
            (Err(OpenError::Store(error)), begun) => assert_eq!(begun, Err(error)),
            (Err(OpenError::Busy), Ok(_)) => assert!(origin == Origin::Network && owner.live[o].is_some()),
            (Err(OpenError::Method), Ok(_)) => assert_eq!(self.device.policy.methods(origin), Methods::None),
            (Err(OpenError::TooSoon { remaining }), Ok(now)) => {
                assert_eq!(owner.minted[o].map(|at| at + 10), Some(now + remaining.as_secs()), "SES-3");
            }
            (Ok(opened), Ok(now)) => {
                if let Opened::Shown(shown) = opened {
                    self.see(p, &shown, now);
                } else {
                    self.yielded(p, Then::Show(now));
                }
            }
            (opened, begun) => panic!("{opened:?}, where {begun:?} was due"),
        }
    }

    /// A challenge is on the screen; `at` is when it was asked for.
    fn see(&mut self, p: usize, shown: &Shown, at: u64) {
        let challenge = *shown.challenge();
        let origin = challenge.header().origin();
        let o = origin as usize;
        let life = self.life()[o];
        let owner = &mut self.owners[p];
        match owner.live[o].filter(|live| live.challenge.header() == challenge.header()) {
            Some(live) => assert_eq!((challenge, shown.shown_at().as_secs()), (live.challenge, live.at), "SES-2"),
            None => {
                assert!(origin == Origin::Local || owner.live[o].is_none(), "a challenge was replaced on the network");
                assert!(owner.minted[o].is_none_or(|before| at - before >= 10), "SES-3");
                assert!(!self.shown.contains(&challenge.nonce()), "P8: a challenge came again");
                self.shown.push(challenge.nonce());
                assert_eq!((shown.shown_at().as_secs(), shown.expires_at().as_secs()), (at, at + life));
                owner.end(o);
                owner.live[o] = Some(Seen { challenge, at });
                owner.minted[o] = Some(at);
            }
        }
        assert_eq!(shown.text().is_some(), self.device.policy.methods(origin).allow(Method::DynamicPassword), "SES-18");
        if let Some(text) = shown.text() {
            assert_eq!(TypedChallenge::read(text.as_str()).map(|read| *read.claimed()), Ok(challenge));
        }
    }

    fn text(&self, p: usize, origin: Origin, typed: Typed) -> String {
        let owner = &self.owners[p];
        let o = origin as usize;
        let live = owner.live[o];
        let seed = live.map_or(0, |live| hazmat::seed(*live.challenge.nonce().bytes()));
        let right = |seen: Option<Seen>, term: AnyTerm| {
            seen.and_then(|seen| hazmat::read_code(hazmat::answer(&KEY, &seen.challenge, term.0).reveal()).ok()).unwrap_or([
                term.0.k(),
                1,
                2,
                3,
                4,
                5,
                6,
                7,
                8,
                9,
                0,
                1,
            ])
        };
        let fit = |mut digits: [u8; 12]| {
            digits[11] = hazmat::damm(seed, &digits[..11]);
            digits
        };
        let changed = |mut digits: [u8; 12], at: u8, by: u8| {
            let at = usize::from(at) % 10 + 1;
            digits[at] = (digits[at] + by % 9 + 1) % 10;
            digits
        };
        let digits = match typed {
            Typed::Right(term) => right(live, term),
            Typed::Wrong(term, at, by) => fit(changed(right(live, term), at, by)),
            Typed::Slip(term, at, by) => changed(right(live, term), at, by),
            Typed::Before(term) => fit(right(owner.before[o], term)),
            Typed::Elsewhere(term) => fit(right(owner.live[1 - o], term)),
            Typed::Digits(digits) => {
                let mut all = [0; 12];
                all[..11].copy_from_slice(&digits.map(|d| d % 10));
                fit(all)
            }
            Typed::Garbage(bytes) => return String::from_utf8_lossy(&bytes).into_owned(),
        };
        digits.iter().map(|d| char::from(b'0' + d)).collect()
    }

    fn submit(&mut self, p: usize, origin: Origin, typed: Typed) {
        let text = self.text(p, origin, typed);
        let (now, flash, o, cap, life) = (self.time(), self.flash, origin as usize, self.cap(), self.life());
        let owner = &mut self.owners[p];
        let begun = owner.begin(self.now, life);
        let failures = owner.ledger.failures(origin);
        match (owner.ledger.submit(&KEY, origin, &text, now, &flash).map(|_| ()), begun) {
            (Err(SubmitError::Store(StoreError::Stale)), Ok(_)) => owner.fell_behind(&flash),
            (Err(SubmitError::Store(error)), begun) => assert_eq!(begun, Err(error)),
            (Err(_), Ok(_)) => {}
            (Ok(()), Ok(now)) => {
                let digits = hazmat::read_code(&text).expect("read");
                let live = owner.live[o].expect("SES-5: a code is taken for a live challenge");
                let term = Term::from_k(digits[0]).expect("COD-4");
                assert_eq!(hazmat::damm(hazmat::seed(*live.challenge.nonce().bytes()), &digits), 0);
                assert!(now - live.at < cap.min(term.validity().as_secs()), "SES-13");
                assert!(self.device.policy.methods(origin).allow(term.method()), "a method that is not allowed");
                assert!(origin == Origin::Local || failures < NETWORK_STOP, "SES-10");
                assert!(now - owner.since[o] >= whole_wait(failures), "SES-9");
                self.yielded(p, Then::Compare(origin, digits));
            }
            (submitted, begun) => panic!("{submitted:?}, where {begun:?} was due"),
        }
    }

    fn login(&mut self, p: usize) {
        let (now, flash, life) = (self.time(), self.flash, self.life());
        let owner = &mut self.owners[p];
        let begun = owner.begin(self.now, life);
        match (owner.ledger.admin_login(&KEY, now, &flash).map(|step| matches!(step, LoggedIn::Store(_))), begun) {
            (Err(StoreError::Stale), Ok(_)) => owner.fell_behind(&flash),
            (Err(error), begun) => assert_eq!(begun, Err(error)),
            (Ok(stores), Ok(now)) => {
                let lately = owner.cleared.is_some_and(|at| now - at < 86_400);
                let failures = ORIGINS.iter().any(|&origin| owner.ledger.failures(origin) > 0);
                assert_eq!(stores, failures && !lately, "SES-15");
                if stores {
                    self.yielded(p, Then::Login);
                }
            }
            (logged_in, begun) => panic!("{logged_in:?}, where {begun:?} was due"),
        }
    }

    /// Stores the pending record, if there is one and nobody else has written since, and goes on.
    fn store(&mut self, p: usize, store: Store) {
        let owner = &mut self.owners[p];
        let Some(pending) = owner.pending else {
            assert!(owner.ledger.pending().is_none());
            return;
        };
        if pending.flash != self.flash {
            return; // another owner was there between (SPEC.md §9: one owner); the next operation poisons
        }
        let slot = &mut self.flash[pending.slot];
        match store {
            _ if *slot == pending.record => {} // it is there since an earlier step, and nobody writes it twice
            Store::Well | Store::CutAfter | Store::Left => *slot = pending.record,
            Store::Torn(n) | Store::Cut(n) => {
                let n = usize::from(n) % 33;
                slot[..n].copy_from_slice(&pending.record[..n]);
            }
            Store::Erased => *slot = [0xff; 32],
            Store::Flipped(bit) => {
                *slot = pending.record;
                slot[usize::from(bit / 8)] ^= 0x80 >> (bit % 8);
            }
            Store::Lost | Store::Unwritten | Store::Abandoned => {}
        }
        match store {
            Store::Cut(_) | Store::CutAfter => self.reboot(0),
            Store::Left | Store::Unwritten => owner.pending = Some(Pending { flash: self.flash, ..pending }),
            Store::Abandoned => {
                match owner.ledger.pending().expect("a pending record") {
                    Resumed::Opening(step) => step.abandon(),
                    Resumed::Attempt(step) => step.abandon(),
                    Resumed::Clearing(step) => step.abandon(),
                    Resumed::Login(step) => step.abandon(),
                }
                (owner.pending, owner.poisoned) = (None, true);
            }
            _ => self.go_on(p, pending),
        }
    }

    /// Reads back, and takes the step behind the record.
    fn go_on(&mut self, p: usize, Pending { slot, record, then, .. }: Pending) {
        let (flash, now) = (self.flash, self.now);
        let stored = flash[slot] == record;
        let counted = durable(&flash);
        let owner = &mut self.owners[p];
        owner.pending = None;
        owner.poisoned = !stored;
        let failed = Some(StoreError::StoreFailed);
        let resumed = owner.ledger.pending().expect("a pending record");
        match (resumed, then) {
            (Resumed::Opening(step), Then::Show(at)) => match step.show(&KEY, &flash) {
                Err(error) => assert_eq!((Some(error), stored), (failed, false)),
                Ok(shown) => {
                    assert!(stored, "SES-1");
                    self.see(p, &shown, at);
                }
            },
            (Resumed::Attempt(step), Then::Compare(origin, digits)) => {
                let o = origin as usize;
                let live = owner.live[o].expect("submit found one");
                let term = Term::from_k(digits[0]).expect("COD-4");
                let right = hazmat::read_code(hazmat::answer(&KEY, &live.challenge, term).reveal()) == Ok(digits);
                match step.compare(&KEY, &flash).map(|compared| matches!(compared, Compared::Matched(_))) {
                    Err(error) => assert_eq!((Some(error), stored), (failed, false)),
                    Ok(matched) => {
                        assert!(stored, "compared, and not stored");
                        assert_eq!(Some(counted), hazmat::unseal(&KEY, &record), "compared, and not counted");
                        assert_eq!(matched, right, "a Grant for another code, or none for the right one");
                        self.compared[o] += 1;
                        self.tried[o] = true;
                        owner.since[o] = owner.seen;
                        if matched {
                            owner.end(o);
                            self.yielded(p, Then::Grant(origin, live, term.method()));
                        }
                    }
                }
            }
            (Resumed::Clearing(step), Then::Grant(origin, live, method)) => match step.grant(&flash) {
                Err(error) => assert_eq!((Some(error), stored), (failed, false)),
                Ok(grant) => {
                    assert!(stored, "SES-8");
                    self.cleared = [self.cleared[0] || origin == Origin::Local, true]; // in RAM
                    assert_eq!(hazmat::grant_parts(&grant), (origin, live.challenge.header().purpose(), method, counted.resets));
                    assert!(!self.granted.contains(&live.challenge.nonce()), "two Grants for one challenge");
                    self.granted.push(live.challenge.nonce());
                    self.grant = Some((grant, owner.seen));
                }
            },
            (Resumed::Login(step), Then::Login) => match step.cleared(&flash) {
                Err(error) => assert_eq!((Some(error), stored), (failed, false)),
                Ok(()) => {
                    assert!(stored, "SES-15");
                    self.cleared = [true; 2];
                    owner.cleared = Some(owner.seen);
                }
            },
            (other, _) => panic!("{other:?} was not yielded"),
        }
        assert_eq!(now, self.now);
    }
}
