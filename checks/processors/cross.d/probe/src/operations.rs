//! Every operation of the device's side that touches a secret, for one key; and what the measurements call.

use core::hint::black_box;

use offline_reset::{
    Address, Compared, Device, DeviceKey, Epoch, Grant, Ledger, Lowered, Opened, Origin, Policy, Purpose, Rendering, Request, SEALED_RECORD,
    Serial, Shown, Slots, Term, Uptime, hazmat,
};

use crate::scan::{Bytes, Scan};

const SERIAL: &str = "4H0583BPAG12345";
const NOW: Uptime = Uptime::from_secs(1000);
/// When a login clears the failures of the first comparison.
const LATER: Uptime = Uptime::from_secs(1000 + 86_400);
const ENTROPY: [u8; 32] = [0x3c; 32];

fn store(slots: &mut Slots, at: usize, record: &[u8; SEALED_RECORD]) {
    slots[at] = *record;
}

fn device() -> Device {
    Device { serial: Serial::new(SERIAL).unwrap(), epoch: Epoch::ZERO, policy: Policy::default() }
}

const fn request(address_on_file: bool) -> Request {
    Request { purpose: Purpose::AccountPassword, address_on_file }
}

/// The D of a round, in memory alone.
#[inline(never)]
fn d(of: u8, to: &mut [u8; 32]) {
    for (to, at) in to.iter_mut().zip(0u8..) {
        *to = at.wrapping_mul(59).wrapping_add(of.wrapping_mul(83)).wrapping_add(at.wrapping_mul(of)) ^ of.rotate_left(3) ^ 0x5c;
    }
}

/// An address of a round, in memory alone.
#[inline(never)]
fn address(of: u8, to: &mut [u8; 20]) {
    to[..8].iter_mut().zip(0u8..).for_each(|(to, at)| *to = b'a' + of.wrapping_mul(at + 5).wrapping_add(at) % 26);
    to[8..].copy_from_slice(b"@example.net");
}

/// A device that shows a challenge at its local screen.
fn opened(key: &DeviceKey, slots: &mut Slots) -> (Ledger, Shown) {
    *slots = [Ledger::genesis(key), [0xff; SEALED_RECORD]];
    let (mut ledger, _) = Ledger::load(key, device(), slots, NOW);
    let Ok(Opened::Store(step)) = ledger.open(key, Origin::Local, request(true), &ENTROPY, NOW, slots) else { unreachable!() };
    store(slots, step.slot().index(), step.record());
    let shown = step.show(key, slots).unwrap();
    (ledger, shown)
}

pub fn all(scan: &mut Scan) {
    let (mut taken, mut letters) = ([0; 32], [0; 20]);
    d(scan.round, &mut taken);
    address(scan.round, &mut letters);
    let stranger = DeviceKey::derived(&mut [0x77; 32]).unwrap();
    let check = *hazmat::f(&DeviceKey::derived(&mut { taken }).unwrap(), 8, SERIAL.as_bytes()).first_chunk().unwrap();
    let key = scan.run("DeviceKey::load", || DeviceKey::load(&mut taken, &Serial::new(SERIAL).unwrap(), &check)).unwrap();
    let mut slots = [Ledger::genesis(&key), [0xff; SEALED_RECORD]];
    let device = device();
    scan.run("Ledger::load, lost", || drop(Ledger::load(&key, device, &[[0xff; SEALED_RECORD]; 2], NOW)));
    let (mut ledger, _) = scan.run("Ledger::load", || Ledger::load(&key, device, &slots, NOW));

    let open = scan.run("Ledger::open, first", || ledger.open(&key, Origin::Local, request(true), &ENTROPY, NOW, &slots));
    let Ok(Opened::Store(step)) = open else { unreachable!() };
    store(&mut slots, step.slot().index(), step.record());
    let shown = scan.run("Opening::show", || step.show(&key, &slots)).unwrap();
    scan.run("Ledger::show_again", || ledger.show_again(&key, Origin::Local, NOW)).unwrap();
    let address = Address::new(core::str::from_utf8(&letters).unwrap()).unwrap();
    scan.run("Shown::qr", || _ = black_box(shown.qr(&key, Some(address), Rendering::App)));

    let wrong = hazmat::answer(&stranger, shown.challenge(), Term::DynamicPassword72H);
    for now in [NOW, LATER] {
        let step = scan.run("Ledger::submit", || ledger.submit(&key, Origin::Local, 1, wrong.reveal(), now, &slots)).unwrap();
        store(&mut slots, step.slot().index(), step.record());
        let compared = scan.run("Attempt::compare, wrong", || step.compare(&key, &slots)).unwrap();
        assert!(matches!(compared, Compared::Rejected(_)));
        if now == NOW {
            let login = scan.run("Ledger::admin_login", || ledger.admin_login(&key, LATER, &slots));
            let Ok(Lowered::Store(step)) = login else { unreachable!() };
            store(&mut slots, step.slot().index(), step.record());
            scan.run("Lowering::lowered", || step.lowered(&slots)).unwrap();
        }
    }
    let worn = hazmat::Fields { seq: 1, boots: 0, resets: 0, local: 0, network: 99 };
    let stopped = [hazmat::seal(&key, worn), [0xff; SEALED_RECORD]];
    let (mut worn, _) = Ledger::load(&key, device, &stopped, NOW);
    scan.run("Ledger::allow_again", || worn.allow_again(&key, NOW, &stopped).map(drop)).unwrap();
    // for callers that are gone
    for whole in [true, false] {
        let step = scan.run("Ledger::submit", || ledger.submit(&key, Origin::Local, 1, wrong.reveal(), LATER, &slots)).unwrap();
        store(&mut slots, step.slot().index(), step.record());
        drop(step);
        if whole {
            scan.run("Ledger::finish", || ledger.finish(&key, |_, _| Some(slots)));
        } else {
            let step = ledger.resume().unwrap();
            scan.run("Resumed::finish", || step.finish(&key, &slots));
        }
    }
    // submit knows no right code from a wrong one: above, with what is typed the same for every key, it is looked at
    let code = hazmat::answer(&key, shown.challenge(), Term::DynamicPassword72H);
    let step = scan.unseen(|| ledger.submit(&key, Origin::Local, 1, code.reveal(), LATER, &slots)).unwrap();
    store(&mut slots, step.slot().index(), step.record());
    typed(code.reveal(), &mut scan.typed);
    let compared = scan.run("Attempt::compare, right", || step.compare(&key, &slots));
    let Ok(Compared::Matched(step)) = compared else { unreachable!() };
    store(&mut slots, step.slot().index(), step.record());
    let grant = scan.run("Clearing::grant", || step.grant(&key, &slots)).unwrap();
    let handle = *scan.run("Grant::handle", || grant.handle());
    let mut grants = [Some(grant)];
    let grant = scan.run("Grant::by_handle", || Grant::by_handle(&mut grants, &handle)).unwrap();
    scan.run("Grant::consume", || grant.consume(LATER)).unwrap();
    scan.run("drop of a key", || drop(key));
}

/// What a secret must not do: choose an instruction, an address, a divisor.
pub fn planted(scan: &mut Scan) {
    let mut taken = [0; 32];
    d(scan.round, &mut taken);
    let table: [u8; 256] = core::array::from_fn(|i| i as u8);
    let (secret, table) = (taken[2], black_box(&table));
    scan.run("planted: a branch", || {
        if black_box(secret) & 1 != 0 {
            black_box(1);
        }
    });
    scan.run("planted: a look-up", || black_box(table[usize::from(black_box(secret))]));
    scan.run("planted: a division", || black_box(0xffff_u32 / (u32::from(black_box(secret)) + 1)));
}

/// What was typed, and is the owner's: the text, its digits, and the number that they make.
fn typed(code: &str, public: &mut Bytes) {
    public.insert(code.as_bytes());
    let digits = || code.bytes().filter(u8::is_ascii_digit).map(|digit| digit & 15);
    digits().for_each(|digit| public.insert(&[digit]));
    public.insert(&digits().skip(1).take(10).fold(0, |number: u64, digit| number * 10 + u64::from(digit)).to_ne_bytes());
}

/// So many wrong codes submitted and compared: read, seal, store, read back, compare.
pub fn submissions(n: u32) {
    let mut taken = [0; 32];
    d(1, &mut taken);
    let key = DeviceKey::derived(black_box(&mut taken)).unwrap();
    let mut slots = [[0; SEALED_RECORD]; 2];
    let (mut ledger, shown) = opened(&key, &mut slots);
    let wrong = hazmat::answer(&DeviceKey::derived(&mut [0x77; 32]).unwrap(), shown.challenge(), Term::DynamicPassword72H);
    let mut now = NOW.as_secs();
    for _ in 0..n {
        now += 150; // past the wait after the fifth
        let step = ledger.submit(&key, Origin::Local, 1, black_box(wrong.reveal()), Uptime::from_secs(black_box(now)), &slots).unwrap();
        store(&mut slots, step.slot().index(), step.record());
        assert!(matches!(step.compare(&key, black_box(&slots)), Ok(Compared::Rejected(_))));
    }
}

/// So many compressions, each on what the one before gave.
pub fn compressions(n: u32) {
    let mut state = black_box([0x6a09_e667; 8]);
    let block = [black_box([0x5c; 64])];
    for _ in 0..n {
        sha2::block_api::compress256(black_box(&mut state), black_box(&block));
    }
    black_box(state);
}
