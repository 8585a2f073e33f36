//! Runs under valgrind, for `checks/secrets/secret-independence`: `memcheck` reports each branch and each address that depends on a secret,
//! `callgrind` counts the instructions of each operation for eight keys.

mod operations;
mod planted;
#[cfg_attr(offline_reset_msan, path = "msan.rs")]
mod request;

use std::ffi::CString;
use std::hint::black_box;
use std::sync::Mutex;

use offline_reset::{DeviceKey, hazmat};
use operations::{Published, Watch};

/// MemorySanitizer follows bytes, and loses a secret in the carries of a subtraction: what was published is compared by its size.
const BITS: bool = cfg!(not(offline_reset_msan));

/// Without the hook the library is as it ships: what it publishes is branched on unannounced, and so what publishes nothing is judged alone.
const HOOKED: bool = cfg!(offline_reset_declared);

/// What the library said that it publishes: size, and how many of its bits were secret until then.
static PUBLISHED: Mutex<Vec<Published>> = Mutex::new(Vec::new());

#[cfg(offline_reset_declared)]
fn on_published(bytes: &mut [u8]) {
    if !bytes.is_empty() {
        PUBLISHED.lock().unwrap().push((bytes.len(), request::secret_bits(bytes)));
        request::public(bytes);
    }
}

/// Counts the reports of each operation.
#[derive(Default)]
struct Memcheck {
    operations: usize,
    published: u32,
    failed: usize,
}

impl Watch for Memcheck {
    fn secret(&mut self, bytes: *mut [u8]) {
        request::secret(bytes);
    }

    fn public(&mut self, bytes: &mut [u8]) {
        assert!(request::secret_bits(bytes) > 0, "nothing secret has arrived here");
        request::public(bytes);
    }

    fn stored(&mut self, bytes: *mut [u8]) {
        if !HOOKED {
            request::public(bytes);
        }
    }

    fn watch<R>(&mut self, name: &str, published: &[Published], operation: impl FnOnce() -> R) -> R {
        PUBLISHED.lock().unwrap().clear();
        let before = request::reports();
        let mut result = operation();
        if !HOOKED && !published.is_empty() {
            request::public(core::ptr::slice_from_raw_parts_mut((&raw mut result).cast::<u8>(), size_of::<R>()));
        }
        let reports = request::reports() - before;
        let declared = core::mem::take(&mut *PUBLISHED.lock().unwrap());
        let bits: u32 = declared.iter().map(|&(_, bits)| bits).sum();
        let as_listed =
            declared.len() == published.len() && declared.iter().zip(published).all(|(a, b)| if BITS { a == b } else { a.0 == b.0 });
        let right = if HOOKED { reports == 0 && as_listed } else { reports == 0 || !published.is_empty() };
        println!(
            "{} {name}: {reports} reports; published {bits} bits, as (bytes, bits): {declared:?}",
            if right { "ok  " } else { "FAIL" }
        );
        self.operations += usize::from(HOOKED || published.is_empty());
        self.published += bits;
        self.failed += usize::from(!right);
        result
    }
}

impl Memcheck {
    /// These have to be reported.
    fn plant(&mut self, name: &str, defect: impl FnOnce()) {
        let before = request::reports();
        defect();
        let found = request::reports() > before;
        println!("{} planted {name}: {}", if found { "ok  " } else { "FAIL" }, if found { "found" } else { "NOT found" });
        self.failed += usize::from(!found);
    }
}

fn memcheck() -> bool {
    let mut watch = Memcheck::default();
    operations::all(&mut core::array::from_fn(|i| i as u8), &mut watch);
    let mut secret = [0x5a; 32];
    request::secret(secret.as_mut_slice());
    let key = DeviceKey::derived(&mut { secret }).unwrap();
    let f = hazmat::f(&key, 3, b"");
    let other = black_box([0x5a; 32]);
    let mut table = [0; 256];
    (0u8..=255).for_each(|i| table[usize::from(i)] = i.wrapping_mul(i) ^ 0x1b);
    watch.plant("early exit", || _ = black_box(planted::early_exit(&secret, &other)));
    watch.plant("early exit on an F", || _ = black_box(planted::early_exit(&f, &other)));
    watch.plant("table", || _ = black_box(planted::table(&secret, black_box(&table))));
    watch.plant("match", || _ = black_box(planted::match_on(&secret)));
    println!("{} operations, {} secret bits published by name, {} failed", watch.operations, watch.published, watch.failed);
    watch.failed == 0
}

/// Dumps the counts of each operation.
struct Callgrind;

impl Watch for Callgrind {
    fn secret(&mut self, _: *mut [u8]) {}

    fn public(&mut self, _: &mut [u8]) {}

    fn stored(&mut self, _: *mut [u8]) {}

    fn watch<R>(&mut self, name: &str, _: &[Published], operation: impl FnOnce() -> R) -> R {
        let name = CString::new(name).unwrap();
        request::zero_counts();
        let result = operation();
        request::dump_counts(&name);
        result
    }
}

fn callgrind() {
    for i in 0..8u8 {
        operations::all(&mut core::array::from_fn(|at| (at as u8).wrapping_mul(29) ^ i.wrapping_mul(37)), &mut Callgrind);
        let secret = core::array::from_fn(|at| u8::from(at > usize::from(i)));
        Callgrind.watch("planted: early exit", &[], || planted::early_exit(black_box(&secret), black_box(&[0; 32])));
        // for the disassembly
        black_box(planted::remainder(&secret, black_box(10)));
        black_box(planted::wide_remainder(&secret, black_box(10)));
    }
}

fn main() {
    #[cfg(offline_reset_declared)]
    hazmat::ON_PUBLISHED.set(on_published).unwrap();
    assert!(request::watched(), "run by checks/secrets/secret-independence");
    match std::env::args().nth(1).as_deref() {
        Some("memcheck") => std::process::exit(i32::from(!memcheck())),
        Some("callgrind") => callgrind(),
        _ => panic!("memcheck or callgrind"),
    }
}
