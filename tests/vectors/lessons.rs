use std::collections::BTreeSet;

use offline_reset::{RootKey, Serial, hazmat};

use crate::file::{Test, hex};
use crate::{challenges, codes, corrections, emails, keys, ledgers, qrs, sessions};

pub fn lesson(t: Test<'_>) {
    let vector = t.part("vector").unwrap();
    t.result(vector.find("result").is_none_or(|result| result == "valid"));
    match t.text("kind") {
        "DeviceKey" => keys::device_key(vector),
        "ChallengeWrite" => challenges::write(vector),
        "ChallengeRead" => challenges::read(vector),
        "ChallengeVerify" => challenges::verify(vector),
        "Corrections" => corrections::propose(vector),
        "CodeWrite" => codes::write(vector),
        "CodeRead" => codes::read(vector),
        "Unseal" => ledgers::unseal(vector),
        "Load" => ledgers::load(vector),
        "Session" => sessions::play(vector),
        "QrWrite" => qrs::write(vector),
        "QrRead" => qrs::read(vector),
        "QrVerify" => qrs::verify(vector),
        "Open" => emails::open(vector),
        "DistinctCodes" => distinct_codes(vector),
        "DistinctKeys" => distinct_keys(vector),
        other => panic!("nothing runs {other}"),
    }
}

fn distinct_codes(t: Test<'_>) {
    let mut seen = BTreeSet::new();
    for code in t.each("codes") {
        let challenge = hazmat::challenge(Serial::new("ANY").unwrap(), code.header(), code.array("nonce"));
        let term = offline_reset::Term::from_k(u8::try_from(code.number("k")).unwrap()).unwrap();
        let answer = hazmat::answer(&code.key(), &challenge, term);
        assert_eq!(answer.reveal(), code.text("text"));
        assert!(seen.insert(hazmat::read_code(answer.reveal()).unwrap()[1..11].to_vec()), "a code comes twice");
    }
    assert!(seen.len() > 1);
}

fn distinct_keys(t: Test<'_>) {
    let root = RootKey::take(&mut t.bytes("root")).unwrap();
    let mut seen = BTreeSet::new();
    let (serials, keys) = (t.list("serials"), t.list("keys"));
    assert_eq!(serials.len(), keys.len());
    for (serial, key) in serials.iter().zip(keys) {
        let derived = root.derive(&Serial::new(serial.as_str().unwrap()).unwrap()).unwrap();
        assert_eq!(derived.to_vec(), hex(key.as_str().unwrap()));
        assert!(seen.insert(derived), "a key comes twice");
    }
    assert!(seen.len() > 1);
}
