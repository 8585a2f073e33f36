//! A transcript, played on a device with its flash.

use core::time::Duration;

use offline_reset::{
    Closing, Compared, Device, DeviceKey, Epoch, Grant, Ledger, Lowered, Method, Methods, OpenError, Opened, Origin, Policy, Request,
    Resumed, SEALED_RECORD, Serial, Shown, Slot, Slots, Standing, StoreError, SubmitError, Uptime, hazmat,
};

use crate::table::{Named, Table};
use crate::tests::{code_error, slots};

/// What one operation came to.
enum Outcome {
    Stores(Slot, [u8; SEALED_RECORD]),
    Shown(Shown),
    Grant,
    Done,
}

struct Player {
    key: DeviceKey,
    flash: Slots,
    ledger: Option<Ledger>,
    grant: Option<Grant>,
}

fn methods(t: &mut Table<'_>) -> Methods {
    let (mut dynamic, mut secure) = (false, false);
    for _ in 0..t.number() {
        if t.flag() { secure = true } else { dynamic = true }
    }
    match (dynamic, secure) {
        (false, false) => Methods::None,
        (true, false) => Methods::DynamicPassword,
        (false, true) => Methods::SecureCode,
        (true, true) => Methods::Both,
    }
}

fn store_error(error: StoreError) -> Named<'static> {
    (error.name(), None)
}

/// A write that goes wrong: how, and where.
fn write(fault: &str, to: &mut [u8; SEALED_RECORD], record: &[u8; SEALED_RECORD]) {
    match fault.split_once(':').map(|(name, n)| (name, n.parse::<usize>().unwrap())) {
        None if fault == "none" => *to = *record,
        None if fault == "lost" => {}
        None if fault == "erased" => *to = [0xff; SEALED_RECORD],
        Some(("torn", n)) => to[..n].copy_from_slice(&record[..n]),
        Some(("flip", bit)) => {
            *to = *record;
            to[bit / 8] ^= 0x80 >> (bit % 8);
        }
        _ => panic!("no fault {fault}"),
    }
}

pub fn play(t: &mut Table<'_>, _: Option<Named<'_>>) {
    let serial = Serial::new(t.text()).unwrap();
    let key = t.key();
    let epoch = Epoch::new(t.small()).unwrap();
    let policy = Policy::default().with_cap(Duration::from_secs(t.number())).unwrap();
    let policy = policy.with_methods(Origin::Local, methods(t)).with_methods(Origin::Network, methods(t));
    let mut player = Player { key, flash: slots(t), ledger: None, grant: None };
    for _ in 0..t.number() {
        let outcome = player.step(Device { serial, epoch, policy }, t);
        let error = t.error();
        assert_eq!(outcome.as_ref().err(), error.as_ref());
        let expected = t.byte();
        match (outcome, expected) {
            (Err(_), b'e') | (Ok(Outcome::Done), b'd') => assert!(t.number() <= 1),
            (Ok(Outcome::Stores(slot, record)), b's') => {
                assert_eq!(slot.index() as u64, t.number());
                assert_eq!(record, t.array());
            }
            (Ok(Outcome::Shown(shown)), b'c') => is_shown(&shown, t),
            (Ok(Outcome::Grant), b'g') => {
                let grant = player.grant.as_ref().unwrap();
                let permits = hazmat::grant_permits(grant);
                assert_eq!((permits.origin(), permits.purpose()), (t.origin(), t.purpose()));
                assert_eq!((permits.method() == Method::SecureCode, permits.resets()), (t.flag(), t.word()));
                assert_eq!((permits.session(), *grant.handle()), (t.word(), t.array()));
            }
            _ => panic!("another outcome than {}", char::from(expected)),
        }
        let ledger = player.ledger.as_mut().unwrap();
        let session = ledger.resume().ok().and_then(|step| step.session());
        let (hazmat::Fields { seq, boots, resets, local, network }, slot) = hazmat::state(ledger);
        assert_eq!((seq, boots, resets, [local, network]), (t.word(), t.word(), t.word(), t.numbers()));
        assert_eq!((slot as u64, ledger.is_poisoned()), (t.number(), t.flag()));
        assert_eq!(session, t.optional().map(|bytes| bytes.iter().rev().fold(0, |n, &byte| n << 8 | u32::from(byte))));
        assert_eq!([ledger.failures(Origin::Local), ledger.failures(Origin::Network)], [local, network]);
    }
}

fn is_shown(shown: &Shown, t: &mut Table<'_>) {
    assert_eq!(shown.text().map(|text| text.as_str()), t.optional_text());
    assert_eq!(shown.challenge().header().bits().to_be_bytes(), t.array());
    assert_eq!(shown.challenge().nonce().bytes(), &t.array());
    assert_eq!(shown.shown_at().as_secs(), t.number());
    let (wait, stopped) = match shown.standing() {
        Standing::Ready => (0, false),
        Standing::Waiting { remaining } => (remaining.as_secs(), false),
        Standing::Stopped => (0, true),
    };
    assert_eq!((wait, stopped), (t.number(), t.flag()));
}

impl Player {
    fn step(&mut self, device: Device, t: &mut Table<'_>) -> Result<Outcome, Named<'static>> {
        let Self { key, flash, ledger, grant } = self;
        let op = t.byte();
        if op == b'l' {
            *grant = None;
            *ledger = Some(Ledger::load(key, device, flash, Uptime::from_secs(t.number())).0);
            return Ok(Outcome::Done);
        }
        let ledger = ledger.as_mut().unwrap();
        match op {
            b'o' => {
                let (origin, purpose, address_on_file) = (t.origin(), t.purpose(), t.flag());
                let (entropy, now) = (t.array(), Uptime::from_secs(t.number()));
                match ledger.open(key, origin, Request { purpose, address_on_file }, &entropy, now, flash) {
                    Ok(Opened::Shown(shown)) => Ok(Outcome::Shown(shown)),
                    Ok(Opened::Store(step)) => Ok(Outcome::Stores(step.slot(), *step.record())),
                    Err(OpenError::TooSoon { remaining }) => Err(("too-soon", Some(remaining.as_secs()))),
                    Err(error) => Err((error.name(), None)),
                }
            }
            b's' => {
                let (origin, session, text, now) = (t.origin(), t.word(), t.text(), Uptime::from_secs(t.number()));
                match ledger.submit(key, origin, session, text, now, flash) {
                    Ok(step) => Ok(Outcome::Stores(step.slot(), *step.record())),
                    Err(SubmitError::Read(error)) => Err(code_error(error)),
                    Err(SubmitError::Waiting { remaining }) => Err(("waiting", Some(remaining.as_secs()))),
                    Err(error) => Err((error.name(), None)),
                }
            }
            b'c' => {
                pending(ledger, flash, t.text());
                match ledger.resume().map_err(store_error)? {
                    Resumed::Opening(step) => step.show(key, flash).map(Outcome::Shown).map_err(store_error),
                    Resumed::Attempt(step) => match step.compare(key, flash).map_err(store_error)? {
                        Compared::Rejected(rejected) => Err((rejected.name(), None)),
                        Compared::Matched(step) => Ok(Outcome::Stores(step.slot(), *step.record())),
                    },
                    Resumed::Clearing(step) => {
                        *grant = Some(step.grant(key, flash).map_err(store_error)?);
                        Ok(Outcome::Grant)
                    }
                    Resumed::Lowering(step) => step.lowered(flash).map(|()| Outcome::Done).map_err(store_error),
                }
            }
            b'x' => {
                pending(ledger, flash, t.text());
                Ok(Outcome::Done)
            }
            b'a' | b'n' => {
                let now = Uptime::from_secs(t.number());
                let lowered = if op == b'a' { ledger.admin_login(key, now, flash) } else { ledger.allow_again(key, now, flash) };
                match lowered.map_err(store_error)? {
                    Lowered::Done => Ok(Outcome::Done),
                    Lowered::Store(step) => Ok(Outcome::Stores(step.slot(), *step.record())),
                }
            }
            b'i' => {
                t.optional();
                ledger.finish(key, |slot, record| {
                    flash[slot.index()] = *record;
                    Some(*flash)
                });
                Ok(Outcome::Done)
            }
            b'h' => {
                let (handle, now) = (t.array(), Uptime::from_secs(t.number()));
                let grant = Grant::by_handle(core::slice::from_mut(grant), &handle).map_err(|e| (e.name(), None))?;
                grant.consume(now).map(|_| Outcome::Done).map_err(|e| (e.name(), None))
            }
            b'q' => {
                let closing = if t.flag() { Closing::Keep } else { Closing::Withdraw };
                ledger.close(closing).map(|()| Outcome::Done).map_err(store_error)
            }
            b'w' => {
                t.optional();
                ledger.withdraw().map(|()| Outcome::Done).map_err(store_error)
            }
            b'g' => {
                t.optional();
                if let Ok(step) = ledger.resume() {
                    step.abandon();
                }
                Ok(Outcome::Done)
            }
            b'f' => {
                let slot = t.number() as usize;
                flash[slot] = t.array();
                Ok(Outcome::Done)
            }
            b'u' => {
                let now = Uptime::from_secs(t.number());
                grant.take().unwrap().consume(now).map(|_| Outcome::Done).map_err(|e| (e.name(), None))
            }
            other => panic!("no operation {}", char::from(other)),
        }
    }
}

/// The pending record reaches flash, in some way.
fn pending(ledger: &mut Ledger, flash: &mut Slots, fault: &str) {
    if let Ok(step) = ledger.resume() {
        write(fault, &mut flash[step.slot().index()], step.record());
    }
}
