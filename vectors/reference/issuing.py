"""SPEC 12: what a desk may have once the tag or T was verified."""
from codes import code_digits
from errors import OrpError
from header import method


def answer(K, C, k):
    """C: a typed challenge or a QR, verified under K."""
    return code_digits(K, k, C.hdr, C.nonce)


def secure_code(K, Q, address, k):
    """Q: a QR that verify_qr accepted, and the address that it gave."""
    if not 1 <= k <= 9:
        raise OrpError("reserved-k")
    if address is None:
        raise OrpError("none-on-file")
    if method(k) != "secure-code":
        raise OrpError("method")
    return address, answer(K, Q, k)
