"""Accumulated cases of challenge, corrections and qr."""
from acc_draw import ODD, challenge_text, fields, mutate, right_tag
from acc_small import address
from address import is_address, seal_address
from challenge import CROCKFORD, read_challenge, verify_challenge
from corrections import SERIAL_CHARS, corrections
from errors import OrpError
from qr import SPACE, base32, payload, read_qr, verify_qr

PREFIXES = ["ORP1:", "HTTPS://RESET.EXAMPLE.COM/R/", "HTTPS://A/"]


def challenge(s):
    K, serial, hdr, nonce = fields(s)
    tag = right_tag(K, hdr, nonce)
    if s.chance(8):
        hdr = s.below(1024) << 6
    if s.chance(8):
        tag = s.below(2**20)
    text = challenge_text(serial, hdr, nonce, tag)
    for _ in range(s.below(4)):
        text = mutate(s, text)
    if s.chance(32):
        text = "".join(chr(s.pick(ODD)) for _ in range(s.below(90)))
    try:
        c = read_challenge(text)
    except OrpError as e:
        return e.as_line()
    line = f"ok {c.serial} {c.hdr:04x} {c.nonce.hex()} {c.tag} {c.text()}"
    try:
        verify_challenge(K, c)
        return line + " | ok"
    except OrpError as e:
        return line + " | " + e.as_line()


def correct(s):
    K, serial, hdr, nonce = fields(s)
    t = list(challenge_text(serial, hdr, nonce, right_tag(K, hdr, nonce)).replace("-", ""))

    def put(ch):
        t[s.below(len(t))] = ch

    kind = s.below(10)
    if kind in (0, 1):
        for _ in range(1 + kind):
            put(s.pick(SERIAL_CHARS))
    elif kind == 2:
        i = s.below(len(t))
        j = s.below(len(t))
        t[i], t[j] = t[j], t[i]
    elif kind == 3:
        del t[s.below(len(t))]
    elif kind == 4:
        ch = s.pick(SERIAL_CHARS)
        t.insert(s.below(len(t) + 1), ch)
    elif kind == 5:
        put("?")
    elif kind == 6:
        for _ in range(2 + s.below(3)):
            put("?")
    elif kind == 7:
        for _ in range(5 + s.below(2)):
            put(s.pick("?*U"))
    elif kind == 8:
        put(s.pick(SERIAL_CHARS))
        del t[s.below(len(t))]
    else:
        t = s.chars(s.below(45), SERIAL_CHARS)
    try:
        return " ".join(["ok"] + corrections("".join(t)))
    except OrpError as e:
        return e.as_line()


def mutate_qr(s, text):
    op = s.below(5)
    if op == 0:
        return "".join(chr(ord(ch) + 32) if "A" <= ch <= "Z" else ch for ch in text)
    if op == 1:
        return s.pick(SPACE) + text
    if op == 2:
        return text + s.pick(SPACE)
    i = s.below(len(text))
    if op == 3:
        return text[:i] + s.pick(CROCKFORD + "OILU?-") + text[i + 1:]
    return text[:i] + text[i + 1:]


def qr(s):
    K, serial, hdr, nonce = fields(s)
    e = None
    if hdr & 0x40:
        e = address(s)
        if not is_address(e):
            e = b"a@b"
    _, _, T, sealed = seal_address(K, hdr, nonce, e)
    data = payload(serial, hdr, nonce, T, sealed)
    kind = s.below(8)
    if kind == 4:
        i = s.below(len(data))
        data = data[:i] + bytes([data[i] ^ 1 << s.below(8)]) + data[i + 1:]
    elif kind == 5:
        data = data[:len(data) - 1 - s.below(20)]
    elif kind == 6:
        data = data + s.bytes(1 + s.below(40))
    elif kind == 7:
        i = s.below(9)
        data = data[:i] + s.bytes(1) + data[i + 1:]
    prefix = s.pick(PREFIXES)
    text = prefix + base32(data)
    for _ in range(s.below(3)):
        text = mutate_qr(s, text)
    try:
        q = read_qr(text)
    except OrpError as error:
        return error.as_line()
    line = f"ok {q.serial} {q.hdr:04x} {q.nonce.hex()} {q.T.hex()} {q.sealed.hex() or '-'}"
    try:
        e = verify_qr(K, q)
        return line + " | ok " + ("-" if e is None else e.hex())
    except OrpError as error:
        return line + " | " + error.as_line()
