//! The session: open, submit, store, read back, compare, store, read back, Grant (SPEC.md §10).

mod open;
mod policy;
mod steps;
mod store;
mod submit;

use core::fmt;
use core::time::Duration;

use crate::challenge::Challenge;
use crate::error::StoreError;
use crate::header::{Header, Nonce, Origin};
use crate::ledger::{Loaded, MAX_STATE, NETWORK_STOP, PerOrigin, Record, SEALED_RECORD, Slot, Slots, load};
use crate::prf::DeviceKey;
use crate::time::{Uptime, seconds};
use crate::wipe::scrubbed;

pub use policy::{Device, Methods, Policy};
use store::{Then, Unconfirmed};

pub use open::Request;
pub use steps::{Attempt, Clearing, Compared, GRANT_VALIDITY, Grant, LoggedIn, Login, Opened, Opening, Reset, Resumed, Shown};

/// The least time between two new challenges of one origin (SPEC.md §10.1, SES-3).
pub const OPEN_INTERVAL: Duration = seconds(10);

/// A live challenge, in RAM only (SPEC.md §10.1, SES-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Live {
    header: Header,
    nonce: Nonce,
    shown: Uptime,
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
    /// Not until its failures are cleared: by a reset at the local screen or an administrator's login.
    Stopped,
}

impl Ledger {
    /// The record that the factory stores in slot A when it sets D; slot B stays blank (SPEC.md §9).
    ///
    /// For the factory alone. Firmware in the field never calls it: two blank slots there are a lost ledger, not a new one, and storing this
    /// record would refund every guess.
    #[must_use]
    pub fn genesis(key: &DeviceKey) -> [u8; SEALED_RECORD] {
        scrubbed(|| Record::GENESIS.seal(key))
    }

    /// Takes the ledger from flash: at each start, and after a store has failed. Never fails: a lost ledger means the longest wait.
    ///
    /// ```text
    /// L.fresh = true; L.opens = 0; L.seen = now; L.since = [now, now]        (SPEC.md §9)
    /// L.live = [none, none]; L.minted = [none, none]; L.pending = none; L.poisoned = false
    /// ```
    #[must_use]
    pub fn load(key: &DeviceKey, device: Device, slots: &Slots, now: Uptime) -> (Self, Loaded) {
        let (record, slot, loaded) = scrubbed(|| load(key, slots));
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

    /// Whether the count of failures allows a guess at `now`. Changes nothing, and looks at nothing else: a challenge may not be live, a
    /// method not allowed, the ledger poisoned. A restart, a reload and a backward clock start a wait anew; for a countdown, ask each second.
    ///
    /// ```text
    /// f = L.fail[o]                                                          (SPEC.md §10, SES-9)
    /// if f == 0 or f % 5 != 0: return 0
    /// total = 60 << (min(f // 5, 10) - 1)
    /// return max(0, total - (now - L.since[o]))
    /// ```
    #[must_use]
    pub fn standing(&self, origin: Origin, now: Uptime) -> Standing {
        let failures = *self.record.fail.get(origin);
        if origin == Origin::Network && failures >= NETWORK_STOP {
            return Standing::Stopped;
        }
        if failures == 0 || !failures.is_multiple_of(5) {
            return Standing::Ready;
        }
        let total = 60u64 << ((failures / 5).min(10) - 1);
        match total.saturating_sub(now.since(*self.since.get(origin))) {
            0 => Standing::Ready,
            left => Standing::Waiting { remaining: seconds(left) },
        }
    }

    /// The local screen is closed. The web page cannot close. The next challenge may be made [`OPEN_INTERVAL`] after the last.
    ///
    /// As every call but a confirmation, it poisons the ledger while a record is pending.
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

    /// The address on file has changed, or the owner ends it all: withdraws both origins' challenges (SPEC.md §10.4, SES-17). Without it
    /// an open challenge would be shown again, its QR with the new address.
    ///
    /// As every call but a confirmation, it poisons the ledger while a record is pending.
    pub fn withdraw(&mut self) {
        self.give_up_pending();
        self.live = PerOrigin::both(None);
    }

    /// The live challenge of an origin at `now`, without opening one.
    #[must_use]
    pub fn live(&self, origin: Origin, now: Uptime) -> Option<Challenge> {
        let cap = u64::from(self.device.policy.cap);
        let live = self.live.get(origin).filter(|live| now >= self.seen && now.since(live.shown) < cap && !self.poisoned)?;
        Some(Challenge { serial: self.device.serial, header: live.header, nonce: live.nonce })
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
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ledger").field("record", &self.record).field("slot", &self.slot).finish_non_exhaustive()
    }
}
