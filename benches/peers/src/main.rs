//! Verifying one typed code: ours beside the libraries and MACs that a user would otherwise take, in one run (README.md).
//!
//! `--check` wants every peer to be there and every gated claim to hold, and plants what must not hold.

mod claims;
mod cpu;
mod heap;
mod library;
mod macs;
mod otp;
mod ours;
mod row;
mod table;

use std::process::{Command, ExitCode};

use library::Missing;
use row::Row;
use table::Measured;

/// Blocks of each row. Every round has one block of each, so that what disturbs the machine disturbs all of them.
const ROUNDS: usize = 1500;

const CHECK: &str = "--check";
const WITHOUT_SHA: &str = "--without-sha";

/// What the process without SHA instructions ends with when they cannot be hidden.
const NOT_HIDDEN: u8 = 3;

fn main() -> ExitCode {
    let mut arguments = Vec::new();
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            CHECK | WITHOUT_SHA => arguments.push(argument),
            "--bench" => {} // cargo bench says so
            other => {
                eprintln!("{other} is not known: peers [{CHECK}]");
                return ExitCode::from(2);
            }
        }
    }
    let has = |name| arguments.iter().any(|argument| argument == name);
    if has(WITHOUT_SHA) {
        if let Err(why) = cpu::hide_sha() {
            println!("without SHA instructions: not measured: {why}");
            return ExitCode::from(NOT_HIDDEN);
        }
        return one_backend(claims::Backend::Soft, has(CHECK));
    }
    if !cpu::has_sha() {
        return one_backend(claims::Backend::Soft, has(CHECK));
    }
    let first = one_backend(claims::Backend::Sha, has(CHECK));
    let second = Command::new(std::env::current_exe().expect("this program has a path"))
        .args(&arguments)
        .arg(WITHOUT_SHA)
        .env(cpu::OPENSSL_IA32CAP.0, cpu::OPENSSL_IA32CAP.1)
        .status()
        .expect("this program runs again");
    if second.success() || second.code() == Some(NOT_HIDDEN.into()) { first } else { ExitCode::FAILURE }
}

fn one_backend(backend: claims::Backend, check: bool) -> ExitCode {
    let (mut rows, missing) = rows(check);
    let measured = measure(&mut rows, backend);
    table::print(&measured, backend);
    let held = claims::print(&measured, backend, check);
    if check && (!held || missing > 0) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Every row that can be measured here; the others are named.
fn rows(planted: bool) -> (Vec<Row>, usize) {
    let mut rows = ours::offline_reset::rows();
    rows.extend(ours::offline_reset_unscrubbed::rows());
    rows.retain(|row| planted || row.name != ours::PLANTED);
    let one = |row: Result<Row, Missing>| row.map(|row| vec![row]);
    let peers = [
        one(otp::totp_rs()),
        one(otp::totp_rs_counted()),
        one(otp::libreauth()),
        one(otp::otpauth()),
        one(otp::liboath()),
        one(otp::pyotp()),
        macs::rustcrypto(),
        macs::ring(),
        macs::aws_lc(),
        macs::graviola(),
        macs::openssl(),
        macs::libsodium(),
    ];
    let mut missing = 0;
    for peer in peers {
        match peer {
            Ok(found) => rows.extend(found),
            Err(Missing { name, why }) => {
                println!("{name}: not measured: {why}");
                missing += 1;
            }
        }
    }
    (rows, missing)
}

fn measure(rows: &mut [Row], backend: claims::Backend) -> Vec<Measured> {
    let mut blocks: Vec<_> = rows.iter().map(|_| Vec::with_capacity(ROUNDS)).collect();
    for round in 0..ROUNDS {
        if round % (ROUNDS / 5) == 0 {
            eprintln!("{backend}: {} rows, round {round} of {ROUNDS}", rows.len());
        }
        // a different first row each time, so that none always follows the same one's caches
        let first = round % rows.len();
        for i in (first..rows.len()).chain(0..first) {
            blocks[i].push((rows[i].block)());
        }
    }
    rows.iter().zip(blocks).map(|(row, blocks)| Measured::of(row, &blocks)).collect()
}
