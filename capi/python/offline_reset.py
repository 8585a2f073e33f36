"""offline_reset.h for Python, through ctypes. The header has the rules and the comments; the names here are its names without ORP_.

    >>> import hashlib, hmac, offline_reset as orp
    >>> lib = orp.load()
    >>> def hmac_by_root(epoch, message):             # your HSM or KMS, with the root key of this epoch
    ...     root = bytes.fromhex("afa22cc3d657925b40455d53a202a1e1685b50452bbb41fdcb065c78446bf01c")
    ...     return hmac.digest(root, message, hashlib.sha256)

    At the start, for each epoch: the right root is in its place.

    >>> message = (orp.c_uint8 * orp.ROOT_CHECK_MESSAGE_SIZE)()
    >>> orp.ok(lib.orp_root_check_message(0, message))
    >>> noted = bytes.fromhex("68055a72")             # of the root's ceremony; shown to the desk's operators
    >>> orp.ok(lib.orp_root_check(orp.array(hmac_by_root(0, bytes(message))), 0, orp.array(noted)))

    What a person sent is read, and its claim decides whose key is asked for:

    >>> sent = "4h0583bpag12345 80jm5 4yrwn dbzzc cyqf5".encode()
    >>> received, claim, detail = orp.Received(), orp.Challenge(), orp.c_uint32()
    >>> orp.ok(lib.orp_read(sent, len(sent), received, claim, detail), detail)
    >>> claim.serial, claim.epoch, orp.Purpose(claim.purpose).name
    (b'4H0583BPAG12345', 0, 'ACCOUNT_PASSWORD')

    Before the answer: quotas, the log, and whether this caller owns the device (SPEC.md section 12).

    >>> message = orp.text(lib.orp_root_message, claim.serial, len(claim.serial), size=orp.ROOT_MESSAGE_SIZE)
    >>> key, code = orp.Key(), (orp.c_char * orp.CODE_SIZE)()
    >>> orp.ok(lib.orp_key_take(key, orp.array(hmac_by_root(claim.epoch, message))))
    >>> orp.ok(lib.orp_answer(received, key, orp.Term.DYNAMIC_PASSWORD_10_MIN, code))
    >>> code.value
    b'1929-4926-8276'
    >>> orp.ok(lib.orp_key_wipe(key))

A struct or an array is passed as it is where the header has a pointer; None is NULL. Python copies and keeps bytes as it likes: what is
wiped here is what the library holds, not every copy of a secret.
"""
import ctypes
from ctypes import POINTER, Structure, c_char, c_char_p, c_int32, c_size_t, c_uint8, c_uint16, c_uint32, c_uint64
from enum import IntEnum, IntFlag

ABI = 1
DEVICE_SIZE, KEY_SIZE, RECEIVED_SIZE, ALIGN = 352, 96, 328, 8
KEY_BYTES, ENTROPY_SIZE, RECORD_SIZE, SLOTS_SIZE, NONCE_SIZE = 32, 32, 32, 64, 5
ROOT_MESSAGE_SIZE, SERIAL_SIZE, CHALLENGE_SIZE, CODE_SIZE = 26, 21, 45, 15
ROOT_CHECK_MESSAGE_SIZE, CHECK_SIZE, HANDLE_SIZE = 7, 4, 16
QR_SIZE, ADDRESS_SIZE, MASKED_SIZE, WORD_SIZE = 576, 255, 74, 10
MAX_CORRECTIONS, GRANT_SECONDS, OPEN_SECONDS = 4, 600, 10


class Status(IntEnum):
    OK, STORE, VERIFIED = 0, 1, 1522771260
    EMPTY, TOO_LONG, ALPHABET, WRONG_KIND, LENGTH, CHECK, VERSION, PURPOSE, RESERVED_BITS, PADDING = range(100, 110)
    UNKNOWN_VERSION, UNREADABLE, AMBIGUOUS, RESERVED_K, SERIAL, ADDRESS, MAIL_BIT, URL, EPOCH, CAP, UTF8 = range(110, 121)
    BLANK_KEY, DEMONSTRATION, KEY_CHECK = range(121, 124)
    TOO_SOON, BUSY, NO_CHALLENGE, EXPIRED, METHOD, WAITING, STOPPED, PENDING, STALE, STORE_FAILED = range(200, 210)
    POISONED, GRANT_EXPIRED, NO_GRANT, NONE_ON_FILE, NOT_PENDING = range(210, 215)
    REJECTED, NOT_GENUINE = 300, 301
    NULL, OVERLAP, MISALIGNED, SHORT_BUFFER, ARGUMENT, NOT_SET_UP, MOVED, WRONG_STEP = range(400, 408)


class LedgerState(IntEnum):
    LEDGER_GOOD, LEDGER_CONFLICT, LEDGER_LOST = range(3)


class SlotState(IntEnum):
    SLOT_BLANK, SLOT_DAMAGED, SLOT_VALID = range(3)


class Step(IntEnum):
    STEP_NONE, STEP_SHOW, STEP_COMPARE, STEP_GRANT, STEP_LOWER = range(5)


class Purpose(IntEnum):
    ACCOUNT_PASSWORD, UNLOCK_PATTERN, FACTORY_RESET = range(20, 23)


class Origin(IntEnum):
    LOCAL, NETWORK = range(10, 12)


class Methods(IntFlag):
    NO_METHOD, DYNAMIC_PASSWORD, SECURE_CODE, BOTH_METHODS = range(4)


class Term(IntEnum):
    DYNAMIC_PASSWORD_10_MIN, DYNAMIC_PASSWORD_1_H, DYNAMIC_PASSWORD_8_H, DYNAMIC_PASSWORD_24_H, DYNAMIC_PASSWORD_72_H = range(1, 6)
    SECURE_CODE_10_MIN, SECURE_CODE_1_H, SECURE_CODE_8_H, SECURE_CODE_24_H = range(6, 10)


class Language(IntEnum):
    ENGLISH, DUTCH = range(2)


class Device(Structure):
    _fields_ = [("opaque", c_uint64 * 44)]


class Key(Structure):
    _fields_ = [("opaque", c_uint64 * 12)]


class Received(Structure):
    _fields_ = [("opaque", c_uint64 * 41)]


class Policy(Structure):
    _fields_ = [("cap", c_uint32), ("local", c_int32), ("network", c_int32)]


class Loaded(Structure):
    _fields_ = [("ledger", c_int32), ("slot", c_int32 * 2), ("seq", c_uint32 * 2)]


class Info(Structure):
    _fields_ = [("resets", c_uint32), ("failures_local", c_uint32), ("failures_network", c_uint32), ("poisoned", c_uint32)]


class Record(Structure):
    _fields_ = [("slot", c_uint32), ("step", c_int32), ("bytes", c_uint8 * RECORD_SIZE), ("session", c_uint32)]


class Challenge(Structure):
    _fields_ = [("purpose", c_int32), ("origin", c_int32), ("header", c_uint16), ("epoch", c_uint8), ("address_on_file", c_uint8),
                ("serial", c_char * SERIAL_SIZE), ("nonce", c_uint8 * NONCE_SIZE), ("reserved", c_uint8 * 2)]


class Shown(Structure):
    _fields_ = [("challenge", Challenge), ("text", c_char * CHALLENGE_SIZE), ("reserved", c_uint8 * 3), ("standing", c_int32),
                ("wait", c_uint32), ("shown_at", c_uint64), ("expires_at", c_uint64)]


class Reset(Structure):
    _fields_ = [("origin", c_int32), ("purpose", c_int32), ("method", c_int32), ("resets", c_uint32), ("session", c_uint32)]


class Corrections(Structure):
    _fields_ = [("count", c_uint32), ("text", c_char * CHALLENGE_SIZE * MAX_CORRECTIONS)]


_STATUS = c_int32
_IN = (c_char_p, c_size_t)                                   # a text and its length
_OUT = (POINTER(c_char), c_size_t, POINTER(c_size_t))        # a buffer, its capacity, and the length that is written
_32 = POINTER(c_uint8 * 32)                                  # D, a root, entropy, a record
_SLOTS = POINTER(c_uint8 * SLOTS_SIZE)
_CHECK, _HANDLE = (POINTER(c_uint8 * size) for size in (CHECK_SIZE, HANDLE_SIZE))
_NUMBER = POINTER(c_uint32)
_DEVICE, _KEY, _RECEIVED, _RECORD = map(POINTER, (Device, Key, Received, Record))
_READ = (_STATUS, *_IN, _RECEIVED, POINTER(Challenge), _NUMBER)

FUNCTIONS = {  # what each returns, and its parameters
    "orp_version": (c_char_p,),
    "orp_abi": (c_uint32,),
    "orp_device_size": (c_size_t,),
    "orp_key_size": (c_size_t,),
    "orp_received_size": (c_size_t,),
    "orp_align": (c_size_t,),
    "orp_strerror": (c_char_p, c_int32),
    "orp_owner_text": (c_char_p, c_int32, c_int32),
    "orp_device_load": (_STATUS, _DEVICE, _32, *_IN, _CHECK, c_int32, POINTER(Policy), _SLOTS, c_uint64, POINTER(Loaded)),
    "orp_device_reload": (_STATUS, _DEVICE, _SLOTS, c_uint64, POINTER(Loaded)),
    "orp_device_info": (_STATUS, _DEVICE, POINTER(Info)),
    "orp_device_wipe": (_STATUS, _DEVICE),
    "orp_open": (_STATUS, _DEVICE, c_int32, c_int32, c_int32, _32, c_uint64, _SLOTS, _RECORD, POINTER(Shown), _NUMBER),
    "orp_show": (_STATUS, _DEVICE, _SLOTS, POINTER(Shown)),
    "orp_live": (_STATUS, _DEVICE, c_int32, c_uint64, POINTER(Shown)),
    "orp_qr": (_STATUS, _DEVICE, c_int32, c_uint64, *_IN, *_IN, *_OUT),
    "orp_mask": (_STATUS, *_IN, *_OUT),
    "orp_close_local": (_STATUS, _DEVICE, c_int32),
    "orp_withdraw": (_STATUS, _DEVICE),
    "orp_submit": (_STATUS, _DEVICE, c_int32, c_uint32, *_IN, c_uint64, _SLOTS, _RECORD, _NUMBER),
    "orp_compare": (_STATUS, _DEVICE, _SLOTS, _RECORD),
    "orp_grant": (_STATUS, _DEVICE, _SLOTS, _HANDLE),
    "orp_standing": (_STATUS, _DEVICE, c_int32, c_uint64, _NUMBER),
    "orp_grant_purpose": (_STATUS, _DEVICE, c_int32, _HANDLE, POINTER(c_int32)),
    "orp_grant_take": (_STATUS, _DEVICE, c_int32, _HANDLE, c_uint64, POINTER(Reset)),
    "orp_grant_drop": (_STATUS, _DEVICE, c_int32, _HANDLE),
    "orp_login": (_STATUS, _DEVICE, c_uint64, _SLOTS, _RECORD),
    "orp_allow_again": (_STATUS, _DEVICE, c_uint64, _SLOTS, _RECORD),
    "orp_lowered": (_STATUS, _DEVICE, _SLOTS),
    "orp_pending": (_STATUS, _DEVICE, _RECORD),
    "orp_finish": (_STATUS, _DEVICE, _SLOTS, _RECORD),
    "orp_abandon": (_STATUS, _DEVICE),
    "orp_root_message": (_STATUS, *_IN, POINTER(c_uint8), c_size_t, POINTER(c_size_t)),
    "orp_root_check_message": (_STATUS, c_int32, POINTER(c_uint8 * ROOT_CHECK_MESSAGE_SIZE)),
    "orp_root_check": (_STATUS, _32, c_int32, _CHECK),
    "orp_root_check_value": (_STATUS, _32, c_int32, _CHECK),
    "orp_root_derive": (_STATUS, _32, *_IN, _32),
    "orp_key_take": (_STATUS, _KEY, _32),
    "orp_key_wipe": (_STATUS, _KEY),
    "orp_read": _READ,
    "orp_read_typed": _READ,
    "orp_read_qr": _READ,
    "orp_canonical": (_STATUS, _RECEIVED, *_OUT),
    "orp_correct": (_STATUS, *_IN, POINTER(Corrections), _NUMBER),
    "orp_spell": (_STATUS, c_char, c_int32, POINTER(c_char * WORD_SIZE)),
    "orp_verify": (_STATUS, _RECEIVED, _KEY),
    "orp_answer": (_STATUS, _RECEIVED, _KEY, c_int32, POINTER(c_char * CODE_SIZE)),
    "orp_address": (_STATUS, _RECEIVED, _KEY, *_OUT),
    "orp_secure_code": (_STATUS, _RECEIVED, _KEY, c_int32, *_OUT, POINTER(c_char * CODE_SIZE)),
}
FACTORY = {"orp_genesis": (_STATUS, _32, *_IN, _32, _CHECK)}  # of a library built with the feature factory


class Refused(Exception):
    """A status that is not ORP_OK, and its detail, 0 where it has none."""

    def __init__(self, status, detail=0):
        name = next((known.name for known in Status if known == status), "unknown status")
        super().__init__(f"{name} ({status}), {detail}")
        self.status, self.detail = status, detail


def load(path="liboffline_reset.so.%d" % ABI):
    """The library, with its functions declared. An OSError if it is not to be found, or is of another ABI."""
    library = ctypes.CDLL(path)
    for name, (result, *parameters) in (FUNCTIONS | FACTORY).items():
        if name in FACTORY and not hasattr(library, name):
            continue
        function = getattr(library, name)
        function.restype, function.argtypes = result, parameters
    sizes = (library.orp_device_size(), library.orp_key_size(), library.orp_received_size(), library.orp_align())
    if library.orp_abi() != ABI or sizes != (DEVICE_SIZE, KEY_SIZE, RECEIVED_SIZE, ALIGN):
        raise OSError(f"{path} is of ABI {library.orp_abi()}, this module of {ABI}")
    return library


def ok(status, detail=None):
    """Nothing, if the status is ORP_OK."""
    if status != Status.OK:
        raise Refused(status, detail.value if detail is not None else 0)


def array(data):
    """Bytes as a C array, a copy."""
    return (c_uint8 * len(data)).from_buffer_copy(data)


def text(function, *arguments, size):
    """The bytes that a function writes as (buffer, capacity, length), at most `size`."""
    kind = function.argtypes[len(arguments)]._type_
    buffer, length = (kind * size)(), c_size_t()
    ok(function(*arguments, buffer, size, length))
    return bytes(buffer)[:length.value]
