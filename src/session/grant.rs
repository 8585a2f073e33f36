//! The Grant: the permission to reset, once (SPEC.md §10.3).

use core::time::Duration;

use crate::error::GrantExpired;
use crate::header::{Origin, Purpose};
use crate::term::Method;
use crate::time::{Uptime, seconds};

/// How long a Grant is good (SPEC.md §10.3, SES-14).
pub const GRANT_VALIDITY: Duration = seconds(600);

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
    pub(super) reset: Reset,
    pub(super) at: Uptime,
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
