//! Yielding a record and confirming that it was stored: the one path that every record takes (SPEC.md §9).

use crate::code::Guess;
use crate::error::StoreError;
use crate::header::Origin;
use crate::keys::DeviceKey;
use crate::record::{Record, SEALED_RECORD, Slot, Slots};
use crate::session::{Attempt, Clearing, Ledger, Live, Lowering, Opening, Resumed};
use crate::term::Term;

/// As bytes, which need no padding: it waits in the ledger.
pub(super) type Session = [u8; 4];

/// What follows when the pending record is known to be stored.
#[derive(Clone, Copy)]
pub(super) enum Then {
    Show(Origin),
    Compare(Origin, Session, Guess),
    /// The challenge that is gone, and the term of its code.
    Grant(Live, Session, Term),
    Done,
}

/// A record that was yielded and is not yet known to be stored.
#[derive(Clone, Copy)]
pub(super) struct Unconfirmed {
    pub(super) sealed: [u8; SEALED_RECORD],
    pub(super) then: Then,
}

impl Ledger {
    /// ```text
    /// def yield_record(K, L, slots, change, then):                           (SPEC.md §9, LED-3, LED-4, LED-5)
    ///     target = 1 - L.slot
    ///     for slot in slots:
    ///         if u32 of slot[2:6] > L.seq and unseal(K, slot): L.poisoned = true; error stale
    ///     new = record(L.seq + 1, L.boots + (1 if L.fresh else 0), L.resets, L.fail), with change applied
    ///     L.pending = (target, sealed(new), new, then)
    /// ```
    pub(super) fn yield_record(
        &mut self,
        key: &DeviceKey,
        slots: &Slots,
        change: impl FnOnce(&mut Record),
        then: Then,
    ) -> Result<(), StoreError> {
        let mut new = Record { seq: self.record.seq.saturating_add(1), boots: self.boots(), ..self.record };
        change(&mut new);
        let newer = |slot: &[u8; SEALED_RECORD]| Record::claimed_seq(slot) > self.record.seq && Record::unseal(key, slot).is_some();
        if slots.iter().any(newer) {
            self.poisoned = true;
            return Err(StoreError::Stale);
        }
        self.pending = Some(Unconfirmed { sealed: new.seal(key), then });
        Ok(())
    }

    /// The count of loads that the next record carries.
    pub(super) fn boots(&self) -> u32 {
        self.record.boots.saturating_add(u32::from(self.fresh))
    }

    /// ```text
    /// def confirm(L, slots):                                                 (SPEC.md §9, LED-6, LED-7)
    ///     if L.poisoned: error poisoned
    ///     if not L.pending: error not-pending
    ///     (target, bytes, new, then) = L.pending; L.pending = none
    ///     if slots[target] != bytes: L.poisoned = true; error store-failed
    ///     L.seq, L.boots, L.resets, L.fail = new; L.slot = target; L.fresh = false
    /// ```
    #[inline] // what follows need not pass through memory
    pub(super) fn confirm(&mut self, slots: &Slots) -> Result<Then, StoreError> {
        let Some(Unconfirmed { sealed, then }) = self.pending.take() else { return Err(self.not_pending()) };
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

    /// Why there is nothing to confirm. A poisoned ledger has no record pending.
    const fn not_pending(&self) -> StoreError {
        if self.poisoned { StoreError::Poisoned } else { StoreError::NotPending }
    }

    /// Takes the record up that waits for its confirmation, for callers that cannot hold a borrow over a flash write (C, an event loop). Every
    /// other call is refused meanwhile. What follows is for the [session](Resumed::session) that submitted, and for nobody else (SES-20).
    ///
    /// ```
    /// # use offline_reset::*;
    /// # fn later(ledger: &mut Ledger, key: &DeviceKey, slots: &Slots) -> Result<(), StoreError> {
    /// // the step's slot and record were copied and the step dropped; the flash says that it has written
    /// if let Resumed::Attempt(attempt) = ledger.resume()? {
    ///     let compared = attempt.compare(key, slots)?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`StoreError::Poisoned`], [`StoreError::NotPending`].
    pub const fn resume(&mut self) -> Result<Resumed<'_>, StoreError> {
        let Some(Unconfirmed { then, .. }) = &self.pending else { return Err(self.not_pending()) };
        Ok(match then {
            Then::Show(_) => Resumed::Opening(Opening::of(self)),
            Then::Compare(..) => Resumed::Attempt(Attempt::of(self)),
            Then::Grant(..) => Resumed::Clearing(Clearing::of(self)),
            Then::Done => Resumed::Lowering(Lowering::of(self)),
        })
    }

    pub(super) const fn pending_record(&self) -> &[u8; SEALED_RECORD] {
        match &self.pending {
            Some(unconfirmed) => &unconfirmed.sealed,
            None => &[0; SEALED_RECORD], // not reached: a step is made for a pending record
        }
    }

    /// The session of the pending step, if it compares or gives a Grant.
    pub(super) const fn pending_session(&self) -> Option<u32> {
        match &self.pending {
            Some(Unconfirmed { then: Then::Compare(_, session, _) | Then::Grant(_, session, _), .. }) => Some(u32::from_be_bytes(*session)),
            _ => None,
        }
    }

    /// Finishes a step whose caller is gone, by whoever holds the lock and finds it: what was submitted is counted and compared. What that
    /// gives goes to nobody, and a Grant is gone at once. Afterwards nothing is pending, and the operation that found it goes on. A load in its
    /// place would lose the challenges of others.
    ///
    /// `store` writes the record to its slot and reads both slots back from the medium; `None` when that failed.
    ///
    /// ```text
    /// def finish(K, L, device):                                              (SPEC.md §10.7, SES-21, DUTY-23)
    ///     while L.pending:
    ///         store L.pending's bytes in its slot, and read both slots back; if that fails: give_up(L); return
    ///         confirm(L, slots)
    /// ```
    pub fn finish(&mut self, key: &DeviceKey, mut store: impl FnMut(Slot, &[u8; SEALED_RECORD]) -> Option<Slots>) {
        while let Ok(step) = self.resume() {
            match store(step.slot(), step.record()) {
                Some(slots) => step.finish(key, &slots),
                None => return step.abandon(),
            }
        }
    }
}
