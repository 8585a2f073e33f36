//! The three readers of text (SPEC.md §6.3, §8, §11).

use std::cell::RefCell;

use offline_reset::{
    CodeError, Compared, Device, Epoch, Ledger, MAX_CHALLENGE_INPUT, MAX_CODE_INPUT, MAX_QR_INPUT, Opened, Origin, Policy, QrChallenge,
    QrError, ReadError, Serial, SubmitError, Term, TypedChallenge, UnsealedAddress, Uptime, corrections, hazmat,
};

use crate::{AnyPurpose, KEY, base32, from_factory, header_and_nonce, request};

/// A position is one of the text's, and what stands there is not what the reader takes.
fn points_at(text: &str, position: usize, taken: impl Fn(char) -> bool) {
    let ch = text.chars().nth(position).expect("a position in the text");
    assert!(!taken(ch), "{ch:?} is taken");
}

/// # Panics
/// When a promise is broken.
pub fn read_challenge(text: &str) {
    match TypedChallenge::read(text) {
        Ok(read) => {
            assert!(text.len() <= MAX_CHALLENGE_INPUT);
            let canonical = read.text();
            assert_eq!(TypedChallenge::read(canonical.as_str()), Ok(read), "one challenge, one text");
            assert_eq!(canonical.as_str().len(), read.claimed().serial().as_str().len() + 24);
            assert_eq!(corrections(text).map(Iterator::count), Ok(0), "what reads has no corrections");
            assert!(hazmat::read_code(text).is_err(), "a challenge and a code");
            let genuine = hazmat::write_challenge(&KEY, read.claimed()) == canonical;
            assert_eq!(read.verify(&KEY).is_ok(), genuine);
        }
        Err(ReadError::TooLong { limit }) => assert!(limit == MAX_CHALLENGE_INPUT && text.len() > limit),
        Err(ReadError::Alphabet { position }) => points_at(text, position, |ch| ch.is_ascii_alphanumeric() && !matches!(ch, 'u' | 'U')),
        Err(ReadError::WrongKind) => assert!(text.len() > MAX_CODE_INPUT || hazmat::read_code(text).is_ok(), "not a code"),
        Err(ReadError::Length { found }) => assert!(!(21..=40).contains(&found)),
        Err(_) => {}
    }
}

/// # Panics
/// When a promise is broken.
pub fn read_code(text: &str) {
    let read = hazmat::read_code(text);
    match read {
        Ok(digits) => submitted(text, &digits),
        Err(error) => {
            thread_local!(static IDLE: RefCell<Ledger> = RefCell::new(Ledger::load(&KEY, device(), &[[0; 32]; 2], Uptime::from_secs(0)).0));
            let submit = |ledger: &mut Ledger| ledger.submit(&KEY, Origin::Local, 0, text, Uptime::from_secs(0), &[[0; 32]; 2]).map(|_| ());
            let refused = IDLE.with_borrow_mut(submit); // which leaves it as it was
            assert_eq!(refused, Err(SubmitError::Read(error)), "submit reads as the reader does");
            match error {
                CodeError::TooLong { limit } => assert!(limit == MAX_CODE_INPUT && text.len() > limit),
                CodeError::Alphabet { position } => points_at(text, position, |ch| ch.is_ascii_digit()),
                CodeError::Length { found } => assert_ne!(found, 12),
                CodeError::Empty | CodeError::WrongKind => {}
                other => panic!("{other:?} is no error of a code"),
            }
        }
    }
}

fn device() -> Device {
    let serial = Serial::new("FUZZ").expect("a serial");
    Device { serial, epoch: Epoch::ZERO, policy: Policy::default() }
}

/// What reads is either refused for what everybody can see, or counted and then compared.
fn submitted(text: &str, digits: &[u8; 12]) {
    let now = Uptime::from_secs(1);
    let mut flash = from_factory(&KEY);
    let mut ledger = Ledger::load(&KEY, device(), &flash, now).0;
    let slots = flash;
    let asked = request(AnyPurpose::AccountPassword, false);
    let Ok(Opened::Store(step)) = ledger.open(&KEY, Origin::Local, asked, &[0; 32], now, &slots) else {
        panic!("the first challenge has a record")
    };
    flash[step.slot().index()] = *step.record();
    let challenge = *step.show(&KEY, &flash).expect("stored").challenge();
    let seed = hazmat::seed(*challenge.nonce().bytes());
    let slots = flash;
    match ledger.submit(&KEY, Origin::Local, 0, text, now, &slots) {
        Err(SubmitError::Check) => assert_ne!(hazmat::damm(seed, digits), 0),
        Err(SubmitError::ReservedK) => assert_eq!((hazmat::damm(seed, digits), digits[0]), (0, 0)),
        Err(other) => panic!("{other:?}"),
        Ok(attempt) => {
            assert_eq!(hazmat::damm(seed, digits), 0);
            flash[attempt.slot().index()] = *attempt.record();
            let right = Term::from_k(digits[0]).map(|term| hazmat::answer(&KEY, &challenge, term)).expect("k is 1 to 9");
            let right = hazmat::read_code(right.reveal()) == Ok(*digits);
            let compared = attempt.compare(&KEY, &flash).expect("stored");
            assert_eq!(matches!(compared, Compared::Matched(_)), right);
        }
    }
}

/// # Panics
/// When a promise is broken.
pub fn read_qr(text: &str) {
    match QrChallenge::read(text) {
        Ok(read) => {
            assert!(text.len() <= MAX_QR_INPUT);
            let (tag, sealed) = hazmat::qr_parts(&read);
            let (serial, header, nonce) = (read.claimed().serial().as_str(), read.claimed().header(), read.claimed().nonce());
            let payload = [header_and_nonce(header, nonce).as_slice(), &[serial.len() as u8], serial.as_bytes(), tag, sealed].concat();
            let symbols = text.trim_matches(['\t', '\n', '\u{b}', '\u{c}', '\r', ' ']).rsplit([':', '/']).next().expect("after a prefix");
            assert_eq!(symbols.to_ascii_uppercase(), base32(&payload), "one payload, one text");
            let _ = read.verify(&KEY).map(|genuine| matches!(genuine.address(), UnsealedAddress::OnFile(_)));
        }
        Err(QrError::TooLong { limit }) => assert!(limit == MAX_QR_INPUT && text.len() > limit),
        Err(QrError::Alphabet { position }) => points_at(text, position, |ch| ch.is_ascii_alphanumeric() && !"iloILOuU".contains(ch)),
        Err(_) => {}
    }
}
