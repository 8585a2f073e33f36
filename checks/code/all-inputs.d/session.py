"""Each step of the ledger and its session does what SPEC.md's pseudo-code does, for every ledger, uptime and content of the slots."""
import contextlib

import claripy
import z3
from z3 import UGE, UGT, ULE, ULT, And, Not

import spec
from ledger import BYTES, FIELDS, Ledger, invariant, same, slots
from machine import CHALLENGE, ENTROPY, GRANT, KEY, LEDGER, OUT, SLOTS, TEXT, Cut, Refuted, Unable, demand, sweep, terms, unsatisfiable
from paths import Paths


def symbol(name, bits):
    return claripy.BVS(name, bits, explicit_name=True)


def conditions(end):
    """The conditions of a path."""
    return terms(end.solver.constraints)


def compressions(end):
    """What each compression of a path was given, and gave."""
    calls = [terms(call[1:]) for call in end.globals.get("calls", ())]
    return [z3.Implies(guard, spec.COMPRESS(before, block) == after) for guard, before, block, after in calls]


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
        """expected(end) -> (cases of spec.py, facts); of each path by itself."""

        def check(end):
            cases, facts = expected(end)
            should, ledger = spec.joined(cases)
            after = self.ledger.fields(end)
            facts = [*conditions(end), *compressions(end), *facts]
            equal = {f"{self.function}'s outcome": And(*(a == b for a, b in zip(outcome(end), should)))}
            equal |= {f"{self.function}: {name} afterwards": term for name, term in same(after, ledger).items()}
            equal |= {f"{self.function}: the invariant, {i}": term for i, term in enumerate(invariant(after))}
            for what, term in equal.items():
                if not z3.is_true(z3.simplify(term)):
                    demand(what, *facts, Not(term))

        return self.machine.run(self.state, secret, limit, check, may_join, decisions)[1]

    def all_at_once(self, expected, now=None):
        """The same with every path joined where it meets another; by each case that SPEC.md has, and by how the clock went.

        expected(end, paths) -> (cases, facts), and perhaps what may be called by a name in the terms of the end: [(term, name)].
        """
        paths, known = Paths(self.machine), conditions(self.state)
        end = paths.run(self.state)
        cases, facts, names, replaced = (*expected(end, paths), [], {})[:4]
        ended = [z3.substitute(term, *names) for term in conditions(end)]
        after = {name: z3.substitute(term, *names) for name, term in (self.ledger.fields(end) | replaced).items()}
        error, argument = (z3.substitute(term, *names) for term in outcome(end))
        calls = [[z3.substitute(term, *names) for term in terms(call[1:])] for call in end.globals.get("calls", ())]
        did, hashes = named_compressions([*ended, *facts], calls, [term for case in cases for term in (case[0], *case[3].values())])
        seen, count = self.before["seen"], 0
        back = [] if now is None else [And(ULT(now, seen), ULE(seen - now, 10)), And(ULT(now, seen), UGT(seen - now, 10))]
        clock = [*back, UGE(now, seen)] if back else [spec.TRUE]
        for condition, code, carried, ledger in spec.in_order(cases):
            claims = {"outcome": And(error == code, argument == carried), "ledger after": And(*same(after, ledger).values())}
            given = [*ended, *facts, condition]
            if z3.is_false(z3.simplify(condition)):
                continue  # of the other origin
            if unsatisfiable(given) != z3.sat:
                raise Unable(f"{self.function}: {code} was not seen to come about at all")
            if any(True for _ in compressions_in([condition, *claims.values()])):
                given, claims = [*given, *did], {what: z3.substitute(claim, *hashes) for what, claim in claims.items()}
                given = [z3.substitute(fact, *hashes) for fact in given]
            for way in clock:
                for what, claim in claims.items():
                    if not z3.is_true(z3.simplify(claim)):
                        demand(f"{self.function}: {what} {code}", *given, way, Not(claim))
                count += 1
        # of SPEC.md's ledger: it has the same fields wherever the invariant says anything of them
        for way in clock:
            for claim in invariant(spec.joined(cases)[1]):
                demand(f"{self.function}: the invariant", *known, *facts, way, Not(claim))
        return {"paths": count, "what": "cases", "joins": paths.merges, "branches": {}, "addresses": set()}


def compressions_in(roots):
    """SHA-256's compressions in z3's terms, those that a block of another is made of before it."""
    seen, stack = set(), [(root, False) for root in roots]
    while stack:
        ast, ready = stack.pop()
        if ready:
            if ast.decl().eq(spec.COMPRESS):
                yield ast
        elif ast.get_id() not in seen:
            seen.add(ast.get_id())
            stack += [(ast, True), *((child, False) for child in ast.children())]


def named_compressions(given, calls, roots):
    """What the specification's compressions give gets a name each, for the solver to think of nothing else.

    -> that those of the machine code give the same, where they were shown to be given the same; [(compression, its name)]
    """
    facts, names, left = [], [], [*calls]
    for ast in compressions_in(roots):
        state, block = (z3.substitute(argument, *names) for argument in ast.children())
        name = z3.BitVec(f"hash{len(names)}", 256)
        for call in [*left]:
            guard, before, of, after = call
            if unsatisfiable([*given, *facts, guard, z3.Or(before != state, of != block)]) == z3.unsat:
                facts.append(z3.Implies(guard, after == name))
                left.remove(call)
        names.append((ast, name))
    for guard, before, of, after in left:  # one that is this or that one's, as it came to it
        for ast, name in names:
            state, block = (z3.substitute(argument, *names) for argument in ast.children())
            facts.append(z3.Implies(And(guard, before == state, of == block), after == name))
    return facts, names


def damm_rows():
    """The table of src/digits.rs: by columns."""
    return b"".join(column(d).to_bytes(8, "little") for d in range(10))


def column(d):
    return sum(row[d] << (4 * x) for x, row in enumerate(spec.DAMM))


def damm_column(digit):
    word = z3.BitVecVal(0, 64)
    for d in range(10):
        word = z3.If(digit == d, z3.BitVecVal(column(d), 64), word)
    return word


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
            facts += [after == spec.damm_step(x, z3.Extract(3, 0, digit)), z3.ULE(after, 9), z3.Implies(guard, fresh == damm_column(digit))]
        return facts


def submit(machine, o):
    now, session = symbol("now", 64), symbol("session", 32)
    step = Step(machine, "submit", LEDGER, KEY, TEXT, now, SLOTS, OUT, o, claripy.ZeroExt(32, session))
    text = [symbol(f"text{i}", 8) for i in range(12)]
    for i, byte in enumerate(text):
        step.state.memory.store(TEXT + i, byte)
        step.state.solver.add(byte >= 0x30, byte <= 0x39)
    z_now, z_session, *z_text = terms([now, session, *text])
    digits = [z3.ZeroExt(4, z3.Extract(3, 0, d)) for d in z_text]
    damm = TypedDamm(spec.seed(step.before[f"nonce{o}"]), digits)

    def expected(end, paths):
        looks = end.globals.get("looks", ())
        if len(looks) != 12:
            raise Refuted(f"{len(looks)} look-ups in Damm's table for twelve digits")
        facts, fits, names = damm.facts(looks), z3.Bool("fits"), []
        done, last = terms([looks[11][1]])[0], looks[11][4].args[0]
        for branch in paths.branches.values():
            if last in branch.variables:
                right = damm.states[12] == 0
                branch, = terms([branch])
                yes = unsatisfiable([*given, *facts, done, branch != right]) == z3.unsat
                if not yes:
                    demand("whether the check digit fits", *given, *facts, done, branch == right)
                names.append((branch, fits if yes else Not(fits)))
        sums = [z3.BitVecVal(0, 64), *(z3.BitVec(f"n{i}", 64) for i in range(1, 11))]
        small = [ULE(n, 10**i - 1) for i, n in enumerate(sums)]
        definitions = [before * 10 + spec.wide(digit) for before, digit in zip(sums, digits[1:11])]
        for i, definition in enumerate(definitions):
            demand("the size of a number", *given, small[i], Not(z3.substitute(small[i + 1], (sums[i + 1], definition))))
        added = [((n + (n << 2)) << 1) + spec.wide(digit) for n, digit in zip(sums, digits[1:11])]  # as it is compiled
        for n, definition, sum_ in zip(small, definitions, added):
            demand("a number by additions", *given, n, definition != sum_)
        cuts = [Cut(f"n{i}", sum_, n) for i, (sum_, n) in enumerate(zip(added, sums[1:]), 1)]
        root = end.memory.load(LEDGER + step.ledger.rows[FIELDS["compare_n"][0]][0], 8)
        replaced["compare_n"], = sweep([root], lambda draw: sample(draw, root), cuts, [*given, *small])
        cases = spec.submit(step.key, step.before, o, z_session, digits, damm.states[12], z_now, step.slots)
        names.append((spec.number(digits[1:11]), sums[10]))
        cases = [(*case[:3], {name: z3.substitute(term, *names) for name, term in case[3].items()}) for case in cases]
        chain = [n == definition for n, definition in zip(sums[1:], definitions)]
        return cases, [*small, *chain, z3.Implies(z3.substitute(done, *names), fits == (damm.states[12] == 0))], names, replaced

    def sample(draw, root):
        variables = {v.args[0]: draw.getrandbits(v.length) for v in root.leaf_asts() if v.op == "BVS"}
        typed = [draw.randrange(10) for _ in text]
        variables |= {v.args[0]: 0x30 + digit for v, digit in zip(text, typed)}
        return variables, {f"n{i}": int("".join(map(str, typed[1 : i + 1]))) for i in range(1, 11)}

    replaced = {}
    given = conditions(step.state)

    return step.all_at_once(expected, z_now)


def lowering(machine, function):
    now = symbol("now", 64)
    step = Step(machine, function, LEDGER, KEY, now, SLOTS, OUT)
    z_now = terms([now])[0]
    cases = getattr(spec, function)(step.key, step.before, z_now, step.slots)
    return step.all_at_once(lambda end, paths: (cases, []), z_now)


def confirmed(machine, function):
    """grant, with what the Grant permits, the showing of a first challenge, and a login's end."""
    step = Step(machine, function, LEDGER, SLOTS, *{"grant": [GRANT, KEY], "show": [KEY]}.get(function, []), OUT)
    cases = getattr(spec, function)(step.before, step.slots)

    def expected(end, paths):
        if function == "grant":
            condition, _, _, L = spec.in_order(cases)[-1]
            grant, should = given(machine, end), spec.permits(step.key, L)
            for name, term in should.items():
                demand(f"a Grant's {name}", *conditions(end), *compressions(end), condition, grant[name] != term)
        return cases, []

    with machine.any_text() if function == "show" else contextlib.nullcontext():
        return step.all_at_once(expected)


RESET = "origin", "purpose", "method", "resets", "session"


def given(machine, state):
    """The fields of a Grant."""
    rows = machine.layout("Grant", ".at.__0")
    places = {name: rows[f".reset.{name}"][:2] for name in RESET} | {"at": rows[".at.__0"][:2]}
    fields = dict(zip(places, terms([state.memory.load(GRANT + at, size, endness="Iend_LE") for at, size in places.values()])))
    return fields | {"handle": terms([state.memory.load(GRANT + rows[".handle.__0"][0], 16)])[0]}


def consume(machine):
    """A Grant is void from its last second on, and when uptime has gone back; before, what it gives is what it permits."""
    now = symbol("now", 64)
    state = machine.start("consume", GRANT, now, OUT)
    rows = machine.layout("Grant", ".at.__0")
    for name, most in (("origin", 1), ("purpose", 2), ("method", 1)):
        at = GRANT + rows[f".reset.{name}"][0]
        state.memory.store(at, symbol(name, 8))
        state.solver.add(claripy.ULE(state.memory.load(at, 1), most))
    grant, z_now = given(machine, state), terms([now])[0]
    end = Paths(machine).run(state)
    void, known = spec.consume(grant["at"], z_now), terms(end.solver.constraints)
    demand("consuming a Grant", *known, terms([end.regs.rax])[0] != z3.If(void, z3.BitVecVal(1, 64), z3.BitVecVal(0, 64)))
    rows = machine.layout("Reset", ".origin")
    gives = terms([end.memory.load(OUT + rows[f".{name}"][0], rows[f".{name}"][1], endness="Iend_LE") for name in RESET])
    demand("what a Grant gives", *known, Not(void), z3.Or([a != grant[name] for a, name in zip(gives, RESET)]))
    return {"paths": 1}


def open_(machine, o):
    """The ledger afterwards; in place of the function that writes the challenge's text stands one that writes any."""
    now, entropy, purpose, mail = symbol("now", 64), symbol("entropy", 256), symbol("purpose", 8), symbol("mail", 8)
    # the seventh argument on are on the stack
    step = Step(machine, "open", LEDGER, KEY, ENTROPY, now, SLOTS, OUT, o, claripy.ZeroExt(56, purpose), claripy.ZeroExt(56, mail))
    step.state.memory.store(ENTROPY, entropy)
    step.state.solver.add(claripy.ULE(purpose, 2), claripy.ULE(mail, 1))
    z_purpose, z_mail, z_entropy, z_now = terms([purpose, mail, entropy, now])
    cases = spec.open_(step.key, step.before, o, z_purpose, z_mail, z_entropy, z_now, step.slots)
    with machine.any_text():
        return step.all_at_once(lambda end, paths: (cases, []), z_now)


def standing(machine, o):
    now = symbol("now", 64)
    step = Step(machine, "standing", LEDGER, now, OUT, o)
    z_now = terms([now])[0]
    # an uptime before the last guess counts as that guess's
    since = step.before[f"since{o}"]
    cases = spec.standing(step.before, o, z3.If(z3.ULT(z_now, since), since, z_now))
    return step.all_at_once(lambda end, paths: (cases, []))


def load(machine):
    """From any two slots, with any device: the ledger is SPEC.md's, and the invariant holds of it."""
    now, ledger = symbol("now", 64), Ledger(machine)
    state = machine.start("load", LEDGER, KEY, CHALLENGE, SLOTS, now)
    key, both, rows = terms(machine.key(state)), slots(state), machine.layout("Device", ".policy.cap")
    device, free = {}, {"serial": (0, 2**160 - 1), "serial_size": (1, 20), "epoch": (0, 7), "cap": (1, 259200)}
    for name, (least, most) in (free | {f"methods{o}": (0, 3) for o in (0, 1)}).items():
        path, bits = FIELDS[name]
        value = symbol(name, bits)
        state.memory.store(CHALLENGE + rows[path.removeprefix(".device")][0], value, endness="Iend_BE" if name in BYTES else "Iend_LE")
        state.solver.add(claripy.UGE(value, least), claripy.ULE(value, most))
        device[name] = terms([value])[0]
    paths = Paths(machine)
    end = paths.run(state)
    after = ledger.fields(end)
    should = after | spec.load(key, both, terms([now])[0], device)
    facts, valid = [*conditions(end), *compressions(end)], [spec.unsealed(key, slot) for slot in both]
    equal = [term for term in (*same(after, should).values(), *invariant(after)) if not z3.is_true(z3.simplify(term))]
    for a in (valid[0], Not(valid[0])):
        for b in (valid[1], Not(valid[1])):
            demand("load: the ledger and its invariant", *facts, a, b, Not(And(*equal)))
    return {"paths": 4, "what": "cases", "joins": paths.merges, "branches": {}, "addresses": set()}
