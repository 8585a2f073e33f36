"""SPEC 3 and 4: integers as bytes, HMAC, device keys, F and its domains."""
import hmac

from errors import OrpError

NONCE, TAG, CODE, MAIL_TAG, STREAM, SEAL = 1, 2, 3, 4, 5, 6     # SPEC 18.1

UPPER = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
DIGITS = frozenset("0123456789")
ALNUM = UPPER | DIGITS


def byte(n):
    return n.to_bytes(1, "big")


def u16(n):
    return n.to_bytes(2, "big")


def u32(n):
    return n.to_bytes(4, "big")


def u64(n):
    return n.to_bytes(8, "big")


def HMAC(key, message):
    assert len(key) == 32
    return hmac.digest(key, message, "sha256")


def F_message(t, m):
    return b"ORP1" + byte(t) + m


def F(K, t, m):
    return HMAC(K, F_message(t, m))


def check_serial(serial):
    """KEY-3."""
    if not 1 <= len(serial) <= 20 or not ALNUM.issuperset(serial):
        raise OrpError("serial")


def root_message(serial):
    check_serial(serial)
    return b"ORP1" + byte(0) + serial.encode("ascii") + byte(1)


def device_key(root, serial):
    return HMAC(root, root_message(serial))
