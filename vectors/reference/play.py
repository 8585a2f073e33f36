"""A device with its flash and its Grant, driven by the steps of sessions.json (see vectors/README.md)."""
from errors import OrpError
from header import ORIGINS
from ledger import Stores
from session import DONE, Device, Grant, Shown, by_handle
import prf


def with_fault(old, new, fault):
    """What the slot holds after writing `new` over `old`."""
    kind, _, number = fault.partition(":")
    if kind == "none":
        return new
    if kind == "lost":
        return old
    if kind == "erased":
        return b"\xff" * 32
    if kind == "torn":
        return new[:int(number)] + old[int(number):]
    assert kind == "flip", fault
    out = bytearray(new)
    out[int(number) // 8] ^= 0x80 >> int(number) % 8
    return bytes(out)


class Player:
    def __init__(self, K, serial, epoch, cap, allowed, slots):
        self.constants = (K, serial, epoch, cap, allowed)
        self.flash = list(slots)
        self.device = None
        self.grant = None

    def do(self, step):
        """The outcome: Stores, Shown, Grant, DONE, or the error."""
        try:
            outcome = getattr(self, "op_" + step["op"].replace("-", "_"))(step)
        except OrpError as e:
            return e
        if isinstance(outcome, Grant):
            self.grant = outcome
        return outcome

    def op_load(self, s):
        self.grant = None
        self.device = Device(*self.constants, self.flash, s["now"])
        return DONE

    def op_open(self, s):
        return self.device.open(ORIGINS.index(s["origin"]), s["purpose"], s["mail"], s["entropy"], s["now"], self.flash)

    def op_submit(self, s):
        return self.device.submit(ORIGINS.index(s["origin"]), s["session"], s["text"], s["now"], self.flash)

    def write(self, fault):
        pending = self.device.L.pending
        if pending:
            self.flash[pending[0]] = with_fault(self.flash[pending[0]], pending[1], fault)

    def op_confirm(self, s):
        self.write(s["fault"])
        return self.device.confirm(self.flash)

    def op_give_up(self, s):
        self.device.L.give_up()
        return DONE

    def op_cut(self, s):
        self.write(s["fault"])
        return DONE

    def op_finish(self, s):
        def store(slot, data):
            self.flash[slot] = data
            return self.flash

        self.device.finish(store)
        return DONE

    def op_allow_again(self, s):
        return self.device.allow_again(s["now"], self.flash)

    def op_admin_login(self, s):
        return self.device.admin_login(s["now"], self.flash)

    def op_close(self, s):
        self.device.close(s["keep"])
        return DONE

    def op_withdraw(self, s):
        self.device.withdraw()
        return DONE

    def op_consume_grant(self, s):
        grant, self.grant = self.grant, None
        grant.consume(s["now"])
        return DONE

    def op_consume_by_handle(self, s):
        by_handle([self.grant] if self.grant else [], s["handle"])
        return self.op_consume_grant(s)

    def op_flash(self, s):
        self.flash[s["slot"]] = s["bytes"]
        return DONE

    def state(self):
        L = self.device.L
        return {"seq": L.seq, "boots": L.boots, "resets": L.resets, "fail": list(L.fail), "slot": L.slot,
                "poisoned": L.poisoned, "session": L.pending[4] if L.pending else None}


def outcome_json(o):
    if isinstance(o, OrpError):
        return {"error": o.as_json()}
    if isinstance(o, Stores):
        return {"stores": {"slot": o.slot, "bytes": o.bytes}}
    if isinstance(o, Shown):
        return {"shown": {"text": o.text, "hdr": prf.u16(o.hdr), "nonce": o.nonce, "since": o.shown, "wait": o.wait, "stopped": o.stopped}}
    if isinstance(o, Grant):
        return {"grant": {"origin": ORIGINS[o.origin], "purpose": o.purpose, "method": o.method, "resets": o.resets, "session": o.session, "handle": o.handle}}
    return {"done": True}


def outcome_line(o):
    if isinstance(o, OrpError):
        return o.as_line()
    if isinstance(o, Stores):
        return f"stores {o.slot} {o.bytes.hex()}"
    if isinstance(o, Shown):
        return f"shown {o.text or '-'} {o.hdr:04x} {o.nonce.hex()} {o.wait} {int(o.stopped)}"
    if isinstance(o, Grant):
        return f"grant {ORIGINS[o.origin]} {o.purpose} {o.method} {o.resets} {o.session} {o.handle.hex()}"
    return o
