//! One device, whoever uses it, and whatever happens to it: the real `Ledger`s, the flash, the clock. Beside each ledger stands the second
//! implementation of SPEC.md (`twin`), which has to say the same to every call; the other promises are those that no implementation states.
//! `World::broken` remembers which was broken.

use crate::orp::{
    Challenge, Closing, Device, DeviceKey, Epoch, Grant, Ledger, Method, Origin, Policy, Purpose, Reset, Serial, Slots, Term, Uptime,
    hazmat,
};
use crate::twin::{self, Call, Failure, Permits, Said};
use offline_reset_independent as other;
use other::ledger::Record;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// What SPEC.md promises, one property each.
pub const PROMISES: [&str; 13] = [
    "P2 SES-8: never two Grants for one challenge",
    "P2 P6 SES-7 SES-8 SES-14: a Grant only for the right code of that very challenge, and for what was asked",
    "P4 SES-6 SES-8: every comparison is durably counted before it, every Grant before it exists",
    "P4 LED-8 SES-11 SES-15 SES-19: durable failures fall only by a whole record of a success, a login or allow_again, and only those it is for: \
     no login refunds the network",
    "P4: the durable failures are never fewer than the guesses compared since they were cleared",
    "P4 SES-9: no wait becomes shorter but by time, or by the administrator whose it is to waive it",
    "P5 SES-5: no slip of the hand is ever counted",
    "P4 SES-6: before the count, nothing tells a right code from a wrong one",
    "P4 LED-6 LED-7: pending and poisoned refuse everything and change nothing",
    "P2 P8 SES-1: a challenge is new, with the generator dead",
    "every answer, and what is seen of the ledger, is what the second implementation of SPEC.md says",
    "SES-20 SES-22: a step and a Grant tell the session of the submit, and no handle comes again",
    "SES-21: a step that was left is stored, compared and counted; nothing is pending then, and what it gives goes to nobody",
];

const ONE_GRANT: u32 = 1 << 0;
const RIGHT_CODE: u32 = 1 << 1;
const COUNTED: u32 = 1 << 2;
const FALLS: u32 = 1 << 3;
pub const SPENT: u32 = 1 << 4;
const SHORTER: u32 = 1 << 5;
const SLIP: u32 = 1 << 6;
const TELLS: u32 = 1 << 7;
const REFUSES: u32 = 1 << 8;
const NEW: u32 = 1 << 9;
const SAME: u32 = 1 << 10;
const WHOSE: u32 = 1 << 11;
const LEFT: u32 = 1 << 12;

/// What has to have happened somewhere, or a scenario shows nothing: errors by their names, and more.
pub const HAPPENINGS: [&str; 33] = [
    "new challenges",
    "shown again",
    "too-soon",
    "busy",
    "right codes counted",
    "rejected",
    "old or foreign codes rejected",
    "codes with another k rejected",
    "Grants",
    "Grants used",
    "grant-expired",
    "no-challenge",
    "expired",
    "method",
    "waiting",
    "stopped",
    "logins that cleared",
    "logins that cleared nothing",
    "waits waived",
    "allowed again",
    "allowed with nothing to store",
    "left steps finished",
    "Grants that nobody got",
    "stale",
    "store-failed",
    "abandoned",
    "power cuts between count and comparison",
    "power cuts between clearing record and Grant",
    "power cuts before a store",
    "torn writes at a power cut",
    "lost ledgers loaded",
    "clock steps that ended a challenge",
    "slips of the hand refused",
];

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
    AllowAgain(u8),
    /// The caller of a pending step is gone: it is finished, its first record written so. Where nothing is written, the driver says so.
    Finish(u8, Write),
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

/// The step behind a record that an owner has yielded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Step {
    then: Then,
    /// Durable failures when it was yielded.
    before: [u8; 2],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Then {
    Show,
    Compare { origin: Origin, term: Term, typed: Typed, nth: Option<u8>, right: bool },
    Grant { origin: Origin, term: Term, nth: Option<u8> },
    Login,
    AllowAgain,
}

impl Then {
    /// What the failures may fall to.
    fn lowers(self) -> [Option<u8>; 2] {
        match self {
            Self::Show | Self::Compare { .. } => [None, None],
            Self::Grant { origin: Origin::Local, .. } => [Some(0), Some(0)],
            Self::Grant { origin: Origin::Network, .. } => [None, Some(0)],
            Self::Login => [Some(0), None],
            Self::AllowAgain => [None, Some(80)],
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Owner {
    ledger: Ledger,
    /// The second implementation's; none from when the two differ.
    theirs: Option<Box<other::ledger::Ledger>>,
    step: Option<Step>,
    /// A store failed, or another owner's record was found.
    failed: bool,
    /// When the code that was last compared at the screen was submitted, or the load.
    busy: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Held {
    grant: Grant,
    permits: Permits,
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
    /// Of every Grant there was.
    handles: Vec<[u8; 16]>,
    pub broken: u32,
    pub actions: u8,
}

impl World {
    #[allow(clippy::type_complexity)]
    fn key(&self) -> (&Slots, u64, &[Option<Box<Owner>>; 2], &[Challenge], u32, [u8; 2], (&[Held], &[[u8; 16]]), u32) {
        (&self.flash, self.now, &self.owners, &self.shown, self.granted, self.spent, (&self.grants, &self.handles), self.broken)
    }

    fn owned(&mut self, who: usize) -> &mut Owner {
        self.owners[who].as_mut().unwrap()
    }

    /// What this owner may do to the ledger: whether it has a record pending, and whether it is poisoned.
    pub fn owner(&self, who: u8) -> Option<(bool, bool)> {
        self.owners[usize::from(who)].as_ref().map(|owner| (owner.step.is_some(), owner.failed))
    }

    pub fn challenges(&self) -> u8 {
        self.shown.len() as u8
    }

    pub fn grants(&self) -> u8 {
        self.grants.len() as u8
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

const D: [u8; 32] = [0x5a; 32];
const SERIAL: &str = "MODEL1";

/// What does not change.
pub struct Place {
    pub key: DeviceKey,
    device: Device,
    pub happened: Vec<AtomicU64>,
}

/// The record that a load takes, as the second implementation loads it.
fn durable(flash: &Slots) -> Record {
    thread_local!(static KNOWN: RefCell<HashMap<Slots, Record>> = RefCell::default());
    KNOWN.with_borrow_mut(|known| *known.entry(*flash).or_insert_with(|| other::ledger::load(&D, flash, 0).record))
}

impl Place {
    pub fn new(policy: Policy) -> Self {
        let device = Device { serial: Serial::new(SERIAL).unwrap(), epoch: Epoch::ZERO, policy };
        Self { key: DeviceKey::derived(&mut D.clone()).unwrap(), device, happened: HAPPENINGS.iter().map(|_| AtomicU64::new(0)).collect() }
    }

    fn note(&self, what: &str) {
        if let Some(n) = HAPPENINGS.iter().position(|name| *name == what) {
            self.happened[n].fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The second implementation's device, with this ledger.
    fn theirs(&self, ledger: other::ledger::Ledger) -> other::session::Device {
        let allowed = ORIGINS
            .map(|origin| [Method::DynamicPassword, Method::SecureCode].map(|method| self.device.policy.methods(origin).allow(method)));
        let policy = other::session::Policy { cap: self.device.policy.cap().as_secs(), allowed };
        other::session::Device { key: D, serial: SERIAL.to_string(), epoch: 0, policy, ledger }
    }

    /// A device that starts with this flash, of which no guess is known that its records do not count.
    pub fn start(&self, flash: Slots) -> World {
        let valid = flash.iter().any(|slot| other::ledger::unseal(&D, slot).is_some());
        let spent = if valid { durable(&flash).fail } else { [0; 2] };
        let (shown, grants, handles) = (Vec::new(), Vec::new(), Vec::new());
        let mut world = World { flash, now: 1, owners: [None, None], shown, granted: 0, spent, grants, handles, broken: 0, actions: 0 };
        self.load(&mut world, 0);
        world
    }

    fn load(&self, world: &mut World, who: usize) {
        let (ledger, _) = Ledger::load(&self.key, self.device, &world.flash, Uptime::from_secs(world.now));
        let theirs = other::ledger::load(&D, &world.flash, world.now);
        if theirs.lost {
            self.note("lost ledgers loaded");
        }
        let busy = world.now;
        world.owners[who] = Some(Box::new(Owner { ledger, theirs: Some(Box::new(theirs)), step: None, failed: false, busy }));
    }

    fn reboot(&self, world: &mut World) {
        world.owners = [None, None];
        world.grants.clear();
        world.now = 1;
        self.load(world, 0);
    }

    /// Calls both implementations. What the crate says is what happens; when the other one says something else, it takes no further part.
    fn call(&self, world: &mut World, who: usize, call: Call<'_>) -> Result<(Said, Option<Grant>), Failure> {
        let (flash, now) = (world.flash, world.now);
        let owner = world.owned(who);
        let said = twin::ours(&self.key, &mut owner.ledger, call, now, &flash);
        if let Err((name, _)) = said {
            owner.failed |= name == "stale" || name == "store-failed";
            self.note(name);
        }
        if let Some(ledger) = owner.theirs.take() {
            let mut device = self.theirs(*ledger);
            let expected = twin::theirs(&mut device, call, now, &flash);
            if said.as_ref().map(|(said, _)| said) == expected.as_ref().map(|(said, _)| said) {
                owner.theirs = Some(Box::new(device.ledger));
            } else {
                world.broken |= SAME;
            }
        }
        said
    }

    /// What is typed, and whether it is right for the live challenge.
    fn digits(&self, world: &World, live: Option<Challenge>, typed: Typed) -> ([u8; 12], bool) {
        let code = |challenge: &Challenge, term| hazmat::read_code(hazmat::answer(&self.key, challenge, term).reveal()).unwrap();
        let (mut digits, right) = match typed {
            Typed::Code(nth, term) => {
                let challenge = &world.shown[usize::from(nth)];
                (code(challenge, term), live == Some(*challenge))
            }
            Typed::OtherK(nth, term, k) => {
                let mut digits = code(&world.shown[usize::from(nth)], term);
                digits[0] = k.k();
                (digits, false)
            }
            Typed::Wrong(term) => {
                let mut digits = live.map_or([0; 12], |live| code(&live, term));
                digits[0] = term.k();
                digits[4] = (digits[4] + 1) % 10;
                (digits, false)
            }
        };
        fit(&mut digits, live);
        (digits, right)
    }

    /// Expects the confirmation of a record that was yielded.
    fn yielded(&self, world: &mut World, who: usize, then: Then) {
        let before = durable(&world.flash).fail;
        let owner = world.owned(who);
        owner.step = Some(Step { then, before });
        let session = match then {
            Then::Compare { origin, .. } | Then::Grant { origin, .. } => Some(session(origin)),
            Then::Show | Then::Login | Then::AllowAgain => None,
        };
        if twin::pending(&mut owner.ledger).is_none_or(|(_, _, told)| told != session) {
            world.broken |= WHOSE;
        }
    }

    fn open(&self, world: &mut World, who: usize, origin: Origin, purpose: Purpose) {
        let now = Uptime::from_secs(world.now);
        let live = world.owned(who).ledger.live(origin, now);
        // the generator is dead
        match self.call(world, who, Call::Open(origin, purpose, false, &[who as u8; 32])) {
            Ok((Said::Stores(..), _)) => self.yielded(world, who, Then::Show),
            Ok((Said::Shown { hdr, nonce, .. }, _)) => self.shown(world, live, hdr, nonce),
            _ => {}
        }
    }

    /// A challenge is on the screen.
    fn shown(&self, world: &mut World, live: Option<Challenge>, hdr: u16, nonce: [u8; 5]) {
        let challenge = hazmat::challenge(self.device.serial, hazmat::read_header(hdr).unwrap(), nonce);
        if live == Some(challenge) {
            return self.note("shown again");
        }
        self.note("new challenges");
        if world.shown.iter().any(|old| old.nonce() == challenge.nonce()) {
            world.broken |= NEW;
        }
        world.shown.push(challenge);
    }

    fn guess(&self, world: &mut World, who: usize, origin: Origin, typed: Typed) {
        let before = world.owned(who).ledger.clone();
        let live = before.live(origin, Uptime::from_secs(world.now));
        let (digits, right) = self.digits(world, live, typed);
        let said = self.call(world, who, Call::Submit(origin, session(origin), &text(&digits))).map(|(said, _)| said);
        let submit = |ledger: &mut Ledger, digits: &[u8; 12]| {
            twin::ours(&self.key, ledger, Call::Submit(origin, session(origin), &text(digits)), world.now, &world.flash)
                .map(|(said, _)| said)
        };
        if right {
            let mut wrong = digits;
            wrong[7] = (wrong[7] + 3) % 10;
            fit(&mut wrong, live);
            if submit(&mut before.clone(), &wrong) != said {
                world.broken |= TELLS;
            }
            let mut ledger = before.clone();
            let slips = (0..12).flat_map(|place| {
                let (mut slipped, mut exchanged) = (digits, digits);
                slipped[place] = (slipped[place] + 1 + place as u8 % 9) % 10;
                exchanged.swap(place, (place + 1).min(11));
                [slipped, exchanged]
            });
            if slips.filter(|slip| *slip != digits).any(|slip| submit(&mut ledger, &slip) != Err(("check", None)))
                || hazmat::state(&ledger) != hazmat::state(&before)
            {
                world.broken |= SLIP;
            }
            self.note("slips of the hand refused");
        }
        if said.is_ok() {
            if right {
                self.note("right codes counted");
            }
            if origin == Origin::Local {
                world.owned(who).busy = world.now;
            }
            let nth = world.shown.iter().rposition(|challenge| live == Some(*challenge)).map(|nth| nth as u8);
            let term = Term::from_k(digits[0]).unwrap();
            self.yielded(world, who, Then::Compare { origin, term, typed, nth, right });
        }
    }

    fn login(&self, world: &mut World, who: usize) {
        match self.call(world, who, Call::Login) {
            Ok((Said::Stores(..), _)) => {
                if world.now + 10 < world.owned(who).busy + 86_400 {
                    world.broken |= FALLS; // SES-15
                }
                self.yielded(world, who, Then::Login);
            }
            Ok(_) => self.note("logins that cleared nothing"),
            Err(_) => {}
        }
    }

    fn allow_again(&self, world: &mut World, who: usize) {
        match self.call(world, who, Call::AllowAgain) {
            Ok((Said::Stores(..), _)) => self.yielded(world, who, Then::AllowAgain),
            Ok(_) => self.note("allowed with nothing to store"),
            Err(_) => {}
        }
    }

    /// Writes an owner's pending record so; what that may clear, it clears.
    fn write(&self, world: &mut World, who: usize, write: Write) {
        let owner = world.owned(who);
        let (then, (slot, bytes, _)) = (owner.step.unwrap().then, twin::pending(&mut owner.ledger).unwrap());
        self.written(world, then, slot, &bytes, write);
    }

    fn written(&self, world: &mut World, then: Then, slot: usize, bytes: &[u8; 32], write: Write) {
        let before = durable(&world.flash).fail;
        let to = &mut world.flash[slot];
        match write {
            Write::Whole => *to = *bytes,
            Write::None => {}
            Write::Erased => *to = [0xff; 32],
            Write::Zeros => *to = [0; 32],
            Write::Half => to[..16].copy_from_slice(&bytes[..16]),
            Write::Head => {
                *to = [0xff; 32];
                to[..16].copy_from_slice(&bytes[..16]);
            }
        }
        let lowers = if write == Write::Whole { then.lowers() } else { [None, None] };
        let after = durable(&world.flash).fail;
        for o in 0..2 {
            if after[o] < lowers[o].unwrap_or(u8::MAX).min(before[o]) {
                world.broken |= FALLS;
            }
            world.spent[o] = world.spent[o].min(lowers[o].unwrap_or(u8::MAX));
        }
    }

    /// Takes the step behind an owner's pending record, with the slots as they are.
    fn confirm(&self, world: &mut World, who: usize) {
        let counted = durable(&world.flash).fail;
        let flash = world.flash;
        let owner = world.owned(who);
        let step = owner.step.take().unwrap();
        let stored = twin::pending(&mut owner.ledger).is_some_and(|(slot, bytes, _)| flash[slot] == bytes);
        let said = self.call(world, who, Call::Confirm);
        if said.as_ref().err() == Some(&("store-failed", None)) {
            return;
        }
        if !stored {
            world.broken |= COUNTED;
        }
        match step.then {
            Then::Show => {
                if let Ok((Said::Shown { hdr, nonce, .. }, _)) = said {
                    self.shown(world, None, hdr, nonce);
                }
            }
            Then::Compare { origin, term, typed, nth, right } => {
                self.compared(world, origin, step.before, counted);
                if said.is_ok() {
                    if !right {
                        world.broken |= RIGHT_CODE;
                    }
                    self.yielded(world, who, Then::Grant { origin, term, nth });
                } else if let Typed::Code(..) = typed {
                    self.note("old or foreign codes rejected");
                } else if let Typed::OtherK(..) = typed {
                    self.note("codes with another k rejected");
                }
            }
            Then::Grant { origin, term, nth } => {
                let (Ok((_, Some(grant))), Some(nth)) = (said, nth) else {
                    world.broken |= RIGHT_CODE;
                    return;
                };
                self.note("Grants");
                let (challenge, permits) = (world.shown[usize::from(nth)], twin::permits(&grant));
                let asked = (challenge.header().origin(), challenge.header().purpose(), term.method());
                if (permits.0, permits.1, permits.2) != (asked.0 as u8, asked.1 as u8, asked.2 as u8) || asked.0 != origin {
                    world.broken |= RIGHT_CODE;
                }
                self.given(world, nth);
                if permits.4 != session(origin) || world.handles.contains(&permits.5) {
                    world.broken |= WHOSE;
                }
                world.handles.push(permits.5);
                let now = world.now;
                let at = world.owned(who).theirs.as_ref().map_or(now, |theirs| theirs.seen);
                world.grants.push(Held { grant, permits, at });
            }
            Then::Login => self.note("logins that cleared"),
            Then::AllowAgain => self.note("allowed again"),
        }
    }

    fn compared(&self, world: &mut World, origin: Origin, before: [u8; 2], counted: [u8; 2]) {
        let o = origin as usize;
        if counted[o] < before[o].saturating_add(1) {
            world.broken |= COUNTED;
        }
        world.spent[o] = world.spent[o].saturating_add(1);
    }

    /// The challenge's one Grant.
    fn given(&self, world: &mut World, nth: u8) {
        let challenge = world.shown[usize::from(nth)];
        if world.shown.iter().enumerate().any(|(other, shown)| *shown == challenge && world.granted & 1 << other != 0) {
            world.broken |= ONE_GRANT;
        }
        world.granted |= 1 << nth;
    }

    /// Finishes an owner's pending step, whose caller is gone.
    fn finish(&self, world: &mut World, who: usize, write: Write) {
        let mut owner = world.owners[who].take().unwrap();
        let step = owner.step.take().unwrap();
        let mut device = owner.theirs.take().map(|ledger| self.theirs(*ledger));
        let (mut stored, mut matched) = (None, false);
        let same = twin::finish(&self.key, &mut owner.ledger, device.as_mut(), |slot, record| {
            if stored.is_none() {
                self.written(world, step.then, slot, record, write);
                stored = Some(write != Write::None && world.flash[slot] == *record);
                if let (Then::Compare { origin, .. }, Some(true)) = (step.then, stored) {
                    self.compared(world, origin, step.before, durable(&world.flash).fail);
                }
                (write != Write::None).then_some(world.flash)
            } else if let Then::Compare { origin, term, nth, .. } = step.then {
                matched = true;
                self.written(world, Then::Grant { origin, term, nth }, slot, record, Write::Whole);
                Some(world.flash)
            } else {
                None
            }
        });
        owner.theirs = device.map(|device| Box::new(device.ledger)).filter(|_| same);
        if !same {
            world.broken |= SAME;
        }
        owner.failed = owner.ledger.is_poisoned();
        if twin::pending(&mut owner.ledger).is_some() || stored != Some(!owner.failed) {
            world.broken |= LEFT;
        }
        world.owners[who] = Some(owner);
        self.note("left steps finished");
        if let (Then::Compare { nth, right, .. }, Some(true)) = (step.then, stored) {
            if matched != right {
                world.broken |= if right { LEFT } else { RIGHT_CODE };
            }
            if let (true, Some(nth)) = (matched, nth) {
                self.note("Grants that nobody got");
                self.given(world, nth);
            }
        }
    }

    fn consume(&self, world: &mut World, nth: u8) {
        let Held { grant, permits, at } = world.grants.remove(usize::from(nth));
        let (origin, purpose, method, resets, session, handle) = permits;
        let theirs = other::session::Grant { origin, purpose, method, resets, at, session, handle };
        let theirs = other::session::consume_grant(theirs, world.now);
        let ours = grant.consume(Uptime::from_secs(world.now));
        if ours.is_ok() != theirs.is_ok() {
            world.broken |= SAME;
        }
        let of =
            |reset: &Reset| (reset.origin() as u8, reset.purpose() as u8, reset.method() as u8, reset.resets(), reset.session(), handle);
        if ours.is_ok_and(|reset| of(&reset) != permits) {
            world.broken |= RIGHT_CODE;
        }
        self.note(if theirs.is_ok() { "Grants used" } else { "grant-expired" });
    }

    /// One action; none where it can change nothing.
    pub fn after(&self, from: &World, action: Action) -> World {
        let mut to = from.clone();
        to.actions += 1;
        let world = &mut to;
        match action {
            Action::Open(who, origin, purpose) => self.open(world, usize::from(who), origin, purpose),
            Action::Guess(who, origin, typed) => self.guess(world, usize::from(who), origin, typed),
            Action::Login(who) => self.login(world, usize::from(who)),
            Action::AllowAgain(who) => self.allow_again(world, usize::from(who)),
            Action::Finish(who, write) => self.finish(world, usize::from(who), write),
            Action::Store(who) => self.write(world, usize::from(who), Write::Whole),
            Action::Confirm(who, write) => {
                self.write(world, usize::from(who), write);
                self.confirm(world, usize::from(who));
            }
            Action::Abandon(who, write) => {
                self.write(world, usize::from(who), write);
                let owner = world.owned(usize::from(who));
                twin::abandon(&mut owner.ledger, owner.theirs.as_deref_mut());
                (owner.step, owner.failed) = (None, true);
                self.note("abandoned");
            }
            Action::Cut(who, write) => {
                match (write, world.owned(usize::from(who)).step.unwrap().then) {
                    (Write::None, _) => self.note("power cuts before a store"),
                    (Write::Whole, Then::Compare { .. }) => self.note("power cuts between count and comparison"),
                    (Write::Whole, Then::Grant { .. }) => self.note("power cuts between clearing record and Grant"),
                    (Write::Whole, _) => {}
                    _ => self.note("torn writes at a power cut"),
                }
                self.write(world, usize::from(who), write);
                self.reboot(world);
            }
            Action::Reboot => self.reboot(world),
            Action::Load(who) => self.load(world, usize::from(who)),
            Action::Copy => world.owners[1] = world.owners[0].clone(),
            Action::Close(who, closing) => drop(self.call(world, usize::from(who), Call::Close(closing == Closing::Keep))),
            Action::Withdraw(who) => drop(self.call(world, usize::from(who), Call::Withdraw)),
            Action::Pass(seconds) => world.now += seconds,
            Action::Back(seconds) => {
                let lives = |world: &World| {
                    let ledgers = world.owners.iter().flatten().map(|owner| &owner.ledger);
                    ledgers.flat_map(|ledger| ORIGINS.map(|o| ledger.live(o, Uptime::from_secs(world.now)))).flatten().count()
                };
                let before = lives(world);
                world.now = world.now.saturating_sub(seconds);
                for owner in world.owners.iter_mut().flatten() {
                    owner.busy = owner.busy.min(world.now); // the day counts from the step
                }
                if lives(world) < before {
                    self.note("clock steps that ended a challenge");
                }
            }
            Action::Consume(nth) => self.consume(world, nth),
        }
        let shorter = shorter(from, world);
        let waives = [matches!(action, Action::Login(_)), matches!(action, Action::AllowAgain(_))];
        if (0..2).any(|o| shorter[o] && waives[o]) {
            self.note("waits waived");
        }
        if !matches!(action, Action::Pass(_) | Action::Back(_)) && (0..2).any(|o| shorter[o] && !waives[o]) {
            world.broken |= SHORTER;
        }
        to
    }

    /// The properties that can be seen of a state by itself.
    pub fn judge(&self, world: &World) -> u32 {
        let mut broken = world.broken;
        let counted = durable(&world.flash).fail;
        if (0..2).any(|o| counted[o] < world.spent[o]) {
            broken |= SPENT;
        }
        for owner in world.owners.iter().flatten() {
            if let Some(theirs) = &owner.theirs
                && twin::view(&owner.ledger, world.now) != twin::their_view(&self.theirs((**theirs).clone()), world.now)
            {
                broken |= SAME;
            }
            if (owner.step.is_some() || owner.failed) && !self.refuses(world, owner) {
                broken |= REFUSES;
            }
        }
        broken
    }

    /// Every operation is tried, and refused without a trace.
    fn refuses(&self, world: &World, owner: &Owner) -> bool {
        let reason = if owner.step.is_some() { "pending" } else { "poisoned" };
        let mut ledger = owner.ledger.clone();
        let mut fine = ledger.is_poisoned() == owner.failed && twin::pending(&mut ledger).is_some() == owner.step.is_some();
        for now in [world.now, world.now + 100_000, world.now.saturating_sub(11)] {
            let mut refused = |call| twin::ours(&self.key, &mut ledger, call, now, &world.flash).err() == Some((reason, None));
            for origin in ORIGINS {
                fine &= refused(Call::Open(origin, Purpose::AccountPassword, false, &[0; 32]));
                fine &= refused(Call::Submit(origin, 0, "123456789012"));
            }
            fine &= refused(Call::Login)
                && refused(Call::AllowAgain)
                && refused(Call::Withdraw)
                && refused(Call::Close(false))
                && refused(Call::Close(true));
            fine &= ORIGINS.into_iter().all(|origin| ledger.live(origin, Uptime::from_secs(now)).is_none());
        }
        fine && ledger == owner.ledger
    }
}

/// The check digit fits the challenge that is live.
fn fit(digits: &mut [u8; 12], live: Option<Challenge>) {
    if let Some(live) = live {
        digits[11] = hazmat::damm(hazmat::seed(*live.nonce().bytes()), &digits[..11]);
    }
}

/// Who submits: at each origin another.
fn session(origin: Origin) -> u32 {
    7 + origin as u32
}

fn text(digits: &[u8; 12]) -> String {
    digits.iter().map(|digit| char::from(b'0' + digit)).collect()
}

/// For each origin, whether the only owner's wait became shorter. With another count the wait is another one: whether it may be is judged where counts rise and fall.
fn shorter(from: &World, to: &World) -> [bool; 2] {
    let ([Some(was), None], [Some(is), None]) = (&from.owners, &to.owners) else { return [false; 2] };
    let (was, is) = (twin::view(&was.ledger, to.now), twin::view(&is.ledger, to.now));
    [0, 1].map(|o| durable(&to.flash).fail[o] == was.0.fail[o] && (was.3[o].0 > is.3[o].0 || was.3[o].1 > is.3[o].1 && !is.3[o].0))
}
