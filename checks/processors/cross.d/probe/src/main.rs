//! What checks measure on the processors of recorders: `probe scan` prints what each operation leaves on the stack and how much of it it
//! uses, `probe trace` is for a tracer of instructions, `probe state` the size of what stays in RAM, `probe submissions N` and `probe compressions N` are for counting instructions.
#![no_std]
#![no_main]

mod machine;
mod operations;
mod scan;
mod stack;

use machine::print;
use offline_reset::{DeviceKey, Ledger};
use scan::Scan;

const KEYS: u8 = 32;

static SCAN: machine::Once<Scan> = machine::Once::new(Scan::new());

fn scan() {
    let scan = SCAN.take();
    for selected in 0.. {
        scan.start(selected);
        while scan.round < KEYS {
            scan.start_round();
            operations::all(scan);
            scan.round += 1;
        }
        if scan.name.is_empty() {
            return;
        }
        let (bytes, depth) = scan.found();
        print(format_args!("{:24} {bytes:4} key-dependent, down to {depth:4}; stack used {:4}\n", scan.name, scan.touched));
    }
}

/// All operations for each key, and then what a tracer has to find.
fn trace() {
    let scan = SCAN.take();
    scan.start(usize::MAX);
    scan.aloud = true;
    while scan.round < KEYS {
        print(format_args!("key {}\n", scan.round));
        scan.start_round();
        operations::all(scan);
        operations::planted(scan);
        scan.round += 1;
    }
}

fn run(word: &str, n: u32) {
    match word {
        "scan" => scan(),
        "trace" => trace(),
        "state" => print(format_args!("{} {}\n", size_of::<Ledger>(), size_of::<DeviceKey>())),
        "submissions" => operations::submissions(n),
        "compressions" => operations::compressions(n),
        _ => panic!("scan, trace, state, submissions N or compressions N"),
    }
}
