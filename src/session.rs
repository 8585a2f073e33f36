//! The session: open, submit, store, read back, compare, store, read back, Grant (SPEC.md §10).

mod policy;
mod steps;

use core::fmt;
use core::time::Duration;

use crate::challenge::{Challenge, Nonce};
use crate::code::{Method, Term, TypedCode};
use crate::error::{OpenError, StoreError, SubmitError};
use crate::header::{Header, Origin, Purpose};
use crate::ledger::{Loaded, MAX_STATE, NETWORK_STOP, PerOrigin, Record, SEALED_RECORD, Slot, Slots, load};
use crate::prf::{DeviceKey, Domain};
use crate::time::{Uptime, seconds};

pub use policy::{Device, Methods, Policy};
pub use steps::{Attempt, Clearing, Compared, GRANT_VALIDITY, Grant, Login, Opened, Opening, Reset, Resumed, Shown};

/// The least time between two new challenges of one origin (SPEC.md §10.1, SES-3).
pub const OPEN_INTERVAL: Duration = seconds(10);

/// A live challenge, in RAM only (SPEC.md §10.1, SES-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Live {
    header: Header,
    nonce: Nonce,
    shown: Uptime,
}

/// What follows when the pending record is known to be stored.
#[derive(Clone, Copy)]
enum Then {
    Show(Origin),
    Compare(Origin, TypedCode),
    Grant(Purpose, Method),
    Nothing,
}

/// A record that was yielded and is not yet known to be stored.
#[derive(Clone, Copy)]
struct Unconfirmed {
    sealed: [u8; SEALED_RECORD],
    then: Then,
}

/// A device's ledger and the live challenges of both origins: the only state, in RAM, of the device side.
///
/// One device has one, owned by one process and borrowed by every call; screen and web page share it. Together with the
/// [`DeviceKey`] it takes at most [`MAX_STATE`] bytes.
pub struct Ledger {
    device: Device,
    /// As it stands in `slot`.
    record: Record,
    slot: Slot,
    /// No record was stored since the load.
    fresh: bool,
    poisoned: bool,
    opens: u32,
    seen: Uptime,
    since: PerOrigin<Uptime>,
    live: PerOrigin<Option<Live>>,
    /// When an origin may make its next challenge; zero before its first.
    next_open: PerOrigin<Uptime>,
    pending: Option<Unconfirmed>,
}

const _: () = assert!(size_of::<Ledger>() + size_of::<DeviceKey>() <= MAX_STATE);

/// What closing the local screen does to its challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// It ends, and the next one differs: the serial number changes, as people know it.
    Withdraw,
    /// It stays, and opening again shows the same one until the cap: an answer may come on Monday.
    Keep,
}

/// Whether an origin takes codes now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Open,
    /// It will, after `remaining`.
    Waiting {
        /// Whole seconds.
        remaining: Duration,
    },
    /// Not until its failures are cleared: by a reset at the local screen or an administrator's login.
    Stopped,
}

impl Ledger {
    /// The record that the factory stores in slot A when it sets D; slot B stays blank (SPEC.md §9).
    #[must_use]
    pub fn genesis(key: &DeviceKey) -> [u8; SEALED_RECORD] {
        Record::GENESIS.seal(key)
    }

    /// Takes the ledger from flash: at each start, and after a store has failed. Never fails: a lost ledger means the longest wait.
    ///
    /// ```text
    /// L.fresh = true; L.opens = 0; L.seen = now; L.since = [now, now]        (SPEC.md §9)
    /// L.live = [none, none]; L.minted = [none, none]; L.pending = none; L.poisoned = false
    /// ```
    #[must_use]
    pub fn load(key: &DeviceKey, device: Device, slots: &Slots, now: Uptime) -> (Self, Loaded) {
        let (record, slot, loaded) = load(key, slots);
        let ledger = Self {
            device,
            record,
            slot,
            fresh: true,
            poisoned: false,
            opens: 0,
            seen: now,
            since: PerOrigin::both(now),
            live: PerOrigin::both(None),
            next_open: PerOrigin::both(Uptime::from_secs(0)),
            pending: None,
        };
        (ledger, loaded)
    }

    /// ```text
    /// def begin(L, now):                                                     (SPEC.md §10, LED-7, SES-12)
    ///     if L.pending: L.poisoned = true; L.pending = none
    ///     if L.poisoned: error poisoned
    ///     if now < L.seen:
    ///         L.live = [none, none]; L.since = [now, now]
    ///         for o in 0, 1: if L.minted[o] is not none: L.minted[o] = now
    ///     L.seen = now
    ///     for o in 0, 1:
    ///         if L.live[o] and now - L.live[o].shown >= cap: L.live[o] = none
    /// ```
    fn begin(&mut self, now: Uptime) -> Result<(), StoreError> {
        self.give_up_pending();
        if self.poisoned {
            return Err(StoreError::Poisoned);
        }
        if now < self.seen {
            self.live = PerOrigin::both(None);
            self.since = PerOrigin::both(now);
            for origin in [Origin::Local, Origin::Network] {
                let next_open = self.next_open.get_mut(origin);
                if *next_open > Uptime::from_secs(0) {
                    *next_open = now.plus(OPEN_INTERVAL.as_secs());
                }
            }
        }
        self.seen = now;
        let cap = u64::from(self.device.policy.cap);
        for origin in [Origin::Local, Origin::Network] {
            let live = self.live.get_mut(origin);
            *live = live.filter(|live| now.since(live.shown) < cap);
        }
        Ok(())
    }

    fn give_up_pending(&mut self) {
        if self.pending.take().is_some() {
            self.poisoned = true;
        }
    }

    /// ```text
    /// f = L.fail[o]                                                          (SPEC.md §10, SES-9)
    /// if f == 0 or f % 5 != 0: return 0
    /// total = 60 << (min(f // 5, 10) - 1)
    /// return max(0, total - (now - L.since[o]))
    /// ```
    fn standing_at(&self, origin: Origin, now: Uptime) -> Standing {
        let failures = *self.record.fail.get(origin);
        if origin == Origin::Network && failures >= NETWORK_STOP {
            return Standing::Stopped;
        }
        if failures == 0 || !failures.is_multiple_of(5) {
            return Standing::Open;
        }
        let total = 60u64 << ((failures / 5).min(10) - 1);
        match total.saturating_sub(now.since(*self.since.get(origin))) {
            0 => Standing::Open,
            left => Standing::Waiting { remaining: seconds(left) },
        }
    }

    /// ```text
    /// def yield_record(K, L, slots, change, then):                           (SPEC.md §9, LED-3, LED-4, LED-5)
    ///     target = 1 - L.slot
    ///     r = unseal(K, slots[target])
    ///     if r and r.seq > L.seq: error stale
    ///     new = record(L.seq + 1, L.boots + (1 if L.fresh else 0), L.resets, L.fail), with change applied
    ///     L.pending = (target, sealed(new), new, then)
    /// ```
    fn yield_record(&mut self, key: &DeviceKey, slots: &Slots, change: impl FnOnce(&mut Record), then: Then) -> Result<(), StoreError> {
        if Record::unseal(key, self.slot.other().of(slots)).is_some_and(|r| r.seq > self.record.seq) {
            return Err(StoreError::Stale);
        }
        let mut new = Record { seq: self.record.seq.saturating_add(1), boots: self.boots(), ..self.record };
        change(&mut new);
        self.pending = Some(Unconfirmed { sealed: new.seal(key), then });
        Ok(())
    }

    /// The count of loads that the next record carries.
    fn boots(&self) -> u32 {
        self.record.boots.saturating_add(u32::from(self.fresh))
    }

    /// ```text
    /// def confirm(L, slots):                                                 (SPEC.md §9, LED-6)
    ///     (target, bytes, new, then) = L.pending, or error poisoned if there is none; L.pending = none
    ///     if slots[target] != bytes: L.poisoned = true; error store-failed
    ///     L.seq, L.boots, L.resets, L.fail = new; L.slot = target; L.fresh = false
    /// ```
    fn confirm(&mut self, slots: &Slots) -> Result<Then, StoreError> {
        let Some(Unconfirmed { sealed, then }) = self.pending.take() else { return Err(StoreError::Poisoned) };
        let target = self.slot.other();
        if *target.of(slots) != sealed {
            self.poisoned = true;
            return Err(StoreError::StoreFailed);
        }
        self.record = Record::parse(&sealed);
        self.slot = target;
        self.fresh = false;
        Ok(then)
    }

    /// Shows a challenge at an origin. The first after a load yields a record, which has to be stored and read back before the
    /// challenge is shown; later ones do not. Opening again with the same purpose and mail bit shows the same challenge.
    ///
    /// `mail` says whether an address is on file. `entropy` is 32 bytes from the device's generator; if that is dead, whatever it gives.
    ///
    /// ```text
    /// def open(K, L, o, purpose, mail, entropy, now, slots):                 (SPEC.md §10.1, SES-1, SES-2, SES-3)
    ///     begin(L, now)
    ///     hdr = header(purpose, epoch, o, mail)
    ///     if L.live[o]:
    ///         if L.live[o].hdr == hdr: return shown(L.live[o])
    ///         if o == 1: error busy
    ///     if L.minted[o] is not none and now - L.minted[o] < 10: error too-soon(10 - (now - L.minted[o]))
    ///     boots = L.boots + (1 if L.fresh else 0)
    ///     nonce = first 40 bits of F(0x01, u32(boots) || u32(L.opens) || u64(now) || entropy)
    ///     if not L.fresh: show()
    ///     else: yield_record(K, L, slots, no change, then = show)
    ///     show(): L.opens += 1; L.live[o] = (hdr, nonce, shown = now); L.minted[o] = now; return shown(L.live[o])
    /// ```
    ///
    /// # Errors
    /// [`OpenError::TooSoon`] within [`OPEN_INTERVAL`] of the last new challenge, [`OpenError::Busy`] when the network's live challenge
    /// has another header, and [`StoreError::Stale`] or [`StoreError::Poisoned`].
    #[expect(clippy::too_many_arguments, reason = "time, randomness and storage are arguments; the rest says what to open")]
    pub fn open(
        &mut self,
        key: &DeviceKey,
        origin: Origin,
        purpose: Purpose,
        mail: bool,
        entropy: &[u8; 32],
        now: Uptime,
        slots: &Slots,
    ) -> Result<Opened<'_>, OpenError> {
        self.begin(now)?;
        let header = Header::new(purpose, self.device.epoch, origin, mail);
        if let Some(live) = *self.live.get(origin) {
            if live.header == header {
                return Ok(Opened::Shown(self.shown(key, live)));
            }
            if origin == Origin::Network {
                return Err(OpenError::Busy);
            }
        }
        let left = self.next_open.get(origin).since(now);
        if left > 0 {
            return Err(OpenError::TooSoon { remaining: seconds(left) });
        }
        let (boots, opens, uptime) = (self.boots().to_be_bytes(), self.opens.to_be_bytes(), now.as_secs().to_be_bytes());
        let nonce = Nonce(key.f(Domain::Nonce, &[&boots, &opens, &uptime, entropy]).first());
        let live = Live { header, nonce, shown: now };
        if self.fresh {
            self.yield_record(key, slots, |_| {}, Then::Show(origin))?;
            // in place already; until the record is confirmed every operation refuses
            self.show(origin, live);
            Ok(Opened::Store(Opening::of(self)))
        } else {
            self.show(origin, live);
            Ok(Opened::Shown(self.shown(key, live)))
        }
    }

    fn show(&mut self, origin: Origin, live: Live) {
        self.opens = self.opens.saturating_add(1);
        *self.live.get_mut(origin) = Some(live);
        *self.next_open.get_mut(origin) = live.shown.plus(OPEN_INTERVAL.as_secs());
    }

    fn shown(&self, key: &DeviceKey, live: Live) -> Shown {
        let challenge = Challenge { serial: self.device.serial, header: live.header, nonce: live.nonce };
        let origin = live.header.origin();
        let typed = self.device.policy.methods.get(origin).allow(Method::DynamicPassword);
        let text = typed.then(|| challenge.write(challenge.tag(key)));
        Shown { challenge, text, standing: self.standing_at(origin, self.seen), since: live.shown }
    }

    /// Takes what was typed. Every error says why nothing was counted; otherwise the attempt's record has to be stored and read back,
    /// and only then is the code compared.
    ///
    /// ```text
    /// def submit(K, L, o, text, now, slots):                                 (SPEC.md §10.2, SES-5, SES-6, SES-13)
    ///     begin(L, now)
    ///     code = read_code(text)
    ///     live = L.live[o]
    ///     if not live: error no-challenge
    ///     if damm(seed(live.nonce), the twelve digits) != 0: error check
    ///     if k == 0: error reserved-k
    ///     if method(k) is not allowed at o: error method
    ///     if now - live.shown >= min(limit(k), cap): error expired
    ///     if stopped(L, o): error stopped
    ///     if wait(L, o, now) > 0: error waiting(wait(L, o, now))
    ///     yield_record(K, L, slots, fail[o] + 1, then = compare)
    /// ```
    ///
    /// # Errors
    /// [`SubmitError`], in that order.
    pub fn submit(&mut self, key: &DeviceKey, origin: Origin, text: &str, now: Uptime, slots: &Slots) -> Result<Attempt<'_>, SubmitError> {
        self.begin(now)?;
        let code = TypedCode::read(text)?;
        let live = self.live.get(origin).ok_or(SubmitError::NoChallenge)?;
        if !code.fits(live.nonce) {
            return Err(SubmitError::Check);
        }
        let term = Term::from_k(code.k).ok_or(SubmitError::ReservedK)?;
        let policy = &self.device.policy;
        if !policy.methods.get(origin).allow(term.method()) {
            return Err(SubmitError::Method);
        }
        if now.since(live.shown) >= term.validity().as_secs().min(u64::from(policy.cap)) {
            return Err(SubmitError::Expired);
        }
        match self.standing_at(origin, now) {
            Standing::Open => {}
            Standing::Stopped => return Err(SubmitError::Stopped),
            Standing::Waiting { remaining } => return Err(SubmitError::Waiting { remaining }),
        }
        let count = |new: &mut Record| {
            let failures = new.fail.get_mut(origin);
            *failures = failures.saturating_add(1);
        };
        self.yield_record(key, slots, count, Then::Compare(origin, code))?;
        Ok(Attempt::of(self))
    }

    /// After an administrator's normal login: clears both origins' failures. `None` when there is nothing to clear.
    ///
    /// ```text
    /// begin(L, now)                                                          (SPEC.md §10.4, SES-15)
    /// if L.fail == [0, 0]: done, nothing to store
    /// yield_record(K, L, slots, fail = [0, 0], then = done)
    /// ```
    ///
    /// # Errors
    /// [`StoreError::Stale`] or [`StoreError::Poisoned`]. They do not concern the login, which goes on.
    pub fn admin_login(&mut self, key: &DeviceKey, now: Uptime, slots: &Slots) -> Result<Option<Login<'_>>, StoreError> {
        self.begin(now)?;
        if self.record.fail == PerOrigin::both(0) {
            return Ok(None);
        }
        self.yield_record(key, slots, |new| new.fail = PerOrigin::both(0), Then::Nothing)?;
        Ok(Some(Login::of(self)))
    }

    /// The local screen is closed. The web page cannot close.
    ///
    /// ```text
    /// if L.pending: L.poisoned = true; L.pending = none                      (SPEC.md §10.4, SES-16)
    /// if not keep: L.live[0] = none
    /// ```
    pub fn close(&mut self, closing: Closing) {
        self.give_up_pending();
        if closing == Closing::Withdraw {
            self.live.local = None;
        }
    }

    /// The address on file has changed, or the owner ends it all: withdraws both origins' challenges (SPEC.md §10.4, SES-17).
    pub fn withdraw(&mut self) {
        self.give_up_pending();
        self.live = PerOrigin::both(None);
    }

    /// Whether an origin takes codes at `now`. Changes nothing.
    #[must_use]
    pub fn standing(&self, origin: Origin, now: Uptime) -> Standing {
        self.standing_at(origin, now)
    }

    /// How often this device was reset: shown to the owner at the next login (SPEC.md §10.3).
    #[must_use]
    pub const fn resets(&self) -> u32 {
        self.record.resets
    }

    /// Failures counted at an origin since they were last cleared.
    #[must_use]
    pub const fn failures(&self, origin: Origin) -> u8 {
        *self.record.fail.get(origin)
    }

    /// Whether the ledger refuses until it is loaded again (SPEC.md §9, LED-6, LED-7).
    #[must_use]
    pub const fn is_poisoned(&self) -> bool {
        self.poisoned
    }

    #[cfg(feature = "hazmat")]
    pub(crate) const fn state(&self) -> (&Record, Slot) {
        (&self.record, self.slot)
    }

    /// What the firmware said of its device.
    #[must_use]
    pub const fn device(&self) -> &Device {
        &self.device
    }

    /// The record that waits for its confirmation, for callers that cannot hold a borrow over a flash write (C, an event loop).
    /// Any other call poisons the ledger.
    pub const fn pending(&mut self) -> Option<Resumed<'_>> {
        let Some(Unconfirmed { then, .. }) = &self.pending else { return None };
        Some(match then {
            Then::Show(_) => Resumed::Opening(Opening::of(self)),
            Then::Compare(..) => Resumed::Attempt(Attempt::of(self)),
            Then::Grant(..) => Resumed::Clearing(Clearing::of(self)),
            Then::Nothing => Resumed::Login(Login::of(self)),
        })
    }
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ledger").field("record", &self.record).field("slot", &self.slot).finish_non_exhaustive()
    }
}
