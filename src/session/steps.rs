//! The steps that follow a yielded record, as types that cannot be taken in another order (SPEC.md §10).

use crate::address::Address;
use crate::challenge::{Challenge, ChallengeText};
use crate::error::{MailBitMismatch, StoreError};
use crate::keys::DeviceKey;
use crate::qr::{self, QrText, Rendering};
use crate::record::{SEALED_RECORD, Slot, Slots};
use crate::session::{Ledger, Live, Standing, Then};
use crate::time::Uptime;
use crate::wipe::scrubbed_qr;

/// Declares a step: a yielded record, which has to be stored in `slot` and read back.
macro_rules! step {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        ///
        /// Write [`record`](Self::record) to [`slot`](Self::slot), wait until it has reached the medium, read both slots from there, go on. The
        /// types keep the order; that the slots were really read is the caller's duty (DUTY-12). Until it is confirmed or
        /// abandoned, every other call is refused; when its caller is gone, it is [finished](Ledger::finish). What the driver reports as failed
        /// may be repeated before going on; after [`StoreError::StoreFailed`] only [`Ledger::load`] helps, and ends the challenge.
        #[must_use = "the record has to be stored, read back and confirmed"]
        #[derive(Debug)]
        pub struct $name<'l> {
            /// Its pending record is of this step.
            pub(super) ledger: &'l mut Ledger,
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

            /// Gives the record up, and poisons the ledger until it is loaded again: for a caller that cannot load it now. Not needed before
            /// [`Ledger::load`].
            pub fn abandon(self) {
                self.ledger.give_up();
            }

            /// What to write there.
            #[must_use]
            pub const fn record(&self) -> &[u8; SEALED_RECORD] {
                self.ledger.pending_record()
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
    /// The right code: its challenge is gone, and the failures are to be cleared. Then there is a [`Grant`](crate::Grant), in RAM: a cut after the record
    /// loses it, with the reset counted, and the owner starts again (SPEC.md §9.1).
    Clearing
}
step! {
    /// An administrator's login, or the network allowed again: an origin's failures are to become fewer.
    Lowering
}

impl Attempt<'_> {
    /// The session of the submit: whoever has another gets nothing of what follows (SES-20).
    #[must_use]
    pub fn session(&self) -> u32 {
        self.ledger.pending_session().unwrap_or_default()
    }
}

impl Clearing<'_> {
    /// The session of the submit: whoever has another gets nothing of what follows (SES-20).
    #[must_use]
    pub fn session(&self) -> u32 {
        self.ledger.pending_session().unwrap_or_default()
    }
}

/// A pending record taken up again, see [`Ledger::resume`].
#[must_use = "the record has to be stored, read back and confirmed"]
#[derive(Debug)]
pub enum Resumed<'l> {
    /// From [`Ledger::open`].
    Opening(Opening<'l>),
    /// From [`Ledger::submit`].
    Attempt(Attempt<'l>),
    /// From [`Attempt::compare`].
    Clearing(Clearing<'l>),
    /// From [`Ledger::admin_login`] and [`Ledger::allow_again`].
    Lowering(Lowering<'l>),
}

impl Resumed<'_> {
    const fn ledger(&self) -> &Ledger {
        match self {
            Self::Opening(Opening { ledger })
            | Self::Attempt(Attempt { ledger })
            | Self::Clearing(Clearing { ledger })
            | Self::Lowering(Lowering { ledger }) => ledger,
        }
    }

    /// The slot to write.
    #[must_use]
    pub const fn slot(&self) -> Slot {
        self.ledger().slot.other()
    }

    /// What to write there.
    #[must_use]
    pub const fn record(&self) -> &[u8; SEALED_RECORD] {
        self.ledger().pending_record()
    }

    /// The session of the submit behind this step, if it compares or gives a Grant (SES-20).
    #[must_use]
    pub const fn session(&self) -> Option<u32> {
        self.ledger().pending_session()
    }

    /// Goes on for a caller that is gone, once: what it gives goes to nobody (SPEC.md §10.7, SES-21). A right guess leaves one more record
    /// pending. [`Ledger::finish`] does it all.
    pub fn finish(self, key: &DeviceKey, slots: &Slots) {
        match self {
            Self::Opening(step) => drop(step.show(key, slots)),
            Self::Attempt(step) => drop(step.compare(key, slots)),
            Self::Clearing(step) => drop(step.grant(key, slots)),
            Self::Lowering(step) => drop(step.lowered(slots)),
        }
    }

    /// Gives the record up, as the step's own `abandon` does.
    pub fn abandon(self) {
        match self {
            Self::Opening(Opening { ledger })
            | Self::Attempt(Attempt { ledger })
            | Self::Clearing(Clearing { ledger })
            | Self::Lowering(Lowering { ledger }) => ledger.give_up(),
        }
    }
}

/// What [`Ledger::admin_login`] and [`Ledger::allow_again`] give.
#[must_use = "there may be a record to store"]
#[derive(Debug)]
pub enum Lowered<'l> {
    /// Done: there is nothing to store.
    Done,
    /// The failures are to become fewer.
    Store(Lowering<'l>),
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
    /// [`MailBitMismatch`] unless there is an address exactly when the challenge was opened with [`Request::address_on_file`](crate::Request).
    pub fn qr(&self, key: &DeviceKey, address: Option<Address<'_>>, rendering: Rendering<'_>) -> Result<QrText, MailBitMismatch> {
        scrubbed_qr(|| qr::write(key, &self.challenge, address, rendering))
    }
}

impl Lowering<'_> {
    /// The failures are fewer, now that the record is stored.
    ///
    /// # Errors
    /// [`StoreError::StoreFailed`] unless the slot reads as it was to be written; a login itself goes on.
    pub fn lowered(self, slots: &Slots) -> Result<(), StoreError> {
        self.ledger.confirm(slots).map(|_| ())
    }
}
