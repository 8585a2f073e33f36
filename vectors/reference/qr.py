"""SPEC 11: QR payloads, their two renderings, reading and verifying."""
from dataclasses import dataclass

import prf
from address import SIZES, check_address, open_address, seal_address
from challenge import CROCKFORD, VALUE
from errors import OrpError
from header import header, read_header

APP = "ORP1:"
SPACE = "\t\n\v\f\r "


def base32(data):
    bits = len(data) * 8
    count = (bits + 4) // 5
    n = int.from_bytes(data, "big") << (count * 5 - bits)
    return "".join(CROCKFORD[(n >> 5 * (count - 1 - i)) & 31] for i in range(count))


def check_prefix(prefix):
    """QR-1, QR-2."""
    if prefix == APP:
        return
    if not (prefix.startswith("HTTPS://") and prefix.endswith("/") and 10 <= len(prefix) <= 96
            and all(ch in prf.ALNUM or ch in "-./:" for ch in prefix)):
        raise OrpError("url")


def payload(serial, hdr, nonce, T, sealed):
    return prf.u16(hdr) + nonce + prf.byte(len(serial)) + serial.encode("ascii") + T + sealed


def write_qr(K, serial, purpose, epoch, origin, mail, nonce, e, prefix):
    """(hdr, pad, MAC, T, sealed, payload, text); one fault per call, so the order of these checks is free."""
    prf.check_serial(serial)
    if e is not None:
        check_address(e)
    if bool(mail) != (e is not None):
        raise OrpError("mail-bit")
    check_prefix(prefix)
    hdr = header(purpose, epoch, origin, mail)
    p, mac, T, sealed = seal_address(K, hdr, nonce, e)
    data = payload(serial, hdr, nonce, T, sealed)
    return hdr, p, mac, T, sealed, data, prefix + base32(data)


@dataclass(frozen=True)
class UnverifiedQr:
    serial: str
    hdr: int
    nonce: bytes
    T: bytes
    sealed: bytes


def ascii_upper(s):
    return "".join(chr(ord(ch) - 32) if "a" <= ch <= "z" else ch for ch in s)


def read_qr(text):
    if len(text.encode("utf-8")) > 640:
        raise OrpError("too-long", 640)
    start = len(text) - len(text.lstrip(SPACE))
    text = text.strip(SPACE)
    if not text:
        raise OrpError("empty")
    folded = ascii_upper(text)
    if folded.startswith(APP):
        at = len(APP)
    elif folded.startswith("HTTPS://"):
        at = folded.rindex("/") + 1
    else:
        raise OrpError("unknown-version")
    b = folded[at:]
    n = 0
    for i, ch in enumerate(b):
        if ch not in VALUE:
            raise OrpError("alphabet", start + at + i)
        n = n << 5 | VALUE[ch]
    if len(b) > 479:
        raise OrpError("unknown-version")
    if len(b) % 8 in (1, 3, 6):
        raise OrpError("length", len(b))
    size, left = divmod(5 * len(b), 8)
    if n & ((1 << left) - 1):
        raise OrpError("padding")
    p = (n >> left).to_bytes(size, "big")
    if len(p) < 8:
        raise OrpError("length", len(b))
    hdr = int.from_bytes(p[:2], "big")
    mail = read_header(hdr)[3]
    m = p[7]
    if m < 1 or m > 20:
        raise OrpError("serial")
    if len(p) < 8 + m + 16:
        raise OrpError("length", len(b))
    serial = p[8:8 + m].decode("latin-1")
    if not prf.ALNUM.issuperset(serial):
        raise OrpError("serial")
    rest = p[8 + m + 16:]
    if mail == 0 and rest:
        raise OrpError("unknown-version")
    if mail == 1:
        if len(rest) > 255:
            raise OrpError("unknown-version")
        if len(rest) not in SIZES:
            raise OrpError("length", len(b))
    return UnverifiedQr(serial, hdr, p[2:7], p[8 + m:8 + m + 16], rest)


def verify_qr(K, q):
    return open_address(K, q.hdr, q.nonce, q.T, q.sealed, read_header(q.hdr)[3])
