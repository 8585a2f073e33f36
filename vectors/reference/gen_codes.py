"""codes.json"""
import prf
from challenge import first20, tag_mac, write_challenge
from codes import code_digits, read_code
from gen_challenge import D, SERIAL
from header import header
from text import DASHES, INVISIBLE, SEPARATOR_POINTS, WHITE
from vectorfile import VectorFile, sample

HDR = header(0, 0, 0, 0)
NONCE = sample("nonce", 5)


def generate():
    f = VectorFile("codes", "Typed codes: writing at the vendor, reading at the device, SPEC 8.")
    write_cases(f)
    read_cases(f)
    return f


def write_cases(f):
    f.group("CodeWrite")

    def case(comment, flags, rules, k=1, hdr=HDR, nonce=NONCE, K=D, want=None):
        def compute():
            c = code_digits(K, k, hdr, nonce)
            return {"message": c.message, "mac": c.mac, "x": f"{c.x:016x}", "digits": c.all[1:11], "seed": c.seed,
                    "check": c.all[11], "text": c.text()}
        f.case(comment, flags, rules, {"deviceKey": K, "hdr": prf.u16(hdr), "nonce": nonce, "k": k}, compute, want)

    def find(test, k=1):
        for i in range(10**6):
            nonce = sample(f"code search {i}", 5)
            c = code_digits(D, k, HDR, nonce)
            if test(c):
                return nonce
        raise AssertionError

    for k in range(1, 10):
        case(f"k = {k}: ten digits of its own", "Normal", "COD-1 COD-2 COD-3 COD-4", k=k)
    case("k = 0 is reserved", "Boundary", "COD-4", k=0, want="reserved-k")
    for k in (10, 11, 255):
        case(f"k = {k} is no k", "Boundary", "COD-4", k=k, want="reserved-k")
    case("k = 0 for another challenge", "Boundary", "COD-4", k=0, nonce=bytes(5), want="reserved-k")
    for p, e, o, m in [(1, 0, 0, 0), (2, 0, 0, 0), (0, 7, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1), (2, 7, 1, 1)]:
        case(f"purpose {p}, epoch {e}, origin {o}, mail {m}: the header is in the MAC", "Binding", "COD-1 HDR-1 ISS-2",
             hdr=header(p, e, o, m))
    case("another nonce, last bit only", "Binding", "COD-1", nonce=NONCE[:4] + bytes([NONCE[4] ^ 1]))
    case("another device's key", "Binding", "COD-1", K=sample("another key"))
    # The seed is floor(nonce * 10 / 2^40): both sides of each border.
    for s in range(10):
        low = -(-(s << 40) // 10)
        high = -(-((s + 1) << 40) // 10) - 1
        case(f"the lowest nonce of seed {s}", "Boundary", "COD-2", nonce=low.to_bytes(5, "big"))
        case(f"the highest nonce of seed {s}", "Boundary", "COD-2", nonce=high.to_bytes(5, "big"))
    case("X below 2^63 / 5^10: d1 is 0; fails digits printed without leading zeros", "OneBug", "COD-1 COD-3",
         nonce=find(lambda c: c.all[1] == 0))
    case("d1, d2 and d3 are 0", "OneBug", "COD-1 COD-3", nonce=find(lambda c: c.all[1:4] == [0, 0, 0]))
    case("X has its top bit set: fails signed 64-bit arithmetic", "OneBug", "COD-1", nonce=find(lambda c: c.x >> 63 and c.all[1] == 9))
    case("the last digit differs from X mod 10^10: fails a remainder in place of a fraction", "OneBug", "COD-1",
         nonce=find(lambda c: c.x % 10**10 != int("".join(map(str, c.all[1:11]))) and c.all[10] == 0))

    def double_is_wrong(c):
        return int(c.x / 2**64 * 10**10) != int("".join(map(str, c.all[1:11])))
    nonce = next((sample(f"double {i}", 5) for i in range(3 * 10**5)
                  if double_is_wrong(code_digits(D, 1, HDR, sample(f"double {i}", 5)))), None)
    if nonce:
        case("a double has too few bits: fails floating point", "OneBug", "COD-1", nonce=nonce)
    case("the check digit is 0", "Boundary", "COD-2", nonce=find(lambda c: c.all[11] == 0))
    case("the check digit is 9", "Boundary", "COD-2", nonce=find(lambda c: c.all[11] == 9))


def read_cases(f):
    f.group("CodeRead")

    def case(comment, flags, text, want=None, rules="COD-5"):
        def compute():
            d = read_code(text)
            return {"k": d[0], "digits": d[1:11], "check": d[11]}
        f.case(comment, flags, rules, {"text": text}, compute, want)

    case("as written", "Normal", "3234-5678-9012")
    case("without dashes", "Tolerance", "323456789012")
    case("spaces, as in a message", "Tolerance", " 3234 5678 9012 ")
    case("dashes where nobody put them", "Tolerance", "3-2-3-4--5678901-2-")
    case("full-width digits and a full-width dash", "Tolerance Unicode", "\uff13\uff12\uff13\uff14\uff0d\uff15\uff16\uff17\uff18-9012")
    case("line feed at the end", "Tolerance", "3234-5678-9012\r\n")
    case("all zeros: k = 0 reads", "Boundary", "0000-0000-0000", rules="COD-5 COD-4")
    case("all nines", "Boundary", "9999-9999-9999")
    case("128 bytes of text", "Boundary", "323456789012" + " " * 116)
    case("128 bytes with separators of three bytes", "Boundary Unicode", "323456789012" + "\u2003" * 38 + "  ")
    for name, points in (("white space", WHITE), ("dash", DASHES), ("invisible", INVISIBLE)):
        case(f"every separator of the kind {name} that fits", "Tolerance Unicode",
             "".join(map(chr, points[:30])) + "323456789012")
        if len(points) > 30:
            case(f"the remaining separators of the kind {name}", "Tolerance Unicode", "323456789012" + "".join(map(chr, points[30:])))
    case("129 bytes of text", "Boundary", "323456789012" + " " * 117, ("too-long", 128))
    case("43 characters of three bytes are 129 bytes", "Boundary Unicode", "\u2003" * 43, ("too-long", 128))
    case("too long comes before a wrong character", "Order", "?" * 129, ("too-long", 128))
    case("5,000 characters", "Boundary", "1" * 5000, ("too-long", 128))
    case("empty", "Malformed", "", "empty")
    case("separators only", "Malformed", " -\u2011\u00a0-\ufeff", "empty")
    for text, position in [("3234-5678-901?", 13), ("?234-5678-9012", 0), ("3234.5678.9012", 4), ("3234_5678_9012", 4), ("3234/5678/9012", 4),
                           ("+323456789012", 0), ("3234,5678", 4), ("3234-5678-9012\0", 14)]:
        case(f"a character that is neither letter nor digit, at {position}", "Malformed", text, ("alphabet", position))
    case("an Arabic-Indic digit: fails a Unicode-aware isdigit", "Unicode OneBug", "3234-5678-901\u0662", ("alphabet", 13))
    case("a superscript two", "Unicode OneBug", "3\u00b234-5678-9012", ("alphabet", 1))
    case("a mathematical digit beyond U+FFFF", "Unicode", "32\U0001d7d04-5678-9012", ("alphabet", 2))
    case("position counts characters, not bytes: after three em spaces", "Unicode OneBug", "\u2003\u2003\u20033234-?678-9012", ("alphabet", 8))
    case("position counts characters, not UTF-16 units: after U+10D6E twice", "Unicode OneBug", "\U00010d6e\U00010d6e3?", ("alphabet", 3))
    case("O is not forgiven in a code", "Malformed", "3234-5678-9O12", ("alphabet", 11))
    case("I is not forgiven", "Malformed", "I234-5678-9012", ("alphabet", 0))
    case("l is not forgiven", "Malformed", "3234-5678-90l2", ("alphabet", 12))
    for i, ch in enumerate("ABSZOolQGBz|!"):
        if ch.isalpha():
            case(f"{ch} for a digit at {i}: nothing like a digit is forgiven", "Malformed", "323456789012"[:i % 12] + ch + "323456789012"[i % 12 + 1:], ("alphabet", i % 12))
    case("a full-width letter", "Malformed Unicode", "3234-5678-901\uff21", ("alphabet", 13))
    case("the first letter's position, of several", "Malformed", "32A4-B678-C012", ("alphabet", 2))
    case("another character counts before a letter that stands earlier", "Order", "A234-5678-901?", ("alphabet", 13))
    text = write_challenge(SERIAL, HDR, NONCE, first20(tag_mac(D, HDR, NONCE)))
    case("the challenge typed where the code belongs", "Transcription", text, "wrong-kind")
    case("21 characters with a letter", "Boundary", "A" + "1" * 20, "wrong-kind")
    case("40 characters with a letter", "Boundary", "1" * 39 + "A", "wrong-kind")
    case("20 characters with a letter", "Boundary", "1" * 19 + "A", ("alphabet", 19))
    case("41 characters with a letter", "Boundary", "A" + "1" * 40, ("alphabet", 0))
    case("21 letters", "Boundary", "U" * 21, "wrong-kind")
    case("40 letters", "Boundary", "Z" * 40, "wrong-kind")
    case("41 letters", "Boundary", "Z" * 41, ("alphabet", 0))
    case("21 characters and a wrong one: alphabet", "Order", "A" + "1" * 19 + "?", ("alphabet", 20))
    for n in (1, 10, 11, 13, 20, 21, 40, 41, 128):
        case(f"{n} digits", "Boundary", "1" * n, ("length", n))
    case("one digit missing", "Transcription", "3234-5678-901", ("length", 11))
    case("one digit too many", "Transcription", "3234-5678-90123", ("length", 13))
    for cp, name in [(0x2F, "solidus"), (0x3A, "colon"), (0x40, "commercial at"), (0x5B, "bracket"), (0x60, "grave"), (0x7B, "brace"),
                     (0x7F, "delete"), (0x1F, "unit separator"), (0x200A + 0x10, "U+201A"), (0xFF00, "U+FF00"), (0xFF5F, "U+FF5F")]:
        assert cp not in SEPARATOR_POINTS
        case(f"next to an accepted range: {name}", "Boundary", "3234-5678-9012" + chr(cp), ("alphabet", 14))
