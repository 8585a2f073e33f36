//! Generated cases behind one hash for each family, as vectors/README.md defines them. `ORP1_CASES` sets how many (20,000), `ORP1_VECTORS` the
//! directory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that fails panics")]
#![allow(unreachable_pub, missing_docs, reason = "modules of one test")]
#![allow(clippy::many_single_char_names, reason = "the names of vectors/README.md")]

mod families;
mod separators;
mod stream;
mod transcripts;

use sha2::{Digest, Sha256};
use stream::Stream;

type Line = fn(&mut Stream) -> String;

const FAMILIES: [(&str, Line); 8] = [
    ("keys", families::keys),
    ("challenge", families::challenge),
    ("corrections", families::corrections),
    ("codes", families::codes),
    ("ledger", families::ledger),
    ("email", families::email),
    ("qr", families::qr),
    ("sessions", transcripts::sessions),
];

const BLOCK: u64 = 1000;

fn hash(family: &str, line: Line, cases: u64) -> String {
    // two threads, each with every other block; the blocks' hashes are put in order
    let blocks = cases / BLOCK;
    let block = |b: u64| -> [u8; 32] {
        let mut hash = Sha256::new();
        for i in b * BLOCK..(b + 1) * BLOCK {
            hash.update(line(&mut Stream::new(family, i)));
            hash.update("\n");
        }
        hash.finalize().into()
    };
    let halves: Vec<Vec<[u8; 32]>> = std::thread::scope(|scope| {
        let halves = [0, 1].map(|half| scope.spawn(move || (half..blocks).step_by(2).map(block).collect()));
        halves.into_iter().map(|half| half.join().unwrap()).collect()
    });
    let mut all = Sha256::new();
    for b in 0..usize::try_from(blocks).unwrap() {
        all.update(halves[b % 2][b / 2]);
    }
    stream::hex(&all.finalize())
}

#[test]
fn every_family_has_its_hash() {
    let cases = std::env::var("ORP1_CASES").map_or(20_000, |n| n.parse().expect("ORP1_CASES is a number"));
    let place = std::env::var_os("ORP1_VECTORS").unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/vectors").into());
    let json = std::fs::read_to_string(std::path::Path::new(&place).join("accumulated.json")).unwrap();
    let file: serde_json::Value = serde_json::from_str(&json).unwrap();
    let tests: Vec<_> = file["testGroups"].as_array().unwrap().iter().flat_map(|g| g["tests"].as_array().unwrap()).collect();
    let mut wrong = vec![];
    for (family, line) in FAMILIES {
        let test = tests.iter().find(|t| t["family"] == family && t["cases"].as_u64() == Some(cases));
        let expected = test.unwrap_or_else(|| panic!("no hash of {family} over {cases} cases"))["hash"].as_str().unwrap();
        if hash(family, line, cases) != expected {
            wrong.push(family);
        }
        println!("{family} {cases} {expected}");
    }
    assert!(wrong.is_empty(), "over {cases} cases, another hash of {}", wrong.join(" "));
    let known: std::collections::BTreeSet<_> = tests.iter().map(|t| t["family"].as_str().unwrap()).collect();
    assert_eq!(known.len(), FAMILIES.len(), "a family that nothing runs");
}
