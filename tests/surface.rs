//! What no vector can hold: the maxima as constants, what `Display` and `Debug` say, and the small accessors.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that fails panics")]

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Display;
use std::time::Duration;

use offline_reset::*;

const D: [u8; 32] = [9; 32];
const REQUEST: Request = Request { purpose: Purpose::UnlockPattern, address_on_file: true };

fn at(seconds: u64) -> Uptime {
    Uptime::from_secs(seconds)
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn device() -> Device {
    let policy = Policy::default().with_cap(secs(86400)).unwrap();
    Device { serial: Serial::new("SURFACE").unwrap(), epoch: Epoch::new(5).unwrap(), policy }
}

fn challenge(address_on_file: bool) -> Challenge {
    let header = Header::new(Purpose::UnlockPattern, Epoch::new(5).unwrap(), Origin::Network, address_on_file);
    hazmat::challenge(Serial::new("SURFACE").unwrap(), header, [0, 0x1f, 2, 0xf3, 4])
}

/// A device whose local screen shows a challenge, loaded at 5 and opened at 7.
fn opened() -> (DeviceKey, Slots, Ledger, Shown) {
    let key = DeviceKey::derived(&mut D.to_vec()).unwrap();
    let mut flash = [Ledger::genesis(&key), [0xff; 32]];
    let (mut ledger, _) = Ledger::load(&key, device(), &flash, at(5));
    let slots = flash;
    let Opened::Store(step) = ledger.open(&key, Origin::Local, REQUEST, &[1; 32], at(7), &slots).unwrap() else { panic!() };
    flash[step.slot().index()] = *step.record();
    let shown = step.show(&key, &flash).unwrap();
    (key, flash, ledger, shown)
}

fn code(key: &DeviceKey, challenge: &Challenge) -> String {
    hazmat::answer(key, challenge, Term::DynamicPassword1H).reveal().into()
}

/// SPEC.md §18.6, and the times of §10.
#[test]
fn the_maxima_are_those_of_the_registry() {
    assert_eq!((MAX_SERIAL, MAX_CHALLENGE_TEXT, MAX_CHALLENGE_INPUT, MAX_CODE_INPUT), (20, 44, 256, 128));
    assert_eq!((MAX_ADDRESS, MAX_MASKED, MAX_URL, MAX_QR_TEXT, MAX_QR_INPUT), (254, 73, 96, 575, 640));
    assert_eq!(
        (MAX_CANDIDATES, MAX_UNREADABLE, SEALED_RECORD, MAX_STATE, NETWORK_STOP, RootMessage::MAX, HANDLE),
        (4, 4, 32, 256, 100, 26, 16)
    );
    assert_eq!((MAX_VALIDITY, OPEN_INTERVAL, GRANT_VALIDITY), (secs(259_200), secs(10), secs(600)));
}

#[test]
fn words_are_padded_as_asked() {
    let words: Vec<String> = Purpose::ALL.iter().map(|purpose| format!("[{purpose:^18}]")).collect();
    assert_eq!(words, ["[ account password ]", "[  unlock pattern  ]", "[  factory reset   ]"]);
    assert_eq!(format!("[{:>13}{:<8}]", Origin::Local, Origin::Network), "[ local screennetwork ]");
    assert_eq!(format!("[{:>17}{:<12}]", Method::DynamicPassword, Method::SecureCode), "[ dynamic passwordsecure code ]");
    let serial: Serial = "SURFACE".parse().unwrap();
    assert_eq!((format!("[{serial:>8}]"), format!("{serial:?}"), serial.as_ref()), ("[ SURFACE]".into(), "\"SURFACE\"".into(), "SURFACE"));
    assert_eq!("surface".parse::<Serial>(), Err(InvalidSerial));
    let text = Address::new("jan@example.nl").unwrap().masked();
    assert_eq!(
        (format!("[{text:<13}]"), format!("{text:?}"), text.as_ref()),
        ("[j***@e***.nl ]".into(), "\"j***@e***.nl\"".into(), "j***@e***.nl")
    );
}

/// Logs are read by many: the public fields, and of an address only its mask.
#[test]
fn debug_says_what_is_public() {
    let key = DeviceKey::derived(&mut D.to_vec()).unwrap();
    let header = "Header { purpose: UnlockPattern, epoch: 5, origin: Network, address_on_file: true }";
    let printed = format!("Challenge {{ serial: \"SURFACE\", header: {header}, nonce: Nonce(001f02f304) }}");
    let challenge = challenge(true);
    assert_eq!(format!("{challenge:?}"), printed);
    assert_eq!(challenge.nonce().to_string(), "001f02f304");

    let address = Address::new("jan@example.nl").unwrap();
    assert_eq!((format!("{address:?}"), address.as_str()), ("Address(j***@e***.nl)".into(), "jan@example.nl"));
    let text = hazmat::write_qr(&key, &challenge, Some(address), Rendering::App).unwrap();
    let qr = QrChallenge::read(text.as_str()).unwrap();
    assert_eq!(format!("{qr:?}"), format!("QrChallenge {{ challenge: {printed}, .. }}"));
    let genuine = qr.verify(&key).unwrap();
    assert_eq!(format!("{:?}", genuine.genuine()), format!("Genuine {{ challenge: {printed}, .. }}"));
    assert_eq!(format!("{genuine:?}"), format!("GenuineQr {{ genuine: Genuine {{ challenge: {printed}, .. }}, .. }}"));
    assert_eq!(genuine.genuine().challenge(), &challenge);

    let (tag, sealed) = hazmat::qr_parts(&qr);
    let open = hazmat::unseal_address(&key, &challenge, tag, sealed).unwrap();
    assert_eq!(format!("{open:?} {:?}", hazmat::output(&key, 2, b"")), "Unsealed(..) Some(Output(..))");

    let (_, _, ledger, _) = opened();
    let record = "Record { seq: 2, boots: 1, resets: 0, fail: PerOrigin { local: 0, network: 0 } }";
    assert_eq!(format!("{ledger:?}"), format!("Ledger {{ record: {record}, slot: B, .. }}"));
}

/// Errors are for logs and for other errors to end with: lower case, no full stop, no two alike in an enum.
#[test]
fn errors_speak_alike() {
    fn speak<E: Display>(errors: &[E]) -> Vec<String> {
        let said: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(said.iter().collect::<BTreeSet<_>>().len(), said.len(), "{said:?}");
        for text in &said {
            assert!(!text.ends_with('.') && !text.starts_with(char::is_uppercase) && !text.is_empty(), "{text}");
        }
        said
    }
    let alphabet = ReadError::Alphabet { position: 4 };
    let read = [ReadError::Empty, ReadError::TooLong { limit: 256 }, alphabet, ReadError::WrongKind, ReadError::Length { found: 3 }];
    assert_eq!(speak(&read)[1..3], ["longer than 256 bytes", "character 5 is not allowed here"]);
    assert_eq!(speak(&[ReceivedError::Typed(alphabet), ReceivedError::Qr(QrError::Empty)])[0], "character 5 is not allowed here");
    let submit = [SubmitError::Read(CodeError::Length { found: 3 }), SubmitError::Stopped, SubmitError::Waiting { remaining: secs(61) }];
    assert_eq!(speak(&submit)[2], "codes are taken again in 61 s");
    assert_eq!(speak(&[OpenError::TooSoon { remaining: secs(9) }, OpenError::Busy])[0], "a new challenge can be made in 9 s");
    speak(&[StoreError::Stale, StoreError::StoreFailed, StoreError::Pending, StoreError::NotPending, StoreError::Poisoned]);
    let keys = [KeyError::Length { found: 31 }, KeyError::Blank, KeyError::Demonstration, KeyError::Check];
    assert_eq!(speak(&keys)[0], "a key is 32 bytes, not 31");
    assert_eq!(
        (speak(&[NoGrant]), speak(&[ReservedK])),
        (vec!["there is no such permission".into()], vec!["no code begins with this digit".into()])
    );
    speak(&[CorrectionsError::Ambiguous, CorrectionsError::Unreadable { found: 5 }]);
    assert_eq!((OpenError::Busy.store_error(), SubmitError::Stopped.store_error()), (None, None));
    assert_eq!(OpenError::from(StoreError::Stale).store_error(), Some(StoreError::Stale));
    assert_eq!(SubmitError::from(CodeError::Empty), SubmitError::Read(CodeError::Empty));
    assert_eq!((VerifyError::from(NotGenuine).name(), VerifyError::from(InvalidAddress).name()), ("tag", "address"));
}

/// Those that hold another error have it as their source.
#[test]
fn errors_have_their_source() {
    fn inside(error: &dyn Error) -> Option<String> {
        error.source().map(ToString::to_string)
    }
    let (read, code, store) = (ReadError::Check, CodeError::Empty, StoreError::Stale);
    let holders: [(&dyn Error, &dyn Error); 5] = [
        (&ReceivedError::Typed(read), &read),
        (&ReceivedError::Qr(QrError::Padding), &QrError::Padding),
        (&SubmitError::Read(code), &code),
        (&SubmitError::Store(store), &store),
        (&OpenError::Store(store), &store),
    ];
    for (holder, held) in holders {
        assert_eq!((inside(holder), inside(held)), (Some(held.to_string()), None));
    }
    assert_eq!((inside(&SubmitError::Check), inside(&OpenError::Busy), inside(&Rejected)), (None, None, None));
    assert_eq!((ReceivedError::from(read).name(), ReceivedError::from(QrError::Padding).name()), ("check", "padding"));
}

/// What each error says is what tests/texts.md says of it: two that were exchanged differ. Read off the declarations, one a line.
#[test]
fn errors_say_what_is_listed() {
    let (source, listed) = (include_str!("../src/error.rs"), include_str!("texts.md"));
    let (mut of, mut said) = (String::new(), Vec::new());
    for line in source.lines() {
        let name: String = line.trim_start().chars().take_while(char::is_ascii_alphanumeric).collect();
        if let Some((_, texts)) = line.split_once("=> \"") {
            let (spec, text) = texts.split_once("\", \"").unwrap();
            let text = text.rsplit_once('"').unwrap().0;
            said.push(if line.starts_with("     ") {
                format!("| `{of}::{name}` | `{spec}` | {text} |")
            } else {
                format!("| `{name}` | `{spec}` | {text} |")
            });
        } else if line.starts_with("    ") && line.ends_with(" {") {
            of = name;
        }
    }
    let rows = listed.lines().skip_while(|line| !line.starts_with("| error ")).skip(2);
    assert_eq!(said, rows.collect::<Vec<_>>());
}

#[test]
fn candidates_are_counted_and_end() {
    let key = DeviceKey::derived(&mut D.to_vec()).unwrap();
    let challenge = challenge(false);
    let text = hazmat::write_challenge(&key, &challenge);
    let mistyped = text.as_str().replacen("SURFACE", "SURF?CE", 1);
    let mut found = corrections(&mistyped).unwrap();
    assert_eq!((found.len(), found.size_hint()), (1, (1, Some(1))));
    let candidate = found.next().unwrap();
    assert_eq!((found.len(), found.size_hint()), (0, (0, Some(0))));
    assert!(found.next().is_none() && found.next().is_none());
    assert_eq!(candidate.serial().as_str(), "SURFACE");
    assert_eq!((format!("{candidate:?}"), candidate.text()), (format!("Candidate({text:?})"), text));
}

/// COR-1: a tolerated letter counts as the symbol that it is read as, also where the symbols begin.
#[test]
fn a_tolerated_letter_can_be_the_wrong_one() {
    let key = DeviceKey::derived(&mut D.to_vec()).unwrap();
    let text = hazmat::write_challenge(&key, &challenge(false));
    for letter in ["I", "L", "O", "i"] {
        let mistyped = text.as_str().replacen("-9", &format!("-{letter}"), 1); // the first symbol: version and purpose
        assert_ne!(mistyped, text.as_str());
        assert!(corrections(&mistyped).unwrap().any(|candidate| candidate.text() == text), "{mistyped}");
    }
}

/// After five wrong codes what is shown again says how long the wait is.
#[test]
fn what_is_shown_again_says_the_wait() {
    let (key, mut flash, mut ledger, shown) = opened();
    let stranger = DeviceKey::derived(&mut [1; 32].to_vec()).unwrap();
    let wrong = hazmat::answer(&stranger, shown.challenge(), Term::DynamicPassword24H);
    for _ in 0..5 {
        let step = ledger.submit(&key, Origin::Local, 7, wrong.reveal(), at(8), &flash).unwrap();
        flash[step.slot().index()] = *step.record();
        assert!(matches!(step.compare(&key, &flash).unwrap(), Compared::Rejected(_)));
    }
    let again = ledger.show_again(&key, Origin::Local, at(9)).unwrap();
    assert_eq!((again.text(), again.standing()), (shown.text(), Standing::Waiting { remaining: secs(59) }));
}

/// SES-7: every digit counts by itself. Two that are wrong by the same bits are wrong.
#[test]
fn differences_of_two_digits_do_not_cancel() {
    let mut rejected = 0;
    for (i, j, bits) in (1..10).flat_map(|i| (i + 1..11).flat_map(move |j| [1, 2, 4, 8].map(|bits| (i, j, bits)))) {
        let (key, mut flash, mut ledger, shown) = opened();
        let mut digits = hazmat::read_code(hazmat::answer(&key, shown.challenge(), Term::DynamicPassword24H).reveal()).unwrap();
        digits[i] ^= bits;
        digits[j] ^= bits;
        if digits[i] > 9 || digits[j] > 9 {
            continue;
        }
        digits[11] = hazmat::damm(hazmat::seed(*shown.challenge().nonce().bytes()), &digits[..11]);
        let typed: String = digits.iter().map(|&digit| char::from(b'0' + digit)).collect();
        let step = ledger.submit(&key, Origin::Local, 7, &typed, at(8), &flash).unwrap();
        flash[step.slot().index()] = *step.record();
        assert!(matches!(step.compare(&key, &flash).unwrap(), Compared::Rejected(_)), "{typed}");
        rejected += 1;
    }
    assert!(rejected > 90, "{rejected}");
}

/// COR-1: the search has room for every change of the longest challenge, to the last letter of its last place.
#[test]
fn the_last_change_of_the_longest_challenge_is_looked_at() {
    let key = DeviceKey::derived(&mut D.to_vec()).unwrap();
    let serial = Serial::new("ZZZZZZZZZZZZZZZZZZZZ").unwrap();
    let text = (0..=u8::MAX)
        .map(|n| hazmat::write_challenge(&key, &hazmat::challenge(serial, challenge(false).header(), [0, 0, 0, 0, n])))
        .find(|text| text.as_str().ends_with('Z'))
        .unwrap();
    let mistyped = format!("{}0", text.as_str().trim_end_matches('Z'));
    assert_eq!(mistyped.len(), text.as_str().len());
    assert!(corrections(&mistyped).unwrap().any(|candidate| candidate.text() == text), "{text}");
}

/// COR-1: a text too long for any slip is called unreadable all the same, when more than four characters cannot stand where they stand.
#[test]
fn marks_count_before_length() {
    let long = |marks: &str| format!("{}{marks}{}", "A".repeat(30), "0".repeat(15));
    for (marks, error) in [
        ("???UU", CorrectionsError::Unreadable { found: 5 }),
        ("????U", CorrectionsError::Unreadable { found: 5 }),
        ("???U0", CorrectionsError::Length { found: 50 }),
        ("UUUUU", CorrectionsError::Unreadable { found: 5 }),
        ("00000", CorrectionsError::Length { found: 50 }),
    ] {
        assert_eq!(corrections(&long(marks)).unwrap_err(), error, "{marks}");
    }
    let in_the_serial = format!("{}{}", "U".repeat(30), "0".repeat(20)); // where a U can stand
    assert_eq!(corrections(&in_the_serial).unwrap_err(), CorrectionsError::Length { found: 50 });
}

#[test]
fn what_was_sent_says_whose_it_is() {
    let key = DeviceKey::derived(&mut D.to_vec()).unwrap();
    let challenge = challenge(false);
    let qr = hazmat::write_qr(&key, &challenge, None, Rendering::App).unwrap();
    for text in [qr.as_str(), hazmat::write_challenge(&key, &challenge).as_str()] {
        let received = Received::read(text).unwrap();
        assert_eq!(received.claimed(), &challenge);
        assert_eq!(received.claimed().serial().as_str(), "SURFACE");
        assert_eq!(received.claimed().header().epoch().number(), 5);
    }
}

#[test]
fn terms_and_policies_have_their_bounds() {
    for term in Term::ALL {
        assert_eq!(Term::new(term.method(), term.validity()), Some(term));
        assert_eq!(Term::from_k(term.k()), Ok(term));
    }
    assert_eq!(Term::new(Method::SecureCode, MAX_VALIDITY), None);
    assert_eq!((Term::from_k(0), Term::from_k(10)), (Err(ReservedK), Err(ReservedK)));

    let policy = Policy::default();
    assert_eq!(policy.cap(), MAX_VALIDITY);
    assert_eq!((policy.methods(Origin::Local), policy.methods(Origin::Network)), (Methods::Both, Methods::SecureCode));
    assert_eq!(policy.with_cap(Duration::from_millis(1999)).unwrap().cap(), secs(1));
    assert_eq!(policy.with_cap(MAX_VALIDITY), Ok(policy));
    let too_long = MAX_VALIDITY + secs(1);
    for cap in [Duration::ZERO, Duration::from_millis(999), too_long, secs(1 << 32), Duration::MAX] {
        assert_eq!(policy.with_cap(cap), Err(InvalidCap), "{cap:?}");
    }
    assert_eq!(Uptime::from(Duration::from_millis(1999)), at(1));
    assert_eq!(at(1).as_secs(), 1);
}

#[test]
fn what_is_shown_says_until_when() {
    let (key, flash, mut ledger, shown) = opened();
    assert_eq!(ledger.device(), &device());
    assert_eq!(shown.challenge().header(), Header::new(REQUEST.purpose, device().epoch, Origin::Local, true));
    assert_eq!((shown.shown_at(), shown.expires_at(), shown.standing()), (at(7), at(86_407), Standing::Ready));
    assert_eq!(shown.text(), Some(&hazmat::write_challenge(&key, shown.challenge())));
    assert_eq!(shown.qr(&key, None, Rendering::App), Err(MailBitMismatch));
    assert_eq!(ledger.live(Origin::Local, at(86_406)), Some(*shown.challenge()));
    assert_eq!((ledger.live(Origin::Local, at(86_407)), ledger.live(Origin::Network, at(8))), (None, None));
    // the network takes secure codes alone: no text to read aloud, and a day
    let Opened::Shown(network) = ledger.open(&key, Origin::Network, REQUEST, &[2; 32], at(100), &flash).unwrap() else { panic!() };
    assert_eq!((network.text(), network.shown_at(), network.expires_at()), (None, at(100), at(86_500)));
    // a clock of ten seconds before is the same reading, an older one another clock: nothing is live by it, and nothing after it was used
    let lives = |ledger: &Ledger, now| [Origin::Local, Origin::Network].map(|origin| ledger.live(origin, at(now)).is_some());
    assert_eq!([100, 90, 89, 7, 86_406, 86_499, 86_500].map(|now| lives(&ledger, now)[1]), [true, true, false, false, true, true, false]);
    assert_eq!([90, 89, 86_406, 86_407].map(|now| lives(&ledger, now)[0]), [true, false, true, false]);
    assert!(matches!(ledger.admin_login(&key, at(91), &flash), Ok(Lowered::Done)) && lives(&ledger, 100) == [true; 2]);
    assert!(matches!(ledger.admin_login(&key, at(89), &flash), Ok(Lowered::Done)) && lives(&ledger, 100) == [false; 2]);
    let address = Address::new("jan@example.nl").unwrap();
    let qr = network.qr(&key, Some(address), Rendering::App).unwrap();
    assert_eq!(QrChallenge::read(qr.as_str()).unwrap().claimed(), network.challenge());
}

/// A grant says what for, and is good from the moment it was given, not before (SES-14).
#[test]
fn a_grant_is_good_from_its_moment_on() {
    for (now, good) in [(8, false), (9, true), (608, true), (609, false)] {
        let (key, mut flash, mut ledger, shown) = opened();
        let typed = code(&key, shown.challenge());
        let slots = flash;
        let attempt = ledger.submit(&key, Origin::Local, 7, &typed, at(9), &slots).unwrap();
        flash[attempt.slot().index()] = *attempt.record();
        let Compared::Matched(step) = attempt.compare(&key, &flash).unwrap() else { panic!() };
        flash[step.slot().index()] = *step.record();
        let grant = step.grant(&key, &flash).unwrap();
        assert_eq!((grant.purpose(), grant.origin(), grant.session()), (Purpose::UnlockPattern, Origin::Local, 7));
        let reset = grant.consume(at(now)).ok();
        let permitted = reset.map(|reset| (reset.origin(), reset.purpose(), reset.method(), reset.resets(), reset.session()));
        let expected = (Origin::Local, Purpose::UnlockPattern, Method::DynamicPassword, 1, 7);
        assert_eq!(permitted, good.then_some(expected), "{now}");
        assert_eq!(ledger.resets(), 1);
    }
}

#[test]
fn an_unregistered_domain_has_no_value() {
    let key = DeviceKey::derived(&mut D.to_vec()).unwrap();
    assert_eq!((hazmat::f(&key, 0, b""), hazmat::f(&key, 9, b"")), ([0; 32], [0; 32]));
    assert_ne!(hazmat::f(&key, 8, b""), [0; 32]);
}
