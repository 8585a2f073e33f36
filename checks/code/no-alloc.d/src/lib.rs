//! The library in a shared object without std and without an allocator: see `checks/code/no-alloc`.
#![no_std]

use core::fmt::{self, Write};
use core::panic::PanicInfo;

use offline_reset::{
    Address, Attempt, Compared, Device, DeviceKey, Epoch, Language, Ledger, Opened, UnsealedAddress, Origin, Policy, Purpose, QrChallenge,
    Rendering, Request, RootKey, SEALED_RECORD, Serial, Shown, Slots, SubmitError, Term, TypedChallenge, Uptime, Url, corrections, spell,
};

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}

/// A whole reset, both sides of it. Returns 0, or the number of the step that did not go as it has to.
///
/// # Safety
/// `root` and `entropy` point to 32 bytes each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn whole_reset(root: *const [u8; 32], entropy: *const [u8; 32]) -> u32 {
    planted::allocate();
    // SAFETY: the caller's promise.
    let (root, entropy) = unsafe { (&*root, &*entropy) };
    reset(&RootKey::new(root), entropy).err().unwrap_or(0)
}

const ADDRESS: &str = "jan.jansen@example.nl";
const URL: &str = "HTTPS://EXAMPLE.NL/R/";
const START: Uptime = Uptime::from_secs(1_000);
const LATER: Uptime = Uptime::from_secs(1_500);

fn reset(root: &RootKey, entropy: &[u8; 32]) -> Result<(), u32> {
    let serial = Serial::new("4H0583BPAG12345").map_err(|_| 1u32)?;
    let key = root.device_key(&serial);
    let device = Device { serial, epoch: Epoch::ZERO, policy: Policy::default() };
    let mut slots: Slots = [Ledger::genesis(&key), [0xff; SEALED_RECORD]];
    let (mut ledger, _) = Ledger::load(&key, device, &slots, START);

    let request = Request { purpose: Purpose::AccountPassword, address_on_file: true };
    let opened = ledger.open(&key, Origin::Local, request, entropy, START, &slots);
    let Opened::Store(opening) = opened.map_err(|_| 2u32)? else { return Err(3) };
    slots[opening.slot().index()] = *opening.record();
    let shown = opening.show(&key, &slots).map_err(|_| 4u32)?;

    let code = answer_to_text(root, &shown)?;
    if answer_to_qr(root, &key, &shown)? != code {
        return Err(5);
    }

    // A wrong tenth digit, with each check digit: nine are refused, one is counted and rejected.
    let mut refused = 0;
    for check in b'0'..=b'9' {
        let mut wrong = code;
        wrong[12] = if wrong[12] == b'9' { b'0' } else { wrong[12] + 1 };
        wrong[13] = check;
        match submit(&mut ledger, &key, &wrong, &slots)? {
            Err(error) => {
                print(&error)?;
                refused += 1;
            }
            Ok(attempt) => {
                slots[attempt.slot().index()] = *attempt.record();
                let Compared::Rejected(rejected) = attempt.compare(&key, &slots).map_err(|_| 6u32)? else { return Err(7) };
                print(&rejected)?;
            }
        }
    }
    if refused != 9 || ledger.failures(Origin::Local) != 1 {
        return Err(8);
    }

    let attempt = submit(&mut ledger, &key, &code, &slots)?.map_err(|_| 9u32)?;
    slots[attempt.slot().index()] = *attempt.record();
    let Compared::Matched(clearing) = attempt.compare(&key, &slots).map_err(|_| 10u32)? else { return Err(11) };
    slots[clearing.slot().index()] = *clearing.record();
    let grant = clearing.grant(&slots).map_err(|_| 12u32)?;
    let reset = grant.consume(LATER).map_err(|_| 13u32)?;
    if reset.resets == 1 && ledger.failures(Origin::Local) == 0 { Ok(()) } else { Err(14) }
}

fn submit<'l>(ledger: &'l mut Ledger, key: &DeviceKey, code: &[u8; 14], slots: &Slots) -> Result<Result<Attempt<'l>, SubmitError>, u32> {
    let text = core::str::from_utf8(code).map_err(|_| 20u32)?;
    Ok(ledger.submit(key, Origin::Local, text, LATER, slots))
}

/// The desk: one character of the challenge was not understood.
fn answer_to_text(root: &RootKey, shown: &Shown) -> Result<[u8; 14], u32> {
    let written = shown.text().ok_or(30u32)?;
    let mut heard = [b'?'; 39];
    heard.copy_from_slice(written.as_str().as_bytes().get(..39).ok_or(31u32)?);
    heard[20] = b'?';
    let heard = core::str::from_utf8(&heard).map_err(|_| 32u32)?;
    if TypedChallenge::read(heard).is_ok() {
        return Err(33);
    }
    let mut candidates = corrections(heard).map_err(|_| 34u32)?;
    let (Some(candidate), None) = (candidates.next(), candidates.next()) else { return Err(35) };
    let challenge = candidate.confirmed_by_a_person();
    if challenge.text() != *written || spell('4', Language::Dutch) != Some("vier") {
        return Err(36);
    }
    let key = root.device_key(challenge.claimed().serial());
    let genuine = challenge.verify(&key).map_err(|_| 37u32)?;
    genuine.answer(Term::DynamicPassword8H).reveal().as_bytes().try_into().map_err(|_| 38u32)
}

/// The app's backend: the same challenge as a QR, with the address on file inside. It gives the desk's code, to compare.
fn answer_to_qr(root: &RootKey, key: &DeviceKey, shown: &Shown) -> Result<[u8; 14], u32> {
    let address = Address::new(ADDRESS).map_err(|_| 40u32)?;
    print(&address.masked())?;
    let url = Url::new(URL).map_err(|_| 41u32)?;
    let text = shown.qr(key, Some(address), Rendering::Url(url)).map_err(|_| 42u32)?;
    let challenge = QrChallenge::read(text.as_str()).map_err(|_| 43u32)?;
    let key = root.device_key(challenge.claimed().serial());
    let genuine = challenge.verify(&key).map_err(|_| 44u32)?;
    if genuine.address() != UnsealedAddress::OnFile(address) {
        return Err(45);
    }
    genuine.genuine().answer(Term::DynamicPassword8H).reveal().as_bytes().try_into().map_err(|_| 46u32)
}

/// Formats, so that the formatting of errors is in the object as well.
fn print(value: &dyn fmt::Display) -> Result<(), u32> {
    struct Count(usize);
    impl Write for Count {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0 += text.len();
            Ok(())
        }
    }
    let mut count = Count(0);
    write!(count, "{value}").map_err(|_| 50u32)?;
    if count.0 > 0 { Ok(()) } else { Err(51) }
}

/// The defects that `checks/code/no-alloc` plants; without their features this does nothing.
mod planted {
    #[cfg(feature = "planted-vec")]
    extern crate alloc;
    #[cfg(feature = "planted-std")]
    extern crate std;

    #[cfg(feature = "planted-malloc")]
    unsafe extern "C" {
        fn malloc(bytes: usize) -> *mut u8;
    }

    pub(super) fn allocate() {
        #[cfg(feature = "planted-vec")]
        core::hint::black_box(alloc::vec::Vec::<u8>::with_capacity(32));
        // SAFETY: any size may be asked for; the 32 bytes leak.
        #[cfg(feature = "planted-malloc")]
        core::hint::black_box(unsafe { malloc(32) });
    }
}
