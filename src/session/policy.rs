//! What a firmware decides once: its device, and what that allows (SPEC.md §10).

use core::time::Duration;

use crate::error::InvalidCap;
use crate::header::{Epoch, Origin, PerOrigin};
use crate::serial::Serial;
use crate::term::{MAX_VALIDITY, Method, Term};

/// Which methods an origin takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Methods {
    /// None: this origin is closed, and opening it is an error.
    None,
    /// The dynamic password alone.
    DynamicPassword,
    /// The secure code alone.
    SecureCode,
    /// Both.
    Both,
}

impl Methods {
    /// Whether codes of this method are taken.
    #[must_use]
    pub const fn allow(self, method: Method) -> bool {
        match self {
            Self::None => false,
            Self::DynamicPassword => matches!(method, Method::DynamicPassword),
            Self::SecureCode => matches!(method, Method::SecureCode),
            Self::Both => true,
        }
    }
}

/// The device's policy (SPEC.md §10): how long a challenge lives, and which methods each origin takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// 1 second to 72 hours.
    pub(super) cap: u32,
    pub(super) methods: PerOrigin<Methods>,
}

impl Default for Policy {
    /// 72 hours; both methods at the local screen, the secure code alone at the network.
    fn default() -> Self {
        let methods = PerOrigin { local: Methods::Both, network: Methods::SecureCode };
        Self { cap: MAX_VALIDITY.as_secs() as u32, methods }
    }
}

impl Policy {
    /// A challenge lives at most this long, in whole seconds; no code is good for longer. Nor does it live longer than the longest code that
    /// its origin takes: 24 hours where that is only the secure code.
    ///
    /// # Errors
    /// [`InvalidCap`] unless it is 1 second to 72 hours.
    pub fn with_cap(self, cap: Duration) -> Result<Self, InvalidCap> {
        let cap = u32::try_from(cap.as_secs()).map_err(|_| InvalidCap)?;
        if cap == 0 || u64::from(cap) > MAX_VALIDITY.as_secs() { Err(InvalidCap) } else { Ok(Self { cap, ..self }) }
    }

    /// ```text
    /// def life(o): return min(cap, the greatest limit(k) of a method allowed at o, 0 where none is)        (SPEC.md §10, SES-4)
    /// ```
    pub(super) const fn life(self, origin: Origin) -> u64 {
        let longest = match self.methods.get(origin) {
            Methods::None => 0,
            Methods::SecureCode => Term::SecureCode24H.validity().as_secs(),
            Methods::DynamicPassword | Methods::Both => Term::DynamicPassword72H.validity().as_secs(),
        };
        let cap = self.cap as u64;
        if longest < cap { longest } else { cap }
    }

    /// How long a challenge lives at most.
    #[must_use]
    pub const fn cap(&self) -> Duration {
        Duration::from_secs(self.cap as u64)
    }

    /// What an origin takes.
    #[must_use]
    pub const fn methods(&self, origin: Origin) -> Methods {
        *self.methods.get(origin)
    }

    /// An origin takes these methods.
    #[must_use]
    pub const fn with_methods(mut self, origin: Origin, methods: Methods) -> Self {
        *self.methods.get_mut(origin) = methods;
        self
    }
}

/// What the firmware knows of its device; nothing of it is secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    /// As on the label.
    pub serial: Serial,
    /// Which root key its D came from; with another the desk finds no challenge genuine.
    pub epoch: Epoch,
    /// What it allows.
    pub policy: Policy,
}
