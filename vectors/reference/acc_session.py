"""Accumulated cases of sessions: random transcripts of 12 to 20 rounds."""
from acc_draw import DIGIT_CHARS
from codes import code_digits, damm, seed, write_code
from corrections import SERIAL_CHARS
from errors import OrpError
from ledger import Record, sealed
from play import Player, outcome_line
from session import Shown

DYNAMIC, SECURE = "dynamic-password", "secure-code"
CAPS = [259200, 259200, 3600, 600, 60]
LOCAL = [(DYNAMIC, SECURE), (DYNAMIC, SECURE), (DYNAMIC,), (SECURE,)]
NETWORK = [(SECURE,), (SECURE,), (DYNAMIC, SECURE), (DYNAMIC,)]
FAIL_LOCAL = [0, 0, 0, 3, 4, 5, 9, 50, 254, 255]
FAIL_NETWORK = [0, 0, 0, 4, 5, 9, 98, 99, 100, 255]
SEQS = [1, 2, 1000, 2**32 - 3, 2**32 - 2]
STEPS = [0, 0, 1, 5, 9, 10, 11, 30, 60, 119, 600, 3600]
ORIGIN = ["local", "network"]


def sessions(s):
    return Round(s).play()


class Round:
    def __init__(self, s):
        self.s = s
        self.K = s.bytes(32)
        n = 1 + s.below(20)
        serial = s.chars(n, SERIAL_CHARS)
        epoch = s.below(8)
        cap = s.pick(CAPS)
        local = s.pick(LOCAL)
        network = s.pick(NETWORK)
        slots = [bytes(32), bytes(32)]
        if not s.chance(8):
            at = s.below(2)
            seq = s.pick(SEQS)
            fail_local = s.pick(FAIL_LOCAL)
            boots = s.below(4)
            resets = s.below(4)
            record = Record(seq, boots, resets, (fail_local, s.pick(FAIL_NETWORK)))
            slots[at] = sealed(self.K, record)
        self.first = slots
        self.player = Player(self.K, serial, epoch, cap, (local, network), slots)
        self.now = s.below(1000)
        self.shown = [None, None]
        self.out = []

    def play(self):
        self.do(op="load", now=self.now)
        for _ in range(12 + self.s.below(9)):
            self.round()
        return "; ".join(self.out)

    def do(self, **step):
        outcome = self.player.do(step)
        if isinstance(outcome, Shown):
            self.shown[outcome.hdr >> 7 & 1] = outcome
        elif isinstance(outcome, OrpError) and outcome.name == "no-challenge":
            self.shown[ORIGIN.index(step["origin"])] = None
        L = self.player.device.L
        self.out.append(f"{outcome_line(outcome)} {L.seq} {L.boots} {L.resets} {L.fail[0]} {L.fail[1]} {L.slot} {int(L.poisoned)}")

    def round(self):
        s = self.s
        self.now += s.pick(STEPS)
        leap = s.below(32)
        if leap == 0:
            self.now = max(0, self.now - s.below(100))
        elif leap == 1:
            self.now += 86400
        if self.player.device.L.pending:
            a = s.below(16)
            if a < 10:
                return self.do(op="confirm", fault="none")
            if a == 10:
                return self.do(op="finish")
            if a == 11:
                return self.do(op="give-up")
            if a == 12:
                return self.do(op="confirm", fault=self.fault())
            if a in (13, 14):
                self.do(op="cut", fault=self.fault() if a == 13 else "none")
                self.now = s.below(1000)
                return self.do(op="load", now=self.now)
        elif self.player.device.L.poisoned and s.chance(2):
            return self.do(op="load", now=self.now)
        op = s.below(16)
        if op < 5:
            self.open()
        elif op < 10:
            self.submit(True)
        elif op < 12:
            self.submit(False)
        elif op == 12:
            self.do(op=s.pick(["admin-login", "allow-again"]), now=self.now)
        elif op == 13:
            a = s.below(3)
            if a == 2:
                self.do(op="withdraw")
            else:
                self.do(op="close", keep=a == 1)
        elif op == 14:
            self.flash()
        elif self.player.grant:
            self.do(op="consume-grant", now=self.now)
        else:
            self.open()

    def fault(self):
        s = self.s
        kind = s.below(4)
        if kind == 0:
            return "lost"
        if kind == 1:
            return "erased"
        if kind == 2:
            return f"torn:{s.below(33)}"
        return f"flip:{s.below(256)}"

    def open(self):
        s = self.s
        origin = s.pick(ORIGIN)
        purpose = s.pick([0, 0, 0, 1, 2])
        mail = s.chance(4)
        self.do(op="open", origin=origin, purpose=purpose, mail=mail, entropy=s.bytes(32), now=self.now)

    def submit(self, right):
        s = self.s
        o = s.below(2)
        k = 1 + s.below(9) if o == 0 or s.chance(4) else 6 + s.below(4)
        shown = self.shown[o]
        if shown is None:
            if s.chance(8):
                return self.do(op="submit", origin=ORIGIN[o], session=len(self.out), text="1234-5678-9012", now=self.now)
            return self.open()
        d = code_digits(self.K, k, shown.hdr, shown.nonce).all
        text = write_code(d)
        if not right:
            kind = s.below(4)
            if kind == 0:
                i = 1 + s.below(10)
                d[i] = (d[i] + 1 + s.below(9)) % 10
                d[11] = damm(seed(shown.nonce), d[:11])
                text = write_code(d)
            elif kind == 1:
                i = s.below(12)
                d[i] = (d[i] + 1 + s.below(9)) % 10
                text = write_code(d)
            elif kind == 2:
                text = s.chars(12, DIGIT_CHARS)
            else:
                i = s.below(15)
                text = text[:i] + s.pick("?OA9") + text[i:]
        self.do(op="submit", origin=ORIGIN[o], session=len(self.out), text=text, now=self.now)

    def flash(self):
        s = self.s
        a = s.below(4)
        if a == 0:
            self.now = s.below(1000)
            return self.do(op="load", now=self.now)
        slot = s.below(2)
        if a == 1:
            data = s.pick([bytes(32), b"\xff" * 32])
        elif a == 2:
            data = self.first[slot]
        else:
            L = self.player.device.L
            data = sealed(self.K, Record(min(L.seq + s.below(3), 2**32 - 1), L.boots, L.resets, tuple(s.bytes(2))))
        self.do(op="flash", slot=slot, bytes=data)
