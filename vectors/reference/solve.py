"""Texts that are near several valid ones at once: linear equations over single bits.

Each edit of the text must give a valid check. Serial places are letters A..O (four free bits), symbols have five free
bits; the four characters around the border are fixed, so that each has a meaning on both sides of it.
"""
import hashlib

from challenge import CROCKFORD, polymod
from corrections import START, table

FIXED = {-1: "A", 0: "8", 1: "8"}                          # by distance from the border, the first of the last 20


def edited(items, edit):
    kind, i, *ch = edit
    if kind == "out":
        return items[:i] + items[i + 1:]
    if kind == "in":
        return items[:i] + ch + items[i:]
    out = list(items)
    for at, c in zip([i] + ch[1::2], ch[0::2]):            # ("put", i, c) or ("put", i, c, j, d)
        out[at] = c
    return out


def near_all(n, edits, label, fixed=FIXED):
    """A text of n characters of which every edit reads well, as far as its check goes."""
    items = [fixed.get(i - (n - 20), i) for i in range(n)]
    width = {i: 4 if i < n - 20 else 5 for i in items if isinstance(i, int)}
    columns = [(i, b) for i in width for b in range(width[i])]
    number = {c: k for k, c in enumerate(columns)}
    constant = 1 << len(columns)
    rows = []
    for edit in edits:
        out = edited(items, edit)
        m = len(out)
        total, effect = START[m - 20], {}
        for i, x in enumerate(out):
            tail = m - 1 - i if i >= m - 20 else 2 * (m - 21 - i) + 20
            if isinstance(x, str):
                total ^= table(m, i)[x]
                continue
            if i < m - 20:
                total ^= polymod([2, 0] + [0] * tail, 0)
            for b in range(width[x]):
                effect[x, b] = polymod([1 << b] + [0] * tail, 0)
        for bit in range(30):
            row = constant if total >> bit & 1 else 0
            for c, e in effect.items():
                if e >> bit & 1:
                    row |= 1 << number[c]
            rows.append(row)
    pivots = {}
    for row in rows:
        for p, r in pivots.items():
            if row >> p & 1:
                row ^= r
        if row in (0, constant):
            assert row == 0, "no such text"
            continue
        p = (row & (constant - 1)).bit_length() - 1
        for q in pivots:
            if pivots[q] >> p & 1:
                pivots[q] ^= row
        pivots[p] = row
    for attempt in range(100000):
        seed = hashlib.sha256(f"{label} {attempt}".encode()).digest()
        free = int.from_bytes(seed, "big") & (constant - 1)
        for p in pivots:
            free &= ~(1 << p)
        solution = free
        for p, r in pivots.items():
            if bin(r & (free | constant)).count("1") & 1:
                solution |= 1 << p
        values = {i: sum((solution >> number[i, b] & 1) << b for b in range(width[i])) for i in width}
        if all(values[i] for i in width if i < n - 20):
            return "".join(x if isinstance(x, str) else chr(64 + values[x]) if x < n - 20 else CROCKFORD[values[x]] for x in items)
    raise AssertionError("no such text found")
