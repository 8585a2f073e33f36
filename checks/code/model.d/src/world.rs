//! One device, whoever uses it, and whatever happens to it: the real `Ledger`s, the flash, the clock, and beside them what SPEC.md says that
//! each answer must be. An answer that is another one breaks a promise; `World::broken` remembers which.

use crate::orp::{
    Challenge, Closing, Compared, Device, DeviceKey, Epoch, GRANT_VALIDITY, Grant, Ledger, LedgerState, LoggedIn, Method, Methods,
    OpenError, Opened, Origin, Policy, Purpose, Request, Resumed, Serial, Slot, Slots, Standing, StoreError, SubmitError, Term, Uptime,
};
use crate::orp::{Header, hazmat};
use core::time::Duration;
use std::sync::atomic::{AtomicU64, Ordering};

/// What SPEC.md promises, one property each.
pub const PROMISES: [&str; 18] = [
    "P2 SES-8: never two Grants for one challenge",
    "P2 P6 SES-7 SES-8 SES-13: a Grant only for the right code of that very challenge, origin, purpose and method, shown before and not expired",
    "P4 SES-6 SES-8: every comparison is durably counted before it, every Grant before it exists",
    "P4 LED-8 SES-11 SES-15: durable failures fall only by a whole record of a success or a login, and only those it is for",
    "P4: the durable failures are never fewer than the guesses compared since they were cleared",
    "P4 SES-9 SES-12: no guess is taken during its wait",
    "P4 SES-9: what is said of a wait is so, and no wait becomes shorter but by time",
    "P4 SES-10: the network stops at 100 failures, the local screen never",
    "P4 LED-6 LED-7: pending and poisoned refuse everything and change nothing",
    "P4 LED-5: an owner with an older ledger than the flash is told so, and stores nothing",
    "LED-1 LED-2 LED-3 LED-4: load takes what is durable; a record is what it must be, and goes beside the newest",
    "P5 SES-5: an error counts nothing and is the first that is due; no slip of the hand is ever counted",
    "P4 SES-6: before the count, nothing tells a right code from a wrong one",
    "P2 P8 SES-1 SES-3: a challenge is new, with the generator dead, and comes when it may",
    "P2 P6 SES-2 SES-4 SES-12 SES-16 SES-17: a challenge lives as long as it must, and no longer",
    "P2 SES-14: a Grant is good within its ten minutes, for what it was given",
    "P4 SES-15: a login clears once in 24 hours",
    "what is to be taken is taken: the right code in its time, a challenge, a login",
];

const ONE_GRANT: u32 = 1 << 0;
const RIGHT_CODE: u32 = 1 << 1;
const COUNTED: u32 = 1 << 2;
const FALLS: u32 = 1 << 3;
pub const SPENT: u32 = 1 << 4;
const WAIT: u32 = 1 << 5;
const STANDING: u32 = 1 << 6;
const STOP: u32 = 1 << 7;
const REFUSES: u32 = 1 << 8;
const STALE: u32 = 1 << 9;
const RECORD: u32 = 1 << 10;
const UNCOUNTED: u32 = 1 << 11;
const ORACLE: u32 = 1 << 12;
const NEW: u32 = 1 << 13;
const LIFE: u32 = 1 << 14;
const CONSUME: u32 = 1 << 15;
const LOGIN: u32 = 1 << 16;
const TAKEN: u32 = 1 << 17;

/// What has to have happened somewhere, or a scenario shows nothing.
macro_rules! happenings {
    ($($name:ident => $text:literal,)+) => {
        #[derive(Clone, Copy, Debug)]
        #[allow(non_camel_case_types, reason = "events, counted")]
        pub enum Happened { $($name,)+ }
        pub const HAPPENINGS: &[&str] = &[$($text,)+];
    };
}
happenings! {
    Minted => "new challenges shown",
    ShownAgain => "shown again",
    TooSoon => "too soon",
    Busy => "busy",
    RightTaken => "right codes counted",
    Rejected => "rejected",
    Replayed => "old or foreign codes rejected",
    OtherK => "codes with another k rejected",
    Granted => "Grants",
    Consumed => "Grants used",
    Void => "Grants void",
    NoChallenge => "no challenge",
    Expired => "expired",
    MethodRefused => "method",
    Waiting => "waiting",
    Stopped => "stopped",
    LoginCleared => "logins that cleared",
    LoginLately => "logins too soon after",
    StaleFound => "stale",
    StoreFailed => "store failed",
    Abandoned => "abandoned",
    CutCounted => "power cuts between count and comparison",
    CutCleared => "power cuts between clearing record and Grant",
    CutUnstored => "power cuts before a store",
    Torn => "torn writes at a power cut",
    Lost => "loads without a record",
    Conflict => "loads of a conflict",
    StepBack => "clock steps that ended a challenge",
    Saturated => "failures at 255",
    Slips => "slips of the hand refused",
}

pub const ORIGINS: [Origin; 2] = [Origin::Local, Origin::Network];

/// What a slot says when the power goes during its write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    /// All 32 bytes.
    Whole,
    /// None: the driver lost it, or the power went before.
    None,
    /// The erase was done, and nothing more: all ones.
    Erased,
    /// All zeros.
    Zeros,
    /// The record was written, its seal is still the old one.
    Half,
    /// Erased, then the record without the seal: its seq is claimed, and believed by nobody.
    Head,
}

/// What is typed; the check digit always fits the challenge that is live, if one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Typed {
    /// The code of the challenge that was shown as the n-th, be it live, over, answered, or another origin's.
    Code(u8, Term),
    /// Its digits for the first term behind the k of the second.
    OtherK(u8, Term, Term),
    /// Ten wrong digits.
    Wrong(Term),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Open(u8, Origin, Purpose),
    Guess(u8, Origin, Typed),
    Login(u8),
    /// The pending record is written so, both slots are read, and the step is taken.
    Confirm(u8, Write),
    /// It is written so, and the driver reports an error.
    Abandon(u8, Write),
    /// Only where there is no lock: it is written, and something else happens before the step is taken.
    Store(u8),
    /// It is written so, and the power goes; the device starts.
    Cut(u8, Write),
    /// The power goes; the device starts.
    Reboot,
    /// A service takes its ledger from flash again, be it poisoned or not.
    Load(u8),
    /// The second owner is a copy of the first one's RAM.
    Copy,
    Close(u8, Closing),
    Withdraw(u8),
    Pass(u64),
    Back(u64),
    Consume(u8),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Live {
    /// As which it was shown.
    nth: u8,
    since: u64,
}

/// The step behind a record that an owner has yielded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Step {
    record: hazmat::Fields,
    then: Then,
    /// Durable failures when it was yielded.
    before: [u8; 2],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Then {
    Show { origin: Origin },
    Compare { origin: Origin, term: Term, right: bool, typed: Typed },
    Grant { origin: Origin, nth: u8, term: Term },
    Login,
}

/// A ledger, and what SPEC.md §10 says that it must be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Owner {
    ledger: Ledger,
    record: hazmat::Fields,
    slot: usize,
    fresh: bool,
    poisoned: bool,
    clock: u64,
    live: [Option<Live>; 2],
    minted: [Option<u64>; 2],
    wait_from: [u64; 2],
    cleared: Option<u64>,
    step: Option<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Held {
    grant: Grant,
    origin: Origin,
    purpose: Purpose,
    method: Method,
    resets: u32,
    at: u64,
}

/// The state that is explored. Two that are equal go on alike: all of it is compared, but for the count of actions.
#[derive(Clone, Debug)]
pub struct World {
    flash: Slots,
    now: u64,
    owners: [Option<Box<Owner>>; 2],
    /// Every challenge ever shown; the attacker has the codes of all.
    shown: Vec<Challenge>,
    /// Those that had a Grant.
    granted: u32,
    /// Guesses compared since the last durable clearing, on top of the failures at the beginning.
    spent: [u8; 2],
    grants: Vec<Held>,
    pub broken: u32,
    pub actions: u8,
}

impl World {
    #[allow(clippy::type_complexity)]
    fn key(&self) -> (&Slots, u64, &[Option<Box<Owner>>; 2], &[Challenge], u32, [u8; 2], &[Held], u32) {
        (&self.flash, self.now, &self.owners, &self.shown, self.granted, self.spent, &self.grants, self.broken)
    }
}

impl PartialEq for World {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl core::hash::Hash for World {
    fn hash<H: core::hash::Hasher>(&self, to: &mut H) {
        self.key().hash(to);
    }
}

/// What does not change.
pub struct Place {
    pub key: DeviceKey,
    pub device: Device,
    pub happened: Vec<AtomicU64>,
}

/// SPEC.md §9, `load`, of which only the seal is taken from the crate.
fn durable(key: &DeviceKey, flash: &Slots) -> (hazmat::Fields, usize, LedgerState) {
    let [a, b] = [hazmat::unseal(key, &flash[0]), hazmat::unseal(key, &flash[1])];
    match (a, b) {
        (None, None) => (hazmat::Fields { seq: 0, boots: 0, resets: 0, local: 255, network: 255 }, 1, LedgerState::Lost),
        (Some(a), None) => (a, 0, LedgerState::Good),
        (None, Some(b)) => (b, 1, LedgerState::Good),
        (Some(a), Some(b)) if a.seq > b.seq || a == b => (a, 0, LedgerState::Good),
        (Some(a), Some(b)) if a.seq < b.seq => (b, 1, LedgerState::Good),
        (Some(a), Some(b)) => {
            let (boots, resets) = (a.boots.max(b.boots), a.resets.max(b.resets));
            (hazmat::Fields { seq: a.seq, boots, resets, local: 255, network: 255 }, 0, LedgerState::Conflict)
        }
    }
}

fn failures(record: hazmat::Fields) -> [u8; 2] {
    [record.local, record.network]
}

fn wait_of(failures: u8) -> u64 {
    const MINUTES: [u64; 9] = [1, 2, 4, 8, 16, 32, 64, 128, 256];
    if failures == 0 || failures % 5 != 0 { 0 } else { 60 * MINUTES[usize::from(failures / 5 - 1).min(8)] }
}

/// SPEC.md §10.
fn life(policy: &Policy, origin: Origin) -> u64 {
    let allowed = Term::ALL.into_iter().filter(|term| policy.methods(origin).allow(term.method()));
    allowed.map(Term::validity).max().unwrap_or_default().min(policy.cap()).as_secs()
}

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn at(n: u64) -> Uptime {
    Uptime::from_secs(n)
}

impl Owner {
    /// SPEC.md §10, `begin`, for an owner that is neither pending nor poisoned.
    fn begin(&mut self, place: &Place, now: u64) -> u64 {
        let now = if now < self.clock && self.clock - now <= 10 { self.clock } else { now };
        if now < self.clock {
            if self.live != [None; 2] {
                place.note(Happened::StepBack);
            }
            self.live = [None; 2];
            self.wait_from = [now; 2];
            self.minted = self.minted.map(|minted| minted.map(|_| now));
            self.cleared = self.cleared.map(|_| now);
        }
        self.clock = now;
        for origin in ORIGINS {
            let live = &mut self.live[origin as usize];
            *live = live.filter(|live| now - live.since < life(&place.device.policy, origin));
        }
        now
    }

    fn remaining(&self, origin: Origin, now: u64) -> u64 {
        let waited = now.saturating_sub(self.wait_from[origin as usize]);
        wait_of(failures(self.record)[origin as usize]).saturating_sub(waited)
    }

    fn standing(&self, origin: Origin, now: u64) -> Standing {
        if origin == Origin::Network && self.record.network >= 100 {
            return Standing::Stopped;
        }
        match self.remaining(origin, now) {
            0 => Standing::Ready,
            left => Standing::Waiting { remaining: seconds(left) },
        }
    }

    fn next(&self) -> hazmat::Fields {
        let hazmat::Fields { seq, boots, .. } = self.record;
        hazmat::Fields { seq: seq.saturating_add(1), boots: boots.saturating_add(u32::from(self.fresh)), ..self.record }
    }

    /// Whether another owner's record is in flash.
    fn is_stale(&self, key: &DeviceKey, flash: &Slots) -> bool {
        flash.iter().filter_map(|slot| hazmat::unseal(key, slot)).any(|record| record.seq > self.record.seq)
    }

    fn confirmed(&mut self, step: &Step) {
        self.record = step.record;
        self.slot = 1 - self.slot;
        self.fresh = false;
    }
}

impl Place {
    pub fn new(policy: Policy) -> Self {
        let device = Device { serial: Serial::new("MODEL1").unwrap(), epoch: Epoch::ZERO, policy };
        Self { key: DeviceKey::new(&[0x5a; 32]), device, happened: HAPPENINGS.iter().map(|_| AtomicU64::new(0)).collect() }
    }

    fn note(&self, what: Happened) {
        self.happened[what as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// A device that starts with this flash, of which no guess is known that its records do not count.
    pub fn start(&self, flash: Slots) -> World {
        let (record, _, state) = durable(&self.key, &flash);
        let spent = if state == LedgerState::Good { failures(record) } else { [0; 2] };
        let mut world =
            World { flash, now: 1, owners: [None, None], shown: Vec::new(), granted: 0, spent, grants: Vec::new(), broken: 0, actions: 0 };
        self.load(&mut world, 0);
        world
    }

    fn load(&self, world: &mut World, who: u8) {
        let (ledger, loaded) = Ledger::load(&self.key, self.device, &world.flash, at(world.now));
        let (record, slot, state) = durable(&self.key, &world.flash);
        match state {
            LedgerState::Lost => self.note(Happened::Lost),
            LedgerState::Conflict => self.note(Happened::Conflict),
            LedgerState::Good => {}
        }
        if hazmat::state(&ledger) != (record, slot) || loaded.ledger != state {
            world.broken |= RECORD;
        }
        let owner = Owner {
            ledger,
            record,
            slot,
            fresh: true,
            poisoned: false,
            clock: world.now,
            live: [None; 2],
            minted: [None; 2],
            wait_from: [world.now; 2],
            cleared: None,
            step: None,
        };
        world.owners[usize::from(who)] = Some(Box::new(owner));
    }

    fn reboot(&self, world: &mut World) {
        world.owners = [None, None];
        world.grants.clear();
        world.now = 1;
        self.load(world, 0);
    }

    /// What was typed, and whether it is right for the live challenge.
    fn text(&self, world: &World, live: Option<Live>, typed: Typed) -> ([u8; 12], bool) {
        let code = |nth: u8, term| {
            let code = hazmat::answer(&self.key, &world.shown[usize::from(nth)], term);
            hazmat::read_code(code.reveal()).unwrap()
        };
        let (mut digits, right) = match typed {
            Typed::Code(nth, term) => (code(nth, term), live.is_some_and(|live| live.nth == nth)),
            Typed::OtherK(nth, term, k) => {
                let mut digits = code(nth, term);
                digits[0] = k.k();
                (digits, false)
            }
            Typed::Wrong(term) => {
                let mut digits = live.map_or([0; 12], |live| code(live.nth, term));
                digits[0] = term.k();
                digits[4] = (digits[4] + 1) % 10;
                (digits, false)
            }
        };
        if let Some(live) = live {
            let nonce = *world.shown[usize::from(live.nth)].nonce().bytes();
            digits[11] = hazmat::damm(hazmat::seed(nonce), &digits[..11]);
        }
        (digits, right)
    }

    /// Judges a record that was yielded, and expects its confirmation.
    fn yielded(&self, world: &mut World, who: usize, change: impl FnOnce(&mut hazmat::Fields), then: Then) -> u32 {
        let (newest, slot, state) = durable(&self.key, &world.flash);
        let owner = world.owners[who].as_mut().unwrap();
        let mut broken = 0;
        if owner.is_stale(&self.key, &world.flash) {
            broken |= STALE;
        }
        let mut record = owner.next();
        change(&mut record);
        let (target, bytes) = pending(&mut owner.ledger).unwrap_or((Slot::A, [0; 32]));
        if hazmat::unseal(&self.key, &bytes) != Some(record) || (target.index() == slot && state != LedgerState::Lost) {
            broken |= RECORD;
        }
        owner.step = Some(Step { record, then, before: failures(newest) });
        broken
    }

    fn open(&self, world: &mut World, who: usize, origin: Origin, purpose: Purpose) -> Option<u32> {
        let entropy = [who as u8; 32]; // the generator is dead
        let flash = world.flash;
        let owner = world.owners[who].as_mut().unwrap();
        let now = owner.begin(self, world.now);
        let o = origin as usize;
        let header = Header::new(purpose, Epoch::ZERO, origin, false);
        let shown_again = owner.live[o].filter(|live| world.shown[usize::from(live.nth)].header() == header);
        let since = owner.minted[o].map(|minted| now - minted);
        let stale = owner.fresh && owner.is_stale(&self.key, &flash);
        let request = Request { purpose, address_on_file: false };
        let result = owner.ledger.open(&self.key, origin, request, &entropy, at(world.now), &flash);
        let expected = if self.device.policy.methods(origin) == Methods::None {
            Err(OpenError::Method)
        } else if shown_again.is_some() {
            Ok(())
        } else if owner.live[o].is_some() && origin == Origin::Network {
            Err(OpenError::Busy)
        } else if let Some(since) = since.filter(|since| *since < 10) {
            Err(OpenError::TooSoon { remaining: seconds(10 - since) })
        } else if stale {
            owner.poisoned = true;
            Err(OpenError::Store(StoreError::Stale))
        } else {
            Ok(())
        };
        let shown = match (expected, result) {
            (Err(expected), Err(error)) => {
                match error {
                    OpenError::TooSoon { .. } => self.note(Happened::TooSoon),
                    OpenError::Busy => self.note(Happened::Busy),
                    OpenError::Store(StoreError::Stale) => self.note(Happened::StaleFound),
                    _ => {}
                }
                return Some(if expected == error { 0 } else { LIFE });
            }
            (Ok(()), Err(_)) => return Some(TAKEN),
            (Err(OpenError::TooSoon { .. }), Ok(_)) => return Some(NEW),
            (Err(OpenError::Store(_)), Ok(_)) => return Some(STALE),
            (Err(_), Ok(_)) => return Some(LIFE),
            (Ok(()), Ok(shown)) => shown,
        };
        match shown {
            Opened::Store(_) if shown_again.is_none() && owner.fresh => {
                owner.live[o] = None;
                owner.minted[o] = Some(now);
                Some(self.yielded(world, who, |_| {}, Then::Show { origin }))
            }
            Opened::Store(_) => Some(RECORD),
            Opened::Shown(_) if shown_again.is_none() && owner.fresh => Some(COUNTED | NEW),
            Opened::Shown(shown) => {
                let since = shown_again.map_or(now, |live| live.since);
                let fine = shown.shown_at() == at(since)
                    && shown.standing() == owner.standing(origin, now)
                    && shown.expires_at() == at(since + life(&self.device.policy, origin));
                let broken = if fine { 0 } else { LIFE };
                if let Some(live) = shown_again {
                    self.note(Happened::ShownAgain);
                    let same = world.shown[usize::from(live.nth)] == *shown.challenge();
                    return Some(broken | if same { 0 } else { LIFE });
                }
                owner.minted[o] = Some(now);
                let challenge = *shown.challenge();
                Some(broken | self.minted(world, who, origin, challenge, header))
            }
        }
    }

    /// A new challenge is on the screen.
    fn minted(&self, world: &mut World, who: usize, origin: Origin, challenge: Challenge, header: Header) -> u32 {
        self.note(Happened::Minted);
        let mut broken = 0;
        let boots = durable(&self.key, &world.flash).0.boots;
        let owner = world.owners[who].as_mut().unwrap();
        if challenge.header() != header || world.shown.iter().any(|old| old.nonce() == challenge.nonce()) {
            broken |= NEW;
        }
        if owner.record.boots > boots {
            broken |= COUNTED;
        }
        let since = owner.minted[origin as usize].unwrap_or_default();
        owner.live[origin as usize] = Some(Live { nth: world.shown.len() as u8, since });
        world.shown.push(challenge);
        broken
    }

    fn guess(&self, world: &mut World, who: usize, origin: Origin, typed: Typed) -> Option<u32> {
        let flash = world.flash;
        let raw = world.now;
        let mut broken = 0;
        let o = origin as usize;
        let before_begin = world.owners[who].as_ref().unwrap().ledger.clone();
        let owner = world.owners[who].as_mut().unwrap();
        let now = owner.begin(self, raw);
        let live = owner.live[o];
        let (digits, right) = self.text(world, live, typed);
        let term = Term::from_k(digits[0]).unwrap();
        let owner = world.owners[who].as_mut().unwrap();
        let policy = &self.device.policy;
        let limit = term.validity().min(policy.cap()).as_secs();
        let stale = owner.is_stale(&self.key, &flash);
        let expected = match live {
            None => Err(SubmitError::NoChallenge),
            Some(_) if !policy.methods(origin).allow(term.method()) => Err(SubmitError::Method),
            Some(live) if now - live.since >= limit => Err(SubmitError::Expired),
            Some(_) => match owner.standing(origin, now) {
                Standing::Stopped => Err(SubmitError::Stopped),
                Standing::Waiting { remaining } => Err(SubmitError::Waiting { remaining }),
                Standing::Ready if stale => Err(SubmitError::Store(StoreError::Stale)),
                Standing::Ready => Ok(()),
            },
        };
        let record = hazmat::state(&owner.ledger);
        let submit = |ledger: &mut Ledger, digits: &[u8; 12]| {
            let text = digits.map(|digit| b'0' + digit);
            let text = core::str::from_utf8(&text).unwrap();
            ledger.submit(&self.key, origin, text, at(raw), &flash).map(|attempt| (attempt.slot(), *attempt.record()))
        };
        let result = submit(&mut owner.ledger, &digits);
        if let Some(live) = live.filter(|_| right) {
            let mut wrong = digits;
            wrong[7] = (wrong[7] + 3) % 10;
            let nonce = *world.shown[usize::from(live.nth)].nonce().bytes();
            wrong[11] = hazmat::damm(hazmat::seed(nonce), &wrong[..11]);
            if submit(&mut before_begin.clone(), &wrong) != result {
                broken |= ORACLE;
            }
            let mut ledger = before_begin;
            for place in 0..12 {
                let mut slipped = digits;
                slipped[place] = (slipped[place] + 1 + place as u8 % 9) % 10;
                let mut exchanged = digits;
                exchanged.swap(place, (place + 1).min(11));
                for slip in [slipped, exchanged] {
                    if slip != digits && submit(&mut ledger, &slip) != Err(SubmitError::Check) {
                        broken |= UNCOUNTED;
                    }
                }
            }
            self.note(Happened::Slips);
            if hazmat::state(&ledger) != record {
                broken |= UNCOUNTED;
            }
        }
        Some(match (expected, result) {
            (expected, Ok(_)) => {
                broken |= match expected {
                    Ok(()) => 0,
                    Err(SubmitError::Waiting { .. }) => WAIT,
                    Err(SubmitError::Stopped) => STOP,
                    Err(SubmitError::Store(_)) => STALE,
                    Err(_) => RIGHT_CODE | LIFE,
                };
                if right {
                    self.note(Happened::RightTaken);
                }
                let count = |record: &mut hazmat::Fields| {
                    let failures = if origin == Origin::Local { &mut record.local } else { &mut record.network };
                    *failures = failures.saturating_add(1);
                    if *failures == 255 {
                        self.note(Happened::Saturated);
                    }
                };
                broken | self.yielded(world, who, count, Then::Compare { origin, term, right, typed })
            }
            (Ok(()), Err(_)) => broken | TAKEN,
            (Err(expected), Err(error)) => {
                match error {
                    SubmitError::NoChallenge => self.note(Happened::NoChallenge),
                    SubmitError::Expired => self.note(Happened::Expired),
                    SubmitError::Method => self.note(Happened::MethodRefused),
                    SubmitError::Stopped => self.note(Happened::Stopped),
                    SubmitError::Waiting { .. } => self.note(Happened::Waiting),
                    SubmitError::Store(StoreError::Stale) => {
                        owner.poisoned = true;
                        self.note(Happened::StaleFound);
                    }
                    _ => {}
                }
                let same = expected == error && hazmat::state(&owner.ledger) == record && pending(&mut owner.ledger).is_none();
                broken | if same { 0 } else { UNCOUNTED }
            }
        })
    }

    fn login(&self, world: &mut World, who: usize) -> u32 {
        let flash = world.flash;
        let owner = world.owners[who].as_mut().unwrap();
        let now = owner.begin(self, world.now);
        let lately = owner.cleared.is_some_and(|cleared| now - cleared < 86400);
        let nothing = failures(owner.record) == [0, 0];
        let stale = owner.is_stale(&self.key, &flash);
        match owner.ledger.admin_login(&self.key, at(world.now), &flash) {
            Ok(LoggedIn::NothingToClear) => {
                if lately && !nothing {
                    self.note(Happened::LoginLately);
                }
                if nothing || lately { 0 } else { TAKEN }
            }
            Ok(LoggedIn::Store(_)) if lately || nothing => LOGIN,
            Ok(LoggedIn::Store(_)) => self.yielded(world, who, |record| (record.local, record.network) = (0, 0), Then::Login),
            Err(StoreError::Stale) if stale && !nothing && !lately => {
                owner.poisoned = true;
                self.note(Happened::StaleFound);
                0
            }
            Err(_) => TAKEN,
        }
    }

    /// Writes an owner's pending record so; what that may clear, it clears.
    fn write(&self, world: &mut World, who: usize, write: Write) -> u32 {
        let owner = world.owners[who].as_mut().unwrap();
        let step = owner.step.unwrap();
        let (slot, bytes) = pending(&mut owner.ledger).unwrap();
        let before = failures(durable(&self.key, &world.flash).0);
        let to = &mut world.flash[slot.index()];
        match write {
            Write::Whole => *to = bytes,
            Write::None => {}
            Write::Erased => *to = [0xff; 32],
            Write::Zeros => *to = [0; 32],
            Write::Half => to[..16].copy_from_slice(&bytes[..16]),
            Write::Head => {
                *to = [0xff; 32];
                to[..16].copy_from_slice(&bytes[..16]);
            }
        }
        let cleared = match step.then {
            _ if write != Write::Whole => [false, false],
            Then::Grant { origin: Origin::Local, .. } | Then::Login => [true, true],
            Then::Grant { origin: Origin::Network, .. } => [false, true],
            _ => [false, false],
        };
        let after = failures(durable(&self.key, &world.flash).0);
        let mut broken = 0;
        for o in 0..2 {
            if cleared[o] {
                world.spent[o] = 0;
            } else if after[o] < before[o] {
                broken |= FALLS;
            }
        }
        broken
    }

    /// Takes the step behind an owner's pending record, with the slots as they are.
    fn confirm(&self, world: &mut World, who: usize) -> u32 {
        let flash = world.flash;
        let owner = world.owners[who].as_mut().unwrap();
        let step = owner.step.take().unwrap();
        let stored = hazmat::unseal(&self.key, &flash[1 - owner.slot]) == Some(step.record);
        let counted = durable(&self.key, &flash).0;
        let stale = flash.iter().filter_map(|slot| hazmat::unseal(&self.key, slot)).any(|record| record.seq > step.record.seq);
        owner.poisoned = !stored;
        let failed = |error| {
            self.note(Happened::StoreFailed);
            match (error, stored) {
                (StoreError::StoreFailed, false) => 0,
                (_, true) => TAKEN,
                (_, false) => REFUSES,
            }
        };
        match owner.ledger.pending() {
            Some(Resumed::Opening(opening)) => match opening.show(&self.key, &flash) {
                Err(error) => failed(error),
                Ok(shown) => {
                    owner.confirmed(&step);
                    let Then::Show { origin } = step.then else { return RECORD };
                    let since = owner.minted[origin as usize];
                    let (challenge, shown_at) = (*shown.challenge(), shown.shown_at());
                    let broken = if stored { 0 } else { COUNTED | NEW } | if Some(shown_at) == since.map(at) { 0 } else { LIFE };
                    broken | self.minted(world, who, origin, challenge, challenge.header())
                }
            },
            Some(Resumed::Attempt(attempt)) => {
                let compared = match attempt.compare(&self.key, &flash) {
                    Err(StoreError::Stale) if stale => {
                        owner.confirmed(&step);
                        owner.poisoned = true;
                        let Then::Compare { origin, .. } = step.then else { return RECORD };
                        owner.live[origin as usize] = None;
                        owner.wait_from[origin as usize] = owner.clock;
                        world.spent[origin as usize] = world.spent[origin as usize].saturating_add(1);
                        self.note(Happened::StaleFound);
                        return 0;
                    }
                    Err(error) => return failed(error),
                    Ok(Compared::Rejected(_)) => false,
                    Ok(Compared::Matched(_)) => true,
                };
                let Then::Compare { origin, term, right, typed } = step.then else { return RECORD };
                let o = origin as usize;
                let mut broken = 0;
                if !stored || failures(counted)[o] < step.before[o].saturating_add(1) {
                    broken |= COUNTED;
                }
                if origin == Origin::Network && step.before[o] >= 100 {
                    broken |= STOP;
                }
                owner.confirmed(&step);
                owner.wait_from[o] = owner.clock;
                world.spent[o] = world.spent[o].saturating_add(1);
                match typed {
                    Typed::Code(..) if !compared => self.note(Happened::Replayed),
                    Typed::OtherK(..) if !compared => self.note(Happened::OtherK),
                    _ => {}
                }
                if right && !compared {
                    broken |= TAKEN;
                }
                if compared {
                    if !right {
                        broken |= RIGHT_CODE;
                    }
                    let (Typed::Code(nth, _) | Typed::OtherK(nth, ..)) = typed else { return broken };
                    owner.live[o] = None;
                    let clear = |record: &mut hazmat::Fields| {
                        record.resets = record.resets.saturating_add(1);
                        record.network = 0;
                        if origin == Origin::Local {
                            record.local = 0;
                        }
                    };
                    broken |= self.yielded(world, who, clear, Then::Grant { origin, nth, term });
                } else if !right {
                    self.note(Happened::Rejected);
                }
                broken
            }
            Some(Resumed::Clearing(clearing)) => match clearing.grant(&flash) {
                Err(error) => failed(error),
                Ok(grant) => {
                    let Then::Grant { origin, nth, term } = step.then else { return RECORD };
                    self.note(Happened::Granted);
                    owner.confirmed(&step);
                    let challenge = world.shown[usize::from(nth)];
                    let (purpose, method, resets) = (challenge.header().purpose(), term.method(), step.record.resets);
                    let mut broken = 0;
                    if !stored || counted.resets != resets || failures(counted)[origin as usize] != 0 {
                        broken |= COUNTED;
                    }
                    if hazmat::grant_parts(&grant) != (origin, purpose, method, resets) || challenge.header().origin() != origin {
                        broken |= RIGHT_CODE;
                    }
                    for (other, shown) in world.shown.iter().enumerate() {
                        if shown == &challenge && world.granted & 1 << other != 0 {
                            broken |= ONE_GRANT;
                        }
                    }
                    world.granted |= 1 << nth;
                    world.grants.push(Held { grant, origin, purpose, method, resets, at: owner.clock });
                    broken
                }
            },
            Some(Resumed::Login(login)) => match login.cleared(&flash) {
                Err(error) => failed(error),
                Ok(()) => {
                    self.note(Happened::LoginCleared);
                    owner.confirmed(&step);
                    owner.cleared = Some(owner.clock);
                    if stored { 0 } else { COUNTED }
                }
            },
            None => REFUSES,
        }
    }

    /// One action; none where it can change nothing.
    pub fn after(&self, from: &World, action: Action) -> World {
        let mut world = from.clone();
        world.actions += 1;
        let said = |world: &World| {
            let owner = world.owners[0].as_ref()?;
            (world.owners[1].is_none()).then(|| ORIGINS.map(|origin| owner.ledger.standing(origin, at(world.now))))
        };
        let broken = match action {
            Action::Open(who, origin, purpose) => self.open(&mut world, usize::from(who), origin, purpose).unwrap_or_default(),
            Action::Guess(who, origin, typed) => self.guess(&mut world, usize::from(who), origin, typed).unwrap_or_default(),
            Action::Login(who) => self.login(&mut world, usize::from(who)),
            Action::Store(who) => self.write(&mut world, usize::from(who), Write::Whole),
            Action::Confirm(who, write) => self.write(&mut world, usize::from(who), write) | self.confirm(&mut world, usize::from(who)),
            Action::Abandon(who, write) => {
                let broken = self.write(&mut world, usize::from(who), write);
                let owner = world.owners[usize::from(who)].as_mut().unwrap();
                match owner.ledger.pending() {
                    Some(Resumed::Opening(step)) => step.abandon(),
                    Some(Resumed::Attempt(step)) => step.abandon(),
                    Some(Resumed::Clearing(step)) => step.abandon(),
                    Some(Resumed::Login(step)) => step.abandon(),
                    None => {}
                }
                self.note(Happened::Abandoned);
                (owner.step, owner.poisoned) = (None, true);
                broken
            }
            Action::Cut(who, write) => {
                let then = world.owners[usize::from(who)].as_ref().unwrap().step.unwrap().then;
                match (write, then) {
                    (Write::None, _) => self.note(Happened::CutUnstored),
                    (Write::Whole, Then::Compare { .. }) => self.note(Happened::CutCounted),
                    (Write::Whole, Then::Grant { .. }) => self.note(Happened::CutCleared),
                    (Write::Whole, _) => {}
                    _ => self.note(Happened::Torn),
                }
                let broken = self.write(&mut world, usize::from(who), write);
                self.reboot(&mut world);
                broken
            }
            Action::Reboot => {
                self.reboot(&mut world);
                0
            }
            Action::Load(who) => {
                self.load(&mut world, who);
                0
            }
            Action::Copy => {
                world.owners[1] = world.owners[0].clone();
                0
            }
            Action::Close(who, closing) => {
                let owner = world.owners[usize::from(who)].as_mut().unwrap();
                if closing == Closing::Withdraw {
                    owner.live[0] = None;
                }
                if owner.ledger.close(closing).is_ok() { 0 } else { TAKEN }
            }
            Action::Withdraw(who) => {
                let owner = world.owners[usize::from(who)].as_mut().unwrap();
                owner.live = [None; 2];
                if owner.ledger.withdraw().is_ok() { 0 } else { TAKEN }
            }
            Action::Pass(seconds) => {
                world.now += seconds;
                0
            }
            Action::Back(seconds) => {
                world.now = world.now.saturating_sub(seconds);
                0
            }
            Action::Consume(nth) => {
                let held = world.grants.remove(usize::from(nth));
                let good = world.now >= held.at && world.now - held.at < GRANT_VALIDITY.as_secs();
                match held.grant.consume(at(world.now)) {
                    Ok(reset) => {
                        self.note(Happened::Consumed);
                        let same = (reset.origin, reset.purpose, reset.method, reset.resets)
                            == (held.origin, held.purpose, held.method, held.resets);
                        if good && same { 0 } else { CONSUME }
                    }
                    Err(_) => {
                        self.note(Happened::Void);
                        if good { CONSUME } else { 0 }
                    }
                }
            }
        };
        world.broken |= broken;
        // a wait gets shorter by time or by a durable clearing alone
        if let (Some(was), Some(is)) = (said(from), said(&world)) {
            let timed = matches!(action, Action::Pass(_) | Action::Back(_));
            let shortened = ORIGINS.into_iter().zip(was.into_iter().zip(is)).filter(|(_, (was, is))| !timed && shorter(*was, *is));
            for (origin, _) in shortened {
                let o = origin as usize;
                // with another count the wait is another one: whether it may be is judged where counts rise and fall
                let known = from.owners[0].as_ref().map_or(0, |owner| failures(owner.record)[o]);
                if failures(durable(&self.key, &world.flash).0)[o] == known {
                    world.broken |= STANDING;
                }
            }
        }
        world
    }

    /// The properties that can be seen of a state by itself.
    pub fn judge(&self, world: &World) -> u32 {
        let mut broken = world.broken;
        let counted = failures(durable(&self.key, &world.flash).0);
        if (0..2).any(|o| counted[o] < world.spent[o]) {
            broken |= SPENT;
        }
        for owner in world.owners.iter().flatten() {
            broken |= self.judge_owner(world, owner);
        }
        broken
    }

    fn judge_owner(&self, world: &World, owner: &Owner) -> u32 {
        let mut broken = 0;
        if hazmat::state(&owner.ledger) != (owner.record, owner.slot) {
            broken |= RECORD;
        }
        let refusing = owner.step.is_some() || owner.poisoned;
        for origin in ORIGINS {
            if owner.ledger.standing(origin, at(world.now)) != owner.standing(origin, world.now) {
                broken |= STANDING;
            }
            let live = owner.live[origin as usize].filter(|live| {
                let in_order = owner.clock.saturating_sub(world.now) <= 10;
                !refusing && in_order && world.now.saturating_sub(live.since) < life(&self.device.policy, origin)
            });
            if owner.ledger.live(origin, at(world.now)) != live.map(|live| world.shown[usize::from(live.nth)]) {
                broken |= LIFE;
            }
        }
        if refusing && !self.refuses(world, owner) {
            broken |= REFUSES;
        }
        broken
    }

    /// Every operation is tried, and refused without a trace.
    fn refuses(&self, world: &World, owner: &Owner) -> bool {
        let reason = if owner.step.is_some() { StoreError::Pending } else { StoreError::Poisoned };
        let mut ledger = owner.ledger.clone();
        let mut fine = ledger.is_poisoned() == owner.poisoned && pending(&mut ledger).is_some() == owner.step.is_some();
        for now in [world.now, world.now + 100_000, world.now.saturating_sub(11)] {
            for origin in ORIGINS {
                let request = Request { purpose: Purpose::AccountPassword, address_on_file: false };
                let opened = ledger.open(&self.key, origin, request, &[0; 32], at(now), &world.flash);
                fine &= opened.err().and_then(|error| error.store_error()) == Some(reason);
                let submitted = ledger.submit(&self.key, origin, "123456789012", at(now), &world.flash);
                fine &= submitted.err().and_then(|error| error.store_error()) == Some(reason);
                fine &= ledger.live(origin, at(now)).is_none();
            }
            fine &= ledger.admin_login(&self.key, at(now), &world.flash).err() == Some(reason);
        }
        fine &= ledger.withdraw() == Err(reason);
        fine &= ledger.close(Closing::Withdraw) == Err(reason) && ledger.close(Closing::Keep) == Err(reason);
        fine && ledger == owner.ledger
    }
}

fn pending(ledger: &mut Ledger) -> Option<(Slot, [u8; 32])> {
    Some(match ledger.pending()? {
        Resumed::Opening(step) => (step.slot(), *step.record()),
        Resumed::Attempt(step) => (step.slot(), *step.record()),
        Resumed::Clearing(step) => (step.slot(), *step.record()),
        Resumed::Login(step) => (step.slot(), *step.record()),
    })
}

fn shorter(was: Standing, is: Standing) -> bool {
    match (was, is) {
        (_, Standing::Stopped) | (Standing::Ready, _) => false,
        (Standing::Stopped, _) | (Standing::Waiting { .. }, Standing::Ready) => true,
        (Standing::Waiting { remaining: was }, Standing::Waiting { remaining: is }) => is < was,
    }
}

impl World {
    /// What this owner may do to the ledger, and whether it has a record pending.
    pub fn owner(&self, who: u8) -> Option<(bool, bool)> {
        self.owners[usize::from(who)].as_ref().map(|owner| (owner.step.is_some(), owner.poisoned))
    }

    pub fn challenges(&self) -> u8 {
        self.shown.len() as u8
    }

    pub fn grants(&self) -> u8 {
        self.grants.len() as u8
    }
}
