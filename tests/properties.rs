//! The properties of SPEC.md, over random inputs: round trips, tolerance, injectivity, and a ledger that never refunds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that fails panics")]

use offline_reset::hazmat;
use offline_reset::*;
use proptest::prelude::*;

fn serial() -> impl Strategy<Value = Serial> {
    "[A-Z0-9]{1,20}".prop_map(|text| Serial::new(&text).unwrap())
}

fn origin() -> impl Strategy<Value = Origin> {
    prop_oneof![Just(Origin::Local), Just(Origin::Network)]
}

fn purpose() -> impl Strategy<Value = Purpose> {
    prop_oneof![Just(Purpose::AccountPassword), Just(Purpose::UnlockPattern), Just(Purpose::FactoryReset)]
}

fn header() -> impl Strategy<Value = Header> {
    (purpose(), 0u8..8, origin(), any::<bool>()).prop_map(|(p, e, o, mail)| Header::new(p, Epoch::new(e).unwrap(), o, mail))
}

fn challenge() -> impl Strategy<Value = Challenge> {
    (serial(), header(), any::<[u8; 5]>()).prop_map(|(serial, header, nonce)| hazmat::challenge(serial, header, nonce))
}

fn key() -> impl Strategy<Value = DeviceKey> {
    any::<[u8; 32]>().prop_map(|mut d| DeviceKey::derived(&mut d).unwrap())
}

fn term() -> impl Strategy<Value = Term> {
    proptest::sample::select(Term::ALL.to_vec())
}

fn address() -> impl Strategy<Value = String> {
    "[A-Za-z0-9]([A-Za-z0-9_+-]{0,20}[.][A-Za-z0-9_+-]{1,20})?@([a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?[.]){0,5}[A-Za-z]([a-z0-9-]{0,61}[a-z0-9])?"
}

/// What a hand, a chat program or a keyboard may do to a challenge without changing it (CHL-5).
fn disguise(text: &str, how: &[u8]) -> String {
    let mut out = String::new();
    let symbols = text.char_indices().rev().filter(|(_, ch)| *ch != '-').nth(19).map_or(0, |(i, _)| i);
    for ((i, ch), how) in text.char_indices().zip(how.iter().cycle()) {
        match how % 8 {
            0 => out.extend(ch.to_lowercase()),
            1 if ch == '-' => {}
            2 if ch != '-' => out.push(char::from_u32(u32::from(ch) + 0xfee0).unwrap()),
            3 => out.extend([ch, '\u{200b}']),
            4 => out.extend(['\u{2013}', ' ', ch]),
            5 if i >= symbols && ch == '0' => out.push('o'),
            6 if i >= symbols && ch == '1' => out.push('l'),
            7 if i >= symbols && ch == '1' => out.push('I'),
            _ => out.push(ch),
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_challenge_reads_back(key in key(), challenge in challenge(), how in any::<[u8; 44]>()) {
        let text = hazmat::write_challenge(&key, &challenge);
        let read = TypedChallenge::read(text.as_str()).unwrap();
        prop_assert_eq!(read.claimed(), &challenge);
        prop_assert_eq!(read.text(), text);
        prop_assert!(read.verify(&key).is_ok());
        let disguised = disguise(text.as_str(), &how);
        prop_assert_eq!(TypedChallenge::read(&disguised), Ok(read), "{}", disguised);
    }

    #[test]
    fn different_challenges_have_different_texts(key in key(), a in challenge(), b in challenge()) {
        let same = hazmat::write_challenge(&key, &a) == hazmat::write_challenge(&key, &b);
        prop_assert_eq!(same, a == b);
    }

    #[test]
    fn another_key_verifies_nothing(key in key(), other in key(), challenge in challenge()) {
        let read = TypedChallenge::read(hazmat::write_challenge(&key, &challenge).as_str()).unwrap();
        prop_assume!(hazmat::tag(&key, &challenge) != hazmat::tag(&other, &challenge));
        prop_assert_eq!(read.verify(&other).unwrap_err(), NotGenuine);
    }

    #[test]
    fn three_wrong_characters_are_seen(key in key(), challenge in challenge(),
                                       wrong in proptest::collection::vec((0usize..40, "[0-9A-HJKMNP-TV-Z]"), 1..4)) {
        let text = hazmat::write_challenge(&key, &challenge).as_str().replace('-', "");
        let mut changed = text.clone().into_bytes();
        for (at, ch) in wrong {
            let at = at % changed.len();
            changed[at] = ch.as_bytes()[0];
        }
        let changed = String::from_utf8(changed).unwrap();
        prop_assert_eq!(TypedChallenge::read(&changed).is_ok(), changed == text);
    }

    #[test]
    fn a_code_reads_back_and_one_slip_is_seen(key in key(), challenge in challenge(), term in term(), at in 0usize..12, digit in 0u8..10) {
        let code = hazmat::answer(&key, &challenge, term);
        let seed = hazmat::seed(*challenge.nonce().bytes());
        let digits = hazmat::read_code(code.reveal()).unwrap();
        prop_assert_eq!(digits[0], term.k());
        prop_assert_eq!(hazmat::damm(seed, &digits), 0);
        let mut wrong = digits;
        wrong[at] = digit;
        prop_assert_eq!(hazmat::damm(seed, &wrong) == 0, wrong == digits);
        let mut exchanged = digits;
        exchanged.swap(at, (at + 1).min(11));
        prop_assert_eq!(hazmat::damm(seed, &exchanged) == 0, exchanged == digits);
    }

    #[test]
    fn a_qr_reads_back(key in key(), challenge in challenge(), address in address(), url in any::<bool>()) {
        let address = challenge.header().address_on_file().then(|| Address::new(&address).unwrap());
        let rendering = if url { Rendering::Url(Url::new("HTTPS://RESET.EXAMPLE/R/").unwrap()) } else { Rendering::App };
        let text = hazmat::write_qr(&key, &challenge, address, rendering).unwrap();
        for text in [text.as_str().to_string(), format!(" {}\r\n", text.as_str().to_lowercase())] {
            let read = QrChallenge::read(&text).unwrap();
            prop_assert_eq!(read.claimed(), &challenge);
            let genuine = read.verify(&key).unwrap();
            let expected = address.map_or(UnsealedAddress::NoneOnFile, UnsealedAddress::OnFile);
            prop_assert_eq!(genuine.address(), expected);
        }
        // ISS-2: the typed challenge of the same header and nonce has the same code
        let typed = TypedChallenge::read(hazmat::write_challenge(&key, &challenge).as_str()).unwrap();
        let qr = QrChallenge::read(text.as_str()).unwrap();
        let (typed, qr) = (typed.verify(&key).unwrap(), qr.verify(&key).unwrap());
        for term in Term::ALL {
            let (a, b) = (typed.answer(term), qr.genuine().answer(term));
            prop_assert_eq!(a.reveal(), b.reveal());
        }
    }

    /// ERR-1: every text ends in a result or an error, and errors point into the text.
    #[test]
    fn any_text_is_answered(text in prop_oneof![".{0,300}", "[0-9A-Za-z \\-?\u{2013}\u{200b}]{0,60}", "ORP1:[0-9A-Z]{0,500}"]) {
        let chars = text.chars().count();
        if let Err(ReadError::Alphabet { position }) = TypedChallenge::read(&text) {
            prop_assert!(position < chars);
        }
        if let Err(CodeError::Alphabet { position }) = hazmat::read_code(&text) {
            prop_assert!(position < chars);
        }
        if let Err(QrError::Alphabet { position }) = QrChallenge::read(&text) {
            prop_assert!(position < chars);
        }
        let _ = Address::new(&text).map(|address| address.masked());
        let _ = (Serial::new(&text), Url::new(&text));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// COR-1: what was sent is among the candidates, and every candidate reads.
    #[test]
    fn corrections_find_what_was_sent(key in key(), challenge in challenge(), slip in 0usize..5, a in 0usize..40, b in 0usize..40, ch in "[0-9A-HJKMNP-TV-Z]") {
        let sent = hazmat::write_challenge(&key, &challenge);
        let mut text: Vec<char> = sent.as_str().replace('-', "").chars().collect();
        let (a, b, ch) = (a % text.len(), b % text.len(), ch.chars().next().unwrap());
        match slip {
            0 => text[a] = ch,
            1 => (text[a], text[b]) = (ch, ch),
            2 => drop(text.remove(a)),
            3 => text.insert(a, ch),
            _ => (text[a], text[b]) = ('?', '?'),
        }
        let text: String = text.into_iter().collect();
        let Ok(found) = corrections(&text) else {
            prop_assert!(!(21..=40).contains(&text.len()), "{}", text);
            return Ok(());
        };
        let found: Vec<_> = found.collect();
        prop_assert!(found.len() <= MAX_CANDIDATES);
        if TypedChallenge::read(&text).is_err() {
            prop_assert!(found.iter().any(|candidate| candidate.text() == sent), "{} {:?}", text, found);
        }
        for candidate in found {
            prop_assert_eq!(TypedChallenge::read(candidate.text().as_str()), Ok(candidate.confirmed_by_a_person()));
        }
    }
}

/// What may happen to a device.
#[derive(Clone, Debug)]
enum Event {
    Open(Origin, Purpose, bool),
    Guess { origin: Origin, right: bool, term: Term },
    Close(bool),
    Withdraw,
    Login,
    AllowAgain,
    Reboot,
    Pass(u64),
    Back(u64),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => (origin(), purpose(), any::<bool>()).prop_map(|(o, p, m)| Event::Open(o, p, m)),
        12 => (origin(), proptest::bool::weighted(0.05), term()).prop_map(|(origin, right, term)| Event::Guess { origin, right, term }),
        1 => any::<bool>().prop_map(Event::Close),
        1 => Just(Event::Withdraw),
        1 => prop_oneof![Just(Event::Login), Just(Event::AllowAgain), Just(Event::Pass(90_000))],
        2 => Just(Event::Reboot),
        8 => (0u64..4000).prop_map(Event::Pass),
        1 => (0u64..100).prop_map(Event::Back),
    ]
}

/// How a store goes: well, not at all, or torn after some bytes; and whether the power goes with it.
fn store() -> impl Strategy<Value = (Option<usize>, bool)> {
    prop_oneof![9 => Just((None, false)), 1 => (0usize..=32, any::<bool>()).prop_map(|(n, cut)| (Some(n), cut))]
}

struct World {
    key: DeviceKey,
    device: Device,
    flash: Slots,
    now: u64,
}

impl World {
    fn load(&self) -> Ledger {
        Ledger::load(&self.key, self.device, &self.flash, Uptime::from_secs(self.now)).0
    }

    /// Failures as they are durable now.
    fn durable(&self) -> [u8; 2] {
        let (hazmat::Fields { local, network, .. }, _) = hazmat::load_record(&self.key, &self.flash);
        [local, network]
    }

    fn write(&mut self, slot: Slot, record: &[u8; 32], torn: Option<usize>) {
        let n = torn.unwrap_or(32);
        self.flash[slot.index()][..n].copy_from_slice(&record[..n]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// P4, LED-8, SES-9: whatever happens, durable failures fall only by a success or an administrator, every comparison was counted
    /// before it, and no wait gets shorter by anything but time.
    #[test]
    fn the_ledger_never_refunds(d in any::<[u8; 32]>(), events in proptest::collection::vec((event(), store(), store()), 1..120)) {
        let key = DeviceKey::derived(&mut d.to_vec()).unwrap();
        let device = Device { serial: Serial::new("PROPERTY1").unwrap(), epoch: Epoch::ZERO, policy: Policy::default().with_methods(Origin::Network, Methods::Both) };
        let flash = [Ledger::genesis(&key), [0xff; 32]];
        let mut world = World { key, device, flash, now: 1 };
        let mut ledger = world.load();
        let mut live: [Option<Challenge>; 2] = [None, None];
        let mut granted: Vec<[u8; 5]> = Vec::new();
        for (event, first, second) in events {
            let before = world.durable();
            let waits = [Origin::Local, Origin::Network].map(|o| ledger.standing(o, Uptime::from_secs(world.now)));
            let (mut may_clear, mut waived, mut lower) = (false, None, None);
            let mut reboot = false;
            match event {
                Event::Pass(seconds) => world.now += seconds,
                Event::Back(seconds) => world.now = world.now.saturating_sub(seconds),
                Event::Close(keep) => {
                    ledger.close(if keep { Closing::Keep } else { Closing::Withdraw }).unwrap();
                }
                Event::Withdraw => ledger.withdraw().unwrap(),
                Event::Reboot => reboot = true,
                Event::Open(origin, purpose, mail) => {
                    let slots = world.flash;
                    let request = Request { purpose, address_on_file: mail };
                    match ledger.open(&world.key, origin, request, &[0; 32], Uptime::from_secs(world.now), &slots) {
                        Ok(Opened::Shown(shown)) => live[origin as usize] = Some(*shown.challenge()),
                        Ok(Opened::Store(step)) => {
                            world.write(step.slot(), &step.record().clone(), first.0);
                            if first.1 {
                                reboot = true;
                            } else if let Ok(shown) = step.show(&world.key, &world.flash) {
                                live[origin as usize] = Some(*shown.challenge());
                            }
                        }
                        Err(_) => {}
                    }
                }
                Event::Login | Event::AllowAgain => {
                    let (slots, now) = (world.flash, Uptime::from_secs(world.now));
                    let allow = matches!(event, Event::AllowAgain);
                    waived = Some(if allow { Origin::Network } else { Origin::Local });
                    let lowered = if allow { ledger.allow_again(&world.key, now, &slots) } else { ledger.admin_login(&world.key, now, &slots) };
                    if let Ok(Lowered::Store(step)) = lowered {
                        world.write(step.slot(), &step.record().clone(), first.0);
                        may_clear = true;
                        lower = waived.map(|origin| (origin, if allow { 80 } else { 0 }));
                        if first.1 {
                            reboot = true;
                        } else {
                            let _ = step.lowered(&world.flash);
                        }
                    }
                }
                Event::Guess { origin, right, term } => {
                    let Some(challenge) = live[origin as usize] else { continue };
                    let text = code(&world.key, &challenge, term, right);
                    let slots = world.flash;
                    if let Ok(attempt) = ledger.submit(&world.key, origin, world.now as u32, &text, Uptime::from_secs(world.now), &slots) {
                        world.write(attempt.slot(), &attempt.record().clone(), first.0);
                        if first.1 {
                            reboot = true;
                        } else {
                            let compared = attempt.compare(&world.key, &world.flash);
                            if compared.is_ok() {
                                let counted = world.durable()[origin as usize];
                                prop_assert_eq!(counted, before[origin as usize].saturating_add(1), "compared, and not counted");
                            }
                            match compared {
                                Ok(Compared::Matched(step)) => {
                                    prop_assert!(right);
                                    world.write(step.slot(), &step.record().clone(), second.0);
                                    may_clear = true;
                                    if second.1 {
                                        reboot = true;
                                    } else if step.grant(&world.key, &world.flash).is_ok() {
                                        prop_assert!(!granted.contains(challenge.nonce().bytes()), "two Grants for one challenge");
                                        granted.push(*challenge.nonce().bytes());
                                    }
                                }
                                Ok(Compared::Rejected(_)) => prop_assert!(!right),
                                Err(_) => {}
                            }
                        }
                    }
                }
            }
            if reboot || ledger.is_poisoned() {
                world.now = if reboot { 1 } else { world.now };
                ledger = world.load();
                live = [None, None];
            }
            let after = world.durable();
            for origin in [Origin::Local, Origin::Network] {
                let o = origin as usize;
                if let Some((at, to)) = lower {
                    prop_assert!(after[o] == before[o] || at == origin && after[o] == to, "an administrator lowers one count, to one value");
                }
                if !may_clear && waived != Some(origin) {
                    prop_assert!(after[o] >= before[o], "a failure was refunded");
                    let wait = ledger.standing(origin, Uptime::from_secs(world.now));
                    let shorter = match (waits[o], wait) {
                        (_, Standing::Stopped) | (Standing::Ready, _) => false,
                        (Standing::Stopped, _) => true,
                        (Standing::Waiting { remaining: was }, Standing::Waiting { remaining: is }) =>
                            !matches!(event, Event::Pass(_)) && is < was,
                        (Standing::Waiting { .. }, Standing::Ready) => !matches!(event, Event::Pass(_)),
                    };
                    prop_assert!(!shorter, "a wait became shorter");
                }
            }
        }
    }
}

/// The right code, or one of the same check digit that is wrong.
fn code(key: &DeviceKey, challenge: &Challenge, term: Term, right: bool) -> String {
    let code = hazmat::answer(key, challenge, term);
    let mut digits = hazmat::read_code(code.reveal()).unwrap();
    if !right {
        digits[4] = (digits[4] + 1) % 10;
        let seed = hazmat::seed(*challenge.nonce().bytes());
        digits[11] = hazmat::damm(seed, &digits[..11]);
    }
    digits.iter().map(|d| char::from(b'0' + d)).collect()
}
