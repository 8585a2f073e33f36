"""SPEC 7: the corrections a desk may propose.

The check is affine over XOR: polymod(values) is START of the length XOR one contribution per place.
So 'every way' of SPEC 7 needs no enumeration: what a change must contribute is looked up in tables,
and every hit is considered again with read_challenge itself.
"""
from itertools import product

from challenge import CONST, CROCKFORD, VALUE, polymod, read_normalised
from errors import OrpError
from prf import ALNUM
from text import normalise

SERIAL_CHARS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# SYMBOL[j][character] for the j-th of the last 20; every readable letter, O, I and L included.
_READ_AS = dict(VALUE, O=0, I=1, L=1)
SYMBOL = [{ch: polymod([v] + [0] * (19 - j), 0) for ch, v in _READ_AS.items()} for j in range(20)]
# SERIAL[r][character] for the serial character with r more of the serial behind it.
SERIAL = [{ch: polymod([ord(ch) >> 5, ord(ch) & 31] + [0] * (2 * r + 20), 0) for ch in SERIAL_CHARS}
          for r in range(21)]
START = [polymod([0] * (2 * m + 20)) ^ CONST for m in range(22)]


def table(n, i):
    """Character -> contribution at place i of n characters."""
    return SYMBOL[i - n + 20] if i >= n - 20 else SERIAL[n - 21 - i]


def alphabet(n, i):
    return CROCKFORD if i >= n - 20 else SERIAL_CHARS


def corrections(text):
    pairs = normalise(text, 256)
    if not pairs:
        raise OrpError("empty")
    try:
        read_normalised(pairs)
        return []
    except OrpError:
        pass
    s = [ch for ch, _ in pairs]
    n = len(s)
    marks = [i for i in range(n) if s[i] not in ALNUM or (s[i] == "U" and i >= n - 20)]
    found = set()
    if len(marks) > 4:
        raise OrpError("unreadable", len(marks))
    only_u = all(s[i] == "U" for i in marks)
    if n < 20 or n > 41 or (not only_u and (n < 21 or n > 40)):
        raise OrpError("length", n)
    if 21 <= n <= 40:
        if marks:
            fill_marks(s, marks, found)
        else:
            replace(s, found)
    if only_u:                                             # a U may be the serial's last, shifted by the slip
        if n + 1 <= 40:
            insert(s, found)
        if n - 1 >= 21:
            remove(s, found)
    if len(found) > 4:
        raise OrpError("ambiguous")
    return sorted(found)


def consider(chars, found):
    try:
        found.add(read_normalised([(ch, i) for i, ch in enumerate(chars)]).text())
    except OrpError:
        pass


def fill_marks(s, marks, found):
    n = len(s)
    rest = START[n - 20]
    for i in range(n):
        if i not in marks:
            rest ^= table(n, i)[s[i]]
    half = len(marks) // 2
    left, right = marks[:half], marks[half:]

    def ways(places):
        for chars in product(*(alphabet(n, i) for i in places)):
            total = 0
            for i, ch in zip(places, chars):
                total ^= table(n, i)[ch]
            yield total, chars

    by_sum = {}
    for total, chars in ways(left):
        by_sum.setdefault(total, []).append(chars)
    for total, right_chars in ways(right):
        for left_chars in by_sum.get(total ^ rest, ()):
            out = list(s)
            for i, ch in zip(left + right, left_chars + right_chars):
                out[i] = ch
            consider(out, found)


def replace(s, found):
    n = len(s)
    wanted = START[n - 20]
    for i in range(n):
        wanted ^= table(n, i)[s[i]]
    differences = {0}
    for i in range(n):
        row = table(n, i)
        own = row[s[i]]
        differences.update([x ^ own for x in row.values()])
    hits = {d for d in differences if d ^ wanted in differences}
    if not hits:
        return
    by_difference = {}
    for i in range(n):
        row = table(n, i)
        for ch in alphabet(n, i):
            if row[ch] != row[s[i]]:
                by_difference.setdefault(row[ch] ^ row[s[i]], []).append((i, ch))
    for d in hits:
        for i, ch in by_difference.get(d, ()):
            one = s[:i] + [ch] + s[i + 1:]
            if d == wanted:
                consider(one, found)
            for j, other in by_difference.get(d ^ wanted, ()):
                if j > i:
                    consider(one[:j] + [other] + one[j + 1:], found)


def insert(s, found):
    n = len(s) + 1
    before = [table(n, i).get(ch) for i, ch in enumerate(s)]              # none: U among the symbols
    after = [table(n, i + 1).get(ch) for i, ch in enumerate(s)]
    for i, need in splits(before, after, 0, START[n - 20]):
        for ch, x in table(n, i).items():
            if x == need:
                consider(s[:i] + [ch] + s[i:], found)


def remove(s, found):
    n = len(s) - 1
    before = [table(n, i).get(ch) for i, ch in enumerate(s[:-1])]
    after = [None] + [table(n, i - 1).get(ch) for i, ch in enumerate(s) if i > 0]
    for i, need in splits(before, after, 1, START[n - 20]):
        if need == 0:
            consider(s[:i] + s[i + 1:], found)


def splits(before, after, skip, start):
    """(i, start ^ before[:i] ^ after[i + skip:]) for every i where all of these can be read."""
    length = len(after)
    tails = [0] * (length + 1)
    for i in range(length - 1, -1, -1):
        tails[i] = None if tails[i + 1] is None or after[i] is None else tails[i + 1] ^ after[i]
    head = start
    for i in range(length + 1 - skip):
        if tails[i + skip] is not None:
            yield i, head ^ tails[i + skip]
        if i < len(before):
            if before[i] is None:
                return
            head ^= before[i]
