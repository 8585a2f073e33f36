//! One sealed record in two slots of flash, and what it means after a power cut (SPEC.md §9).

use core::fmt;
use core::ops::Range;
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use crate::bytes::fill;
use crate::header::PerOrigin;
use crate::keys::{DeviceKey, Domain};
use crate::public::{decided, published};
use crate::wipe::{scrubbed, scrubbed_decision};

/// A sealed record, in bytes: what is stored in one slot.
pub const SEALED_RECORD: usize = SEAL.end;

/// The two slots, as they read now from the medium, not from a cache: blank flash reads as all ones or all zeros.
///
/// They lie in different erase units, so that erasing one leaves the other whole, and a write has reached the medium before it is read back
/// (SPEC.md §12, DUTY-12).
pub type Slots = [[u8; SEALED_RECORD]; 2];

const FORMAT: usize = 0;
const ZERO: usize = FORMAT + 1;
const SEQ: Range<usize> = ZERO + 1..ZERO + 5;
const BOOTS: Range<usize> = SEQ.end..SEQ.end + 4;
const RESETS: Range<usize> = BOOTS.end..BOOTS.end + 4;
const FAIL_LOCAL: usize = RESETS.end;
const FAIL_NETWORK: usize = FAIL_LOCAL + 1;
const SEAL: Range<usize> = FAIL_NETWORK + 1..FAIL_NETWORK + 17;

const FORMAT_1: u8 = 1;

/// Where a record stands in flash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// The slot with index 0.
    A = 0,
    /// The slot with index 1.
    B = 1,
}

impl Slot {
    /// 0 or 1.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    pub(crate) const fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }

    pub(crate) const fn of(self, slots: &Slots) -> &[u8; SEALED_RECORD] {
        let [a, b] = slots;
        match self {
            Self::A => a,
            Self::B => b,
        }
    }
}

/// What the ledger remembers. Public: it is authentic, not secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) seq: u32,
    pub(crate) boots: u32,
    pub(crate) resets: u32,
    pub(crate) fail: PerOrigin<u8>,
    /// Always zero. Without this field the compiler would add two bytes of padding, and they would keep what a register held: after a seal
    /// was compared, a part of the hash. `checks/secrets/wiping` saw it.
    pub(crate) padding: [u8; 2],
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seq, boots, resets, fail, padding: _ } = self;
        f.debug_struct("Record").field("seq", seq).field("boots", boots).field("resets", resets).field("fail", fail).finish()
    }
}

impl Record {
    /// What the factory stores with D.
    #[cfg(feature = "factory")]
    pub(crate) const GENESIS: Self = Self { seq: 1, boots: 0, resets: 0, fail: PerOrigin::both(0), padding: [0; 2] };

    /// ```text
    /// record = byte(1) || byte(0) || u32(seq) || u32(boots) || u32(resets) || byte(fail[0]) || byte(fail[1])        (SPEC.md §9)
    /// sealed = record || F(0x06, record)[0:16]                                                              (LED-1)
    /// ```
    pub(crate) fn seal(&self, key: &DeviceKey) -> [u8; SEALED_RECORD] {
        let record = self.bytes();
        let seal = scrubbed(move || published(key.f(Domain::LedgerSeal, &record).first::<16>()));
        let mut sealed = [0; SEALED_RECORD];
        put(&mut sealed, 0..SEAL.start, record);
        put(&mut sealed, SEAL, seal);
        sealed
    }

    const fn bytes(&self) -> [u8; SEAL.start] {
        let ([s0, s1, s2, s3], [b0, b1, b2, b3]) = (self.seq.to_be_bytes(), self.boots.to_be_bytes());
        let [r0, r1, r2, r3] = self.resets.to_be_bytes();
        [FORMAT_1, 0, s0, s1, s2, s3, b0, b1, b2, b3, r0, r1, r2, r3, self.fail.local, self.fail.network]
    }

    /// What a slot says of its seq, believed by nobody.
    pub(crate) fn claimed_seq(slot: &[u8; SEALED_RECORD]) -> u32 {
        Self::parse(slot).seq
    }

    /// The fields of a record whose seal is known to be right.
    pub(crate) fn parse(bytes: &[u8; SEALED_RECORD]) -> Self {
        let word = |at: Range<usize>| bytes.get(at).unwrap_or_default().iter().fold(0, |n, &byte| n << 8 | u32::from(byte));
        let fail = PerOrigin { local: bytes[FAIL_LOCAL], network: bytes[FAIL_NETWORK] };
        Self { seq: word(SEQ), boots: word(BOOTS), resets: word(RESETS), fail, padding: [0; 2] }
    }

    /// ```text
    /// def unseal(K, slot):                                                   (SPEC.md §9, LED-1)
    ///     if slot[16:32] != F(0x06, slot[0:16])[0:16]: none                  # in constant time
    ///     if slot[0] != 1 or slot[1] != 0: none
    ///     return record
    /// ```
    pub(crate) fn unseal(key: &DeviceKey, slot: &[u8; SEALED_RECORD]) -> Option<Self> {
        let (record, seal) = slot.split_at(SEAL.start);
        let genuine = scrubbed_decision(|| {
            let mut expected = key.f(Domain::LedgerSeal, record).first::<16>();
            let genuine = decided(expected.ct_eq(seal));
            expected.zeroize();
            genuine
        });
        (genuine && slot[FORMAT] == FORMAT_1 && slot[ZERO] == 0).then(|| Self::parse(slot))
    }
}

/// Writes one field.
fn put<const N: usize>(bytes: &mut [u8; SEALED_RECORD], at: Range<usize>, field: [u8; N]) {
    fill(bytes.get_mut(at).unwrap_or_default(), field);
}

/// What stands in one slot: for a log, not for a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotState {
    /// All ones or all zeros: never written, or erased.
    Blank,
    /// Torn, forged, worn out, or of another key.
    Damaged,
    /// A record with this sequence number.
    Valid {
        /// Higher is newer.
        seq: u32,
    },
}

impl SlotState {
    fn new(slot: &[u8; SEALED_RECORD], record: Option<&Record>) -> Self {
        match record {
            Some(record) => Self::Valid { seq: record.seq },
            None if slot.iter().all(|&b| b == 0) || slot.iter().all(|&b| b == 0xff) => Self::Blank,
            None => Self::Damaged,
        }
    }
}

/// How a ledger was found (SPEC.md §9, LED-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerState {
    /// The newest valid record is in use.
    Good,
    /// Two valid records of the same age contradict each other: the longest wait.
    Conflict,
    /// No valid record: the longest wait. Go on with it, log it, and say that an administrator's login or a reset at the local screen ends
    /// the wait.
    Lost,
}

/// What loading found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// What the ledger goes by.
    pub ledger: LedgerState,
    /// Each slot.
    pub slots: [SlotState; 2],
}

/// ```text
/// def load(K, slots, now):                                                   (SPEC.md §9, LED-2)
///     a, b = unseal(K, slots[0]), unseal(K, slots[1])
///     if a and b and a.seq == b.seq and a != b:
///         L = record(seq = a.seq, boots = max, resets = max, fail = [255, 255]); L.slot = 0        # conflict
///     elif a and (not b or a.seq >= b.seq): L = a; L.slot = 0
///     elif b:                               L = b; L.slot = 1
///     else:
///         L = record(seq = 0, boots = 0, resets = 0, fail = [255, 255]); L.slot = 1                # lost
/// ```
pub(crate) fn load(key: &DeviceKey, slots: &Slots) -> (Record, Slot, Loaded) {
    const SATURATED: PerOrigin<u8> = PerOrigin::both(u8::MAX);
    let [a, b] = slots;
    let (record_a, record_b) = (Record::unseal(key, a), Record::unseal(key, b));
    let states = [SlotState::new(a, record_a.as_ref()), SlotState::new(b, record_b.as_ref())];
    let (record, slot, ledger) = match (record_a, record_b) {
        (Some(a), Some(b)) if a.seq == b.seq && a != b => {
            let (boots, resets) = (a.boots.max(b.boots), a.resets.max(b.resets));
            (Record { seq: a.seq, boots, resets, fail: SATURATED, padding: [0; 2] }, Slot::A, LedgerState::Conflict)
        }
        (Some(a), Some(b)) if a.seq < b.seq => (b, Slot::B, LedgerState::Good),
        (Some(a), _) => (a, Slot::A, LedgerState::Good),
        (None, Some(b)) => (b, Slot::B, LedgerState::Good),
        (None, None) => (Record { seq: 0, boots: 0, resets: 0, fail: SATURATED, padding: [0; 2] }, Slot::B, LedgerState::Lost),
    };
    (record, slot, Loaded { ledger, slots: states })
}
