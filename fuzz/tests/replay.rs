//! Every target on stable and without libFuzzer: on its seeds and corpus, and on bytes that are only random.

use arbitrary::{Arbitrary, Unstructured};
use offline_reset_fuzz::{addresses, c_abi, corrections, device, differential, flash, issuing, texts};

/// `fuzz/corpus/TARGET/*`, where `fuzz/seeds.py` has been.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    let files = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let mut files: Vec<_> = files.map(|file| file.path()).collect();
    files.sort();
    files.iter().flat_map(std::fs::read).collect()
}

/// Bytes of a small generator (xorshift), the same in every run.
fn random(count: usize, length: usize) -> impl Iterator<Item = Vec<u8>> {
    let mut x = 0x9e37_79b9_7f4a_7c15u64;
    let byte = std::iter::repeat_with(move || {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        (x >> 32) as u8
    });
    let bytes: Vec<u8> = byte.take(count * length).collect();
    (0..count).map(move |i| bytes[i * length..(i + 1) * length].to_vec())
}

fn text(target: &str, run: impl Fn(&str)) {
    for bytes in corpus(target).into_iter().chain(random(100, 40)) {
        run(&String::from_utf8_lossy(&bytes));
    }
}

fn structured<T: for<'a> Arbitrary<'a>>(target: &str, count: usize, run: impl Fn(&T)) {
    for bytes in corpus(target).into_iter().chain(random(count, 600)) {
        if let Ok(input) = T::arbitrary_take_rest(Unstructured::new(&bytes)) {
            run(&input);
        }
    }
}

/// The same for inputs that borrow from the bytes.
macro_rules! borrowing {
    ($target:literal, $count:literal, $type:ty, $run:expr) => {
        for bytes in corpus($target).into_iter().chain(random($count, 600)) {
            if let Ok(input) = <$type>::arbitrary_take_rest(Unstructured::new(&bytes)) {
                $run(&input);
            }
        }
    };
}

#[test]
fn readers() {
    text("read_challenge", texts::read_challenge);
    text("read_code", texts::read_code);
    text("read_qr", texts::read_qr);
    text("address", addresses::address);
}

#[test]
fn promises() {
    let several = std::cell::Cell::new(0);
    borrowing!("corrections", 50, corrections::Typed<'_>, |typed: &corrections::Typed<'_>| {
        several.set(several.get() + usize::from(offline_reset::corrections(&typed.text().0).is_ok_and(|found| found.count() > 1)));
        corrections::corrections(typed);
    });
    assert!(
        corpus("corrections").is_empty() || several.get() >= 10,
        "{} with candidates: the seeds are not read as written",
        several.get()
    );
    structured("ledger_bytes", 2000, flash::ledger_bytes);
    borrowing!("sealed_address", 2000, addresses::Payload<'_>, addresses::sealed_address);
    structured("device", 1000, device::device);
    borrowing!("issuer_and_device", 2000, issuing::Reset<'_>, issuing::issuer_and_device);
}

#[test]
fn differences() {
    text("differential_text", differential::text);
    borrowing!("differential_corrections", 20, corrections::Typed<'_>, differential::corrections);
    borrowing!("differential_writing", 2000, differential::Writing<'_>, differential::writing);
    borrowing!("differential_session", 1000, differential::Transcript<'_>, differential::session);
}

#[test]
fn c() {
    let taken = std::cell::Cell::new(0);
    borrowing!("c_abi", 2000, c_abi::Calls<'_>, |calls: &c_abi::Calls<'_>| taken.set(taken.get() + c_abi::grants(calls)));
    // two resets by the device's own code, and two by the vendor's answer to what was typed and to the QR
    assert!(corpus("c_abi").is_empty() || taken.get() >= 6, "{} Grants: the seeds are not read as they were written", taken.get());
}

#[test]
fn everywhere_in_c() {
    let calls = c_abi::walk();
    assert!(calls > 15_000);
    println!("{calls} calls, each in its state, and what can be seen after it");
}
