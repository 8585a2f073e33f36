//! Every target on stable and without libFuzzer: on its seeds and corpus, and on bytes that are only random. The same inputs in every run;
//! `ORP1_RUNS` times as many random ones.

use std::cell::Cell;

use crate::{addresses, c_abi, corrections, device, differential, flash, issuing, texts};
use arbitrary::{Arbitrary, Unstructured};

/// `fuzz/corpus/TARGET/*`, where `fuzz/seeds.py` has been.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    let files = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let mut files: Vec<_> = files.map(|file| file.path()).collect();
    files.sort();
    files.iter().flat_map(std::fs::read).collect()
}

/// Bytes of a small generator (xorshift).
fn random(count: usize, length: usize) -> impl Iterator<Item = Vec<u8>> {
    let times = std::env::var("ORP1_RUNS").map_or(1, |runs| runs.parse().expect("a number"));
    let mut x = 0x9e37_79b9_7f4a_7c15u64;
    let mut byte = move || {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        (x >> 32) as u8
    };
    std::iter::repeat_with(move || (0..length).map(|_| byte()).collect()).take(count * times)
}

/// `name`: so many random inputs of so many bytes, what they are read as, what is done with it.
macro_rules! targets {
    ($($name:ident $count:literal $length:literal $type:ty, $run:expr;)*) => {$(
        #[test]
        fn $name() {
            let mut inputs = 0;
            for bytes in corpus(stringify!($name)).into_iter().chain(random($count, $length)) {
                if let Ok(input) = <$type>::arbitrary_take_rest(Unstructured::new(&bytes)) {
                    $run(&input);
                    inputs += 1;
                }
            }
            println!("{}: {inputs} inputs", stringify!($name));
        }
    )*};
}

targets! {
    address 100 40 &str, |text: &&str| addresses::address(text);
    read_challenge 100 40 &str, |text: &&str| texts::read_challenge(text);
    read_code 100 40 &str, |text: &&str| texts::read_code(text);
    read_qr 100 40 &str, |text: &&str| texts::read_qr(text);
    sealed_address 2000 600 addresses::Payload<'_>, addresses::sealed_address;
    ledger_bytes 2000 600 flash::Flash, flash::ledger_bytes;
    device 1000 600 device::Life, device::device;
    issuer_and_device 2000 600 issuing::Reset<'_>, issuing::issuer_and_device;
    differential_text 100 40 &str, |text: &&str| differential::text(text);
    differential_corrections 20 600 corrections::Typed<'_>, differential::corrections;
    differential_writing 2000 600 differential::Writing<'_>, differential::writing;
    differential_session 1000 600 differential::Transcript<'_>, differential::session;
    corrections 50 600 corrections::Typed<'_>, corrections::corrections;
    c_abi 2000 600 c_abi::Calls<'_>, c_abi::c_abi;
}

/// What `fuzz/seeds.py` writes is read as it was written.
#[test]
fn seeds() {
    let read = |target, run: &dyn Fn(&[u8])| corpus(target).iter().for_each(|bytes| run(bytes));
    let (several, taken) = (Cell::new(0), Cell::new(0));
    read("corrections", &|bytes| {
        let typed = corrections::Typed::arbitrary_take_rest(Unstructured::new(bytes)).expect("a text");
        several.set(several.get() + usize::from(offline_reset::corrections(&typed.text().0).is_ok_and(|found| found.count() > 1)));
    });
    read("c_abi", &|bytes| {
        let calls = c_abi::Calls::arbitrary_take_rest(Unstructured::new(bytes)).expect("calls");
        taken.set(taken.get() + c_abi::grants(&calls));
    });
    assert!(corpus("corrections").is_empty() || several.get() >= 10, "{} with candidates", several.get());
    // two resets by the device's own code, and two by the vendor's answer to what was typed and to the QR
    assert!(corpus("c_abi").is_empty() || taken.get() >= 6, "{} Grants", taken.get());
}

#[test]
fn everywhere_in_c() {
    let calls = c_abi::walk();
    assert!(calls > 15_000);
    println!("{calls} calls, each in its state, and what can be seen after it");
}
