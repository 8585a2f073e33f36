"""keys.json"""
import prf
from vectorfile import VectorFile, sample


def generate():
    f = VectorFile("keys", "Device keys from root keys, SPEC 4.")
    f.group("DeviceKey")

    def case(comment, flags, rules, root, epoch, serial, want=None):
        f.case(comment, flags, rules, {"root": root, "epoch": epoch, "serial": serial},
               lambda: {"message": prf.root_message(serial), "deviceKey": prf.device_key(root, serial)}, want)

    R = sample("root 0")
    case("a recorder's serial", "Normal", "KEY-1", R, 0, "4H0583BPAG12345")
    case("shortest serial: one digit", "Boundary", "KEY-1 KEY-3", R, 0, "0")
    case("shortest serial: one letter", "Boundary", "KEY-1 KEY-3", R, 0, "Z")
    case("longest serial: 20 characters", "Boundary", "KEY-1 KEY-3", R, 0, "ABCDEFGHIJKLMNOPQRST")
    case("the remaining letters and all digits", "Normal", "KEY-1 KEY-3", R, 0, "UVWXYZ0123456789")
    case("O, I, L and U are themselves in a serial: fails an implementation that folds them to digits", "OneBug",
         "KEY-1 KEY-3", R, 0, "OILU")
    case("the digits that O, I and L would fold to: another key than that of OILU", "OneBug", "KEY-1", R, 0, "011U")
    case("another serial ending: one character apart from the first", "Normal", "KEY-1", R, 0, "4H0583BPAG12346")
    case("a serial that is the beginning of another: fails a derivation that pads or truncates", "OneBug", "KEY-1", R, 0,
         "4H0583BPAG1234")
    for epoch in range(1, 8):
        case(f"epoch {epoch} has its own root; the epoch itself is not in the message", "Normal", "KEY-1",
             sample(f"root {epoch}"), epoch, "4H0583BPAG12345")
    case("the same root under another epoch number gives the same key", "OneBug", "KEY-1", R, 7, "4H0583BPAG12345")
    case("a root of zeros", "Boundary", "KEY-1", bytes(32), 0, "4H0583BPAG12345")
    case("a root of ff bytes", "Boundary", "KEY-1", b"\xff" * 32, 0, "4H0583BPAG12345")
    case("a root beginning with zero bytes: fails a key handled as a number or as a C string", "OneBug", "KEY-1",
         bytes(4) + R[4:], 0, "4H0583BPAG12345")

    bad = [
        ("empty", "", "Boundary"),
        ("21 characters", "ABCDEFGHIJKLMNOPQRSTU", "Boundary"),
        ("64 characters: longer than a SHA-256 block leaves room for", "A" * 64, "Boundary"),
        ("300 characters", "7" * 300, "Boundary"),
        ("lower case", "4h0583bpag12345", "Malformed"),
        ("one lower-case letter at the end", "4H0583BPAG1234a", "Malformed"),
        ("a dash, as on some labels", "4H0583-BPAG123", "Malformed"),
        ("a space inside", "4H0583 BPAG123", "Malformed"),
        ("a space at the end", "4H0583BPAG12345 ", "Malformed"),
        ("a line feed at the end: fails a `$` that matches before it", "4H0583BPAG12345\n", "OneBug"),
        ("a zero byte inside", "4H0583\0PAG12345", "OneBug"),
        ("a zero byte at the end: fails C strings", "4H0583BPAG12345\0", "OneBug"),
        ("byte 0x01 at the end: would equal the message of a shorter serial's continuation", "4H0583BPAG12345\x01", "OneBug"),
        ("U+002F, just below the digits", "4H0583BPAG1234/", "Boundary"),
        ("U+003A, just above the digits", "4H0583BPAG1234:", "Boundary"),
        ("U+0040, just below the letters", "@H0583BPAG12345", "Boundary"),
        ("U+005B, just above the letters", "4H0583BPAG1234[", "Boundary"),
        ("underscore", "4H0583_PAG12345", "Malformed"),
        ("a letter with an accent", "4H0583\u00c9PAG12345", "Unicode"),
        ("a full-width letter: only challenge texts are folded", "\uff21H0583BPAG12345", "Unicode"),
        ("a full-width digit", "4H0583BPAG1234\uff15", "Unicode"),
        ("Arabic-Indic digits: fails a Unicode-aware isdigit", "4H0583BPAG1234\u0665", "Unicode OneBug"),
        ("Cyrillic A that looks like the Latin letter", "4H0583BP\u0410G12345", "Unicode"),
        ("dotless i", "4H0583BPAG1234\u0131", "Unicode"),
        ("a character beyond U+FFFF", "4H0583BPAG1234\U0001d7d3", "Unicode"),
        ("a soft hyphen inside: ignored in texts, not in a serial", "4H0583\u00adBPAG123", "Unicode"),
        ("a byte-order mark in front", "\ufeff4H0583BPAG12345", "Unicode"),
    ]
    for comment, serial, flags in bad:
        case("serial refused: " + comment, flags, "KEY-3", R, 0, serial, "serial")
    return f
