"""Builds the transcripts of sessions.json: every step is played, and must end as the scenario says."""
import prf
from codes import code_digits, damm, read_code, seed, write_code
from errors import OrpError
from gen_challenge import D, SERIAL
from ledger import BLANK, GENESIS, Stores, sealed
from play import Player, outcome_json
from session import Grant, Shown
from vectorfile import VectorFile, sample

BOTH = ("dynamic-password", "secure-code")
DYNAMIC = ("dynamic-password",)
SECURE = ("secure-code",)
CAP = 259200


def name_of(outcome):
    if isinstance(outcome, OrpError):
        return outcome.name
    for kind, name in ((Stores, "stores"), (Shown, "shown"), (Grant, "grant")):
        if isinstance(outcome, kind):
            return name
    return outcome


class Sessions(VectorFile):
    def transcript(self, comment, flags, rules, **options):
        return Transcript(self, comment, flags, rules, **options)


class Transcript:
    def __init__(self, file, comment, flags, rules, record=GENESIS, slots=None, cap=CAP, local=BOTH, network=SECURE,
                 K=D, serial=SERIAL, epoch=0, start=0):
        self.file, self.about = file, (comment, flags, rules)
        self.K = K
        slots = slots or [sealed(K, record), BLANK]
        self.inputs = {"serial": serial, "deviceKey": K, "epoch": epoch,
                       "policy": {"cap": cap, "local": list(local), "network": list(network)}, "slots": list(slots)}
        self.player = Player(K, serial, epoch, cap, (local, network), slots)
        self.steps, self.last, self.entropy, self.failed = [], {}, 0, False
        if start is not None:
            self.load(start)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            comment, flags, rules = self.about
            self.file.add(comment, flags, rules, self.inputs, "invalid" if self.failed else "valid", {"steps": self.steps})

    def do(self, op, want, **inputs):
        step = {"op": op, **inputs}
        info = self.digits_info(step) if op == "submit" else {}
        device = self.player.device
        if device:
            device.nonce_input = None
        outcome = self.player.do(step)
        got = name_of(outcome)
        if isinstance(want, tuple):
            got = (got, getattr(outcome, "argument", None))
        assert got == want, (self.about[0], len(self.steps), op, got, want)
        if op == "open" and self.player.device.nonce_input:
            info["nonceMessage"] = prf.F_message(prf.NONCE, self.player.device.nonce_input)
        if isinstance(outcome, Shown):
            self.last[(int.from_bytes(bytes([outcome.hdr >> 8, outcome.hdr & 255]), "big") >> 7) & 1] = outcome
        self.failed |= isinstance(outcome, OrpError)
        expect = {**outcome_json(outcome), "state": self.player.state()}
        self.steps.append({**step, "expect": expect, **({"info": info} if info else {})})
        return outcome

    def digits_info(self, step):
        live = self.player.device.L.live[step["origin"] == "network"]
        try:
            k = read_code(step["text"])[0]
            return {"digits": code_digits(self.K, k, live.hdr, live.nonce).all} if live else {}
        except OrpError:
            return {}

    # The operations.

    def load(self, now=0):
        self.do("load", "done", now=now)

    def open(self, now, want="shown", o="local", purpose=0, mail=False, entropy=None):
        if entropy is None:
            self.entropy += 1
            entropy = sample(f"entropy {self.entropy}")
        return self.do("open", want, origin=o, purpose=purpose, mail=mail, entropy=entropy, now=now)

    def opened(self, now, o="local", **more):
        """Open, and store when it is the first since the load."""
        if self.player.device.L.fresh:
            self.open(now, "stores", o, **more)
            return self.confirm("shown")
        return self.open(now, "shown", o, **more)

    def confirm(self, want, fault="none"):
        return self.do("confirm", want, fault=fault)

    def cut(self, fault):
        self.do("cut", "done", fault=fault)

    def submit(self, text, now, want, o="local", session=None):
        session = (1 if o == "local" else 2) if session is None else session
        return self.do("submit", want, origin=o, session=session, text=text, now=now)

    def admin(self, now, want):
        return self.do("admin-login", want, now=now)

    def allow(self, now, want):
        return self.do("allow-again", want, now=now)

    def finish(self):
        self.do("finish", "done")

    def close(self, keep=False, want="done"):
        self.do("close", want, keep=keep)

    def withdraw(self, want="done"):
        self.do("withdraw", want)

    def give_up(self):
        self.do("give-up", "done")

    def consume(self, now, want="done"):
        self.do("consume-grant", want, now=now)

    def consume_by_handle(self, handle, now, want="done"):
        self.do("consume-by-handle", want, handle=handle, now=now)

    def flash(self, slot, data):
        self.do("flash", "done", slot=slot, bytes=data)

    # Codes for what was shown last.

    def digits(self, k=1, o="local", K=None):
        shown = self.last[0 if o == "local" else 1]
        return code_digits(K or self.K, k, shown.hdr, shown.nonce).all

    def right(self, k=None, o="local"):
        return write_code(self.digits(k or (1 if o == "local" else 6), o))

    def wrong(self, k=None, o="local", n=1):
        """A well-formed code, its check digit right, its d10 wrong by n."""
        d = self.digits(k or (1 if o == "local" else 6), o)
        d[10] = (d[10] + n) % 10
        shown = self.last[0 if o == "local" else 1]
        d[11] = damm(seed(shown.nonce), d[:11])
        return write_code(d)

    def guess(self, now, o="local", want="rejected", k=None):
        self.submit(self.wrong(k, o), now, "stores", o)
        self.confirm(want)

    def redeem(self, now, o="local", k=None):
        self.submit(self.right(k, o), now, "stores", o)
        self.confirm("stores")
        return self.confirm("grant")


__all__ = ["Sessions", "BOTH", "DYNAMIC", "SECURE", "CAP"]
