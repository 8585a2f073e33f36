"""SPEC.md's pseudo-code over z3's terms, transcribed from the text; Damm's table, the values of k and a Grant's validity are read from it."""
import re

import z3
from z3 import And, BitVecVal, Concat, Extract, If, Not, Or, UGE, UGT, ULE, ULT, ZeroExt

INITIAL = 0x6A09E667BB67AE853C6EF372A54FF53A510E527F9B05688C1F83D9AB5BE0CD19  # FIPS 180-4, 5.3.3
COMPRESS = z3.Function("compress", z3.BitVecSort(256), z3.BitVecSort(512), z3.BitVecSort(256))
SATURATED = 255
LIMITS, DAMM = {}, []  # k -> seconds, and rows, from SPEC.md
DYNAMIC, SECURE = 1, 2  # bits of what an origin allows


def read(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    DAMM[:] = [[int(c) for c in row] for row in re.findall(r"\b\d{10}\b", text.partition("DAMM = [")[2].partition("def seed")[0])]
    for k, method, seconds in re.findall(r"^\| (\d) \| (dynamic password|secure code) \|[^|]*\| (\d+) \|$", text, re.M):
        LIMITS[int(k)] = (DYNAMIC if method[0] == "d" else SECURE, int(seconds))
    seconds = re.search(r"\*\*\[SES-14\]\*\*.*?within (\d+) seconds", text, re.S)
    global GRANT_VALIDITY
    GRANT_VALIDITY = int(seconds[1])
    if len(DAMM) != 10 or sorted(LIMITS) != list(range(1, 10)):
        raise SystemExit("SPEC.md no longer has ten rows after 'DAMM = [' and nine values of k in section 18.3")


# 4. HMAC and F, with any function for SHA-256's compression


def padded(message):
    """SHA-256's second block: a message of at most 55 bytes after one block of 64."""
    length = message.size()
    return Concat(message, BitVecVal(1 << (447 - length), 448 - length), BitVecVal(512 + length, 64))


def f(key, t, message):
    inner, outer = key
    message = Concat(BitVecVal(0x4F52503100 + t, 40), message)
    return COMPRESS(outer, padded(COMPRESS(inner, padded(message))))


def of_key(d, pad):
    """HMAC's state after the key's block."""
    block = Concat(d, BitVecVal(0, 256)) ^ BitVecVal(int.from_bytes(bytes([pad]) * 64, "big"), 512)
    return COMPRESS(BitVecVal(INITIAL, 256), block)


# 5. The header, 6. the typed challenge, 8. the code


def read_header(h):
    """-> (error, argument), or 0 and the header; the numbers are those of src/lib.rs."""
    version, purpose = ZeroExt(62, Extract(15, 14, h)), ZeroExt(61, Extract(13, 11, h))
    wide = ZeroExt(48, h)
    return first([(version != 1, 50, version), (Extract(5, 0, h) != 0, 51, 0), (UGT(purpose, 2), 52, purpose)], (0, wide))


def valid_header(h):
    return And(Extract(15, 14, h) == 1, Extract(5, 0, h) == 0, ULE(Extract(13, 11, h), 2))


GEN = 0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3
VALID = 0x2BC830A3
ALPHABET = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def folded(b):
    """What polymod adds for the five bits that are pushed out; b is a number."""
    c = 0
    for i, g in enumerate(GEN):
        c ^= g if b >> i & 1 else 0
    return c


def pushed(c, values):
    """polymod's c after further values."""
    for v in values:
        after = Concat(Extract(24, 0, c), BitVecVal(0, 5)) ^ ZeroExt(25, v)
        for i, g in enumerate(GEN):
            after ^= If(Extract(25 + i, 25 + i, c) == 1, BitVecVal(g, 30), BitVecVal(0, 30))
        c = after
    return c


def serial_values(serial):
    return [v for ch in serial for v in (ZeroExt(2, Extract(7, 5, ch)), Extract(4, 0, ch))]


def fives(bits):
    """70 bits, or what their number is, as symbols."""
    return [Extract(at + 4, at, bits) for at in range(bits.size() - 5, -1, -5)]


def upper(ch):
    return If(And(UGE(ch, ord("a")), ULE(ch, ord("z"))), ch - 32, ch)


def forgiven(ch):
    """Of the last 20 characters."""
    return If(ch == ord("O"), BitVecVal(ord("0"), 8), If(Or(ch == ord("I"), ch == ord("L")), BitVecVal(ord("1"), 8), ch))


def index(ch):
    """In Crockford's alphabet; 32 for what is not in it."""
    result = BitVecVal(32, 8)
    for i, letter in enumerate(ALPHABET):
        result = If(ch == letter, BitVecVal(i, 8), result)
    return result


def read_challenge(v, positions, remainder):
    """Of 21 to 40 letters and digits. v: the indices of the last 20; positions: theirs in the text; remainder: polymod's.

    -> (error, argument), hdr, nonce, tag
    """
    bits = Concat(*(Extract(4, 0, value) for value in v))
    hdr = Concat(Extract(99, 90, bits), BitVecVal(0, 6))
    strange = [(value == 32, 12, position) for value, position in zip(v, positions)]
    outcome = first([*strange, (remainder != VALID, 15, 0), (Not(valid_header(hdr)), *read_header(hdr))], (0, 0))
    return outcome, hdr, Extract(89, 50, bits), Extract(49, 30, bits)


def damm_step(x, d):
    """x, d: four bits each -> DAMM[x][d]; 0 outside of the table."""
    result = BitVecVal(0, 4)
    for i, row in enumerate(DAMM):
        for j, entry in enumerate(row):
            result = If(And(x == i, d == j), BitVecVal(entry, 4), result)
    return result


def seed(nonce):
    return Extract(43, 40, ZeroExt(4, nonce) * 10)


def by_k(k, column):
    """LIMITS[k][column] as 64 bits, k of eight; 0 outside."""
    result = BitVecVal(0, 64)
    for number, row in LIMITS.items():
        result = If(k == number, BitVecVal(row[column], 64), result)
    return result


# 9. The ledger. L: SPEC's names -> terms; live[o] is there when hdr[o] is not 0, pending when then is not NONE.

SHOW, COMPARE, GRANT, DONE, NONE = (None,) * 5  # of then, as the compiler numbers them


def wide(x):
    return ZeroExt(64 - x.size(), x) if x.size() < 64 else x


def first(cases, otherwise):
    """[(condition, value, value..)]: the values of the first condition that holds."""
    result = [BitVecVal(v, 64) if isinstance(v, int) else v for v in otherwise]
    for condition, *values in reversed(cases):
        result = [If(condition, BitVecVal(v, 64) if isinstance(v, int) else v, r) for v, r in zip(values, result)]
    return result


def choose(condition, yes, no):
    """Between two ledgers."""
    return {name: no[name] if yes[name] is no[name] else If(condition, yes[name], no[name]) for name in no}


def plus_one(counter):
    return If(counter == -1, counter, counter + 1)


def record(seq, boots, resets, fail0, fail1):
    return Concat(BitVecVal(0x0100, 16), seq, boots, resets, fail0, fail1)


def sealed(key, r):
    return Concat(r, Extract(255, 128, f(key, 6, r)))


def unsealed(key, slot):
    """Whether it is a record."""
    body, seal = Extract(255, 128, slot), Extract(127, 0, slot)
    return And(seal == Extract(255, 128, f(key, 6, body)), Extract(255, 240, slot) == 0x0100)


def fields(slot):
    at, found = 239, {}
    for name, bits in (("seq", 32), ("boots", 32), ("resets", 32), ("fail0", 8), ("fail1", 8)):
        found[name] = Extract(at, at - bits + 1, slot)
        at -= bits
    return found


def load(key, slots, now, rest):
    a, b = (fields(slot) for slot in slots)
    is_a, is_b = (unsealed(key, slot) for slot in slots)
    larger = {name: If(UGE(a[name], b[name]), a[name], b[name]) for name in ("boots", "resets")}
    conflict = a | larger | {"fail0": BitVecVal(SATURATED, 8), "fail1": BitVecVal(SATURATED, 8)}
    lost = {name: BitVecVal(0, 32) for name in ("seq", "boots", "resets")} | {n: BitVecVal(SATURATED, 8) for n in ("fail0", "fail1")}
    contradict = And(is_a, is_b, a["seq"] == b["seq"], Or([a[name] != b[name] for name in a]))
    in_a = And(is_a, Or(Not(is_b), UGE(a["seq"], b["seq"])))
    chosen = choose(contradict, conflict, choose(in_a, a, choose(is_b, b, lost)))
    zero8 = BitVecVal(0, 8)
    chosen["slot"] = If(Or(contradict, in_a), zero8, BitVecVal(1, 8))
    return rest | chosen | {
        "fresh": BitVecVal(1, 8), "opens": BitVecVal(0, 32), "seen": now, "since0": now, "since1": now, "hdr0": BitVecVal(0, 16),
        "hdr1": BitVecVal(0, 16), "has_minted0": zero8, "has_minted1": zero8, "waived0": zero8, "waived1": zero8, "then": BitVecVal(NONE, 8),
        "poisoned": zero8,
    }  # fmt: skip


def yield_record(key, L, slots, change, then):
    """-> (stale, L where it is, L where it is not). then: the pending step's fields."""
    stale = Or([And(UGT(fields(slot)["seq"], L["seq"]), unsealed(key, slot)) for slot in slots])
    new = {name: L[name] for name in ("seq", "boots", "resets", "fail0", "fail1")}
    new["seq"] = plus_one(L["seq"])
    new["boots"] = If(L["fresh"] == 1, plus_one(L["boots"]), L["boots"])
    new |= change
    return stale, L | {"poisoned": BitVecVal(1, 8)}, L | {"sealed": sealed(key, record(**new))} | then


def confirm(L, slots):
    """What is pending, stored or not. -> (failed, L where it has, L where it has not)"""
    failed = If(L["slot"] == 0, slots[1], slots[0]) != L["sealed"]
    gone = L | {"then": BitVecVal(NONE, 8)}
    return failed, gone | {"poisoned": BitVecVal(1, 8)}, gone | fields(L["sealed"]) | {"slot": 1 - L["slot"], "fresh": BitVecVal(0, 8)}


# 10. The session


def life(L, o):
    allowed, cap = L[f"methods{o}"], wide(L["cap"])
    longest = [max(seconds for method, seconds in LIMITS.values() if method & mask) for mask in (1, 2, 3)]
    limit = first([(allowed == i + 1, seconds) for i, seconds in enumerate(longest)], (0,))[0]
    return If(ULT(limit, cap), limit, cap)


def begin(L, now):
    """-> (cases of errors, L, now)"""
    now = If(And(ULT(now, L["seen"]), ULE(L["seen"] - now, 10)), L["seen"], now)
    back = ULT(now, L["seen"])
    ended = {f"hdr{o}": BitVecVal(0, 16) for o in (0, 1)} | {n: now for n in ("since0", "since1", "minted0", "minted1")}
    begun = choose(back, L | ended, L) | {"seen": now}
    for o in (0, 1):
        over = UGE(now - begun[f"minted{o}"], life(L, o))  # while it lives, its origin's last challenge is this one
        begun[f"hdr{o}"] = If(over, BitVecVal(0, 16), begun[f"hdr{o}"])
    return [(L["then"] != NONE, 20, 0, L), (L["poisoned"] == 1, 21, 0, L)], begun, now


def wait(L, o, now):
    failures = L[f"fail{o}"]
    fives = z3.UDiv(failures, BitVecVal(5, 8))
    total = BitVecVal(60, 64) << (wide(If(ULT(fives, 9), fives, BitVecVal(9, 8))) - 1)
    passed = now - L[f"since{o}"]
    left = If(UGT(total, passed), total - passed, BitVecVal(0, 64))
    return If(Or(L[f"waived{o}"] == 1, failures == 0, z3.URem(failures, BitVecVal(5, 8)) != 0), BitVecVal(0, 64), left)


def stopped(L, o):
    return UGE(L["fail1"], 100) if o == 1 else z3.BoolVal(False)


# What an operation does: [(condition, error, argument, L afterwards)], of which the first holds whose condition does; the last one's is true.
# In place of an error 0 is done, 1 is done with a record to be stored, 2 is a wrong code, 3 is that nothing of that kind is pending.


def in_order(cases):
    """The same with conditions of which just one holds."""
    before, exclusive = [], []
    for condition, *rest in cases:
        exclusive.append((And(*before, condition), *rest))
        before.append(Not(condition))
    return exclusive


def joined(cases):
    """-> (error, argument), L"""
    *cases, (_, error, argument, L) = cases
    outcome = first([case[:3] for case in cases], (error, argument))
    for condition, _, _, after in reversed(cases):
        L = choose(condition, after, L)
    return outcome, L


TRUE = z3.BoolVal(True)


def standing(L, o, now):
    left = wait(L, o, now)
    return [(stopped(L, o), 35, 0, L), (left != 0, 36, left, L), (TRUE, 0, 0, L)]


def number(digits):
    n = BitVecVal(0, 64)
    for digit in digits:
        n = n * 10 + wide(digit)
    return n


def submit(key, L, o, session, text, check, now, slots):
    """text: twelve digits of eight bits; check: what Damm gives over them."""
    errors, begun, now = begin(L, now)
    k = text[0]
    limit, cap, left = by_k(k, 1), wide(L["cap"]), wait(begun, o, now)
    method = Extract(1, 0, by_k(k, 0)) & Extract(1, 0, L[f"methods{o}"])
    then = {"then": BitVecVal(COMPARE, 8), "compare_o": BitVecVal(o, 8), "compare_session": session, "compare_k": k, "compare_n": number(text[1:11])}
    stale, foreign, pending = yield_record(key, begun, slots, {f"fail{o}": plus_one(L[f"fail{o}"])}, then)
    return [
        *errors, (begun[f"hdr{o}"] == 0, 30, 0, begun), (check != 0, 31, 0, begun), (k == 0, 32, 0, begun), (method == 0, 33, 0, begun),
        (UGE(now - begun[f"minted{o}"], If(ULT(limit, cap), limit, cap)), 34, 0, begun), (stopped(L, o), 35, 0, begun),
        (left != 0, 36, left, begun), (stale, 22, 0, foreign), (TRUE, 1, 0, pending),
    ]  # fmt: skip


def compare(key, L, slots, equal):
    """Of a pending attempt. equal: whether the number of d1..d10 is that of code_digits."""
    failed, poisoned, confirmed = confirm(L, slots)
    o = L["compare_o"]
    for n in (0, 1):
        confirmed[f"since{n}"] = If(o == n, L["seen"], L[f"since{n}"])
        confirmed[f"waived{n}"] = If(o == n, BitVecVal(0, 8), L[f"waived{n}"])
    matched = confirmed | {f"hdr{n}": If(o == n, BitVecVal(0, 16), L[f"hdr{n}"]) for n in (0, 1)}
    hdr, nonce = (If(o == 0, L[f"{name}0"], L[f"{name}1"]) for name in ("hdr", "nonce"))
    change = {"resets": plus_one(matched["resets"]), "fail0": If(o == 0, BitVecVal(0, 8), matched["fail0"]), "fail1": BitVecVal(0, 8)}
    then = {"grant_hdr": hdr, "grant_nonce": nonce, "grant_session": L["compare_session"], "grant_k": L["compare_k"]}
    then |= {"then": BitVecVal(GRANT, 8)}
    stale, foreign, pending = yield_record(key, matched, slots, change, then)
    return [(L["then"] != COMPARE, 3, 0, L), (failed, 23, 0, poisoned), (Not(equal), 2, 0, confirmed), (stale, 22, 0, foreign), (TRUE, 1, 0, pending)]


def grant(L, slots):
    failed, poisoned, confirmed = confirm(L, slots)
    return [(L["then"] != GRANT, 3, 0, L), (failed, 23, 0, poisoned), (TRUE, 0, 0, confirmed)]


def permits(key, L):
    """What the Grant says that comes of the ledger that a step to it leaves."""
    hdr = L["grant_hdr"]
    handle = Extract(255, 128, f(key, 7, Concat(L["resets"], L["seen"], hdr, L["grant_nonce"])))
    return {
        "origin": ZeroExt(7, Extract(7, 7, hdr)), "purpose": ZeroExt(5, Extract(13, 11, hdr)), "method": Extract(7, 0, by_k(L["grant_k"], 0)) - 1,
        "resets": L["resets"], "session": L["grant_session"], "at": L["seen"], "handle": handle,
    }  # fmt: skip


def consume(given, now):
    """Whether the Grant is void."""
    return Or(ULT(now, given), UGE(now - given, GRANT_VALIDITY))


def lowered(key, L, errors, slots, o, nothing, to):
    """Of a ledger that was begun: the origin's next comparison does not wait, and its failures become `to`."""
    waived = L | {f"waived{o}": BitVecVal(1, 8)}
    stale, foreign, pending = yield_record(key, waived, slots, {f"fail{o}": BitVecVal(to, 8)}, {"then": BitVecVal(DONE, 8)})
    return [*errors, (nothing, 0, 0, waived), (stale, 22, 0, foreign), (TRUE, 1, 0, pending)]


def login(key, L, now, slots):
    errors, begun, now = begin(L, now)
    return lowered(key, begun, errors, slots, 0, Or(L["fail0"] == 0, ULT(now - begun["since0"], 86400)), 0)


def allow_again(key, L, now, slots):
    errors, begun, now = begin(L, now)
    return lowered(key, begun, errors, slots, 1, ULE(L["fail1"], 80), 80)


def cleared(L, slots):
    failed, poisoned, confirmed = confirm(L, slots)
    return [(L["then"] != DONE, 3, 0, L), (failed, 23, 0, poisoned), (TRUE, 0, 0, confirmed)]


def show(L, slots):
    """What open has put in its place already is shown, once its record is stored."""
    failed, poisoned, confirmed = confirm(L, slots)
    return [(L["then"] != SHOW, 3, 0, L), (failed, 23, 0, poisoned), (TRUE, 0, 0, confirmed)]


def open_(key, L, o, purpose, mail, entropy, now, slots):
    errors, begun, now = begin(L, now)
    hdr = Concat(BitVecVal(1, 2), Extract(2, 0, purpose), Extract(2, 0, L["epoch"]), BitVecVal(o, 1), Extract(0, 0, mail), BitVecVal(0, 6))
    live, passed = begun[f"hdr{o}"], now - begun[f"minted{o}"]
    fresh = L["fresh"] == 1
    boots = If(fresh, plus_one(L["boots"]), L["boots"])
    nonce = Extract(255, 216, f(key, 1, Concat(boots, L["opens"], now, entropy)))
    shown = {"opens": plus_one(L["opens"]), f"hdr{o}": hdr, f"nonce{o}": nonce, f"minted{o}": now, f"has_minted{o}": BitVecVal(1, 8)}
    then = {"then": BitVecVal(SHOW, 8), "show_o": BitVecVal(o, 8)}
    stale, foreign, pending = yield_record(key, begun, slots, {}, then)
    return [
        *errors, (L[f"methods{o}"] == 0, 33, 0, begun), (live == hdr, 0, 0, begun), (And(live != 0, z3.BoolVal(o == 1)), 40, 0, begun),
        (And(L[f"has_minted{o}"] == 1, ULT(passed, 10)), 41, 10 - passed, begun), (And(fresh, stale), 22, 0, foreign),
        (fresh, 1, 0, pending | shown), (TRUE, 0, 0, begun | shown),
    ]  # fmt: skip
