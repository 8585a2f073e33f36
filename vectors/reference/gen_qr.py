"""qr.json"""
import prf
from address import mail_tag_mac, seal_address, xor_stream
from challenge import CROCKFORD
from gen_challenge import D, SERIAL
from gen_email import address_of, not_canonical
from header import ORIGINS, header
from qr import base32, payload, read_qr, verify_qr, write_qr
from vectorfile import VectorFile, sample

NONCE = sample("nonce", 5)
URL = "HTTPS://RESET.EXAMPLE.COM/R/"
ADDRESS = "jan.de.vries@example.nl"
PLAIN = header(0, 0, 0, 0)
MAIL = header(0, 0, 0, 1)


def made(hdr=PLAIN, e=None, serial=SERIAL, nonce=NONCE, K=D):
    _, _, T, sealed = seal_address(K, hdr, nonce, e)
    return payload(serial, hdr, nonce, T, sealed)


def generate():
    f = VectorFile("qr", "QR payloads and texts, SPEC 11.")
    write_cases(f)
    read_cases(f)
    verify_cases(f)
    return f


def write_cases(f):
    f.group("QrWrite")

    def case(comment, flags, rules, address=None, prefix="ORP1:", serial=SERIAL, purpose=0, epoch=0, origin=0, mail=None, nonce=NONCE, want=None):
        mail = (address is not None) if mail is None else mail

        def compute():
            e = None if address is None else address.encode("utf-8")
            hdr, p, mac, T, sealed, data, text = write_qr(D, serial, purpose, epoch, origin, mail, nonce, e, prefix)
            return {"hdr": prf.u16(hdr), "pad": p, "tagMac": mac, "T": T, "sealed": sealed, "payload": data, "text": text}
        f.case(comment, flags, rules, {"deviceKey": D, "serial": serial, "purpose": purpose, "epoch": epoch, "origin": ORIGINS[origin],
                                       "mail": mail, "nonce": nonce, "address": address, "prefix": prefix}, compute, want)

    case("no address, for the app", "Normal", "QR-1 QR-2")
    case("no address, for any camera", "Normal", "QR-1 QR-2", prefix=URL)
    case("an address, for the app", "Normal", "QR-1 EML-2", ADDRESS)
    case("an address, for any camera", "Normal", "QR-1 QR-2 EML-2", ADDRESS, URL)
    case("every header field", "Normal", "QR-1 HDR-1", ADDRESS, purpose=2, epoch=7, origin=1)
    for n in (1, 2, 3, 4, 5, 6, 7, 8):
        case(f"a serial of {n}: another number of bits left over in base32", "Boundary", "QR-1", serial=SERIAL[:n])
    case("the longest text: serial of 20, address of 254, URL of 96", "Boundary", "QR-1 QR-2", address_of(254).decode(), "HTTPS://" + "A" * 87 + "/", "Z" * 20)
    case("the shortest URL", "Boundary", "QR-2", prefix="HTTPS://A/")
    case("a URL that is a slash between: one character is enough", "Boundary", "QR-2", prefix="HTTPS:////")
    case("every character a URL may have", "Boundary", "QR-2", prefix="HTTPS://A-Z.09:443/A//B-.:/")
    for comment, prefix in [
            ("empty", ""), ("nothing between", "HTTPS://"), ("nothing between, then a slash", "HTTPS:///"), ("http", "HTTP://A.NL/"), ("lower case", "https://a.nl/"),
            ("one lower-case letter", "HTTPS://a.NL/"), ("no slash at the end", "HTTPS://A.NL"), ("97 characters", "HTTPS://" + "A" * 88 + "/"),
            ("a query", "HTTPS://A.NL/?C="), ("a fragment", "HTTPS://A.NL/#/"), ("a percent sign: QR could, the rule does not", "HTTPS://A.NL/%20/"),
            ("a dollar sign", "HTTPS://A.NL/$/"), ("a plus", "HTTPS://A.NL/+/"), ("an asterisk", "HTTPS://*.NL/"), ("a space", "HTTPS://A NL/"),
            ("an underscore", "HTTPS://A_B.NL/"), ("a letter with an accent", "HTTPS://\u00c9.NL/"), ("full width", "HTTPS://\uff21.NL/"), ("a line feed at the end", "HTTPS://A.NL/\n"),
            ("white space in front", " HTTPS://A.NL/"), ("another app prefix", "ORP2:"), ("the app prefix in lower case", "orp1:"), ("the app prefix without colon", "ORP1")]:
        case("URL refused: " + comment, "Malformed", "QR-2 QR-1", prefix=prefix, want="url")
    case("an address without the mail bit", "Malformed", "EML-2", ADDRESS, mail=False, want="mail-bit")
    case("the mail bit without an address", "Malformed", "EML-2", None, mail=True, want="mail-bit")
    for comment, address in [("two characters", "a@"), ("255 bytes", "a" * 249 + "@b.com"), ("no @", "jan.example.nl"), ("@ first", "@example.nl"), ("a space", "jan @example.nl"), ("a dash first", "-jan@example.nl"), ("two mailboxes", "jan,v@example.nl"),
                             ("markup", "jan@b.<b>")]:
        case("address refused: " + comment, "Malformed", "EML-1", address, want="address")
    for comment, serial in [("none", ""), ("21 characters", "A" * 21), ("lower case", "abc"), ("a dash", "A-B")]:
        case("serial refused: " + comment, "Malformed", "KEY-3", serial=serial, want="serial")


def read_cases(f):
    f.group("QrRead")

    def case(comment, flags, rules, text, want=None):
        def compute():
            q = read_qr(text)
            return {"serial": q.serial, "hdr": prf.u16(q.hdr), "nonce": q.nonce, "T": q.T, "sealed": q.sealed}
        f.case(comment, flags, rules, {"text": text}, compute, want)

    def raw(comment, data, want=None, flags="Malformed", rules="QR-3"):
        case(comment, flags, rules, "ORP1:" + base32(data), want)

    P = made()
    B = base32(P)
    M = made(MAIL, ADDRESS.encode())
    case("for the app", "Normal", "QR-1 QR-3", "ORP1:" + B)
    case("by URL", "Normal", "QR-1 QR-3", URL + B)
    case("with an address", "Normal", "QR-1 QR-3", "ORP1:" + base32(M))
    case("prefix and payload in lower case", "Tolerance", "QR-3", "orp1:" + B.lower())
    case("a URL in mixed case", "Tolerance", "QR-3", "https://Reset.example.com/r/" + B.lower())
    case("a URL that no writer would write: the reader looks at its ends alone", "Tolerance", "QR-3", "HTTPS://\u00e9.nl/?a=b/" + B)
    case("a URL without a host", "Tolerance", "QR-3", "HTTPS://" + B)
    case("ASCII white space at both ends", "Tolerance", "QR-3", "\t\n\v\f\r ORP1:" + B + " \r\n")
    for serial in ("7", "9876543210ZYXWVUTSRQ"):
        raw(f"a serial of {len(serial)}", made(serial=serial), flags="Boundary")
    for length in (3, 31, 32, 63, 64, 127, 128, 254):
        raw(f"an address of {length} bytes", made(MAIL, address_of(length)), flags="Boundary")
    raw("the longest payload: 299 bytes, 479 symbols", made(MAIL, address_of(254), "Z" * 20), flags="Boundary")
    longest = base32(made(MAIL, address_of(254), "Z" * 20))
    case("640 bytes", "Boundary", "QR-3", " " * (640 - 5 - 479) + "ORP1:" + longest)
    case("641 bytes", "Boundary", "QR-3", " " * (641 - 5 - 479) + "ORP1:" + longest, ("too-long", 640))
    case("214 em spaces are 642 bytes", "Boundary Unicode", "QR-3", "\u2003" * 214, ("too-long", 640))
    case("5,000 characters", "Boundary", "QR-3 ERR-1", "ORP1:" + "0" * 5000, ("too-long", 640))
    case("empty", "Malformed", "QR-3", "", "empty")
    case("white space only", "Malformed", "QR-3", " \t\r\n", "empty")
    case("a no-break space is not ASCII white space", "Unicode", "QR-3 QR-4", "\u00a0ORP1:" + B, "unknown-version")
    case("U+001C is white space to some languages, not here", "Unicode OneBug", "QR-3", "ORP1:" + B + "\x1c", ("alphabet", 5 + len(B)))
    case("U+0085 at the end is not ASCII white space", "Unicode OneBug", "QR-3", "ORP1:" + B + "\x85", ("alphabet", 5 + len(B)))
    for text in ("ORP2:" + B, "ORP0:" + B, "ORP:" + B, "ORP1" + B, B, "http://a.nl/" + B, "HTTPS:/" + B, "WIFI:T:WPA;;", "ORP1 :" + B, "-ORP1:" + B, "\ufeffORP1:" + B, "O\u200bRP1:" + B,
                 "\uff2fRP1:" + B, "OR\u017f1:" + B, "HTTP\u017f://A/" + B):
        case(f"another prefix: {ascii(text[:9])}", "Malformed", "QR-4", text, "unknown-version")
    for ch in "OILUoilu-?*%+ \t":
        case(f"{ch!r} in the payload: nothing is forgiven", "Malformed", "QR-3", "ORP1:" + B[:10] + ch + B[11:], ("alphabet", 15))
    case("a full-width digit in the payload", "Unicode", "QR-3", "ORP1:" + B[:10] + "\uff10" + B[11:], ("alphabet", 15))
    case("long s: upper-cases to S in Unicode", "Unicode OneBug", "QR-3", "ORP1:" + B[:10] + "\u017f" + B[11:], ("alphabet", 15))
    case("Kelvin sign: lower-cases to k", "Unicode OneBug", "QR-3", "ORP1:" + B[:10] + "\u212a" + B[11:], ("alphabet", 15))
    case("the position counts characters of the text as given", "Unicode", "QR-3", " \n" + "HTTPS://\U0001d400\u00e9/" + B[:4] + "?" + B[5:], ("alphabet", 17))
    case("a query behind the payload", "Malformed", "QR-3", URL + B + "?X", ("alphabet", len(URL) + len(B)))
    case("a slash behind the payload: nothing follows it", "Malformed", "QR-3", URL + B + "/", ("length", 0))
    case("no payload, app", "Boundary", "QR-3", "ORP1:", ("length", 0))
    case("no payload, URL", "Boundary", "QR-3", "HTTPS://", ("length", 0))
    case("480 symbols", "Boundary", "QR-4", "ORP1:" + "0" * 480, "unknown-version")
    case("480 symbols, one wrong: alphabet", "Order", "QR-3", "ORP1:" + "0" * 479 + "O", ("alphabet", 484))
    case("481 symbols", "Order", "QR-4", "ORP1:" + "0" * 481, "unknown-version")
    for n in (1, 3, 6, 9, 11, 14, len(B) + (-len(B)) % 8 + 1):
        case(f"{n} symbols: no whole number of bytes", "Boundary", "QR-3", "ORP1:" + (B + B)[:n], ("length", n))
    case("1 in the bits behind the last byte", "Boundary", "QR-3", "ORP1:" + pad_bits(made(serial="AB")), "padding")
    case("1 in the highest of the bits behind the last byte", "Boundary", "QR-3", "ORP1:" + pad_bits(made(serial="ABC"), high=True), "padding")
    case("padding comes before the header", "Order", "QR-3", "ORP1:" + "01", "padding")
    raw("7 bytes", P[:7], ("length", 12), "Boundary")
    for n in (2, 6, 7):
        for name, hdr in (("version", 2 << 14), ("reserved-bits", 1 << 14 | 1), ("purpose", 1 << 14 | 3 << 11)):
            p = prf.u16(hdr) + P[2:n]
            raw(f"{n} bytes with a bad header ({name}): the length comes first", p, ("length", len(base32(p))), "Order")
    for n in (31, 33, 256):
        p = made(MAIL)[:8] + b"a" + made(MAIL)[9:8 + len(SERIAL) + 16] + bytes(n)
        raw(f"the serial's characters before {n} bytes sealed with the mail bit", p, "serial", "Order")
    raw("8 bytes: a serial length and no serial", P[:8], ("length", 13), "Boundary")
    raw("one byte of T is missing", P[:-1], ("length", len(base32(P[:-1]))), "Boundary")
    raw("one byte more than no address needs", P + b"\0", "unknown-version", "Boundary", "QR-4")
    raw("32 bytes sealed without the mail bit", P + bytes(32), "unknown-version", "Malformed", "QR-4 QR-1")
    for n in (0, 1, 31, 33, 63, 65, 127, 129, 254):
        data = made(MAIL)[:8 + len(SERIAL) + 16] + bytes(n)
        raw(f"{n} bytes sealed with the mail bit", data, ("length", len(base32(data))), "Boundary", "QR-3 QR-1")
    for n in (256, 260):
        raw(f"{n} bytes sealed with the mail bit, within 479 symbols", made(MAIL)[:7] + b"\x01A" + bytes(16) + bytes(n), "unknown-version", "Boundary", "QR-4")
    for n in (0, 21, 255):
        raw(f"a serial length of {n}", P[:7] + bytes([n]) + P[8:], "serial", "Boundary")
    raw("a serial length of 0, nothing behind it", P[:7] + b"\0", "serial", "Order")
    raw("a serial length of 20 in a payload for 15", P[:7] + bytes([20]) + P[8:], ("length", len(B)), "Boundary")
    raw("a serial length of 14: the rest is one byte too long", P[:7] + bytes([14]) + P[8:], "unknown-version", "Boundary", "QR-4")
    for b in b"a-\0/:@[\x80\xff":
        raw(f"byte {b:02x} in the serial", P[:8] + bytes([b]) + P[9:], "serial")
    raw("the last byte of the serial is lower case", P[:8 + 14] + b"z" + P[8 + 15:], "serial")
    for v in (0, 2, 3):
        raw(f"version {v}", prf.u16(PLAIN ^ 1 << 14 | v << 14) + P[2:], ("version", v), "Boundary", "HDR-2 QR-3")
    for p in range(3, 8):
        raw(f"purpose {p}", prf.u16(PLAIN | p << 11) + P[2:], ("purpose", p), "Boundary", "HDR-2 QR-3")
    for bit in range(6):
        raw(f"zero bit {bit} of the header is set", prf.u16(PLAIN | 1 << bit) + P[2:], "reserved-bits", "Boundary", "HDR-3 QR-3")
    raw("version before reserved bits and purpose", prf.u16(3 << 14 | 7 << 11 | 1) + P[2:], ("version", 3), "Order", "HDR-2 HDR-3")
    raw("reserved bits before purpose", prf.u16(1 << 14 | 7 << 11 | 1) + P[2:], "reserved-bits", "Order", "HDR-2 HDR-3")
    raw("header before serial", prf.u16(2 << 14) + P[2:7] + b"\0" + P[8:], ("version", 2), "Order")
    raw("serial length before total length", P[:7] + bytes([21]), "serial", "Order")
    raw("total length before the serial's characters", P[:7] + bytes([20]) + b"a" * 30, ("length", len(base32(bytes(38)))), "Order")
    raw("the serial's characters before what follows T", P[:8] + b"a" + P[9:] + b"\0", "serial", "Order")


def pad_bits(data, high=False):
    left = 5 * len(base32(data)) - 8 * len(data)
    b = base32(data)
    return b[:-1] + CROCKFORD[CROCKFORD.index(b[-1]) | (1 << (left - 1) if high else 1)]


def verify_cases(f):
    f.group("QrVerify")

    def case(comment, flags, rules, data, K=D, want=None):
        text = "ORP1:" + base32(data)
        q = read_qr(text)

        def compute():
            e = verify_qr(K, q)
            return {"address": None if e is None else e.decode("ascii")}
        f.case(comment, flags, rules, {"deviceKey": K, "text": text}, compute, want)

    P, M = made(), made(MAIL, ADDRESS.encode())
    at = 8 + len(SERIAL)
    case("no address", "Normal", "QR-5 ISS-1", P)
    case("an address", "Normal", "QR-5 EML-3", M)
    for length in (3, 31, 32, 63, 64, 127, 128, 254):
        case(f"an address of {length} bytes", "Boundary", "QR-5 EML-3", made(MAIL, address_of(length)))
    flip = lambda data, i, bit=1: data[:i] + bytes([data[i] ^ bit]) + data[i + 1:]
    for i in range(16):
        case(f"byte {i} of T, no address", "Forged", "QR-5", flip(P, at + i, 1 << i % 8), want="tag")
        case(f"byte {i} of T, with an address", "Forged", "QR-5", flip(M, at + i, 0x80 >> i % 8), want="tag")
    for i in (0, 1, 5, 23, 31):
        case(f"byte {i} of what is sealed: the address cannot be altered", "Forged", "QR-5", flip(M, at + 16 + i), want="tag")
    for i in range(2, 7):
        case(f"byte {i - 2} of the nonce", "Forged Binding", "QR-5", flip(P, i), want="tag")
    for name, bit in (("purpose", 1 << 3), ("epoch", 1)):
        case(f"another {name}", "Forged Binding", "QR-5", flip(P, 0, bit), want="tag")
    case("the other origin", "Forged Binding", "QR-5", flip(P, 1, 0x80), want="tag")
    case("the mail bit removed together with the sealed address: 'an address exists' cannot be removed", "Forged", "QR-5 EML-2",
         flip(M, 1, 0x40)[:at + 16], want="tag")
    case("the mail bit set and 32 bytes added", "Forged", "QR-5 EML-2", flip(P, 1, 0x40) + bytes(32), want="tag")
    case("32 bytes added that the stream turns into zeros", "Forged", "QR-5", flip(P, 1, 0x40) + xor_stream(D, P[at:at + 16], bytes(32)), want="tag")
    case("the sealed address of another nonce", "Forged", "QR-5", M[:at] + made(MAIL, b"thief@example.nl", nonce=sample("other", 5))[at:], want="tag")
    case("the address sealed under another device's key", "Forged", "QR-5", M[:at] + made(MAIL, b"thief@example.nl", K=sample("another key"))[at:], want="tag")
    case("read under another device's key", "Binding", "QR-5", M, sample("another key"), "tag")
    case("the MAC's last 16 bytes as T", "OneBug", "QR-5", P[:at] + mail_tag_mac(D, PLAIN, NONCE, b"")[16:], want="tag")
    case("T made by F(0x02)", "OneBug", "QR-5", P[:at] + prf.F(D, prf.TAG, P[:7])[:16], want="tag")
    for comment, p in not_canonical():
        T = mail_tag_mac(D, MAIL, NONCE, p)[:16]
        case(comment + ": T is right, the address is refused", "OneBug", "EML-3", payload(SERIAL, MAIL, NONCE, T, xor_stream(D, T, p)), want="address")
