//! The session: open, submit, store, read back, compare, store, read back, Grant (SPEC.md §10).

mod admin;
mod grant;
mod open;
mod policy;
mod steps;
mod store;
mod submit;

use core::fmt;
use core::time::Duration;

use crate::challenge::Challenge;
use crate::error::StoreError;
use crate::header::{Header, Nonce, Origin, PerOrigin};
use crate::keys::DeviceKey;
#[cfg(feature = "factory")]
use crate::record::SEALED_RECORD;
use crate::record::{Loaded, Record, Slot, Slots, load};
use crate::time::{Uptime, seconds};

pub use policy::{Device, Methods, Policy};
use store::{Then, Unconfirmed};

pub use grant::{GRANT_VALIDITY, Grant, HANDLE, Reset};
pub use open::Request;
pub use steps::{Attempt, Clearing, Lowered, Lowering, Opened, Opening, Resumed, Shown};
pub use submit::Compared;

/// The least time between two new challenges of one origin (SPEC.md §10.1, SES-3).
pub const OPEN_INTERVAL: Duration = seconds(10);

/// All state in RAM, the device key included, in bytes.
pub const MAX_STATE: usize = 256;

/// The failures at which the network origin stops (SPEC.md §10.2, SES-10).
pub const NETWORK_STOP: u8 = 100;

/// A live challenge, in RAM only (SPEC.md §10.1, SES-4). It was first shown when its origin's last one was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Live {
    header: Header,
    nonce: Nonce,
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
    /// When an origin made its last challenge, if `has_minted` says that it did. The flags stand apart from the times: an `Option<Uptime>` has
    /// seven bytes of padding, which would keep what a register held.
    minted: PerOrigin<Uptime>,
    has_minted: PerOrigin<bool>,
    /// The next comparison does not wait.
    waived: PerOrigin<bool>,
    pending: Option<Unconfirmed>,
}

const _: () = assert!(size_of::<Ledger>() + size_of::<DeviceKey>() <= MAX_STATE);

/// A step back of the clock of up to so many seconds is two readings in the wrong order (SPEC.md §10, SES-12).
const OUT_OF_ORDER: u64 = 10;

/// What closing the local screen does to its challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// It ends, and the next one differs: the serial number changes, as people know it.
    Withdraw,
    /// It stays, and opening again shows the same one until its life ends: an answer may come on Monday.
    Keep,
}

/// Whether the count of failures allows a guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Ready,
    /// It will, after `remaining`.
    Waiting {
        /// Whole seconds.
        remaining: Duration,
    },
    /// Not until its failures are fewer: by a reset at the local screen or [`Ledger::allow_again`].
    Stopped,
}

impl Ledger {
    /// The record that the factory stores in slot A when it sets D; slot B stays blank (SPEC.md §9).
    ///
    /// For the factory alone (DUTY-11), and so behind the feature `factory`: two blank slots in the field are a lost ledger, not a new one,
    /// and storing this record there would refund every guess.
    #[cfg(feature = "factory")]
    #[must_use]
    pub fn genesis(key: &DeviceKey) -> [u8; SEALED_RECORD] {
        Record::GENESIS.seal(key)
    }

    /// Takes the ledger from flash: at each start, and after a store has failed. Never fails: a lost ledger means the longest wait.
    ///
    /// ```text
    /// L.fresh = true                                                         (SPEC.md §9)
    /// L.opens = 0; L.seen = now; L.since = [now, now]; L.waived = [false, false]
    /// L.live = [none, none]; L.minted = [none, none]; L.pending = none; L.poisoned = false
    /// ```
    ///
    /// A device has one ledger: not one for each worker or request (DUTY-13). `now` is the device's uptime, also when only the service has
    /// started anew, and `slots` are read at this moment (DUTY-14).
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
            minted: PerOrigin::both(now),
            has_minted: PerOrigin::both(false),
            waived: PerOrigin::both(false),
            pending: None,
        };
        (ledger, loaded)
    }

    /// ```text
    /// def begin(L, now):                                                     (SPEC.md §10, LED-7, SES-4, SES-12)
    ///     if L.pending: error pending
    ///     if L.poisoned: error poisoned
    ///     if now < L.seen and L.seen - now <= 10: now = L.seen
    ///     if now < L.seen:
    ///         L.live = [none, none]; L.since = [now, now]
    ///         for o in 0, 1: if L.minted[o] is not none: L.minted[o] = now
    ///     L.seen = now
    ///     for o in 0, 1:
    ///         if L.live[o] and now - L.live[o].shown >= life(o): L.live[o] = none
    ///     return now
    /// ```
    fn begin(&mut self, now: Uptime) -> Result<Uptime, StoreError> {
        self.usable()?;
        let now = if self.seen.since(now) <= OUT_OF_ORDER { now.max(self.seen) } else { now };
        if now < self.seen {
            self.live = PerOrigin::both(None);
            self.since = PerOrigin::both(now);
            self.minted = PerOrigin::both(now);
        }
        self.seen = now;
        for origin in [Origin::Local, Origin::Network] {
            if !self.is_alive(origin, now) {
                *self.live.get_mut(origin) = None;
            }
        }
        Ok(now)
    }

    const fn usable(&self) -> Result<(), StoreError> {
        if self.pending.is_some() {
            Err(StoreError::Pending)
        } else if self.poisoned {
            Err(StoreError::Poisoned)
        } else {
            Ok(())
        }
    }

    fn is_alive(&self, origin: Origin, now: Uptime) -> bool {
        now.since(*self.minted.get(origin)) < self.device.policy.life(origin)
    }

    fn give_up(&mut self) {
        if self.pending.take().is_some() {
            self.poisoned = true;
        }
    }

    /// Whether the count of failures allows a guess at `now`. Changes nothing, and looks at nothing else: a challenge may not be live, a
    /// method not allowed, the ledger poisoned. A restart, a reload and a backward clock start a wait anew; for a countdown, ask each second.
    ///
    /// Five failures of an origin bring a wait of a minute, each further five twice the last, up to 256 minutes; at 255 failures every guess
    /// does. The network stops at 100. When `Ready`, `5 - failures % 5` guesses are left before the next wait, at 255 failures one; a wait that
    /// an administrator has waived comes one guess later.
    ///
    /// ```text
    /// if L.waived[o]: return 0                                               (SPEC.md §10, SES-9, SES-10)
    /// f = L.fail[o]
    /// if f == 0 or f % 5 != 0: return 0
    /// total = 60 << (min(f // 5, 9) - 1)
    /// return max(0, total - (now - L.since[o]))
    /// ```
    #[must_use]
    pub fn standing(&self, origin: Origin, now: Uptime) -> Standing {
        let failures = *self.record.fail.get(origin);
        if origin == Origin::Network && failures >= NETWORK_STOP {
            return Standing::Stopped;
        }
        if *self.waived.get(origin) || failures == 0 || !failures.is_multiple_of(5) {
            return Standing::Ready;
        }
        let total = 60u64 << ((failures / 5).min(9) - 1);
        match total.saturating_sub(now.since(*self.since.get(origin))) {
            0 => Standing::Ready,
            left => Standing::Waiting { remaining: seconds(left) },
        }
    }

    /// The local screen is closed. The web page cannot close. The next challenge may be made [`OPEN_INTERVAL`] after the last.
    ///
    /// ```text
    /// if L.pending: error pending                                            (SPEC.md §10.4, SES-16)
    /// if L.poisoned: error poisoned
    /// if not keep: L.live[0] = none
    /// ```
    ///
    /// # Errors
    /// [`StoreError::Pending`] and [`StoreError::Poisoned`].
    pub fn close(&mut self, closing: Closing) -> Result<(), StoreError> {
        self.usable()?;
        if closing == Closing::Withdraw {
            self.live.local = None;
        }
        Ok(())
    }

    /// The address on file is about to change, or the owner ends it all: withdraws both origins' challenges. Unless this succeeds, the address
    /// stays as it was. It changes only after an administrator's login (DUTY-19).
    ///
    /// ```text
    /// if L.pending: error pending                                            (SPEC.md §10.4, SES-17)
    /// if L.poisoned: error poisoned
    /// L.live = [none, none]
    /// ```
    ///
    /// # Errors
    /// [`StoreError::Pending`] and [`StoreError::Poisoned`].
    pub fn withdraw(&mut self) -> Result<(), StoreError> {
        self.usable()?;
        self.live = PerOrigin::both(None);
        Ok(())
    }

    /// The live challenge of an origin at `now`, without opening one.
    #[must_use]
    pub fn live(&self, origin: Origin, now: Uptime) -> Option<Challenge> {
        let in_order = self.seen.since(now) <= OUT_OF_ORDER;
        let live = self.live.get(origin).filter(|_| self.usable().is_ok() && in_order && self.is_alive(origin, now))?;
        Some(Challenge { serial: self.device.serial, header: live.header, nonce: live.nonce })
    }

    /// How often this device was reset: shown to the owner at the next login (SPEC.md §10.3).
    #[must_use]
    pub const fn resets(&self) -> u32 {
        self.record.resets
    }

    /// Failures counted at an origin.
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
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ledger").field("record", &self.record).field("slot", &self.slot).finish_non_exhaustive()
    }
}
