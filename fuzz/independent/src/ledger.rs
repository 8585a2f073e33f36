//! §9

use crate::error::{Error, error};
use crate::keys::f;

pub type Slots = [[u8; 32]; 2];

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    pub seq: u32,
    pub boots: u32,
    pub resets: u32,
    pub fail: [u8; 2],
}

pub const GENESIS: Record = Record { seq: 1, boots: 0, resets: 0, fail: [0, 0] };

pub fn seal(k: &[u8; 32], r: &Record) -> [u8; 32] {
    let mut b = vec![1, 0];
    b.extend(r.seq.to_be_bytes());
    b.extend(r.boots.to_be_bytes());
    b.extend(r.resets.to_be_bytes());
    b.extend(r.fail);
    let s = f(k, 0x06, &b);
    b.extend_from_slice(&s[0..16]);
    b.try_into().expect("32 bytes")
}

pub fn unseal(k: &[u8; 32], slot: &[u8; 32]) -> Option<Record> {
    if slot[16..32] != f(k, 0x06, &slot[0..16])[0..16] {
        return None;
    }
    if slot[0] != 1 || slot[1] != 0 {
        return None;
    }
    let u32_at = |i: usize| u32::from_be_bytes([slot[i], slot[i + 1], slot[i + 2], slot[i + 3]]);
    Some(Record { seq: u32_at(2), boots: u32_at(6), resets: u32_at(10), fail: [slot[14], slot[15]] })
}

/// A live challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Live {
    pub hdr: u16,
    pub nonce: [u8; 5],
    pub shown: u64,
}

/// What stands behind a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Then {
    Show { o: usize, hdr: u16, nonce: [u8; 5], now: u64 },
    Compare { o: usize, session: u32, code: [u8; 12] },
    Grant { o: usize, session: u32, method: u8, live: Live },
    Done,
}

impl Then {
    /// SES-20
    pub fn session(&self) -> Option<u32> {
        match *self {
            Then::Compare { session, .. } | Then::Grant { session, .. } => Some(session),
            Then::Show { .. } | Then::Done => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pending {
    pub target: usize,
    pub bytes: [u8; 32],
    pub new: Record,
    pub then: Then,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ledger {
    pub record: Record,
    pub slot: usize,
    pub fresh: bool,
    pub opens: u32,
    pub seen: u64,
    pub since: [u64; 2],
    /// The next comparison does not wait.
    pub waived: [bool; 2],
    pub live: [Option<Live>; 2],
    pub minted: [Option<u64>; 2],
    pub pending: Option<Pending>,
    pub poisoned: bool,
    /// saturated at its load: no valid slot, or a conflict
    pub lost: bool,
}

pub fn load(k: &[u8; 32], slots: &Slots, now: u64) -> Ledger {
    let (record, slot, lost) = match (unseal(k, &slots[0]), unseal(k, &slots[1])) {
        (Some(a), Some(b)) if a.seq == b.seq && a != b => {
            (Record { seq: a.seq, boots: a.boots.max(b.boots), resets: a.resets.max(b.resets), fail: [255, 255] }, 0, true)
        }
        (Some(a), b) if b.is_none_or(|b| a.seq >= b.seq) => (a, 0, false),
        (_, Some(b)) => (b, 1, false),
        _ => (Record { seq: 0, boots: 0, resets: 0, fail: [255, 255] }, 1, true),
    };
    Ledger {
        record,
        slot,
        fresh: true,
        opens: 0,
        seen: now,
        since: [now, now],
        waived: [false, false],
        live: [None, None],
        minted: [None, None],
        pending: None,
        poisoned: false,
        lost,
    }
}

impl Ledger {
    /// The boots of the next record.
    pub fn boots(&self) -> u32 {
        self.record.boots.saturating_add(u32::from(self.fresh))
    }

    pub fn yield_record(
        &mut self,
        k: &[u8; 32],
        slots: &Slots,
        change: impl FnOnce(&mut Record),
        then: Then,
    ) -> Result<(usize, [u8; 32]), Error> {
        let target = 1 - self.slot;
        for slot in slots {
            if u32::from_be_bytes([slot[2], slot[3], slot[4], slot[5]]) > self.record.seq && unseal(k, slot).is_some() {
                self.poisoned = true;
                return Err(error("stale"));
            }
        }
        let mut new = Record { seq: self.record.seq.saturating_add(1), boots: self.boots(), ..self.record };
        change(&mut new);
        let bytes = seal(k, &new);
        self.pending = Some(Pending { target, bytes, new, then });
        Ok((target, bytes))
    }

    /// Returns what stands behind the record.
    pub fn confirm(&mut self, slots: &Slots) -> Result<Then, Error> {
        if self.poisoned {
            return Err(error("poisoned"));
        }
        let p = self.pending.take().ok_or(error("not-pending"))?;
        if slots[p.target] != p.bytes {
            self.poisoned = true;
            return Err(error("store-failed"));
        }
        self.record = p.new;
        self.slot = p.target;
        self.fresh = false;
        Ok(p.then)
    }

    /// What every operation but a confirmation begins with.
    pub fn usable(&self) -> Result<(), Error> {
        if self.pending.is_some() {
            return Err(error("pending"));
        }
        if self.poisoned { Err(error("poisoned")) } else { Ok(()) }
    }

    pub fn give_up(&mut self) {
        if self.pending.take().is_some() {
            self.poisoned = true;
        }
    }
}
