//! The steps that follow a yielded record, as types that cannot be taken in another order (SPEC.md §10).

use core::time::Duration;

use crate::challenge::{Challenge, ChallengeText};
use crate::code::{Guess, Method, Subject};
use crate::email::Address;
use crate::error::{GrantExpired, MailBitMismatch, Rejected, StoreError};
use crate::header::{Origin, Purpose};
use crate::ledger::{PerOrigin, SEALED_RECORD, Slot, Slots};
use crate::prf::DeviceKey;
use crate::public::decided;
use crate::qr::{self, QrText, Rendering};
use crate::session::{Ledger, Live, Standing, Then};
use crate::time::{Uptime, seconds};
use crate::wipe::{scrubbed_decision, scrubbed_qr};

/// How long a Grant is good (SPEC.md §10.3, SES-14).
pub const GRANT_VALIDITY: Duration = seconds(600);

/// Declares a step: a yielded record, which has to be stored in `slot` and read back.
macro_rules! step {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        ///
        /// Write [`record`](Self::record) to [`slot`](Self::slot), wait until it has reached the medium, read both slots from there, go on. The
        /// types keep the order; that the slots were really read is the caller's duty (DUTY-12). Until it is confirmed or
        /// abandoned, every other call is refused. What the driver reports as failed may be repeated before going on; after
        /// [`StoreError::StoreFailed`] only [`Ledger::load`] helps, and ends the challenge.
        #[must_use = "the record has to be stored, read back and confirmed"]
        #[derive(Debug)]
        pub struct $name<'l> {
            /// Its pending record is of this step.
            ledger: &'l mut Ledger,
        }

        impl<'l> $name<'l> {
            pub(super) const fn of(ledger: &'l mut Ledger) -> Self {
                Self { ledger }
            }

            /// The slot to write: never the one that holds the newest record (SPEC.md §9, LED-3).
            #[must_use]
            pub const fn slot(&self) -> Slot {
                self.ledger.slot.other()
            }

            /// Gives the record up, and poisons the ledger until it is loaded again: for a caller that cannot load it now. Loading takes no
            /// abandoning before.
            pub fn abandon(self) {
                self.ledger.give_up();
            }

            /// What to write there.
            #[must_use]
            pub const fn record(&self) -> &[u8; SEALED_RECORD] {
                match &self.ledger.pending {
                    Some(unconfirmed) => &unconfirmed.sealed,
                    None => &[0; SEALED_RECORD], // not reached: a step is made for a pending record
                }
            }
        }
    };
}

step! {
    /// The first record after a load: then the challenge is shown.
    Opening
}
step! {
    /// A guess, to be counted: then it is compared. There is no way to a Grant past the read-back (SPEC.md §10.2, SES-6).
    ///
    /// ```compile_fail,E0599
    /// # fn firmware(attempt: offline_reset::Attempt<'_>, slots: &offline_reset::Slots) {
    /// attempt.grant(slots);
    /// # }
    /// ```
    Attempt
}
step! {
    /// The right code: its challenge is gone, and the failures are to be cleared. Then there is a [`Grant`], in RAM: a cut after the record
    /// loses it, with the reset counted, and the owner starts again (SPEC.md §9.1).
    Clearing
}
step! {
    /// An administrator's login: the failures are to be cleared.
    Login
}

/// A pending record taken up again, see [`Ledger::pending`].
#[derive(Debug)]
pub enum Resumed<'l> {
    /// From [`Ledger::open`].
    Opening(Opening<'l>),
    /// From [`Ledger::submit`].
    Attempt(Attempt<'l>),
    /// From [`Attempt::compare`].
    Clearing(Clearing<'l>),
    /// From [`Ledger::admin_login`].
    Login(Login<'l>),
}

/// What [`Ledger::admin_login`] gives.
#[must_use = "there may be a record to store"]
#[derive(Debug)]
pub enum LoggedIn<'l> {
    /// No failures are counted; or a login since the load cleared some less than 24 hours ago, and those counted after it stay.
    NothingToClear,
    /// The failures are to be cleared.
    Store(Login<'l>),
}

/// What [`Ledger::open`] gives.
#[must_use]
#[derive(Debug)]
pub enum Opened<'l> {
    /// The challenge.
    Shown(Shown),
    /// The first of this load: a record comes before it.
    Store(Opening<'l>),
}

impl Opening<'_> {
    /// Shows the challenge, now that its record is stored.
    ///
    /// # Errors
    /// [`StoreError::StoreFailed`] unless the slot reads as it was to be written; the ledger is then poisoned.
    pub fn show(self, key: &DeviceKey, slots: &Slots) -> Result<Shown, StoreError> {
        match self.ledger.confirm(slots)? {
            Then::Show(origin) => {
                let live: Live = self.ledger.live.get(origin).ok_or(StoreError::Poisoned)?;
                Ok(self.ledger.shown(key, live))
            }
            _ => Err(StoreError::Poisoned),
        }
    }
}

/// A live challenge as it is shown.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    pub(super) challenge: Challenge,
    pub(super) text: Option<ChallengeText>,
    pub(super) standing: Standing,
    pub(super) since: Uptime,
    pub(super) until: Uptime,
}

impl Shown {
    /// What the challenge says.
    #[must_use]
    pub const fn challenge(&self) -> &Challenge {
        &self.challenge
    }

    /// The typed challenge, the 'serial number' on the screen; `None` at an origin that takes no dynamic password (SES-18).
    #[must_use]
    pub const fn text(&self) -> Option<&ChallengeText> {
        self.text.as_ref()
    }

    /// Whether a code would be taken now: the challenge is shown in any case (SPEC.md §10.1, SES-4).
    #[must_use]
    pub const fn standing(&self) -> Standing {
        self.standing
    }

    /// When this challenge was first shown: validity counts from here.
    #[must_use]
    pub const fn shown_at(&self) -> Uptime {
        self.since
    }

    /// From when on no code for this challenge is good any more, and it is withdrawn.
    #[must_use]
    pub const fn expires_at(&self) -> Uptime {
        self.until
    }

    /// The text of the challenge's QR code, with the address on file sealed inside.
    ///
    /// # Errors
    /// [`MailBitMismatch`] unless there is an address exactly when the challenge was opened with `mail`.
    pub fn qr(&self, key: &DeviceKey, address: Option<Address<'_>>, rendering: Rendering<'_>) -> Result<QrText, MailBitMismatch> {
        scrubbed_qr(|| qr::write(key, &self.challenge, address, rendering))
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
        let clear = |new: &mut crate::ledger::Record| {
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

impl Login<'_> {
    /// The failures are cleared, now that the record is stored.
    ///
    /// # Errors
    /// [`StoreError::StoreFailed`] unless the slot reads as it was to be written; the login itself goes on.
    pub fn cleared(self, slots: &Slots) -> Result<(), StoreError> {
        self.ledger.confirm(slots)?;
        self.ledger.cleared = self.ledger.seen;
        self.ledger.has_cleared = true;
        Ok(())
    }
}

/// The permission to reset, once: it cannot be built, copied or used twice (SPEC.md §10.3, SES-14).
///
/// ```compile_fail,E0382
/// # fn firmware(grant: offline_reset::Grant, now: offline_reset::Uptime) {
/// let first = grant.consume(now);
/// let second = grant.consume(now);
/// # }
/// ```
#[must_use = "a Grant is for setting the new password"]
#[derive(Debug, PartialEq, Eq)]
pub struct Grant {
    reset: Reset,
    at: Uptime,
}

/// What may be reset now: only [`Grant::consume`] gives one. Take it by value where the password is set.
///
/// ```compile_fail,E0382
/// # fn firmware(reset: offline_reset::Reset, set_password: impl Fn(offline_reset::Reset)) {
/// set_password(reset);
/// set_password(reset);
/// # }
/// ```
#[must_use = "the new password is to be set"]
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reset {
    /// Where the code was typed: the Grant belongs to that dialog or connection alone (DUTY-16).
    pub origin: Origin,
    /// What the challenge was for.
    pub purpose: Purpose,
    /// How the code came.
    pub method: Method,
    /// How often this device was reset, this time included.
    pub resets: u32,
}

impl Grant {
    #[cfg(feature = "hazmat")]
    pub(crate) const fn parts(&self) -> (Origin, Purpose, Method, u32) {
        (self.reset.origin, self.reset.purpose, self.reset.method, self.reset.resets)
    }

    /// What this will permit, so that the owner can be asked for the new password or pattern.
    #[must_use]
    pub const fn purpose(&self) -> Purpose {
        self.reset.purpose
    }

    /// Where the code was typed: for that dialog or connection alone (DUTY-16).
    #[must_use]
    pub const fn origin(&self) -> Origin {
        self.reset.origin
    }

    /// Uses the Grant up: call it where the new password is set, and set it only with what this returns.
    ///
    /// # Errors
    /// [`GrantExpired`] from [`GRANT_VALIDITY`] on, and when uptime has gone backwards.
    pub fn consume(self, now: Uptime) -> Result<Reset, GrantExpired> {
        if now < self.at || now.since(self.at) >= GRANT_VALIDITY.as_secs() { Err(GrantExpired) } else { Ok(self.reset) }
    }
}
