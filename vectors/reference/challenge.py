"""SPEC 6: the typed challenge, its check code, writing and reading."""
from dataclasses import dataclass

import prf
from errors import OrpError
from header import read_header
from text import normalise

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
VALUE = {ch: i for i, ch in enumerate(CROCKFORD)}
GEN = [0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3]
CONST = 0x2BC830A3


def polymod(values, c=1):
    for v in values:
        b = c >> 25
        c = (c & 0x1FFFFFF) << 5 ^ v
        for i in range(5):
            if (b >> i) & 1:
                c ^= GEN[i]
    return c


def serial_values(serial):
    return [x for ch in serial for x in (ord(ch) >> 5, ord(ch) & 31)]


def check_symbols(serial, v14):
    p = polymod(serial_values(serial) + v14 + [0] * 6) ^ CONST
    return [(p >> 5 * (5 - i)) & 31 for i in range(6)]


def tag_mac(K, hdr, nonce):
    """CHL-2: the whole MAC; the tag is its first 20 bits."""
    return prf.F(K, prf.TAG, prf.u16(hdr) + nonce)


def first20(mac):
    return int.from_bytes(mac[:3], "big") >> 4


def symbols14(hdr, nonce, tag):
    bits = (hdr >> 6) << 60 | int.from_bytes(nonce, "big") << 20 | tag
    return [(bits >> 5 * (13 - i)) & 31 for i in range(14)]


def write_text(serial, v20):
    symbols = "".join(CROCKFORD[v] for v in v20)
    return serial + "".join("-" + symbols[i:i + 5] for i in range(0, 20, 5))


@dataclass(frozen=True)
class Unverified:
    serial: str
    hdr: int
    nonce: bytes
    tag: int

    def text(self):
        return write_challenge(self.serial, self.hdr, self.nonce, self.tag)


def write_challenge(serial, hdr, nonce, tag):
    prf.check_serial(serial)
    v14 = symbols14(hdr, nonce, tag)
    return write_text(serial, v14 + check_symbols(serial, v14))


def read_challenge(text):
    return read_normalised(normalise(text, 256))


def read_normalised(s):
    if not s:
        raise OrpError("empty")
    for ch, position in s:
        if ch not in prf.ALNUM:
            raise OrpError("alphabet", position)
    if len(s) == 12 and all(ch in prf.DIGITS for ch, _ in s):
        raise OrpError("wrong-kind")
    if len(s) < 21 or len(s) > 40:
        raise OrpError("length", len(s))
    v = []
    for ch, position in s[-20:]:
        if ch == "O":
            ch = "0"
        if ch == "I" or ch == "L":
            ch = "1"
        if ch == "U":
            raise OrpError("alphabet", position)
        v.append(VALUE[ch])
    serial = "".join(ch for ch, _ in s[:-20])
    if polymod(serial_values(serial) + v) != CONST:
        raise OrpError("check")
    hdr = (v[0] << 5 | v[1]) << 6
    read_header(hdr)
    nonce = tag = 0
    for x in v[2:10]:
        nonce = nonce << 5 | x
    for x in v[10:14]:
        tag = tag << 5 | x
    return Unverified(serial, hdr, nonce.to_bytes(5, "big"), tag)


def verify_challenge(K, c):
    """CHL-8. (A reference: `!=` where an implementation compares in constant time.)"""
    if first20(tag_mac(K, c.hdr, c.nonce)) != c.tag:
        raise OrpError("tag")
