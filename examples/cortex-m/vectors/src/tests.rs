//! One function for each kind of test, in build.rs's order; each takes all of its test's fields.

use core::time::Duration;

use offline_reset::{
    Address, CodeError, CorrectionsError, Device, DeviceKey, Epoch, KeyError, Ledger, LedgerState, UnsealedAddress, Policy, QrChallenge, QrError,
    ReadError, Received, Rendering, RootKey, Serial, SlotState, Slots, Term, TypedChallenge, Uptime, Url, check_root, corrections, demonstration_key, hazmat, root_check_message,
};

use crate::session;
use crate::table::{Named, Table, expect};

type Test = fn(&mut Table<'_>, Option<Named<'_>>);

pub const KINDS: [Test; 27] = [
    device_key,
    take_key,
    root_check,
    device_check,
    demonstration,
    challenge_write,
    challenge_read,
    challenge_verify,
    propose,
    code_write,
    code_read,
    ledger_seal,
    unseal,
    load,
    qr_write,
    qr_read,
    qr_verify,
    seal,
    open,
    mask,
    address,
    answer,
    secure_code,
    cap,
    distinct_codes,
    distinct_keys,
    session::play,
];

fn any() -> Serial {
    Serial::new("ANY").unwrap()
}

fn device_key(t: &mut Table<'_>, error: Option<Named<'_>>) {
    let serial = Serial::new(t.text()).map_err(|e| (e.name(), None));
    let root = RootKey::take(&mut t.array::<32>()).map_err(key_error);
    let (epoch, message, expected) = (epoch(t), t.bytes(), t.array());
    let derived = epoch.and_then(|_| {
        let (root, serial) = (root?, serial?);
        let message = serial.root_message().map_err(key_error)?;
        Ok((message, root.derive(&serial).map_err(key_error)?, root.device_key(&serial).map_err(key_error)?))
    });
    let Some((root_message, d, key)) = expect(derived, error) else { return };
    assert_eq!(root_message.as_bytes(), message);
    assert_eq!(d, expected);
    equal(&key, expected);
}

fn equal(key: &DeviceKey, mut d: [u8; 32]) {
    assert_eq!(hazmat::f(key, 1, b"equal"), hazmat::f(&DeviceKey::derived(&mut d).unwrap(), 1, b"equal"));
}

fn key_error(error: KeyError) -> Named<'static> {
    (error.name(), None)
}

fn epoch(t: &mut Table<'_>) -> Result<Epoch, Named<'static>> {
    Epoch::new(t.small()).map_err(|e| (e.name(), None))
}

fn take_key(t: &mut Table<'_>, error: Option<Named<'_>>) {
    let d = t.array();
    if let Some(key) = expect(DeviceKey::derived(&mut { d }).map_err(key_error), error) {
        equal(&key, d);
    }
}

fn root_check(t: &mut Table<'_>, error: Option<Named<'_>>) {
    let (epoch, mut mac, expected, message) = (epoch(t), t.array::<32>(), t.array(), t.bytes());
    let checked = epoch.and_then(|epoch| check_root(&mut mac, epoch, &expected).map(|()| epoch).map_err(key_error));
    let Some(epoch) = expect(checked, error) else { return };
    assert_eq!(root_check_message(epoch), message);
}

fn device_check(t: &mut Table<'_>, error: Option<Named<'_>>) {
    let (mut d, serial, check, mac) = (t.array::<32>(), Serial::new(t.text()).map_err(|e| (e.name(), None)), t.array(), t.array());
    // what is no serial is refused where it is made, and a blank key before it
    let blank = DeviceKey::derived(&mut { d }).map(drop).map_err(key_error);
    let key = blank.and(serial).and_then(|serial| Ok((DeviceKey::load(&mut d, &serial, &check).map_err(key_error)?, serial)));
    let Some((key, serial)) = expect(key, error) else { return };
    assert_eq!((hazmat::f(&key, 8, serial.as_str().as_bytes()), key.check_value(&serial)), (mac, check));
}

fn demonstration(t: &mut Table<'_>, error: Option<Named<'_>>) {
    let (serial, d) = (Serial::new(t.text()).map_err(|e| (e.name(), None)), t.array());
    let Some(key) = expect(serial.and_then(|serial| demonstration_key(&serial).map_err(key_error)), error) else { return };
    equal(&key, d);
}

fn term(t: &mut Table<'_>) -> Result<Term, Named<'static>> {
    Term::from_k(t.small()).map_err(|e| (e.name(), None))
}

fn answer(t: &mut Table<'_>, error: Option<Named<'_>>) {
    let (key, text, term, code) = (t.key(), t.text(), term(t), t.text());
    let received = Received::read(text).unwrap();
    let Some(term) = expect(term, error) else { return };
    let answer = match received {
        Received::Typed(typed) => typed.verify(&key).unwrap().answer(term),
        Received::Qr(qr) => qr.verify(&key).unwrap().genuine().answer(term),
    };
    assert_eq!(answer.reveal(), code);
}

fn secure_code(t: &mut Table<'_>, error: Option<Named<'_>>) {
    let (key, qr, term, address, code) = (t.key(), QrChallenge::read(t.text()).unwrap(), term(t), t.text(), t.text());
    let qr = qr.verify(&key).unwrap();
    let found = term.and_then(|term| qr.secure_code(term).map_err(|e| (e.name(), None)));
    let Some((to, answer)) = expect(found, error) else { return };
    assert_eq!((to.as_str(), answer.reveal()), (address, code));
}

fn cap(t: &mut Table<'_>, error: Option<Named<'_>>) {
    let cap = Duration::from_secs(t.number());
    let policy = expect(Policy::default().with_cap(cap).map_err(|e| (e.name(), None)), error);
    assert!(policy.is_none_or(|policy| policy.cap() == cap));
}

fn challenge_write(t: &mut Table<'_>, error: Option<Named<'_>>) {
    let (key, serial) = (t.key(), Serial::new(t.text()).map_err(|e| (e.name(), None)));
    let header = t.header_fields();
    let (nonce, bits, message, mac) = (t.array(), t.array(), t.bytes(), t.array());
    let (tag, v14, check, text) = (t.number(), t.numbers::<14>(), t.numbers::<6>(), t.text());
    let Some(serial) = expect(serial, error) else { return };
    assert_eq!(header.bits().to_be_bytes(), bits);
    assert_eq!(hazmat::f(&key, message[4], &message[5..]), mac);
    let challenge = hazmat::challenge(serial, header, nonce);
    assert_eq!(u64::from(hazmat::tag(&key, &challenge)), tag);
    assert_eq!(hazmat::check_symbols(&serial, &v14), check);
    assert_eq!(hazmat::write_challenge(&key, &challenge).as_str(), text);
}

pub fn read_error(error: ReadError) -> Named<'static> {
    match error {
        ReadError::TooLong { limit } => (error.name(), Some(limit as u64)),
        ReadError::Alphabet { position } => (error.name(), Some(position as u64)),
        ReadError::Length { found } => (error.name(), Some(found as u64)),
        ReadError::Version { found } | ReadError::Purpose { found } => (error.name(), Some(found.into())),
        _ => (error.name(), None),
    }
}

fn challenge_read(t: &mut Table<'_>, error: Option<Named<'_>>) {
    let read = TypedChallenge::read(t.text()).map_err(read_error);
    let (serial, header, nonce, canonical) = (t.text(), t.array(), t.array(), t.text());
    let Some(read) = expect(read, error) else { return };
    let claimed = read.claimed();
    assert_eq!(claimed.serial().as_str(), serial);
    assert_eq!(claimed.header().bits().to_be_bytes(), header);
    assert_eq!(claimed.nonce().bytes(), &nonce);
    assert_eq!(read.text().as_str(), canonical);
}

fn challenge_verify(t: &mut Table<'_>, error: Option<Named<'_>>) {
    let key = t.key();
    let read = TypedChallenge::read(t.text()).unwrap();
    let genuine = expect(read.verify(&key).map_err(|e| (e.name(), None)), error);
    assert!(genuine.is_none_or(|genuine| genuine.challenge() == read.claimed()));
}

fn propose(t: &mut Table<'_>, error: Option<Named<'_>>) {
    let found = corrections(t.text()).map_err(|error| match error {
        CorrectionsError::TooLong { limit } => (error.name(), Some(limit as u64)),
        CorrectionsError::Length { found } | CorrectionsError::Unreadable { found } => (error.name(), Some(found as u64)),
        _ => (error.name(), None),
    });
    let candidates = t.number();
    let Some(mut found) = expect(found, error) else { return };
    for _ in 0..candidates {
        let candidate = found.next().unwrap();
        assert_eq!(candidate.text().as_str(), t.text());
        assert_eq!(TypedChallenge::read(candidate.text().as_str()), Ok(candidate.confirmed_by_a_person()));
    }
    assert!(found.next().is_none());
}

fn code_write(t: &mut Table<'_>, error: Option<Named<'_>>) {
    let (key, header, nonce) = (t.key(), t.header(), t.array());
    let term = term(t);
    let (message, mac, seed, text, digits, check) = (t.bytes(), t.array(), t.number(), t.text(), t.numbers::<10>(), t.small());
    let Some(term) = expect(term, error) else { return };
    assert_eq!(hazmat::f(&key, message[4], &message[5..]), mac);
    assert_eq!(u64::from(hazmat::seed(nonce)), seed);
    let code = hazmat::answer(&key, &hazmat::challenge(any(), header, nonce), term);
    assert_eq!(code.reveal(), text);
    let read = hazmat::read_code(code.reveal()).unwrap();
    assert_eq!((&read[1..11], read[11]), (digits.as_slice(), check));
    assert_eq!(hazmat::damm(hazmat::seed(nonce), &read), 0);
}

pub fn code_error(error: CodeError) -> Named<'static> {
    match error {
        CodeError::TooLong { limit } => (error.name(), Some(limit as u64)),
        CodeError::Alphabet { position } => (error.name(), Some(position as u64)),
        CodeError::Length { found } => (error.name(), Some(found as u64)),
        _ => (error.name(), None),
    }
}

fn code_read(t: &mut Table<'_>, error: Option<Named<'_>>) {
    let read = hazmat::read_code(t.text()).map_err(code_error);
    let (k, digits, check) = (t.small(), t.numbers::<10>(), t.small());
    let Some(read) = expect(read, error) else { return };
    assert_eq!((read[0], &read[1..11], read[11]), (k, digits.as_slice(), check));
}

fn fields(t: &mut Table<'_>) -> hazmat::Fields {
    let (seq, boots, resets, [local, network]) = (t.word(), t.word(), t.word(), t.numbers::<2>());
    hazmat::Fields { seq, boots, resets, local, network }
}

fn ledger_seal(t: &mut Table<'_>, _: Option<Named<'_>>) {
    let (key, record) = (t.key(), fields(t));
    let sealed = hazmat::seal(&key, record);
    assert_eq!(sealed, t.array());
    assert_eq!(hazmat::f(&key, 6, &sealed[..16]), t.array());
    assert!(record != (hazmat::Fields { seq: 1, boots: 0, resets: 0, local: 0, network: 0 }) || Ledger::genesis(&key) == sealed);
}

fn unseal(t: &mut Table<'_>, _: Option<Named<'_>>) {
    let (key, slot) = (t.key(), t.array());
    assert_eq!(hazmat::f(&key, 6, &slot[..16]), t.array());
    let is_valid = t.0[0] != 0; // an invalid one has no record
    let record = fields(t);
    assert_eq!(hazmat::unseal(&key, &slot), is_valid.then_some(record));
}

pub fn slots(t: &mut Table<'_>) -> Slots {
    assert_eq!(t.number(), 2);
    [t.array(), t.array()]
}

fn load(t: &mut Table<'_>, _: Option<Named<'_>>) {
    let (key, slots, record) = (t.key(), slots(t), fields(t));
    let slot = t.number();
    assert_eq!(hazmat::load_record(&key, &slots), (record, slot as usize));
    let device = Device { serial: any(), epoch: Epoch::ZERO, policy: Policy::default() };
    let (ledger, loaded) = Ledger::load(&key, device, &slots, Uptime::from_secs(0));
    assert_eq!(t.number(), 2);
    for state in loaded.slots {
        let name = match state {
            SlotState::Blank => "blank",
            SlotState::Damaged => "damaged",
            SlotState::Valid { .. } => "valid",
        };
        assert_eq!(name, t.text());
    }
    assert_eq!(loaded.ledger != LedgerState::Good, t.flag());
    assert_eq!(hazmat::state(&ledger), (record, slot as usize));
}

fn optional_address(text: Option<&str>) -> Result<Option<Address<'_>>, Named<'static>> {
    text.map(Address::new).transpose().map_err(|e| (e.name(), None))
}

fn qr_write(t: &mut Table<'_>, error: Option<Named<'_>>) {
    let (key, serial) = (t.key(), t.text());
    let header = t.header_fields();
    let nonce: [u8; 5] = t.array();
    let (address, prefix) = (t.optional_text(), t.text());
    let write = || {
        let challenge = hazmat::challenge(Serial::new(serial).map_err(|e| (e.name(), None))?, header, nonce);
        let address = optional_address(address)?;
        let rendering = match prefix {
            "ORP1:" => Rendering::App,
            url => Rendering::Url(Url::new(url).map_err(|e| (e.name(), None))?),
        };
        hazmat::write_qr(&key, &challenge, address, rendering).map_err(|e| (e.name(), None))
    };
    let (text, pad, mac, tag) = (t.text(), t.bytes(), t.array(), t.bytes());
    let Some(written) = expect(write(), error) else { return };
    assert_eq!(written.as_str(), text);
    let mut message = [0; 7 + 255];
    message[..2].copy_from_slice(&header.bits().to_be_bytes());
    message[2..7].copy_from_slice(&nonce);
    message[7..7 + pad.len()].copy_from_slice(pad);
    assert_eq!(hazmat::f(&key, 4, &message[..7 + pad.len()]), mac);
    assert_eq!(&mac[..16], tag);
}

fn qr_error(error: QrError) -> Named<'static> {
    match error {
        QrError::TooLong { limit } => (error.name(), Some(limit as u64)),
        QrError::Alphabet { position } => (error.name(), Some(position as u64)),
        QrError::Length { found } => (error.name(), Some(found as u64)),
        QrError::Version { found } | QrError::Purpose { found } => (error.name(), Some(found.into())),
        _ => (error.name(), None),
    }
}

fn qr_read(t: &mut Table<'_>, error: Option<Named<'_>>) {
    let read = QrChallenge::read(t.text()).map_err(qr_error);
    let (serial, header, nonce, tag, sealed) = (t.text(), t.array(), t.array(), t.array(), t.bytes());
    let Some(read) = expect(read, error) else { return };
    let claimed = read.claimed();
    assert_eq!(claimed.serial().as_str(), serial);
    assert_eq!(claimed.header().bits().to_be_bytes(), header);
    assert_eq!(claimed.nonce().bytes(), &nonce);
    assert_eq!(hazmat::qr_parts(&read), (&tag, sealed));
}

fn qr_verify(t: &mut Table<'_>, error: Option<Named<'_>>) {
    let key = t.key();
    let read = QrChallenge::read(t.text()).unwrap();
    let verified = read.verify(&key).map_err(|e| (e.name(), None));
    let address = t.optional_text();
    let Some(genuine) = expect(verified, error) else { return };
    match genuine.address() {
        UnsealedAddress::OnFile(found) => assert_eq!(Some(found.as_str()), address),
        UnsealedAddress::NoneOnFile => assert_eq!(None, address),
    }
}

fn seal(t: &mut Table<'_>, error: Option<Named<'_>>) {
    let (key, header, nonce) = (t.key(), t.header(), t.array());
    let address = t.optional_text();
    let challenge = hazmat::challenge(any(), header, nonce);
    let write = || hazmat::write_qr(&key, &challenge, optional_address(address)?, Rendering::App).map_err(|e| (e.name(), None));
    let (tag, sealed, mac, blocks) = (t.array::<16>(), t.bytes(), t.array::<32>(), t.number());
    let written = expect(write(), error);
    let read = written.map(|text| QrChallenge::read(text.as_str()).unwrap());
    for i in 0..blocks as u8 {
        let mut message = [i; 17];
        message[1..].copy_from_slice(&tag);
        assert_eq!(hazmat::f(&key, 5, &message), t.array());
    }
    assert!(read.is_none_or(|read| hazmat::qr_parts(&read) == (&tag, sealed) && mac[..16] == tag));
}

fn open(t: &mut Table<'_>, error: Option<Named<'_>>) {
    let (key, header, nonce) = (t.key(), t.header(), t.array());
    let opened = hazmat::unseal_address(&key, &hazmat::challenge(any(), header, nonce), &t.array(), t.bytes());
    let (pad, text) = (t.optional(), t.optional_text());
    let opened = opened.map_err(|e| (e.name(), None));
    let address = opened.as_ref().map_err(|&e| e).and_then(|opened| {
        assert!(pad.is_none_or(|pad| pad == opened.pad()));
        opened.address().map_err(|e| (e.name(), None))
    });
    let Some(address) = expect(address, error) else { return };
    assert_eq!(address.as_ref().map(Address::as_str), text);
}

fn mask(t: &mut Table<'_>, error: Option<Named<'_>>) {
    let address = Address::new(t.text()).map_err(|e| (e.name(), None));
    let masked = t.text();
    let Some(address) = expect(address, error) else { return };
    assert_eq!(address.masked().as_str(), masked);
}

fn address(t: &mut Table<'_>, error: Option<Named<'_>>) {
    let bytes = t.bytes();
    // what is no UTF-8 cannot reach the API, and is no address either
    let text = core::str::from_utf8(bytes).map_err(|_| ("address", None));
    let Some(address) = expect(text.and_then(|text| Address::new(text).map_err(|e| (e.name(), None))), error) else { return };
    assert_eq!(address.as_str().as_bytes(), bytes);
}

/// The most values that one of the next two compares.
const MOST: usize = 128;

fn distinct_codes(t: &mut Table<'_>, _: Option<Named<'_>>) {
    let mut seen = [[0; 12]; MOST];
    let many = t.number() as usize;
    for i in 0..many {
        let (key, header, nonce, term) = (t.key(), t.header(), t.array(), Term::from_k(t.small()).unwrap());
        let code = hazmat::answer(&key, &hazmat::challenge(any(), header, nonce), term);
        assert_eq!(code.reveal(), t.text());
        seen[i] = hazmat::read_code(code.reveal()).unwrap();
        assert!(seen[..i].iter().all(|other| other[1..11] != seen[i][1..11]), "a code comes twice");
    }
    assert!(many > 1);
}

fn distinct_keys(t: &mut Table<'_>, _: Option<Named<'_>>) {
    let root = RootKey::take(&mut t.array::<32>()).unwrap();
    let mut seen = [[0; 32]; MOST];
    let many = t.number() as usize;
    for to in &mut seen[..many] {
        *to = root.derive(&Serial::new(t.text()).unwrap()).unwrap();
    }
    assert_eq!(t.number() as usize, many);
    for (i, key) in seen[..many].iter().enumerate() {
        assert_eq!(*key, t.array());
        assert!(!seen[..i].contains(key), "a key comes twice");
    }
    assert!(many > 1);
}
