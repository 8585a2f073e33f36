"""keys.json"""
import prf
from vectorfile import VectorFile, sample


def generate():
    f = VectorFile("keys", "Device keys from root keys, SPEC 4.")
    f.group("DeviceKey")

    def case(comment, flags, rules, root, epoch, serial, want=None):
        f.case(comment, flags, rules, {"root": root, "epoch": epoch, "serial": serial},
               lambda: prf.take_root(root, epoch) or {"message": prf.root_message(serial), "deviceKey": prf.device_key(root, serial)}, want)

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
    for byte in (0, 255):
        root = bytes([byte]) * 32
        case(f"a root of 32 bytes {byte:02x} is none", "Malformed", "KEY-4", root, 0, "4H0583BPAG12345", "blank-key")
        case(f"a root of 31 bytes {byte:02x} and another byte is one", "Boundary", "KEY-4", root[:31] + b"\x01", 0, "4H0583BPAG12345")
        case(f"the first byte alone is not {byte:02x}", "Boundary", "KEY-4", b"\x01" + root[:31], 0, "4H0583BPAG12345")
    case("32 equal bytes 01 are a root: the two that erased and cleared memory give are refused", "Boundary", "KEY-4", b"\x01" * 32, 0, "4H0583BPAG12345")
    case("epoch 8", "Boundary", "KEY-6", R, 8, "4H0583BPAG12345", "epoch")
    case("epoch comes before a blank root", "Order", "KEY-6", bytes(32), 8, "4H0583BPAG12345", "epoch")
    case("a blank root comes before the serial", "Order", "KEY-4", bytes(32), 0, "", "blank-key")
    case("the public root", "Malformed", "KEY-5", prf.PUBLIC_ROOT, 0, "4H0583BPAG12345", "demonstration")
    case("the public root of another epoch", "Malformed", "KEY-5", prf.PUBLIC_ROOT, 7, "4H0583BPAG12345", "demonstration")
    case("the public root comes before the serial", "Order", "KEY-5", prf.PUBLIC_ROOT, 0, "", "demonstration")
    case("a serial for demonstrations", "Malformed", "KEY-5", R, 0, "ORPDEMO1", "demonstration")
    case("the shortest serial for demonstrations", "Boundary", "KEY-5", R, 0, "ORPDEMO", "demonstration")
    case("one letter less: a serial as any other", "Boundary", "KEY-5", R, 0, "ORPDEM")
    case("the letters elsewhere: a serial as any other", "Boundary", "KEY-5", R, 0, "1ORPDEMO")
    case("a serial for demonstrations that is too long", "Order", "KEY-3 KEY-5", R, 0, "ORPDEMO" + "1" * 14, "serial")
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
    checks(f)
    return f


def checks(f):
    """KEY-4 to KEY-6: keys that are refused, and check values."""
    R, serial = sample("root 0"), "4H0583BPAG12345"
    K = prf.device_key(R, serial)
    demo = prf.demonstration_key("ORPDEMO1")
    f.group("TakeKey")
    for comment, key, want in [
            ("a key", K, None), ("zeros", bytes(32), "blank-key"), ("ff bytes", b"\xff" * 32, "blank-key"), ("zeros but for the last bit", bytes(31) + b"\x01", None),
            ("ff bytes but for the first bit", b"\x7f" + b"\xff" * 31, None), ("32 equal bytes 5a", b"\x5a" * 32, None)]:
        f.case(comment, "Malformed" if want else "Boundary", "KEY-4", {"deviceKey": key}, lambda: prf.take_key(key) or {}, want)

    f.group("RootCheck")

    def root(comment, flags, rules, root, epoch=0, expected=None, mac=None, want=None):
        if mac is None:
            mac = prf.HMAC(root, b"ORP1" + bytes([9, epoch, 1]))
        expected = mac[:4] if expected is None else expected
        f.case(comment, flags, rules, {"root": root, "epoch": epoch, "mac": mac, "expected": expected},
               lambda: prf.check_root(mac, epoch, expected) or {"message": prf.root_check_message(epoch)}, want)

    for epoch in range(8):
        root(f"epoch {epoch}", "Normal", "KEY-6", sample(f"root {epoch}"), epoch)
    root("epoch 8", "Boundary", "KEY-6", R, 8, want="epoch")
    root("the root of another epoch in this slot", "Binding", "KEY-6", sample("root 1"), 0, prf.HMAC(R, prf.root_check_message(0))[:4], want="key-check")
    root("the right root, the value noted for another epoch", "Binding OneBug", "KEY-6", R, 1, prf.HMAC(R, prf.root_check_message(0))[:4], want="key-check")
    good = prf.HMAC(R, prf.root_check_message(0))
    for bit in (0, 7, 24, 31):
        root(f"bit {bit} of the expected value", "Boundary", "KEY-6", R, expected=bytes(x ^ (0x80 >> bit % 8 if i == bit // 8 else 0) for i, x in enumerate(good[:4])), want="key-check")
    root("the message of a device's key in its place", "OneBug", "KEY-6", R, mac=prf.HMAC(R, prf.root_message(serial)), expected=good[:4], want="key-check")
    for byte in (0, 255):
        blank = bytes([byte]) * 32
        root(f"a token whose root is 32 bytes {byte:02x}", "Malformed", "KEY-4 KEY-6", blank, want="blank-key")
        root(f"a token that gives 32 bytes {byte:02x}", "Malformed", "KEY-4 KEY-6", None, mac=blank, want="blank-key")
        root(f"a blank root comes before the value: {byte:02x}", "Order", "KEY-4 KEY-6", blank, expected=bytes(4), want="blank-key")
    root("the public root", "Malformed", "KEY-5 KEY-6", prf.PUBLIC_ROOT, 3, want="demonstration")
    root("the public root comes before the value", "Order", "KEY-5 KEY-6", prf.PUBLIC_ROOT, 3, expected=bytes(4), want="demonstration")

    f.group("DeviceCheck")

    def device(comment, flags, rules, key=K, serial=serial, check=None, want=None):
        check = prf.F(key, prf.KEY_CHECK, serial.encode())[:4] if check is None else check
        f.case(comment, flags, rules, {"deviceKey": key, "serial": serial, "check": check}, lambda: prf.check_device(key, serial, check) or {
            "message": prf.F_message(prf.KEY_CHECK, serial.encode()), "mac": prf.F(key, prf.KEY_CHECK, serial.encode())}, want)

    device("a device", "Normal", "KEY-6")
    for serial_ in ("7", "9876543210ZYXWVUTSRQ"):
        device(f"a serial of {len(serial_)}", "Boundary", "KEY-6", prf.device_key(R, serial_), serial_)
    value = prf.key_check(K, serial)
    for bit in (0, 9, 31):
        device(f"bit {bit} of the check value", "Boundary", "KEY-6", check=bytes(x ^ (0x80 >> bit % 8 if i == bit // 8 else 0) for i, x in enumerate(value)), want="key-check")
    for bit in (0, 255):
        device(f"flash has changed bit {bit} of the key", "OneBug", "KEY-6", bytes(x ^ (0x80 >> bit % 8 if i == bit // 8 else 0) for i, x in enumerate(K)), check=value, want="key-check")
    device("the key and the value of a device with another serial", "Binding", "KEY-6", serial="4H0583BPAG12346", check=value, want="key-check")
    for byte in (0, 255):
        device(f"the key reads as 32 bytes {byte:02x}", "Malformed", "KEY-4 KEY-6", bytes([byte]) * 32, want="blank-key")
        device(f"a blank key comes before the serial: {byte:02x}", "Order", "KEY-4 KEY-6", bytes([byte]) * 32, "", want="blank-key")
    device("a serial that is none", "Malformed", "KEY-3 KEY-6", serial="4H0583-BPAG123", want="serial")
    device("a serial for demonstrations, with its key", "Malformed", "KEY-5 KEY-6", demo, "ORPDEMO1", want="demonstration")
    device("a serial for demonstrations, with another key", "Malformed", "KEY-5 KEY-6", K, "ORPDEMO1", want="demonstration")
    device("a key that the public root gives for a serial as any other", "Malformed OneBug", "KEY-5 KEY-6", prf.HMAC(prf.PUBLIC_ROOT, prf.root_message(serial)), want="demonstration")
    device("the same, and another value: demonstration comes first", "Order", "KEY-5 KEY-6", prf.HMAC(prf.PUBLIC_ROOT, prf.root_message(serial)), check=value, want="demonstration")

    f.group("DemonstrationKey")
    for comment, s, want in [("the shortest", "ORPDEMO", None), ("one more", "ORPDEMO1", None), ("20 characters", "ORPDEMO0123456789ABC", None), ("21 characters", "ORPDEMO0123456789ABCD", "serial"),
                             ("any other serial", serial, "demonstration"), ("the letters elsewhere", "1ORPDEMO", "demonstration"), ("lower case", "orpdemo1", "serial")]:
        f.case(comment, "Boundary", "KEY-5", {"serial": s}, lambda: {"deviceKey": prf.demonstration_key(s)}, want)
