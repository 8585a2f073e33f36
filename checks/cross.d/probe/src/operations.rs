//! Every operation of the device's side that touches a secret, for one key; and what the measurements call.

use core::hint::black_box;

use offline_reset::{
    Address, Attempt, Compared, Device, DeviceKey, Epoch, Ledger, LoggedIn, Opened, Origin, Policy, Purpose, Rendering, Request,
    SEALED_RECORD, Serial, Shown, Slots, Term, Uptime, hazmat,
};

use crate::scan::{Bytes, Scan};

const SERIAL: &str = "4H0583BPAG12345";
const NOW: Uptime = Uptime::from_secs(1000);
const LATER: Uptime = Uptime::from_secs(1500);
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
    let stranger = DeviceKey::new(&[0x77; 32]);
    let key = scan.run("DeviceKey::take", || DeviceKey::take(&mut taken));
    let mut slots = [Ledger::genesis(&key), [0xff; SEALED_RECORD]];
    slots.iter().for_each(|slot| scan.public.insert(slot));
    let device = device();
    scan.run("Ledger::load, lost", || drop(Ledger::load(&key, device, &[[0xff; SEALED_RECORD]; 2], NOW)));
    let (mut ledger, _) = scan.run("Ledger::load", || Ledger::load(&key, device, &slots, NOW));

    let open = scan.run_and_publish(
        "Ledger::open, first",
        || ledger.open(&key, Origin::Local, request(true), &ENTROPY, NOW, &slots),
        |opened, public| {
            let Ok(Opened::Store(step)) = opened else { unreachable!() };
            public.insert(step.record());
            public.insert(&nonce(&key)); // about to be shown
        },
    );
    let Ok(Opened::Store(step)) = open else { unreachable!() };
    scan.public.insert(step.record());
    scan.public.insert(&nonce(&key));
    store(&mut slots, step.slot().index(), step.record());
    let shown = scan.run_and_publish("Opening::show", || step.show(&key, &slots), |shown, public| written(shown.as_ref().unwrap(), public));
    let shown = shown.unwrap();
    assert_eq!(shown.challenge().nonce().bytes(), &nonce(&key));
    scan.public.insert(shown.text().unwrap().as_str().as_bytes());
    let address = Address::new(core::str::from_utf8(&letters).unwrap()).unwrap();
    scan.run("Shown::qr", || _ = black_box(shown.qr(&key, Some(address), Rendering::App)));

    let wrong = hazmat::answer(&stranger, shown.challenge(), Term::DynamicPassword10Min);
    typed(wrong.reveal(), &mut scan.public);
    for i in 0..2 {
        let step = scan.run_and_publish(
            "Ledger::submit, wrong",
            || ledger.submit(&key, Origin::Local, wrong.reveal(), NOW, &slots),
            |step, public| submitted(step.as_ref().unwrap(), wrong.reveal(), public),
        );
        let step = step.unwrap();
        scan.public.insert(step.record());
        store(&mut slots, step.slot().index(), step.record());
        let compared = scan.run("Attempt::compare, wrong", || step.compare(&key, &slots)).unwrap();
        assert!(matches!(compared, Compared::Rejected(_)));
        if i == 0 {
            let login = scan.run_and_publish(
                "Ledger::admin_login",
                || ledger.admin_login(&key, NOW, &slots),
                |login, public| {
                    let Ok(LoggedIn::Store(step)) = login else { unreachable!() };
                    public.insert(step.record());
                },
            );
            let Ok(LoggedIn::Store(step)) = login else { unreachable!() };
            scan.public.insert(step.record());
            store(&mut slots, step.slot().index(), step.record());
            scan.run("Login::cleared", || step.cleared(&slots)).unwrap();
        }
    }
    let code = hazmat::answer(&key, shown.challenge(), Term::DynamicPassword10Min);
    typed(code.reveal(), &mut scan.public); // the person has it
    let step = scan.run_and_publish(
        "Ledger::submit, right",
        || ledger.submit(&key, Origin::Local, code.reveal(), LATER, &slots),
        |step, public| submitted(step.as_ref().unwrap(), code.reveal(), public),
    );
    let step = step.unwrap();
    scan.public.insert(step.record());
    store(&mut slots, step.slot().index(), step.record());
    let compared = scan.run_and_publish(
        "Attempt::compare, right",
        || step.compare(&key, &slots),
        |compared, public| {
            let Ok(Compared::Matched(step)) = compared else { unreachable!() };
            public.insert(step.record());
        },
    );
    let Ok(Compared::Matched(step)) = compared else { unreachable!() };
    scan.public.insert(step.record());
    store(&mut slots, step.slot().index(), step.record());
    drop(scan.run("Clearing::grant", || step.grant(&slots)).unwrap());
    scan.run("drop of a key", || drop(key));
}

/// What is made from the challenge when it is written for the screen: its symbols, these packed into bits at any shift, the check's steps.
fn written(shown: &Shown, public: &mut Bytes) {
    let text = shown.text().unwrap().as_str();
    public.insert(text.as_bytes());
    let mut symbols = [0; 20];
    for (to, ch) in symbols.iter_mut().zip(text.bytes().skip(SERIAL.len()).filter(|&ch| ch != b'-')) {
        *to = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ".iter().position(|&of| of == ch).unwrap() as u8;
    }
    public.insert(&symbols);
    let bits = symbols.iter().fold(0u128, |bits, &symbol| bits << 5 | u128::from(symbol));
    (0..8).for_each(|shift| public.insert(&(bits << shift).to_ne_bytes()));
    (0..16).for_each(|few_bits| public.insert(&[few_bits]));
    let values = SERIAL.bytes().flat_map(|ch| [ch >> 5, ch & 31]).chain(symbols.into_iter().take(14)).chain([0; 6]);
    values.fold(1u32, |p, v| {
        let table: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
        let p =
            table.iter().enumerate().fold((p & 0x1ff_ffff) << 5 ^ u32::from(v), |q, (i, g)| if p >> (25 + i) & 1 != 0 { q ^ g } else { q });
        public.insert(&p.to_ne_bytes());
        public.insert(&(p << 5).to_ne_bytes());
        p
    });
}

/// The nonce of the first challenge.
fn nonce(key: &DeviceKey) -> [u8; 5] {
    let mut message = [0; 48];
    message[3] = 1; // boots; no challenge was opened before
    message[8..16].copy_from_slice(&NOW.as_secs().to_be_bytes());
    message[16..].copy_from_slice(&ENTROPY);
    let f = hazmat::f(key, 1, &message);
    [f[0], f[1], f[2], f[3], f[4]]
}

/// What is made from a typed code when its check digit is looked at: the steps of the quasigroup, and where in a row they look.
fn submitted(step: &Attempt<'_>, code: &str, public: &mut Bytes) {
    public.insert(step.record());
    (0..10).for_each(|digit| public.insert(&[digit]));
    code.bytes().filter(u8::is_ascii_digit).for_each(|digit| public.insert(&[4 * (digit & 15)]));
}

/// What was typed: the text, and its digits as numbers.
fn typed(code: &str, public: &mut Bytes) {
    public.insert(code.as_bytes());
    code.bytes().filter(u8::is_ascii_digit).for_each(|digit| public.insert(&[digit & 15]));
}

/// So many wrong codes submitted and compared: read, seal, store, read back, compare.
pub fn submissions(n: u32) {
    let mut taken = [0; 32];
    d(1, &mut taken);
    let key = DeviceKey::take(black_box(&mut taken));
    let mut slots = [[0; SEALED_RECORD]; 2];
    let (mut ledger, shown) = opened(&key, &mut slots);
    let wrong = hazmat::answer(&DeviceKey::new(&[0x77; 32]), shown.challenge(), Term::DynamicPassword72H);
    let mut now = NOW.as_secs();
    for _ in 0..n {
        now += 150; // past the wait after the fifth
        let step = ledger.submit(&key, Origin::Local, black_box(wrong.reveal()), Uptime::from_secs(black_box(now)), &slots).unwrap();
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
