//! The crate agrees with every vector: through its public API, and through `hazmat` where a value is not public.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that fails panics")]
#![allow(unreachable_pub, missing_docs, reason = "modules of one test")]

mod challenges;
mod codes;
mod corrections;
mod device;
mod emails;
mod file;
mod issuing;
mod keys;
mod ledgers;
mod lessons;
mod qrs;
mod sessions;

use file::run;

#[test]
fn keys() {
    run(
        "keys",
        &[
            ("DeviceKey", keys::device_key),
            ("TakeKey", keys::take_key),
            ("RootCheck", keys::root_check),
            ("DeviceCheck", keys::device_check),
            ("DemonstrationKey", keys::demonstration),
        ],
    );
}

#[test]
fn challenge_write() {
    run("challenge_write", &[("ChallengeWrite", challenges::write)]);
}

#[test]
fn challenge_read() {
    run("challenge_read", &[("ChallengeRead", challenges::read), ("ChallengeVerify", challenges::verify)]);
}

#[test]
fn corrections() {
    run("corrections", &[("Corrections", corrections::propose)]);
}

#[test]
fn codes() {
    run("codes", &[("CodeWrite", codes::write), ("CodeRead", codes::read)]);
}

#[test]
fn ledger() {
    run("ledger", &[("Seal", ledgers::seal), ("Unseal", ledgers::unseal), ("Load", ledgers::load)]);
}

#[test]
fn sessions() {
    run("sessions", &[("Session", sessions::play), ("Policy", sessions::cap)]);
}

#[test]
fn issuing() {
    run("issuing", &[("Answer", issuing::answer), ("SecureCode", issuing::secure_code)]);
}

#[test]
fn qr() {
    run("qr", &[("QrWrite", qrs::write), ("QrRead", qrs::read), ("QrVerify", qrs::verify)]);
}

#[test]
fn email() {
    run("email", &[("Seal", emails::seal), ("Open", emails::open), ("Mask", emails::mask), ("Address", emails::address)]);
}

#[test]
fn lessons() {
    run("lessons", &[("Lesson", lessons::lesson)]);
}
