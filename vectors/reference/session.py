"""SPEC 10: opening, submitting, the Grant, and the rest of the device's operations."""
from dataclasses import dataclass

import prf
from challenge import first20, tag_mac, write_challenge
from codes import code_digits, damm, read_code, seed
from errors import OrpError
from header import LIMIT, header, method, read_header
from ledger import MAX32, Ledger


@dataclass(frozen=True)
class Live:
    hdr: int
    nonce: bytes
    shown: int


@dataclass(frozen=True)
class Shown:
    """What the device shows: text is none where SES-18 allows the QR alone."""
    text: str
    hdr: int
    nonce: bytes
    shown: int
    wait: int
    stopped: bool


def grant_mac(K, resets, at, hdr, nonce):
    """The handle of a Grant is its first 16 bytes."""
    return prf.F(K, prf.HANDLE, prf.u32(resets) + prf.u64(at) + prf.u16(hdr) + nonce)


def by_handle(grants, handle):
    """SES-22."""
    for grant in grants:
        if grant.handle == handle:
            return grant
    raise OrpError("no-grant")


@dataclass(frozen=True)
class Grant:
    origin: int
    purpose: int
    method: str
    resets: int
    at: int
    session: int
    handle: bytes

    def consume(self, now):
        if now < self.at or now - self.at >= 600:
            raise OrpError("grant-expired")


DONE = "done"


def check_cap(cap):
    if not 1 <= cap <= 259200:
        raise OrpError("cap")


class Device:
    """One device: its constants, its policy, and the ledger as loaded."""

    def __init__(self, K, serial, epoch, cap, allowed, slots, now):
        self.K, self.serial, self.epoch, self.cap, self.allowed = K, serial, epoch, cap, allowed
        self.L = Ledger(K, slots, now)

    def begin(self, now):
        L = self.L
        self.refuse()
        if now < L.seen <= now + 10:                       # two readings of the clock in the wrong order
            now = L.seen
        if now < L.seen:
            L.live = [None, None]
            L.since = [now, now]
            L.minted = [None if m is None else now for m in L.minted]
        L.seen = now
        for o in 0, 1:
            if L.live[o] and now - L.live[o].shown >= self.life(o):
                L.live[o] = None
        return now

    def refuse(self):
        if self.L.pending:
            raise OrpError("pending")
        if self.L.poisoned:
            raise OrpError("poisoned")

    def life(self, o):
        return min(self.cap, max(LIMIT[k] for k in LIMIT if method(k) in self.allowed[o]))

    def wait(self, o, now):
        f = self.L.fail[o]
        if f == 0 or f % 5 != 0 or self.L.waived[o]:
            return 0
        total = 60 << (min(f // 5, 9) - 1)
        return max(0, total - (now - self.L.since[o]))

    def stopped(self, o):
        return o == 1 and self.L.fail[1] >= 100

    def open(self, o, purpose, mail, entropy, now, slots):
        now = self.begin(now)
        if not self.allowed[o]:
            raise OrpError("method")
        L = self.L
        hdr = header(purpose, self.epoch, o, mail)
        if L.live[o]:
            if L.live[o].hdr == hdr:
                return self.shown(o, now)
            if o == 1:
                raise OrpError("busy")
        if L.minted[o] is not None and now - L.minted[o] < 10:
            raise OrpError("too-soon", 10 - (now - L.minted[o]))
        self.nonce_input = prf.u32(L.boots_to_store()) + prf.u32(L.opens) + prf.u64(now) + entropy
        nonce = prf.F(self.K, prf.NONCE, self.nonce_input)[:5]

        def show(slots=None):
            L.opens = min(L.opens + 1, MAX32)
            L.live[o] = Live(hdr, nonce, now)
            L.minted[o] = now
            return self.shown(o, now)

        if not L.fresh:
            return show()
        return L.yield_record(slots, show)

    def shown(self, o, now):
        live = self.L.live[o]
        text = None
        if "dynamic-password" in self.allowed[o]:
            text = write_challenge(self.serial, live.hdr, live.nonce, first20(tag_mac(self.K, live.hdr, live.nonce)))
        return Shown(text, live.hdr, live.nonce, live.shown, 0 if self.stopped(o) else self.wait(o, now), self.stopped(o))

    def submit(self, o, session, text, now, slots):
        now = self.begin(now)
        L = self.L
        digits = read_code(text)
        k = digits[0]
        live = L.live[o]
        if not live:
            raise OrpError("no-challenge")
        if damm(seed(live.nonce), digits) != 0:
            raise OrpError("check")
        if k == 0:
            raise OrpError("reserved-k")
        if method(k) not in self.allowed[o]:
            raise OrpError("method")
        if now - live.shown >= min(LIMIT[k], self.cap):
            raise OrpError("expired")
        if self.stopped(o):
            raise OrpError("stopped")
        if self.wait(o, now) > 0:
            raise OrpError("waiting", self.wait(o, now))
        fail = list(L.fail)
        fail[o] += 1
        return L.yield_record(slots, lambda slots: self.compare(o, session, live, digits, slots), fail=fail, session=session)

    def compare(self, o, session, live, digits, slots):
        L = self.L
        L.since[o] = L.seen
        L.waived[o] = False
        k = digits[0]
        if digits[1:11] != code_digits(self.K, k, live.hdr, live.nonce).all[1:11]:
            raise OrpError("rejected")
        L.live[o] = None
        purpose = read_header(live.hdr)[0]

        def grant(slots):
            return Grant(o, purpose, method(k), L.resets, L.seen, session, grant_mac(self.K, L.resets, L.seen, live.hdr, live.nonce)[:16])

        return L.yield_record(slots, grant, resets=L.resets + 1, fail=(0, 0) if o == 0 else (L.fail[0], 0), session=session)

    def confirm(self, slots):
        return self.L.confirm(slots)

    def finish(self, store):
        """SES-21. `store` writes a record and returns both slots as they read then, or none when the driver failed."""
        while self.L.pending:
            slots = store(*self.L.pending[:2])
            if slots is None:
                return self.L.give_up()
            try:
                self.confirm(slots)
            except OrpError:
                pass                                       # to nobody

    def admin_login(self, now, slots):
        now = self.begin(now)
        L = self.L
        L.waived[0] = True
        if L.fail[0] == 0 or now - L.since[0] < 86400:
            return DONE
        return L.yield_record(slots, lambda slots: DONE, fail=(0, L.fail[1]))

    def allow_again(self, now, slots):
        now = self.begin(now)
        L = self.L
        L.waived[1] = True
        if L.fail[1] <= 80:
            return DONE
        return L.yield_record(slots, lambda slots: DONE, fail=(L.fail[0], 80))

    def close(self, keep):
        self.refuse()
        if not keep:
            self.L.live[0] = None

    def withdraw(self):
        self.refuse()
        self.L.live = [None, None]
