//! What is secret is not printed, and the code that touches it has no table, division or early exit in sight.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that fails panics")]

use offline_reset::*;

const D: [u8; 32] = *b"a device key that must not print";

/// SEC-2: no secret in any `Debug`.
#[test]
fn debug_shows_no_secret() {
    let key = DeviceKey::new(&D);
    let root = RootKey::new(&D);
    let serial = Serial::new("SEC2").unwrap();
    let header = Header::new(Purpose::AccountPassword, Epoch::ZERO, Origin::Local, true);
    let challenge = hazmat::challenge(serial, header, [1, 2, 3, 4, 5]);
    let address = Address::new("owner@example.nl").unwrap();
    let text = hazmat::write_qr(&key, &challenge, Some(address), Rendering::App).unwrap();
    let qr = QrChallenge::read(text.as_str()).unwrap();
    let opened = qr.verify(&key).unwrap();
    let code = opened.genuine().answer(Term::SecureCode1H);
    let digits = code.reveal().to_string();
    let printed = format!("{key:?} {root:?} {code:?} {qr:?} {opened:?} {:?} {:?}", opened.genuine(), opened.address());
    for part in printed.split([' ', '"', ',', '(', ')', '{', '}', '[', ']']) {
        assert!(!part.contains("owner") && !part.contains("device key"), "{printed}");
        assert_ne!(part, digits);
    }
    assert!(!printed.contains("97, 32, 100"), "the key's bytes: {printed}");
    assert!(printed.starts_with("DeviceKey(..) RootKey(..) Code(..)"));
}

/// KEY-2: equal messages under different domains have nothing in common.
#[test]
fn domains_are_separate() {
    let key = DeviceKey::new(&D);
    let macs: Vec<_> = (1..=6).map(|t| hazmat::f(&key, t, &[0; 7])).collect();
    for (i, a) in macs.iter().enumerate() {
        assert!(macs.iter().skip(i + 1).all(|b| a != b));
    }
}

/// SEC-1, as far as the source shows it: the functions that format and compare a secret have no division, remainder, `if`, `match`,
/// early exit or index in their bodies. (That the machine code is so as well is for valgrind to say.)
#[test]
fn secret_functions_are_straight() {
    let source = include_str!("../src/code.rs");
    for name in ["fn damm_secret(", "fn ten_digits(", "fn number(x", "fn is_right("] {
        let body = body(source, name);
        for forbidden in [" / ", " % ", "if ", "match ", "return", "&& ", "|| ", "DAMM[", ".get(", "?;"] {
            assert!(!body.contains(forbidden), "{name} has {forbidden:?}");
        }
    }
    // the same question about a function that is not straight
    assert!(body(source, "fn damm_typed(").contains(".get("));
}

fn body<'s>(source: &'s str, name: &str) -> &'s str {
    let start = source.find(name).unwrap_or_else(|| panic!("{name} is not there"));
    let end = source[start..].find("\n    }\n").or_else(|| source[start..].find("\n}\n")).unwrap();
    let end = source[start..].find("\n}\n").map_or(end, |other| end.min(other));
    &source[start..start + end]
}

trait NotClone<A> {
    fn holds() {}
}
impl<T: ?Sized> NotClone<()> for T {}
impl<T: Clone> NotClone<u8> for T {}

trait NotInto<A> {
    fn holds() {}
}
impl<T: ?Sized> NotInto<()> for T {}
impl<T: Into<TypedChallenge>> NotInto<u8> for T {}

/// COR-2, SES-14, SES-8: what must not be copied or converted is not. Each line is ambiguous, and does not compile, if the type has the trait.
#[test]
fn types_have_no_way_around() {
    <Grant as NotClone<_>>::holds();
    <Reset as NotClone<_>>::holds();
    <Ledger as NotClone<_>>::holds();
    <DeviceKey as NotClone<_>>::holds();
    <RootKey as NotClone<_>>::holds();
    <Code as NotClone<_>>::holds();
    <Attempt<'_> as NotClone<_>>::holds();
    <Clearing<'_> as NotClone<_>>::holds();

    <Candidate as NotInto<_>>::holds();

    assert!(size_of::<Ledger>() + size_of::<DeviceKey>() <= MAX_STATE);
}

/// Reading aloud: every character that can be written has a word in both languages, and no two have the same.
#[test]
fn every_character_has_a_word() {
    for language in [Language::English, Language::Dutch] {
        let words: std::collections::BTreeSet<_> = ('0'..='9').chain('A'..='Z').map(|ch| spell(ch, language).unwrap()).collect();
        assert_eq!(words.len(), 36);
        assert_eq!(spell('-', language), None);
    }
    assert_eq!(spell('q', Language::Dutch), Some("Quotiënt"));
}
