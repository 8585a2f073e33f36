//! Ours: as it ships, and without the wiping of the stack.

/// D of the benchmarked device: every row's key.
pub const D: [u8; 32] =
    *b"\x8a\x3d\x17\xc2\x5e\x90\x44\xfb\x61\x0c\xa9\x72\xd8\x35\xbe\x1f\x46\xe3\x08\x9b\x57\xcd\x20\xf4\x7a\x11\xb6\x6c\x93\xe8\x2d\x50";

pub const OURS: &str = "offline-reset";
const GRANTED: &str = "offline-reset, right code";
const LOADED: &str = "offline-reset, key loaded";
/// Must lose what ours must win.
pub const PLANTED: &str = "planted";

macro_rules! ours {
    ($crate_name:ident, $stack:expr) => {
        pub mod $crate_name {
            use std::rc::Rc;

            use super::{D, GRANTED, LOADED, OURS, PLANTED};
            use crate::row::{BLOCK, Block, Key, Kind, Row, Stack, timed};
            use $crate_name::{
                Attempt, Compared, Device, DeviceKey, Epoch, Ledger, Opened, Origin, Policy, Purpose, Request, SEALED_RECORD, Serial,
                Slots, Term, Uptime, hazmat,
            };

            const NOW: Uptime = Uptime::from_secs(1000);
            const TERM: Term = Term::DynamicPassword1H;

            /// A device that shows a challenge, and has stored that it does.
            struct Recorder {
                ledger: Ledger,
                slots: Slots,
            }

            impl Recorder {
                fn new(key: &DeviceKey) -> Self {
                    let mut slots = [Ledger::genesis(key), [0xff; SEALED_RECORD]];
                    let device = Device { serial: serial(), epoch: Epoch::ZERO, policy: Policy::default() };
                    let (mut ledger, _) = Ledger::load(key, device, &slots, NOW);
                    let request = Request { purpose: Purpose::AccountPassword, address_on_file: false };
                    let Ok(Opened::Store(step)) = ledger.open(key, Origin::Local, request, &[0x3c; 32], NOW, &slots) else {
                        unreachable!("the first opening of a load stores")
                    };
                    slots[step.slot().index()] = *step.record();
                    step.show(key, &slots).unwrap();
                    Self { ledger, slots }
                }

                /// Text read, check digit, expiry, wait, and the record that counts the attempt, in its slot.
                fn submit(&mut self, key: &DeviceKey, typed: &str) -> (Attempt<'_>, &mut Slots) {
                    let attempt = self.ledger.submit(key, Origin::Local, 0, typed, NOW, &self.slots).unwrap();
                    self.slots[attempt.slot().index()] = *attempt.record();
                    (attempt, &mut self.slots)
                }

                /// The whole verification: whether there is a Grant.
                fn verify(&mut self, key: &DeviceKey, typed: &str) -> bool {
                    let (attempt, slots) = self.submit(key, typed);
                    match attempt.compare(key, slots).unwrap() {
                        Compared::Rejected(_) => false,
                        Compared::Matched(step) => {
                            slots[step.slot().index()] = *step.record();
                            step.grant(key, slots).is_ok()
                        }
                    }
                }
            }

            fn rejects(attempt: Attempt<'_>, key: &DeviceKey, slots: &Slots) -> bool {
                matches!(attempt.compare(key, slots), Ok(Compared::Rejected(_)))
            }

            fn serial() -> Serial {
                Serial::new("4H0583BPAG12345").unwrap()
            }

            pub fn rows() -> Vec<Row> {
                let key = Rc::new(DeviceKey::derived(&mut { D }).unwrap());
                let challenge = Recorder::new(&key).ledger.live(Origin::Local, NOW).unwrap();
                let right: Rc<str> = hazmat::answer(&key, &challenge, TERM).reveal().into();
                // of another key, so that its check digit fits
                let wrong: Rc<str> = hazmat::answer(&DeviceKey::derived(&mut [0x77; 32]).unwrap(), &challenge, TERM).reveal().into();
                let mut rows = Vec::new();

                // devices have state: each verification has one of its own, made before the clock starts
                let mut whole = |name, key_is, note, typed: &Rc<str>, verify: fn(&mut Recorder, &DeviceKey, &str) -> bool| {
                    let (key, typed) = (Rc::clone(&key), Rc::clone(typed));
                    let block = move || -> Block {
                        let mut recorders: Vec<_> = (0..BLOCK).map(|_| Recorder::new(&key)).collect();
                        timed(recorders.iter_mut(), |recorder| verify(recorder, &key, &typed))
                    };
                    rows.push(Row { name, kind: Kind::Whole($stack), key: key_is, note, block: Box::new(block) });
                };
                whole(
                    OURS,
                    Key::Kept,
                    "wrong code: read, counted in a sealed record, read back, compared",
                    &wrong,
                    |recorder, key, typed| !recorder.verify(key, typed),
                );
                whole(GRANTED, Key::Kept, "right code, to the Grant: a second sealed record", &right, |recorder, key, typed| {
                    recorder.verify(key, typed)
                });
                whole(LOADED, Key::Fresh, "wrong code; D taken and wiped around it", &wrong, |recorder, _, typed| {
                    !recorder.verify(&DeviceKey::derived(&mut { D }).unwrap(), typed)
                });
                whole(PLANTED, Key::Kept, "the whole, twice", &wrong, |recorder, key, typed| {
                    !recorder.verify(key, typed) && !recorder.verify(key, typed)
                });

                let mut compare = |name, key_is, note, compare: fn(Attempt<'_>, &DeviceKey, &Slots) -> bool| {
                    let (key, typed) = (Rc::clone(&key), Rc::clone(&wrong));
                    let block = move || -> Block {
                        let mut recorders: Vec<_> = (0..BLOCK).map(|_| Recorder::new(&key)).collect();
                        let attempts: Vec<_> = recorders.iter_mut().map(|recorder| recorder.submit(&key, &typed)).collect();
                        timed(attempts.into_iter(), |(attempt, slots)| compare(attempt, &key, slots))
                    };
                    rows.push(Row { name, kind: Kind::Compare($stack), key: key_is, note, block: Box::new(block) });
                };
                compare(OURS, Key::Kept, "record read back, MAC, ten digits, decision", |attempt, key, slots| rejects(attempt, key, slots));
                compare(LOADED, Key::Fresh, "the same; D taken and wiped around it", |attempt, _, slots| {
                    rejects(attempt, &DeviceKey::derived(&mut { D }).unwrap(), slots)
                });
                compare(PLANTED, Key::Fresh, "the key loaded twice, once on the heap", |attempt, _, slots| {
                    drop(std::hint::black_box(Box::new(DeviceKey::derived(&mut { D }).unwrap())));
                    rejects(attempt, &DeviceKey::derived(&mut { D }).unwrap(), slots)
                });
                rows
            }
        }
    };
}

ours!(offline_reset, Stack::Wiped);
ours!(offline_reset_unscrubbed, Stack::Left);

/// The message of the MAC in a code, and that MAC: what the bare MACs have to verify.
pub fn mac_of_a_code() -> ([u8; 13], [u8; 32]) {
    let message = *b"ORP1\x03\x02\x40\0\x5e\x17\xc2\x90\x3d"; // domain, k, hdr, nonce
    let [_, _, _, _, t, m @ ..] = &message;
    (message, ::offline_reset::hazmat::f(&::offline_reset::DeviceKey::derived(&mut { D }).unwrap(), *t, m))
}
