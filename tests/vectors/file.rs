//! Reading a vector file, and saying which test failed.

use std::path::Path;

use offline_reset::{DeviceKey, Epoch, Header, Origin, Purpose};
use serde_json::Value;

/// An error of the crate as a vector writes it: name of SPEC.md §13, argument.
pub type Named = (String, Option<u64>);

pub fn named(name: &str) -> Named {
    (name.into(), None)
}

pub fn with(name: &str, argument: u64) -> Named {
    (name.into(), Some(argument))
}

/// One test, or a part of one.
#[derive(Clone, Copy)]
pub struct Test<'v>(pub &'v Value);

impl<'v> Test<'v> {
    pub fn get(self, field: &str) -> &'v Value {
        self.0.get(field).unwrap_or_else(|| panic!("no field {field} in {}", self.0))
    }

    pub fn has(self, field: &str) -> bool {
        self.0.get(field).is_some()
    }

    pub fn text(self, field: &str) -> &'v str {
        self.get(field).as_str().unwrap_or_else(|| panic!("{field} is no text in {}", self.0))
    }

    pub fn number(self, field: &str) -> u64 {
        let value = self.get(field);
        let number = value.as_u64().or_else(|| u64::from_str_radix(value.as_str()?, 16).ok());
        number.unwrap_or_else(|| panic!("{field} is no number in {}", self.0))
    }

    pub fn flag(self, field: &str) -> bool {
        self.get(field).as_bool().unwrap_or_else(|| panic!("{field} is no boolean in {}", self.0))
    }

    pub fn list(self, field: &str) -> &'v [Value] {
        self.get(field).as_array().unwrap_or_else(|| panic!("{field} is no list in {}", self.0))
    }

    pub fn numbers(self, field: &str) -> Vec<u8> {
        self.list(field).iter().map(|n| u8::try_from(n.as_u64().unwrap()).unwrap()).collect()
    }

    pub fn bytes(self, field: &str) -> Vec<u8> {
        hex(self.text(field))
    }

    pub fn array<const N: usize>(self, field: &str) -> [u8; N] {
        self.bytes(field).try_into().unwrap_or_else(|_| panic!("{field} is not {N} bytes in {}", self.0))
    }

    pub fn key(self) -> DeviceKey {
        DeviceKey::new(&self.array("deviceKey"))
    }

    pub fn purpose(self) -> Purpose {
        [Purpose::AccountPassword, Purpose::UnlockPattern, Purpose::FactoryReset][usize::try_from(self.number("purpose")).unwrap()]
    }

    pub fn epoch(self) -> Epoch {
        Epoch::new(u8::try_from(self.number("epoch")).unwrap()).unwrap()
    }

    pub fn origin(self) -> Origin {
        match self.text("origin") {
            "local" => Origin::Local,
            "network" => Origin::Network,
            other => panic!("no origin {other}"),
        }
    }

    /// The header given by its fields.
    pub fn header_fields(self) -> Header {
        Header::new(self.purpose(), self.epoch(), self.origin(), self.flag("mail"))
    }

    /// The header given by its bytes.
    pub fn header(self) -> Header {
        offline_reset::hazmat::read_header(u16::from_be_bytes(self.array("hdr"))).unwrap()
    }

    pub fn error(self) -> Option<Named> {
        let error = self.0.get("error")?;
        Some((error["name"].as_str().unwrap().into(), error.get("argument").and_then(Value::as_u64)))
    }

    /// Fails unless the test is of this outcome.
    pub fn expect<T>(self, outcome: Result<T, Named>) -> Option<T> {
        match (outcome, self.error()) {
            (Ok(value), None) => {
                assert_eq!(self.text("result"), "valid");
                Some(value)
            }
            (Err(error), Some(expected)) => {
                assert_eq!(error, expected);
                assert_eq!(self.text("result"), "invalid");
                None
            }
            (Ok(_), Some(expected)) => panic!("succeeded, where {expected:?} was expected"),
            (Err(error), None) => panic!("failed with {error:?}"),
        }
    }
}

pub fn hex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2), "odd hex {text}");
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

pub fn read(name: &str) -> Value {
    // another place only for checks/vectors, which plants a defect there
    let place = std::env::var_os("ORP1_VECTORS").unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors").into());
    let path = Path::new(&place).join(name).with_extension("json");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

type Runner = fn(Test<'_>);

/// Runs every test of a file; each group's type has its runner, and none may be left over.
pub fn run(name: &str, runners: &[(&str, Runner)]) {
    let file = read(name);
    let mut count = 0;
    for group in file["testGroups"].as_array().unwrap() {
        let kind = group["type"].as_str().unwrap();
        let (_, runner) = runners.iter().find(|(k, _)| *k == kind).unwrap_or_else(|| panic!("{name}: nothing runs {kind}"));
        for test in group["tests"].as_array().unwrap() {
            let outcome = std::panic::catch_unwind(|| runner(Test(test)));
            assert!(outcome.is_ok(), "{name} tcId {}: {}", test["tcId"], test["comment"]);
            count += 1;
        }
    }
    assert_eq!(Some(count), file["numberOfTests"].as_u64(), "{name}: numberOfTests");
    assert!(count > 0, "{name} is empty");
}
