use offline_reset::{Device, Epoch, Ledger, LedgerState, Policy, Serial, SlotState, Slots, Uptime, hazmat};

use crate::file::{Test, hex};

fn fields(t: Test<'_>) -> hazmat::Fields {
    let fail = t.numbers("fail");
    let word = |field| u32::try_from(t.number(field)).unwrap();
    hazmat::Fields { seq: word("seq"), boots: word("boots"), resets: word("resets"), local: fail[0], network: fail[1] }
}

pub fn slots(t: Test<'_>) -> Slots {
    let slots: Vec<[u8; 32]> = t.list("slots").iter().map(|s| hex(s.as_str().unwrap()).try_into().unwrap()).collect();
    slots.try_into().unwrap()
}

pub fn seal(t: Test<'_>) {
    let key = t.key();
    let record = fields(t.part("record").unwrap());
    let sealed = hazmat::seal(&key, record);
    assert_eq!(sealed, t.array("sealed"));
    assert_eq!(sealed[..16], t.bytes("bytes"));
    assert_eq!(hazmat::f(&key, 6, &sealed[..16]), t.array("mac"));
    t.result(true);
    if record == (hazmat::Fields { seq: 1, boots: 0, resets: 0, local: 0, network: 0 }) {
        assert_eq!(Ledger::genesis(&key), sealed);
    }
}

pub fn unseal(t: Test<'_>) {
    let (key, slot) = (t.key(), t.array("slot"));
    let record = hazmat::unseal(&key, &slot);
    assert_eq!(hazmat::f(&key, 6, &slot[..16]), t.array("mac"));
    t.result(record.is_some());
    assert_eq!(record, t.part("record").map(fields));
    let (_, loaded) = Ledger::load(&key, device(), &[slot, [0; 32]], Uptime::from_secs(0));
    assert_eq!(state_name(loaded.slots[0]), t.text("state"));
}

fn device() -> Device {
    Device { serial: Serial::new("ANY").unwrap(), epoch: Epoch::ZERO, policy: Policy::default() }
}

fn state_name(state: SlotState) -> &'static str {
    match state {
        SlotState::Blank => "blank",
        SlotState::Damaged => "damaged",
        SlotState::Valid { .. } => "valid",
    }
}

pub fn load(t: Test<'_>) {
    let (key, slots) = (t.key(), slots(t));
    let (record, slot) = hazmat::load_record(&key, &slots);
    assert_eq!(record, fields(t));
    assert_eq!(slot as u64, t.number("slot"));
    let (ledger, loaded) = Ledger::load(&key, device(), &slots, Uptime::from_secs(0));
    assert_eq!(loaded.slots.map(state_name).as_slice(), t.list("states"));
    assert_eq!(loaded.ledger != LedgerState::Good, t.flag("lost"));
    t.result(loaded.ledger == LedgerState::Good);
    assert_eq!(hazmat::state(&ledger), (record, slot));
}
