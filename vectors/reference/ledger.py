"""SPEC 9: records, slots, loading, yielding and confirming."""
from dataclasses import dataclass

import prf
from errors import OrpError

MAX8, MAX32 = 2**8 - 1, 2**32 - 1
BLANK = bytes(32)


@dataclass(frozen=True)
class Record:
    seq: int
    boots: int
    resets: int
    fail: tuple

    def bytes(self):
        return (bytes([1, 0]) + prf.u32(self.seq) + prf.u32(self.boots) + prf.u32(self.resets)
                + prf.byte(self.fail[0]) + prf.byte(self.fail[1]))


GENESIS = Record(1, 0, 0, (0, 0))


def seal(K, record16):
    return record16 + prf.F(K, prf.SEAL, record16)[:16]


def sealed(K, record):
    return seal(K, record.bytes())


def unseal(K, slot):
    if slot[16:32] != prf.F(K, prf.SEAL, slot[0:16])[:16]:
        return None
    if slot[0] != 1 or slot[1] != 0:
        return None
    u = lambda i: int.from_bytes(slot[i:i + 4], "big")
    return Record(u(2), u(6), u(10), (slot[14], slot[15]))


def slot_state(K, slot):
    """For the vectors: why a slot is not valid. Nothing in SPEC 9 depends on the difference."""
    if unseal(K, slot):
        return "valid"
    return "blank" if slot in (bytes(32), b"\xff" * 32) else "damaged"


class Ledger:
    def __init__(self, K, slots, now):
        a, b = unseal(K, slots[0]), unseal(K, slots[1])
        if a and b and a.seq == b.seq and a != b:
            r, slot = Record(a.seq, max(a.boots, b.boots), max(a.resets, b.resets), (255, 255)), 0      # conflict
        elif a and (not b or a.seq >= b.seq):
            r, slot = a, 0
        elif b:
            r, slot = b, 1
        else:
            r, slot = Record(0, 0, 0, (255, 255)), 1                                                    # lost
        self.adopt(r, slot)
        self.K = K
        self.fresh = True
        self.opens = 0
        self.seen = now
        self.since = [now, now]
        self.live = [None, None]
        self.waived = [False, False]
        self.minted = [None, None]
        self.pending = None
        self.poisoned = False

    def adopt(self, r, slot):
        self.seq, self.boots, self.resets, self.fail, self.slot = r.seq, r.boots, r.resets, r.fail, slot

    def boots_to_store(self):
        return min(self.boots + (1 if self.fresh else 0), MAX32)

    def yield_record(self, slots, then, fail=None, resets=None, session=None):
        target = 1 - self.slot
        for slot in slots:
            if int.from_bytes(slot[2:6], "big") > self.seq and unseal(self.K, slot):
                self.poisoned = True
                raise OrpError("stale")
        new = Record(min(self.seq + 1, MAX32), self.boots_to_store(),
                     self.resets if resets is None else min(resets, MAX32),
                     self.fail if fail is None else tuple(min(f, MAX8) for f in fail))
        data = sealed(self.K, new)
        self.pending = (target, data, new, then, session)
        return Stores(target, data)

    def confirm(self, slots):
        if self.poisoned:
            raise OrpError("poisoned")
        if self.pending is None:
            raise OrpError("not-pending")
        target, data, new, then, _ = self.pending
        self.pending = None
        if slots[target] != data:
            self.poisoned = True
            raise OrpError("store-failed")
        self.adopt(new, target)
        self.fresh = False
        return then(slots)

    def give_up(self):
        if self.pending:
            self.pending = None
            self.poisoned = True


@dataclass(frozen=True)
class Stores:
    """A record to be written to a slot, then read back."""
    slot: int
    bytes: bytes
