//! The Grant: the permission to reset, once (SPEC.md §10.3).

use core::fmt;
use core::time::Duration;
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use crate::error::{GrantExpired, NoGrant};
use crate::header::{Origin, Purpose};
use crate::public::decided;
use crate::term::Method;
use crate::time::{Uptime, seconds};
use crate::wipe::scrubbed;

/// How long a Grant is good (SPEC.md §10.3, SES-14).
pub const GRANT_VALIDITY: Duration = seconds(600);

/// The handle of a Grant, in bytes.
pub const HANDLE: usize = 16;

/// The permission to reset, once: it cannot be built, copied or used twice (SPEC.md §10.3, SES-14).
///
/// ```compile_fail,E0382
/// # fn firmware(grant: offline_reset::Grant, now: offline_reset::Uptime) {
/// let first = grant.consume(now);
/// let second = grant.consume(now);
/// # }
/// ```
#[must_use = "a Grant is for setting the new password"]
pub struct Grant {
    pub(super) reset: Reset,
    pub(super) at: Uptime,
    pub(super) handle: Handle,
    /// Always zero, here and in `Reset`: as in `Record`, the compiler's own would keep what a register held.
    pub(super) _padding: [u8; 4],
}

/// Secret until its Grant is gone, wiped when dropped.
pub(super) struct Handle(pub(super) [u8; HANDLE]);

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// What may be reset now: only [`Grant::consume`] gives one. Take it by value where the password is set.
///
/// ```compile_fail,E0382
/// # fn firmware(reset: offline_reset::Reset, set_password: impl Fn(offline_reset::Reset)) {
/// set_password(reset);
/// set_password(reset);
/// # }
/// ```
///
/// ```compile_fail,E0451
/// # use offline_reset::{Method, Origin, Purpose, Reset};
/// let (origin, purpose, method) = (Origin::Network, Purpose::FactoryReset, Method::SecureCode);
/// Reset { origin, purpose, method, resets: 1, session: 0, padding: 0 };
/// ```
#[must_use = "the new password is to be set"]
#[derive(PartialEq, Eq)]
pub struct Reset {
    pub(super) origin: Origin,
    pub(super) purpose: Purpose,
    pub(super) method: Method,
    pub(super) resets: u32,
    pub(super) session: u32,
    pub(super) padding: u8,
}

impl Reset {
    /// Where the code was typed: for that dialog or connection alone (DUTY-16).
    #[must_use]
    pub const fn origin(&self) -> Origin {
        self.origin
    }

    /// What the challenge was for.
    #[must_use]
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// How the code came.
    #[must_use]
    pub const fn method(&self) -> Method {
        self.method
    }

    /// How often this device was reset, this time included.
    #[must_use]
    pub const fn resets(&self) -> u32 {
        self.resets
    }

    /// The session of the submit (SES-20).
    #[must_use]
    pub const fn session(&self) -> u32 {
        self.session
    }
}

impl Grant {
    #[cfg(feature = "hazmat")]
    pub(crate) const fn permits(&self) -> &Reset {
        &self.reset
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

    /// The session of the submit: whoever has another gets nothing of this (SES-20).
    #[must_use]
    pub const fn session(&self) -> u32 {
        self.reset.session
    }

    /// What an interface names this Grant by: a C ABI, a socket, a web page (SES-22). For the dialog whose submit made it, and nobody else: a
    /// secret, never in a URL or a log (DUTY-16).
    #[must_use]
    pub const fn handle(&self) -> &[u8; HANDLE] {
        &self.handle.0
    }

    /// Takes the Grant with this handle out of those that are there; all stay when there is none.
    ///
    /// ```text
    /// def by_handle(grants, handle):                                         (SPEC.md §10.3, SES-22)
    ///     return the one of grants whose handle is equal, in constant time; else error no-grant
    /// ```
    ///
    /// # Errors
    /// [`NoGrant`].
    pub fn by_handle(grants: &mut [Option<Self>], handle: &[u8; HANDLE]) -> Result<Self, NoGrant> {
        scrubbed(|| {
            let is_it = |grant: &Self| decided(grant.handle.0.ct_eq(handle));
            grants.iter_mut().find(|grant| grant.as_ref().is_some_and(is_it)).and_then(Option::take).ok_or(NoGrant)
        })
    }

    /// Uses the Grant up: call it where the new password is set, and set it only with what this returns.
    ///
    /// ```text
    /// def consume(G, now):                                                   (SPEC.md §10.3, SES-14)
    ///     G is gone, whatever follows
    ///     if now < G.at or now - G.at >= 600: error grant-expired
    ///     return G's origin, purpose, method, resets and session
    /// ```
    ///
    /// # Errors
    /// [`GrantExpired`] from [`GRANT_VALIDITY`] on, and when uptime has gone backwards.
    pub fn consume(self, now: Uptime) -> Result<Reset, GrantExpired> {
        if now < self.at || now.since(self.at) >= GRANT_VALIDITY.as_secs() { Err(GrantExpired) } else { Ok(self.reset) }
    }
}

impl fmt::Debug for Reset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin, purpose, method, resets, session, padding: _ } = self;
        let mut reset = f.debug_struct("Reset");
        reset.field("origin", origin).field("purpose", purpose).field("method", method);
        reset.field("resets", resets).field("session", session).finish()
    }
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grant").field("reset", &self.reset).field("at", &self.at).finish_non_exhaustive()
    }
}
