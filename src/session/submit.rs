//! Submitting a code, and the administrator's login (SPEC.md §10.2, §10.4).

use crate::code::{Term, TypedCode};
use crate::error::{StoreError, SubmitError};
use crate::header::Origin;
use crate::ledger::{PerOrigin, Record, Slots};
use crate::prf::DeviceKey;
use crate::session::{Attempt, Ledger, LoggedIn, Login, Standing, Then};
use crate::time::Uptime;

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

    /// After a person has logged in as administrator (DUTY-15): clears both origins' failures, once in 24 hours of a load. A login with nothing
    /// to clear starts no 24 hours; within them failures stay, and [`standing`](Self::standing) tells.
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
