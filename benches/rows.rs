//! What is measured: each row with the compressions that it cannot do without, and its bar.

#![allow(dead_code, reason = "each bench uses a part")]

use offline_reset::{ReadError, Term, TypedChallenge};
use sha2::block_api::compress256;

use crate::fixture::{Recorder, SERIAL, device_key, root, serial, wrong_code};
use crate::growth::{FLEET, PASTED, SESSIONS, issue};
use crate::row::{Ready, Row, STATED, ready};
use crate::wide::{CORRECTIONS, QR};

#[path = "../src/wipe.rs"]
#[allow(dead_code, reason = "the file as the library has it")]
mod wipe;

const OPERATIONS: &[Row] = &[
    Row { name: "compare/wrong", compressions: 2, wipings: 1, instructions: Some(1.04), time: Some(1.30), ready: compare },
    Row { name: "verify/wrong", compressions: 4, wipings: 2, instructions: Some(1.09), time: Some(1.40), ready: verify_wrong },
    Row { name: "verify/right", compressions: 6, wipings: 3, instructions: Some(1.07), time: Some(1.40), ready: verify_right },
    Row { name: "verify/wrong_key_loaded", compressions: 6, wipings: 3, instructions: Some(1.07), time: Some(1.40), ready: loaded_wrong },
    Row { name: "verify/right_key_loaded", compressions: 8, wipings: 4, instructions: Some(1.06), time: Some(1.40), ready: loaded_right },
    Row { name: "issue/software_root", compressions: 8, wipings: 3, instructions: Some(1.09), time: Some(1.40), ready: issue_root },
    Row { name: "issue/hsm", compressions: 6, wipings: 3, instructions: Some(1.11), time: Some(1.40), ready: issue_hsm },
    Row { name: "provision/device_key", compressions: 2, wipings: 1, instructions: Some(1.02), time: Some(1.30), ready: provision },
    Row { name: "wipe/stack", wipings: 1, ready: || ready((), |()| wipe::scrubbed(|| ())), ..STATED },
    Row { name: "read/challenge", instructions: Some(1.0), ready: read, ..STATED },
    Row { name: "read/mistyped", instructions: Some(1.0), ready: mistyped, ..STATED },
];

/// What each check has to find: it is measured beside the others, and stands in no table.
const PLANTED: &[Row] = &[
    Row { name: "planted/compare_with_a_fresh_key", ready: fresh_key, wipings: 2, ..OPERATIONS[0] },
    Row { name: "planted/whole_paste_257", ready: || whole_paste(257), ..STATED },
    Row { name: "planted/whole_paste_65536", ready: || whole_paste(65536), ..STATED },
];

pub fn rows() -> impl Iterator<Item = &'static Row> {
    [OPERATIONS, QR, CORRECTIONS, PASTED, FLEET, SESSIONS, PLANTED].into_iter().flatten()
}

/// The floor: so many compressions of the same backend. As in HMAC each has the state and a part of its block from the one before, here as
/// the words lie in memory.
pub fn floor(compressions: u32) -> Ready {
    fn of<const N: u32>() -> Ready {
        ready(([1u32; 8], [[2u8; 64]]), |(state, blocks)| {
            for _ in 0..N {
                compress256(state, blocks);
                let (words, _) = blocks[0].as_chunks_mut();
                words.iter_mut().zip(&*state).for_each(|(to, from)| *to = from.to_ne_bytes());
            }
        })
    }
    match compressions {
        1 => of::<1>(),
        2 => of::<2>(),
        4 => of::<4>(),
        6 => of::<6>(),
        8 => of::<8>(),
        22 => of::<22>(),
        other => panic!("no floor of {other} compressions"),
    }
}

/// Read back, parse the record, F, digits, decision.
fn compare() -> Ready {
    ready(Recorder::new(SERIAL).submitted(wrong_code()), |Recorder { key, session, .. }| session.rejects(key))
}

fn fresh_key() -> Ready {
    ready(Recorder::new(SERIAL).submitted(wrong_code()), |recorder| {
        let key = device_key(recorder.d);
        recorder.session.rejects(&key)
    })
}

fn verify_wrong() -> Ready {
    ready((Recorder::new(SERIAL), wrong_code()), |(recorder, code)| recorder.verify(code))
}

fn verify_right() -> Ready {
    ready(Recorder::new(SERIAL).with_right_code(), |(recorder, code)| recorder.verify(code))
}

fn loaded_wrong() -> Ready {
    ready((Recorder::new(SERIAL), wrong_code()), |(recorder, code)| recorder.verify_with_key_loaded(code))
}

fn loaded_right() -> Ready {
    ready(Recorder::new(SERIAL).with_right_code(), |(recorder, code)| recorder.verify_with_key_loaded(code))
}

fn issue_root() -> Ready {
    issue(SERIAL)
}

/// From the 32 bytes that an HSM gave.
fn issue_hsm() -> Ready {
    let recorder = Recorder::new(SERIAL);
    ready((recorder.d, recorder.challenge()), |(d, challenge)| {
        let key = device_key(*d);
        challenge.verify(&key).map(|genuine| genuine.answer(Term::DynamicPassword24H))
    })
}

fn provision() -> Ready {
    ready((root(), serial(SERIAL)), |(root, serial)| root.derive(serial))
}

fn read() -> Ready {
    ready(Recorder::new(SERIAL).text().to_owned(), |text| TypedChallenge::read(text))
}

/// One symbol typed wrong: the check says so.
fn mistyped() -> Ready {
    let mut text = Recorder::new(SERIAL).text().to_owned();
    let last = if text.ends_with('7') { "8" } else { "7" };
    text.replace_range(text.len() - 1.., last);
    assert_eq!(TypedChallenge::read(&text), Err(ReadError::Check));
    ready(text, |text| TypedChallenge::read(text))
}

/// A reader that looks at all that was pasted before it looks at the bound.
fn whole_paste(length: usize) -> Ready {
    ready(" ".repeat(length), |text| (text.bytes().filter(|b| b.is_ascii_graphic()).count(), TypedChallenge::read(text)))
}
