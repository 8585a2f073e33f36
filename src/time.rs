//! Uptime: the only clock of the protocol (SPEC.md §3).

use core::time::Duration;

/// Whole seconds since the device started: monotonic, running during sleep, never set by anyone (SPEC.md §3, P6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uptime(u64);

impl Uptime {
    /// An uptime of `seconds`.
    #[must_use]
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds)
    }

    /// The whole seconds of this uptime.
    #[must_use]
    pub const fn as_secs(self) -> u64 {
        self.0
    }

    /// Seconds from `earlier` to `self`; 0 when `earlier` is the later one.
    pub(crate) const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    pub(crate) const fn plus(self, seconds: u64) -> Self {
        Self(self.0.saturating_add(seconds))
    }
}

impl From<Duration> for Uptime {
    /// Parts of a second are dropped.
    fn from(since_start: Duration) -> Self {
        Self(since_start.as_secs())
    }
}

pub(crate) const fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}
