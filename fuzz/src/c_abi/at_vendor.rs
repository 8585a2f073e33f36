//! The calls of the vendor and of the factory, and the texts.

use std::ffi::{CStr, c_char};

use offline_reset::{
    Address, Genuine, GenuineQr, Language, MAX_CHALLENGE_INPUT, MAX_QR_INPUT, QrChallenge, ReceivedError, RootKey, Term, TypedChallenge,
    UnsealedAddress, check_root, corrections, root_check_message, spell,
};
use offline_reset_cabi::{answer, challenge, factory, keys, read, status, version};

use super::{
    Arg, BYTES, CHALLENGE, CHECK, CODE, CORRECTIONS, DETAIL, DeviceKey, Failure, How, LEN, MISUSED, NAMES, ORP_OK, ORP_VERIFIED, RESULTS,
    Received, Sent, TEXT, WORD, World, any_d, epoch, input, number, of_challenge, of_key, refused, serial, utf8, with_nuls, words,
};
use crate::differential::{of_corrections, of_qr, of_read};
use crate::from_factory;

/// A challenge that its device made.
#[allow(clippy::large_enum_variant)] // on the stack, and not for long
enum Believed<'k> {
    Typed(Genuine<'k>),
    Qr(GenuineQr<'k>),
}

fn believed<'k>(received: &Received, key: &'k DeviceKey) -> std::result::Result<Believed<'k>, Failure> {
    match received {
        Received::Typed(typed) => typed.verify(key).map(Believed::Typed).map_err(|error| (error.name(), None)),
        Received::Qr(qr) => qr.verify(key).map(Believed::Qr).map_err(|error| (error.name(), None)),
    }
}

fn believed_qr<'k>(received: &Received, key: &'k DeviceKey) -> std::result::Result<GenuineQr<'k>, Failure> {
    match received {
        Received::Typed(_) => Err(("wrong-kind", None)),
        Received::Qr(qr) => qr.verify(key).map_err(|error| (error.name(), None)),
    }
}

fn term_of(k: i32) -> std::result::Result<Term, Failure> {
    Term::from_k(u8::try_from(k).unwrap_or(0)).map_err(|error| (error.name(), None))
}

/// At most `limit` bytes, and UTF-8.
fn sent_text(bytes: &[u8], limit: usize) -> std::result::Result<&str, Failure> {
    if bytes.len() > limit { Err(("too-long", Some(limit as u64))) } else { utf8(bytes) }
}

/// What it is in C's memory, up to the NUL.
fn text_at(text: *const c_char) -> &'static str {
    assert!(!text.is_null());
    // SAFETY: as the header says, never freed, with a NUL
    unsafe { CStr::from_ptr(text) }.to_str().expect("UTF-8")
}

/// # Panics
/// When the texts or figures are not as the header says.
pub(super) fn texts(status: i32, language: i32) {
    let known = RESULTS.iter().chain(&MISUSED).chain(NAMES.iter().map(|(_, status)| status)).any(|known| *known as i32 == status);
    assert_eq!(text_at(status::orp_strerror(status)) != "unknown status", known);
    let said = text_at(status::orp_owner_text(status, language));
    assert!(said.ends_with('.') && (known || said == if language == 1 { "Begin opnieuw." } else { "Please start again." }));
    assert_eq!(text_at(version::orp_version()), "0.1.0");
    let figures = [version::orp_device_size(), version::orp_key_size(), version::orp_received_size(), version::orp_align()];
    assert_eq!((version::orp_abi(), figures), (1, [352, 96, 328, 8]));
}

impl World {
    fn sent(&self, sent: Sent<'_>) -> Vec<u8> {
        const CHARACTERS: &[u8; 40] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-?: ";
        let changed = |text: &str, at: usize, ch: u8| {
            let mut bytes = text.as_bytes().to_vec();
            let length = bytes.len().max(1);
            if let Some(place) = bytes.get_mut(at % length) {
                *place = CHARACTERS[usize::from(ch) % CHARACTERS.len()];
            }
            bytes
        };
        match sent {
            Sent::Challenge => self.typed.clone().into_bytes(),
            Sent::Qr => self.qr.clone().into_bytes(),
            Sent::Slip(at, ch) => changed(&self.typed, at.into(), ch),
            Sent::Garbled(at, ch) => changed(&self.qr, at.into(), ch),
            Sent::Text(bytes) => bytes.0.to_vec(),
        }
    }

    pub(super) fn reads(&mut self, how: How, which: u8, sent: Sent<'_>) {
        let sent = self.sent(sent).into_boxed_slice();
        let out = &mut self.outputs;
        let places = [out.to(CHALLENGE).optional(how.bare(1)), out.to(DETAIL).optional(how.bare(0))];
        let args = [input(&sent), self.received.arg(), places[0], places[1]];
        let function = [read::orp_read, read::orp_read_typed, read::orp_read_qr][usize::from(which % 3)];
        let call = |[t, r, c, x]: [*mut u8; 4]| unsafe { function(t.cast(), sent.len(), r.cast(), c.cast(), x.cast()) };
        let Some(status) = self.make(how, args, None, call) else { return };
        let limit = if which % 3 == 1 { MAX_CHALLENGE_INPUT } else { MAX_QR_INPUT };
        let read = sent_text(&sent, limit).and_then(|text| match which % 3 {
            0 => Received::read(text).map_err(|error| match error {
                ReceivedError::Typed(error) => of_read(error),
                ReceivedError::Qr(error) => of_qr(error),
                other => panic!("{other}"),
            }),
            1 => TypedChallenge::read(text).map(Received::Typed).map_err(of_read),
            _ => QrChallenge::read(text).map(Received::Qr).map_err(of_qr),
        });
        match &read {
            Ok(received) if !how.bare(1) => self.outputs.writes(CHALLENGE, &of_challenge(received.claimed())),
            Ok(_) => {}
            Err(_) => assert_eq!(self.received.content(), [0; 41], "not set up"),
        }
        self.ends(status, read.as_ref().map(|_| ORP_OK).map_err(|error| *error), (!how.bare(0)).then_some(DETAIL));
        self.read = read.ok();
    }

    pub(super) fn canonical(&mut self, how: How, cap: u16) {
        let cap = usize::from(cap) % 64;
        let (received, wrong) = self.received_for(how);
        let args = [received, self.outputs.buffer(TEXT, cap), self.outputs.to(LEN)];
        let call = |[r, t, n]: [*mut u8; 3]| unsafe { read::orp_canonical(r.cast(), t.cast(), cap, n.cast()) };
        let Some(status) = self.make(how, args, wrong, call) else { return };
        let due = match self.read.as_ref().expect("set up") {
            Received::Typed(typed) => self.outputs.writes_text(TEXT, cap, typed.text().as_str().as_bytes(), true),
            Received::Qr(_) => refused("wrong-kind"),
        };
        self.ends(status, due, None);
    }

    pub(super) fn correct(&mut self, how: How, sent: Sent<'_>) {
        if std::mem::replace(&mut self.searched, true) {
            return; // once, for it takes its time
        }
        let sent = self.sent(sent).into_boxed_slice();
        let args = [input(&sent), self.outputs.to(CORRECTIONS), self.outputs.to(DETAIL).optional(how.bare(0))];
        let call = |[t, f, x]: [*mut u8; 3]| unsafe { read::orp_correct(t.cast(), sent.len(), f.cast(), x.cast()) };
        let Some(status) = self.make(how, args, None, call) else { return };
        let found = sent_text(&sent, MAX_CHALLENGE_INPUT).and_then(|text| corrections(text).map_err(of_corrections));
        let due = found.map(|found| {
            let texts: Vec<_> = found.map(|candidate| candidate.text().as_str().to_string()).collect();
            let mut bytes = words(&[texts.len() as u32]);
            bytes.extend(texts.iter().flat_map(|text| with_nuls(text, 45)));
            bytes.resize(CORRECTIONS.size, 0);
            self.outputs.writes(CORRECTIONS, &bytes);
            ORP_OK
        });
        self.ends(status, due, (!how.bare(0)).then_some(DETAIL));
    }

    #[allow(clippy::cast_possible_wrap)] // C's char has a sign or none
    pub(super) fn spells(&mut self, how: How, character: u8, language: i32) {
        let args = [self.outputs.to(WORD)];
        let call = |[w]: [*mut u8; 1]| unsafe { read::orp_spell(character as c_char, language, w.cast()) };
        let Some(status) = self.make(how, args, None, call) else { return };
        let word = number(&[Language::English, Language::Dutch], language)
            .and_then(|language| spell(char::from(character), language).ok_or(("argument", None)));
        let due = word.map(|word| {
            self.outputs.writes(WORD, &with_nuls(word, 10));
            ORP_OK
        });
        self.ends(status, due, None);
    }

    pub(super) fn verify(&mut self, how: How) {
        let ((received, wrong), (key, no_key)) = (self.received_for(how), self.key_for(how));
        let call = |[r, k]: [*mut u8; 2]| unsafe { answer::orp_verify(r.cast(), k.cast()) };
        let Some(status) = self.make(how, [received, key], wrong.or(no_key), call) else { return };
        let due = believed(self.read.as_ref().expect("set up"), self.taken.as_ref().expect("set up")).map(|_| ORP_VERIFIED);
        self.ends(status, due, None);
    }

    pub(super) fn answers(&mut self, how: How, k: i32) {
        let ((received, wrong), (key, no_key)) = (self.received_for(how), self.key_for(how));
        let args = [received, key, self.outputs.to(CODE)];
        let call = |[r, d, c]: [*mut u8; 3]| unsafe { answer::orp_answer(r.cast(), d.cast(), k, c.cast()) };
        let Some(status) = self.make(how, args, wrong.or(no_key), call) else { return };
        let genuine = believed(self.read.as_ref().expect("set up"), self.taken.as_ref().expect("set up"));
        let due = genuine.and_then(|genuine| {
            let term = term_of(k)?;
            let code = match genuine {
                Believed::Typed(genuine) => genuine.answer(term),
                Believed::Qr(genuine) => genuine.genuine().answer(term),
            };
            self.answered = code.reveal().to_string();
            self.outputs.writes(CODE, &with_nuls(code.reveal(), 15));
            Ok(ORP_OK)
        });
        self.ends(status, due, None);
    }

    pub(super) fn address(&mut self, how: How, cap: u16) {
        let cap = usize::from(cap) % 300;
        let ((received, wrong), (key, no_key)) = (self.received_for(how), self.key_for(how));
        let args = [received, key, self.outputs.buffer(TEXT, cap), self.outputs.to(LEN)];
        let call = |[r, k, t, n]: [*mut u8; 4]| unsafe { answer::orp_address(r.cast(), k.cast(), t.cast(), cap, n.cast()) };
        let Some(status) = self.make(how, args, wrong.or(no_key), call) else { return };
        let genuine = believed_qr(self.read.as_ref().expect("set up"), self.taken.as_ref().expect("set up"));
        let due = genuine.and_then(|genuine| match genuine.address() {
            UnsealedAddress::NoneOnFile => refused("none-on-file"),
            UnsealedAddress::OnFile(address) => self.outputs.writes_text(TEXT, cap, address.as_str().as_bytes(), true),
        });
        self.ends(status, due, None);
    }

    pub(super) fn secure_code(&mut self, how: How, k: i32, cap: u16) {
        let cap = usize::from(cap) % 300;
        let ((received, wrong), (key, no_key)) = (self.received_for(how), self.key_for(how));
        let out = &mut self.outputs;
        let args = [received, key, out.buffer(TEXT, cap), out.to(LEN), out.to(CODE)];
        let call =
            |[r, d, t, n, c]: [*mut u8; 5]| unsafe { answer::orp_secure_code(r.cast(), d.cast(), k, t.cast(), cap, n.cast(), c.cast()) };
        let Some(status) = self.make(how, args, wrong.or(no_key), call) else { return };
        let genuine = believed_qr(self.read.as_ref().expect("set up"), self.taken.as_ref().expect("set up"));
        let due = genuine.and_then(|genuine| {
            let (address, code) = genuine.secure_code(term_of(k)?).map_err(|error| (error.name(), None))?;
            self.outputs.writes_text(TEXT, cap, address.as_str().as_bytes(), true)?;
            self.outputs.writes(CODE, &with_nuls(code.reveal(), 15));
            Ok(ORP_OK)
        });
        self.ends(status, due, None);
    }

    pub(super) fn root_message(&mut self, how: How, label: &[u8], cap: u16) {
        let (cap, label) = (usize::from(cap) % 33, label.to_vec());
        let args = [input(&label), self.outputs.buffer(BYTES, cap), self.outputs.to(LEN)];
        let call = |[l, m, n]: [*mut u8; 3]| unsafe { keys::orp_root_message(l.cast(), label.len(), m, cap, n.cast()) };
        let Some(status) = self.make(how, args, None, call) else { return };
        let message = serial(&label).and_then(|serial| serial.root_message().map_err(of_key));
        let due = message.and_then(|message| self.outputs.writes_text(BYTES, cap, message.as_bytes(), false));
        self.ends(status, due, None);
    }

    pub(super) fn root_derive(&mut self, how: How, which: u8, label: &[u8]) {
        let (root, label) = (any_d(which).to_vec(), label.to_vec());
        let args = [input(&root), input(&label), self.outputs.to(BYTES)];
        let call = |[r, l, d]: [*mut u8; 3]| unsafe { keys::orp_root_derive(r, l.cast(), label.len(), d) };
        let Some(status) = self.make(how, args, None, call) else { return };
        let due = RootKey::take(&mut any_d(which)).map_err(of_key).and_then(|root| {
            let d = root.derive(&serial(&label)?).map_err(of_key)?;
            self.outputs.writes(BYTES, &d);
            Ok(ORP_OK)
        });
        self.ends(status, due, None);
    }

    pub(super) fn root_check_message(&mut self, how: How, number: i32) {
        let args = [self.outputs.buffer(BYTES, 7)];
        let Some(status) = self.make(how, args, None, |[m]| unsafe { keys::orp_root_check_message(number, m) }) else { return };
        let due = epoch(number).map(|epoch| {
            self.outputs.writes(BYTES, &root_check_message(epoch));
            ORP_OK
        });
        self.ends(status, due, None);
    }

    pub(super) fn root_check(&mut self, how: How, which: u8, number: i32, bit: Option<u8>) {
        let mut mac = any_d(which).to_vec();
        let mut value = mac[..4].to_vec();
        if let Some(bit) = bit {
            value[usize::from(bit / 8 % 4)] ^= 1 << (bit % 8);
        }
        let args = [Arg { at: mac.as_mut_ptr(), ..input(&mac) }.written(), input(&value)];
        let call = |[m, c]: [*mut u8; 2]| unsafe { keys::orp_root_check(m, number, c) };
        let Some(status) = self.make(how, args, None, call) else {
            assert_eq!(mac, any_d(which));
            return;
        };
        assert_eq!(mac, [0; 32], "wiped");
        let value = value.as_slice().try_into().expect("4 bytes");
        let due = epoch(number).and_then(|epoch| check_root(&mut any_d(which), epoch, value).map_err(of_key));
        self.ends(status, due.map(|()| ORP_OK), None);
    }

    pub(super) fn root_check_value(&mut self, how: How, which: u8, number: i32) {
        let root = any_d(which).to_vec();
        let args = [input(&root), self.outputs.to(CHECK)];
        let call = |[r, c]: [*mut u8; 2]| unsafe { keys::orp_root_check_value(r, number, c) };
        let Some(status) = self.make(how, args, None, call) else { return };
        let due = epoch(number).and_then(|epoch| {
            let root = RootKey::take(&mut any_d(which)).map_err(of_key)?;
            self.outputs.writes(CHECK, &root.check_value(epoch));
            Ok(ORP_OK)
        });
        self.ends(status, due, None);
    }

    pub(super) fn key_take(&mut self, how: How, which: u8) {
        let mut d = any_d(which).to_vec();
        let args = [self.key.arg(), Arg { at: d.as_mut_ptr(), ..input(&d) }.written()];
        let call = |[k, d]: [*mut u8; 2]| unsafe { keys::orp_key_take(k.cast(), d) };
        let Some(status) = self.make(how, args, None, call) else {
            assert_eq!(d, any_d(which));
            return;
        };
        let taken = DeviceKey::derived(&mut any_d(which)).map_err(of_key);
        assert_eq!(d, [0; 32], "wiped, whatever comes");
        if taken.is_err() {
            assert_eq!(self.key.content(), [0; 12], "not set up, whatever it was");
        }
        self.ends(status, taken.as_ref().map(|_| ORP_OK).map_err(|error| *error), None);
        self.taken = taken.ok();
    }

    pub(super) fn key_wipe(&mut self, how: How) {
        let args = [self.key.arg()];
        let Some(status) = self.make(how, args, None, |[k]| unsafe { keys::orp_key_wipe(k.cast()) }) else { return };
        self.taken = None;
        assert_eq!(self.key.content(), [0; 12], "wiped");
        self.ends(status, Ok(ORP_OK), None);
    }

    pub(super) fn mask(&mut self, how: How, address: &[u8], cap: u16) {
        let (cap, address) = (usize::from(cap) % 100, address.to_vec());
        let args = [input(&address), self.outputs.buffer(TEXT, cap), self.outputs.to(LEN)];
        let call = |[a, t, n]: [*mut u8; 3]| unsafe { challenge::orp_mask(a.cast(), address.len(), t.cast(), cap, n.cast()) };
        let Some(status) = self.make(how, args, None, call) else { return };
        let masked = std::str::from_utf8(&address).ok().and_then(|text| Address::new(text).ok()).map(|address| address.masked());
        let due = masked.ok_or(("address", None)).and_then(|masked| self.outputs.writes_text(TEXT, cap, masked.as_str().as_bytes(), true));
        self.ends(status, due, None);
    }

    pub(super) fn genesis(&mut self, how: How, which: u8, label: &[u8]) {
        let (d, label) = (any_d(which).to_vec(), label.to_vec());
        let args = [input(&d), input(&label), self.outputs.to(BYTES), self.outputs.to(CHECK)];
        let call = |[d, l, r, c]: [*mut u8; 4]| unsafe { factory::orp_genesis(d, l.cast(), label.len(), r, c) };
        let Some(status) = self.make(how, args, None, call) else { return };
        let due = DeviceKey::derived(&mut any_d(which)).map_err(of_key).and_then(|key| {
            let serial = serial(&label)?;
            serial.root_message().map_err(of_key)?;
            self.outputs.writes(BYTES, &from_factory(&key)[0]);
            self.outputs.writes(CHECK, &key.check_value(&serial));
            Ok(ORP_OK)
        });
        self.ends(status, due, None);
    }
}
