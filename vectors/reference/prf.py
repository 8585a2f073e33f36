"""SPEC 3 and 4: integers as bytes, HMAC, device keys, F and its domains."""
import hmac

from errors import OrpError

NONCE, TAG, CODE, MAIL_TAG, STREAM, SEAL, HANDLE, KEY_CHECK, ROOT_CHECK = range(1, 10)     # SPEC 18.1
PUBLIC_ROOT = b"ORP1 PUBLIC ROOT FOR DEMOS ONLY."
RESERVED = "ORPDEMO"
BLANKS = (bytes(32), b"\xff" * 32)

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


def message_of(serial):
    check_serial(serial)
    return b"ORP1" + byte(0) + serial.encode("ascii") + byte(1)


def root_message(serial):
    message = message_of(serial)
    if serial.startswith(RESERVED):
        raise OrpError("demonstration")
    return message


def device_key(root, serial):
    return HMAC(root, root_message(serial))


def take_root(root, epoch):
    """KEY-4, KEY-5: a root in memory."""
    if epoch > 7:
        raise OrpError("epoch")
    take_key(root)
    if root == PUBLIC_ROOT:
        raise OrpError("demonstration")


def take_key(K):
    if K in BLANKS:
        raise OrpError("blank-key")


def root_check_message(epoch):
    if epoch > 7:
        raise OrpError("epoch")
    return b"ORP1" + byte(ROOT_CHECK) + byte(epoch) + byte(1)


def check_root(mac, epoch, expected):
    """KEY-6, at the desk's start."""
    m = root_check_message(epoch)
    if mac in BLANKS or mac in [HMAC(blank, m) for blank in BLANKS]:
        raise OrpError("blank-key")
    if mac == HMAC(PUBLIC_ROOT, m):
        raise OrpError("demonstration")
    if mac[:4] != expected:
        raise OrpError("key-check")


def key_check(K, serial):
    return F(K, KEY_CHECK, serial.encode("ascii"))[:4]


def check_device(K, serial, check):
    """KEY-6, at every start of the device."""
    take_key(K)
    if K == HMAC(PUBLIC_ROOT, root_message(serial)):
        raise OrpError("demonstration")
    if key_check(K, serial) != check:
        raise OrpError("key-check")


def demonstration_key(serial):
    """KEY-5."""
    message = message_of(serial)
    if not serial.startswith(RESERVED):
        raise OrpError("demonstration")
    return HMAC(PUBLIC_ROOT, message)
