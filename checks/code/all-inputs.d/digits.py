"""The digits of a code are floor(X * 10^10 / 2^64) for all X; its text, the check digit among it; and the comparison with its one decision."""
import claripy
import z3

import spec
from ledger import FIELDS
from machine import CHALLENGE, KEY, LEDGER, OUT, SLOTS, Cut, Refuted, demand, sweep, terms
from session import Step, column, damm_column, symbol

MASK = (1 << 64) - 1


def cuts_for(x, k, nonce):
    """X[i] of code_digits, as 64 - i bits and i zeros, its three limbs, the digits; then the check digit's states."""
    cuts, always, digits, last = [], [], [], []

    def fact(definition, stands):
        demand("what is known of an intermediate value", *always, z3.UGT(definition, 9))
        always.append(z3.ULE(stands, 9))

    for i in range(1, 11):
        ten, near = z3.ZeroExt(4, x) * 10, last[-3:]
        x = z3.Concat(z3.BitVec(f"X{i}", 64 - i), z3.BitVecVal(0, i))
        digit = z3.BitVec(f"d{i}", 4)
        digits.append(digit)
        fact(z3.Extract(67, 64, ten), digit)
        last.append(x == z3.Extract(63, 0, ten))
        always.append(z3.Extract(7, 0, x) == z3.Extract(7, 0, ten))  # the compiler takes the lowest limb's steps together
        zeros = z3.BitVecVal(0, 20)
        cuts.append(Cut(f"d{i}", z3.Extract(67, 64, ten), digit, near))
        cuts.append(Cut(f"X{i}", z3.Extract(63, 0, ten), x, near))
        cuts.append(Cut(f"high{i}", z3.Extract(63, 36, ten), z3.Extract(63, 36, x), near))
        cuts.append(Cut(f"middle{i}", z3.Extract(35, 8, ten), z3.Extract(35, 8, x), near))
        cuts.append(Cut(f"low{i}", z3.Concat(z3.Extract(7, 0, ten), zeros), z3.Concat(z3.Extract(7, 0, x), zeros), near))
    always.append(z3.ULE(k, 9))
    state = z3.BitVec("x0", 4)
    fact(spec.seed(nonce), state)
    cuts.append(Cut("x0", spec.seed(nonce), state))
    before = [state == spec.seed(nonce)]
    for i, digit in enumerate([k, *digits], 1):
        after = z3.BitVec(f"x{i}", 4)
        fact(spec.damm_step(state, digit), after)
        cuts.append(Cut(f"x{i}", spec.damm_step(state, digit), after, before[-1:]))
        for bit in range(4):  # the compiler leaves the others where they are when it wants one
            one = [z3.Extract(bit, bit, value) for value in (spec.damm_step(state, digit), after)]
            cuts.append(Cut(f"x{i}.{bit}", *one, before[-1:]))
        before.append(after == spec.damm_step(state, digit))
        state = after
    return cuts, always, digits, state


def sampler(roots, mac, k=None, hdr=None, nonce=None, columns=()):
    """Random inputs: all variables, and the cuts' values by the same arithmetic."""
    lengths = {v.args[0]: v.length for root in roots for v in root.leaf_asts() if v.op == "BVS"}

    def sample(draw):
        x, number, seed = draw.getrandbits(64), draw.randrange(1, 10), draw.getrandbits(40)
        variables = {name: draw.randrange(10) if length == 8 else draw.getrandbits(length) for name, length in lengths.items()}
        variables[mac.args[0]] = x << 192 | draw.getrandbits(192)
        values = {}
        values |= number_values(x)
        state = values["x0"] = seed * 10 >> 40
        digits = [number]
        for i in range(1, 11):
            values[f"d{i}"], x = x * 10 >> 64, x * 10 & MASK
            digits.append(values[f"d{i}"])
            values[f"X{i}"], values[f"high{i}"], values[f"middle{i}"], values[f"low{i}"] = x, x >> 36, x >> 8 & 0xFFFFFFF, (x & 255) << 20
        for i, d in enumerate(digits, 1):
            state = values[f"x{i}"] = spec.DAMM[state][d]
            values |= {f"x{i}.{bit}": state >> bit & 1 for bit in range(4)}
        if nonce is not None:
            variables |= {k.args[0]: number, hdr.args[0]: 0x4000, nonce.args[0]: seed}
            variables |= {fresh.args[0]: column(number) for fresh in columns}
        return variables, values

    return sample


HIGH, LOW = divmod(5**10, 1 << 16)


def number_cuts(x):
    """Of `number`: X as four limbs of 16 bits, the sums of their products with 5^10, the number."""
    cuts, before, carry = [], z3.BitVecVal(0, 32), z3.BitVecVal(0, 32)
    for i in range(4):
        limb = z3.ZeroExt(16, z3.Extract(16 * i + 15, 16 * i, x))
        total = z3.BitVec(f"sum{i}", 32)
        cuts.append(Cut(f"sum{i}", limb * LOW + before * HIGH + carry, total))
        before, carry = limb, z3.LShR(total, 16)
    top, small = z3.BitVec("top", 32), 1 << 24
    demand("the size of the number", z3.UGE(before * HIGH + carry, small))
    cuts.append(Cut("top", before * HIGH + carry, top))
    return cuts, [z3.ULT(top, small)], z3.ZeroExt(32, top) << 10 | z3.ZeroExt(54, z3.Extract(15, 6, total))


def number_values(x):
    values, before, carry = {}, 0, 0
    for i in range(4):
        limb = x >> 16 * i & 0xFFFF
        values[f"sum{i}"] = total = limb * LOW + before * HIGH + carry
        before, carry = limb, total >> 16
    return values | {"top": before * HIGH + carry}


def number_is_floor():
    """Those sums fit in 32 bits, and the number is floor(X * 10^10 / 2^64): linear, over the integers."""
    solver, x, before, carry, fits = z3.Solver(), 0, 0, 0, []
    for i in range(4):
        limb, low, high = z3.Ints(f"limb{i} low{i} high{i}")
        solver.add(0 <= limb, limb < 2**16, 0 <= low, low < 2**16, limb * LOW + before * HIGH + carry == high * 2**16 + low)
        fits.append(z3.And(high >= 0, high < 2**16))
        x, before, carry = x + limb * 2 ** (16 * i), limb, high
    kept, dropped = z3.Ints("kept dropped")
    solver.add(low == kept * 64 + dropped, 0 <= dropped, dropped < 64)
    number = (before * HIGH + carry) * 1024 + kept
    solver.add(z3.Not(z3.And(*fits, number * 2**64 <= x * 10**10, x * 10**10 < (number + 1) * 2**64, before * HIGH + carry < 2**32)))
    if solver.check() != z3.unsat:
        raise Refuted("the number by limbs is not the floor")


def floor_by_steps():
    """Ten times (d = 10 X div 2^64, X = 10 X mod 2^64) is floor(X * 10^10 / 2^64): linear, over the integers."""
    solver = z3.Solver()
    x = first = z3.Int("X0")
    solver.add(0 <= x, x < 2**64)
    total = 0
    for i in range(1, 11):
        d, after = z3.Int(f"d{i}"), z3.Int(f"X{i}")
        solver.add(10 * x == d * 2**64 + after, 0 <= after, after < 2**64)
        total, x = total * 10 + d, after
    solver.add(z3.Not(z3.And(total * 2**64 <= first * 10**10, first * 10**10 < (total + 1) * 2**64, 0 <= total, total < 10**10)))
    if solver.check() != z3.unsat:
        raise Refuted("ten digits by carries are not the floor")


def demand_mac(calls, facts, key, domain, message):
    """The first two compressions of a path are F of this. -> what the second gives"""
    if len(calls) < 2:
        raise Refuted(f"{len(calls)} compressions for one F, not two")
    calls = [terms(call[2:]) for call in calls[:2]]
    given = [spec.COMPRESS(before, block) == after for before, block, after in calls]
    demand("the F of a code or a tag", *facts, *given, calls[1][2] != spec.f(key, domain, message))
    return calls[1][2]


def answer(machine):
    """The text of a code, on one path."""
    k, hdr, nonce = symbol("k", 64), symbol("hdr", 16), symbol("nonce", 40)
    state = machine.start("answer", KEY, CHALLENGE, k, OUT)
    rows = machine.layout("Challenge", ".nonce.__0")
    state.memory.store(CHALLENGE + rows[".header.__0.__0.__0"][0], hdr, endness="Iend_LE")
    state.memory.store(CHALLENGE + rows[".nonce.__0"][0], nonce)
    state.solver.add(k >= 1, claripy.ULE(k, 9), hdr[15:14] == 1, hdr[5:0] == 0, claripy.ULE(hdr[13:11], 2))
    key = terms(machine.key(state))
    done, seen = machine.run(state, ("key", "compressed"))
    if len(done) != 1 or seen["branches"] or seen["addresses"]:
        found = [*map(hex, seen["branches"]), *map(hex, seen["addresses"])]
        raise Refuted(f"formatting a code: {len(done)} paths; branches and addresses that depend on a secret at {' '.join(found)}")
    end = done[0]
    calls = end.globals["calls"]
    path = terms(end.solver.constraints)
    z_k, z_hdr, z_nonce = terms([k, hdr, nonce])
    mac = demand_mac(calls, path, key, 3, z3.Concat(z3.Extract(7, 0, z_k), z_hdr, z_nonce))
    z_k = z3.Extract(3, 0, z_k)
    text = end.memory.load(OUT, 14)
    cuts, always, digits, check = cuts_for(z3.Extract(255, 192, mac), z_k, z_nonce)
    always += path
    looks = end.globals.get("looks", ())
    for _, _, at, address, fresh in looks:  # of k alone, which is public
        address, fresh = terms([address, fresh])
        demand("where Damm's column of k is", *always, address != at + 8 * z3.ZeroExt(60, z_k))
        always.append(fresh == damm_column(z_k))
    roots = [text.get_byte(i) for i in range(14)]
    sample = sampler([*roots, k, hdr, nonce], calls[1][4], k, hdr, nonce, [look[4] for look in looks])
    places = sweep(roots[:13], sample, [cut for cut in cuts if cut.number[0] != "x"], always)
    for place, digit in zip([0, 1, 2, 3, 5, 6, 7, 8, 10, 11, 12], [z_k, *digits]):
        demand(f"the digit at place {place}", *always, places[place] != z3.Concat(z3.BitVecVal(3, 4), digit))
    last, = sweep(roots[13:], sample, cuts, always)
    demand("the check digit", *always, last != z3.Concat(z3.BitVecVal(3, 4), check))
    for place in (4, 9):
        demand("a dash", *always, places[place] != ord("-"))
    floor_by_steps()
    return seen


def compare(machine):
    """One decision that depends on the MAC of the code, and it is whether the ten digits are equal; the rest by SPEC.md."""
    step = Step(machine, "compare", LEDGER, KEY, SLOTS, OUT)
    L = step.before
    hdr, nonce = (z3.If(L["compare_o"] == 0, L[name + "0"], L[name + "1"]) for name in ("hdr", "nonce"))
    typed = step.state.memory.load(LEDGER + step.ledger.rows[FIELDS["compare_n"][0]][0], 8)
    swept = {}

    def expected(end):
        calls = end.globals.get("calls", ())
        if not calls:
            return spec.compare(step.key, L, step.slots, z3.BoolVal(False)), []
        secret = calls[1][4].args[0]
        guards = [c for c in end.solver.constraints if secret in c.variables]
        public = terms([c for c in end.solver.constraints if secret not in c.variables and not any(n.startswith("compressed") for n in c.variables)])
        place = tuple(g.hash() for g in guards)
        if place not in swept:
            mac = demand_mac(calls, public, step.key, 3, z3.Concat(L["compare_k"], hdr, nonce))
            cuts, always, number = number_cuts(z3.Extract(255, 192, mac))
            rewritten = sweep(guards, sampler([*guards, typed], calls[1][4]), cuts, [*always, *public])
            swept[place] = z3.And(rewritten), always, terms([typed])[0] == number
        rewritten, always, equal = swept[place]
        return spec.compare(step.key, L, step.slots, equal), [rewritten, *always]

    number_is_floor()
    # what is compared with a seal is public; before it there are two compressions, of the code
    seen = step.each(expected, secret=("key", "compressed0_", "compressed1_"), may_join=lambda end: not end.globals.get("calls"), decisions=1)
    if len(seen["branches"]) != 1 or seen["addresses"]:
        found = [*map(hex, seen["branches"]), *map(hex, seen["addresses"])]
        raise Refuted(f"a comparison: branches and addresses that depend on a secret at {' '.join(found)}; one branch was expected")
    return seen
