"""SPEC 6.3 and 18.5: what a person may type around the characters that count."""
from errors import OrpError


def _points(spec):
    out = []
    for part in spec.split():
        first, _, last = part.partition("..")
        out.extend(range(int(first, 16), int(last or first, 16) + 1))
    return out


WHITE = _points("0009..000D 0020 0085 00A0 1680 2000..200A 2028 2029 202F 205F 3000")
DASHES = _points("002D 058A 05BE 1400 1806 2010..2015 2053 207B 208B 2212 2E17 2E1A 2E3A 2E3B 2E40 2E5D 301C"
                 " 3030 30A0 FE31 FE32 FE58 FE63 FF0D 10D6E 10EAD")
INVISIBLE = _points("00AD 034F 061C 180E 200B..200F 202A..202E 2060..206F FE0E FE0F FEFF")
SEPARATOR_POINTS = WHITE + DASHES + INVISIBLE
SEPARATORS = frozenset(map(chr, SEPARATOR_POINTS))


def normalise(text, limit):
    """[(character, position in the text as given)]"""
    if len(text.encode("utf-8")) > limit:
        raise OrpError("too-long", limit)
    out = []
    for position, ch in enumerate(text):
        if ch in SEPARATORS:
            continue
        if "\uFF01" <= ch <= "\uFF5E":
            ch = chr(ord(ch) - 0xFEE0)
        if "a" <= ch <= "z":
            ch = chr(ord(ch) - 32)
        out.append((ch, position))
    return out
