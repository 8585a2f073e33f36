"""Accumulated cases of keys, codes, ledger and email."""
import prf
from acc_draw import DIGIT_CHARS, ODD, fields, mutate
from address import check_address, mail_tag_mac, mask, open_address, seal_address, xor_stream, SIZES
from codes import code_digits, read_code
from corrections import SERIAL_CHARS
from errors import OrpError
from ledger import Ledger, Record, seal, sealed, slot_state


def keys(s):
    root = s.bytes(32)
    epoch = s.below(8)
    n = s.below(22)
    serial = s.chars(n, SERIAL_CHARS)
    if s.chance(4):
        i = s.below(n + 1)
        serial = serial[:i] + chr(s.pick(ODD)) + serial[i + 1:]
    try:
        K = prf.device_key(root, serial)
        return (f"ok {prf.root_message(serial).hex()} {K.hex()} {prf.key_check(K, serial).hex()}"
                f" {prf.HMAC(root, prf.root_check_message(epoch))[:4].hex()}")
    except OrpError as e:
        return e.as_line()


def codes(s):
    K, _, hdr, nonce = fields(s)
    k = s.below(10)
    try:
        c = code_digits(K, k, hdr, nonce)
        text, line = c.text(), f"ok {c.x:016x} {c.text()}"
    except OrpError as e:
        text, line = s.chars(12, DIGIT_CHARS), e.as_line()
    for _ in range(s.below(4)):
        text = mutate(s, text)
    try:
        return line + " | ok " + "".join(map(str, read_code(text)))
    except OrpError as e:
        return line + " | " + e.as_line()


def ledger(s):
    K = s.bytes(32)
    base = 2**32 - 3 if s.chance(16) else s.u32() % (2**32 - 2)
    slots = []
    for j in (0, 1):
        kind = s.below(8)
        record = Record(base + s.below(3), s.below(4), s.below(4), tuple(s.bytes(2)))
        data = sealed(K, record)
        if kind == 0:
            data = bytes(32)
        elif kind == 1:
            data = b"\xff" * 32
        elif kind == 5:
            n = s.below(33)
            data = data[:n] + (b"\xff" if s.chance(2) else b"\0") * (32 - n)
        elif kind == 6:
            bit = s.below(256)
            data = data[:bit // 8] + bytes([data[bit // 8] ^ 0x80 >> bit % 8]) + data[bit // 8 + 1:]
        elif kind == 7:
            data = seal(K, bytes([s.below(3), s.below(2)]) + data[2:16])
        slots.append(data)
    if s.chance(8):
        slots[1] = slots[0]
    L = Ledger(K, slots, 0)
    return (f"{slot_state(K, slots[0])} {slot_state(K, slots[1])} {L.seq} {L.boots} {L.resets} {L.fail[0]} {L.fail[1]} {L.slot}")


MARKS = [0x30, 0x61, 0x2E, 0x5F, 0x2B, 0x2D, 0, 0x20, 0x21, 0x22, 0x2C, 0x2F, 0x3A, 0x3B, 0x3C, 0x3D, 0x40, 0x60, 0x7C, 0x7F, 0x80]
BORDERS = [2, 3, 30, 31, 32, 62, 63, 64, 126, 127, 128, 253, 254, 255]


def address(s):
    """Bytes that are an address, or would be but for their number or what stands around @."""
    kind = s.below(5)
    n = 3 + s.below(252) if kind == 0 else s.pick(BORDERS) if kind == 1 else 3 + s.below(40)
    e = bytearray(s.chars(n, SERIAL_CHARS[10:]).encode("ascii"))
    i = 1 + s.below(max(1, min(n - 2, 70)))
    for j in range(i + 8, n - 2, 16):
        e[j] = 0x2E
    e[i] = 0x40
    return bytes(e)


def email(s):
    K, _, hdr, nonce = fields(s)
    e = address(s)
    for _ in range(s.pick([0, 0, 1, 2])):
        i = s.below(len(e))
        e = e[:i] + bytes([s.pick(MARKS)]) + e[i + 1:]
    try:
        check_address(e)
        if not hdr & 0x40 and s.chance(4):
            raise OrpError("mail-bit")
        hdr |= 0x40
        p, _, T, hidden = seal_address(K, hdr, nonce, e)
    except OrpError as error:
        return error.as_line()
    line = f"ok {T.hex()} {hidden.hex()} {mask(e)}"
    kind = s.below(6)
    if kind == 3:
        both = bytearray(T + hidden)
        both[s.below(len(both))] ^= 1 << s.below(8)
        T, hidden = bytes(both[:16]), bytes(both[16:])
    elif kind > 3:
        if kind == 4:
            p = bytearray(p)
            i = s.below(len(p))
            p[i] ^= 1 + s.below(255)
        else:
            p = p + bytes(next((size for size in SIZES if size > len(p)), 255) - len(p))
        T = mail_tag_mac(K, hdr, nonce, bytes(p))[:16]
        hidden = xor_stream(K, T, bytes(p))
    try:
        return line + " | ok " + open_address(K, hdr, nonce, T, hidden, 1).hex()
    except OrpError as error:
        return line + " | " + error.as_line()
