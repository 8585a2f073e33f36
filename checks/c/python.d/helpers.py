"""What a Python user calls besides the library's functions, when it goes well and when it does not; and the texts, as tests/texts.md has them."""
import ctypes
import re

import offline_reset as orp
from offline_reset import Status

REAL = ctypes.CDLL
EVERY = sorted({*range(-1000, 1000), *Status})


def refused(function, *arguments, **named):
    """What it raised, as (status, detail, message); None if it did not."""
    try:
        function(*arguments, **named)
    except orp.Refused as refusal:
        return refusal.status, refusal.detail, str(refusal)


def unloadable(path):
    try:
        orp.load(path)
    except OSError:
        return True
    return False


class WithoutFactory:
    """A library as it ships: no orp_genesis."""

    def __init__(self, path):
        self.library = REAL(path)

    def __getattr__(self, name):
        if name in orp.FACTORY:
            raise AttributeError(name)
        return getattr(self.library, name)


def wrong(path):
    """What the helpers do not do as they say."""
    lib, found = orp.load(path), []

    def expect(what, holds):
        if not holds:
            found.append(what)

    for status in EVERY:
        name = Status(status).name if status in iter(Status) else "unknown status"
        for detail, value in ((None, 0), (orp.c_uint32(0), 0), (orp.c_uint32(0xFFFFFFFF), 0xFFFFFFFF)):
            due = None if status == 0 else (status, value, f"{name} ({status}), {value}")
            expect(f"ok({status}, {value})", refused(orp.ok, status, detail) == due)
    for name, (result, *parameters) in (orp.FUNCTIONS | orp.FACTORY).items():
        expect(f"{name} is not declared", (getattr(lib, name).restype, getattr(lib, name).argtypes) == (result, parameters))
    expect("a library that is not there", unloadable(path.with_name("none.so")))
    for name in ("ABI", "DEVICE_SIZE", "KEY_SIZE", "RECEIVED_SIZE", "ALIGN"):
        was = getattr(orp, name)
        setattr(orp, name, was + 1)
        expect(f"a library of another {name}", unloadable(path))
        setattr(orp, name, was)
    ctypes.CDLL = WithoutFactory
    expect("a library without the factory's function", not unloadable(path))
    ctypes.CDLL = REAL

    data = bytes(range(1, 33))
    copy = orp.array(data)
    orp.ok(lib.orp_key_take(orp.Key(), copy))
    expect("array is a copy", bytes(copy) == bytes(32) and data == bytes(range(1, 33)) and len(orp.array(b"")) == 0)
    for size, due in ((9, Status.SHORT_BUFFER), (10, None), (26, None)):
        got = refused(orp.text, lib.orp_root_message, b"CAM1", 4, size=size)
        expect(f"text of size {size}", (got and got[:2]) == (due and (due, 0)))
    expect("bytes of a text", orp.text(lib.orp_root_message, b"CAM1", 4, size=26) == b"ORP1\0CAM1\1")
    expect("a text", orp.text(lib.orp_mask, b"jan@example.nl", 14, size=orp.MASKED_SIZE) == b"j***@e***.nl")
    expect("a text that is refused", refused(orp.text, lib.orp_mask, b"jan", 3, size=orp.MASKED_SIZE)[:2] == (Status.ADDRESS, 0))
    return found


def texts(lib, table):
    """The statuses that do not say what the table says of them, in a log or to an owner."""
    rows = re.findall(r"^\| `?(?:ORP_)?([^|]+?)`? \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", table, re.M)[1:]
    due = {name: tuple(texts) for name, *texts in rows}
    named = [Status(status).name if status in iter(Status) else "another number" for status in EVERY]
    said = [(lib.orp_strerror(s), lib.orp_owner_text(s, 0), lib.orp_owner_text(s, 1), lib.orp_owner_text(s, 2)) for s in EVERY]
    differ = [name for name, (log, *owner) in zip(named, said) if tuple(t.decode() for t in (log, *owner[:2])) != due.get(name) or owner[0] != owner[2]]
    return sorted({*differ, *(due.keys() ^ set(named))})
