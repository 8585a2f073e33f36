//! Every public operation that touches a secret, on both sides, in the order of a device's life.

use core::hint::black_box;

use offline_reset::{
    Address, Code, Compared, Device, DeviceKey, Epoch, Grant, Ledger, Lowered, Opened, UnsealedAddress, Origin, Policy, Purpose, QrChallenge,
    Rendering, Request, RootKey, SEALED_RECORD, Serial, Shown, Slots, Term, TypedChallenge, Uptime, Url, check_root, hazmat,
};

/// What looks on while an operation runs.
pub trait Watch {
    fn secret(&mut self, bytes: *mut [u8]);
    /// What the caller was given and may look at.
    fn public(&mut self, bytes: &mut [u8]);
    /// What an operation has left in the ledger or in flash, which hold nothing but published values.
    fn stored(&mut self, bytes: *mut [u8]);
    /// Runs one operation; `published` is what it makes public, in order.
    fn watch<R>(&mut self, name: &str, published: &[Published], operation: impl FnOnce() -> R) -> R;
}

/// In bytes, and how many of their bits depend on a secret.
pub type Published = (usize, u32);

const DECISION: Published = (1, 1);
/// Of a key.
const CHECK: Published = (4, 32);
const NONCE: Published = (5, 40);
const TAG: Published = (4, 20);
const T: Published = (16, 128);
const SEAL: Published = (16, 128);
/// Sealed or opened.
const ADDRESS: Published = (32, 256);

const NOW: Uptime = Uptime::from_secs(1000);
/// When a login clears the failures of the first comparison.
const LATER: Uptime = Uptime::from_secs(1000 + 86_400);
const ON_FILE: &[u8; 21] = b"jan.jansen@example.nl";
const URL: &str = "HTTPS://EXAMPLE.NL/R/";

/// What the guess and the forgeries come from.
fn stranger() -> DeviceKey {
    DeviceKey::derived(&mut [0x77; 32]).unwrap()
}

fn store(slots: &mut Slots, at: usize, record: &[u8; SEALED_RECORD]) {
    slots[at] = *record;
}

pub fn all(root: &mut [u8; 32], watch: &mut impl Watch) {
    let serial = Serial::new("4H0583BPAG12345").unwrap();
    watch.secret(root.as_mut_slice());
    let root = watch.watch("RootKey::take", &[DECISION; 2], || RootKey::take(root)).unwrap();
    let root_check = watch.watch("RootKey::check_value", &[CHECK], || root.check_value(Epoch::ZERO));
    watch.watch("RootKey::check", &[DECISION; 3], || root.check(Epoch::ZERO, &root_check)).unwrap();
    let mut d = watch.watch("RootKey::derive", &[], || root.derive(&serial)).unwrap();
    assert!(watch.watch("check_root, of something else", &[DECISION; 3], || check_root(&mut { d }, Epoch::ZERO, &root_check)).is_err());
    let backend = watch.watch("RootKey::device_key", &[DECISION], || root.device_key(&serial)).unwrap();
    let check = watch.watch("DeviceKey::check_value", &[CHECK], || backend.check_value(&serial));
    let taken = watch.watch("DeviceKey::derived", &[DECISION], || DeviceKey::derived(&mut { d })).unwrap();
    let key = watch.watch("DeviceKey::load", &[DECISION; 3], || DeviceKey::load(&mut d, &serial, &check)).unwrap();
    watch.watch("Debug of the keys", &[], || format!("{root:?}{key:?}"));
    watch.watch("drop of a key", &[], || drop(taken));

    let genesis = watch.watch("Ledger::genesis", &[SEAL], || Ledger::genesis(&key));
    let mut slots = [genesis, [0xff; SEALED_RECORD]];
    let device = Device { serial, epoch: Epoch::ZERO, policy: Policy::default() };
    watch.watch("Ledger::load, lost", &[DECISION; 2], || Ledger::load(&key, device, &[[0xff; SEALED_RECORD]; 2], NOW));
    watch.watch("Ledger::load, damaged", &[DECISION; 2], || Ledger::load(&key, device, &[[0x5a; SEALED_RECORD]; 2], NOW));
    let (mut ledger, _) = watch.watch("Ledger::load", &[DECISION; 2], || Ledger::load(&key, device, &slots, NOW));
    watch.watch("Debug of the ledger", &[], || format!("{ledger:?}"));

    let shown = open_all(&mut ledger, &key, &mut slots, watch);
    verify_all(&backend, &shown, watch);
    let code = answer_all(&backend, shown[0].text().unwrap().as_str(), watch);
    guess_all(&mut ledger, &key, &mut slots, &shown[0], &code, watch);
    watch.watch("drop of the keys", &[], || drop((root, backend, key)));
}

/// Shown at the local screen with an address, and at the network without.
fn open_all(ledger: &mut Ledger, key: &DeviceKey, slots: &mut Slots, watch: &mut impl Watch) -> [Shown; 2] {
    let request = |address_on_file| Request { purpose: Purpose::AccountPassword, address_on_file };
    let entropy = [0x3c; 32]; // not secret: the nonce's F is
    let opened = watch
        .watch("Ledger::open, first", &[NONCE, DECISION, SEAL], || ledger.open(key, Origin::Local, request(true), &entropy, NOW, slots));
    let Ok(Opened::Store(step)) = opened else { unreachable!() };
    store(slots, step.slot().index(), step.record());
    let local = watch.watch("Opening::show", &[TAG], || step.show(key, slots)).unwrap();
    let again = watch.watch("Ledger::open, again", &[TAG], || ledger.open(key, Origin::Local, request(true), &entropy, NOW, slots));
    let Ok(Opened::Shown(_)) = again else { unreachable!() };
    assert!(watch.watch("Ledger::show_again", &[TAG], || ledger.show_again(key, Origin::Local, NOW)).is_some());
    let network = watch.watch("Ledger::open, later", &[NONCE], || ledger.open(key, Origin::Network, request(false), &entropy, NOW, slots));
    let Ok(Opened::Shown(network)) = network else { unreachable!() };
    [local, network]
}

fn verify_all(key: &DeviceKey, [local, network]: &[Shown; 2], watch: &mut impl Watch) {
    let typed = TypedChallenge::read(local.text().unwrap().as_str()).unwrap();
    let genuine = watch.watch("TypedChallenge::verify", &[DECISION], || typed.verify(key)).unwrap();
    watch.watch("Debug of what is genuine", &[], || format!("{genuine:?}"));
    let forged = hazmat::write_challenge(&stranger(), typed.claimed());
    let forged = TypedChallenge::read(forged.as_str()).unwrap();
    assert!(watch.watch("TypedChallenge::verify, forged", &[DECISION], || forged.verify(key).is_err()));

    let on_file: *mut [u8] = Box::leak(Box::new(*ON_FILE));
    // SAFETY: nobody writes there: what is marked as secret keeps its value.
    let address = black_box(Address::new(core::str::from_utf8(unsafe { &*on_file }).unwrap()).unwrap());
    watch.secret(on_file);
    let text = watch.watch("Shown::qr, app", &[T, ADDRESS], || local.qr(key, Some(address), Rendering::App)).unwrap();
    let url = Rendering::Url(Url::new(URL).unwrap());
    watch.watch("Shown::qr, url", &[T, ADDRESS], || local.qr(key, Some(address), url)).unwrap();
    let bare = watch.watch("Shown::qr, no address", &[T], || network.qr(key, None, Rendering::App)).unwrap();
    let sent = QrChallenge::read(text.as_str()).unwrap();
    let genuine = watch.watch("QrChallenge::verify", &[DECISION, ADDRESS], || sent.verify(key)).unwrap();
    let on_file = watch.watch("GenuineQr::address", &[], || genuine.address());
    assert!(matches!(on_file, UnsealedAddress::OnFile(address) if address.as_str().as_bytes() == ON_FILE));
    let code = watch.watch("GenuineQr::secure_code", &[], || genuine.secure_code(Term::SecureCode1H).unwrap().1);
    watch.watch("Debug of a code", &[], || format!("{code:?}{genuine:?}"));
    let sent = QrChallenge::read(bare.as_str()).unwrap();
    watch.watch("QrChallenge::verify, no address", &[DECISION], || sent.verify(key).is_ok());
    let forged = hazmat::write_qr(&stranger(), local.challenge(), Some(Address::new("a@b.nl").unwrap()), Rendering::App).unwrap();
    let forged = QrChallenge::read(forged.as_str()).unwrap();
    assert!(watch.watch("QrChallenge::verify, forged", &[DECISION], || forged.verify(key).is_err()));
}

/// The code of each term, and the text of one of them.
fn answer_all(key: &DeviceKey, text: &str, watch: &mut impl Watch) -> [u8; 14] {
    let typed = TypedChallenge::read(text).unwrap();
    let genuine = typed.verify(key).unwrap();
    let codes: [Code; 9] = Term::ALL.map(|term| watch.watch(&format!("Genuine::answer, k = {}", term.k()), &[], || genuine.answer(term)));
    let mut texts = [[0; 14]; 9];
    for ((text, code), term) in texts.iter_mut().zip(&codes).zip(Term::ALL) {
        watch.watch(&format!("Code::reveal, k = {}", term.k()), &[], || {
            text.iter_mut().zip(code.reveal().bytes()).for_each(|(to, from)| *to = from)
        });
        watch.public(text);
    }
    watch.watch("Code::drop", &[], || drop(codes));
    texts[4] // 72 hours
}

fn guess_all(ledger: &mut Ledger, key: &DeviceKey, slots: &mut Slots, shown: &Shown, code: &[u8; 14], watch: &mut impl Watch) {
    let wrong = hazmat::answer(&stranger(), shown.challenge(), Term::DynamicPassword72H);
    let whole = core::ptr::slice_from_raw_parts_mut((&raw mut *ledger).cast::<u8>(), size_of::<Ledger>());
    for now in [NOW, LATER] {
        let step = watch.watch("Ledger::submit, wrong", &[SEAL], || ledger.submit(key, Origin::Local, 1, wrong.reveal(), now, slots));
        let step = step.unwrap();
        store(slots, step.slot().index(), step.record());
        let compared = watch.watch("Attempt::compare, wrong", &[DECISION], || step.compare(key, slots)).unwrap();
        assert!(matches!(compared, Compared::Rejected(_)));
        if now == NOW {
            let login = watch.watch("Ledger::admin_login", &[SEAL], || ledger.admin_login(key, LATER, slots));
            let Ok(Lowered::Store(step)) = login else { unreachable!() };
            store(slots, step.slot().index(), step.record());
            watch.stored(whole);
            watch.stored(slots.as_flattened_mut());
            watch.watch("Lowering::lowered", &[], || step.lowered(slots)).unwrap();
        }
    }
    let worn = hazmat::Fields { seq: 1, boots: 0, resets: 0, local: 0, network: 99 };
    let stopped = [watch.watch("hazmat::seal", &[SEAL], || hazmat::seal(key, worn)), [0xff; SEALED_RECORD]];
    let (mut worn, _) = watch.watch("Ledger::load, worn", &[DECISION; 2], || Ledger::load(key, *ledger.device(), &stopped, NOW));
    watch.watch("Ledger::allow_again", &[DECISION, SEAL], || worn.allow_again(key, NOW, &stopped).map(drop)).unwrap();
    // for callers that are gone
    for whole in [true, false] {
        let step = watch.watch("Ledger::submit, wrong", &[SEAL], || ledger.submit(key, Origin::Local, 1, wrong.reveal(), LATER, slots));
        store(slots, step.as_ref().unwrap().slot().index(), step.as_ref().unwrap().record());
        drop(step);
        if whole {
            watch.watch("Ledger::finish", &[DECISION], || ledger.finish(key, |_, _| Some(*slots)));
        } else {
            let step = ledger.resume().unwrap();
            watch.watch("Resumed::finish", &[DECISION], || step.finish(key, slots));
        }
    }
    let code = core::str::from_utf8(code).unwrap();
    let step = watch.watch("Ledger::submit, right", &[SEAL], || ledger.submit(key, Origin::Local, 1, code, LATER, slots)).unwrap();
    store(slots, step.slot().index(), step.record());
    let compared = watch.watch("Attempt::compare, right", &[DECISION, SEAL], || step.compare(key, slots)).unwrap();
    let Compared::Matched(step) = compared else { unreachable!() };
    store(slots, step.slot().index(), step.record());
    watch.stored(whole);
    watch.stored(slots.as_flattened_mut());
    let grant = watch.watch("Clearing::grant", &[], || step.grant(key, slots)).unwrap();
    watch.watch("Debug of a Grant", &[], || format!("{grant:?}"));
    let mut handle = watch.watch("Grant::handle", &[], || *grant.handle());
    watch.public(&mut handle);
    let mut grants = [Some(grant)];
    let grant = watch.watch("Grant::by_handle", &[DECISION], || Grant::by_handle(&mut grants, &handle)).unwrap();
    let reset = watch.watch("Grant::consume", &[], || grant.consume(LATER)).unwrap();
    assert_eq!(reset.resets(), 1);
}
