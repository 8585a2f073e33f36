//! Both sides together: what the device writes the vendor reads, and its answer is good at the device, once.

use arbitrary::Arbitrary;
use offline_reset::{
    Address, Compared, Device, Epoch, Grant, Ledger, Method, Methods, Opened, Policy, QrChallenge, Rendering, RootKey, Slots, SubmitError,
    TypedChallenge, UnsealedAddress, Uptime, Url,
};

use crate::{AnyPurpose, AnySerial, AnyTerm, from_factory, origin, request};

/// One reset.
#[derive(Clone, Debug, Arbitrary)]
pub struct Reset<'a> {
    root: [u8; 32],
    serial: AnySerial,
    epoch: u8,
    network: bool,
    purpose: AnyPurpose,
    entropy: [u8; 8],
    term: AnyTerm,
    session: u32,
    uptime: u64,
    elapsed: u32,
    url: bool,
    hand: [u8; 16],
    address: Option<&'a str>,
}

/// What hands, chat programs and keyboards may do to a text that is read aloud, typed or pasted (CHL-5).
fn by_hand(text: &str, hand: &[u8], letters: bool) -> String {
    let last = text.chars().filter(|ch| *ch != '-').count().saturating_sub(20);
    let mut out = String::new();
    let mut count = 0;
    for (ch, how) in text.chars().zip(hand.iter().cycle()) {
        let symbol = letters && count >= last;
        count += usize::from(ch != '-');
        match how % 8 {
            0 => out.push(ch.to_ascii_lowercase()),
            1 if ch == '-' => {}
            2 if ch != '-' => out.extend(char::from_u32(u32::from(ch) + 0xfee0)),
            3 => out.extend([ch, '\u{200b}']),
            4 => out.extend(['\u{2013}', ch]),
            5 if symbol && ch == '0' => out.push('o'),
            6 if symbol && ch == '1' => out.push('l'),
            7 if symbol && ch == '1' => out.push('I'),
            _ => out.push(ch),
        }
    }
    out
}

/// # Panics
/// When a promise is broken.
pub fn issuer_and_device(reset: &Reset<'_>) {
    let Ok(root) = RootKey::take(&mut reset.root.clone()) else { return };
    let Ok(key) = root.device_key(&reset.serial.0) else {
        assert!(reset.serial.0.is_for_demonstrations(), "KEY-5");
        return;
    };
    let address = reset.address.and_then(|text| Address::new(text).ok());
    let origin = origin(reset.network);
    let policy = Policy::default().with_methods(origin, Methods::Both);
    let device = Device { serial: reset.serial.0, epoch: Epoch::new(reset.epoch & 7).expect("three bits"), policy };
    let start = reset.uptime >> 1;
    let now = Uptime::from_secs(start);
    let mut flash: Slots = from_factory(&key);
    let mut ledger = Ledger::load(&key, device, &flash, now).0;
    let mut entropy = [0; 32];
    entropy[..8].copy_from_slice(&reset.entropy);

    let slots = flash;
    let opened = ledger.open(&key, origin, request(reset.purpose, address.is_some()), &entropy, now, &slots).expect("opens");
    let Opened::Store(step) = opened else { panic!("the first challenge has a record") };
    flash[step.slot().index()] = *step.record();
    let shown = step.show(&key, &flash).expect("stored");
    assert_eq!(shown.challenge().serial(), &reset.serial.0);

    // the vendor's side has the two texts and the root
    let typed = TypedChallenge::read(&by_hand(shown.text().expect("both methods").as_str(), &reset.hand, true)).expect("reads");
    let rendering = if reset.url { Rendering::Url(Url::new("HTTPS://RESET.EXAMPLE/R/").expect("a URL")) } else { Rendering::App };
    let qr = QrChallenge::read(shown.qr(&key, address, rendering).expect("mail bit and address").as_str()).expect("reads");
    assert_eq!((typed.claimed(), qr.claimed()), (shown.challenge(), shown.challenge()));
    let vendor = root.device_key(typed.claimed().serial()).expect("the device's own");
    let qr = qr.verify(&vendor).expect("genuine");
    assert_eq!(qr.address(), address.map_or(UnsealedAddress::NoneOnFile, UnsealedAddress::OnFile));
    let secure_code = reset.term.0.method() == Method::SecureCode;
    assert_eq!(qr.secure_code(reset.term.0).is_ok(), secure_code && address.is_some(), "DUTY-10");
    let code = typed.verify(&vendor).expect("genuine").answer(reset.term.0);
    assert_eq!(code.reveal(), qr.genuine().answer(reset.term.0).reveal(), "ISS-2");

    // and back at the device: once, and until it expires
    let text = by_hand(code.reveal(), &reset.hand, false);
    let elapsed = u64::from(reset.elapsed) % (2 * reset.term.0.validity().as_secs());
    let later = Uptime::from_secs(start + elapsed);
    let slots = flash;
    match ledger.submit(&key, origin, reset.session, &text, later, &slots) {
        Err(error) => {
            let withdrawn = elapsed >= policy.cap().as_secs();
            assert_eq!(error, if withdrawn { SubmitError::NoChallenge } else { SubmitError::Expired });
            assert!(elapsed >= reset.term.0.validity().as_secs());
            return;
        }
        Ok(attempt) => {
            assert!(elapsed < reset.term.0.validity().as_secs(), "SES-13");
            flash[attempt.slot().index()] = *attempt.record();
            let Ok(Compared::Matched(step)) = attempt.compare(&key, &flash) else { panic!("the right code") };
            flash[step.slot().index()] = *step.record();
            let grant: Grant = step.grant(&key, &flash).expect("stored");
            let handle = *grant.handle();
            let mut held = [None, Some(grant)];
            assert!(Grant::by_handle(&mut held, &handle.map(|byte| !byte)).is_err(), "SES-22");
            let grant = Grant::by_handle(&mut held, &handle).expect("it is there");
            assert!(Grant::by_handle(&mut held, &handle).is_err(), "taken once");
            assert_eq!(grant.consume(later).map(|granted| (granted.resets(), granted.session())), Ok((1, reset.session)), "SES-20");
        }
    }
    let again = ledger.submit(&key, origin, reset.session, &text, later, &flash).map(|_| ());
    assert_eq!(again, Err(SubmitError::NoChallenge), "a code is good once");
}
