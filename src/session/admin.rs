//! What an administrator may do: log in, and allow the network again (SPEC.md §10.4, §10.6).

use crate::error::StoreError;
use crate::header::PerOrigin;
use crate::keys::DeviceKey;
use crate::record::Slots;
use crate::session::{Ledger, Lowered, Lowering, Then};
use crate::time::Uptime;

/// A login clears the screen's failures when no code was compared there for so many seconds (SPEC.md §10.4, SES-15).
const QUIET: u64 = 86400;

/// What [`Ledger::allow_again`] leaves of the network's failures: 20 guesses (SPEC.md §10.6, SES-19).
const ALLOWED_AGAIN: u8 = 80;

impl Ledger {
    /// After a person has logged in as administrator (DUTY-15): the next comparison at the local screen does not wait. The screen's failures
    /// are cleared too when no code was compared there for a day. The network's stay: for those there is [`allow_again`](Self::allow_again).
    ///
    /// It comes by a way that the web page's process cannot use (DUTY-21).
    ///
    /// ```text
    /// def admin_login(K, L, now, slots):                                     (SPEC.md §10.4, SES-15)
    ///     now = begin(L, now)
    ///     L.waived[0] = true
    ///     if L.fail[0] == 0: done, nothing to store
    ///     if now - L.since[0] < 86400: done, nothing to store
    ///     yield_record(K, L, slots, fail = [0, fail[1]], then = done)
    /// ```
    ///
    /// # Errors
    /// [`StoreError`], but for `StoreFailed` and `NotPending`. They do not concern the login, which goes on.
    pub fn admin_login(&mut self, key: &DeviceKey, now: Uptime, slots: &Slots) -> Result<Lowered<'_>, StoreError> {
        let now = self.begin(now)?;
        self.waived.local = true;
        if self.record.fail.local == 0 || now.since(self.since.local) < QUIET {
            return Ok(Lowered::Done);
        }
        self.lower(key, slots, PerOrigin { local: 0, ..self.record.fail })
    }

    /// An administrator allows the network again, with the password typed anew, on a page of its own: no login calls this, and no rule that
    /// runs by itself (DUTY-20). At least 20 guesses are left there, and the next comparison does not wait.
    ///
    /// It comes by a way that the web page's process cannot use (DUTY-21).
    ///
    /// ```text
    /// def allow_again(K, L, now, slots):                                     (SPEC.md §10.6, SES-19)
    ///     now = begin(L, now)
    ///     L.waived[1] = true
    ///     if L.fail[1] <= 80: done, nothing to store
    ///     yield_record(K, L, slots, fail = [fail[0], 80], then = done)
    /// ```
    ///
    /// # Errors
    /// [`StoreError`], but for `StoreFailed` and `NotPending`.
    pub fn allow_again(&mut self, key: &DeviceKey, now: Uptime, slots: &Slots) -> Result<Lowered<'_>, StoreError> {
        self.begin(now)?;
        self.waived.network = true;
        if self.record.fail.network <= ALLOWED_AGAIN {
            return Ok(Lowered::Done);
        }
        self.lower(key, slots, PerOrigin { network: ALLOWED_AGAIN, ..self.record.fail })
    }

    fn lower(&mut self, key: &DeviceKey, slots: &Slots, fail: PerOrigin<u8>) -> Result<Lowered<'_>, StoreError> {
        self.yield_record(key, slots, |new| new.fail = fail, Then::Done)?;
        Ok(Lowered::Store(Lowering::of(self)))
    }
}
