//! §10

use crate::challenge::challenge_of;
use crate::code::{code_digits, damm, limit, method, read_code, seed};
use crate::error::{Error, error, error_of};
use crate::header::{Header, header, read_header};
use crate::keys::{f, hdr_nonce, valid_serial};
use crate::ledger::{Ledger, Live, Slots, Then, load};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    pub cap: u64,
    /// `allowed[o][method]`, methods as in [`method`]
    pub allowed: [[bool; 2]; 2],
}

impl Default for Policy {
    fn default() -> Self {
        Policy { cap: 259_200, allowed: [[true, true], [false, true]] }
    }
}

/// Neither `Clone` nor `Copy` (SES-14).
#[derive(Debug, PartialEq, Eq)]
pub struct Grant {
    pub origin: u8,
    pub purpose: u8,
    pub method: u8,
    pub resets: u32,
    pub at: u64,
    pub session: u32,
    pub handle: [u8; 16],
}

#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    Stores { slot: usize, bytes: [u8; 32] },
    Shown { hdr: u16, nonce: [u8; 5], shown: u64, wait: u64, stopped: bool, text: Option<String> },
    Grant(Grant),
    Done,
}

#[derive(Clone)]
pub struct Device {
    pub key: [u8; 32],
    pub serial: String,
    pub epoch: u8,
    pub policy: Policy,
    pub ledger: Ledger,
}

fn stores((slot, bytes): (usize, [u8; 32])) -> Outcome {
    Outcome::Stores { slot, bytes }
}

impl Device {
    pub fn load(key: [u8; 32], serial: &str, epoch: u8, policy: Policy, slots: &Slots, now: u64) -> Result<Device, Error> {
        if !valid_serial(serial) {
            return Err(error("serial"));
        }
        if epoch > 7 {
            return Err(error("epoch"));
        }
        check_cap(policy.cap)?;
        Ok(Device { key, serial: serial.to_string(), epoch, policy, ledger: load(&key, slots, now) })
    }

    /// Returns `now`.
    pub fn begin(&mut self, mut now: u64) -> Result<u64, Error> {
        let life = [self.life(0), self.life(1)];
        let l = &mut self.ledger;
        l.usable()?;
        if now < l.seen && l.seen - now <= 10 {
            now = l.seen;
        }
        if now < l.seen {
            l.live = [None, None];
            l.since = [now, now];
            l.minted = l.minted.map(|m| m.map(|_| now));
        }
        l.seen = now;
        for (live, life) in l.live.iter_mut().zip(life) {
            if live.is_some_and(|v| now - v.shown >= life) {
                *live = None;
            }
        }
        Ok(now)
    }

    pub fn life(&self, o: usize) -> u64 {
        let limits = (1..=9).filter(|&k| method(k).is_some_and(|m| self.policy.allowed[o][usize::from(m)])).filter_map(limit);
        self.policy.cap.min(limits.max().unwrap_or(0))
    }

    /// After `begin`.
    pub fn wait(&self, o: usize, now: u64) -> u64 {
        if self.ledger.waived[o] {
            return 0;
        }
        let f = self.ledger.record.fail[o];
        if f == 0 || !f.is_multiple_of(5) {
            return 0;
        }
        let total = 60u64 << ((f / 5).min(9) - 1);
        total.saturating_sub(now - self.ledger.since[o])
    }

    pub fn stopped(&self, o: usize) -> bool {
        o == 1 && self.ledger.record.fail[1] >= 100
    }

    fn shown(&self, o: usize, v: Live) -> Outcome {
        let text = self.policy.allowed[o][0].then(|| challenge_of(&self.key, &self.serial, v.hdr, v.nonce).expect("its own serial"));
        Outcome::Shown {
            hdr: v.hdr,
            nonce: v.nonce,
            shown: v.shown,
            wait: if self.stopped(o) { 0 } else { self.wait(o, self.ledger.seen) },
            stopped: self.stopped(o),
            text,
        }
    }

    fn show(&mut self, o: usize, hdr: u16, nonce: [u8; 5], now: u64) -> Outcome {
        self.ledger.opens = self.ledger.opens.saturating_add(1);
        let v = Live { hdr, nonce, shown: now };
        self.ledger.live[o] = Some(v);
        self.ledger.minted[o] = Some(now);
        self.shown(o, v)
    }

    pub fn open(&mut self, o: usize, purpose: u8, mail: bool, entropy: &[u8; 32], now: u64, slots: &Slots) -> Result<Outcome, Error> {
        let now = self.begin(now)?;
        if self.policy.allowed[o] == [false, false] {
            return Err(error("method"));
        }
        let hdr = header(Header { purpose, epoch: self.epoch, origin: o as u8, mail });
        read_header(hdr)?; // a purpose that is not in the registry
        if let Some(v) = self.ledger.live[o] {
            if v.hdr == hdr {
                return Ok(self.shown(o, v));
            }
            if o == 1 {
                return Err(error("busy"));
            }
        }
        if let Some(m) = self.ledger.minted[o]
            && now - m < 10
        {
            return Err(error_of("too-soon", 10 - (now - m)));
        }
        let mut m = self.ledger.boots().to_be_bytes().to_vec();
        m.extend(self.ledger.opens.to_be_bytes());
        m.extend(now.to_be_bytes());
        m.extend(entropy);
        let x = f(&self.key, 0x01, &m);
        let nonce = [x[0], x[1], x[2], x[3], x[4]];
        if !self.ledger.fresh {
            return Ok(self.show(o, hdr, nonce, now));
        }
        self.ledger.yield_record(&self.key, slots, |_| (), Then::Show { o, hdr, nonce, now }).map(stores)
    }

    pub fn submit(&mut self, o: usize, session: u32, text: &str, now: u64, slots: &Slots) -> Result<Outcome, Error> {
        let now = self.begin(now)?;
        let code = read_code(text)?;
        let live = self.ledger.live[o].ok_or(error("no-challenge"))?;
        if damm(seed(live.nonce), &code) != 0 {
            return Err(error("check"));
        }
        let k = code[0];
        let (Some(method), Some(limit)) = (method(k), limit(k)) else {
            return Err(error("reserved-k"));
        };
        if !self.policy.allowed[o][usize::from(method)] {
            return Err(error("method"));
        }
        if now - live.shown >= limit.min(self.policy.cap) {
            return Err(error("expired"));
        }
        if self.stopped(o) {
            return Err(error("stopped"));
        }
        let wait = self.wait(o, now);
        if wait > 0 {
            return Err(error_of("waiting", wait));
        }
        let change = |r: &mut crate::ledger::Record| r.fail[o] = r.fail[o].saturating_add(1);
        self.ledger.yield_record(&self.key, slots, change, Then::Compare { o, session, code }).map(stores)
    }

    fn compare(&mut self, o: usize, session: u32, code: [u8; 12], slots: &Slots) -> Result<Outcome, Error> {
        self.ledger.since[o] = self.ledger.seen;
        self.ledger.waived[o] = false;
        let live = self.ledger.live[o].expect("submit found one, and nothing came between");
        if code[1..11] != code_digits(&self.key, code[0], live.hdr, live.nonce)[1..11] {
            return Err(error("rejected"));
        }
        self.ledger.live[o] = None;
        let method = method(code[0]).expect("submit found one");
        let change = |r: &mut crate::ledger::Record| {
            r.resets = r.resets.saturating_add(1);
            r.fail = if o == 0 { [0, 0] } else { [r.fail[0], 0] };
        };
        self.ledger.yield_record(&self.key, slots, change, Then::Grant { o, session, method, live }).map(stores)
    }

    fn grant(&self, o: usize, session: u32, method: u8, live: Live) -> Result<Outcome, Error> {
        let (resets, at) = (self.ledger.record.resets, self.ledger.seen);
        let m = [&resets.to_be_bytes()[..], &at.to_be_bytes(), &hdr_nonce(live.hdr, live.nonce)].concat();
        let handle = f(&self.key, 0x07, &m)[0..16].try_into().expect("16 bytes");
        let purpose = read_header(live.hdr)?.purpose;
        Ok(Outcome::Grant(Grant { origin: o as u8, purpose, method, resets, at, session, handle }))
    }

    pub fn confirm(&mut self, slots: &Slots) -> Result<Outcome, Error> {
        match self.ledger.confirm(slots)? {
            Then::Show { o, hdr, nonce, now } => Ok(self.show(o, hdr, nonce, now)),
            Then::Compare { o, session, code } => self.compare(o, session, code, slots),
            Then::Grant { o, session, method, live } => self.grant(o, session, method, live),
            Then::Done => Ok(Outcome::Done),
        }
    }

    /// `store` writes a slot, and reads both back; None when that failed.
    pub fn finish(&mut self, mut store: impl FnMut(usize, &[u8; 32]) -> Option<Slots>) {
        while let Some(p) = &self.ledger.pending {
            let Some(slots) = store(p.target, &p.bytes) else { return self.ledger.give_up() };
            drop(self.confirm(&slots));
        }
    }

    pub fn admin_login(&mut self, now: u64, slots: &Slots) -> Result<Outcome, Error> {
        let now = self.begin(now)?;
        self.ledger.waived[0] = true;
        if self.ledger.record.fail[0] == 0 || now - self.ledger.since[0] < 86_400 {
            return Ok(Outcome::Done);
        }
        self.ledger.yield_record(&self.key, slots, |r| r.fail[0] = 0, Then::Done).map(stores)
    }

    pub fn allow_again(&mut self, now: u64, slots: &Slots) -> Result<Outcome, Error> {
        self.begin(now)?;
        self.ledger.waived[1] = true;
        if self.ledger.record.fail[1] <= 80 {
            return Ok(Outcome::Done);
        }
        self.ledger.yield_record(&self.key, slots, |r| r.fail[1] = 80, Then::Done).map(stores)
    }

    pub fn close(&mut self, keep: bool) -> Result<Outcome, Error> {
        self.ledger.usable()?;
        if !keep {
            self.ledger.live[0] = None;
        }
        Ok(Outcome::Done)
    }

    pub fn withdraw(&mut self) -> Result<Outcome, Error> {
        self.ledger.usable()?;
        self.ledger.live = [None, None];
        Ok(Outcome::Done)
    }
}

/// §10
pub fn check_cap(cap: u64) -> Result<(), Error> {
    if (1..=259_200).contains(&cap) { Ok(()) } else { Err(error("cap")) }
}

/// The one with this handle, which is no longer among them.
pub fn by_handle(grants: &mut Vec<Grant>, handle: &[u8; 16]) -> Result<Grant, Error> {
    grants.iter().position(|g| g.handle == *handle).map(|i| grants.remove(i)).ok_or(error("no-grant"))
}

/// SES-14: what sets the password calls it first.
pub fn consume_grant(grant: Grant, now: u64) -> Result<(), Error> {
    if now < grant.at || now - grant.at >= 600 { Err(error("grant-expired")) } else { Ok(()) }
}
