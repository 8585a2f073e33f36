//! Random transcripts over a device with its flash (vectors/README.md, 'sessions').

use offline_reset::*;
use std::time::Duration;

use std::fmt::Write;

use crate::stream::{C, Stream};

#[path = "../vectors/device.rs"]
#[allow(dead_code, reason = "shared with the other test, which uses all of it")]
mod device;
#[path = "../vectors/file.rs"]
#[allow(dead_code, reason = "shared with the other test, which uses all of it")]
mod file;

use device::{Fault, OpenInput, Outcome, Runner, method_name};
use file::Named;

struct Play<'s> {
    s: &'s mut Stream,
    runner: Runner,
    first: Slots,
    now: u64,
    /// What was shown last at each origin.
    shown: [Option<Challenge>; 2],
    line: String,
}

const ORIGINS: [Origin; 2] = [Origin::Local, Origin::Network];

pub fn sessions(s: &mut Stream) -> String {
    let key = DeviceKey::derived(&mut s.bytes(32)).unwrap();
    let n = 1 + s.index(20);
    let serial = Serial::new(&s.chars(n, C.as_bytes())).unwrap();
    let epoch = Epoch::new(s.below(8) as u8).unwrap();
    let cap = s.pick(&[259_200, 259_200, 3600, 600, 60]);
    let local = s.pick(&[Methods::Both, Methods::Both, Methods::DynamicPassword, Methods::SecureCode]);
    let network = s.pick(&[Methods::SecureCode, Methods::SecureCode, Methods::Both, Methods::DynamicPassword]);
    let policy = Policy::default().with_cap(Duration::from_secs(cap)).unwrap();
    let policy = policy.with_methods(Origin::Local, local).with_methods(Origin::Network, network);
    let mut flash = [[0; 32]; 2];
    if !s.chance(8) {
        let at = s.index(2);
        let seq = s.pick(&[1, 2, 1000, u32::MAX - 2, u32::MAX - 1]);
        let local = s.pick(&[0, 0, 0, 3, 4, 5, 9, 50, 254, 255]);
        let (boots, resets) = (s.below(4), s.below(4));
        let network = s.pick(&[0, 0, 0, 4, 5, 9, 98, 99, 100, 255]);
        flash[at] = hazmat::seal(&key, hazmat::Fields { seq, boots, resets, local, network });
    }
    let now = s.below(1000).into();
    let runner = Runner { key, device: Device { serial, epoch, policy }, flash, ledger: None, grant: None };
    let mut play = Play { s, runner, first: flash, now, shown: [None, None], line: String::new() };
    play.load();
    for _ in 0..12 + play.s.below(9) {
        play.round();
    }
    play.line
}

impl Play<'_> {
    fn note(&mut self, outcome: &Result<Outcome, Named>) {
        if !self.line.is_empty() {
            self.line.push_str("; ");
        }
        let outcome_text = match outcome {
            Ok(Outcome::Done) => "done".into(),
            Ok(Outcome::Stores(slot, record)) => format!("stores {} {}", slot.index(), crate::stream::hex(record)),
            Ok(Outcome::Shown { text, hdr, nonce, wait, stopped, .. }) => {
                let text = text.as_deref().unwrap_or("-");
                format!("shown {text} {hdr:04x} {} {wait} {}", crate::stream::hex(nonce), u8::from(*stopped))
            }
            Ok(Outcome::Grant { origin, purpose, method, resets, session, handle }) => {
                let origin = if *origin == Origin::Local { "local" } else { "network" };
                format!("grant {origin} {purpose} {} {resets} {session} {}", method_name(*method), crate::stream::hex(handle))
            }
            Err((name, argument)) => crate::families::named(name, *argument),
        };
        self.line.push_str(&outcome_text);
        let ledger = self.runner.ledger.as_ref().unwrap();
        let (hazmat::Fields { seq, boots, resets, local, network }, slot) = hazmat::state(ledger);
        let poisoned = u8::from(ledger.is_poisoned());
        write!(self.line, " {seq} {boots} {resets} {local} {network} {slot} {poisoned}").unwrap();
        if let Ok(Outcome::Shown { hdr, nonce, .. }) = outcome {
            let header = hazmat::read_header(*hdr).unwrap();
            self.shown[header.origin() as usize] = Some(hazmat::challenge(self.runner.device.serial, header, *nonce));
        }
    }

    fn load(&mut self) {
        let outcome = Ok(self.runner.load(self.now));
        self.note(&outcome);
    }

    fn reboot(&mut self) {
        self.now = self.s.below(1000).into();
        self.load();
    }

    fn fault(&mut self) -> Fault {
        match self.s.below(4) {
            0 => Fault::Lost,
            1 => Fault::Erased,
            2 => Fault::Torn(self.s.index(33)),
            _ => Fault::Flip(self.s.index(256)),
        }
    }

    fn cut(&mut self, fault: Fault) {
        self.runner.write(fault);
        self.note(&Ok(Outcome::Done));
        self.reboot();
    }

    fn round(&mut self) {
        self.now += self.s.pick(&[0, 0, 1, 5, 9, 10, 11, 30, 60, 119, 600, 3600]);
        match self.s.below(32) {
            0 => self.now = self.now.saturating_sub(self.s.below(100).into()),
            1 => self.now += 86400,
            _ => {}
        }
        if self.runner.ledger.as_mut().unwrap().resume().is_ok() {
            let a = self.s.below(16);
            if a < 15 {
                if a == 10 || a == 11 {
                    match a {
                        10 => drop(self.runner.finish()),
                        _ => self.runner.give_up(),
                    }
                    self.note(&Ok(Outcome::Done));
                    return;
                }
                let fault = if a == 12 || a == 13 { self.fault() } else { Fault::None };
                if a < 13 {
                    let outcome = self.runner.confirm(fault);
                    self.note(&outcome);
                } else {
                    self.cut(fault);
                }
                return;
            }
        } else if self.runner.ledger.as_ref().unwrap().is_poisoned() && self.s.chance(2) {
            self.load();
            return;
        }
        let op = self.s.below(16);
        match op {
            0..=4 => self.open(),
            5..=11 => self.submit(op >= 10),
            12 => {
                let allow = self.s.pick(&[false, true]);
                let outcome = if allow { self.runner.allow_again(self.now) } else { self.runner.admin_login(self.now) };
                self.note(&outcome);
            }
            13 => {
                let outcome = match self.s.below(3) {
                    0 => self.runner.close(false),
                    1 => self.runner.close(true),
                    _ => self.runner.withdraw(),
                };
                self.note(&outcome);
            }
            14 => self.somebody_else(),
            _ if self.runner.grant.is_some() => {
                let outcome = self.runner.consume_grant(self.now);
                self.note(&outcome);
            }
            _ => self.open(),
        }
    }

    fn somebody_else(&mut self) {
        let a = self.s.below(4);
        if a == 0 {
            self.reboot();
            return;
        }
        let slot = self.s.index(2);
        self.runner.flash[slot] = match a {
            1 => self.s.pick(&[[0; 32], [0xff; 32]]),
            2 => self.first[slot],
            _ => {
                let (hazmat::Fields { seq, boots, resets, .. }, _) = hazmat::state(self.runner.ledger.as_ref().unwrap());
                let seq = seq.saturating_add(self.s.below(3));
                let [local, network] = self.s.array();
                hazmat::seal(&self.runner.key, hazmat::Fields { seq, boots, resets, local, network })
            }
        };
        self.note(&Ok(Outcome::Done));
    }

    fn open(&mut self) {
        let origin = self.s.pick(&ORIGINS);
        let purpose = Purpose::ALL[self.s.pick(&[0, 0, 0, 1, 2])];
        let address_on_file = self.s.chance(4);
        let request = Request { purpose, address_on_file };
        let input = OpenInput { origin, request, entropy: self.s.array(), now: self.now };
        let outcome = self.runner.open(&input);
        self.note(&outcome);
    }

    /// The outcomes so far.
    fn session(&self) -> u32 {
        self.line.matches("; ").count() as u32 + 1
    }

    fn submit(&mut self, spoilt: bool) {
        let o = self.s.index(2);
        let k = if o == 0 || self.s.chance(4) { 1 + self.s.below(9) } else { 6 + self.s.below(4) };
        let Some(challenge) = self.shown[o] else {
            if self.s.chance(8) {
                let outcome = self.runner.submit(ORIGINS[o], self.session(), "1234-5678-9012", self.now);
                self.note(&outcome);
            } else {
                self.open();
            }
            return;
        };
        let code = hazmat::answer(&self.runner.key, &challenge, Term::from_k(k as u8).unwrap());
        let mut text = code.reveal().to_string();
        if spoilt {
            let mut digits = hazmat::read_code(&text).unwrap();
            let write = |digits: &[u8; 12]| -> String {
                let plain: String = digits.iter().map(|d| char::from(b'0' + d)).collect();
                format!("{}-{}-{}", &plain[..4], &plain[4..8], &plain[8..])
            };
            match self.s.below(4) {
                0 => {
                    let i = 1 + self.s.index(10);
                    digits[i] = (digits[i] + 1 + self.s.below(9) as u8) % 10;
                    digits[11] = hazmat::damm(hazmat::seed(*challenge.nonce().bytes()), &digits[..11]);
                    text = write(&digits);
                }
                1 => {
                    let i = self.s.index(12);
                    digits[i] = (digits[i] + 1 + self.s.below(9) as u8) % 10;
                    text = write(&digits);
                }
                2 => text = self.s.chars(12, b"0123456789"),
                _ => {
                    let i = self.s.index(15);
                    text.insert(i, char::from(self.s.pick(b"?OA9")));
                }
            }
        }
        let outcome = self.runner.submit(ORIGINS[o], self.session(), &text, self.now);
        self.note(&outcome);
        if outcome.as_ref().is_err_and(|(name, _)| name == "no-challenge") {
            self.shown[o] = None;
        }
    }
}
