//! Does the time of an operation say how near a guess was, or which key was used? Welch's t-test on the running library, with whatever
//! instructions the processor has: a second witness beside valgrind, see `checks/secrets/secret-independence`.

use std::cell::Cell;
use std::hint::black_box;

use dudect_bencher::rand::{Rng, RngExt};
use dudect_bencher::{BenchRng, Class, CtRunner, ctbench_main};
use offline_reset::{
    Address, Device, DeviceKey, Epoch, Ledger, Opened, Origin, Policy, Purpose, QrChallenge, Rendering, Request, Serial, Slots, Term,
    TypedChallenge, Uptime, hazmat,
};

const SAMPLES: usize = 20_000;
const NOW: Uptime = Uptime::from_secs(1000);

fn class(rng: &mut BenchRng) -> Class {
    if rng.random() { Class::Left } else { Class::Right }
}

fn is_left(class: &Class) -> bool {
    matches!(class, Class::Left)
}

fn key(rng: &mut BenchRng) -> [u8; 32] {
    let mut key = [0; 32];
    rng.fill_bytes(&mut key);
    key
}

struct Start {
    key: DeviceKey,
    device: Device,
    slots: Slots,
}

impl Start {
    fn new() -> Self {
        let key = DeviceKey::new(&[7; 32]);
        let serial = Serial::new("4H0583BPAG12345").unwrap();
        let slots = [Ledger::genesis(&key), [0xff; 32]];
        Self { key, device: Device { serial, epoch: Epoch::ZERO, policy: Policy::default() }, slots }
    }

    /// A ledger whose challenge is always the same one.
    fn open(&self) -> (Ledger, Slots, String) {
        let (mut ledger, _) = Ledger::load(&self.key, self.device, &self.slots, NOW);
        let mut slots = self.slots;
        let request = Request { purpose: Purpose::AccountPassword, address_on_file: true };
        let Ok(Opened::Store(step)) = ledger.open(&self.key, Origin::Local, request, &[3; 32], NOW, &slots) else { unreachable!() };
        slots[step.slot().index()] = *step.record();
        let shown = step.show(&self.key, &slots).unwrap();
        (ledger, slots, shown.text().unwrap().to_string())
    }
}

/// d1 is wrong, or d10 is; the check digit fits in both.
fn compare(runner: &mut CtRunner, rng: &mut BenchRng) {
    let start = Start::new();
    let (_, _, text) = start.open();
    let challenge = *TypedChallenge::read(&text).unwrap().claimed();
    let right = hazmat::read_code(hazmat::answer(&start.key, &challenge, Term::DynamicPassword24H).reveal()).unwrap();
    let wrong = |place: usize| {
        let mut code = right;
        code[place] = (code[place] + 1) % 10;
        let seed = hazmat::seed(*challenge.nonce().bytes());
        code[11] = (0..10).find(|&c| hazmat::damm(hazmat::damm(seed, &code[..11]), &[c]) == 0).unwrap();
        code.map(|digit| char::from(b'0' + digit)).iter().collect::<String>()
    };
    let (first, last) = (wrong(1), wrong(10));
    for _ in 0..SAMPLES {
        let class = class(rng);
        let (mut ledger, mut slots, _) = start.open();
        let code = if is_left(&class) { &first } else { &last };
        let step = ledger.submit(&start.key, Origin::Local, code, NOW, &slots).unwrap();
        slots[step.slot().index()] = *step.record();
        let step = Cell::new(Some(step));
        runner.run_one(class, || _ = black_box(step.take().map(|step| step.compare(&start.key, &slots).is_ok())));
    }
}

/// The forged tag differs in its first bit, or in its last.
fn verify(runner: &mut CtRunner, rng: &mut BenchRng) {
    let key = DeviceKey::new(&[7; 32]);
    let (_, _, text) = Start::new().open();
    let genuine = TypedChallenge::read(&text).unwrap();
    let tag = hazmat::tag(&key, genuine.claimed());
    let forger = |wanted: u32| {
        // a key whose tag is the wanted one: 2^20 tries
        (0u64..).map(|n| core::array::from_fn(|i| n.to_be_bytes()[i % 8])).find_map(|d: [u8; 32]| {
            let key = DeviceKey::new(&d);
            (hazmat::tag(&key, genuine.claimed()) == wanted).then(|| hazmat::write_challenge(&key, genuine.claimed()))
        })
    };
    let forged = [forger(tag ^ 1 << 19), forger(tag ^ 1)].map(|text| TypedChallenge::read(text.unwrap().as_str()).unwrap());
    for _ in 0..SAMPLES {
        let class = class(rng);
        let typed = forged[usize::from(is_left(&class))];
        runner.run_one(class, || _ = black_box(typed.verify(&key).is_ok()));
    }
}

/// One key, or another each time.
fn answer(runner: &mut CtRunner, rng: &mut BenchRng) {
    let challenge = *TypedChallenge::read(&Start::new().open().2).unwrap().claimed();
    for _ in 0..SAMPLES {
        let class = class(rng);
        let other = key(rng);
        let key = DeviceKey::new(if is_left(&class) { &[7; 32] } else { &other });
        let typed = hazmat::write_challenge(&key, &challenge);
        let typed = TypedChallenge::read(typed.as_str()).unwrap();
        let genuine = typed.verify(&key).unwrap();
        runner.run_one(class, || _ = black_box(genuine.answer(Term::DynamicPassword24H)));
    }
}

/// The same for the sealed address.
fn seal(runner: &mut CtRunner, rng: &mut BenchRng) {
    let challenge = *TypedChallenge::read(&Start::new().open().2).unwrap().claimed();
    let address = Address::new("jan.jansen@example.nl").unwrap();
    for _ in 0..SAMPLES / 4 {
        let class = class(rng);
        let other = key(rng);
        let key = DeviceKey::new(if is_left(&class) { &[7; 32] } else { &other });
        let text = hazmat::write_qr(&key, &challenge, Some(address), Rendering::App).unwrap();
        let qr = QrChallenge::read(text.as_str()).unwrap();
        runner.run_one(class, || _ = black_box(qr.verify(&key).is_ok()));
    }
}

/// What has to be found: a comparison that ends at the first difference.
fn planted(runner: &mut CtRunner, rng: &mut BenchRng) {
    let secret = black_box([0x5a; 32]);
    for _ in 0..SAMPLES {
        let class = class(rng);
        let mut guess = secret;
        guess[if is_left(&class) { 0 } else { 31 }] ^= 1;
        runner.run_one(class, || black_box(&secret).iter().zip(black_box(&guess)).all(|(a, b)| black_box(a) == b));
    }
}

ctbench_main!(compare, verify, answer, seal, planted);
