//! Every public operation that touches a secret, for one key.

use offline_reset::{
    Address, Compared, Device, DeviceKey, Epoch, Grant, Ledger, Lowered, Opened, Origin, Policy, Purpose, QrChallenge, Rendering, Request,
    RootKey, SEALED_RECORD, Serial, Slots, Term, TypedChallenge, Uptime, check_root, hazmat,
};

use crate::Round;

const NOW: Uptime = Uptime::from_secs(1000);
/// When a login clears the failures of the first comparison.
const LATER: Uptime = Uptime::from_secs(1000 + 86_400);

fn store(slots: &mut Slots, at: usize, record: &[u8; SEALED_RECORD]) {
    slots[at] = *record;
}

/// `root` is this round's; the address is made from it as well, so that it differs from key to key.
pub fn all(root: &[u8; 32], round: &mut Round) {
    let stranger = DeviceKey::derived(&mut [0x77; 32]).unwrap();
    let serial = Serial::new("4H0583BPAG12345").unwrap();
    let mut copy = *root;
    let root_key = round.run("RootKey::take", || RootKey::take(&mut copy)).unwrap();
    let mut d = round.run("RootKey::derive", || root_key.derive(&serial)).unwrap();
    let mut copy = d;
    let key = round.run("DeviceKey::derived", || DeviceKey::derived(&mut copy)).unwrap();
    round.keys(root, &d, &key);
    drop(round.run("RootKey::device_key", || root_key.device_key(&serial)).unwrap());
    round.run("DeviceKey::check_value", || key.check_value(&serial));
    round.run("RootKey::check_value", || root_key.check_value(Epoch::ZERO));
    round.run("RootKey::check", || root_key.check(Epoch::ZERO, &[0; 4])).unwrap_err();
    copy = d;
    round.run("check_root", || check_root(&mut copy, Epoch::ZERO, &[0; 4])).unwrap_err();
    let check = *hazmat::f(&key, 8, serial.as_str().as_bytes()).first_chunk().unwrap();
    let taken = round.run("DeviceKey::load", || DeviceKey::load(&mut d, &serial, &check)).unwrap();
    round.run("drop of a key", || drop(taken));
    round.run("drop of a root key", || drop(root_key));

    round.run("Ledger::genesis", || Ledger::genesis(&key));
    let mut slots = [Ledger::genesis(&key), [0xff; SEALED_RECORD]];
    let device = Device { serial, epoch: Epoch::ZERO, policy: Policy::default() };
    round.run("Ledger::load, lost", || Ledger::load(&key, device, &[[0xff; SEALED_RECORD]; 2], NOW));
    let (mut ledger, _) = round.run("Ledger::load", || Ledger::load(&key, device, &slots, NOW));

    let request = |address_on_file| Request { purpose: Purpose::AccountPassword, address_on_file };
    let step = round.run("Ledger::open, first", || ledger.open(&key, Origin::Local, request(true), &[0x3c; 32], NOW, &slots));
    let Ok(Opened::Store(step)) = step else { unreachable!() };
    store(&mut slots, step.slot().index(), step.record());
    let shown = round.run("Opening::show", || step.show(&key, &slots)).unwrap();
    round.run("Ledger::show_again", || ledger.show_again(&key, Origin::Local, NOW)).unwrap();
    let network = round.run("Ledger::open, later", || ledger.open(&key, Origin::Network, request(false), &[0x3c; 32], NOW, &slots));
    let Ok(Opened::Shown(network)) = network else { unreachable!() };

    let letters = core::array::from_fn::<u8, 8, _>(|i| b'a' + root[i] % 26);
    let text = format!("{}@example.nl", core::str::from_utf8(&letters).unwrap());
    let address = Address::new(&text).unwrap();
    round.secret("address", text.as_bytes());
    round.run("Shown::qr", || shown.qr(&key, Some(address), Rendering::App)).unwrap();
    round.run("Shown::qr, no address", || network.qr(&key, None, Rendering::App)).unwrap();

    // the desk and the backend; the device's texts are made anew, for `round` has put zeros in place of what was published
    let challenge = *shown.challenge();
    let typed = TypedChallenge::read(hazmat::write_challenge(&key, &challenge).as_str()).unwrap();
    let genuine = round.run("TypedChallenge::verify", || typed.verify(&key)).unwrap();
    let forged = TypedChallenge::read(hazmat::write_challenge(&stranger, &challenge).as_str()).unwrap();
    round.run("TypedChallenge::verify, forged", || forged.verify(&key).is_err());
    let sent = hazmat::write_qr(&key, &challenge, Some(address), Rendering::App).unwrap();
    let sent = QrChallenge::read(sent.as_str()).unwrap();
    let opened = round.run_and_open("QrChallenge::verify", || sent.verify(&key)).unwrap();
    round.run("GenuineQr::address", || _ = opened.address());
    let mailed = round.run("GenuineQr::secure_code", || opened.secure_code(Term::SecureCode1H).unwrap().1);
    round.code(mailed.reveal(), &key, &challenge);
    drop(mailed);
    round.run("drop of what is opened", || drop(opened));
    let a_lie = Address::new("a@b.nl").unwrap();
    let forged = hazmat::write_qr(&stranger, &challenge, Some(a_lie), Rendering::App).unwrap();
    let forged = QrChallenge::read(forged.as_str()).unwrap();
    round.run_and_open("QrChallenge::verify, forged", || forged.verify(&key).is_err());
    let code = round.run("Genuine::answer", || genuine.answer(Term::DynamicPassword72H));
    round.code(code.reveal(), &key, &challenge);
    round.outputs(&key, &challenge, &slots[0]);
    round.run("Code::reveal", || _ = code.reveal());

    let wrong = hazmat::answer(&stranger, &challenge, Term::DynamicPassword72H);
    for now in [NOW, LATER] {
        let step = round.run("Ledger::submit, wrong", || ledger.submit(&key, Origin::Local, 1, wrong.reveal(), now, &slots)).unwrap();
        store(&mut slots, step.slot().index(), step.record());
        let compared = round.run("Attempt::compare, wrong", || step.compare(&key, &slots)).unwrap();
        assert!(matches!(compared, Compared::Rejected(_)));
        if now == NOW {
            let login = round.run("Ledger::admin_login", || ledger.admin_login(&key, LATER, &slots));
            if let Ok(Lowered::Store(step)) = login {
                store(&mut slots, step.slot().index(), step.record());
                round.run("Lowering::lowered", || step.lowered(&slots)).unwrap();
            }
        }
    }
    let worn = hazmat::Fields { seq: 1, boots: 0, resets: 0, local: 0, network: 99 };
    let stopped = [hazmat::seal(&key, worn), [0xff; SEALED_RECORD]];
    let (mut worn, _) = Ledger::load(&key, device, &stopped, NOW);
    round.run("Ledger::allow_again", || worn.allow_again(&key, NOW, &stopped).map(drop)).unwrap();
    // for callers that are gone
    for whole in [true, false] {
        let step = round.run("Ledger::submit, wrong", || ledger.submit(&key, Origin::Local, 1, wrong.reveal(), LATER, &slots)).unwrap();
        store(&mut slots, step.slot().index(), step.record());
        drop(step);
        if whole {
            round.run("Ledger::finish", || ledger.finish(&key, |_, _| Some(slots)));
        } else {
            let step = ledger.resume().unwrap();
            round.run("Resumed::finish", || step.finish(&key, &slots));
        }
    }
    // submit knows no right code from a wrong one: above, with what is typed the same for every key, it is looked at
    let step = round.unseen(|| ledger.submit(&key, Origin::Local, 1, code.reveal(), LATER, &slots)).unwrap();
    round.typed(code.reveal());
    store(&mut slots, step.slot().index(), step.record());
    let Ok(Compared::Matched(step)) = round.run("Attempt::compare, right", || step.compare(&key, &slots)) else { unreachable!() };
    store(&mut slots, step.slot().index(), step.record());
    let grant = round.run("Clearing::grant", || step.grant(&key, &slots)).unwrap();
    let handle = *round.run("Grant::handle", || grant.handle());
    let mut grants = [Some(grant)];
    let grant = round.run("Grant::by_handle", || Grant::by_handle(&mut grants, &handle)).unwrap();
    round.run("Grant::consume", || grant.consume(LATER)).unwrap();
    round.run("Code::drop", || drop(code));
}
