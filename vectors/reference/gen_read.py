"""challenge_read.json: what a reader forgives, and what it refuses, where and in which order."""
import prf
from challenge import (CROCKFORD, VALUE, check_symbols, first20, read_challenge, symbols14, tag_mac, verify_challenge,
                       write_challenge, write_text)
from codes import code_digits
from gen_challenge import D, SERIAL
from header import header
from text import SEPARATOR_POINTS
from vectorfile import VectorFile, sample

NONCE = sample("nonce", 5)


def written(serial=SERIAL, hdr=None, nonce=NONCE, K=D):
    hdr = header(0, 0, 0, 0) if hdr is None else hdr
    return write_challenge(serial, hdr, nonce, first20(tag_mac(K, hdr, nonce)))


def with_symbols(serial, v14):
    return write_text(serial, v14 + check_symbols(serial, v14))


def generate():
    f = VectorFile("challenge_read", "Typed challenges as a vendor reads and verifies them, SPEC 6.3 and 18.5.")
    f.group("ChallengeRead")

    def case(comment, flags, rules, text, want=None):
        def compute():
            c = read_challenge(text)
            return {"serial": c.serial, "hdr": prf.u16(c.hdr), "nonce": c.nonce, "tag": c.tag, "canonical": c.text()}
        f.case(comment, flags, rules, {"text": text}, compute, want)

    accepted(case)
    bounds(case)
    refused(case)
    headers(case)
    verify(f)
    return f


def full_width(text):
    return "".join(chr(ord(ch) + 0xFEE0) if "!" <= ch <= "~" else ch for ch in text)


def accepted(case):
    T = written()
    plain = T.replace("-", "")
    ok = lambda comment, text, flags="Tolerance": case(comment, flags, "CHL-5 CHL-6", text)
    case("as written", "Normal", "CHL-5 CHL-7", T)
    ok("lower case", T.lower())
    ok("mixed case", "".join(c.lower() if i % 2 else c for i, c in enumerate(T)))
    ok("all dashes lost", plain)
    ok("dashes elsewhere", plain[:7] + "-" + plain[7:20] + "---" + plain[20:] + "-")
    ok("groups of four", " ".join(plain[i:i + 4] for i in range(0, len(plain), 4)))
    ok("a dash after every character", "-".join(plain))
    ok("full-width throughout, dashes too", full_width(T), "Tolerance Unicode")
    ok("full-width lower case", full_width(T.lower()), "Tolerance Unicode")
    ok("line breaks as an e-mail wraps", T[:16] + "\r\n" + T[16:] + "\n")
    for s in ("O", "I", "L"):
        digit = {"O": "0", "I": "1", "L": "1"}[s]
        t = next(t for t in (written(nonce=sample(f"{s} {i}", 5)) for i in range(10**6))
                 if t[-5:].find(digit) >= 0 and t[16:20].find(digit) >= 0)
        head, tail = t[:-23], t[-23:]
        ok(f"{s} for every {digit} of the symbols", head + tail.replace(digit, s))
        ok(f"lower-case {s.lower()} for every {digit} of the symbols", head + tail.replace(digit, s.lower()))
    ok("a serial with O, I, L and U stays as it is; read as digits there it would not check", written("OILU0110"), "OneBug")
    ok("a serial of one letter U", written("U"), "Boundary")
    ok("a serial of one digit: 21 characters", written("7"), "Boundary")
    ok("a serial of 20 characters: 40 characters", written("9876543210ZYXWVUTSRQ"), "Boundary")
    ok("a serial ending in symbols: the border is counted from the end, not at the first dash", written("AB") [:1] + "-" + written("AB")[1:], "OneBug")
    for cp in SEPARATOR_POINTS:
        text = T[:4] + chr(cp) + T[4:22] + chr(cp) + T[22:]
        case(f"separator U+{cp:04X} in the serial and among the symbols", "Tolerance Unicode", "CHL-5", text)


def bounds(case):
    T = written()
    n = len(T)
    case("256 bytes", "Boundary", "CHL-4", T + " " * (256 - n))
    case("256 bytes, em spaces of three bytes", "Boundary Unicode", "CHL-4", T + "\u2003" * ((256 - n) // 3) + " " * ((256 - n) % 3))
    case("257 bytes", "Boundary", "CHL-4 CHL-7", T + " " * (257 - n), ("too-long", 256))
    case("86 em spaces are 258 bytes: bytes count, not characters", "Boundary Unicode OneBug", "CHL-4", "\u2003" * 86, ("too-long", 256))
    case("64 characters of four bytes, 256 bytes, then nothing left", "Boundary Unicode", "CHL-4 CHL-7", "\U00010d6e" * 64, "empty")
    case("65 characters of four bytes", "Boundary Unicode", "CHL-4", "\U00010d6e" * 65, ("too-long", 256))
    case("100 times the limit", "Boundary", "CHL-4 ERR-1", "A" * 25600, ("too-long", 256))
    case("too long and full of wrong characters", "Order", "CHL-4 CHL-7", "?" * 257, ("too-long", 256))
    case("256 bytes, each a wrong character", "Boundary", "CHL-4 CHL-7", "?" * 256, ("alphabet", 0))
    case("256 bytes of letters", "Boundary", "CHL-7", "A" * 256, ("length", 256))


def refused(case):
    T = written()
    plain = T.replace("-", "")
    bad = lambda comment, text, want, flags="Malformed", rules="CHL-7": case(comment, flags, rules, text, want)
    bad("empty", "", "empty")
    bad("separators only", "- \u2014\u00a0\u200b\ufeff\U00010ead", "empty")
    for ch in "?*.,:;_/+=@[`{~\\\"'":
        bad(f"{ch!r} among the symbols", T[:20] + ch + T[21:], ("alphabet", 20))
    for cp in (0, 8, 0xE, 0x1F, 0x2F, 0x3A, 0x40, 0x5B, 0x60, 0x7B, 0x7F, 0x84, 0x86, 0x9F, 0xA1, 0xAC, 0xAE, 0x167F, 0x1681, 0x1FFF, 0x200A + 6 + 6,
               0x2016, 0x2027, 0x202F + 1, 0x205E, 0x2070, 0x2FFF, 0x3001, 0xFE0D, 0xFE10, 0xFEFE, 0xFF00, 0xFF5F, 0x10D6D, 0x10EAE):
        if cp not in SEPARATOR_POINTS:
            bad(f"U+{cp:04X} is next to what is accepted, and is not", T[:2] + chr(cp) + T[2:], ("alphabet", 2), "Boundary Unicode")
    for name, ch in [("full-width question mark", "\uff1f"), ("full-width exclamation mark", "\uff01"), ("full-width tilde", "\uff5e"),
                     ("Arabic-Indic digit", "\u0664"), ("Greek capital alpha", "\u0391"), ("Cyrillic capital A", "\u0410"), ("sharp s: upper-cases to SS", "\u00df"),
                     ("dotless i: upper-cases to I", "\u0131"), ("dotted capital I: lower-cases to i", "\u0130"), ("long s: upper-cases to S", "\u017f"),
                     ("Kelvin sign: lower-cases to k", "\u212a"), ("circled digit", "\u2460"), ("mathematical bold A", "\U0001d400"),
                     ("combining acute accent", "\u0301"), ("an emoji", "\U0001f600"), ("the replacement character", "\ufffd"), ("U+10FFFF", "\U0010ffff"),
                     ("low line, full-width", "\uff3f"), ("katakana middle dot", "\u30fb"), ("katakana prolonged sound mark, dash-like", "\u30fc")]:
        bad(name, T[:20] + ch + T[21:], ("alphabet", 20), "Unicode")
    bad("the position is in the text as given: after separators", "  --\u2003" + T[:3] + "?" + T[4:], ("alphabet", 8), "Unicode OneBug")
    bad("after two characters beyond U+FFFF: one position each", "\U00010d6e\U00010ead" + T[:3] + "?" + T[4:], ("alphabet", 5), "Unicode OneBug")
    bad("after full-width characters of three bytes", full_width(T[:9]) + "?" + T[10:], ("alphabet", 9), "Unicode OneBug")
    bad("the first of two wrong characters", T[:5] + "?" + T[6:30] + "*" + T[31:], ("alphabet", 5), "Order")
    at = len(T) - 1
    bad("U as the last symbol", T[:-1] + "U", ("alphabet", at))
    bad("u as the last symbol, lower case", T[:-1] + "u", ("alphabet", at))
    bad("U as the first symbol", plain[:-20] + "U" + plain[-19:], ("alphabet", len(plain) - 20))
    bad("full-width U among the symbols", T[:-1] + "\uff35", ("alphabet", at), "Unicode")
    bad("two U: the first", plain[:-20] + "U" + plain[-19:-1] + "U", ("alphabet", len(plain) - 20), "Order")
    bad("a wrong character after a U counts first", plain[:-20] + "U" + plain[-19:-1] + "?", ("alphabet", len(plain) - 1), "Order")
    bad("U among the symbols of a text whose check is wrong", plain[:3] + "Q" + plain[4:-1] + "U", ("alphabet", len(plain) - 1), "Order")
    bad("U in a text of wrong length: length", "U" * 20, ("length", 20), "Order")
    bad("U in a text that is one too long: length", "A" * 40 + "U", ("length", 41), "Order")
    bad("twelve letters U are no code: length", "U" * 12, ("length", 12), "Order")
    code = code_digits(D, 1, header(0, 0, 0, 0), NONCE).text()
    bad("a code, typed where the challenge belongs", code, "wrong-kind", "Transcription")
    bad("twelve digits without dashes", "000000000000", "wrong-kind", "Boundary")
    bad("eleven digits", "00000000000", ("length", 11), "Boundary")
    bad("thirteen digits", "0000000000000", ("length", 13), "Boundary")
    bad("twelve characters, one a letter", "00000000000O", ("length", 12), "Boundary")
    bad("twelve characters, one of them wrong: alphabet", "00000000000?", ("alphabet", 11), "Order")
    for n in (1, 20, 41, 200):
        bad(f"{n} characters", ("A7" * n)[:n], ("length", n), "Boundary")
    bad("40 characters without a check", "A" * 40, "check", "Boundary")
    bad("21 characters without a check", "A" * 21, "check", "Boundary")
    bad("all zeros", "0" * 21, "check")
    bad("the last symbol is missing", T[:-1], "check", "Transcription")
    bad("the serial is missing", plain[-20:], ("length", 20), "Transcription")
    bad("the serial's first character is missing", plain[1:], "check", "Transcription")
    bad("a symbol twice", plain[:25] + plain[24] + plain[25:], "check", "Transcription")
    wrong = lambda i: plain[:i] + CROCKFORD[(VALUE.get(plain[i], 0) + 1) % 32] + plain[i + 1:]
    for i in range(len(plain)):
        bad(f"one wrong character at {i} of 35", wrong(i), "check", "Transcription", "CHL-3 CHL-7")
    for i in range(len(plain) - 1):
        if plain[i] != plain[i + 1]:
            bad(f"exchanged neighbours at {i}", plain[:i] + plain[i + 1] + plain[i] + plain[i + 2:], "check", "Transcription", "CHL-3 CHL-7")
    g = [plain[-20:][i:i + 5] for i in range(0, 20, 5)]
    for a in range(4):
        for b in range(a + 1, 4):
            h = list(g)
            h[a], h[b] = h[b], h[a]
            bad(f"groups {a + 1} and {b + 1} exchanged", plain[:-20] + "".join(h), "check", "Transcription", "CHL-3 CHL-7")
    t = written("OILU0110")
    bad("0 for O in the serial", "0" + t[1:], "check", "OneBug", "CHL-5")
    bad("1 for I in the serial", t[:1] + "1" + t[2:], "check", "OneBug", "CHL-5")
    bad("V for U in the serial", t[:3] + "V" + t[4:], "check", "OneBug", "CHL-5")
    bad("the check of BIP 173 (constant 1) in place of BIP 350's", bech32(SERIAL), "check", "OneBug", "CHL-3")
    bad("a check over the symbols alone, without the serial", no_serial(SERIAL), "check", "OneBug", "CHL-3")


def bech32(serial):
    v14 = symbols14(header(0, 0, 0, 0), NONCE, 12345)
    c = check_symbols(serial, v14)
    difference = 0x2BC830A3 ^ 1
    return write_text(serial, v14 + [x ^ (difference >> 5 * (5 - i)) & 31 for i, x in enumerate(c)])


def no_serial(serial):
    v14 = symbols14(header(0, 0, 0, 0), NONCE, 12345)
    return write_text(serial, v14 + check_symbols("", v14))


def headers(case):
    rest = symbols14(header(0, 0, 0, 0), NONCE, 12345)[2:]

    def raw(version, purpose, epoch=0, origin=0, mail=0):
        top = version << 8 | purpose << 5 | epoch << 2 | origin << 1 | mail
        return with_symbols(SERIAL, [top >> 5, top & 31] + rest)

    for purpose in (0, 1, 2):
        for origin, mail in ((0, 1), (1, 0), (1, 1)):
            case(f"purpose {purpose}, epoch 7, origin {origin}, mail {mail}", "Normal", "HDR-1 HDR-2", raw(1, purpose, 7, origin, mail))
    for version in (0, 2, 3):
        case(f"version {version}", "Boundary", "HDR-2 CHL-7", raw(version, 0), ("version", version))
    for purpose in range(3, 8):
        case(f"purpose {purpose} is reserved", "Boundary", "HDR-2 CHL-7", raw(1, purpose), ("purpose", purpose))
    for version in (0, 2, 3):
        case(f"version {version} with a reserved purpose: version", "Order", "HDR-2 CHL-7", raw(version, 7), ("version", version))
    t = raw(2, 7)
    case("a wrong check with another version: check", "Order", "CHL-7", t[:-1] + CROCKFORD[VALUE[t[-1]] ^ 1], "check")


def verify(f):
    f.group("ChallengeVerify")

    def case(comment, flags, text, K=D, want=None):
        c = read_challenge(text)
        mac = tag_mac(K, c.hdr, c.nonce)

        def compute():
            verify_challenge(K, c)
            return {}
        f.case(comment, flags, "CHL-8 ISS-1", {"deviceKey": K, "text": text}, compute, want, {"tagMac": mac})

    def tagged(tag, hdr=header(0, 0, 0, 0), nonce=NONCE):
        return write_challenge(SERIAL, hdr, nonce, tag)

    hdr = header(0, 0, 0, 0)
    right = first20(tag_mac(D, hdr, NONCE))
    case("a genuine challenge", "Normal", written())
    case("a genuine one of every field", "Normal", written(hdr=header(2, 7, 1, 1)))
    for bit in range(20):
        case(f"bit {bit} of the tag is wrong", "Forged", tagged(right ^ 1 << bit), want="tag")
    case("a tag of zeros", "Forged", tagged(0), want="tag")
    case("another device's key", "Binding", written(), sample("another key"), "tag")
    case("the key of another epoch's root", "Binding", written(), prf.device_key(sample("root 1"), SERIAL), "tag")
    case("another serial's challenge under this key, check code right", "Binding", written("4H0583BPAG12346", K=sample("another key")), want="tag")
    case("the tag of another purpose", "Binding", tagged(first20(tag_mac(D, header(1, 0, 0, 0), NONCE))), want="tag")
    case("the tag of the other origin", "Binding", tagged(first20(tag_mac(D, header(0, 0, 1, 0), NONCE))), want="tag")
    case("the tag without the mail bit, which was then set: 'no address' cannot be removed nor added", "Binding",
         tagged(right, header(0, 0, 0, 1)), want="tag")
    case("the tag of another nonce", "Binding", tagged(first20(tag_mac(D, hdr, sample("other", 5)))), want="tag")
    mac = tag_mac(D, hdr, NONCE)
    case("the last 20 bits of the MAC in place of the first", "OneBug", tagged(int.from_bytes(mac[-3:], "big") & 0xFFFFF), want="tag")
    case("the first 20 bits taken little-endian", "OneBug", tagged(int.from_bytes(mac[:3], "little") & 0xFFFFF), want="tag")
    case("the first three bytes modulo 2^20", "OneBug", tagged(int.from_bytes(mac[:3], "big") & 0xFFFFF), want="tag")
    case("F(0x03) in place of F(0x02)", "OneBug", tagged(first20(prf.F(D, prf.CODE, prf.u16(hdr) + NONCE))), want="tag")
