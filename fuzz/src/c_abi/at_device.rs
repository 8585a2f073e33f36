//! The calls of a device.

use std::time::Duration;

use offline_reset::{
    Address, Closing, Compared, Device, Ledger, LedgerState, Lowered, MAX_CODE_INPUT, Method, Methods, Opened, Policy, Rendering, Request,
    Resumed, SlotState, Slots, StoreError, Uptime, Url, hazmat,
};
use offline_reset_cabi::types::orp_step::{self, ORP_STEP_COMPARE, ORP_STEP_GRANT, ORP_STEP_LOWER, ORP_STEP_NONE, ORP_STEP_SHOW};
use offline_reset_cabi::types::{orp_device, orp_policy, orp_record};
use offline_reset_cabi::{challenge, code, device, grant, record};

use super::{
    AnyTerm, Arg, Attempted, Challenge, D, DETAIL, DeviceKey, Failure, Fault, Grant, HANDLE, How, INFO, KEY, LEN, LOADED, Number, ORIGINS,
    ORP_NETWORK, ORP_NOT_PENDING, ORP_OK, ORP_REJECTED, ORP_STORE, ORP_VERIFIED, ORP_WRONG_STEP, Origin, PURPOSE, PURPOSES, RECORD, RESET,
    SHOWN, Shown, Standing, TEXT, Twin, Typed, Which, World, any_d, code_of, coded, input, null, number, of_key, of_shown, orp_status,
    refused, serial, utf8, words,
};

/// One of an administrator's two functions, in C and in the crate.
type Administrator = unsafe extern "C" fn(*mut orp_device, u64, *const u8, *mut orp_record) -> orp_status;
type InTheCrate = for<'l> fn(&'l mut Ledger, &DeviceKey, Uptime, &Slots) -> std::result::Result<Lowered<'l>, StoreError>;

/// A policy as it is passed.
type Passed = Option<(u32, Number<0, 4>, Number<0, 4>)>;

const METHODS: [Methods; 4] = [Methods::None, Methods::DynamicPassword, Methods::SecureCode, Methods::Both];

/// A record that waits: slot, step, bytes, session.
type Waits = (usize, orp_step, [u8; 32], u32);

fn of_record((slot, step, bytes, session): Waits) -> Vec<u8> {
    [words(&[slot as u32, step as u32]).as_slice(), &bytes, &session.to_ne_bytes()].concat()
}

/// The record that waits, and the call that it waits for.
fn of_pending(ledger: &mut Ledger) -> Option<Waits> {
    let pending = ledger.resume().ok()?;
    let step = match &pending {
        Resumed::Opening(_) => ORP_STEP_SHOW,
        Resumed::Attempt(_) => ORP_STEP_COMPARE,
        Resumed::Clearing(_) => ORP_STEP_GRANT,
        Resumed::Lowering(_) => ORP_STEP_LOWER,
    };
    Some((pending.slot().index(), step, *pending.record(), pending.session().unwrap_or(0)))
}

fn of_store(error: StoreError) -> Failure {
    (error.name(), None)
}

/// Why a step is not taken that is not the one that waits.
fn not_this(other: std::result::Result<Resumed<'_>, StoreError>) -> Failure {
    other.map_or_else(of_store, |_| ("wrong-step", None))
}

fn device_of(bytes: &[u8], epoch: i32, policy: Passed) -> std::result::Result<Device, Failure> {
    let serial = serial(bytes)?;
    let epoch = super::epoch(epoch)?;
    let Some((cap, local, network)) = policy else { return Ok(Device { serial, epoch, policy: Policy::default() }) };
    let methods = [number(&METHODS, local.0)?, number(&METHODS, network.0)?];
    let policy = Policy::default().with_cap(Duration::from_secs(cap.into())).map_err(|error| (error.name(), None))?;
    let policy = policy.with_methods(Origin::Local, methods[0]).with_methods(Origin::Network, methods[1]);
    Ok(Device { serial, epoch, policy })
}

impl World {
    fn twin(&mut self) -> &mut Twin {
        self.twin.as_mut().expect("set up")
    }

    /// The record that waits is stored, more or less.
    pub(super) fn store(&mut self, fault: Fault) -> Option<orp_step> {
        let (slot, step, bytes, _) = of_pending(&mut self.twin.as_mut()?.ledger)?;
        if self.flash[slot] != bytes {
            fault.write(&mut self.flash[slot], &bytes); // nobody writes it twice
        }
        Some(step)
    }

    pub(super) fn load(&mut self, how: How, which: u8, label: &[u8], epoch: i32, passed: Passed) {
        let d_was = if which < 0xf0 { D } else { any_d(which) };
        let mut value = serial(label).map_or([0; 4], |serial| KEY.check_value(&serial)).to_vec();
        if matches!(which, 0xe0..0xf0) {
            value[usize::from(which % 4)] ^= 1 << (which / 2 % 8);
        }
        let (mut d, slots, now) = (d_was.to_vec(), self.flash.concat(), self.now);
        let mut policy = Box::new(passed.map_or([0; 3], |(cap, local, network)| [cap.cast_signed(), local.0, network.0]));
        let policy_arg = Arg { at: policy.as_mut_ptr().cast(), size: size_of::<orp_policy>(), align: 4, written: false, optional: true };
        let d_arg = Arg { at: d.as_mut_ptr(), ..input(&d) }.written();
        let args = [
            self.device.arg(),
            d_arg,
            input(label),
            input(&value),
            policy_arg.optional(passed.is_none()),
            input(&slots),
            self.outputs.to(LOADED).optional(how.bare(0)),
        ];
        let call = |[v, d, l, c, p, s, f]: [*mut u8; 7]| unsafe {
            device::orp_device_load(v.cast(), d, l.cast(), label.len(), c, epoch, p.cast(), s, now, f.cast())
        };
        let Some(status) = self.make(how, args, None, call) else {
            assert_eq!(d, d_was);
            return;
        };
        let described = device_of(label, epoch, passed);
        let due = described.and_then(|device| {
            DeviceKey::load(&mut d_was.clone(), &device.serial, value.as_slice().try_into().expect("4 bytes")).map_err(of_key)?;
            let ledger = Ledger::load(&KEY, device, &self.flash, self.time());
            self.found(how, &ledger.1);
            self.twin = Some(Twin { ledger: ledger.0, grants: [None, None] });
            Ok(ORP_OK)
        });
        let due = match due {
            Err(error) if error.0 != "argument" && d_was != D => refused("blank-key"),
            due => due,
        };
        assert_eq!(d, if due == refused("argument") { d_was } else { [0; 32] }, "D");
        self.ends(status, due, None);
    }

    fn found(&mut self, how: How, loaded: &offline_reset::Loaded) {
        let ledger = match loaded.ledger {
            LedgerState::Good => 0,
            LedgerState::Conflict => 1,
            LedgerState::Lost => 2,
        };
        let slots = loaded.slots.map(|slot| match slot {
            SlotState::Blank => (0, 0),
            SlotState::Damaged => (1, 0),
            SlotState::Valid { seq } => (2, seq),
        });
        if !how.bare(0) {
            self.outputs.writes(LOADED, &words(&[ledger, slots[0].0, slots[1].0, slots[0].1, slots[1].1]));
        }
    }

    pub(super) fn reload(&mut self, how: How) {
        let (slots, now) = (self.flash.concat(), self.now);
        let (device, wrong) = self.struct_for(how);
        let args = [device, input(&slots), self.outputs.to(LOADED).optional(how.bare(0))];
        let call = |[v, s, f]: [*mut u8; 3]| unsafe { device::orp_device_reload(v.cast(), s, now, f.cast()) };
        let Some(status) = self.make(how, args, wrong, call) else { return };
        let (flash, time) = (self.flash, self.time());
        let twin = self.twin();
        let (ledger, loaded) = Ledger::load(&KEY, *twin.ledger.device(), &flash, time);
        twin.ledger = ledger;
        self.found(how, &loaded);
        self.ends(status, Ok(ORP_OK), None);
    }

    pub(super) fn info(&mut self, how: How) {
        let (device, wrong) = self.struct_for(how);
        let args = [Arg { written: false, ..device }, self.outputs.to(INFO)];
        let Some(status) = self.make(how, args, wrong, |[v, i]| unsafe { device::orp_device_info(v.cast(), i.cast()) }) else { return };
        let ledger = &self.twin().ledger;
        let [local, network] = ORIGINS.map(|(origin, _)| u32::from(ledger.failures(origin)));
        let info = words(&[ledger.resets(), local, network, ledger.is_poisoned().into()]);
        self.outputs.writes(INFO, &info);
        self.ends(status, Ok(ORP_OK), None);
    }

    pub(super) fn wipe(&mut self, how: How) {
        let args = [self.device.arg()];
        let Some(status) = self.make(how, args, None, |[v]| unsafe { device::orp_device_wipe(v.cast()) }) else { return };
        self.twin = None;
        assert_eq!(self.device.content(), [0; 44], "wiped");
        self.ends(status, Ok(ORP_OK), None);
    }

    pub(super) fn open(&mut self, how: How, o: i32, purpose: i32, mail: i32, entropy: u8) {
        let (entropy, slots, now) = ([entropy; 32].to_vec(), self.flash.concat(), self.now);
        let (device, wrong) = self.struct_for(how);
        let out = &mut self.outputs;
        let args = [device, input(&entropy), input(&slots), out.to(RECORD), out.to(SHOWN), out.to(DETAIL).optional(how.bare(0))];
        let call = |[v, e, s, r, c, x]: [*mut u8; 6]| unsafe {
            challenge::orp_open(v.cast(), o, purpose, mail, e, now, s, r.cast(), c.cast(), x.cast())
        };
        let Some(status) = self.make(how, args, wrong, call) else { return };
        let (flash, time) = (self.flash, self.time());
        let mut shown = None;
        let mut yielded = None;
        let mut open = || {
            let request = Request { purpose: coded(&PURPOSES, purpose)?, address_on_file: number(&[false, true], mail)? };
            let origin = coded(&ORIGINS, o)?;
            let entropy = entropy.as_slice().try_into().expect("32 bytes");
            let ledger = &mut self.twin.as_mut().expect("set up").ledger;
            match ledger.open(&KEY, origin, request, entropy, time, &flash).map_err(crate::twin::of_open)? {
                Opened::Shown(challenge) => shown = Some(challenge),
                Opened::Store(step) => yielded = Some((step.slot().index(), ORP_STEP_SHOW, *step.record(), 0)),
            }
            Ok(if shown.is_some() { ORP_OK } else { ORP_STORE })
        };
        let due = open();
        if let Some(waits) = yielded {
            self.outputs.writes(RECORD, &of_record(waits));
        }
        self.shows(shown.as_ref());
        self.ends(status, due, (!how.bare(0)).then_some(DETAIL));
    }

    fn shows(&mut self, shown: Option<&Shown>) {
        if let Some(shown) = shown {
            self.outputs.writes(SHOWN, &of_shown(shown));
            self.typed = hazmat::write_challenge(&KEY, shown.challenge()).as_str().to_string();
        }
    }

    pub(super) fn show(&mut self, how: How) {
        let slots = self.flash.concat();
        let (device, wrong) = self.struct_for(how);
        let args = [device, input(&slots), self.outputs.to(SHOWN)];
        let call = |[v, s, c]: [*mut u8; 3]| unsafe { challenge::orp_show(v.cast(), s, c.cast()) };
        let Some(status) = self.make(how, args, wrong, call) else { return };
        let flash = self.flash;
        let due = match self.twin().ledger.resume() {
            Ok(Resumed::Opening(step)) => step.show(&KEY, &flash).map_err(of_store),
            other => Err(not_this(other)),
        };
        self.shows(due.as_ref().ok());
        self.ends(status, due.map(|_| ORP_OK), None);
    }

    /// The live challenge, as `orp_live` and `orp_qr` look at it.
    fn lives(&mut self, o: i32) -> std::result::Result<Shown, Failure> {
        let time = self.time();
        let origin = coded(&ORIGINS, o)?;
        let ledger = &mut self.twin().ledger;
        match ledger.resume() {
            Ok(_) => Err(("pending", None)),
            Err(StoreError::NotPending) => ledger.show_again(&KEY, origin, time).ok_or(("no-challenge", None)),
            Err(error) => Err(of_store(error)),
        }
    }

    pub(super) fn live(&mut self, how: How, o: i32) {
        let now = self.now;
        let (device, wrong) = self.struct_for(how);
        let args = [device, self.outputs.to(SHOWN)];
        let call = |[v, c]: [*mut u8; 2]| unsafe { challenge::orp_live(v.cast(), o, now, c.cast()) };
        let Some(status) = self.make(how, args, wrong, call) else { return };
        let due = self.lives(o);
        self.shows(due.as_ref().ok());
        self.ends(status, due.map(|_| ORP_OK), None);
    }

    pub(super) fn write_qr(&mut self, how: How, o: i32, address: Option<&[u8]>, url: Option<&[u8]>, cap: u16) {
        let (now, cap) = (self.now, usize::from(cap) % 641);
        let (device, wrong) = self.struct_for(how);
        let given = |text: Option<&[u8]>| text.map_or_else(null, input);
        let args = [device, given(address), given(url), self.outputs.buffer(TEXT, cap), self.outputs.to(LEN)];
        let lengths = [address, url].map(|text| text.map_or(0, <[u8]>::len));
        let call = |[v, a, u, t, n]: [*mut u8; 5]| unsafe {
            challenge::orp_qr(v.cast(), o, now, a.cast(), lengths[0], u.cast(), lengths[1], t.cast(), cap, n.cast())
        };
        let Some(status) = self.make(how, args, wrong, call) else { return };
        let due = self.lives(o).and_then(|shown| {
            let text = |bytes: &[u8]| std::str::from_utf8(bytes).map_or_else(|_| " ".to_string(), ToString::to_string); // " " is neither
            let (address, url) = (address.map(text), url.map(text));
            let address = address.as_deref().map(Address::new).transpose().map_err(|error| (error.name(), None))?;
            let url = url.as_deref().map(Url::new).transpose().map_err(|error| (error.name(), None))?;
            let text = shown.qr(&KEY, address, url.map_or(Rendering::App, Rendering::Url)).map_err(|error| (error.name(), None))?;
            self.qr = text.as_str().to_string();
            self.outputs.writes_text(TEXT, cap, text.as_str().as_bytes(), true)
        });
        self.ends(status, due, None);
    }

    pub(super) fn close(&mut self, how: How, keep: i32) {
        let (device, wrong) = self.struct_for(how);
        let call = |[v]: [*mut u8; 1]| unsafe { challenge::orp_close_local(v.cast(), keep) };
        let Some(status) = self.make(how, [device], wrong, call) else { return };
        let due = number(&[Closing::Withdraw, Closing::Keep], keep).and_then(|closing| {
            let twin = self.twin();
            twin.grants[0] = None;
            twin.ledger.close(closing).map_err(of_store)
        });
        self.ends(status, due.map(|()| ORP_OK), None);
    }

    pub(super) fn withdraw(&mut self, how: How) {
        let (device, wrong) = self.struct_for(how);
        let Some(status) = self.make(how, [device], wrong, |[v]| unsafe { challenge::orp_withdraw(v.cast()) }) else { return };
        let twin = self.twin();
        twin.grants = [None, None];
        let due = twin.ledger.withdraw().map_err(of_store);
        self.ends(status, due.map(|()| ORP_OK), None);
    }

    fn code(&self, o: i32, typed: Typed<'_>) -> Vec<u8> {
        let origin = if o == ORP_NETWORK as i32 { Origin::Network } else { Origin::Local };
        let live = self.twin.as_ref().and_then(|twin| twin.ledger.live(origin, self.time()));
        let right = |term: AnyTerm| live.map_or_else(Vec::new, |live| hazmat::answer(&KEY, &live, term.0).reveal().as_bytes().to_vec());
        match typed {
            Typed::Right(term) => right(term),
            Typed::Answered => self.answered.clone().into_bytes(),
            Typed::Wrong(term, at, by) => {
                let digits = std::str::from_utf8(&right(term)).ok().and_then(|text| hazmat::read_code(text).ok());
                let (Some(mut digits), Some(live)) = (digits, live) else { return Vec::new() };
                let at = usize::from(at) % 10 + 1;
                digits[at] = (digits[at] + by % 9 + 1) % 10;
                digits[11] = hazmat::damm(hazmat::seed(*live.nonce().bytes()), &digits[..11]);
                digits.iter().map(|digit| b'0' + digit).collect()
            }
            Typed::Text(bytes) => bytes.0.to_vec(),
        }
    }

    pub(super) fn submit(&mut self, how: How, o: i32, typed: Typed<'_>) {
        let (text, slots, now) = (self.code(o, typed), self.flash.concat(), self.now);
        let session = (now as u32).wrapping_mul(0x9e37_79b1) ^ o.cast_unsigned();
        let text = text.into_boxed_slice();
        let (device, wrong) = self.struct_for(how);
        let given = if text.is_empty() && how.bare(1) { null() } else { input(&text) };
        let args = [device, given, input(&slots), self.outputs.to(RECORD), self.outputs.to(DETAIL).optional(how.bare(0))];
        let call = |[v, t, s, r, x]: [*mut u8; 5]| unsafe {
            code::orp_submit(v.cast(), o, session, t.cast(), text.len(), now, s, r.cast(), x.cast())
        };
        let Some(status) = self.make(how, args, wrong, call) else { return };
        let (flash, time) = (self.flash, self.time());
        let due = coded(&ORIGINS, o).and_then(|origin| {
            // what is too long is not looked at, in the crate's order of refusals
            let too_long = " ".repeat(MAX_CODE_INPUT + 1);
            let read = if text.len() > MAX_CODE_INPUT { &too_long } else { utf8(&text)? };
            let ledger = &mut self.twin().ledger;
            let live = ledger.live(origin, time);
            let step = ledger.submit(&KEY, origin, session, read, time, &flash).map_err(crate::twin::of_submit)?;
            let (slot, bytes) = (step.slot().index(), *step.record());
            self.attempts(origin, live.expect("SES-5: a live challenge"), read, bytes);
            self.outputs.writes(RECORD, &of_record((slot, ORP_STEP_COMPARE, bytes, session)));
            Ok(ORP_STORE)
        });
        self.ends(status, due, (!how.bare(0)).then_some(DETAIL));
    }

    /// An attempt was admitted: one failure more is in its record.
    fn attempts(&mut self, origin: Origin, challenge: Challenge, text: &str, record: [u8; 32]) {
        if self.promises.off {
            return;
        }
        let (o, counted) = (origin as usize, self.promises.failures);
        let fields = hazmat::unseal(&KEY, &record).expect("sealed");
        let counts = [fields.local, fields.network];
        assert_eq!((counts[o], counts[1 - o]), (counted[o].saturating_add(1), counted[1 - o]), "SES-6");
        let digits = hazmat::read_code(text).expect("read");
        let term = offline_reset::Term::from_k(digits[0]).expect("COD-4");
        let right = hazmat::read_code(hazmat::answer(&KEY, &challenge, term).reveal()) == Ok(digits);
        self.promises.attempt = Some(Attempted { record, origin, nonce: challenge.nonce(), right });
    }

    pub(super) fn compare(&mut self, how: How) {
        let slots = self.flash.concat();
        let (device, wrong) = self.struct_for(how);
        let args = [device, input(&slots), self.outputs.to(RECORD)];
        let call = |[v, s, r]: [*mut u8; 3]| unsafe { code::orp_compare(v.cast(), s, r.cast()) };
        let Some(status) = self.make(how, args, wrong, call) else { return };
        let flash = self.flash;
        let mut yielded = None;
        let due = match self.twin().ledger.resume() {
            Ok(Resumed::Attempt(step)) => match step.compare(&KEY, &flash) {
                Err(error) => Err(of_store(error)),
                Ok(Compared::Rejected(error)) => refused(error.name()),
                Ok(Compared::Matched(step)) => {
                    yielded = Some((step.slot().index(), ORP_STEP_GRANT, *step.record(), step.session()));
                    Ok(ORP_STORE)
                }
            },
            other => Err(not_this(other)),
        };
        if let Some(waits) = yielded {
            self.outputs.writes(RECORD, &of_record(waits));
        }
        self.ends(status, due, None);
        self.compared(status, yielded.map(|(_, _, bytes, _)| bytes));
    }

    /// A code was compared: its count stood in flash, and the right one alone goes on.
    fn compared(&mut self, status: orp_status, record: Option<[u8; 32]>) {
        let promises = &mut self.promises;
        if promises.off || matches!(status, ORP_WRONG_STEP | ORP_NOT_PENDING) {
            return;
        }
        let attempt = promises.attempt.take();
        if status == ORP_REJECTED || status == ORP_STORE {
            let attempt = attempt.expect("compared twice");
            assert!(self.flash.contains(&attempt.record), "compared, and not counted");
            assert_eq!(status == ORP_STORE, attempt.right, "a Grant for another code, or none for the right one");
            promises.compared[attempt.origin as usize] += 1;
            promises.matched = Some(attempt.nonce);
            promises.clearing.extend(record.map(|record| (record, [attempt.origin == Origin::Local, true])));
        }
    }

    pub(super) fn grant(&mut self, how: How) {
        let slots = self.flash.concat();
        let (device, wrong) = self.struct_for(how);
        let args = [device, input(&slots), self.outputs.to(HANDLE)];
        let call = |[v, s, n]: [*mut u8; 3]| unsafe { code::orp_grant(v.cast(), s, n.cast()) };
        let Some(status) = self.make(how, args, wrong, call) else { return };
        let flash = self.flash;
        let due = match self.twin().ledger.resume() {
            Ok(Resumed::Clearing(step)) => step.grant(&KEY, &flash).map_err(of_store),
            other => Err(not_this(other)),
        };
        let due = due.map(|grant| {
            let (handle, origin) = (*grant.handle(), grant.origin());
            self.twin().grants[origin as usize] = Some(grant);
            self.outputs.writes(HANDLE, &handle);
            let promises = &mut self.promises;
            if !promises.off {
                let nonce = promises.matched.take().expect("a code was right");
                assert!(!promises.granted.contains(&nonce), "two Grants for one challenge");
                assert!(!promises.handles.contains(&handle), "two Grants of one handle");
                promises.granted.push(nonce);
                promises.handles.push(handle);
            }
            ORP_OK
        });
        self.ends(status, due, None);
    }

    pub(super) fn standing(&mut self, how: How, o: i32) {
        let now = self.now;
        let (device, wrong) = self.struct_for(how);
        let args = [Arg { written: false, ..device }, self.outputs.to(DETAIL).optional(how.bare(0))];
        let call = |[v, w]: [*mut u8; 2]| unsafe { code::orp_standing(v.cast(), o, now, w.cast()) };
        let Some(status) = self.make(how, args, wrong, call) else { return };
        let time = self.time();
        let due = coded(&ORIGINS, o).and_then(|origin| match self.twin().ledger.standing(origin, time) {
            Standing::Ready => Ok(ORP_OK),
            Standing::Waiting { remaining } => Err(("waiting", Some(remaining.as_secs()))),
            Standing::Stopped => refused("stopped"),
        });
        self.ends(status, due, (!how.bare(0)).then_some(DETAIL));
    }

    /// The handle of a Grant, for a call.
    fn handle_of(&self, o: i32, which: Which) -> Vec<u8> {
        let own = usize::from(o == ORP_NETWORK as i32);
        let of = |o: usize| self.twin.as_ref().and_then(|twin| twin.grants[o].as_ref()).map_or([7; 16], |grant| *grant.handle());
        let mut handle = of(if matches!(which, Which::Other) { 1 - own } else { own });
        if let Which::Near(bit) = which {
            handle[usize::from(bit / 8 % 16)] ^= 1 << (bit % 8);
        }
        handle.to_vec()
    }

    /// The place of the Grant of this handle.
    fn granted(&mut self, o: i32, of: &[u8]) -> std::result::Result<&mut Option<Grant>, Failure> {
        let place = &mut self.twin().grants[coded(&ORIGINS, o)? as usize];
        if place.as_ref().is_some_and(|grant| grant.handle() == of) { Ok(place) } else { Err(("no-grant", None)) }
    }

    pub(super) fn take(&mut self, how: How, o: i32, which: Which) {
        let (now, of) = (self.now, self.handle_of(o, which));
        let (device, wrong) = self.struct_for(how);
        let args = [device, input(&of), self.outputs.to(RESET)];
        let call = |[v, h, r]: [*mut u8; 3]| unsafe { grant::orp_grant_take(v.cast(), o, h, now, r.cast()) };
        let Some(status) = self.make(how, args, wrong, call) else { return };
        let time = self.time();
        let taken = self.granted(o, &of).map(|place| place.take().expect("of this handle"));
        let due = taken.and_then(|grant| grant.consume(time).map_err(|error| (error.name(), None))).map(|reset| {
            let method = match reset.method() {
                Method::DynamicPassword => 1,
                Method::SecureCode => 2,
            };
            let codes = [code_of(&ORIGINS, reset.origin()), code_of(&PURPOSES, reset.purpose()), method, reset.resets(), reset.session()];
            self.outputs.writes(RESET, &words(&codes));
            ORP_VERIFIED
        });
        self.ends(status, due, None);
        if status == ORP_VERIFIED && !self.promises.off {
            let of: [u8; 16] = of.try_into().expect("16 bytes");
            assert!(self.promises.handles.contains(&of), "a Grant that was not given");
            assert!(!self.promises.verified.contains(&of), "a Grant was taken twice");
            self.promises.verified.push(of);
        }
    }

    pub(super) fn grant_purpose(&mut self, how: How, o: i32, which: Which) {
        let of = self.handle_of(o, which);
        let (device, wrong) = self.struct_for(how);
        let args = [device, input(&of), self.outputs.to(PURPOSE)];
        let call = |[v, h, p]: [*mut u8; 3]| unsafe { grant::orp_grant_purpose(v.cast(), o, h, p.cast()) };
        let Some(status) = self.make(how, args, wrong, call) else { return };
        let purpose = self.granted(o, &of).map(|place| place.as_ref().expect("of this handle").purpose());
        let due = purpose.map(|purpose| {
            self.outputs.writes_u32(PURPOSE, code_of(&PURPOSES, purpose));
            ORP_OK
        });
        self.ends(status, due, None);
    }

    pub(super) fn drop_grant(&mut self, how: How, o: i32, which: Which) {
        let of = self.handle_of(o, which);
        let (device, wrong) = self.struct_for(how);
        let call = |[v, h]: [*mut u8; 2]| unsafe { grant::orp_grant_drop(v.cast(), o, h) };
        let Some(status) = self.make(how, [device, input(&of)], wrong, call) else { return };
        let due = self.granted(o, &of).map(|place| {
            *place = None;
            ORP_OK
        });
        self.ends(status, due, None);
    }

    pub(super) fn login(&mut self, how: How) {
        self.administrator(how, record::orp_login, Ledger::admin_login, [true, false]);
    }

    pub(super) fn allow_again(&mut self, how: How) {
        self.administrator(how, record::orp_allow_again, Ledger::allow_again, [false, true]);
    }

    /// One of the two, and whose failures become fewer by it.
    fn administrator(&mut self, how: How, ours: Administrator, theirs: InTheCrate, lowers: [bool; 2]) {
        let (slots, now) = (self.flash.concat(), self.now);
        let (device, wrong) = self.struct_for(how);
        let args = [device, input(&slots), self.outputs.to(RECORD)];
        let Some(status) = self.make(how, args, wrong, |[v, s, r]| unsafe { ours(v.cast(), now, s, r.cast()) }) else { return };
        let (flash, time) = (self.flash, self.time());
        let due = match theirs(&mut self.twin.as_mut().expect("set up").ledger, &KEY, time, &flash) {
            Err(error) => Err(of_store(error)),
            Ok(Lowered::Done) => Ok(ORP_OK),
            Ok(Lowered::Store(step)) => {
                let (slot, bytes) = (step.slot().index(), *step.record());
                self.outputs.writes(RECORD, &of_record((slot, ORP_STEP_LOWER, bytes, 0)));
                self.promises.clearing.push((bytes, lowers));
                Ok(ORP_STORE)
            }
        };
        self.ends(status, due, None);
    }

    pub(super) fn lowered(&mut self, how: How) {
        let slots = self.flash.concat();
        let (device, wrong) = self.struct_for(how);
        let args = [device, input(&slots)];
        let call = |[v, s]: [*mut u8; 2]| unsafe { record::orp_lowered(v.cast(), s) };
        let Some(status) = self.make(how, args, wrong, call) else { return };
        let flash = self.flash;
        let due = match self.twin().ledger.resume() {
            Ok(Resumed::Lowering(step)) => step.lowered(&flash).map_err(of_store).map(|()| ORP_OK),
            other => Err(not_this(other)),
        };
        self.ends(status, due, None);
    }

    pub(super) fn finish(&mut self, how: How) {
        let slots = self.flash.concat();
        let (device, wrong) = self.struct_for(how);
        let args = [device, input(&slots), self.outputs.to(RECORD)];
        let call = |[v, s, r]: [*mut u8; 3]| unsafe { record::orp_finish(v.cast(), s, r.cast()) };
        let Some(status) = self.make(how, args, wrong, call) else { return };
        let flash = self.flash;
        let ledger = &mut self.twin.as_mut().expect("set up").ledger;
        let finished = of_pending(ledger);
        let due = match ledger.resume() {
            Err(error) => Err(of_store(error)),
            Ok(step) => {
                step.finish(&KEY, &flash);
                if ledger.is_poisoned() { refused("poisoned") } else { Ok(ORP_OK) }
            }
        };
        let more = of_pending(ledger);
        if due.is_ok() {
            self.outputs.writes(RECORD, &of_record(more.unwrap_or((0, ORP_STEP_NONE, [0; 32], 0))));
        }
        self.ends(status, due.map(|_| if more.is_some() { ORP_STORE } else { ORP_OK }), None);
        match finished {
            Some((_, ORP_STEP_COMPARE, ..)) if status == ORP_OK => self.compared(ORP_REJECTED, None),
            Some((_, ORP_STEP_COMPARE, ..)) => self.compared(status, more.map(|(_, _, record, _)| record)),
            Some((_, ORP_STEP_GRANT, ..)) => drop(self.promises.matched.take()), // its Grant is nobody's
            _ => {}
        }
    }

    pub(super) fn pending(&mut self, how: How) {
        let (device, wrong) = self.struct_for(how);
        let args = [device, self.outputs.to(RECORD)];
        let call = |[v, r]: [*mut u8; 2]| unsafe { record::orp_pending(v.cast(), r.cast()) };
        let Some(status) = self.make(how, args, wrong, call) else { return };
        let pending = of_pending(&mut self.twin().ledger);
        self.outputs.writes(RECORD, &of_record(pending.unwrap_or((0, ORP_STEP_NONE, [0; 32], 0))));
        self.ends(status, Ok(if pending.is_some() { ORP_STORE } else { ORP_OK }), None);
    }

    pub(super) fn abandon(&mut self, how: How) {
        let (device, wrong) = self.struct_for(how);
        let Some(status) = self.make(how, [device], wrong, |[v]| unsafe { record::orp_abandon(v.cast()) }) else { return };
        if let Ok(step) = self.twin().ledger.resume() {
            step.abandon();
        }
        self.ends(status, Ok(ORP_OK), None);
    }
}
