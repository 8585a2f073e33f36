//! Submitting a code, comparing it, and the administrator's login (SPEC.md §10.2, §10.4).

use crate::code::{Guess, Subject, TypedCode};
use crate::error::{Rejected, StoreError, SubmitError};
use crate::header::{Origin, PerOrigin};
use crate::keys::DeviceKey;
use crate::public::decided;
use crate::record::{Record, Slots};
use crate::session::grant::{Grant, Reset};
use crate::session::{Attempt, Clearing, Ledger, Live, LoggedIn, Login, Standing, Then};
use crate::term::Term;
use crate::time::Uptime;
use crate::wipe::scrubbed_decision;

/// The least time between two logins that clear, in seconds (SPEC.md §10.4, SES-15).
const CLEARING_INTERVAL: u64 = 86400;

impl Ledger {
    /// Takes what was typed. Every error says why nothing was counted; otherwise the attempt's record has to be stored and read back,
    /// and only then is the code compared.
    ///
    /// ```text
    /// def submit(K, L, o, text, now, slots):                                 (SPEC.md §10.2, SES-5, SES-6, SES-13)
    ///     now = begin(L, now)
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
        let now = self.begin(now)?;
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
        if now.since(*self.minted.get(origin)) >= term.validity().as_secs().min(u64::from(policy.cap)) {
            return Err(SubmitError::Expired);
        }
        match self.standing(origin, now) {
            Standing::Ready => {}
            Standing::Stopped => return Err(SubmitError::Stopped),
            Standing::Waiting { remaining } => return Err(SubmitError::Waiting { remaining }),
        }
        let count = |new: &mut Record| {
            let failures = new.fail.get_mut(origin);
            *failures = failures.saturating_add(1);
        };
        self.yield_record(key, slots, count, Then::Compare(origin, code.guess(term)))?;
        Ok(Attempt::of(self))
    }
}

/// What [`Attempt::compare`] gives.
#[must_use]
#[derive(Debug)]
pub enum Compared<'l> {
    /// Not the right code. The challenge stays live.
    Rejected(Rejected),
    /// The right code; one more record until the [`Grant`].
    Matched(Clearing<'l>),
}

impl<'l> Attempt<'l> {
    /// Compares the code, now that the attempt is counted.
    ///
    /// ```text
    /// compare, after confirm(L, slots), with these slots:                             (SPEC.md §10.2, SES-7, SES-8, SES-11)
    ///     L.since[o] = L.seen
    ///     equal = (d1..d10 == code_digits(K, k, live.hdr, live.nonce)[1:11])
    ///     if not equal: rejected
    ///     L.live[o] = none
    ///     yield_record(K, L, slots, resets + 1, fail = [0, 0] if o == 0 else [fail[0], 0], then = grant)
    /// ```
    ///
    /// # Errors
    /// [`StoreError::StoreFailed`] unless the slot reads as it was to be written: nothing was compared, and the ledger is poisoned.
    /// [`StoreError::Stale`] when another owner has written meanwhile.
    pub fn compare(self, key: &DeviceKey, slots: &Slots) -> Result<Compared<'l>, StoreError> {
        let ledger = self.ledger;
        let Then::Compare(origin, guess) = ledger.confirm(slots)? else { return Err(StoreError::Poisoned) };
        *ledger.since.get_mut(origin) = ledger.seen;
        let live = ledger.live.get(origin).ok_or(StoreError::Poisoned)?;
        if !is_right(key, guess, live) {
            return Ok(Compared::Rejected(Rejected));
        }
        *ledger.live.get_mut(origin) = None;
        let clear = |new: &mut Record| {
            new.resets = new.resets.saturating_add(1);
            match origin {
                Origin::Local => new.fail = PerOrigin::both(0),
                Origin::Network => new.fail.network = 0,
            }
        };
        ledger.yield_record(key, slots, clear, Then::Grant(origin, live.header.purpose(), guess.term.method()))?;
        Ok(Compared::Matched(Clearing::of(ledger)))
    }
}

/// The one place where a guess's outcome becomes public: both sides are there in full, one bit leaves (SPEC.md §14).
fn is_right(key: &DeviceKey, guess: Guess, live: Live) -> bool {
    let subject = Subject::new(guess.term, live.header, live.nonce);
    scrubbed_decision(move || decided(guess.is_right(key, subject)))
}

impl Clearing<'_> {
    /// Gives the Grant, now that the reset is counted.
    ///
    /// ```text
    /// grant, after confirm(L, slots): Grant(o, purpose, method(k), L.resets, at = L.seen)        (SPEC.md §10.2, SES-8)
    /// ```
    ///
    /// # Errors
    /// [`StoreError::StoreFailed`] unless the slot reads as it was to be written: no Grant, and the challenge is gone.
    pub fn grant(self, slots: &Slots) -> Result<Grant, StoreError> {
        match self.ledger.confirm(slots)? {
            Then::Grant(origin, purpose, method) => {
                Ok(Grant { reset: Reset { origin, purpose, method, resets: self.ledger.record.resets }, at: self.ledger.seen })
            }
            _ => Err(StoreError::Poisoned),
        }
    }
}

impl Ledger {
    /// After a person has logged in as administrator (DUTY-15): clears both origins' failures, at most once in 24 hours. A login that finds
    /// nothing to clear does not start that time, and a load ends it. Failures that stay show in [`standing`](Self::standing).
    ///
    /// ```text
    /// now = begin(L, now)                                                    (SPEC.md §10.4, SES-15)
    /// if L.fail == [0, 0]: done, nothing to store
    /// if L.cleared is not none and now - L.cleared < 86400: done, nothing to store
    /// yield_record(K, L, slots, fail = [0, 0], then = login)
    /// login, after confirm(L, slots): L.cleared = L.seen; done
    /// ```
    ///
    /// # Errors
    /// [`StoreError`], but for `StoreFailed`. They do not concern the login, which goes on.
    pub fn admin_login(&mut self, key: &DeviceKey, now: Uptime, slots: &Slots) -> Result<LoggedIn<'_>, StoreError> {
        let now = self.begin(now)?;
        let lately = self.has_cleared && now.since(self.cleared) < CLEARING_INTERVAL;
        if self.record.fail == PerOrigin::both(0) || lately {
            return Ok(LoggedIn::NothingToClear);
        }
        self.yield_record(key, slots, |new| new.fail = PerOrigin::both(0), Then::Login)?;
        Ok(LoggedIn::Store(Login::of(self)))
    }
}
