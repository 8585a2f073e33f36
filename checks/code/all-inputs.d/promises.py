"""What a guess costs, of the terms of spec.py: submit and compare are shown in session.py and digits.py to end as these say.

For every ledger state, uptime and counter: a code is accepted for comparison only before it expires and outside of a wait; it costs exactly
one guess, which no comparison gives back; no time and no count wraps; no wait becomes shorter.
"""
import z3
from z3 import And, BitVec, BitVecVal, If, Implies, Not, Or, UGE, UGT, ULE, ULT

import spec
from ledger import FIELDS, Ledger, invariant
from machine import Refuted, unsatisfiable
from spec import by_k, fields, stopped, wait, wide

RECORD = "seq", "boots", "resets", "fail0", "fail1"
TAKEN, MATCHED, REJECTED, NOT_STORED = 1, 1, 2, 23  # as src/lib.rs numbers them


def any_ledger():
    """-> a ledger, and what is known of it."""
    L = {name: BitVec(f"some_{name}", bits) for name, (_, bits) in FIELDS.items()}
    return L, invariant(L)


def after_any_time(before, since, after):
    """-> the uptimes by the clocks of the two after any time from now on, and that neither wraps.

    `since` is now by the clock of `before`: when the uptime went back, the latest that it has been.
    """
    elapsed = BitVec("elapsed", 64)
    then, now = since + elapsed, after["seen"] + elapsed
    return then, now, And(UGE(then, since), UGE(now, after["seen"]))


def counted_as_long(before, since, after):
    """Of both origins: no more time has passed of a wait."""
    then, now, fits = after_any_time(before, since, after)
    return [Implies(fits, ULE(now - after[f"since{o}"], then - before[f"since{o}"])) for o in (0, 1)]


def waits_as_long(before, since, after):
    """Of both origins: at least as long is left as there would have been."""
    then, now, fits = after_any_time(before, since, after)
    stops = [Or(stopped(after, o), Not(stopped(before, o))) for o in (0, 1)]
    return [*stops, *(Implies(fits, UGE(wait(after, o, now), wait(before, o, then))) for o in (0, 1))]


def one_more(before, after, o):
    """Of two records' counts: one failure at o, and nothing else. 255 stays."""
    other = 1 - o
    count = If(before[f"fail{o}"] == 255, before[f"fail{o}"], before[f"fail{o}"] + 1)
    return And(after[f"fail{o}"] == count, after[f"fail{other}"] == before[f"fail{other}"], after["resets"] == before["resets"])


def clauses(o):
    """-> [(what, what is known, what follows)], how the clock may have gone"""
    (L, facts), now, check, equal = any_ledger(), BitVec("now", 64), BitVec("check", 4), z3.Bool("equal")
    key, slots, later = ([BitVec(f"{name}{i}", 256) for i in (0, 1)] for name in ("state", "slot", "later"))
    digits = [BitVec(f"digit{i}", 8) for i in range(12)]
    facts += [ULE(digit, 9) for digit in digits]
    (error, _), after = spec.joined(spec.submit(key, L, o, BitVec("session", 32), digits, check, now, slots))
    (compared, _), end = spec.joined(spec.compare(key, after, later, equal))
    new, at = fields(after["sealed"]), after["seen"]
    latest = If(UGE(at, L["seen"]), at, L["seen"])
    minted, cap, limit = L[f"minted{o}"], wide(L["cap"]), by_k(digits[0], 1)
    taken = [*facts, error == TAKEN]
    stored = [*taken, If(after["slot"] == 0, later[1], later[0]) == after["sealed"]]
    matched, clearing = [*stored, compared == MATCHED], fields(end["sealed"])
    counts = [And(UGE(new[name], L[name]), ULE(new[name] - L[name], 1)) for name in RECORD]
    left = [wait({"fail0": L["fail0"], "since0": BitVecVal(0, 64), "waived0": BitVecVal(0, 8)}, 0, BitVec(passed, 64)) for passed in ("less", "more")]
    clock = [And(ULT(now, L["seen"]), ULE(L["seen"] - now, 10)), And(ULT(now, L["seen"]), UGT(L["seen"] - now, 10)), UGE(now, L["seen"])]
    return [
        ("a code is taken before it expires", taken, And(L[f"hdr{o}"] != 0, UGE(at, minted), ULT(at - minted, limit), ULT(at - minted, cap))),
        ("a code is taken outside of a wait", taken, And(Not(stopped(L, o)), wait(L, o, latest) == 0)),
        ("its record counts one guess", taken, one_more(L, new, o)),
        ("its record has no lower count", taken, counts),
        ("nothing is counted or given back before", facts, [after[name] == L[name] for name in RECORD]),
        ("no time is before one that it is counted from", facts, invariant(after)),
        ("a wait of as many failures ends with time alone", [ULE(BitVec("less", 64), BitVec("more", 64))], UGE(*left)),
        ("no comparison without the record", taken, Implies(Or(compared == MATCHED, compared == REJECTED), stored[-1])),
        ("no match without the ten digits", taken, Implies(compared == MATCHED, equal)),
        ("no second comparison", taken, end["then"] != spec.COMPARE),
        ("a wrong code is rejected", [*stored, Not(equal)], compared == REJECTED),
        ("a comparison costs one guess", stored, one_more(L, end, o)),
        ("a comparison shortens no wait", stored, waits_as_long(L, latest, end)),
        ("no time is before one that it is counted from, after a comparison", stored, invariant(end)),
        ("the record of a reset has no lower count of resets or records", matched, [UGE(clearing[n], L[n]) for n in ("seq", "boots", "resets")]),
        ("the network clears no failure of the local screen", matched, Or(z3.BoolVal(o == 0), clearing["fail0"] == L["fail0"])),
        ("submitting shortens no wait", facts, counted_as_long(L, latest, after)),
    ], clock  # fmt: skip


def first_broken(o):
    what_follows, clock = clauses(o)
    for what, known, follows in what_follows:
        for way in clock:
            for claim in follows if isinstance(follows, list) else [follows]:
                result = unsatisfiable([*known, way, Not(claim)])
                if result != z3.unsat:
                    return f"{what}: " + ("there is a ledger for which it is not so" if result == z3.sat else "the solver gave up")
    return None


def late_by_a_second(k, column, right=spec.by_k):
    return right(k, column) + column


def since_is_kept(L, now, right=spec.begin):
    errors, begun, now = right(L, now)
    return errors, begun | {"since0": L["since0"], "since1": L["since1"]}, now


def compared_anyway(L, slots, right=spec.confirm):
    _, poisoned, confirmed = right(L, slots)
    return z3.BoolVal(False), poisoned, confirmed


def reset_as(key, L, slots, equal, instead, right=spec.compare):
    *cases, (condition, *outcome, end) = right(key, L, slots, equal)
    return [*cases, (condition, *outcome, end | instead(key, end))]


def cleared_early(*arguments):
    return reset_as(*arguments, lambda key, end: {name: BitVecVal(0, FIELDS[name][1]) for name in ("fail0", "fail1", "since0", "since1")})


def both_cleared(*arguments):
    def instead(key, end):
        record = fields(end["sealed"]) | {"fail0": BitVecVal(0, 8), "fail1": BitVecVal(0, 8)}
        return {"sealed": spec.sealed(key, spec.record(*(record[name] for name in RECORD)))}
    return reset_as(*arguments, instead)


DEFECTS = [  # (what, the function of spec.py, in its place)
    ("a code is good a second too long", "by_k", late_by_a_second),
    ("a count wraps", "plus_one", lambda count: count + 1),
    ("a guess costs nothing", "plus_one", lambda count: count),
    ("a clock that goes back leaves a wait's beginning in the future", "begin", since_is_kept),
    ("a record that is not stored is gone by", "confirm", compared_anyway),
    ("the right code clears the failures before its record is stored", "compare", cleared_early),
    ("the right code at either origin clears the failures of both", "compare", both_cleared),
]


def kept(machine):
    Ledger(machine)  # numbers the steps as the compiler does
    count = 0
    for o in (0, 1):
        broken = first_broken(o)
        if broken:
            raise Refuted(broken)
        count += len(clauses(o)[0])
    for what, name, instead in DEFECTS:
        right = getattr(spec, name)
        setattr(spec, name, instead)
        broken = first_broken(0) or first_broken(1)
        setattr(spec, name, right)
        if not broken or "gave up" in broken:
            raise Refuted(f"planted in the specification: {what}: not found")
        print(f"planted in the specification: {what}: {broken}", flush=True)
    return {"paths": count, "what": "clauses"}
