//! Two slots with anything in them (SPEC.md §9).

use arbitrary::Arbitrary;
use offline_reset::{Device, Epoch, Ledger, LedgerState, Methods, Origin, Policy, Serial, SlotState, Slots, Standing, Uptime, hazmat};

use crate::{AnyPurpose, KEY, origin, request};

/// A device's flash, and when it is loaded.
#[derive(Clone, Debug, Arbitrary)]
pub struct Flash {
    /// What stands there.
    pub slots: [Content; 2],
    /// Uptime.
    pub now: u64,
    /// Seconds after which the device is asked.
    pub later: u16,
}

/// What stands in a slot.
#[derive(Clone, Debug, Arbitrary)]
pub enum Content {
    /// Whatever.
    Raw([u8; 32]),
    /// Erased or never written.
    Blank(bool),
    /// A record with a valid seal.
    Sealed(Fields),
    /// The same with one bit wrong.
    Flipped(Fields, u8),
    /// The same, of another key.
    Foreign(Fields),
    /// Anything under a valid seal: another format, a byte that is not zero.
    Format([u8; 16]),
}

/// A record's fields.
#[derive(Clone, Copy, Debug, Arbitrary)]
pub struct Fields {
    seq: Count,
    boots: Count,
    resets: Count,
    fail: [u8; 2],
}

/// Small numbers, the greatest ones, and any.
#[derive(Clone, Copy, Debug, Arbitrary)]
pub enum Count {
    /// 0 to 255
    Low(u8),
    /// Near the end.
    High(u8),
    /// Any.
    Any(u32),
}

impl Count {
    const fn value(self) -> u32 {
        match self {
            Self::Low(n) => n as u32,
            Self::High(n) => u32::MAX - n as u32,
            Self::Any(n) => n,
        }
    }
}

impl Fields {
    /// As the crate has them.
    #[must_use]
    pub const fn fields(&self) -> hazmat::Fields {
        let Self { seq, boots, resets, fail: [local, network] } = *self;
        hazmat::Fields { seq: seq.value(), boots: boots.value(), resets: resets.value(), local, network }
    }
}

impl Content {
    /// The 32 bytes.
    #[must_use]
    pub fn bytes(&self) -> [u8; 32] {
        match self {
            Self::Raw(bytes) => *bytes,
            Self::Blank(ones) => [if *ones { 0xff } else { 0 }; 32],
            Self::Sealed(fields) => hazmat::seal(&KEY, fields.fields()),
            Self::Flipped(fields, bit) => {
                let mut bytes = hazmat::seal(&KEY, fields.fields());
                bytes[usize::from(bit / 8)] ^= 0x80 >> (bit % 8);
                bytes
            }
            Self::Foreign(fields) => hazmat::seal(&crate::key_of(&[1; 32]), fields.fields()),
            Self::Format(record) => {
                let mut bytes = [0; 32];
                bytes[..16].copy_from_slice(record);
                bytes[16..].copy_from_slice(&hazmat::f(&KEY, 0x06, record)[..16]);
                bytes
            }
        }
    }

    /// The record, where the seal says that there is one.
    fn record(&self) -> Option<hazmat::Fields> {
        match self {
            Self::Sealed(fields) => Some(fields.fields()),
            Self::Format([1, 0, ..]) => hazmat::unseal(&KEY, &self.bytes()),
            _ => None,
        }
    }
}

/// # Panics
/// When a promise is broken.
pub fn ledger_bytes(flash: &Flash) {
    let mut slots: Slots = [flash.slots[0].bytes(), flash.slots[1].bytes()];
    let records = [flash.slots[0].record(), flash.slots[1].record()];
    for (slot, record) in slots.iter().zip(&records) {
        assert_eq!(hazmat::unseal(&KEY, slot), *record, "LED-1");
        if let Some(record) = record {
            assert_eq!(hazmat::seal(&KEY, *record), *slot);
        }
    }
    let device = Device {
        serial: Serial::new("FUZZ").expect("a serial"),
        epoch: Epoch::ZERO,
        policy: Policy::default().with_methods(Origin::Network, Methods::Both),
    };
    let now = Uptime::from_secs(flash.now);
    let (mut ledger, loaded) = Ledger::load(&KEY, device, &slots, now);
    let newest = match records {
        [Some(a), Some(b)] if a.seq == b.seq && a != b => None,
        [Some(a), Some(b)] => Some(if a.seq >= b.seq { a } else { b }),
        [a, b] => a.or(b),
    };
    for (state, record) in loaded.slots.iter().zip(records) {
        match state {
            SlotState::Valid { seq } => assert_eq!(Some(*seq), record.map(|r| r.seq)),
            SlotState::Blank | SlotState::Damaged => assert_eq!(record, None),
        }
    }
    let (used, slot) = hazmat::state(&ledger);
    match newest {
        Some(newest) => {
            assert_eq!(loaded.ledger, LedgerState::Good);
            assert_eq!((used, records[slot]), (newest, Some(newest)), "LED-2");
        }
        None => {
            assert_ne!(loaded.ledger, LedgerState::Good);
            assert_eq!((used.local, used.network), (255, 255), "LED-2");
            assert_eq!(ledger.standing(Origin::Network, now), Standing::Stopped);
            assert!(matches!(ledger.standing(Origin::Local, now), Standing::Waiting { remaining } if remaining.as_secs() == 15360));
        }
    }
    // one record more: it goes to the other slot, grows by one, and counts the load
    let later = Uptime::from_secs(flash.now.saturating_add(u64::from(flash.later)));
    let before = slots;
    let opened = ledger.open(&KEY, origin(flash.later & 1 == 1), request(AnyPurpose::FactoryReset, true), &[0; 32], later, &before);
    let Ok(offline_reset::Opened::Store(step)) = opened else { panic!("the first challenge of a load has a record: {opened:?}") };
    assert_eq!(step.slot().index(), 1 - slot, "LED-3");
    slots[step.slot().index()] = *step.record();
    let stored = hazmat::unseal(&KEY, step.record()).expect("sealed");
    let expected = hazmat::Fields { seq: used.seq.saturating_add(1), boots: used.boots.saturating_add(1), ..used };
    assert_eq!(stored, expected, "LED-4");
    step.show(&KEY, &slots).expect("stored");
    let (fields, _) = hazmat::load_record(&KEY, &slots);
    assert!(fields.local >= used.local && fields.network >= used.network, "LED-8");
}
