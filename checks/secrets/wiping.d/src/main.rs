//! What is left on the stack, for `checks/secrets/wiping`: every operation runs on a filled stack, for eight keys, each in a process of its own that
//! was forked from the same one, so that nothing but the key differs. Four more have the first key: where they differ from it is no key.

mod operations;
mod stack;

use std::collections::BTreeSet;
use std::io::{PipeReader, PipeWriter, Read, Write};

use offline_reset::{Challenge, DeviceKey, hazmat};
use stack::Left;

const KEYS: usize = 8;
const AGAIN: usize = 4;

unsafe extern "C" {
    fn fork() -> i32;
}

/// One operation, for one key.
struct Seen {
    name: String,
    left: Left,
    /// What the person has typed by then, digit by digit and as a number: not a secret.
    typed: Vec<u8>,
}

/// All operations, for one key.
#[derive(Default)]
pub struct Round {
    seen: Vec<Seen>,
    /// What is not to be found, and how many bytes of it in a row.
    secrets: Vec<(&'static str, Vec<u8>, usize)>,
    typed: Vec<u8>,
}

/// Zeros in place of what is published, so that nothing that is made from it afterwards depends on the key.
fn zero(on: bool) {
    #[cfg(offline_reset_zeroed)]
    hazmat::ZEROED.store(on, std::sync::atomic::Ordering::Relaxed);
    let _ = on;
}

impl Round {
    /// Runs one operation; what it publishes is replaced by zeros.
    fn run<R>(&mut self, name: &str, operation: impl FnOnce() -> R) -> R {
        zero(true);
        let result = self.run_and_open(name, operation);
        zero(false);
        result
    }

    /// Not looked at; but what it publishes, and another reads, is zeros.
    fn unseen<R>(&mut self, operation: impl FnOnce() -> R) -> R {
        zero(true);
        let result = operation();
        zero(false);
        result
    }

    /// The same as `run`, for one that publishes nothing but the address that it opens: that stays.
    fn run_and_open<R>(&mut self, name: &str, operation: impl FnOnce() -> R) -> R {
        let (result, left) = stack::below(operation);
        zero(false);
        self.seen.push(Seen { name: name.to_owned(), left, typed: self.typed.clone() });
        result
    }

    fn secret(&mut self, what: &'static str, bytes: &[u8]) {
        self.secrets.push((what, bytes.to_vec(), 4));
    }

    /// Root key, D and the states of both hashes.
    fn keys(&mut self, root: &[u8; 32], d: &[u8; 32], key: &DeviceKey) {
        self.secret("root", root);
        self.secret("D", d);
        // SAFETY: plain bytes, all of them written: words of state and counters.
        let states = unsafe { core::slice::from_raw_parts((&raw const *key).cast::<u8>(), size_of::<DeviceKey>()) };
        let counter = |word: &[u8]| word.iter().filter(|&&byte| byte == 0).count() >= 6;
        for word in states.chunks(8).filter(|word| !counter(word)) {
            self.secret("state", word);
            self.secret("state", &word.iter().rev().copied().collect::<Vec<_>>());
        }
    }

    /// A code, as text and as digits, and the F that it is made of.
    fn code(&mut self, code: &str, key: &DeviceKey, challenge: &Challenge) {
        self.secrets.push(("code", code.into(), 6)); // four digits may stand in a serial
        let digits: Vec<_> = code.bytes().filter(u8::is_ascii_digit).map(|digit| digit & 15).collect();
        let (header, nonce) = (challenge.header().bits().to_be_bytes(), challenge.nonce());
        self.secret("F of the code", &hazmat::f(key, 3, &[&digits[..1], &header, nonce.bytes()].concat()));
        self.secrets.push(("code", digits, 6));
    }

    /// What is not published of other Fs.
    fn outputs(&mut self, key: &DeviceKey, challenge: &Challenge, genesis: &[u8]) {
        let (header, nonce) = (challenge.header().bits().to_be_bytes(), challenge.nonce());
        let [header, nonce] = [header.as_slice(), nonce.bytes()];
        self.secret("F of the tag", &hazmat::f(key, 2, &[header, nonce].concat())[3..]);
        self.secret("F of a seal", &hazmat::f(key, 6, &genesis[..16])[16..]);
    }

    /// From here on the code is what was typed, and public: a byte that is for every key the same digit of it, or the same byte of d1 to d10 as
    /// one number, may be left.
    fn typed(&mut self, code: &str) {
        self.typed = code.bytes().filter(u8::is_ascii_digit).map(|digit| digit & 15).collect();
        let number = self.typed[1..11].iter().fold(0, |n, &digit| 10 * n + u64::from(digit));
        self.typed.extend(number.to_ne_bytes());
    }

    /// The secrets that were left, by their value: all that the round has had, for those of an operation are known when it has made them.
    fn found(&self, left: &Left, typed: &[u8]) -> BTreeSet<&'static str> {
        let is_left = |secret: &[u8]| left.bytes.windows(secret.len()).any(|here| here.iter().rev().eq(secret));
        let secrets = self.secrets.iter().filter(|(what, ..)| *what != "code" || typed.is_empty());
        secrets.filter(|(_, secret, row)| secret.windows(*row).any(is_left)).map(|&(what, ..)| what).collect()
    }

    /// One line an operation, for the parent.
    fn send(&self, to: &mut PipeWriter) -> std::io::Result<()> {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        for Seen { name, left, typed } in &self.seen {
            let found = Vec::from_iter(self.found(left, typed)).join(", ");
            writeln!(to, "{name}|{found}|{}|{}", hex(typed), hex(&left.bytes[..left.touched]))?;
        }
        Ok(())
    }
}

/// What one process had to say of one operation.
struct Told {
    name: String,
    found: String,
    typed: Vec<u8>,
    left: Vec<u8>,
}

fn receive(from: &mut PipeReader) -> Vec<Told> {
    let mut text = String::new();
    from.read_to_string(&mut text).unwrap();
    let bytes = |hex: &str| hex.as_bytes().chunks(2).map(|two| u8::from_str_radix(str::from_utf8(two).unwrap(), 16).unwrap()).collect();
    let told = |line: &str| {
        let [name, found, typed, left] = line.split('|').collect::<Vec<_>>().try_into().unwrap();
        Told { name: name.to_owned(), found: found.to_owned(), typed: bytes(typed), left: bytes(left) }
    };
    text.lines().map(told).collect()
}

/// Runs every operation in a process of its own. Nothing is allocated here: the next one is to find the same heap.
fn round(i: usize) -> PipeReader {
    let (reader, mut writer) = std::io::pipe().unwrap();
    let i = if i < KEYS { i as u8 } else { 0 };
    let root = core::array::from_fn(|at| (at as u8).wrapping_mul(59).wrapping_add(i.wrapping_mul(83)) ^ i.rotate_left(3) ^ 0x5c);
    // SAFETY: this process has one thread.
    if unsafe { fork() } == 0 {
        let mut round = Round::default();
        operations::all(&root, &mut round);
        std::process::exit(i32::from(round.send(&mut writer).is_err()));
    }
    reader
}

/// The places that differ from key to key, and neither from process to process (the number of its pipe, in a register that was saved) nor
/// hold a part of what was typed; and how many are left out for the former.
fn dependent(rounds: &[&Told]) -> (Vec<usize>, usize) {
    let deepest = rounds.iter().map(|told| told.left.len()).max().unwrap_or(0);
    let differs = |rounds: &[&Told], at: usize| rounds.iter().any(|told| told.left.get(at) != rounds[0].left.get(at));
    let (keys, again) = rounds.split_at(KEYS);
    let same = [&keys[..1], again].concat();
    let typed = |at: usize| (0..keys[0].typed.len()).any(|digit| keys.iter().all(|told| told.left.get(at) == told.typed.get(digit)));
    let dependent = (0..deepest).filter(|&at| differs(keys, at) && !differs(&same, at) && !typed(at)).collect();
    (dependent, (0..deepest).filter(|&at| differs(&same, at)).count())
}

fn main() {
    let mut readers: [PipeReader; KEYS + AGAIN] = core::array::from_fn(round);
    let rounds = readers.each_mut().map(receive);
    let operations = rounds[0].len();
    assert!(operations > 0 && rounds.iter().all(|told| told.len() == operations), "a process has not run to its end");
    let (mut total, mut depth, mut used) = (0, 0, 0);
    for i in 0..operations {
        let rounds: Vec<&Told> = rounds.iter().map(|told| &told[i]).collect();
        let (dependent, noise) = dependent(&rounds);
        assert!(noise <= 8, "two processes with one key differ in {noise} bytes");
        let down_to = dependent.last().map_or(0, |at| at + 1);
        let deepest = rounds.iter().map(|told| told.left.len()).max().unwrap_or(0);
        let found = rounds.iter().map(|told| told.found.as_str()).find(|found| !found.is_empty()).unwrap_or_default();
        println!(
            "{:32} {:4} key-dependent, down to {down_to:4}; by value [{found}]; stack used {deepest}",
            rounds[0].name,
            dependent.len()
        );
        // what is published depends on the key: only where zeros took its place does every key-dependent byte count
        total += usize::from(!found.is_empty()) + if cfg!(offline_reset_zeroed) { dependent.len() } else { 0 };
        (depth, used) = (depth.max(down_to), used.max(deepest));
    }
    println!("{operations} operations: {total} left; key-dependent down to {depth}, stack used {used}");
    std::process::exit(i32::from(total > 0));
}
