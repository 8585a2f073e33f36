//! Every public operation that touches a secret, for one key.

use offline_reset::{
    Address, Compared, Device, DeviceKey, Epoch, Ledger, LoggedIn, Opened, Origin, Policy, Purpose, QrChallenge, Rendering, Request,
    RootKey, SEALED_RECORD, Serial, Slots, Term, TypedChallenge, Uptime, hazmat,
};

use crate::Round;

const NOW: Uptime = Uptime::from_secs(1000);
const LATER: Uptime = Uptime::from_secs(1500);

fn store(slots: &mut Slots, at: usize, record: &[u8; SEALED_RECORD]) {
    slots[at] = *record;
}

/// `root` is this round's; the address is made from it as well, so that it differs from key to key.
pub fn all(root: &[u8; 32], round: &mut Round) {
    let stranger = DeviceKey::new(&[0x77; 32]);
    let serial = Serial::new("4H0583BPAG12345").unwrap();
    let root_key = round.run("RootKey::new", || RootKey::new(root));
    let mut d = round.run("RootKey::derive", || root_key.derive(&serial));
    let key = round.run("DeviceKey::new", || DeviceKey::new(&d));
    round.keys(root, &d, &key);
    drop(round.run("RootKey::device_key", || root_key.device_key(&serial)));
    let taken = round.run("DeviceKey::take", || DeviceKey::take(&mut d));
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
    let code = round.run("Genuine::answer", || genuine.answer(Term::DynamicPassword10Min));
    round.code(code.reveal(), &key, &challenge);
    round.outputs(&key, &challenge, &slots[0]);
    round.run("Code::reveal", || _ = code.reveal());

    let wrong = hazmat::answer(&stranger, &challenge, Term::DynamicPassword10Min);
    for _ in 0..2 {
        let step = round.run("Ledger::submit, wrong", || ledger.submit(&key, Origin::Local, wrong.reveal(), NOW, &slots)).unwrap();
        store(&mut slots, step.slot().index(), step.record());
        let compared = round.run("Attempt::compare, wrong", || step.compare(&key, &slots)).unwrap();
        assert!(matches!(compared, Compared::Rejected(_)));
        if ledger.failures(Origin::Local) == 1 {
            let login = round.run("Ledger::admin_login", || ledger.admin_login(&key, NOW, &slots));
            if let Ok(LoggedIn::Store(step)) = login {
                store(&mut slots, step.slot().index(), step.record());
                round.run("Login::cleared", || step.cleared(&slots)).unwrap();
            }
        }
    }
    // submit knows no right code from a wrong one: above, with what is typed the same for every key, it is looked at
    let step = round.unseen(|| ledger.submit(&key, Origin::Local, code.reveal(), LATER, &slots)).unwrap();
    round.typed(code.reveal());
    store(&mut slots, step.slot().index(), step.record());
    let Ok(Compared::Matched(step)) = round.run("Attempt::compare, right", || step.compare(&key, &slots)) else { unreachable!() };
    store(&mut slots, step.slot().index(), step.record());
    let grant = round.run("Clearing::grant", || step.grant(&slots)).unwrap();
    drop(grant);
    round.run("Code::drop", || drop(code));
}
