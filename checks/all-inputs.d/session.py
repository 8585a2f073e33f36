"""Each step of the ledger and its session does what SPEC.md's pseudo-code does, for every ledger, uptime and content of the slots.

open_ is not run: it has not been shown yet, because the challenge's text is written in the middle of it.
"""
import claripy
import z3
from z3 import UGE, UGT, ULE, ULT, And, Not

import spec
from ledger import FIELDS, Ledger, invariant, same, slots
from machine import CHALLENGE, ENTROPY, GRANT, KEY, LEDGER, OUT, SLOTS, TEXT, Refuted, demand, terms
from paths import Paths


def symbol(name, bits):
    return claripy.BVS(name, bits, explicit_name=True)


def known(end):
    """What is known at the end of a path: its conditions, and what each compression was given."""
    facts = terms(end.solver.constraints)
    for call in end.globals.get("calls", ()):
        guard, before, block, after = terms(call[1:])
        facts.append(z3.Implies(guard, spec.COMPRESS(before, block) == after))
    return facts


def outcome(end):
    return terms([end.memory.load(OUT + 8 * i, 8, endness="Iend_LE") for i in (0, 1)])


class Step:
    """One call of a function of src/lib.rs, from every ledger."""

    def __init__(self, machine, function, *arguments, o=None):
        self.machine, self.function, self.ledger, self.o = machine, function, Ledger(machine), o
        self.state = machine.start(function, *arguments)
        self.key = terms(machine.key(self.state))
        self.before = self.ledger.fill(self.state)
        self.slots = slots(self.state)

    def each(self, expected, limit=2000, secret=(), may_join=None, decisions=None):
        """expected(end) -> ((error, argument), ledger, facts): what they are by SPEC.md."""
        return self.machine.run(self.state, secret, limit, lambda end: self.compared(end, *expected(end)), may_join, decisions)[1]

    def all_at_once(self, expected, codes, now=None):
        """The same with every path joined where it meets another; by each outcome that SPEC.md can give, and by how the clock went."""
        paths = Paths(self.machine)
        end = paths.run(self.state)
        should, ledger, facts = expected(end)
        seen = self.before["seen"]
        back = [] if now is None else [And(ULT(now, seen), ULE(seen - now, 10)), And(ULT(now, seen), UGT(seen - now, 10))]
        clock = [*back, UGE(now, seen)] if back else [z3.BoolVal(True)]
        demand("the outcomes", *(should[0] != code for code in codes))
        self.compared(end, should, ledger, facts, [And(should[0] == code, way) for code in codes for way in clock])
        return {"paths": 1, "joins": paths.merges, "branches": {}, "addresses": set()}

    def compared(self, end, should, ledger, facts, cases=None):
        after = self.ledger.fields(end)
        facts = [*known(end), *facts]
        equal = {f"{self.function}'s outcome": And(*(a == b for a, b in zip(outcome(end), should)))}
        equal |= {f"{self.function}: {name} afterwards": term for name, term in same(after, ledger).items()}
        equal |= {f"{self.function}: the invariant, {i}": term for i, term in enumerate(invariant(after))}
        equal = {what: term for what, term in equal.items() if not z3.is_true(z3.simplify(term))}
        for case in cases or ():
            demand(f"{self.function}: outcome, ledger and invariant", *facts, case, Not(And(*equal.values())), seconds=300)
        for what, term in equal.items() if cases is None else ():  # of one path, one at a time: that is faster there
            demand(what, *facts, Not(term))


def damm_rows():
    """The table of src/code.rs: by columns."""
    return b"".join(column(d).to_bytes(8, "little") for d in range(10))


def column(d):
    return sum(row[d] << (4 * x) for x, row in enumerate(spec.DAMM))


class TypedDamm:
    """Damm over what was typed, by look-ups in the table of columns: the digits' addresses, whatever the state is."""

    def __init__(self, seed, digits):
        self.states = [z3.BitVec(f"x{i}", 4) for i in range(13)]
        self.seed, self.digits, self.shown = seed, digits, set()

    def facts(self, looks):
        """-> what is known of the last state, once the look-ups before it were shown to be right."""
        facts = [self.states[0] == z3.Extract(3, 0, self.seed)]
        demand("the seed is a digit", *facts, z3.UGT(self.states[0], 9))
        facts.append(z3.ULE(self.states[0], 9))
        for (_, guard, at, address, fresh), x, after, digit in zip(looks, self.states, self.states[1:], self.digits):
            guard, address, fresh = terms([guard, address, fresh])
            demand("where Damm's column of a digit is", *facts, guard, z3.ULE(digit, 9), address != at + 8 * z3.ZeroExt(56, digit))
            word = z3.BitVecVal(0, 64)
            for d in range(10):
                word = z3.If(digit == d, z3.BitVecVal(column(d), 64), word)
            facts += [after == spec.damm_step(x, z3.Extract(3, 0, digit)), z3.ULE(after, 9), z3.Implies(guard, fresh == word)]
        return facts


def submit(machine, o):
    now = symbol("now", 64)
    step = Step(machine, "submit", LEDGER, KEY, TEXT, now, SLOTS, OUT, o)
    text = [symbol(f"text{i}", 8) for i in range(12)]
    for i, byte in enumerate(text):
        step.state.memory.store(TEXT + i, byte)
        step.state.solver.add(byte >= 0x30, byte <= 0x39)
    z_now, *z_text = terms([now, *text])
    digits = [z3.ZeroExt(4, z3.Extract(3, 0, d)) for d in z_text]
    damm = TypedDamm(spec.seed(step.before[f"nonce{o}"]), digits)

    def expected(end):
        looks = end.globals.get("looks", ())
        if len(looks) not in (0, 12):
            raise Refuted(f"{len(looks)} look-ups in Damm's table for twelve digits")
        should, after, _ = spec.submit(step.key, step.before, o, digits, damm.states[12], z_now, step.slots)
        return should, after, damm.facts(looks)

    return step.all_at_once(expected, (20, 21, 30, 31, 32, 33, 34, 35, 36, 22, 1), z_now)


def login(machine):
    now = symbol("now", 64)
    step = Step(machine, "login", LEDGER, KEY, now, SLOTS, OUT)
    z_now = terms([now])[0]
    should, after = spec.login(step.key, step.before, z_now, step.slots)
    return step.all_at_once(lambda end: (should, after, []), (20, 21, 0, 22, 1), z_now)


def confirmed(machine, function):
    """grant, and a login's end."""
    step = Step(machine, function, LEDGER, SLOTS, *([GRANT] if function == "grant" else []), OUT)
    should, after = getattr(spec, function)(step.before, step.slots)
    return step.all_at_once(lambda end: (should, after, []), (3, 23, 0))


def open_(machine, o):
    now, entropy, purpose, mail = symbol("now", 64), symbol("entropy", 256), symbol("purpose", 8), symbol("mail", 8)
    # the seventh argument on are on the stack
    step = Step(machine, "open", LEDGER, KEY, ENTROPY, now, SLOTS, OUT, o, claripy.ZeroExt(56, purpose), claripy.ZeroExt(56, mail))
    step.state.memory.store(ENTROPY, entropy)
    step.state.solver.add(claripy.ULE(purpose, 2), claripy.ULE(mail, 1))
    z_purpose, z_mail, z_entropy, z_now = terms([purpose, mail, entropy, now])
    should, after = spec.open_(step.key, step.before, o, z_purpose, z_mail, z_entropy, z_now, step.slots)
    return step.all_at_once(lambda end: (should, after, []), (20, 21, 33, 40, 41, 22, 1, 0), z_now)


def standing(machine, o):
    now = symbol("now", 64)
    step = Step(machine, "standing", LEDGER, now, OUT, o)
    z_now = terms([now])[0]
    # an uptime before the last guess counts as that guess's
    since = step.before[f"since{o}"]
    should = spec.standing(step.before, o, z3.If(z3.ULT(z_now, since), since, z_now))
    return step.all_at_once(lambda end: (should, step.before, []), (0, 35, 36))


def load(machine):
    """From any two slots, with any device: the ledger is SPEC.md's, and the invariant holds of it."""
    now, ledger = symbol("now", 64), Ledger(machine)
    state = machine.start("load", LEDGER, KEY, CHALLENGE, SLOTS, now)
    key, both, rows = terms(machine.key(state)), slots(state), machine.layout("Device", ".policy.cap")
    device = {"epoch": ".epoch.__0", "cap": ".policy.cap", "methods0": ".policy.methods.local", "methods1": ".policy.methods.network"}
    for name, path in device.items():
        value = symbol(name, FIELDS[name][1])
        state.memory.store(CHALLENGE + rows[path][0], value, endness="Iend_LE")
        least, most = {"epoch": (0, 7), "cap": (1, 259200)}.get(name, (0, 3))
        state.solver.add(claripy.UGE(value, least), claripy.ULE(value, most))
        device[name] = terms([value])[0]
    device["epoch"] = z3.Extract(2, 0, device["epoch"])
    paths = Paths(machine)
    end = paths.run(state)
    after = ledger.fields(end)
    should = after | spec.load(key, both, terms([now])[0], device)
    facts, valid = known(end), [spec.unsealed(key, slot) for slot in both]
    equal = [term for term in (*same(after, should).values(), *invariant(after)) if not z3.is_true(z3.simplify(term))]
    for a in (valid[0], Not(valid[0])):
        for b in (valid[1], Not(valid[1])):
            demand("load: the ledger and its invariant", *facts, a, b, Not(And(*equal)), seconds=300)
    return {"paths": 1, "joins": paths.merges, "branches": {}, "addresses": set()}
