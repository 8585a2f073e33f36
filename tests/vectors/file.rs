//! Reading a vector file, and saying which test failed. A field that no runner reads is a failure, and so is one that can change without
//! being noticed.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use offline_reset::{DeviceKey, Epoch, Header, Origin, Purpose};
use serde_json::{Value, json};

/// An error of the crate as a vector writes it: name of SPEC.md §13, argument.
pub type Named = (String, Option<u64>);

pub fn named(name: &str) -> Named {
    (name.into(), None)
}

pub fn with(name: &str, argument: u64) -> Named {
    (name.into(), Some(argument))
}

/// The fields that were read, by their places in memory.
type Read = RefCell<BTreeSet<*const Value>>;

/// One test, or a part of one.
#[derive(Clone, Copy)]
pub struct Test<'v> {
    value: &'v Value,
    read: &'v Read,
}

impl<'v> Test<'v> {
    pub fn find(self, field: &str) -> Option<&'v Value> {
        let value = self.value.get(field)?;
        self.read.borrow_mut().insert(value);
        Some(value)
    }

    pub fn get(self, field: &str) -> &'v Value {
        self.find(field).unwrap_or_else(|| panic!("no field {field} in {}", self.value))
    }

    /// A part that has fields itself.
    pub fn part(self, field: &str) -> Option<Self> {
        Some(Self { value: self.find(field)?, ..self })
    }

    pub fn each(self, field: &str) -> impl Iterator<Item = Self> {
        self.list(field).iter().map(move |value| Self { value, ..self })
    }

    pub fn text(self, field: &str) -> &'v str {
        self.get(field).as_str().unwrap_or_else(|| panic!("{field} is no text in {}", self.value))
    }

    pub fn number(self, field: &str) -> u64 {
        let value = self.get(field);
        let number = value.as_u64().or_else(|| u64::from_str_radix(value.as_str()?, 16).ok());
        number.unwrap_or_else(|| panic!("{field} is no number in {}", self.value))
    }

    pub fn flag(self, field: &str) -> bool {
        self.get(field).as_bool().unwrap_or_else(|| panic!("{field} is no boolean in {}", self.value))
    }

    pub fn list(self, field: &str) -> &'v [Value] {
        self.get(field).as_array().unwrap_or_else(|| panic!("{field} is no list in {}", self.value))
    }

    pub fn numbers(self, field: &str) -> Vec<u8> {
        self.list(field).iter().map(|n| u8::try_from(n.as_u64().unwrap()).unwrap()).collect()
    }

    pub fn bytes(self, field: &str) -> Vec<u8> {
        hex(self.text(field))
    }

    pub fn array<const N: usize>(self, field: &str) -> [u8; N] {
        self.bytes(field).try_into().unwrap_or_else(|_| panic!("{field} is not {N} bytes in {}", self.value))
    }

    pub fn key(self) -> DeviceKey {
        DeviceKey::derived(&mut self.bytes("deviceKey")).unwrap()
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
        let error = self.part("error")?;
        Some((error.text("name").into(), error.find("argument").and_then(Value::as_u64)))
    }

    /// Fails unless the test's result is this one.
    pub fn result(self, is_valid: bool) {
        assert_eq!(self.text("result"), if is_valid { "valid" } else { "invalid" });
    }

    /// Fails unless the test is of this outcome.
    pub fn expect<T>(self, outcome: Result<T, Named>) -> Option<T> {
        self.result(outcome.is_ok());
        assert_eq!(outcome.as_ref().err(), self.error().as_ref());
        outcome.ok()
    }
}

pub fn hex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2), "odd hex {text}");
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

pub fn read(name: &str) -> Value {
    // another place only for checks/spec/vectors, which plants a defect there
    let place = std::env::var_os("ORP1_VECTORS").unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors").into());
    let path = Path::new(&place).join(name).with_extension("json");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

type Runner = fn(Test<'_>);

/// For people, in any test.
const COMMENTS: [&str; 6] = ["tcId", "comment", "flags", "rules", "scheme", "lesson"];

/// An input that nothing depends on: a lesson's Grant is void at any time.
const INERT: [&str; 1] = ["LessonSession.vector.steps[consume-grant].now"];

/// A field of a test.
struct Field<'v> {
    pointer: String,
    /// As the pointer, but the same for each element of a list, or for each with the same `op`.
    shape: String,
    is_output: bool,
    value: &'v Value,
}

/// The fields of an object and of the objects in it, but for comments.
fn fields<'v>(of: &'v Value, pointer: &str, shape: &str, mut is_output: bool, found: &mut Vec<Field<'v>>) {
    for (name, value) in of.as_object().unwrap().iter().filter(|(name, _)| !COMMENTS.contains(&name.as_str())) {
        is_output = name != "steps" && (is_output || ["result", "expect", "info"].contains(&name.as_str()));
        let (pointer, shape) = (format!("{pointer}/{name}"), format!("{shape}.{name}"));
        match value {
            Value::Object(_) => fields(value, &pointer, &shape, is_output, found),
            Value::Array(list) => list.iter().enumerate().filter(|(_, part)| part.is_object()).for_each(|(i, part)| {
                fields(part, &format!("{pointer}/{i}"), &format!("{shape}[{}]", part["op"].as_str().unwrap_or("")), is_output, found);
            }),
            _ => {}
        }
        found.push(Field { pointer, shape, is_output, value });
    }
}

/// Other values in place of this one; `words` are those seen there.
fn changed(value: &Value, words: &BTreeSet<&str>) -> Vec<Value> {
    match value {
        Value::Null => vec![json!("0")],
        Value::Bool(is) => vec![json!(!is)],
        Value::Number(n) => n.as_u64().map(|n| [n ^ 1, n + 1, n + 86400].map(Value::from).to_vec()).unwrap(),
        Value::String(text) if text.is_empty() => vec![json!("00")],
        Value::String(text) => {
            let other = |c: &str| if c == "0" { "1" } else { "0" };
            let (first, last) = (text.chars().next().unwrap().len_utf8(), text.char_indices().next_back().unwrap().0);
            let ends = [other(&text[..first]).to_owned() + &text[first..], text[..last].to_owned() + other(&text[last..])];
            let words = words.iter().filter(|word| *word != text).map(|&word| json!(word));
            ends.map(Value::from).into_iter().chain(words).collect()
        }
        Value::Array(list) if list.is_empty() => vec![json!([0])],
        Value::Array(list) => {
            let put = |i: usize, value| json!([&list[..i], &[value], &list[i + 1..]].concat());
            let each = list.iter().enumerate().flat_map(|(i, part)| changed(part, words).into_iter().map(move |other| put(i, other)));
            each.chain([json!(list[1..])]).filter(|_| !list[0].is_object()).collect()
        }
        Value::Object(_) => vec![],
    }
}

/// Whether the runner agrees with the test, and has read all of it.
fn agrees(runner: Runner, test: &Value) -> bool {
    let read = Read::default();
    let run = || {
        runner(Test { value: test, read: &read });
        let mut all = vec![];
        fields(test, "", "", false, &mut all);
        let unread = all.iter().find(|field| !read.borrow().contains(&std::ptr::from_ref(field.value)));
        assert!(unread.is_none(), "{} is read by nobody", unread.unwrap().pointer);
    };
    catch_unwind(AssertUnwindSafe(run)).is_ok()
}

/// Changes one value at a time, in up to five tests for each output, and until it is noticed for each input.
fn every_change_is_noticed(runner: Runner, kind: &str, tests: &[Value]) -> usize {
    let mut all = vec![];
    for test in tests {
        let mut of_test = vec![];
        fields(test, "", &format!("{kind}{}", test["kind"].as_str().unwrap_or("")), false, &mut of_test);
        all.extend(of_test.into_iter().map(|field| (test, field)));
    }
    let mut words = BTreeMap::<&str, BTreeSet<&str>>::new();
    for (_, field) in &all {
        let is_word = |text: &&str| text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        words.entry(&field.shape).or_default().extend(field.value.as_str().filter(is_word));
    }
    let (mut tried, mut noticed) = (BTreeMap::<&str, u32>::new(), BTreeSet::new());
    let mut count = 0;
    for (test, Field { pointer, shape, is_output, value }) in &all {
        let others = changed(value, &words[shape.as_str()]);
        if others.is_empty() || INERT.contains(&shape.as_str()) {
            continue;
        }
        let times = tried.entry(shape).or_default();
        if if *is_output { *times == 5 } else { noticed.contains(shape.as_str()) } {
            continue;
        }
        *times += 1;
        for other in others {
            let mut copy = (*test).clone();
            *copy.pointer_mut(pointer).unwrap() = other.clone();
            count += 1;
            if agrees(runner, &copy) {
                assert!(!is_output, "{kind} tcId {}: {pointer} may be {other}", test["tcId"]);
            } else {
                noticed.insert(shape.as_str());
            }
        }
    }
    let idle: Vec<_> = tried.keys().filter(|&&shape| !noticed.contains(shape)).collect();
    assert!(idle.is_empty(), "nothing depends on {idle:?}");
    count
}

/// Runs every test of a file; each group's type has its runner, and none may be left over.
pub fn run(name: &str, runners: &[(&str, Runner)]) {
    let file = read(name);
    assert_eq!((&file["algorithm"], &file["schema"]), (&json!("ORP1"), &json!(format!("{name}.schema.json"))));
    let mut count = 0;
    for group in file["testGroups"].as_array().unwrap() {
        let kind = group["type"].as_str().unwrap();
        let (_, runner) = runners.iter().find(|(k, _)| *k == kind).unwrap_or_else(|| panic!("{name}: nothing runs {kind}"));
        let tests = group["tests"].as_array().unwrap();
        for test in tests {
            assert!(agrees(*runner, test), "{name} tcId {}: {}", test["tcId"], test["comment"]);
        }
        count += tests.len();
        if cfg!(panic = "unwind") {
            println!("{name} {kind}: {} changes of one value, each noticed", every_change_is_noticed(*runner, kind, tests));
        }
    }
    assert_eq!(Some(count as u64), file["numberOfTests"].as_u64(), "{name}: numberOfTests");
    assert!(count > 0, "{name} is empty");
}
