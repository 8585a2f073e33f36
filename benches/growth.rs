//! How the cost grows: with what is pasted up to the bound and not beyond it, with fleet and sessions not at all.

#![allow(dead_code, reason = "each bench uses a part")]

use offline_reset::{QrChallenge, Received, Term, TypedChallenge, corrections};

use crate::fixture::{Recorder, SERIAL, root};
use crate::row::{Ready, Row, STATED, ready};

/// The rows of a series are equal: the length of what was pasted is beyond the bound, or the parameter is nothing that the library sees.
pub const FLAT: &[&[&str]] = &[
    &["pasted/challenge_257", "pasted/challenge_65536", "pasted/challenge_1048576"],
    &["pasted/correction_257", "pasted/correction_1048576"],
    &["pasted/code_129", "pasted/code_1048576"],
    &["pasted/qr_641", "pasted/qr_1048576"],
    &["pasted/received_641", "pasted/received_1048576"],
    &["pasted/received_url_641", "pasted/received_url_1048576"],
    &["fleet/issue_1", "fleet/issue_1000", "fleet/issue_10000000"],
    &["sessions/verify_1", "sessions/verify_100", "sessions/verify_1000"],
    &["planted/whole_paste_257", "planted/whole_paste_65536"],
];

pub const PASTED: &[Row] = &[
    Row { name: "pasted/challenge_39", ready: || challenge(39), ..STATED },
    Row { name: "pasted/challenge_128", ready: || challenge(128), ..STATED },
    Row { name: "pasted/challenge_256", ready: || challenge(256), ..STATED },
    Row { name: "pasted/challenge_257", ready: || challenge(257), ..STATED },
    Row { name: "pasted/challenge_65536", ready: || challenge(65536), ..STATED },
    Row { name: "pasted/challenge_1048576", ready: || challenge(1 << 20), ..STATED },
    Row { name: "pasted/correction_257", ready: || correction(257), ..STATED },
    Row { name: "pasted/correction_1048576", ready: || correction(1 << 20), ..STATED },
    Row { name: "pasted/code_129", ready: || code(129), ..STATED },
    Row { name: "pasted/code_1048576", ready: || code(1 << 20), ..STATED },
    Row { name: "pasted/qr_641", ready: || qr(641), ..STATED },
    Row { name: "pasted/qr_1048576", ready: || qr(1 << 20), ..STATED },
    Row { name: "pasted/received_641", ready: || received("", 641), ..STATED },
    Row { name: "pasted/received_1048576", ready: || received("", 1 << 20), ..STATED },
    Row { name: "pasted/received_url_641", ready: || received("https://", 641), ..STATED },
    Row { name: "pasted/received_url_1048576", ready: || received("https://", 1 << 20), ..STATED },
];

pub const FLEET: &[Row] = &[
    Row { name: "fleet/issue_1", ready: || issue(&nth_serial(1)), ..STATED },
    Row { name: "fleet/issue_1000", ready: || issue(&nth_serial(1000)), ..STATED },
    Row { name: "fleet/issue_10000000", ready: || issue(&nth_serial(10_000_000)), ..STATED },
];

pub const SESSIONS: &[Row] = &[
    Row { name: "sessions/verify_1", ready: || sessions(1), ..STATED },
    Row { name: "sessions/verify_100", ready: || sessions(100), ..STATED },
    Row { name: "sessions/verify_1000", ready: || sessions(1000), ..STATED },
];

pub fn issue(text: &str) -> Ready {
    ready((root(), Recorder::new(text).challenge()), |(root, challenge)| {
        let key = root.device_key(challenge.claimed().serial()).expect("a product's serial");
        challenge.verify(&key).map(|genuine| genuine.answer(Term::DynamicPassword24H))
    })
}

/// The last of so many devices.
fn nth_serial(n: u32) -> String {
    format!("4H0583B{n:08}")
}

fn filled(text: &str, length: usize) -> String {
    format!("{text}{}", " ".repeat(length - text.len()))
}

fn challenge(length: usize) -> Ready {
    ready(filled(Recorder::new(SERIAL).text(), length), |text| TypedChallenge::read(text))
}

fn correction(length: usize) -> Ready {
    ready(filled(Recorder::new(SERIAL).text(), length), |text| corrections(text).map(|mut found| found.next()))
}

fn code(length: usize) -> Ready {
    let (recorder, code) = Recorder::new(SERIAL).with_right_code();
    ready((recorder, filled(&code, length)), |(recorder, code)| recorder.verify(code))
}

fn qr(length: usize) -> Ready {
    ready(filled("ORP1:810FFN80", length), |text| QrChallenge::read(text))
}

fn received(start: &str, length: usize) -> Ready {
    ready(filled(start, length), |text| Received::read(text))
}

/// One of so many recorders' sessions in one process.
fn sessions(count: usize) -> Ready {
    let recorders: Vec<_> = (0..count).map(|_| Recorder::new(SERIAL)).collect();
    let code = recorders[0].right_code();
    ready((recorders, count / 2, code), |(recorders, which, code)| recorders[*which].verify(code))
}
