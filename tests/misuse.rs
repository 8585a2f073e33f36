//! What a tired engineer does: steps dropped, drivers that fail, a second owner, a grant used late.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that fails panics")]

use offline_reset::*;

const D: [u8; 32] = [7; 32];
const PASSWORD: Request = Request { purpose: Purpose::AccountPassword, address_on_file: false };

fn at(seconds: u64) -> Uptime {
    Uptime::from_secs(seconds)
}

/// A device with a challenge at its local screen, loaded at 0 and opened at 1.
fn opened() -> (DeviceKey, Slots, Ledger) {
    let key = DeviceKey::new(&D);
    let mut flash = [Ledger::genesis(&key), [0xff; 32]];
    let device = Device { serial: Serial::new("MISUSE").unwrap(), epoch: Epoch::ZERO, policy: Policy::default() };
    let (mut ledger, loaded) = Ledger::load(&key, device, &flash, at(0));
    assert_eq!(loaded.ledger, LedgerState::Good);
    let slots = flash;
    let Opened::Store(step) = ledger.open(&key, Origin::Local, PASSWORD, &[1; 32], at(1), &slots).unwrap() else { panic!() };
    flash[step.slot().index()] = *step.record();
    assert!(step.show(&key, &flash).unwrap().text().is_some());
    (key, flash, ledger)
}

fn answer(key: &DeviceKey, ledger: &Ledger) -> String {
    let challenge = ledger.live(Origin::Local, at(1)).unwrap();
    hazmat::answer(key, &challenge, Term::DynamicPassword24H).reveal().to_string()
}

/// LED-7: while a record is pending every other call is refused and changes nothing; `abandon` poisons.
#[test]
fn a_dropped_step_refuses_everything_else() {
    let (key, mut flash, mut ledger) = opened();
    let text = answer(&key, &ledger);
    let slots = flash;
    let (slot, record) = {
        let attempt = ledger.submit(&key, Origin::Local, &text, at(2), &slots).unwrap();
        (attempt.slot(), *attempt.record())
    };
    for origin in [Origin::Local, Origin::Network] {
        let error = ledger.submit(&key, origin, &text, at(3), &slots).unwrap_err();
        assert_eq!(error.store_error(), Some(StoreError::Pending));
        let error = ledger.open(&key, origin, PASSWORD, &[0; 32], at(3), &slots).unwrap_err();
        assert_eq!(error.store_error(), Some(StoreError::Pending));
        assert!(ledger.live(origin, at(3)).is_none());
    }
    assert_eq!(ledger.close(Closing::Keep), Err(StoreError::Pending));
    assert_eq!(ledger.withdraw(), Err(StoreError::Pending));
    assert_eq!(ledger.admin_login(&key, at(3), &slots).unwrap_err(), StoreError::Pending);
    assert!(!ledger.is_poisoned());
    flash[slot.index()] = record;
    let Some(Resumed::Attempt(attempt)) = ledger.pending() else { panic!() };
    assert!(matches!(attempt.compare(&key, &flash).unwrap(), Compared::Matched(_)));

    let (key, flash, mut ledger) = opened();
    let text = answer(&key, &ledger);
    ledger.submit(&key, Origin::Local, &text, at(2), &flash).unwrap().abandon();
    assert!(ledger.is_poisoned() && ledger.pending().is_none());
    assert_eq!(ledger.close(Closing::Keep), Err(StoreError::Poisoned));
    assert_eq!(ledger.withdraw(), Err(StoreError::Poisoned));
}

/// An origin that takes no code opens no challenge.
#[test]
fn a_closed_origin_is_closed() {
    let (key, flash, _) = opened();
    let policy = Policy::default().with_methods(Origin::Network, Methods::None);
    let device = Device { serial: Serial::new("MISUSE").unwrap(), epoch: Epoch::ZERO, policy };
    let (mut ledger, _) = Ledger::load(&key, device, &flash, at(0));
    assert_eq!(ledger.open(&key, Origin::Network, PASSWORD, &[0; 32], at(1), &flash).unwrap_err(), OpenError::Method);
}

/// LED-6: slots that were not written do not go on, and no comparison was made.
#[test]
fn an_unwritten_slot_does_not_go_on() {
    let (key, flash, mut ledger) = opened();
    let text = answer(&key, &ledger);
    let attempt = ledger.submit(&key, Origin::Local, &text, at(2), &flash).unwrap();
    assert_eq!(attempt.compare(&key, &flash).unwrap_err(), StoreError::StoreFailed);
    assert!(ledger.is_poisoned());
}

/// LED-5: another owner's record poisons.
#[test]
fn another_owner_is_noticed() {
    let (key, mut flash, mut ledger) = opened();
    let text = answer(&key, &ledger);
    let (hazmat::Fields { seq, boots, resets, local, network }, slot) = hazmat::state(&ledger);
    flash[1 - slot] = hazmat::seal(&key, hazmat::Fields { seq: seq + 1, boots, resets, local, network });
    let error = ledger.submit(&key, Origin::Local, &text, at(2), &flash).unwrap_err();
    assert_eq!(error.store_error(), Some(StoreError::Stale));
    assert!(ledger.is_poisoned());
}

/// SES-14: a Grant is void at ten minutes; SES-8: the record behind it is stored by then, so the reset is counted.
#[test]
fn a_late_grant_is_void() {
    for (later, fine) in [(599, true), (600, false)] {
        let (key, mut flash, mut ledger) = opened();
        let text = answer(&key, &ledger);
        let slots = flash;
        let attempt = ledger.submit(&key, Origin::Local, &text, at(2), &slots).unwrap();
        flash[attempt.slot().index()] = *attempt.record();
        let Compared::Matched(step) = attempt.compare(&key, &flash).unwrap() else { panic!() };
        flash[step.slot().index()] = *step.record();
        let grant = step.grant(&flash).unwrap();
        assert_eq!(grant.consume(at(2 + later)).is_ok(), fine);
        assert_eq!(ledger.resets(), 1);
    }
}

/// An event loop cannot hold a step over a flash write: it takes the pending record up again.
#[test]
fn a_pending_step_is_taken_up_again() {
    let (key, mut flash, mut ledger) = opened();
    let text = answer(&key, &ledger);
    let slots = flash;
    let (slot, record) = {
        let attempt = ledger.submit(&key, Origin::Local, &text, at(2), &slots).unwrap();
        (attempt.slot(), *attempt.record())
    };
    flash[slot.index()] = record; // later, elsewhere
    let Some(Resumed::Attempt(attempt)) = ledger.pending() else { panic!() };
    assert!(matches!(attempt.compare(&key, &flash).unwrap(), Compared::Matched(_)));
}

/// DUTY-10 by type: a secure code comes with the address it goes to, or not at all.
#[test]
fn a_secure_code_needs_an_address() {
    let key = DeviceKey::new(&D);
    let address = Address::new("owner@example.nl").unwrap();
    for on_file in [None, Some(address)] {
        let header = Header::new(Purpose::UnlockPattern, Epoch::ZERO, Origin::Network, on_file.is_some());
        let challenge = hazmat::challenge(Serial::new("MISUSE").unwrap(), header, [1; 5]);
        let text = hazmat::write_qr(&key, &challenge, on_file, Rendering::App).unwrap();
        let Ok(Received::Qr(qr)) = Received::read(text.as_str()) else { panic!() };
        let genuine = qr.verify(&key).unwrap();
        match on_file {
            None => assert_eq!(genuine.secure_code(Term::SecureCode1H).unwrap_err(), SecureCodeError::NoneOnFile),
            Some(address) => {
                assert_eq!(genuine.secure_code(Term::SecureCode1H).unwrap().0, address);
                assert_eq!(genuine.secure_code(Term::DynamicPassword1H).unwrap_err(), SecureCodeError::Method);
            }
        }
    }
}

/// What people send is told apart by its beginning.
#[test]
fn text_and_qr_are_told_apart() {
    assert!(matches!(Received::read("ORP1:?"), Err(ReceivedError::Qr(QrError::Alphabet { position: 5 }))));
    assert!(matches!(Received::read(" https://a/b/"), Err(ReceivedError::Qr(QrError::Length { found: 0 }))));
    assert!(matches!(Received::read("4H05"), Err(ReceivedError::Typed(ReadError::Length { found: 4 }))));
    assert!(matches!(Received::read(""), Err(ReceivedError::Typed(ReadError::Empty))));
}

/// HKDF-Expand of RFC 5869, first block: HMAC(PRK, info || 0x01) (SPEC.md §4, KEY-1).
#[test]
fn a_service_with_hkdf_gets_its_info() {
    let message = Serial::new("MISUSE").unwrap().root_message();
    let mut expanded = message.hkdf_info().to_vec();
    expanded.push(1);
    assert_eq!(expanded, message.as_bytes());
}
