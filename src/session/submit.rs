//! Submitting a code, comparing it, and the Grant (SPEC.md §10.2).

use crate::bytes::fill;
use crate::code::{Guess, Subject, TypedCode};
use crate::error::{Rejected, ReservedK, StoreError, SubmitError};
use crate::header::{Origin, PerOrigin, header_and_nonce_bytes};
use crate::keys::{DeviceKey, Domain};
use crate::public::decided;
use crate::record::{Record, Slots};
use crate::session::grant::{Grant, Handle, Reset};
use crate::session::{Attempt, Clearing, Ledger, Live, Standing, Then};
use crate::term::Term;
use crate::time::Uptime;
use crate::wipe::{scrubbed, scrubbed_decision};

impl Ledger {
    /// Takes what was typed. `session` means something to the caller alone; the steps that follow and the Grant give it back (SES-20). Every error says why nothing was counted; otherwise the attempt's record has to be stored and read back,
    /// and only then is the code compared.
    ///
    /// ```text
    /// def submit(K, L, o, session, text, now, slots):                                 (SPEC.md §10.2, SES-5, SES-6, SES-13)
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
    pub fn submit(
        &mut self,
        key: &DeviceKey,
        origin: Origin,
        session: u32,
        text: &str,
        now: Uptime,
        slots: &Slots,
    ) -> Result<Attempt<'_>, SubmitError> {
        let now = self.begin(now)?;
        let code = TypedCode::read(text)?;
        let live = self.live.get(origin).ok_or(SubmitError::NoChallenge)?;
        if !code.fits(live.nonce) {
            return Err(SubmitError::Check);
        }
        let term = Term::from_k(code.k).map_err(|ReservedK| SubmitError::ReservedK)?;
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
        self.yield_record(key, slots, count, Then::Compare(origin, session.to_be_bytes(), code.guess(term)))?;
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
    ///     L.waived[o] = false
    ///     equal = (d1..d10 == code_digits(K, k, live.hdr, live.nonce)[1:11])
    ///     if not equal: error rejected
    ///     L.live[o] = none
    ///     yield_record(K, L, slots, resets + 1, fail = [0, 0] if o == 0 else [fail[0], 0], then = grant)
    /// ```
    ///
    /// # Errors
    /// [`StoreError::StoreFailed`] unless the slot reads as it was to be written: nothing was compared, and the ledger is poisoned.
    /// [`StoreError::Stale`] when another owner has written meanwhile.
    pub fn compare(self, key: &DeviceKey, slots: &Slots) -> Result<Compared<'l>, StoreError> {
        let ledger = self.ledger;
        let Then::Compare(origin, session, guess) = ledger.confirm(slots)? else { return Err(StoreError::Poisoned) };
        *ledger.since.get_mut(origin) = ledger.seen;
        *ledger.waived.get_mut(origin) = false;
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
        ledger.yield_record(key, slots, clear, Then::Grant(live, session, guess.term))?;
        Ok(Compared::Matched(Clearing::of(ledger)))
    }
}

/// The one place where a guess's outcome becomes public: both sides are there in full, one bit leaves (SPEC.md §14).
fn is_right(key: &DeviceKey, guess: Guess, live: Live) -> bool {
    let subject = Subject::new(guess.term, live.header, live.nonce);
    scrubbed_decision(move || decided(guess.is_right(key, subject)))
}

impl Clearing<'_> {
    /// Gives the Grant, now that the reset is counted. It is for the session of the submit alone.
    ///
    /// ```text
    /// grant, after confirm(L, slots):                                                 (SPEC.md §10.2, SES-8)
    ///     handle = F(0x07, u32(L.resets) || u64(L.seen) || live.hdr || live.nonce)[0:16]
    ///     return Grant(o, purpose, method(k), L.resets, at = L.seen, session, handle)
    /// ```
    ///
    /// # Errors
    /// [`StoreError::StoreFailed`] unless the slot reads as it was to be written: no Grant, and the challenge is gone.
    pub fn grant(self, key: &DeviceKey, slots: &Slots) -> Result<Grant, StoreError> {
        let ledger = self.ledger;
        let Then::Grant(Live { header, nonce }, session, term) = ledger.confirm(slots)? else { return Err(StoreError::Poisoned) };
        let (resets, at) = (ledger.record.resets, ledger.seen);
        let (count, uptime) = (resets.to_be_bytes(), at.as_secs().to_be_bytes());
        let mut message = [0; 19];
        fill(&mut message, count.into_iter().chain(uptime).chain(header_and_nonce_bytes(header, nonce)));
        let handle = Handle(scrubbed(|| key.f(Domain::Handle, &message).first()));
        let session = u32::from_be_bytes(session);
        let reset = Reset { origin: header.origin(), purpose: header.purpose(), method: term.method(), resets, session, padding: 0 };
        Ok(Grant { reset, at, handle, _padding: [0; 4] })
    }
}
