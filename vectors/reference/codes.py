"""SPEC 8: the typed code."""
from dataclasses import dataclass

import prf
from errors import OrpError
from text import normalise

DAMM = [[int(d) for d in row] for row in (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790")]


def seed(nonce):
    return (int.from_bytes(nonce, "big") * 10) >> 40


def damm(x, digits):
    for d in digits:
        x = DAMM[x][d]
    return x


@dataclass(frozen=True)
class Code:
    """All twelve digits, and what they were made of."""
    message: bytes
    mac: bytes
    x: int
    seed: int
    all: list

    def text(self):
        return write_code(self.all)


def code_digits(K, k, hdr, nonce):
    if not 1 <= k <= 9:
        raise OrpError("reserved-k")
    m = prf.byte(k) + prf.u16(hdr) + nonce
    mac = prf.F(K, prf.CODE, m)
    x = X = int.from_bytes(mac[:8], "big")
    d = []
    for _ in range(10):
        d.append((X * 10) >> 64)
        X = (X * 10) & (2**64 - 1)
    c = damm(seed(nonce), [k] + d)
    return Code(prf.F_message(prf.CODE, m), mac, x, seed(nonce), [k] + d + [c])


def write_code(twelve):
    t = "".join(map(str, twelve))
    return f"{t[0:4]}-{t[4:8]}-{t[8:12]}"


def read_code(text):
    """The twelve digits k, d1..d10, c."""
    s = normalise(text, 128)
    if not s:
        raise OrpError("empty")
    for ch, position in s:
        if ch not in prf.ALNUM:
            raise OrpError("alphabet", position)
    letters = [position for ch, position in s if ch in prf.UPPER]
    if letters:
        if 21 <= len(s) <= 40:
            raise OrpError("wrong-kind")
        raise OrpError("alphabet", letters[0])
    if len(s) != 12:
        raise OrpError("length", len(s))
    return [int(ch) for ch, _ in s]
