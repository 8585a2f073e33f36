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
    let key = DeviceKey::derived(&mut D.to_vec()).unwrap();
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
        let attempt = ledger.submit(&key, Origin::Local, 1, &text, at(2), &slots).unwrap();
        (attempt.slot(), *attempt.record())
    };
    for origin in [Origin::Local, Origin::Network] {
        let error = ledger.submit(&key, origin, 1, &text, at(3), &slots).unwrap_err();
        assert_eq!(error.store_error(), Some(StoreError::Pending));
        let error = ledger.open(&key, origin, PASSWORD, &[0; 32], at(3), &slots).unwrap_err();
        assert_eq!(error.store_error(), Some(StoreError::Pending));
        assert!(ledger.live(origin, at(3)).is_none());
    }
    assert_eq!(ledger.close(Closing::Keep), Err(StoreError::Pending));
    assert_eq!(ledger.withdraw(), Err(StoreError::Pending));
    assert_eq!(ledger.admin_login(&key, at(3), &slots).unwrap_err(), StoreError::Pending);
    assert_eq!(ledger.allow_again(&key, at(3), &slots).unwrap_err(), StoreError::Pending);
    assert!(!ledger.is_poisoned());
    flash[slot.index()] = record;
    let Ok(Resumed::Attempt(attempt)) = ledger.resume() else { panic!() };
    assert!(matches!(attempt.compare(&key, &flash).unwrap(), Compared::Matched(_)));

    let (key, flash, mut ledger) = opened();
    let text = answer(&key, &ledger);
    ledger.submit(&key, Origin::Local, 1, &text, at(2), &flash).unwrap().abandon();
    assert_eq!((ledger.is_poisoned(), ledger.resume().unwrap_err()), (true, StoreError::Poisoned));
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
    let attempt = ledger.submit(&key, Origin::Local, 1, &text, at(2), &flash).unwrap();
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
    let error = ledger.submit(&key, Origin::Local, 1, &text, at(2), &flash).unwrap_err();
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
        let attempt = ledger.submit(&key, Origin::Local, 1, &text, at(2), &slots).unwrap();
        flash[attempt.slot().index()] = *attempt.record();
        let Compared::Matched(step) = attempt.compare(&key, &flash).unwrap() else { panic!() };
        flash[step.slot().index()] = *step.record();
        let grant = step.grant(&key, &flash).unwrap();
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
        let attempt = ledger.submit(&key, Origin::Local, 1, &text, at(2), &slots).unwrap();
        (attempt.slot(), *attempt.record())
    };
    flash[slot.index()] = record; // later, elsewhere
    let Ok(Resumed::Attempt(attempt)) = ledger.resume() else { panic!() };
    assert!(matches!(attempt.compare(&key, &flash).unwrap(), Compared::Matched(_)));
}

/// DUTY-10 by type: a secure code comes with the address it goes to, or not at all.
#[test]
fn a_secure_code_needs_an_address() {
    let key = DeviceKey::derived(&mut D.to_vec()).unwrap();
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
    let message = Serial::new("MISUSE").unwrap().root_message().unwrap();
    let mut expanded = message.hkdf_info().to_vec();
    expanded.push(1);
    assert_eq!(expanded, message.as_bytes());
}

/// KEY-4, KEY-6: what a device reads out of its flash is a key, whole and its own, or there is none; the buffer is wiped whatever comes.
#[test]
fn key_4_key_6_a_device_takes_no_key_but_its_own() {
    let (serial, other) = (Serial::new("MISUSE").unwrap(), Serial::new("MISUSE2").unwrap());
    let check = DeviceKey::derived(&mut D.to_vec()).unwrap().check_value(&serial);
    let bit = |at: usize| (0..32).map(|i| D[i] ^ u8::from(i == at)).collect::<Vec<_>>();
    for (mut d, serial, error) in [
        (D.to_vec(), &serial, None),
        (D.to_vec(), &other, Some(KeyError::Check)),
        (bit(0), &serial, Some(KeyError::Check)),
        (bit(31), &serial, Some(KeyError::Check)),
        (vec![0x00; 32], &serial, Some(KeyError::Blank)),
        (vec![0xff; 32], &serial, Some(KeyError::Blank)),
        (vec![], &serial, Some(KeyError::Length { found: 0 })),
        (vec![7; 31], &serial, Some(KeyError::Length { found: 31 })),
        (vec![7; 33], &serial, Some(KeyError::Length { found: 33 })),
    ] {
        assert_eq!(DeviceKey::load(&mut d, serial, &check).err(), error);
        assert!(d.iter().all(|&byte| byte == 0), "{error:?}: {d:?}");
    }
}

/// KEY-5: what everybody knows is for demonstrations alone, and a demonstration's serial is for nothing else.
#[test]
fn key_5_a_product_is_no_demonstration() {
    let public = *b"ORP1 PUBLIC ROOT FOR DEMOS ONLY.";
    assert_eq!(RootKey::take(&mut public.to_vec()).err(), Some(KeyError::Demonstration));
    let serial = Serial::new("ORPDEMO1").unwrap();
    assert_eq!(serial.root_message(), Err(KeyError::Demonstration));
    let root = RootKey::take(&mut D.to_vec()).unwrap();
    assert_eq!(
        (root.derive(&serial).err(), root.device_key(&serial).err()),
        (Some(KeyError::Demonstration), Some(KeyError::Demonstration))
    );
    let key = demonstration_key(&serial).unwrap();
    assert_eq!(DeviceKey::load(&mut D.to_vec(), &serial, &key.check_value(&serial)).err(), Some(KeyError::Demonstration));
    assert_eq!(demonstration_key(&Serial::new("MISUSE").unwrap()).err(), Some(KeyError::Demonstration));
}

/// SES-20, SES-21: whoever finds a step of a caller that is gone finishes it. It is counted and compared; the Grant is nobody's.
#[test]
fn ses_21_a_step_whose_caller_is_gone_is_finished() {
    for (right, failures, resets, stores) in [(true, 0, 1, 2), (false, 1, 0, 1)] {
        let (key, mut flash, mut ledger) = opened();
        let stranger = DeviceKey::derived(&mut [1; 32]).unwrap();
        let text = answer(if right { &key } else { &stranger }, &ledger);
        let slots = flash;
        assert_eq!(ledger.submit(&key, Origin::Local, 5, &text, at(2), &slots).unwrap().session(), 5); // and the request is cancelled
        assert_eq!(ledger.resume().unwrap().session(), Some(5));
        let mut stored = 0;
        ledger.finish(&key, |slot, record| {
            flash[slot.index()] = *record;
            stored += 1;
            Some(flash)
        });
        assert_eq!((ledger.failures(Origin::Local), ledger.resets(), stored), (failures, resets, stores));
        assert_eq!((ledger.is_poisoned(), ledger.resume().unwrap_err()), (false, StoreError::NotPending));
        assert_eq!(ledger.live(Origin::Local, at(2)).is_some(), !right);
    }
    // a driver that fails poisons, and nothing was compared
    let (key, flash, mut ledger) = opened();
    let text = answer(&key, &ledger);
    drop(ledger.submit(&key, Origin::Local, 5, &text, at(2), &flash).unwrap());
    ledger.finish(&key, |_, _| None);
    assert_eq!((ledger.is_poisoned(), ledger.resets()), (true, 0));
    ledger.finish(&key, |_, _| panic!("nothing is pending"));
}

/// SES-22: another dialog's handle names nothing, and takes nothing away.
#[test]
fn ses_22_a_grant_is_named_by_its_handle() {
    let (key, mut flash, mut ledger) = opened();
    let text = answer(&key, &ledger);
    let slots = flash;
    let attempt = ledger.submit(&key, Origin::Local, 3, &text, at(2), &slots).unwrap();
    flash[attempt.slot().index()] = *attempt.record();
    let Compared::Matched(step) = attempt.compare(&key, &flash).unwrap() else { panic!() };
    assert_eq!(step.session(), 3);
    flash[step.slot().index()] = *step.record();
    let grant = step.grant(&key, &flash).unwrap();
    let handle = *grant.handle();
    let mut grants = [None, Some(grant)];
    for at in 0..handle.len() {
        let mut other = handle;
        other[at] ^= 0x80;
        assert_eq!(Grant::by_handle(&mut grants, &other).unwrap_err(), NoGrant);
    }
    let grant = Grant::by_handle(&mut grants, &handle).unwrap();
    assert_eq!(Grant::by_handle(&mut grants, &handle).unwrap_err(), NoGrant);
    assert_eq!((grant.session(), *grant.handle()), (3, handle));
}
