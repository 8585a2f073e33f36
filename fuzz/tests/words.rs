//! What values and errors say: something, nothing secret, and the same by every way to them.

use std::fmt::{Debug, Display};
use std::time::Duration;

use offline_reset::{
    Address, Device, DeviceKey, Epoch, GrantExpired, Header, InvalidSerial, Ledger, Method, Origin, Policy, Purpose, QrChallenge, Received,
    Rendering, RootKey, Serial, StoreError, SubmitError, Term, TypedChallenge, Uptime, corrections, hazmat,
};
use offline_reset_fuzz::{D, KEY, from_factory};

const TEXT: &str = "4H0583BPAG12345-80JM5-4YRWN-DBZZC-CYQF5";

fn says(value: &(impl Debug + Display)) {
    assert!(value.to_string().chars().all(|ch| (' '..='~').contains(&ch)) && !value.to_string().is_empty(), "{value:?}");
}

#[test]
fn every_error_says_something() {
    says(&SubmitError::NoChallenge);
    says(&SubmitError::Store(StoreError::Pending));
    says(&SubmitError::Waiting { remaining: Duration::from_secs(61) });
    says(&InvalidSerial);
    says(&GrantExpired);
    for text in ["", "ORP1:", "ORP1:!"] {
        says(&Received::read(text).expect_err("neither"));
    }
}

#[test]
fn every_value_says_something() {
    Purpose::ALL.iter().for_each(says);
    [Origin::Local, Origin::Network].iter().for_each(says);
    [Method::DynamicPassword, Method::SecureCode].iter().for_each(says);
    let typed = TypedChallenge::read(TEXT).expect("as written");
    says(typed.claimed().serial());
    says(&typed.claimed().nonce());
    says(&typed.text());
    assert_eq!(typed.text().as_ref(), TEXT);
    assert_eq!(format!("{:?}", typed.text()), format!("{TEXT:?}"));
    assert_eq!(typed.claimed().serial().as_ref(), "4H0583BPAG12345");
    let candidate = corrections(&TEXT.replace("4H", "5H")).expect("one slip").next().expect("a candidate");
    assert_eq!(candidate.serial(), typed.claimed().serial());
    assert!(format!("{candidate:?}").contains(TEXT));
}

#[test]
fn a_text_is_received_as_what_it_is() {
    let qr = hazmat::write_qr(&KEY, TypedChallenge::read(TEXT).expect("as written").claimed(), None, Rendering::App);
    let qr = Received::read(qr.expect("no address").as_str()).expect("written");
    let typed = Received::read(TEXT).expect("as written");
    assert!(matches!((&qr, &typed), (Received::Qr(_), Received::Typed(_))));
    assert_eq!(qr.claimed(), typed.claimed());
}

#[test]
fn nothing_secret_is_said() {
    let typed = TypedChallenge::read(TEXT).expect("as written");
    let code = hazmat::answer(&KEY, typed.claimed(), Term::DynamicPassword1H);
    let device = Device { serial: *typed.claimed().serial(), epoch: Epoch::ZERO, policy: Policy::default() };
    let ledger = Ledger::load(&KEY, device, &from_factory(&KEY), Uptime::from_secs(0)).0;
    let said = format!("{:?} {:?} {code:?} {ledger:?}", *KEY, RootKey::take(&mut D.clone()));
    let address = Address::new("owner@example.nl").expect("one");
    let mail = hazmat::challenge(*typed.claimed().serial(), Header::new(Purpose::FactoryReset, Epoch::ZERO, Origin::Local, true), [7; 5]);
    let qr = hazmat::write_qr(&KEY, &mail, Some(address), Rendering::App).expect("an address");
    let read = QrChallenge::read(qr.as_str()).expect("written");
    let (t, sealed) = hazmat::qr_parts(&read);
    let opened = hazmat::unseal_address(&KEY, &mail, t, sealed).expect("genuine");
    let said = format!("{said} {address:?} {opened:?} {read:?} {:?}", read.verify(&KEY));
    assert!(!said.contains("owner") && !said.contains("example"), "{said}");
    let secret: Vec<&str> = code.reveal().split('-').collect();
    assert!(secret.iter().all(|group| !said.contains(group)), "{said}");
    assert!(!said.contains(std::str::from_utf8(&D[..8]).expect("ASCII")) && !said.contains("68, 32, 111"), "{said}");
}

#[test]
fn every_way_leads_to_the_same() {
    let (mut d, serial) = (D, Serial::new("FUZZ").expect("a serial"));
    let loaded = DeviceKey::load(&mut d, &serial, &KEY.check_value(&serial)).expect("whole");
    assert_eq!(d, [0; 32], "wiped");
    assert_eq!(hazmat::f(&loaded, 0x02, b"m"), hazmat::f(&KEY, 0x02, b"m"));
    for term in Term::ALL {
        assert_eq!(Term::new(term.method(), term.validity()), Some(term));
    }
    assert_eq!("FUZZ".parse::<Serial>(), Serial::new("FUZZ"));
    assert_eq!(Uptime::from(Duration::from_millis(61_999)), Uptime::from_secs(61));
}
