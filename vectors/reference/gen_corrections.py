"""corrections.json"""
from challenge import CROCKFORD, check_symbols, first20, tag_mac, write_challenge, write_text
from codes import code_digits
from corrections import corrections
from gen_challenge import D
from gen_read import full_width
from header import header
from solve import FIXED, near_all
from vectorfile import VectorFile, sample

NONCE = sample("nonce", 5)
HDR = header(0, 0, 0, 0)


def written(serial, nonce=NONCE, hdr=HDR):
    return write_challenge(serial, hdr, nonce, first20(tag_mac(D, hdr, nonce)))


def generate():
    f = VectorFile("corrections", "What a desk may propose, SPEC 7.", "The candidates of a test are all there are.")
    f.group("Corrections")

    def case(comment, flags, text, want=None, candidates=None):
        out = f.case(comment, flags, "COR-1", {"text": text}, lambda: {"candidates": corrections(text)}, want)
        if candidates is not None:
            assert out["candidates"] == candidates, (comment, out["candidates"])
        return out

    slips(case)
    lengths(case)
    marked(case)
    several(case)
    nothing(case)
    return f


def put(s, i, ch):
    return s[:i] + ch + s[i + 1:]


def other(s, i, n=1):
    """Another character of the place."""
    chars = CROCKFORD if i >= len(s) - 20 else "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    return chars[(chars.index(s[i]) + n) % len(chars)]


def swap(s, i, j):
    s = list(s)
    s[i], s[j] = s[j], s[i]
    return "".join(s)


def slips(case):
    T = written("4H0583BPAG12345")
    s = T.replace("-", "")
    slip = lambda comment, text: case(comment, "Transcription", text, candidates=[T])
    for i in (0, 1, 7, 14, 15, 16, 17, 24, 29, 34):
        slip(f"one wrong character, at {i}", put(s, i, other(s, i, 3)))
    slip("one wrong, with dashes and in lower case", put(T, 20, other("0" * 40, 39)).lower() if T[20] != "1" else put(T, 20, "2").lower())
    slip("one wrong, in full width", full_width(put(s, 3, "X")))
    slip("a letter for a digit in the serial: O for 0", put(s, 2, "O"))
    slip("a digit for a letter in the serial: 8 for B", put(s, 6, "8"))
    for i, j in ((0, 1), (0, 34), (3, 9), (14, 15), (15, 16), (20, 21), (33, 34), (13, 30)):
        slip(f"two wrong characters, at {i} and {j}", put(put(s, i, other(s, i, 2)), j, other(s, j, 7)))
    for i, j in ((0, 1), (6, 7), (14, 15), (17, 18), (33, 34)):
        if s[i] != s[j] and "U" not in (s[i], s[j]):
            slip(f"neighbours exchanged, at {i} and {j}", swap(s, i, j))
    for i, j in ((0, 9), (2, 20), (10, 34), (16, 31)):
        if s[i] != s[j]:
            slip(f"exchanged, at {i} and {j}", swap(s, i, j))
    tolerant = next(t for t in (written("4H0583BPAG12345", sample(f"o {i}", 5)) for i in range(1000)) if "0" in t[-11:] and "1" in t[-23:])
    case("a tolerated letter is read as its digit, and another symbol is wrong", "Transcription Tolerance",
         put(tolerant[:-23] + tolerant[-23:].replace("0", "O").replace("1", "l"), 16, "9" if tolerant[16] != "9" else "A"), candidates=[tolerant])
    U = written("UUOIL")
    case("U, O, I and L in the serial are no marks and are not folded; one symbol is wrong", "Transcription", put(U, 7, "Z" if U[7] != "Z" else "Y"), candidates=[U])
    case("0 and 1 for O and I in the serial", "Transcription", "UU01L" + U[5:], candidates=[U])


def lengths(case):
    T = written("4H0583BPAG12345")
    s = T.replace("-", "")
    for i in (0, 1, 8, 13, 14, 15, 16, 20, 25, 33, 34):
        case(f"the character at {i} is missing", "Transcription", s[:i] + s[i + 1:], candidates=[T])
    for i in (0, 5, 14, 15, 16, 22, 34, 35):
        case(f"one character too many, at {i}", "Transcription", s[:i] + "7" + s[i:], candidates=[T])
    case("a symbol typed twice", "Transcription", s[:22] + s[21] + s[22:], candidates=[T])
    case("a letter too many that no symbol is: marks that are U alone may also be taken out", "Transcription", s[:22] + "U" + s[22:], candidates=[T])
    case("a U and another mark: nothing is taken out", "OneBug", put(s[:22] + "U" + s[22:], 30, "?"), candidates=[])
    one = written("7")
    o = one.replace("-", "")
    case("20 characters: a serial of one character, and a symbol is missing", "Boundary", o[:9] + o[10:], candidates=[one])
    case("20 characters: the serial itself is missing", "Boundary", o[1:], candidates=[one])
    case("20 characters, nothing near", "Boundary", "0" * 20, candidates=[])
    case("21 characters: one wrong", "Boundary", put(o, 20, other(o, 20)), candidates=[one])
    two = written("7A")
    case("21 characters of a serial of two: one missing", "Boundary", two.replace("-", "")[1:], candidates=[two])
    case("22 characters of a serial of one: one too many", "Boundary", o[:4] + "5" + o[4:], candidates=[one])
    long = written("9876543210ZYXWVUTSRQ")
    w = long.replace("-", "")
    case("41 characters: one too many in the serial", "Boundary", w[:4] + "5" + w[4:], candidates=[long])
    case("41 characters: one too many at the end", "Boundary", w + "5", candidates=[long])
    case("41 characters, nothing near", "Boundary", "A" * 41, candidates=[])
    case("40 characters: one wrong; no insertion is tried", "Boundary", put(w, 0, "8"), candidates=[long])
    case("39 characters: one of 40 is missing", "Boundary", w[:30] + w[31:], candidates=[long])
    case("two characters are missing", "Transcription", s[:3] + s[4:20] + s[21:], candidates=[])
    case("one is missing and one is wrong", "Transcription", put(s[:3] + s[4:], 20, "Z"), candidates=[])
    last = written("ABU").replace("-", "")
    case("a symbol is missing behind a serial that ends in U: this U is now among the last 20, and moves back", "OneBug", last[:12] + last[13:], candidates=[written("ABU")])
    case("the same with a mark elsewhere: nothing is put in", "OneBug", put(last[:12] + last[13:], 0, "?"), candidates=[])
    only = written("U").replace("-", "")
    case("20 characters with a U in front: a symbol is missing behind the serial U", "Boundary OneBug", only[:9] + only[10:], candidates=[written("U")])
    case("20 characters with U and another mark", "Boundary", "U?" + only[2:20], ("length", 20))
    full = written("9876543210ZYXWVUTSRQ").replace("-", "")
    case("41 characters with a U too many among the symbols", "Boundary OneBug", full[:30] + "U" + full[30:], candidates=[written("9876543210ZYXWVUTSRQ")])
    case("41 characters with U and another mark", "Boundary", put(full[:30] + "U" + full[30:], 35, "?"), ("length", 41))
    for comment, serial in (("two characters: 21 are left", "AU"), ("19 characters: 38 are left", "9876543210ZYXWVUTSU"), ("20 characters: 39 are left", "9876543210ZYXWVUTSRU")):
        w = written(serial).replace("-", "")
        case(f"a symbol is missing behind a serial that ends in U, of {comment}", "Boundary OneBug", w[:-7] + w[-6:], candidates=[written(serial)])
        case(f"a symbol too many behind a serial that ends in U, of {comment.split(':')[0]}", "Boundary OneBug", w[:-7] + "3" + w[-7:], candidates=[written(serial)])
        case(f"a symbol wrong behind a serial that ends in U, of {comment.split(':')[0]}", "OneBug", put(w, len(w) - 9, other(w, len(w) - 9)), candidates=[written(serial)])
        case(f"the serial's U itself is missing, of {comment.split(':')[0]}", "OneBug", w[:-21] + w[-20:], candidates=[written(serial)])
    short = written("9876543210ZYXWVUTSR").replace("-", "")
    case("40 characters with a U too many among the symbols", "Boundary OneBug", short[:30] + "U" + short[30:], candidates=[written("9876543210ZYXWVUTSR")])
    double = written("ABUU").replace("-", "")
    case("a symbol is missing behind a serial that ends in two U", "OneBug", double[:15] + double[16:], candidates=[written("ABUU")])
    case("a symbol is missing behind a serial that ends in U, and a U is wrong among the rest", "OneBug", put(last[:12] + last[13:], 9, "U"), candidates=[])
    case("19 characters with a U", "Boundary", "U" + "0" * 18, ("length", 19))
    case("42 characters with a U among the last 20", "Boundary", "0" * 41 + "U", ("length", 42))
    case("a symbol too many before the border: the serial's U moves away from it", "OneBug", last[:12] + "7" + last[12:], candidates=[written("ABU")])


def marked(case):
    T = written("4H0583BPAG12345")
    s = T.replace("-", "")

    def marks(places, ch="?"):
        out = s
        for i in places:
            out = put(out, i, ch)
        return out

    for places in ((0,), (14,), (15,), (34,), (0, 34), (14, 15), (1, 2, 3), (13, 14, 15), (16, 17, 18, 19), (0, 12, 22, 33), (14, 15, 16, 17), (0, 1, 2, 3)):
        out = case(f"marks at {', '.join(map(str, places))}", "Transcription", marks(places))
        assert T in out["candidates"]
    for comment, ch in (("an asterisk", "*"), ("a full-width question mark", "\uff1f"), ("a letter with an accent", "\u00e9"), ("U among the symbols", "U"), ("u in lower case", "u"),
                        ("a character beyond U+FFFF", "\U0001f600"), ("an underscore", "_"), ("full-width U", "\uff35")):
        case(comment + " is a mark", "Transcription", marks((20, 27), ch), candidates=[T])
    case("different marks mixed", "Transcription", put(put(put(marks((2,)), 20, "U"), 21, "*"), 30, "\u00df"), candidates=[T])
    case("marks and dashes", "Transcription", T[:18] + "?" + T[19:28] + "?" + T[29:], candidates=[T])
    for places in ((0, 1, 2, 3, 4), (0, 9, 16, 21, 34)):
        case("five marks", "Boundary", marks(places), ("unreadable", 5))
    case("five U among the symbols", "Boundary", marks((15, 20, 24, 28, 33), "U"), ("unreadable", 5))
    case("four U among the symbols, and U in the serial is none", "Boundary", put(marks((15, 20, 28, 33), "U"), 3, "U"))
    out = case("four U among the symbols", "Boundary", marks((15, 20, 28, 33), "U"))
    assert T in out["candidates"]
    case("four U in 20 characters: one is put in, and four stay", "Boundary", marks((15, 20, 28, 33), "U")[15:], candidates=[])
    case("five U in 20 characters", "Boundary", marks((15, 20, 24, 28, 33), "U")[15:], ("unreadable", 5))
    case("four U in 41 characters", "Boundary", "ABCDEF" + marks((15, 20, 28, 33), "U"), candidates=[])
    case("five U in 41 characters", "Boundary", "ABCDEF" + marks((15, 20, 24, 28, 33), "U"), ("unreadable", 5))
    case("U of which four stand in the last 20 and two before: only four are marks", "Boundary", put(put(marks((15, 20, 28, 33), "U"), 0, "U"), 1, "U"))
    case("35 marks", "Malformed", "?" * 35, ("unreadable", 35))
    case("256 marks", "Boundary", "?" * 256, ("unreadable", 256))
    case("four marks in 20 characters", "Boundary", "????" + s[:16], ("length", 20))
    case("a mark in 41 characters", "Boundary", "?" + "A" * 40, ("length", 41))
    case("five marks in 20 characters: marks are counted first", "Order", "?????" + s[:15], ("unreadable", 5))
    case("a single mark alone", "Malformed", "?", ("length", 1))
    case("a mark in 21 characters", "Boundary", put(written("7").replace("-", ""), 0, "?"), candidates=[written("7")])
    case("a mark in 40 characters", "Boundary", put(written("9876543210ZYXWVUTSRQ").replace("-", ""), 16, "?"))
    case("a mark and a wrong character: no other place is changed", "Transcription", put(marks((20,)), 3, "X"), candidates=[])
    case("a mark too many: nothing is taken out", "Transcription", s[:20] + "?" + s[20:], candidates=[])
    case("a mark for a missing character and one missing elsewhere", "Transcription", marks((3,))[:-1], candidates=[])
    case("U twelve times in twelve characters: every U is among the last 20", "Order", "U" * 12, ("unreadable", 12))
    case("one U in twelve characters", "Order", "U" + "0" * 11, ("length", 12))


def several(case):
    def near(comment, n, edits, count, flags="Transcription"):
        text = near_all(n, edits, comment)
        out = case(comment, flags, text, "ambiguous" if count > 4 else None)
        assert count > 4 or len(out["candidates"]) == count, (comment, out)

    outs = [("out", i) for i in (2, 12, 24, 32, 39)]
    near("two candidates: one character taken out in either place", 40, outs[1:3], 2)
    near("three candidates", 40, outs[:3], 3)
    near("four candidates: the most that are proposed", 40, outs[:4], 4, "Boundary")
    near("five candidates: ambiguous", 40, outs, 5, "Boundary")
    near("five candidates of 41 characters", 41, [("out", i) for i in (5, 13, 23, 30, 38)], 5, "Boundary")
    mixed = [("put", 2, "Z"), ("in", 25, "7"), ("out", 8), ("in", 31, "M"), ("out", 37)]
    near("a replacement and an insertion", 39, mixed[:2], 2)
    near("a replacement, an insertion and a removal: three lengths of serial", 39, mixed[:3], 3, "OneBug")
    near("a replacement, two insertions, a removal: ascending order over all kinds", 39, mixed[:4], 4, "OneBug")
    near("five candidates of every kind: ambiguous", 39, mixed, 5, "Boundary")
    near("two insertions in 20 characters", 20, [("in", 3, "4"), ("in", 14, "5")], 2)
    near("a pair of replacements and an insertion", 36, [("put", 0, "9", 3, "Z"), ("in", 28, "5")], 2)


def nothing(case):
    T = written("4H0583BPAG12345")
    s = T.replace("-", "")
    case("reads well: nothing to correct", "Normal", T, candidates=[])
    case("reads well in lower case with O for 0: nothing to correct", "Tolerance", s.lower(), candidates=[])
    case("three wrong characters", "Transcription", put(put(put(s, 2, "Z"), 20, other(s, 20)), 30, other(s, 30)), candidates=[])
    case("two groups exchanged", "Transcription", T[:16] + T[22:27] + "-" + T[16:21] + T[27:], candidates=[])
    case("empty", "Malformed", "", "empty")
    case("separators only", "Malformed", " - ", "empty")
    case("256 bytes", "Boundary", s[:-1] + other(s, 34) + " " * 221, candidates=[T])
    case("257 bytes", "Boundary", s[:-1] + other(s, 34) + " " * 222, ("too-long", 256))
    case("257 bytes of a text that reads well", "Boundary", s + " " * 222, ("too-long", 256))
    for n in (1, 12, 19, 42, 200):
        case(f"{n} characters without marks", "Boundary", "7" * n, ("length", n))
    case("a code", "Malformed", code_digits(D, 1, HDR, NONCE).text(), ("length", 12))
    for comment, top in (("version 2", 2 << 8), ("a reserved purpose", 1 << 8 | 5 << 5)):
        v14 = [top >> 5, top & 31] + [7] * 12
        t = write_text("4H0583BPAG12345", v14 + check_symbols("4H0583BPAG12345", v14)).replace("-", "")
        case(f"{comment}, check code right: no candidate", "Malformed", t, candidates=[])
        case(f"{comment}, one character wrong: what it would be is no version 1 challenge", "OneBug", put(t, 30, other(t, 30)), candidates=[])
        case(f"{comment}, one mark", "OneBug", put(t, 30, "?"), candidates=[])
    for comment, first in (("version 0", "0"), ("version 2", "G"), ("version 3", "Z"), ("a reserved purpose", "F")):
        text = near_all(39, [("put", 19, first), ("out", 30), ("in", 27, "7")], comment, {**FIXED, 0: first})
        out = case(f"{comment}, check code right: a character more or less is searched for all the same", "OneBug", text)
        assert len(out["candidates"]) == 2
    case("35 random characters", "Malformed", "9QX4TBWZ3NE8R81V3K0A7CDFGHJMPST2Y65"[:35])
