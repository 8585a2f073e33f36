//! What `checks/code/all-inputs` executes symbolically: each operation as a C function over memory, its outcome a number.
#![no_std]
#![allow(improper_ctypes_definitions, clippy::missing_safety_doc)] // each pointer points to what its type says

use core::mem::MaybeUninit;
use core::panic::PanicInfo;

use offline_reset::{
    Challenge, CodeError, Compared, Device, DeviceKey, Grant, Ledger, Lowered, OpenError, Opened, Origin, Purpose, ReadError, Request, Reset, Resumed,
    Slots, Standing, StoreError, SubmitError, Term, TypedChallenge, Uptime, hazmat,
};

#[link(name = "c")] // memcpy and its kin
unsafe extern "C" {}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}

/// 0, or the number of the error, and what it carries.
#[repr(C)]
pub struct Outcome {
    error: u64,
    argument: u64,
}

const fn plain(error: u64) -> Outcome {
    Outcome { error, argument: 0 }
}

const fn with(error: u64, argument: usize) -> Outcome {
    Outcome { error, argument: argument as u64 }
}

const DONE: Outcome = plain(0);
const STORE: Outcome = plain(1); // done, and a record is pending
const REJECTED: Outcome = plain(2);
const NOT_CALLED: Outcome = plain(3); // nothing of that kind is pending
const OTHER: Outcome = plain(99);

fn code_error(error: &CodeError) -> Outcome {
    match error {
        CodeError::TooLong { limit } => with(10, *limit),
        CodeError::Empty => plain(11),
        CodeError::Alphabet { position } => with(12, *position),
        CodeError::WrongKind => plain(13),
        CodeError::Length { found } => with(14, *found),
        _ => OTHER,
    }
}

fn read_error(error: &ReadError) -> Outcome {
    match error {
        ReadError::TooLong { limit } => with(10, *limit),
        ReadError::Empty => plain(11),
        ReadError::Alphabet { position } => with(12, *position),
        ReadError::WrongKind => plain(13),
        ReadError::Length { found } => with(14, *found),
        ReadError::Check => plain(15),
        ReadError::Version { found } => with(50, usize::from(*found)),
        ReadError::Purpose { found } => with(52, usize::from(*found)),
        _ => OTHER,
    }
}

fn store_error(error: &StoreError) -> Outcome {
    match error {
        StoreError::Pending => plain(20),
        StoreError::Poisoned => plain(21),
        StoreError::Stale => plain(22),
        StoreError::StoreFailed => plain(23),
        _ => OTHER,
    }
}

fn submit_error(error: &SubmitError) -> Outcome {
    match error {
        SubmitError::Read(error) => code_error(error),
        SubmitError::Store(error) => store_error(error),
        SubmitError::NoChallenge => plain(30),
        SubmitError::Check => plain(31),
        SubmitError::ReservedK => plain(32),
        SubmitError::Method => plain(33),
        SubmitError::Expired => plain(34),
        SubmitError::Stopped => plain(35),
        SubmitError::Waiting { remaining } => Outcome { error: 36, argument: remaining.as_secs() },
        _ => OTHER,
    }
}

fn open_error(error: &OpenError) -> Outcome {
    match error {
        OpenError::Store(error) => store_error(error),
        OpenError::Method => plain(33),
        OpenError::Busy => plain(40),
        OpenError::TooSoon { remaining } => Outcome { error: 41, argument: remaining.as_secs() },
        _ => OTHER,
    }
}

fn origin(number: u8) -> Origin {
    if number == 0 { Origin::Local } else { Origin::Network }
}

#[unsafe(no_mangle)]
pub extern "C" fn new_key(d: &mut [u8; 32], key: &mut MaybeUninit<DeviceKey>) -> u64 {
    DeviceKey::derived(d).map_or(1, |made| {
        key.write(made);
        0
    })
}

/// The text of a code, taken from its holder: reading it by `reveal` would look at every byte.
#[unsafe(no_mangle)]
pub extern "C" fn answer(key: &DeviceKey, challenge: &Challenge, term: Term, out: &mut [u8; 14]) {
    let code = hazmat::answer(key, challenge, term);
    const { assert!(size_of::<offline_reset::Code>() == 14) };
    // SAFETY: fourteen bytes, as asserted.
    *out = unsafe { core::mem::transmute_copy(&code) };
}

/// The text is UTF-8: the caller's promise.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn read_code(bytes: *const u8, len: usize, digits: &mut [u8; 12], outcome: &mut Outcome) {
    // SAFETY: the caller's promise.
    let text = unsafe { core::str::from_utf8_unchecked(core::slice::from_raw_parts(bytes, len)) };
    *outcome = match hazmat::read_code(text) {
        Ok(read) => {
            *digits = read;
            DONE
        }
        Err(error) => code_error(&error),
    };
}

/// The text is UTF-8: the caller's promise.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn read_challenge(bytes: *const u8, len: usize, into: &mut MaybeUninit<TypedChallenge>, outcome: &mut Outcome) {
    // SAFETY: the caller's promise.
    let text = unsafe { core::str::from_utf8_unchecked(core::slice::from_raw_parts(bytes, len)) };
    *outcome = match TypedChallenge::read(text) {
        Ok(read) => {
            into.write(read);
            DONE
        }
        Err(error) => read_error(&error),
    };
}

#[unsafe(no_mangle)]
pub extern "C" fn load(ledger: &mut MaybeUninit<Ledger>, key: &DeviceKey, device: &Device, slots: &Slots, now: u64) {
    ledger.write(Ledger::load(key, *device, slots, Uptime::from_secs(now)).0);
}

#[unsafe(no_mangle)]
pub extern "C" fn open(
    ledger: &mut Ledger,
    key: &DeviceKey,
    entropy: &[u8; 32],
    now: u64,
    slots: &Slots,
    outcome: &mut Outcome,
    number: u8,
    purpose: Purpose,
    address_on_file: bool,
) {
    let request = Request { purpose, address_on_file };
    *outcome = match ledger.open(key, origin(number), request, entropy, Uptime::from_secs(now), slots) {
        Ok(Opened::Shown(_)) => DONE,
        Ok(Opened::Store(_)) => STORE,
        Err(error) => open_error(&error),
    };
}

/// The text is ASCII: the caller's promise.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn submit(
    ledger: &mut Ledger,
    key: &DeviceKey,
    text: &[u8; 12],
    now: u64,
    slots: &Slots,
    outcome: &mut Outcome,
    number: u8,
    session: u32,
) {
    // SAFETY: the caller's promise.
    let text = unsafe { core::str::from_utf8_unchecked(text) };
    *outcome = match ledger.submit(key, origin(number), session, text, Uptime::from_secs(now), slots) {
        Ok(_) => STORE,
        Err(error) => submit_error(&error),
    };
}

#[unsafe(no_mangle)]
pub extern "C" fn compare(ledger: &mut Ledger, key: &DeviceKey, slots: &Slots, outcome: &mut Outcome) {
    *outcome = match ledger.resume() {
        Ok(Resumed::Attempt(attempt)) => match attempt.compare(key, slots) {
            Ok(Compared::Matched(_)) => STORE,
            Ok(Compared::Rejected(_)) => REJECTED,
            Err(error) => store_error(&error),
        },
        _ => NOT_CALLED,
    };
}

#[unsafe(no_mangle)]
pub extern "C" fn show(ledger: &mut Ledger, slots: &Slots, key: &DeviceKey, outcome: &mut Outcome) {
    *outcome = match ledger.resume() {
        Ok(Resumed::Opening(opening)) => opening.show(key, slots).map_or_else(|error| store_error(&error), |_| DONE),
        _ => NOT_CALLED,
    };
}

#[unsafe(no_mangle)]
pub extern "C" fn grant(ledger: &mut Ledger, slots: &Slots, grant: &mut MaybeUninit<Grant>, key: &DeviceKey, outcome: &mut Outcome) {
    *outcome = match ledger.resume() {
        Ok(Resumed::Clearing(clearing)) => match clearing.grant(key, slots) {
            Ok(given) => {
                grant.write(given);
                DONE
            }
            Err(error) => store_error(&error),
        },
        _ => NOT_CALLED,
    };
}

/// 0 and what may be reset when the Grant was good, 1 when it was void.
#[unsafe(no_mangle)]
pub extern "C" fn consume(grant: &mut MaybeUninit<Grant>, now: u64, reset: &mut MaybeUninit<Reset>) -> u64 {
    // SAFETY: the caller's promise: a Grant.
    let grant = unsafe { grant.assume_init_read() };
    match grant.consume(Uptime::from_secs(now)) {
        Ok(given) => {
            reset.write(given);
            0
        }
        Err(_) => 1,
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn login(ledger: &mut Ledger, key: &DeviceKey, now: u64, slots: &Slots, outcome: &mut Outcome) {
    *outcome = lowered(ledger.admin_login(key, Uptime::from_secs(now), slots));
}

#[unsafe(no_mangle)]
pub extern "C" fn allow_again(ledger: &mut Ledger, key: &DeviceKey, now: u64, slots: &Slots, outcome: &mut Outcome) {
    *outcome = lowered(ledger.allow_again(key, Uptime::from_secs(now), slots));
}

fn lowered(lowered: Result<Lowered<'_>, StoreError>) -> Outcome {
    match lowered {
        Ok(Lowered::Done) => DONE,
        Ok(Lowered::Store(_)) => STORE,
        Err(error) => store_error(&error),
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn cleared(ledger: &mut Ledger, slots: &Slots, outcome: &mut Outcome) {
    *outcome = match ledger.resume() {
        Ok(Resumed::Lowering(step)) => step.lowered(slots).map_or_else(|error| store_error(&error), |()| DONE),
        _ => NOT_CALLED,
    };
}

#[unsafe(no_mangle)]
pub extern "C" fn standing(ledger: &Ledger, now: u64, outcome: &mut Outcome, number: u8) {
    *outcome = match ledger.standing(origin(number), Uptime::from_secs(now)) {
        Standing::Ready => DONE,
        Standing::Waiting { remaining } => Outcome { error: 36, argument: remaining.as_secs() },
        Standing::Stopped => plain(35),
    };
}

/// The header of 16 bits, or the error's number.
#[unsafe(no_mangle)]
pub extern "C" fn header(h: u16, outcome: &mut Outcome) {
    *outcome = match hazmat::read_header(h) {
        Ok(header) => with(0, usize::from(header.bits())),
        Err(hazmat::HeaderError::Version(found)) => with(50, usize::from(found)),
        Err(hazmat::HeaderError::ReservedBits) => plain(51),
        Err(hazmat::HeaderError::Purpose(found)) => with(52, usize::from(found)),
    };
}

/// The text of a challenge and its length; taken from its holder as in `answer`.
#[unsafe(no_mangle)]
pub extern "C" fn write(key: &DeviceKey, challenge: &Challenge, out: &mut MaybeUninit<offline_reset::ChallengeText>) {
    out.write(hazmat::write_challenge(key, challenge));
}
