"""SPEC 5: the header, and the registries of purposes and methods (SPEC 18.2, 18.3)."""
from errors import OrpError

LOCAL, NETWORK = 0, 1
ORIGINS = ["local", "network"]
LIMIT = {1: 600, 2: 3600, 3: 28800, 4: 86400, 5: 259200, 6: 600, 7: 3600, 8: 28800, 9: 86400}


def method(k):
    return "dynamic-password" if k <= 5 else "secure-code"


def header(purpose, epoch, origin, mail):
    return 1 << 14 | purpose << 11 | epoch << 8 | origin << 7 | mail << 6


def read_header(h):
    """HDR-2, HDR-3: (purpose, epoch, origin, mail) of 16 bits."""
    if h >> 14 != 1:
        raise OrpError("version", h >> 14)
    if h & 0x3F != 0:
        raise OrpError("reserved-bits")
    if (h >> 11) & 7 > 2:
        raise OrpError("purpose", (h >> 11) & 7)
    return (h >> 11) & 7, (h >> 8) & 7, (h >> 7) & 1, (h >> 6) & 1
