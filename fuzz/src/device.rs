//! A device as a state machine. Each call has to be answered as the second implementation answers it (`twin`); beside that stand the promises of
//! SPEC.md §2 that no implementation states.

use std::cell::Cell;

use arbitrary::{Arbitrary, Result, Unstructured};
use offline_reset::{Challenge, Device, Epoch, Grant, Ledger, Method, Methods, Origin, Policy, Serial, Slots, Uptime, hazmat};
use offline_reset_independent as other;
use other::ledger::Then;

use crate::twin::{self, Call, Failure, Said};
use crate::{AnyPurpose, AnyTerm, D, KEY, Many, origin};

/// A device, and what happens to it.
#[derive(Clone, Debug, Arbitrary)]
pub struct Life {
    policy: AnyPolicy,
    fail: [u8; 2],
    events: Many<Event>,
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
    /// A code is typed, in a session.
    Submit(Process, bool, u8, Typed, Store, Store),
    /// The local screen is closed, its challenge kept or not.
    Close(Process, bool),
    /// The address on file changes.
    Withdraw(Process),
    /// An administrator logs in.
    Login(Process, Store),
    /// An administrator allows the network again.
    AllowAgain(Process, Store),
    /// A pending record is taken up again.
    Resume(Process, Store),
    /// The caller of a pending record is gone: the step is finished, its one or two stores so.
    Finish(Process, [Store; 2]),
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

impl Store {
    fn write(self, slot: &mut [u8; 32], record: &[u8; 32]) {
        match self {
            _ if slot == record => {} // it is there since an earlier step, and nobody writes it twice
            Self::Well | Self::CutAfter | Self::Left => *slot = *record,
            Self::Torn(n) | Self::Cut(n) => {
                let n = usize::from(n) % 33;
                slot[..n].copy_from_slice(&record[..n]);
            }
            Self::Erased => *slot = [0xff; 32],
            Self::Flipped(bit) => {
                *slot = *record;
                slot[usize::from(bit / 8)] ^= 0x80 >> (bit % 8);
            }
            Self::Lost | Self::Unwritten | Self::Abandoned => {}
        }
    }

    /// Whether the driver says so.
    const fn fails(self) -> bool {
        matches!(self, Self::Cut(_) | Self::Unwritten | Self::Abandoned)
    }
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

/// A record that an owner has yielded.
#[derive(Clone, Copy)]
struct Pending {
    slot: usize,
    record: [u8; 32],
    /// As it was when the record was yielded: written over by nobody else since.
    flash: Slots,
}

/// One process's ledger, in both implementations.
struct Owner {
    ledger: Ledger,
    theirs: other::session::Device,
    /// Every challenge that it showed, by origin.
    seen: [Vec<Challenge>; 2],
    pending: Option<Pending>,
    /// Of the last submit.
    session: u32,
    /// When the code that was last compared at the screen was submitted, or the load.
    busy: u64,
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
    /// The same of records from before both were lost, which a torn write may put right as well.
    before: [u8; 2],
    shown: Vec<[u8; 5]>,
    granted: Vec<[u8; 5]>,
    handles: Vec<[u8; 16]>,
    grant: Option<(Grant, other::session::Grant)>,
    /// A rolled back ledger *and* a dead generator are not promised (SPEC.md §16).
    spoiled: bool,
    /// The records that lower failures, and to what.
    clearing: Vec<([u8; 32], Lowers)>,
    /// In this step: whose failures were lowered, and which process was loaded.
    cleared: Lowers,
    loaded: [bool; 2],
    /// In this step: where a wait may have become shorter. A code was compared, which was taken when none was due; an administrator has waived
    /// it; or the ledger in RAM knows now that failures are fewer.
    excused: [bool; 2],
}

/// For each origin, what its failures may fall to.
type Lowers = [Option<u8>; 2];

const NONE: Lowers = [None, None];
const LOGIN: Lowers = [Some(0), None];
const ALLOWED: Lowers = [None, Some(80)];

/// A success (SES-11).
const fn success(o: usize) -> Lowers {
    [if o == 0 { Some(0) } else { None }, Some(0)]
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

/// Seconds, `u64::MAX` where guesses are stopped.
fn remaining(ledger: &Ledger, now: u64) -> [u64; 2] {
    twin::view(ledger, now).3.map(|(stopped, wait)| if stopped { u64::MAX } else { wait })
}

impl Owner {
    fn load(device: Device, flash: &Slots, now: u64) -> Self {
        let ledger = Ledger::load(&KEY, device, flash, Uptime::from_secs(now)).0;
        let allowed =
            ORIGINS.map(|origin| [Method::DynamicPassword, Method::SecureCode].map(|method| device.policy.methods(origin).allow(method)));
        let policy = other::session::Policy { cap: device.policy.cap().as_secs(), allowed };
        let theirs = other::session::Device::load(D, device.serial.as_str(), 0, policy, flash, now).expect("a device");
        Self { ledger, theirs, seen: [Vec::new(), Vec::new()], pending: None, session: 0, busy: now }
    }
}

/// # Panics
/// When a promise is broken.
pub fn device(life: &Life) {
    let device = Device { serial: Serial::new("DEVICE1").expect("a serial"), epoch: Epoch::ZERO, policy: life.policy.0 };
    let [local, network] = life.fail;
    let flash = [hazmat::seal(&KEY, hazmat::Fields { seq: 7, boots: 3, resets: 0, local, network }), [0xff; 32]];
    let owners = [0, 1].map(|_| Owner::load(device, &flash, 0));
    let mut world = World {
        device,
        flash,
        now: 0,
        owners,
        compared: [0; 2],
        floor: life.fail,
        before: [255; 2],
        shown: Vec::new(),
        granted: Vec::new(),
        handles: Vec::new(),
        grant: None,
        spoiled: false,
        clearing: Vec::new(),
        cleared: NONE,
        loaded: [false; 2],
        excused: [false; 2],
    };
    for event in life.events.0.iter().take(100) {
        world.step(*event);
    }
}

impl World {
    fn time(&self) -> Uptime {
        Uptime::from_secs(self.now)
    }

    /// Calls both implementations.
    fn call(&mut self, p: usize, call: Call<'_>) -> std::result::Result<Said, Failure> {
        let (owner, flash, now) = (&mut self.owners[p], self.flash, self.now);
        let (mut ours, mut theirs) = (None, None);
        let said = twin::ours(&KEY, &mut owner.ledger, call, now, &flash).map(|(said, grant)| {
            ours = grant;
            said
        });
        let expected = twin::theirs(&mut owner.theirs, call, now, &flash).map(|(said, grant)| {
            theirs = grant;
            said
        });
        assert_eq!(said, expected, "{call:?} is answered otherwise by the second implementation");
        if let (Some(ours), Some(theirs)) = (ours, theirs) {
            assert_eq!(ours.session(), owner.session, "SES-20");
            assert!(!self.handles.contains(ours.handle()), "SES-22: a handle came again");
            self.handles.push(*ours.handle());
            self.grant = Some((ours, theirs));
        }
        said
    }

    /// One event, and what holds after every one.
    fn step(&mut self, event: Event) {
        let (flash, now) = (self.flash, self.now);
        let waits = [0, 1].map(|p: usize| remaining(&self.owners[p].ledger, now));
        (self.cleared, self.loaded, self.excused) = (NONE, [false; 2], [false; 2]);
        let mut refund = 0;
        match event {
            Event::Open(Process(p), network, purpose, mail, store) => {
                self.open(p, origin(network), purpose, mail);
                self.store(p, store);
            }
            Event::Submit(Process(p), network, session, typed, first, second) => {
                let text = self.text(p, origin(network), typed);
                if self.call(p, Call::Submit(origin(network), session.into(), &text)).is_ok() {
                    self.owners[p].session = session.into();
                    if !network {
                        self.owners[p].busy = self.now;
                    }
                    self.yielded(p, NONE);
                }
                self.store(p, first);
                self.store(p, second);
            }
            Event::Login(Process(p), store) => {
                let said = self.call(p, Call::Login);
                self.excused[0] = said.is_ok() || said == Err(("stale", None));
                if let Ok(Said::Stores(_)) = said {
                    assert!((self.now + 10).saturating_sub(self.owners[p].busy) >= 86_400, "SES-15: not a day without a comparison");
                    self.yielded(p, LOGIN);
                }
                self.store(p, store);
            }
            Event::AllowAgain(Process(p), store) => {
                let said = self.call(p, Call::AllowAgain);
                self.excused[1] = said.is_ok() || said == Err(("stale", None));
                if let Ok(Said::Stores(_)) = said {
                    self.yielded(p, ALLOWED);
                }
                self.store(p, store);
            }
            Event::Resume(Process(p), store) => self.store(p, store),
            Event::Finish(Process(p), stores) => self.finish(p, stores),
            Event::Close(Process(p), keep) => drop(self.call(p, Call::Close(keep))),
            Event::Withdraw(Process(p)) => drop(self.call(p, Call::Withdraw)),
            Event::Restart(Process(p)) => {
                self.owners[p] = Owner::load(self.device, &self.flash, self.now);
                self.loaded[p] = true;
            }
            Event::Reboot(uptime) => self.reboot(u64::from(uptime)),
            Event::Pass(span) => self.now = self.now.saturating_add(span.seconds()).min(u64::MAX / 2),
            Event::Back(seconds) => {
                self.now = self.now.saturating_sub(u64::from(seconds));
                for owner in &mut self.owners {
                    owner.busy = owner.busy.min(self.now); // the day counts from the step
                }
            }
            Event::Consume => {
                if let Some((ours, theirs)) = self.grant.take() {
                    let good = other::session::consume_grant(theirs, self.now).is_ok();
                    assert_eq!(ours.consume(self.time()).is_ok(), good, "SES-14");
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
            let lowers = self.clearing.iter().find(|(record, _)| *record == newest(&self.flash)).map_or(NONE, |(_, lowers)| *lowers);
            for o in 0..2 {
                self.cleared[o] = lowers[o].or(self.cleared[o]);
                self.compared[o] = lowers[o].map_or(self.compared[o], |to| self.compared[o].min(to.into()));
            }
        }
        for o in 0..2 {
            let least = self.floor[o].min(self.before[o]).saturating_sub(refund);
            let least = self.cleared[o].map_or(least, |to| to.min(least));
            assert!(after[o] >= least, "durable failures fell from {:?} to {after:?}", self.floor);
            if refund == 1 || after[o] < self.floor[o] {
                self.compared[o] = self.compared[o].min(u32::from(after[o]));
            }
            if read(&self.flash).2 {
                self.before[o] = self.before[o].min(self.floor[o]); // lost is 255, and not for ever: a torn write may put a damaged record right
            } else {
                self.floor[o] = after[o];
            }
            assert!(u32::from(after[o]) >= self.compared[o].min(255), "{} guesses, {} counted", self.compared[o], after[o]);
        }
        for (p, owner) in self.owners.iter().enumerate() {
            let (wait, passed) = (remaining(&owner.ledger, self.now), self.now.saturating_sub(now));
            for o in 0..2 {
                let fine = self.cleared[o].is_some() || self.loaded[p] || self.excused[o];
                assert!(fine || wait[o].saturating_add(passed) >= waits[p][o], "a wait became shorter by {event:?}");
            }
            assert_eq!(twin::view(&owner.ledger, self.now), twin::their_view(&owner.theirs, self.now), "after {event:?}");
        }
    }

    fn reboot(&mut self, uptime: u64) {
        self.now = uptime;
        self.grant = None; // in RAM, like everything else
        self.owners = [0, 1].map(|_| Owner::load(self.device, &self.flash, uptime));
        self.loaded = [true; 2];
    }

    /// Notes a record that an owner has yielded.
    fn yielded(&mut self, p: usize, lowers: Lowers) {
        let owner = &mut self.owners[p];
        let (slot, record, session) = twin::pending(&mut owner.ledger).expect("just yielded");
        assert_ne!(slot, read(&self.flash).1, "the newest record is to be written over");
        assert!(session.is_none_or(|session| session == owner.session), "SES-20");
        if lowers != NONE {
            self.clearing.push((record, lowers));
        }
        owner.pending = Some(Pending { slot, record, flash: self.flash });
    }

    fn open(&mut self, p: usize, origin: Origin, purpose: AnyPurpose, mail: bool) {
        // the generator is dead, unless the flash is, too
        let entropy = if self.spoiled { [self.shown.len() as u8; 32] } else { [0; 32] };
        let live = self.owners[p].ledger.live(origin, self.time());
        match self.call(p, Call::Open(origin, purpose.into(), mail, &entropy)) {
            Ok(Said::Stores(_)) => self.yielded(p, NONE),
            Ok(Said::Shown { hdr, nonce, .. }) => self.see(p, live, hdr, nonce),
            _ => {}
        }
    }

    /// A challenge is on the screen.
    fn see(&mut self, p: usize, live: Option<Challenge>, hdr: u16, nonce: [u8; 5]) {
        let challenge = hazmat::challenge(self.device.serial, hazmat::read_header(hdr).expect("a header"), nonce);
        if live != Some(challenge) {
            assert!(!self.shown.contains(&nonce), "P8: a challenge came again");
            self.shown.push(nonce);
            self.owners[p].seen[challenge.header().origin() as usize].push(challenge);
        }
    }

    fn text(&self, p: usize, origin: Origin, typed: Typed) -> String {
        let live = ORIGINS.map(|origin| self.owners[p].ledger.live(origin, self.time()));
        let (here, elsewhere) = (live[origin as usize], live[1 - origin as usize]);
        let before = self.owners[p].seen[origin as usize].iter().rev().find(|seen| Some(**seen) != here).copied();
        let seed = here.map_or(0, |live| hazmat::seed(*live.nonce().bytes()));
        let right = |challenge: Option<Challenge>, term: AnyTerm| {
            let none = std::array::from_fn(|i| if i == 0 { term.0.k() } else { i as u8 % 10 });
            challenge.map_or(none, |challenge| hazmat::read_code(hazmat::answer(&KEY, &challenge, term.0).reveal()).expect("a code"))
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
            Typed::Right(term) => right(here, term),
            Typed::Wrong(term, at, by) => fit(changed(right(here, term), at, by)),
            Typed::Slip(term, at, by) => changed(right(here, term), at, by),
            Typed::Before(term) => fit(right(before, term)),
            Typed::Elsewhere(term) => fit(right(elsewhere, term)),
            Typed::Digits(digits) => {
                let mut all = [0; 12];
                all[..11].copy_from_slice(&digits.map(|d| d % 10));
                fit(all)
            }
            Typed::Garbage(bytes) => return String::from_utf8_lossy(&bytes).into_owned(),
        };
        digits.iter().map(|d| char::from(b'0' + d)).collect()
    }

    /// Stores the pending record, if there is one and nobody else has written since, and goes on.
    fn store(&mut self, p: usize, store: Store) {
        let owner = &mut self.owners[p];
        let Some(pending) = owner.pending else {
            assert!(twin::pending(&mut owner.ledger).is_none());
            return;
        };
        if pending.flash != self.flash {
            return; // another owner was there between (SPEC.md §9: one owner); the next operation poisons
        }
        store.write(&mut self.flash[pending.slot], &pending.record);
        match store {
            Store::Cut(_) | Store::CutAfter => self.reboot(0),
            Store::Left | Store::Unwritten => owner.pending = Some(Pending { flash: self.flash, ..pending }),
            Store::Abandoned => {
                twin::abandon(&mut owner.ledger, Some(&mut owner.theirs.ledger));
                owner.pending = None;
            }
            _ => self.go_on(p, pending),
        }
    }

    /// Finishes the pending step, whose caller is gone: nobody is given anything.
    fn finish(&mut self, p: usize, stores: [Store; 2]) {
        let (owner, flash) = (&mut self.owners[p], &mut self.flash);
        let Some(pending) = owner.pending.filter(|pending| pending.flash == *flash) else { return };
        let then = owner.theirs.ledger.pending.as_ref().expect("a pending record").then;
        let nonces = owner.theirs.ledger.live.map(|live| live.map(|live| live.nonce));
        let mut written = Vec::new();
        let same = twin::finish(&KEY, &mut owner.ledger, Some(&mut owner.theirs), |slot, record| {
            let store = stores[written.len()];
            store.write(&mut flash[slot], record);
            written.push((*record, flash[slot] == *record && !store.fails()));
            (!store.fails()).then_some(*flash)
        });
        assert!(same, "a step is finished otherwise by the second implementation");
        assert!(twin::pending(&mut owner.ledger).is_none(), "SES-21: a finished step is not finished");
        owner.pending = None;
        assert_eq!(written.first().map(|(record, _)| *record), Some(pending.record), "SES-21: stored");
        self.excused = [true; 2];
        let Then::Compare { o, .. } = then else { return };
        if let [(_, true), ..] = written[..] {
            self.compares(o);
        }
        if let [_, (record, _)] = written[..] {
            self.matches(nonces[o].expect("submit found one"));
            self.clearing.push((record, success(o)));
        }
    }

    /// A code is compared.
    fn compares(&mut self, o: usize) {
        self.compared[o] += 1;
        self.excused[o] = true;
    }

    /// A code was right.
    fn matches(&mut self, nonce: [u8; 5]) {
        assert!(!self.granted.contains(&nonce), "two Grants for one challenge");
        self.granted.push(nonce);
    }

    /// Reads back, and takes the step behind the record.
    fn go_on(&mut self, p: usize, Pending { slot, record, .. }: Pending) {
        let (stored, counted) = (self.flash[slot] == record, durable(&self.flash));
        let owner = &mut self.owners[p];
        owner.pending = None;
        let then = owner.theirs.ledger.pending.as_ref().expect("a pending record").then;
        let live = owner.theirs.ledger.live;
        let said = self.call(p, Call::Confirm);
        if said == Err(("store-failed", None)) {
            return;
        }
        assert!(stored, "a step was taken, and its record not stored");
        match then {
            Then::Show { .. } => {
                if let Ok(Said::Shown { hdr, nonce, .. }) = said {
                    self.see(p, None, hdr, nonce);
                }
            }
            Then::Compare { o, .. } => {
                assert_eq!(Some(counted), hazmat::unseal(&KEY, &record), "compared, and not counted");
                self.compares(o);
                if said.is_ok() {
                    self.matches(live[o].expect("submit found one").nonce);
                    self.yielded(p, success(o));
                }
            }
            Then::Grant { .. } | Then::Done => self.excused = [true; 2],
        }
    }
}
