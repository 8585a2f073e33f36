//! Method and validity of a code: the registry of its first digit (SPEC.md §18.3).

use core::fmt;
use core::time::Duration;

use crate::error::ReservedK;
use crate::time::seconds;

/// The longest validity that a code can have: 72 hours.
pub const MAX_VALIDITY: Duration = seconds(72 * 3600);

/// How the code reaches the owner (SPEC.md §18.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Given by a person at the support desk.
    DynamicPassword,
    /// Sent to the address on file.
    SecureCode,
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::DynamicPassword => "dynamic password",
            Self::SecureCode => "secure code",
        })
    }
}

/// Method and validity of a code: its first digit, k (SPEC.md §18.3). The time counts from when the challenge was first shown
/// ([`Shown::shown_at`](crate::Shown::shown_at)), not from the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Term {
    /// A dynamic password, 10 minutes.
    DynamicPassword10Min = 1,
    /// A dynamic password, 1 hour.
    DynamicPassword1H = 2,
    /// A dynamic password, 8 hours.
    DynamicPassword8H = 3,
    /// A dynamic password, 24 hours.
    DynamicPassword24H = 4,
    /// A dynamic password, 72 hours: asked on Saturday, answered on Monday.
    DynamicPassword72H = 5,
    /// A secure code, 10 minutes.
    SecureCode10Min = 6,
    /// A secure code, 1 hour.
    SecureCode1H = 7,
    /// A secure code, 8 hours.
    SecureCode8H = 8,
    /// A secure code, 24 hours.
    SecureCode24H = 9,
}

impl Term {
    /// Every term, by k.
    pub const ALL: [Self; 9] = [
        Self::DynamicPassword10Min,
        Self::DynamicPassword1H,
        Self::DynamicPassword8H,
        Self::DynamicPassword24H,
        Self::DynamicPassword72H,
        Self::SecureCode10Min,
        Self::SecureCode1H,
        Self::SecureCode8H,
        Self::SecureCode24H,
    ];

    /// k: the code's first digit, 1 to 9.
    #[must_use]
    pub const fn k(self) -> u8 {
        self as u8
    }

    /// The term of this k (SPEC.md §8, COD-4; §12, ISS-3).
    ///
    /// # Errors
    /// [`ReservedK`] for 0 and above 9.
    pub fn from_k(k: u8) -> Result<Self, ReservedK> {
        Self::ALL.into_iter().find(|term| term.k() == k).ok_or(ReservedK)
    }

    /// The term of this method and validity, if there is one.
    #[must_use]
    pub fn new(method: Method, validity: Duration) -> Option<Self> {
        Self::ALL.into_iter().find(|term| term.method() == method && term.validity() == validity)
    }

    /// Dynamic password or secure code.
    #[must_use]
    pub const fn method(self) -> Method {
        if self.k() <= Self::DynamicPassword72H.k() { Method::DynamicPassword } else { Method::SecureCode }
    }

    /// How long after the challenge was first shown the code is good; the device's cap may shorten it.
    #[must_use]
    pub const fn validity(self) -> Duration {
        match self {
            Self::DynamicPassword10Min | Self::SecureCode10Min => seconds(600),
            Self::DynamicPassword1H | Self::SecureCode1H => seconds(3600),
            Self::DynamicPassword8H | Self::SecureCode8H => seconds(8 * 3600),
            Self::DynamicPassword24H | Self::SecureCode24H => seconds(24 * 3600),
            Self::DynamicPassword72H => MAX_VALIDITY,
        }
    }
}
