"""SPEC 11: the address on file, padded, tagged, sealed and masked."""
import prf
from errors import OrpError

SIZES = (32, 64, 128, 255)


LETTERS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
PLAIN = LETTERS | frozenset(b"0123456789")


def is_address(e):
    """EML-1."""
    if not 3 <= len(e) <= 254 or e.count(b"@") != 1:
        return False
    local, domain = e.split(b"@")
    labels = domain.split(b".")
    return (1 <= len(local) <= 64 and local[0] in PLAIN
            and all(part and set(part) <= PLAIN | set(b"_+-") for part in local.split(b"."))
            and all(1 <= len(x) <= 63 and set(x) <= PLAIN | set(b"-") and not x.startswith(b"-") and not x.endswith(b"-") for x in labels)
            and labels[-1][0] in LETTERS)


def check_address(e):
    if not is_address(e):
        raise OrpError("address")


def pad(e):
    """The smallest size that holds it; none when no size does."""
    for size in SIZES:
        if len(e) + 1 <= size:
            return prf.byte(len(e)) + e + bytes(size - 1 - len(e))
    return None


def mail_tag_mac(K, hdr, nonce, padded):
    return prf.F(K, prf.MAIL_TAG, prf.u16(hdr) + nonce + padded)


def stream_blocks(K, T, length):
    return [prf.F(K, prf.STREAM, prf.byte(i) + T) for i in range((length + 31) // 32)]


def xor_stream(K, T, data):
    return bytes(x ^ y for x, y in zip(data, b"".join(stream_blocks(K, T, len(data)))))


def seal_address(K, hdr, nonce, e):
    """(pad, MAC, T, sealed); e is none when no address is on file."""
    p = b"" if e is None else pad(e)
    mac = mail_tag_mac(K, hdr, nonce, p)
    return p, mac, mac[:16], xor_stream(K, mac[:16], p)


def open_address(K, hdr, nonce, T, sealed, mail):
    """QR-5, EML-3: the address, or none."""
    p = xor_stream(K, T, sealed)
    if mail_tag_mac(K, hdr, nonce, p)[:16] != T:
        raise OrpError("tag")
    if mail == 0:
        return None
    e = p[1:1 + p[0]]
    if pad(e) != p or not is_address(e):
        raise OrpError("address")
    return e


def mask(e):
    local, domain = e.decode("ascii").split("@")
    i = domain.rfind(".")
    suffix = domain[i:] if i >= 0 and len(domain[i:]) >= 3 else ""
    return local[0] + "***@" + domain[0] + "***" + suffix
