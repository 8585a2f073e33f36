"""Each step of the ledger and its session does what SPEC.md's pseudo-code does, on every path.

checks/all-inputs runs `standing` (and `compare`, in digits.py). submit, login, open_ and confirmed are not run: hundreds of paths at a second or
two each, most of them from the clock's cases in `begin`; they need those paths joined, or the uptime cut, before they are of use.
"""
import claripy
import z3
from z3 import And, Not

import spec
from ledger import Ledger, invariant, same, slots
from machine import ENTROPY, GRANT, KEY, LEDGER, OUT, SLOTS, TABLES, TEXT, Refuted, demand, terms


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

        def check(end):
            should, ledger, facts = expected(end)
            after = self.ledger.fields(end)
            facts = [*known(end), *facts]
            equal = {f"{self.function}'s outcome": And(*(a == b for a, b in zip(outcome(end), should)))}
            equal |= {f"{self.function}: {name} afterwards": term for name, term in same(after, ledger).items()}
            equal |= {f"{self.function}: the invariant, {i}": term for i, term in enumerate(invariant(after))}
            for what, term in equal.items():  # one at a time: together they are too much for the solver
                if not z3.is_true(z3.simplify(term)):
                    demand(what, *facts, Not(term))

        return self.machine.run(self.state, secret, limit, check, may_join, decisions)[1]


def damm_rows():
    return b"".join(sum(d << (4 * i) for i, d in enumerate(row)).to_bytes(8, "little") for row in spec.DAMM)


class TypedDamm:
    """Damm over what was typed, by look-ups in the table of rows: their addresses are those of SPEC.md's states, one after the other."""

    def __init__(self, seed, digits):
        self.states = [z3.BitVec(f"x{i}", 4) for i in range(13)]
        self.seed, self.digits, self.shown = seed, digits, set()

    def facts(self, looks):
        """-> what is known of the last state, once the look-ups before it were shown to be right."""
        local = []
        for i, (at, address, fresh) in enumerate(looks):
            x, before = self.states[i], self.states[i - 1]
            z_address, z_fresh = terms([address, fresh])
            if i == 0:
                local = [x == z3.Extract(3, 0, self.seed)]
                demand("the seed is a digit", *local, z3.UGT(x, 9))
            if (i, address.hash()) not in self.shown:
                demand("Damm's state after a digit", *local, z_address != at + 8 * z3.ZeroExt(60, x))
                self.shown.add((i, address.hash()))
            row = z3.BitVecVal(0, 64)
            for j, digits in enumerate(spec.DAMM):
                row = z3.If(x == j, z3.BitVecVal(sum(d << (4 * n) for n, d in enumerate(digits)), 64), row)
            digit = self.digits[i]
            after = self.states[i + 1]
            local = [z3.ULE(x, 9), z3.ULE(digit, 9), z_fresh == row, after == spec.damm_step(x, z3.Extract(3, 0, digit)), z3.ULE(after, 9)]
        return local


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

    return step.each(expected)


def login(machine):
    now = symbol("now", 64)
    step = Step(machine, "login", LEDGER, KEY, now, SLOTS, OUT)
    should, after = spec.login(step.key, step.before, terms([now])[0], step.slots)
    return step.each(lambda end: (should, after, []))


def confirmed(machine, function):
    """grant, and a login's end."""
    step = Step(machine, function, LEDGER, SLOTS, *([GRANT] if function == "grant" else []), OUT)
    should, after = getattr(spec, function)(step.before, step.slots)
    return step.each(lambda end: (should, after, []))


def open_(machine, o):
    now, entropy, purpose, mail = symbol("now", 64), symbol("entropy", 256), symbol("purpose", 8), symbol("mail", 8)
    # the seventh argument on are on the stack
    step = Step(machine, "open", LEDGER, KEY, ENTROPY, now, SLOTS, OUT, o, claripy.ZeroExt(56, purpose), claripy.ZeroExt(56, mail))
    step.state.memory.store(ENTROPY, entropy)
    step.state.solver.add(claripy.ULE(purpose, 2), claripy.ULE(mail, 1))
    z_purpose, z_mail, z_entropy, z_now = terms([purpose, mail, entropy, now])
    should, after = spec.open_(step.key, step.before, o, z_purpose, z_mail, z_entropy, z_now, step.slots)
    return step.each(lambda end: (should, after, []))


def standing(machine, o):
    now = symbol("now", 64)
    step = Step(machine, "standing", LEDGER, now, OUT, o)
    z_now = terms([now])[0]
    # an uptime before the last guess counts as that guess's
    since = step.before[f"since{o}"]
    should = spec.standing(step.before, o, z3.If(z3.ULT(z_now, since), since, z_now))
    return step.each(lambda end: (should, step.before, []))
