"""The functions of vectors/reference, made of calls through offline_reset.h: same names, arguments and errors, as far as C can see."""
import ctypes

import offline_reset as orp
from offline_reset import Status
from challenge import first20, tag_mac, write_challenge
from errors import OrpError
from qr import APP, base32, payload

LOCAL = orp.Origin.LOCAL
ORIGINS = {"local": LOCAL, "network": orp.Origin.NETWORK}
PURPOSES = [orp.Purpose.ACCOUNT_PASSWORD, orp.Purpose.UNLOCK_PATTERN, orp.Purpose.FACTORY_RESET]  # by SPEC.md's number
METHODS = {"dynamic-password": 1, "secure-code": 2}
SLOT_STATES = ["blank", "damaged", "valid"]
DONE = {"done": True}
lib = None  # the check's main sets it


def named(status, detail=0):
    """A status as the reference has it."""
    name = "tag" if status == Status.NOT_GENUINE else Status(status).name.lower().replace("_", "-")
    return OrpError(name, detail or None)


def call(function, *arguments, good=Status.OK):
    status = function(*arguments)
    if status != good:
        detail = arguments[-1].value if arguments and isinstance(arguments[-1], ctypes.c_uint32) else 0
        raise named(status, detail)


def text_of(function, *arguments, size):
    try:
        return orp.text(function, *arguments, size=size)
    except orp.Refused as refused:
        raise named(refused.status) from None


def key(K):
    out = orp.Key()
    call(lib.orp_key_take, out, orp.array(K))
    return out


# keys

def root_message(serial):
    data = serial.encode("utf-8")
    return text_of(lib.orp_root_message, data, len(data), size=orp.ROOT_MESSAGE_SIZE)


def device_key(root, serial):
    data, d = serial.encode("utf-8"), orp.array(bytes(32))
    call(lib.orp_root_derive, orp.array(root), data, len(data), d)
    return bytes(d)


# reading

def read(function, text):
    """(received, serial, hdr, nonce)"""
    data, received, claim, detail = text.encode("utf-8"), orp.Received(), orp.Challenge(), orp.c_uint32(77)
    call(function, data, len(data), received, claim, detail)
    assert detail.value == 0, "a detail without an error"
    return received, claim.serial.decode("ascii"), claim.header, bytes(claim.nonce)


def read_challenge(text):
    """serial, hdr, nonce, canonical text"""
    received, *claim = read(lib.orp_read_typed, text)
    return *claim, text_of(lib.orp_canonical, received, size=orp.CHALLENGE_SIZE).decode("ascii")


def read_qr(text):
    return tuple(read(lib.orp_read_qr, text)[1:])


def verify_challenge(K, text):
    call(lib.orp_verify, read(lib.orp_read_typed, text)[0], key(K), good=Status.VERIFIED)


def verify_qr(K, text):
    received, K = read(lib.orp_read_qr, text)[0], key(K)
    call(lib.orp_verify, received, K, good=Status.VERIFIED)
    try:
        return text_of(lib.orp_address, received, K, size=orp.ADDRESS_SIZE)
    except OrpError as e:
        if e.name != "none-on-file":
            raise
        return None


def open_address(K, hdr, nonce, T, sealed):
    return verify_qr(K, APP + base32(payload("ANY", hdr, nonce, T, sealed)))


def corrections(text):
    data, found, detail = text.encode("utf-8"), orp.Corrections(), orp.c_uint32(77)
    call(lib.orp_correct, data, len(data), found, detail)
    return [found.text[i].value.decode("ascii") for i in range(found.count)]


# answering

def code_text(K, k, hdr, nonce):
    """The code for a challenge that a device with this key could have made."""
    shown = write_challenge("ANY", hdr, nonce, first20(tag_mac(K, hdr, nonce)))
    code = (orp.c_char * orp.CODE_SIZE)()
    call(lib.orp_answer, read(lib.orp_read_typed, shown)[0], key(K), k, code)
    return code.value.decode("ascii")


def mask(address):
    return text_of(lib.orp_mask, address, len(address), size=orp.MASKED_SIZE).decode("ascii")


# the device

def load(K, slots, now=0, serial="ANY", epoch=0, policy=None):
    device, loaded, serial = orp.Device(), orp.Loaded(), serial.encode("ascii")
    call(lib.orp_device_load, device, orp.array(K), serial, len(serial), epoch, policy, orp.array(b"".join(slots)), now, loaded)
    return device, loaded


def state(device):
    info = orp.Info()
    call(lib.orp_device_info, device, info)
    return {"resets": info.resets, "fail": [info.failures_local, info.failures_network], "poisoned": bool(info.poisoned)}


def ledger(K, slots):
    """The states of the slots, how the ledger was found, the numbers of valid records, and the figures."""
    device, loaded = load(K, slots)
    figures = state(device)
    numbers = [loaded.seq[i] for i in (0, 1) if loaded.slot[i] == orp.SlotState.SLOT_VALID]
    return [SLOT_STATES[s] for s in loaded.slot], loaded.ledger == orp.LedgerState.LEDGER_GOOD, numbers, figures["resets"], figures["fail"]


def genesis(K):
    record = orp.array(bytes(32))
    call(lib.orp_genesis, orp.array(K), record)
    return bytes(record)


def read_code(text):
    """A code is read before a challenge is looked for, so a device that shows none says whether it reads."""
    device, _ = load(bytes([1] * 32), [bytes(32)] * 2)
    data, detail = text.encode("utf-8"), orp.c_uint32(77)
    call(lib.orp_submit, device, LOCAL, data, len(data), 1, orp.array(bytes(64)), orp.Record(), detail, good=Status.NO_CHALLENGE)


def write_qr_refused(mail, address, prefix):
    """The error of a QR for an address and a prefix, at a device that shows a challenge."""
    slots, record, shown = [bytes(32)] * 2, orp.Record(), orp.Shown()
    device, _ = load(bytes([1] * 32), slots)
    both = orp.array(b"".join(slots))
    call(lib.orp_open, device, LOCAL, PURPOSES[0], int(mail), orp.array(bytes(32)), 1, both, record, shown, None, good=Status.STORE)
    slots[record.slot] = bytes(record.bytes)
    call(lib.orp_show, device, orp.array(b"".join(slots)), shown)
    url = None if prefix == APP else prefix.encode("utf-8")
    text_of(lib.orp_qr, device, LOCAL, 1, address, len(address or b""), url, len(url or b""), size=orp.QR_SIZE)


class Player:
    """A device with its flash, driven by the steps of sessions.json; outcomes as there. A Grant shows the rest of itself when taken."""

    def __init__(self, K, serial, epoch, cap, allowed, slots):
        self.K, self.serial, self.epoch, self.flash = K, serial, epoch, list(slots)
        self.policy = orp.Policy(cap, *(sum(METHODS[method] for method in methods) for methods in allowed))
        self.device = self.origin = self.granted = self.number = None
        self.ended = False  # the dialog or the connection that has the Grant

    def do(self, step):
        try:
            return getattr(self, "op_" + step["op"].replace("-", "_"))(step) or DONE
        except OrpError as e:
            return {"error": e.as_json()}

    def slots(self):
        return orp.array(b"".join(self.flash))

    def state(self):
        return state(self.device)

    def stores(self, record):
        return {"stores": {"slot": record.slot, "bytes": bytes(record.bytes).hex()}}

    def shown(self, shown):
        return {"shown": {"text": shown.text.decode("ascii") or None, "hdr": f"{shown.challenge.header:04x}",
                          "nonce": bytes(shown.challenge.nonce).hex(), "since": shown.shown_at, "wait": shown.wait,
                          "stopped": shown.standing == Status.STOPPED}}

    def op_load(self, s):
        self.device, _ = load(self.K, self.flash, s["now"], self.serial, self.epoch, self.policy)

    def op_open(self, s):
        record, shown, detail = orp.Record(), orp.Shown(), orp.c_uint32(77)
        origin, purpose, entropy = ORIGINS[s["origin"]], PURPOSES[s["purpose"]], orp.array(s["entropy"])
        status = lib.orp_open(self.device, origin, purpose, int(s["mail"]), entropy, s["now"], self.slots(), record, shown, detail)
        if status == Status.STORE:
            return self.stores(record)
        if status != Status.OK:
            raise named(status, detail.value)
        return self.shown(shown)

    def op_submit(self, s):
        data, origin, record, detail = s["text"].encode("utf-8"), ORIGINS[s["origin"]], orp.Record(), orp.c_uint32(77)
        call(lib.orp_submit, self.device, origin, data, len(data), s["now"], self.slots(), record, detail, good=Status.STORE)
        self.origin = origin
        return self.stores(record)

    def write(self, fault):
        """What waits reaches the flash, in some way; the step that waits."""
        record = orp.Record()
        if lib.orp_pending(self.device, record) != Status.STORE:
            return orp.Step.STEP_NONE
        self.flash[record.slot] = self.with_fault(self.flash[record.slot], bytes(record.bytes), fault)
        return record.step

    def op_confirm(self, s):
        record, shown, step = orp.Record(), orp.Shown(), self.write(s["fault"])
        if step == orp.Step.STEP_SHOW:
            call(lib.orp_show, self.device, self.slots(), shown)
            return self.shown(shown)
        if step == orp.Step.STEP_GRANT:
            purpose, number = orp.c_int32(), orp.c_uint32()
            call(lib.orp_grant, self.device, self.slots(), number)
            call(lib.orp_grant_purpose, self.device, self.origin, number, purpose)
            self.granted, self.number, self.ended = self.origin, number.value, False
            return {"grant": {"origin": orp.Origin(self.origin).name.lower(), "purpose": PURPOSES.index(purpose.value)}}
        if step == orp.Step.STEP_LOGIN:
            return call(lib.orp_login_cleared, self.device, self.slots())
        call(lib.orp_compare, self.device, self.slots(), record, good=Status.STORE)  # also when none waits: that is an error
        return self.stores(record)

    def op_give_up(self, _):
        call(lib.orp_abandon, self.device)

    def op_cut(self, s):
        self.write(s["fault"])

    def op_admin_login(self, s):
        record = orp.Record()
        status = lib.orp_login(self.device, s["now"], self.slots(), record)
        if status == Status.STORE:
            return self.stores(record)
        if status != Status.OK:
            raise named(status)

    def op_close(self, s):
        self.ended |= self.granted == orp.Origin.LOCAL
        call(lib.orp_close_local, self.device, int(s["keep"]))

    def op_withdraw(self, _):
        self.ended = True
        call(lib.orp_withdraw, self.device)

    def op_consume_grant(self, s):
        reset = orp.Reset()
        if self.ended:  # the reference leaves it to the firmware that the Grant ends; in the library it has ended
            call(lib.orp_grant_take, self.device, self.granted, self.number, s["now"], reset, good=Status.NO_GRANT)
            return {"ended": True}
        call(lib.orp_grant_take, self.device, self.granted, self.number, s["now"], reset, good=Status.VERIFIED)
        methods = {number: name for name, number in METHODS.items()}
        return {"taken": {"origin": orp.Origin(reset.origin).name.lower(), "purpose": PURPOSES.index(reset.purpose),
                          "method": methods[reset.method], "resets": reset.resets}}

    def op_flash(self, s):
        self.flash[s["slot"]] = s["bytes"]

    @staticmethod
    def with_fault(old, new, fault):
        kind, _, number = fault.partition(":")
        if kind == "flip":
            bit = 1 << 255 - int(number)
            return (int.from_bytes(new, "big") ^ bit).to_bytes(32, "big")
        return {"none": new, "lost": old, "erased": b"\xff" * 32, "torn": new[:int(number or 0)] + old[int(number or 0):]}[kind]
