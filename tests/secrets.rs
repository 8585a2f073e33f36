//! What is secret is not printed and not left behind, and the code that touches it has no table, division or early exit in sight.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that fails panics")]

use std::collections::BTreeSet;
use std::mem::MaybeUninit;
use std::path::Path;

use offline_reset::*;

const D: [u8; 32] = *b"a device key that must not print";

#[test]
fn sec_2_debug_shows_no_secret() {
    let key = DeviceKey::derived(&mut D.to_vec()).unwrap();
    let root = RootKey::take(&mut D.to_vec()).unwrap();
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

/// The bytes of a value, and of the place where it was when it has ended.
fn before_and_after<T>(value: T) -> [Vec<u8>; 2] {
    let mut place = Box::new(MaybeUninit::<T>::zeroed());
    // SAFETY: bytes of the place, one by one: its own, or zeros
    #[expect(unsafe_code, reason = "nothing else looks at what has ended")]
    let bytes =
        |place: &MaybeUninit<T>| (0..size_of::<T>()).map(|i| unsafe { place.as_ptr().cast::<u8>().add(i).read_volatile() }).collect();
    place.write(value);
    let before = bytes(&place);
    // SAFETY: written above, and not used again
    #[expect(unsafe_code, reason = "as above")]
    unsafe {
        place.assume_init_drop();
    }
    [before, bytes(&place)]
}

/// Over several keys: of what differs from one to another, `secret` bytes or nearly, nothing is left when the holder has ended.
fn ends_wiped<T>(name: &str, secret: usize, holder: impl Fn(u8) -> T) -> (&str, usize) {
    let seen: Vec<_> = (1..9).map(|key| before_and_after(holder(key))).collect();
    let differ = |when: usize| (0..size_of::<T>()).filter(|&at| seen.iter().any(|each| each[when][at] != seen[0][when][at])).count();
    assert!(differ(0) >= secret, "{name}: {} bytes of it depend on the key, of {secret}", differ(0));
    (name, differ(1))
}

/// What holds a secret is wiped, all of it, when it ends.
#[test]
fn sec_2_holders_end_wiped() {
    let serial = Serial::new("SEC2").unwrap();
    let header = Header::new(Purpose::AccountPassword, Epoch::ZERO, Origin::Local, true);
    let challenge = hazmat::challenge(serial, header, [1, 2, 3, 4, 5]);
    let keys: Vec<_> = (0..9).map(|key| DeviceKey::derived(&mut [key + 1; 32]).unwrap()).collect();
    let opened = |key: u8| {
        let [local, label, last] = [64, 63, 61].map(|n| String::from(char::from(b'a' + key)).repeat(n));
        let address = format!("{local}@{label}.{label}.{last}");
        let text = hazmat::write_qr(&keys[0], &challenge, Some(Address::new(&address).unwrap()), Rendering::App).unwrap();
        QrChallenge::read(text.as_str()).unwrap()
    };
    let left = [
        ends_wiped("DeviceKey", 64, |key| DeviceKey::derived(&mut [key; 32].to_vec()).unwrap()),
        ends_wiped("RootKey", 64, |key| RootKey::take(&mut [key; 32].to_vec()).unwrap()),
        ends_wiped("Code", 11, |key| hazmat::answer(&keys[usize::from(key)], &challenge, Term::DynamicPassword1H)),
        ends_wiped("Output", 32, |key| hazmat::output(&keys[usize::from(key)], 2, b"m").unwrap()),
        ends_wiped("Grant", 16, |key| grant(&keys[usize::from(key)])),
        ends_wiped("Unsealed", 251, |key| {
            let qr = opened(key);
            let (t, sealed) = hazmat::qr_parts(&qr);
            hazmat::unseal_address(&keys[0], &challenge, t, sealed).unwrap()
        }),
    ];
    assert!(left.iter().all(|(_, left)| *left == 0), "bytes are left: {left:?}");

    // every type of the source that is not Copy is one of those, inside one of those, or holds nothing secret
    let inside = ["Keyed", "Mac", "Handle", "Padded", "GenuineQr"]; // the last is beside what is public
    let session = ["Ledger", "$name", "Resumed", "Lowered", "Opened", "Compared", "Reset"];
    let public = ["Genuine", "Base32", "Corrections", "Places", "Proposals", "TooLong"];
    let known: BTreeSet<_> = left.iter().map(|(name, _)| *name).chain(inside).chain(session).chain(public).collect();
    assert_eq!(not_copied(), known.into_iter().map(str::to_string).collect(), "look at a new holder above; a public one needs to be named");
}

/// A Grant of a device with this key.
fn grant(key: &DeviceKey) -> Grant {
    let device = Device { serial: Serial::new("SEC2").unwrap(), epoch: Epoch::ZERO, policy: Policy::default() };
    let mut flash = [Ledger::genesis(key), [0xff; 32]];
    let (mut ledger, _) = Ledger::load(key, device, &flash, Uptime::from_secs(0));
    let request = Request { purpose: Purpose::AccountPassword, address_on_file: false };
    let Opened::Store(step) = ledger.open(key, Origin::Local, request, &[1; 32], Uptime::from_secs(1), &flash).unwrap() else { panic!() };
    flash[step.slot().index()] = *step.record();
    let code = hazmat::answer(key, step.show(key, &flash).unwrap().challenge(), Term::DynamicPassword1H);
    let step = ledger.submit(key, Origin::Local, 0, code.reveal(), Uptime::from_secs(2), &flash).unwrap();
    flash[step.slot().index()] = *step.record();
    let Compared::Matched(step) = step.compare(key, &flash).unwrap() else { panic!() };
    flash[step.slot().index()] = *step.record();
    step.grant(key, &flash).unwrap()
}

/// The types of src/ that are not `Copy`, and so can have a `Drop`.
fn not_copied() -> BTreeSet<String> {
    let mut places = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut found = BTreeSet::new();
    while let Some(place) = places.pop() {
        if place.is_dir() {
            places.extend(std::fs::read_dir(place).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let (source, mut copied) = (std::fs::read_to_string(place).unwrap(), false);
        for line in source.lines().map(str::trim_start) {
            let words: Vec<_> = line.split(|c: char| c.is_whitespace() || "(<;:{".contains(c)).collect();
            let named =
                words.iter().position(|word| ["struct", "enum", "union"].contains(word)).filter(|_| !line.starts_with(['/', '#', '*']));
            if let Some(at) = named {
                found.extend((!copied).then(|| words[at + 1].to_string()));
            }
            copied = line.starts_with("#[derive(") && line.contains("Copy") || copied && named.is_none() && !line.ends_with('}');
        }
    }
    found
}

/// KEY-2: equal messages under different domains have nothing in common.
#[test]
fn domains_are_separate() {
    let key = DeviceKey::derived(&mut D.to_vec()).unwrap();
    let macs: Vec<_> = (1..=8).map(|t| hazmat::f(&key, t, &[0; 7])).collect();
    for (i, a) in macs.iter().enumerate() {
        assert!(macs.iter().skip(i + 1).all(|b| a != b));
    }
}

/// As far as the source shows it: the functions that format and compare a secret have no division, remainder, `if`, `match`,
/// early exit or index in their bodies. (That the machine code is so as well is for valgrind to say.)
#[test]
fn sec_1_secret_functions_are_straight() {
    let source = concat!(include_str!("../src/code.rs"), include_str!("../src/digits.rs"));
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

/// What must not be copied or converted is not. Each line is ambiguous, and does not compile, if the type has the trait.
#[test]
fn cor_2_ses_8_ses_14_types_have_no_way_around() {
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
        let words: BTreeSet<_> = ('0'..='9').chain('A'..='Z').map(|ch| spell(ch, language).unwrap()).collect();
        assert_eq!(words.len(), 36);
        assert_eq!(spell('-', language), None);
    }
    assert_eq!(spell('q', Language::Dutch), Some("Quotiënt"));
}
