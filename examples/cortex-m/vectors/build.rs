//! Makes the table of vectors that the program holds: what src/table.rs reads.
//!
//! A field is its length plus one, as one byte or as three, and its bytes; a length of none is an absent field. Numbers are their bytes
//! without leading zeros, least first. A test is its kind, tcId, the error's name and argument if it has one, and the fields of its kind.

use serde_json::Value;
use std::path::PathBuf;
use std::{env, fs};

/// Each kind's fields, in the order in which the program takes them; `x` is hexadecimal, `t` text, `n` a number, a flag or a name of a
/// list, `*` a list of what follows.
const KINDS: &[(&str, &str)] = &[
    ("DeviceKey", "t:serial x:root n:epoch x:message x:deviceKey"),
    ("TakeKey", "x:deviceKey"),
    ("RootCheck", "n:epoch x:mac x:expected x:message"),
    ("DeviceCheck", "x:deviceKey t:serial x:check x:mac"),
    ("DemonstrationKey", "t:serial x:deviceKey"),
    (
        "ChallengeWrite",
        "x:deviceKey t:serial n:purpose n:epoch n:origin n:mail x:nonce x:hdr x:tagMessage x:tagMac n:tag *n:symbols14 *n:check t:text",
    ),
    ("ChallengeRead", "t:text t:serial x:hdr x:nonce t:canonical"),
    ("ChallengeVerify", "x:deviceKey t:text"),
    ("Corrections", "t:text *t:candidates"),
    ("CodeWrite", "x:deviceKey x:hdr x:nonce n:k x:message x:mac n:seed t:text *n:digits n:check"),
    ("CodeRead", "t:text n:k *n:digits n:check"),
    ("LedgerSeal", "x:deviceKey n:record.seq n:record.boots n:record.resets *n:record.fail x:sealed x:mac"),
    ("Unseal", "x:deviceKey x:slot x:mac n:record.seq n:record.boots n:record.resets *n:record.fail"),
    ("Load", "x:deviceKey *x:slots n:seq n:boots n:resets *n:fail n:slot *t:states n:lost"),
    ("QrWrite", "x:deviceKey t:serial n:purpose n:epoch n:origin n:mail x:nonce t:address t:prefix t:text x:pad x:tagMac x:T"),
    ("QrRead", "t:text t:serial x:hdr x:nonce x:T x:sealed"),
    ("QrVerify", "x:deviceKey t:text t:address"),
    ("Seal", "x:deviceKey x:hdr x:nonce t:address x:T x:sealed x:tagMac *x:blocks"),
    ("Open", "x:deviceKey x:hdr x:nonce x:T x:sealed x:pad t:address"),
    ("Mask", "t:address t:masked"),
    ("Address", "x:address"),
    ("Answer", "x:deviceKey t:text n:k t:code"),
    ("SecureCode", "x:deviceKey t:text n:k t:address t:code"),
    ("Policy", "n:cap"),
    ("DistinctCodes", "*codes"),
    ("DistinctKeys", "x:root *t:serials *x:keys"),
    ("Session", "t:serial x:deviceKey n:epoch n:policy.cap *n:policy.local *n:policy.network *x:slots"),
];

const FILES: [&str; 10] =
    ["keys", "challenge_write", "challenge_read", "corrections", "codes", "ledger", "qr", "email", "issuing", "sessions"];

struct Table(Vec<u8>);

impl Table {
    fn bytes(&mut self, bytes: &[u8]) {
        match u8::try_from(bytes.len() + 1) {
            Ok(short) if short < 255 => self.0.push(short),
            _ => {
                self.0.push(255);
                self.0.extend(u16::try_from(bytes.len()).expect("a long field").to_le_bytes());
            }
        }
        self.0.extend(bytes);
    }

    fn number(&mut self, number: u64) {
        let bytes = number.to_le_bytes();
        self.bytes(&bytes[..8 - number.leading_zeros() as usize / 8]);
    }

    fn absent(&mut self) {
        self.0.push(0);
    }

    fn field(&mut self, kind: char, value: &Value) {
        match (kind, value) {
            (_, Value::Null) => self.absent(),
            ('x', Value::String(hex)) => {
                let digits: Vec<u8> = hex.chars().map(|ch| ch.to_digit(16).expect("hexadecimal") as u8).collect();
                self.bytes(&digits.chunks(2).map(|two| two[0] << 4 | two[1]).collect::<Vec<u8>>());
            }
            ('t', Value::String(text)) => self.bytes(text.as_bytes()),
            ('n', Value::Bool(flag)) => self.number((*flag).into()),
            ('n', Value::Number(number)) => self.number(number.as_u64().expect("an unsigned number")),
            ('n', Value::String(name)) => self.number(match name.as_str() {
                "local" | "dynamic-password" => 0,
                "network" | "secure-code" => 1,
                hex => u64::from_str_radix(hex, 16).expect("hexadecimal"),
            }),
            other => panic!("no field {other:?}"),
        }
    }

    fn fields(&mut self, of: &Value, fields: &str) {
        for field in fields.split(' ') {
            let (many, field) = field.strip_prefix('*').map_or((false, field), |field| (true, field));
            if field == "codes" {
                let codes = of["codes"].as_array().expect("a list");
                self.number(codes.len() as u64);
                codes.iter().for_each(|code| self.fields(code, "x:deviceKey x:hdr x:nonce n:k t:text"));
                continue;
            }
            let (kind, path) = field.split_once(':').expect("a kind of field");
            let kind = kind.chars().next().expect("one letter");
            let value = path.split('.').fold(of, |value, name| &value[name]);
            match value {
                Value::Array(list) if many => {
                    self.number(list.len() as u64);
                    list.iter().for_each(|value| self.field(kind, value));
                }
                Value::Null => self.absent(),
                value => self.field(kind, value),
            }
        }
    }

    fn error(&mut self, of: &Value) {
        self.field('t', &of["error"]["name"]);
        if of["error"].is_object() {
            self.field('n', &of["error"]["argument"]);
        }
    }

    fn test(&mut self, kind: &str, id: u64, test: &Value) {
        let kind = if kind == "Seal" && test.get("record").is_some() { "LedgerSeal" } else { kind };
        let (at, (_, fields)) = KINDS.iter().enumerate().find(|(_, (name, _))| *name == kind).unwrap_or_else(|| panic!("no kind {kind}"));
        self.0.push(u8::try_from(at).expect("few kinds"));
        self.number(id);
        self.error(if kind == "Session" { &Value::Null } else { test });
        self.fields(test, fields);
        if kind == "Session" {
            let steps = test["steps"].as_array().expect("a list");
            self.number(steps.len() as u64);
            steps.iter().for_each(|step| self.step(step));
        }
    }

    fn step(&mut self, step: &Value) {
        let (letter, fields) = match step["op"].as_str().expect("a name") {
            "load" => (b'l', "n:now"),
            "open" => (b'o', "n:origin n:purpose n:mail x:entropy n:now"),
            "submit" => (b's', "n:origin n:session t:text n:now"),
            "confirm" => (b'c', "t:fault"),
            "cut" => (b'x', "t:fault"),
            "finish" => (b'i', "n:nothing"),
            "allow-again" => (b'n', "n:now"),
            "consume-by-handle" => (b'h', "x:handle n:now"),
            "admin-login" => (b'a', "n:now"),
            "close" => (b'q', "n:keep"),
            "withdraw" => (b'w', "n:nothing"),
            "give-up" => (b'g', "n:nothing"),
            "flash" => (b'f', "n:slot x:bytes"),
            "consume-grant" => (b'u', "n:now"),
            other => panic!("no operation {other}"),
        };
        self.0.push(letter);
        self.fields(step, fields);
        let expect = &step["expect"];
        self.error(expect);
        let (letter, fields) = if expect["error"].is_object() {
            (b'e', "n:nothing")
        } else if expect["stores"].is_object() {
            (b's', "n:stores.slot x:stores.bytes")
        } else if expect["shown"].is_object() {
            (b'c', "t:shown.text x:shown.hdr x:shown.nonce n:shown.since n:shown.wait n:shown.stopped")
        } else if expect["grant"].is_object() {
            (b'g', "n:grant.origin n:grant.purpose n:grant.method n:grant.resets n:grant.session x:grant.handle")
        } else {
            (b'd', "n:done")
        };
        self.0.push(letter);
        self.fields(expect, fields);
        self.fields(&expect["state"], "n:seq n:boots n:resets *n:fail n:slot n:poisoned n:session");
    }
}

fn main() {
    println!("cargo::rerun-if-env-changed=VECTORS_PART");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=ORP1_VECTORS");
    // another place only for checks/processors/cortex-m, which plants a defect there
    let place = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../../vectors");
    let vectors = env::var_os("ORP1_VECTORS").map_or(place, PathBuf::from);
    println!("cargo::rerun-if-changed={}", vectors.display());
    // what fits into the flash of the machine (board/build.rs), beside the program
    let most = if env::var("TARGET").expect("cargo sets it").starts_with("thumbv6m") { 184 } else { 960 } * 1024;
    let mut parts = vec![Table(Vec::new())];
    let mut add = |kind: &str, id: u64, test: &Value| {
        let mut table = Table(Vec::new());
        table.test(kind, id, test);
        let last = parts.last().map_or(0, |part| part.0.len());
        if last + table.0.len() > most {
            parts.push(Table(Vec::new()));
        }
        parts.last_mut().expect("one at least").0.extend(table.0);
    };
    let mut tests = 0;
    for file in FILES.into_iter().chain(["lessons"]) {
        let text = fs::read_to_string(vectors.join(file).with_extension("json")).expect("vectors/*.json");
        let json: Value = serde_json::from_str(&text).expect("JSON");
        for group in json["testGroups"].as_array().expect("a list") {
            for test in group["tests"].as_array().expect("a list") {
                let id = test["tcId"].as_u64().expect("a number");
                if file == "lessons" {
                    add(test["kind"].as_str().expect("a name"), id, &test["vector"]);
                } else {
                    add(group["type"].as_str().expect("a name"), id, test);
                }
                tests += 1;
            }
        }
    }
    let part: usize = env::var("VECTORS_PART").map_or(1, |part| part.parse().expect("VECTORS_PART is a number"));
    let table = &parts.get(part - 1).unwrap_or_else(|| panic!("VECTORS_PART: there are {}", parts.len())).0;
    println!("cargo::rustc-env=VECTORS_OF=part {part} of {}, {tests} tests in all", parts.len());
    fs::write(PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("table.bin"), table).expect("OUT_DIR can be written");
}
