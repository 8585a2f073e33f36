//! Yielding a record and confirming that it was stored: the one path that every record takes (SPEC.md §9).

use crate::code::Guess;
use crate::error::StoreError;
use crate::header::{Origin, Purpose};
use crate::keys::DeviceKey;
use crate::record::{Record, SEALED_RECORD, Slots};
use crate::session::{Attempt, Clearing, Ledger, Login, Opening, Resumed};
use crate::term::Method;

/// What follows when the pending record is known to be stored.
#[derive(Clone, Copy)]
pub(super) enum Then {
    Show(Origin),
    Compare(Origin, Guess),
    Grant(Origin, Purpose, Method),
    Login,
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
    /// def confirm(L, slots):                                                 (SPEC.md §9, LED-6)
    ///     (target, bytes, new, then) = L.pending, or error poisoned if there is none; L.pending = none
    ///     if slots[target] != bytes: L.poisoned = true; error store-failed
    ///     L.seq, L.boots, L.resets, L.fail = new; L.slot = target; L.fresh = false
    /// ```
    #[inline] // what follows need not pass through memory
    pub(super) fn confirm(&mut self, slots: &Slots) -> Result<Then, StoreError> {
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

    /// The record that waits for its confirmation, for callers that cannot hold a borrow over a flash write (C, an event loop).
    /// Every other call is refused meanwhile.
    ///
    /// ```
    /// # use offline_reset::*;
    /// # fn later(ledger: &mut Ledger, key: &DeviceKey, slots: &Slots) -> Result<(), StoreError> {
    /// // the step's slot and record were copied and the step dropped; the flash says that it has written
    /// if let Some(Resumed::Attempt(attempt)) = ledger.pending() {
    ///     let compared = attempt.compare(key, slots)?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub const fn pending(&mut self) -> Option<Resumed<'_>> {
        let Some(Unconfirmed { then, .. }) = &self.pending else { return None };
        Some(match then {
            Then::Show(_) => Resumed::Opening(Opening::of(self)),
            Then::Compare(..) => Resumed::Attempt(Attempt::of(self)),
            Then::Grant(..) => Resumed::Clearing(Clearing::of(self)),
            Then::Login => Resumed::Login(Login::of(self)),
        })
    }
}
