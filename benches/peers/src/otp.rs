//! One-time password libraries: RFC 6238 with HMAC-SHA-256 and eight digits where they can, at the exact time step.

use std::hint::black_box;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::library::{Missing, library};
use crate::ours::D;
use crate::row::{BLOCK, Block, Key, Kind, Row, peer};

/// A moment of an offline recorder's clock.
const NOW: u64 = 1_763_000_000;
const STEP: u64 = 30;

/// The eight digits of RFC 6238, for a row to be held against.
fn totp(counter: u64) -> String {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&D).unwrap();
    mac.update(&counter.to_be_bytes());
    let mac = mac.finalize().into_bytes();
    let at = usize::from(mac[31] & 15);
    let number = u32::from_be_bytes(mac[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:08}", number % 100_000_000)
}

/// What is typed, right and wrong. For the rest of the process: the rows hold it.
fn typed(counter: u64) -> (&'static str, &'static str) {
    (totp(counter).leak(), totp(counter + 1).leak())
}

fn totp_rs_of_d() -> totp_rs::Totp {
    let builder = totp_rs::Builder::new().with_algorithm(totp_rs::Algorithm::SHA256).with_digits(8);
    builder.with_skew(0).with_step_duration(STEP).with_secret(D.to_vec()).build().unwrap()
}

pub fn totp_rs() -> Result<Row, Missing> {
    let totp = totp_rs_of_d();
    let note = "8 digits; check with skew 0 (its default of 1 is up to three MACs); time as an argument";
    Ok(peer("totp-rs", Kind::Otp, Key::Fresh, note, typed(NOW / STEP), move |code| totp.check(code, black_box(NOW)).is_some()))
}

/// The same with what it leaves to its user: the attempt counted in a record that is sealed and read back before the comparison.
pub fn totp_rs_counted() -> Result<Row, Missing> {
    let totp = totp_rs_of_d();
    let sealing = <Hmac<Sha256> as KeyInit>::new_from_slice(&D).unwrap();
    let mut record = [0; 16];
    let verify = move |code| {
        let count = u128::from_be_bytes(record) + 1;
        record = count.to_be_bytes();
        let seal = sealing.clone().chain_update(record).finalize().into_bytes();
        let mut sealed = [0; 32];
        sealed[..16].copy_from_slice(&record);
        sealed[16..].copy_from_slice(&seal[..16]);
        let slot = black_box(sealed); // the flash
        slot == sealed && totp.check(code, black_box(NOW)).is_some()
    };
    let note = "the row above, and a count of 16 bytes sealed by RustCrypto hmac with its key kept, read back: put together here";
    Ok(peer("totp-rs and a sealed count", Kind::CountedOtp, Key::Fresh, note, typed(NOW / STEP), verify))
}

pub fn libreauth() -> Result<Row, Missing> {
    let otp = libreauth::oath::TOTPBuilder::new()
        .key(&D)
        .hash_function(libreauth::hash::HashFunction::Sha256)
        .output_len(8)
        .period(u32::MAX) // it reads the clock itself: the step must not end meanwhile
        .finalize()
        .unwrap();
    let note = "8 digits; reads the clock; compares by two more MACs";
    Ok(peer("libreauth", Kind::Otp, Key::Fresh, note, typed(0), move |code| otp.is_valid(code)))
}

pub fn otpauth() -> Result<Row, Missing> {
    let totp = otpauth::TOTP::from_bytes(&D);
    let digits = |counter| -> &'static str { totp.generate(1, counter).to_string().leak() };
    let both = (digits(NOW / STEP), digits(NOW / STEP + 1));
    let note = "SHA-1, 6 digits: it has no other; comparison not in constant time";
    Ok(peer("otpauth", Kind::Otp, Key::Fresh, note, both, move |code| totp.verify(code.parse().unwrap(), STEP, black_box(NOW))))
}

type Validate = unsafe extern "C" fn(
    *const u8,
    usize,
    libc::time_t,
    libc::c_uint,
    libc::time_t,
    usize,
    *mut libc::c_int,
    *mut u64,
    libc::c_int,
    *const libc::c_char,
) -> libc::c_int;

pub fn liboath() -> Result<Row, Missing> {
    const OATH_TOTP_HMAC_SHA256: libc::c_int = 1;
    let library = library("liboath", "liboath-dev", &["liboath.so.0"])?;
    // SAFETY: the signatures of liboath/oath.h, 2.6
    let (init, validate) =
        unsafe { (library.get::<unsafe extern "C" fn() -> libc::c_int>("oath_init")?, library.get::<Validate>("oath_totp_validate4")?) };
    assert_eq!(unsafe { init() }, 0);
    let text = |counter| -> &'static std::ffi::CStr { Box::leak(std::ffi::CString::new(totp(counter)).unwrap().into_boxed_c_str()) };
    let note = "8 digits; oath_totp_validate4, window 0; time as an argument; portable C SHA-256";
    Ok(peer("liboath", Kind::Otp, Key::Fresh, note, (text(NOW / STEP), text(NOW / STEP + 1)), move |code| {
        let now = black_box(NOW) as libc::time_t;
        let (mut position, mut counter) = (0, 0);
        // SAFETY: the key and the text live longer, the text ends in NUL
        let found = unsafe {
            validate(D.as_ptr(), D.len(), now, STEP as u32, 0, 0, &raw mut position, &raw mut counter, OATH_TOTP_HMAC_SHA256, code.as_ptr())
        };
        found >= 0
    }))
}

/// PyOTP's own process: it is asked for a block and says how long that took, so that neither its start nor the pipe counts.
struct Python {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Python {
    fn start() -> std::io::Result<Self> {
        let python = std::env::var_os("PEERS_PYTHON").unwrap_or("python3".into());
        let hex: String = D.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut child = Command::new(python)
            .args(["-c", include_str!("pyotp.py"), &hex, &NOW.to_string(), &totp(NOW / STEP), &totp(NOW / STEP + 1)])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (to, from) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Ok(Self { child, to, from })
    }

    fn block(&mut self) -> std::io::Result<Duration> {
        writeln!(self.to, "{BLOCK}")?;
        let mut line = String::new();
        self.from.read_line(&mut line)?;
        line.trim().parse().map(Duration::from_nanos).map_err(std::io::Error::other)
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn pyotp() -> Result<Row, Missing> {
    let missing = || Missing { name: "PyOTP", why: "pip install pyotp, and PEERS_PYTHON names its python".into() };
    let mut python = Python::start().map_err(|_| missing())?;
    python.block().map_err(|_| missing())?;
    let block = move || Block { time: python.block().expect("PyOTP runs"), allocations: None };
    let note = "8 digits; Python in a process of its own, kept running, timed inside";
    Ok(Row { name: "PyOTP", kind: Kind::Otp, key: Key::Fresh, note, block: Box::new(block) })
}
