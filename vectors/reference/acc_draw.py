"""The stream of accumulated vectors, and the draws that several families share (see vectors/README.md)."""
import hashlib

from challenge import check_symbols, first20, symbols14, tag_mac, write_text
from corrections import SERIAL_CHARS
from header import header
from text import SEPARATOR_POINTS

ODD = [0, 10, 32, 42, 45, 47, 58, 63, 64, 79, 73, 76, 85, 91, 95, 97, 111, 105, 108, 117, 123, 0xC9, 0x131, 0x17F, 0x661, 0xFF1F,
       0xFF21, 0xFFFD, 0x1D400]
DIGIT_CHARS = "0123456789"


class Stream:
    def __init__(self, family, i):
        self.prefix = b"ORP1 accumulated" + family.encode("ascii") + i.to_bytes(8, "big")
        self.buffer, self.at, self.block = b"", 0, 0

    def bytes(self, n):
        while len(self.buffer) - self.at < n:
            self.buffer = self.buffer[self.at:] + hashlib.sha256(self.prefix + self.block.to_bytes(4, "big")).digest()
            self.at = 0
            self.block += 1
        self.at += n
        return self.buffer[self.at - n:self.at]

    def u32(self):
        return int.from_bytes(self.bytes(4), "big")

    def below(self, n):
        return int.from_bytes(self.bytes(4), "big") % n

    def chance(self, n):
        return self.below(n) == 0

    def pick(self, values):
        return values[self.below(len(values))]

    def chars(self, n, alphabet):
        """One byte for each, modulo the alphabet's length."""
        return "".join(alphabet[b % len(alphabet)] for b in self.bytes(n))


def fields(s):
    """(K, serial, hdr, nonce), all of them good."""
    K = s.bytes(32)
    n = 1 + s.below(20)
    serial = s.chars(n, SERIAL_CHARS)
    purpose = s.below(3)
    epoch = s.below(8)
    origin = s.below(2)
    mail = s.below(2)
    return K, serial, header(purpose, epoch, origin, mail), s.bytes(5)


def challenge_text(serial, hdr, nonce, tag):
    v14 = symbols14(hdr, nonce, tag)
    return write_text(serial, v14 + check_symbols(serial, v14))


def right_tag(K, hdr, nonce):
    return first20(tag_mac(K, hdr, nonce))


def mutate(s, text):
    """One change of a typed text; a text of nothing stays (one draw)."""
    op = s.below(10)
    n = len(text)
    if n == 0:
        return text
    if op == 0:
        ch = chr(s.pick(SEPARATOR_POINTS))
        i = s.below(n + 1)
        return text[:i] + ch + text[i:]
    if op == 1:
        i = s.below(n)
        return text[:i] + (chr(ord(text[i]) + 0xFEE0) if "!" <= text[i] <= "~" else text[i]) + text[i + 1:]
    if op == 2:
        i = s.below(n)
        return text[:i] + (chr(ord(text[i]) + 32) if "A" <= text[i] <= "Z" else text[i]) + text[i + 1:]
    if op == 3:
        i = s.below(n)
        return text[:i] + s.pick(SERIAL_CHARS) + text[i + 1:]
    if op == 4:
        i = s.below(n)
        return text[:i] + text[i + 1:]
    if op == 5:
        i = s.below(n)
        return text[:i] + text[i + 1:i + 2] + text[i:i + 1] + text[i + 2:]
    if op == 6:
        ch = chr(s.pick(ODD))
        i = s.below(n + 1)
        return text[:i] + ch + text[i:]
    if op == 7:
        return text[:-23] + text[-23:].replace("0", "O").replace("1", "L")
    if op == 8:
        return text.replace("-", "")
    return text + " " * s.below(250)
