//! The crate and `independent`, a second reading of SPEC.md: the same results, the same errors, the same arguments.

use arbitrary::Arbitrary;
use offline_reset::{
    Address, Challenge, CorrectionsError, Device, DeviceKey, Epoch, Grant, Ledger, LedgerState, Method, Methods, Origin, Policy,
    QrChallenge, QrError, QrText, ReadError, Rendering, RootKey, Serial, Slots, TypedChallenge, UnsealedAddress, Uptime, Url,
    corrections as propose, hazmat,
};
use offline_reset_independent as other;

use crate::corrections::Typed as Near;
use crate::flash::Content;
use crate::twin::{self, Call, Failure, of_code};
use crate::{AnyChallenge, AnySerial, AnyTerm, D, KEY, Many, key_of, origin};

fn failure(error: &other::Error) -> Failure {
    (error.name, error.argument)
}

/// Both sides of something that has no argument to its error.
fn named<T>(result: Result<T, &'static str>) -> Result<T, Failure> {
    result.map_err(|name| (name, None))
}

pub(crate) fn of_read(error: ReadError) -> Failure {
    let argument = match error {
        ReadError::TooLong { limit: n } | ReadError::Alphabet { position: n } | ReadError::Length { found: n } => Some(n as u64),
        ReadError::Version { found } | ReadError::Purpose { found } => Some(u64::from(found)),
        _ => None,
    };
    (error.name(), argument)
}

pub(crate) fn of_qr(error: QrError) -> Failure {
    let argument = match error {
        QrError::TooLong { limit: n } | QrError::Alphabet { position: n } | QrError::Length { found: n } => Some(n as u64),
        QrError::Version { found } | QrError::Purpose { found } => Some(u64::from(found)),
        _ => None,
    };
    (error.name(), argument)
}

pub(crate) fn of_corrections(error: CorrectionsError) -> Failure {
    let argument = match error {
        CorrectionsError::TooLong { limit: n } | CorrectionsError::Length { found: n } | CorrectionsError::Unreadable { found: n } => {
            Some(n as u64)
        }
        _ => None,
    };
    (error.name(), argument)
}

/// Every reader, on one text.
///
/// # Panics
/// When the two differ.
pub fn text(text: &str) {
    let ours = TypedChallenge::read(text).map_err(of_read);
    let theirs = other::challenge::read_challenge(text).map_err(|e| failure(&e));
    let fields = |c: &Challenge| (c.serial().as_str().to_string(), c.header().bits(), *c.nonce().bytes());
    assert_eq!(
        ours.map(|read| (fields(read.claimed()), read.text().as_str().to_string())),
        theirs.clone().map(|r| ((r.serial.clone(), r.hdr, r.nonce), r.text()))
    );
    if let (Ok(ours), Ok(theirs)) = (&ours, &theirs) {
        let ours = ours.verify(&KEY).map(|_| ()).map_err(|e| e.name());
        assert_eq!(named(ours), other::challenge::verify(&D, theirs).map_err(|e| failure(&e)));
    }
    assert_eq!(hazmat::read_code(text).map_err(of_code), other::code::read_code(text).map_err(|e| failure(&e)));
    let ours = QrChallenge::read(text).map_err(of_qr);
    let theirs = other::qr::read_qr(text).map_err(|e| failure(&e));
    assert_eq!(
        ours.map(|read| {
            let (t, sealed) = hazmat::qr_parts(&read);
            (fields(read.claimed()), *t, sealed.to_vec())
        }),
        theirs.clone().map(|r| ((r.serial, r.hdr, r.nonce), r.t, r.sealed))
    );
    if let (Ok(ours), Ok(theirs)) = (&ours, &theirs) {
        assert_eq!(verified(ours, &D), other::qr::verify_qr(&D, theirs).map_err(|e| failure(&e)));
    }
    assert_eq!(Address::new(text).is_ok(), other::address::valid_address(text.as_bytes()));
    let masked = Address::new(text).map(|e| e.masked().as_str().to_string()).map_err(|e| e.name());
    assert_eq!(named(masked), other::address::mask(text).map_err(|e| failure(&e)));
    assert_eq!(Url::new(text).is_ok(), other::qr::valid_url(text));
    assert_eq!(Serial::new(text).is_ok(), other::keys::valid_serial(text));
}

fn verified(read: &QrChallenge, d: &[u8; 32]) -> Result<Option<String>, Failure> {
    let key = key_of(d);
    let genuine = named(read.verify(&key).map_err(|e| e.name()))?;
    match genuine.address() {
        UnsealedAddress::NoneOnFile => Ok(None),
        UnsealedAddress::OnFile(e) => Ok(Some(e.as_str().to_string())),
    }
}

/// Corrections.
///
/// # Panics
/// When the two differ.
pub fn corrections(typed: &Near<'_>) {
    let (text, _) = typed.text();
    let ours = propose(&text).map_err(of_corrections);
    let ours = ours.map(|all| all.map(|candidate| candidate.text().as_str().to_string()).collect::<Vec<_>>());
    assert_eq!(ours, other::corrections::corrections(&text).map_err(|e| failure(&e)), "{text}");
}

/// D, if both give one; check values, whole and with a bit of them changed (SPEC.md §4.1).
fn keys(root: &[u8; 32], epoch: Epoch, serial: &Serial, changed: Option<u8>) -> Option<[u8; 32]> {
    let label = serial.as_str();
    let ours = RootKey::take(&mut root.clone()).map_err(|e| e.name());
    assert_eq!(named(ours.as_ref().map(|_| ()).map_err(|e| *e)), other::keys::take_root(root, 0).map_err(|e| failure(&e)));
    let ours = ours.ok()?;
    let message = named(serial.root_message().map(|m| m.as_bytes().to_vec()).map_err(|e| e.name()));
    assert_eq!(other::keys::root_message(label).map_err(|e| failure(&e)), message);
    let derived = named(ours.derive(serial).map_err(|e| e.name()));
    assert_eq!(other::keys::device_key(root, label).map_err(|e| failure(&e)), derived);
    let bit = |mut check: [u8; 4]| {
        changed.inspect(|bit| check[usize::from(bit / 8 % 4)] ^= 0x80 >> (bit % 8));
        check
    };
    let expected = bit(ours.check_value(epoch));
    let mac = other::keys::hmac(root, &other::keys::root_check_message(epoch.number().into()).expect("three bits"));
    let theirs = other::keys::check_root(&mac, epoch.number().into(), &expected).map_err(|e| failure(&e));
    assert_eq!(named(ours.check(epoch, &expected).map_err(|e| e.name())), theirs);
    let d = derived.ok()?;
    let check = bit(key_of(&d).check_value(serial));
    let loaded = DeviceKey::load(&mut d.clone(), serial, &check).map(|_| ()).map_err(|e| e.name());
    assert_eq!(named(loaded), other::keys::check_device(&d, label, &check).map_err(|e| failure(&e)));
    Some(d)
}

/// What both sides write.
#[derive(Clone, Debug, Arbitrary)]
pub struct Writing<'a> {
    root: [u8; 32],
    changed: Option<u8>,
    challenge: AnyChallenge,
    term: AnyTerm,
    url: Option<&'a str>,
    address: Option<&'a str>,
    record: crate::flash::Fields,
}

/// Keys, challenges, codes, QRs and records.
///
/// # Panics
/// When the two differ.
pub fn writing(writing: &Writing<'_>) {
    let challenge = writing.challenge.challenge();
    let (serial, hdr, nonce) = (challenge.serial().as_str(), challenge.header().bits(), *challenge.nonce().bytes());
    let Some(d) = keys(&writing.root, challenge.header().epoch(), challenge.serial(), writing.changed) else { return };
    let key = key_of(&d);
    let text = hazmat::write_challenge(&key, &challenge);
    assert_eq!(other::challenge::challenge_of(&d, serial, hdr, nonce).as_deref(), Ok(text.as_str()));
    let k = writing.term.0.k();
    assert_eq!(other::code::code_text(&d, k, hdr, nonce).as_deref(), Ok(hazmat::answer(&key, &challenge, writing.term.0).reveal()));

    let ours = || -> Result<QrText, &'static str> {
        let address = writing.address.map(Address::new).transpose().map_err(|e| e.name())?;
        if address.is_some() != challenge.header().address_on_file() {
            return Err("mail-bit");
        }
        let rendering = writing.url.map_or(Ok(Rendering::App), |url| Url::new(url).map(Rendering::Url)).map_err(|e| e.name())?;
        hazmat::write_qr(&key, &challenge, address, rendering).map_err(|e| e.name())
    };
    let ours = ours().map(|text| text.as_str().to_string());
    let theirs = other::qr::write_qr(&d, serial, hdr, nonce, writing.address.map(str::as_bytes), writing.url);
    match (&ours, &theirs) {
        // two faults at once: SPEC.md gives no order to a writer
        (Err(_), Err(_)) => {}
        _ => assert_eq!(ours.clone().map_err(|name| (name, None)), theirs.clone().map_err(|e| failure(&e))),
    }
    if let Ok(text) = ours {
        let read = other::qr::read_qr(&text).expect("written");
        let genuine = QrChallenge::read(&text).expect("written").verify(&key).expect("genuine");
        let ours = (genuine.genuine().answer(writing.term.0).reveal().to_string(), writing.address.map(ToString::to_string));
        assert_eq!(other::issue::answer_qr(&d, &read, k), Ok(ours));
        let ours = genuine.secure_code(writing.term.0).map(|(e, code)| (e.as_str().to_string(), code.reveal().to_string()));
        assert_eq!(other::issue::secure_code(&d, &read, k).map_err(|e| failure(&e)), named(ours.map_err(|e| e.name())));
    }
    let hazmat::Fields { seq, boots, resets, local, network } = writing.record.fields();
    let record = other::ledger::Record { seq, boots, resets, fail: [local, network] };
    assert_eq!(other::ledger::seal(&d, &record), hazmat::seal(&key, writing.record.fields()));
}

/// A device's transcript.
#[derive(Clone, Debug, Arbitrary)]
pub struct Transcript<'a> {
    serial: AnySerial,
    epoch: u8,
    cap: u32,
    methods: [u8; 2],
    slots: [Content; 2],
    start: u64,
    steps: Many<Step<'a>>,
}

/// As in `vectors/README.md`, sessions.json.
#[derive(Clone, Debug, Arbitrary)]
pub enum Step<'a> {
    /// A challenge is asked for.
    Open {
        /// At the network.
        network: bool,
        /// 0 to 2
        purpose: crate::AnyPurpose,
        /// An address is on file.
        mail: bool,
        /// Of every byte.
        entropy: u8,
    },
    /// A code, in a session.
    Submit(bool, u8, Typed<'a>),
    /// The pending record is stored, and confirmed.
    Confirm(Fault),
    /// The pending record is stored, and the power goes.
    Cut(Fault),
    /// A load without a cut.
    Load,
    /// A step whose caller is gone is finished, its one or two stores so.
    Finish([Fault; 2]),
    /// An administrator's login.
    Login,
    /// The network is allowed again.
    AllowAgain,
    /// The local screen is closed.
    Close(bool),
    /// The address on file changes.
    Withdraw,
    /// The Grant is used, by its handle, or one with a wrong bit.
    Consume(Option<u8>),
    /// Somebody else writes a slot.
    Flash(bool, Content),
    /// Seconds pass.
    Pass(crate::device::Span),
    /// The clock goes backwards.
    Back(u16),
    /// The clock is set to the last seconds there are.
    Late(u8),
}

/// A code.
#[derive(Clone, Debug, Arbitrary)]
pub enum Typed<'a> {
    /// The right one.
    Right(AnyTerm),
    /// One digit of eleven is changed, and the check digit made to fit.
    Wrong(AnyTerm, u8, u8),
    /// Any digits, the check digit made to fit.
    Digits([u8; 11]),
    /// Anything.
    Text(&'a str),
}

/// How a store goes.
#[derive(Clone, Copy, Debug, Arbitrary)]
pub enum Fault {
    /// Well.
    None,
    /// Nothing arrives.
    Lost,
    /// The slot is blank.
    Erased,
    /// The first bytes arrive.
    Torn(u8),
    /// One bit is wrong.
    Flip(u8),
}

impl Fault {
    pub(crate) fn write(self, slot: &mut [u8; 32], record: &[u8; 32]) {
        match self {
            Self::None => *slot = *record,
            Self::Lost => {}
            Self::Erased => *slot = [0xff; 32],
            Self::Torn(n) => slot[..usize::from(n) % 33].copy_from_slice(&record[..usize::from(n) % 33]),
            Self::Flip(bit) => {
                *slot = *record;
                slot[usize::from(bit / 8)] ^= 0x80 >> (bit % 8);
            }
        }
    }
}

struct Both {
    device: Device,
    ours: Ledger,
    theirs: other::session::Device,
    ours_granted: Option<Grant>,
    theirs_granted: Option<other::session::Grant>,
    flash: Slots,
    now: u64,
}

/// # Panics
/// When the two differ.
pub fn session(transcript: &Transcript<'_>) {
    const METHODS: [Methods; 4] = [Methods::None, Methods::DynamicPassword, Methods::SecureCode, Methods::Both];
    let allowed = transcript.methods.map(|m| METHODS[usize::from(m & 3)]);
    let cap = u64::from(if transcript.cap & 1 == 0 { 259_200 } else { transcript.cap % 259_200 + 1 });
    let policy = Policy::default()
        .with_cap(std::time::Duration::from_secs(cap))
        .expect("1 to 259200")
        .with_methods(Origin::Local, allowed[0])
        .with_methods(Origin::Network, allowed[1]);
    let epoch = transcript.epoch & 7;
    let device = Device { serial: transcript.serial.0, epoch: Epoch::new(epoch).expect("three bits"), policy };
    let flash = [transcript.slots[0].bytes(), transcript.slots[1].bytes()];
    let now = transcript.start >> 1;
    let allowed = allowed.map(|m| [m.allow(Method::DynamicPassword), m.allow(Method::SecureCode)]);
    let serial = transcript.serial.0;
    let theirs = other::session::Device::load(D, serial.as_str(), epoch, other::session::Policy { cap, allowed }, &flash, now);
    let (ours, loaded) = Ledger::load(&KEY, device, &flash, Uptime::from_secs(now));
    let theirs = theirs.expect("a serial");
    assert_eq!(loaded.ledger != LedgerState::Good, theirs.ledger.lost);
    let mut both = Both { device, ours, theirs, ours_granted: None, theirs_granted: None, flash, now };
    for step in transcript.steps.0.iter().take(200) {
        both.step(step);
        both.same();
    }
}

impl Both {
    /// At the time of the last call, and now.
    fn same(&self) {
        for now in [self.theirs.ledger.seen, self.now] {
            assert_eq!(twin::view(&self.ours, now), twin::their_view(&self.theirs, now));
        }
    }

    fn call(&mut self, call: Call<'_>) {
        let (flash, now) = (self.flash, self.now);
        let (ours, theirs) = (twin::ours(&KEY, &mut self.ours, call, now, &flash), twin::theirs(&mut self.theirs, call, now, &flash));
        assert_eq!(ours.as_ref().map(|(said, _)| said), theirs.as_ref().map(|(said, _)| said), "{call:?}");
        if let (Ok((_, Some(ours))), Ok((_, Some(theirs)))) = (ours, theirs) {
            (self.ours_granted, self.theirs_granted) = (Some(ours), Some(theirs));
        }
    }

    fn load(&mut self) {
        let policy = self.theirs.policy;
        (self.ours, _) = Ledger::load(&KEY, self.device, &self.flash, Uptime::from_secs(self.now));
        let serial = self.device.serial;
        self.theirs = other::session::Device::load(D, serial.as_str(), self.theirs.epoch, policy, &self.flash, self.now).expect("a serial");
        (self.ours_granted, self.theirs_granted) = (None, None);
    }

    fn text(&self, network: bool, typed: &Typed<'_>) -> String {
        let live = self.theirs.ledger.live[usize::from(network)];
        let right = |term: AnyTerm| live.map_or([0; 12], |live| other::code::code_digits(&D, term.0.k(), live.hdr, live.nonce));
        let mut digits = match typed {
            Typed::Text(text) => return (*text).to_string(),
            Typed::Right(term) => right(*term),
            Typed::Wrong(term, at, by) => {
                let mut digits = right(*term);
                digits[usize::from(at % 11)] = (digits[usize::from(at % 11)] + by % 10) % 10;
                digits
            }
            Typed::Digits(digits) => std::array::from_fn(|i| digits.get(i).map_or(0, |d| d % 10)),
        };
        digits[11] = other::code::damm(live.map_or(0, |live| other::code::seed(live.nonce)), &digits[..11]);
        digits.iter().map(|d| char::from(b'0' + d)).collect()
    }

    fn step(&mut self, step: &Step<'_>) {
        match step {
            Step::Open { network, purpose, mail, entropy } => {
                self.call(Call::Open(origin(*network), (*purpose).into(), *mail, &[*entropy; 32]));
            }
            Step::Submit(network, session, typed) => {
                let text = self.text(*network, typed);
                self.call(Call::Submit(origin(*network), (*session).into(), &text));
            }
            Step::Finish(faults) => {
                let (mut faults, flash) = (faults.iter(), &mut self.flash);
                let same = twin::finish(&KEY, &mut self.ours, Some(&mut self.theirs), |slot, record| {
                    faults.next()?.write(&mut flash[slot], record);
                    Some(*flash)
                });
                assert!(same, "a step is finished otherwise");
            }
            Step::Login => self.call(Call::Login),
            Step::AllowAgain => self.call(Call::AllowAgain),
            Step::Confirm(fault) => {
                self.write(*fault);
                self.call(Call::Confirm);
            }
            Step::Cut(fault) => {
                self.write(*fault);
                self.load();
            }
            Step::Load => self.load(),
            Step::Close(keep) => self.call(Call::Close(*keep)),
            Step::Withdraw => self.call(Call::Withdraw),
            Step::Consume(by) => {
                let now = Uptime::from_secs(self.now);
                let mut handle = self.theirs_granted.as_ref().map_or([0; 16], |grant| grant.handle);
                by.inspect(|bit| handle[usize::from(bit / 8 % 16)] ^= 0x80 >> (bit % 8));
                let mut held: Vec<_> = self.theirs_granted.take().into_iter().collect();
                let theirs = other::session::by_handle(&mut held, &handle);
                self.theirs_granted = held.pop();
                let ours = Grant::by_handle(std::slice::from_mut(&mut self.ours_granted), &handle).map_err(|e| e.name());
                assert_eq!(ours.is_ok(), theirs.is_ok());
                let ours = ours.and_then(|grant| grant.consume(now).map_err(|e| e.name())).map(|_| ());
                let theirs = theirs.and_then(|g| other::session::consume_grant(g, self.now));
                assert_eq!(named(ours), theirs.map_err(|e| failure(&e)));
            }
            Step::Flash(slot, content) => self.flash[usize::from(*slot)] = content.bytes(),
            Step::Pass(span) => self.now = self.now.saturating_add(span.seconds()),
            Step::Back(seconds) => self.now = self.now.saturating_sub(u64::from(*seconds)),
            Step::Late(seconds) => self.now = u64::MAX - u64::from(*seconds),
        }
    }

    fn write(&mut self, fault: Fault) {
        if let Some(pending) = &self.theirs.ledger.pending {
            fault.write(&mut self.flash[pending.target], &pending.bytes);
        }
    }
}
