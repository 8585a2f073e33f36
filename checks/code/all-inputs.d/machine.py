"""A shared object under angr: its functions by name, its types by DWARF, SHA-256's compression as any function at all."""
import contextlib
import functools
import logging
import operator
import random

for noisy in ("angr", "cle", "pyvex", "claripy"):
    logging.getLogger(noisy).setLevel(logging.CRITICAL)

import angr
import claripy
import z3
from elftools.elf.elffile import ELFFile

import spec

for noisy in ("angr", "cle", "pyvex", "claripy"):
    logging.getLogger(noisy).setLevel(logging.CRITICAL)

flatten_operation = claripy.simplifications._flatten_simplifier


def keep_parts(op, *arguments, **options):
    """a + b inside of a + b + c stays a term of its own: a proof looks for it."""
    return None if op in ("__xor__", "__add__") else flatten_operation(op, *arguments, **options)


claripy.simplifications._flatten_simplifier = keep_parts
claripy.simplifications.extract_distributable = set()  # a part of a ^ b is not taken apart: terms would grow exponentially

# What a question may cost z3, in its own units (`rlimit`), so that no answer depends on a clock. An idle core does about a million a second, and none
# of `answer`, `standing 0` and `cleared` costs more than six million.
WORK = 4_000_000_000
LITTLE = WORK // 100  # where "not found out" is an answer

solver_by_time = claripy.backends.z3.solver


def solver_by_work(timeout=None, max_memory=None):
    """angr's questions, the same: claripy would set a time-out of five minutes."""
    solver = solver_by_time(max_memory=max_memory)
    solver.set("rlimit", WORK)
    return solver


claripy.backends.z3.solver = solver_by_work

RETURN = 0x1234560
KEY, TEXT, OUT, LEDGER, SLOTS, CHALLENGE, ENTROPY, GRANT, TABLES = (0x5000000 + i * 0x1000 for i in range(9))


class Unable(Exception):
    """Nothing was shown either way: the proof, or the solver, came to no end."""


class Refuted(Exception):
    """A claim does not hold."""


fresh_number = functools.partial(next, iter(range(1 << 62)))


class Compression(angr.SimProcedure):
    """Any function of state and block: a fresh result, kept with what went in. A proof knows nothing else of it."""

    def run(self, state, blocks, count, counted=True):
        memory, calls = self.state.memory, self.state.globals.get("calls", ())
        if counted and (count.op != "BVV" or count.args[0] != 1):
            raise Unable("compress256 is called for other than one block")
        before = claripy.Concat(*(memory.load(state + 4 * i, 4, endness="Iend_LE") for i in range(8)))
        block = memory.load(blocks, 64)
        number = max((n for n, *_ in calls), default=-1) + 1
        after = claripy.BVS(f"compressed{number}_{fresh_number()}", 256, explicit_name=True)
        for i in range(8):
            memory.store(state + 4 * i, after[255 - 32 * i : 224 - 32 * i], endness="Iend_LE")
        self.state.globals["calls"] = (*calls, (number, claripy.true(), before, block, after))


class AnyText(angr.SimProcedure):
    """A text of any bytes and any length, where the caller wants it."""

    def run(self, into, size=0):
        self.state.memory.store(into, claripy.BVS(f"text{fresh_number()}", 8 * size, explicit_name=True))
        return into


class Machine:
    def __init__(self, path):
        self.path = path
        self.project = angr.Project(path, auto_load_libs=False)
        self.symbols = {}
        for symbol in self.project.loader.main_object.symbols:
            if symbol.is_function and symbol.size:
                self.symbols[symbol.name] = symbol
        compression = [s for name, s in self.symbols.items() if "compress256" in name]
        if len(compression) != 1:
            raise Unable("there is not one function compress256 in the object: has sha2 changed, or was it inlined?")
        self.compression = compression[0].rebased_addr
        self.dwarf = ELFFile(open(path, "rb")).get_dwarf_info()
        self.types = {}
        self.tables, self.joints = [], []
        self.key_words = None

    def compression_on_one_path(self):
        """The real compression, on any state and any block."""
        for counted in (False, True):  # link-time optimisation may have taken the number of blocks out of its arguments
            state = self.start(self.compression, LEDGER, TEXT, 1 if counted else claripy.BVS("blocks", 64))
            state.memory.store(LEDGER, claripy.BVS("key_state", 256))
            state.memory.store(TEXT, claripy.BVS("key_block", 512))
            done, seen = self.run(state, ("key", "blocks"), limit=2)
            if not seen["branches"] and not seen["addresses"] and len(done) == 1:
                return counted
        raise Refuted("SHA-256's compression branches on its input")

    def hide_compression(self, counted):
        """From here on it is any function. counted: whether it is told the number of blocks."""
        self.counted = counted
        self.project.hook(self.compression, Compression(counted=counted))

    def find_key(self):
        """HMAC's two states of a key, where `new_key` puts them: they are those of RFC 2104 for every D that is not blank.

        One branch depends on D: whether it is blank. The buffer that it came in is wiped on both sides of it (KEY-4).
        """
        rows = self.layout("DeviceKey", "")
        state = self.start("new_key", TEXT, KEY)
        d = claripy.BVS("key_d", 256, explicit_name=True)
        state.memory.store(TEXT, d)
        done, seen = self.run(state, ("key", "compressed"))
        made = [end for end in done if end.solver.satisfiable(extra_constraints=[end.regs.rax == 0])]
        if len(done) != 2 or len(made) != 1 or len(seen["branches"]) != 1 or seen["addresses"]:
            raise Refuted("a new key: an address or more than one branch depends on D")
        z_d = terms([d])[0]
        blank = z3.Or(z_d == 0, z_d == -1)
        for end in done:
            demand("blank keys are refused, and no others", *terms(end.solver.constraints), z3.Not(blank) if end not in made else blank)
            demand("a key's buffer is wiped", *terms(end.solver.constraints), terms([end.memory.load(TEXT, 32)])[0] != 0)
        done = made
        calls = done[0].globals["calls"]
        if len(calls) != 2:
            raise Refuted("a new key: there are not two compressions")
        for call, pad in zip(calls, (0x36, 0x5C)):
            before, block, after = terms(call[2:])
            demand("HMAC's state of a key", spec.COMPRESS(before, block) == after, after != spec.of_key(terms([d])[0], pad))
        words = {call[4][255 - 32 * i : 224 - 32 * i].hash(): (half, i) for half, call in enumerate(calls) for i in range(8)}
        self.key_words, self.key_rest = {}, {}
        for offset in range(0, rows[""][1], 4):
            word = done[0].memory.load(KEY + offset, 4, endness="Iend_LE")
            if word.hash() in words:
                self.key_words[offset] = words[word.hash()]
            else:
                self.key_rest[offset] = done[0].memory.load(KEY + offset, 4)
        if len(set(self.key_words.values())) != 16 or any(rest.symbolic for rest in self.key_rest.values()):
            raise Refuted("a key is something else than HMAC's two states")

    @contextlib.contextmanager
    def any_text(self):
        """While it lasts, the function that writes a challenge's text writes any."""
        found = [s.rebased_addr for name, s in self.symbols.items() if "9Challenge5write" in name]
        if len(found) != 1:
            raise Unable("there is not one function Challenge::write in the object: was it inlined?")
        self.project.hook(found[0], AnyText(size=self.layout("Text<44>", ".len")[""][1]))
        try:
            yield
        finally:
            self.project.unhook(found[0])

    def table(self, data, entry, loose=False):
        """A constant table of the code: a look-up at a symbolic place becomes a fresh value, kept with its address.

        Of the value it is known that it is in the table; loose: only that it has no bit that none there has, which asks less of the solver.
        """
        found = list(self.project.loader.memory.find(data))
        if not found:
            raise Unable("a table of SPEC.md is not in the object's data in the form that was expected")
        values = {int.from_bytes(data[i : i + entry], "little") for i in range(0, len(data), entry)}
        bits = functools.reduce(operator.or_, values)
        known = (lambda fresh: fresh & ~bits == 0) if loose else (lambda fresh: claripy.Or(*(fresh == v for v in values)))
        self.tables += [(at, len(data), entry, known) for at in found]

    def layout(self, name, having):
        """Of the Rust type of this name that has this field: path -> (offset, size, discriminants)."""
        if name not in self.types:
            for unit in self.dwarf.iter_CUs():
                for die in unit.iter_DIEs():
                    if die.tag == "DW_TAG_structure_type" and label(die) == name:
                        rows = {"": (0, value(die, "DW_AT_byte_size"), None)}
                        flatten(die, 0, "", rows)
                        if having in rows and self.types.setdefault(name, rows) != rows:
                            raise Unable(f"two types {name}")
            if name not in self.types:
                raise Unable(f"no type {name} with {having} in the debugging information: renamed?")
        return self.types[name]

    def start(self, function, *arguments):
        options = {angr.options.ZERO_FILL_UNCONSTRAINED_REGISTERS, angr.options.SYMBOL_FILL_UNCONSTRAINED_MEMORY}
        state = self.project.factory.call_state(
            function if isinstance(function, int) else self.symbols[function].rebased_addr,
            *arguments,
            add_options=options,
            remove_options=angr.options.simplification,
            ret_addr=RETURN,
        )
        top = state.solver.eval(state.regs.sp)
        stack = (top // 0x1000 * 0x1000 - n * 0x1000 for n in range(4))
        for page in (*range(KEY, TABLES + 1, 0x1000), *stack):  # what nobody has written is anything
            size = min(0x1000, top - page) if page < top else 0x1000
            state.memory.store(page, claripy.BVS(f"memory{page:x}", 8 * size, explicit_name=True))
        return state

    def key(self, state):
        """A device's key: HMAC's two states, all 2^512 of them, where `new_key` was seen to put them."""
        halves = [claripy.BVS(name, 256, explicit_name=True) for name in ("key_inner", "key_outer")]
        for offset, (half, word) in self.key_words.items():
            state.memory.store(KEY + offset, halves[half][255 - 32 * word : 224 - 32 * word], endness="Iend_LE")
        for offset, constant in self.key_rest.items():
            state.memory.store(KEY + offset, constant)
        return halves

    def run(self, state, secret=(), limit=400, check=None, may_join=None, decisions=None):
        """Every path to the return. Notes each branch and each address that depends on a variable whose name begins as in `secret`.

        check(end) is called for each path at its end, so that a defect is found early.
        """
        seen = {"branches": {}, "addresses": set(), "forks": 0, "paths": 0}

        def tainted(ast):
            return any(v.startswith(secret) for v in getattr(ast, "variables", ()))

        def on_exit(s):
            if tainted(s.inspect.exit_guard):
                seen["branches"].setdefault(s.addr, s.inspect.exit_guard)
                if decisions is not None and len(seen["branches"]) > decisions:
                    raise Refuted(f"{len(seen['branches'])} branches depend on a secret, at {' '.join(map(hex, seen['branches']))}")

        def on_read(s):
            address = s.inspect.mem_read_address
            if isinstance(address, claripy.ast.BV) and address.symbolic:
                if secret and tainted(address):
                    seen["addresses"].add(s.addr)
                self.look_up(s, address)

        def on_write(s):
            if tainted(s.inspect.mem_write_address):
                seen["addresses"].add(s.addr)

        if secret:
            state.inspect.b("exit", when=angr.BP_BEFORE, action=on_exit)
            state.inspect.b("mem_write", when=angr.BP_BEFORE, action=on_write)
        if secret or self.tables:
            state.inspect.b("mem_read", when=angr.BP_BEFORE, action=on_read)
        done, active, waiting, merged = [], [state], {}, None
        while active or waiting:
            if not active:
                place = min(waiting, key=lambda place: (place[1], -place[2]))
                active.append(join(waiting.pop(place)))
                merged = active[0]
            state = active.pop()
            if state.addr in self.joints and state is not merged and (may_join is None or may_join(state)):
                frames = tuple(frame.ret_addr for frame in state.callstack)
                number = max((n for n, *_ in state.globals.get("calls", ())), default=-1)
                waiting.setdefault((state.addr, number, state.solver.eval(state.regs.sp), frames), []).append(state)
                continue
            successors = self.project.factory.successors(state)
            if successors.unconstrained_successors:
                raise Unable(f"a jump to anywhere at {state.addr:#x}")
            after = successors.flat_successors
            seen["forks"] += len(after) > 1
            for next_state in after:
                if next_state.addr == RETURN:
                    seen["paths"] += 1
                    done.append(next_state)
                    if check:
                        check(next_state)
                else:
                    active.append(next_state)
            if len(done) + len(active) > limit:
                raise Unable(f"more than {limit} paths")
        return done, seen

    def join_at(self, *names):
        """Paths that come to one of these functions go on from there as one, which is any of them."""
        for name in names:
            found = [symbol.rebased_addr for symbol_name, symbol in self.symbols.items() if name in symbol_name]
            self.joints += found

    def look_up(self, state, address):
        width = state.inspect.mem_read_length
        for at, length, entry, known in self.tables:
            if width == entry and not state.solver.satisfiable(
                [claripy.Or(claripy.ULT(address, at), claripy.UGT(address, at + length - entry), (address - at) % entry != 0)]
            ):
                looks = state.globals.get("looks", ())
                number = max((n for n, *_ in looks), default=-1) + 1
                fresh = claripy.BVS(f"look{number}_{fresh_number()}", 8 * entry, explicit_name=True)
                state.globals["looks"] = (*looks, (number, claripy.true(), at, address, fresh))
                state.memory.store(TABLES + entry * number, fresh, endness="Iend_LE", inspect=False)
                fact = known(fresh)
                state.globals["facts"] = (*state.globals.get("facts", ()), fact)
                state.solver.add(fact)
                state.inspect.mem_read_address = claripy.BVV(TABLES + entry * number, 64)
                return


def join(states):
    """One state that is any of these: what differs depends on a fresh number of the state."""
    if len(states) == 1:
        return states[0]
    flag = claripy.BVS(f"joined{fresh_number()}", 16, explicit_name=True)
    conditions = [flag == i for i in range(len(states))]
    both = states[0].copy()
    for name in ("memory", "registers"):
        merge(getattr(both, name), [getattr(s, name) for s in states], conditions)
    lists = [{c.hash(): c for c in s.solver.constraints} for s in states]
    common = [c for name, c in lists[0].items() if all(name in some for some in lists)]
    ways = []
    for condition, some in zip(conditions, lists):
        ways.append(claripy.And(condition, *(c for name, c in some.items() if any(name not in other for other in lists))))
    both.solver.reload_solver([*common, claripy.Or(*ways)])
    if both.regs.cc_op.symbolic:  # the flags are anything
        both.regs.cc_op, both.regs.cc_dep1 = 0, claripy.BVS(f"flags{fresh_number()}", 64, explicit_name=True)
    if len({tuple(note[-1].hash() for note in s.globals.get("looks", ())) for s in states}) != 1:
        raise Refuted("paths that come together differ in their look-ups")
    notes = {}  # a compression was done if one of the paths on which it was done was taken
    for condition, s in zip(conditions, states):
        for number, guard, *call in s.globals.get("calls", ()):
            notes.setdefault((number, call[2].hash()), []).append((condition, guard, call))
    both.globals["calls"] = tuple(
        (number, claripy.Or(*(claripy.And(c, g) for c, g, _ in same)) if len(same) < len(states) else same[0][1], *same[0][2])
        for (number, _), same in notes.items()
    )
    return both


def merge(into, parts, conditions):
    """Memory, or registers: where they differ, what they hold on each condition. (angr's own way loses bytes.)"""
    pages = {page for part in parts for page in part._pages if part._pages[page] is not parts[0]._pages.get(page)}
    changed = []
    for number in sorted(pages):
        versions = [part._get_page(number, False) for part in parts]
        base = number * into.page_size
        offsets = set().union(*(differing(versions[0], version, base) for version in versions[1:]))
        changed += sorted(base + offset for offset in offsets)
    while changed:
        length = 1
        while length < len(changed) and changed[length] == changed[0] + length and changed[length] % 8:
            length += 1
        at, changed = changed[0], changed[length:]
        values = [part.load(at, length, endness="Iend_LE", inspect=False) for part in parts]
        value = values[-1]
        for other, condition in zip(values[:-1], conditions):
            value = other if other is value else claripy.If(condition, other, value)
        into.store(at, value, endness="Iend_LE", inspect=False)


def differing(one, other, base):
    """Of two versions of a page, the bytes that are not the same."""
    if one is other:
        return set()
    found = set()
    symbolic, concrete = ([getattr(page, name) for page in (one, other)] for name in ("symbolic_bitmap", "concrete_data"))
    if symbolic[0] != symbolic[1] or concrete[0] != concrete[1]:  # some of the object's own pages can be read by place alone
        found = {i for i, (p, q) in enumerate(zip(*symbolic)) if p != q or not p and concrete[0][i] != concrete[1][i]}
    starts = sorted({*one.symbolic_data, *other.symbolic_data})
    for start, end in zip(starts, [*starts[1:], len(one.symbolic_bitmap)]):
        objects = []
        for page in (one, other):
            before = page.symbolic_data.irange(maximum=start, reverse=True)
            objects.append(next((page.symbolic_data[at] for at in before), None))
        if objects[0] is not objects[1]:
            for i in range(start, end):
                if one.symbolic_bitmap[i] and other.symbolic_bitmap[i]:
                    a, b = (o.bytes_at(base + i, 1) if o is not None and o.includes(base + i) else None for o in objects)
                    if a is not b:
                        found.add(i)
    return found


def label(die):
    attribute = die.attributes.get("DW_AT_name")
    return attribute.value.decode() if attribute else "?"


def value(die, name, default=None):
    attribute = die.attributes.get(name)
    return attribute.value if attribute else default


def flatten(die, base, path, rows):
    if die.tag in ("DW_TAG_array_type", "DW_TAG_base_type", "DW_TAG_enumeration_type"):
        rows[path] = (base, value(die, "DW_AT_byte_size"), None)
        return
    for child in die.iter_children():
        if child.tag == "DW_TAG_member":
            offset = base + value(child, "DW_AT_data_member_location")
            flatten(child.get_DIE_from_attribute("DW_AT_type"), offset, f"{path}.{label(child)}", rows)
        elif child.tag == "DW_TAG_variant_part":
            discriminants = {}
            for variant in child.iter_children():
                for member in variant.iter_children():
                    if variant.tag == "DW_TAG_variant" and member.tag == "DW_TAG_member":
                        discriminants[label(member)] = value(variant, "DW_AT_discr_value")
                        offset = base + value(member, "DW_AT_data_member_location")
                        flatten(member.get_DIE_from_attribute("DW_AT_type"), offset, f"{path}<{label(member)}>", rows)
            discriminant = child.get_DIE_from_attribute("DW_AT_discr")
            size = value(discriminant.get_DIE_from_attribute("DW_AT_type"), "DW_AT_byte_size")
            rows[path + "#"] = (base + value(discriminant, "DW_AT_data_member_location"), size, discriminants)


def unsatisfiable(claims, work=WORK):
    solver = z3.SolverFor("QF_UFBV")
    solver.set("rlimit", work)
    solver.add(*claims)
    return solver.check()


def demand(what, *negated):
    """Raises unless no input satisfies `negated`."""
    result = unsatisfiable(negated)
    if result != z3.unsat:
        if result != z3.sat:
            raise Unable(f"{what}: z3 gave up at its limit of work")
        raise Refuted(f"{what}: there is an input for which it is not so")


def term(ast, known):
    """claripy's term as z3's, its arguments' being in `known` by hash: each node once, and nothing rewritten on the way."""
    op, args = ast.op, ast.args
    if op == "BVV":
        return z3.BitVecVal(args[0], ast.length)
    if op == "BoolV":
        return z3.BoolVal(args[0])
    if op == "BVS":
        return z3.BitVec(args[0], ast.length)
    v = [known[a.hash()] if isinstance(a, claripy.ast.Base) else a for a in args]
    return TERMS[op](*v)


def fold(f):
    return lambda *v: functools.reduce(f, v)


TERMS = {
    "__add__": fold(lambda a, b: a + b), "__mul__": fold(lambda a, b: a * b), "__sub__": fold(lambda a, b: a - b),
    "__and__": fold(lambda a, b: a & b), "__or__": fold(lambda a, b: a | b), "__xor__": fold(lambda a, b: a ^ b),
    "__neg__": lambda a: -a, "__invert__": lambda a: ~a, "__floordiv__": z3.UDiv, "__mod__": z3.URem,
    "__lshift__": lambda a, b: a << b, "__rshift__": lambda a, b: a >> b, "LShR": z3.LShR,
    "RotateLeft": z3.RotateLeft, "RotateRight": z3.RotateRight, "Extract": z3.Extract, "Concat": z3.Concat,
    "ZeroExt": z3.ZeroExt, "SignExt": z3.SignExt, "If": z3.If, "And": z3.And, "Or": z3.Or, "Not": z3.Not,
    "Reverse": lambda a: z3.Concat(*(z3.Extract(i + 7, i, a) for i in range(0, a.size(), 8))) if a.size() > 8 else a,
    "__eq__": lambda a, b: a == b, "__ne__": lambda a, b: a != b,
    "ULT": z3.ULT, "ULE": z3.ULE, "UGT": z3.UGT, "UGE": z3.UGE, "__lt__": z3.ULT, "__le__": z3.ULE, "__gt__": z3.UGT, "__ge__": z3.UGE,
    "SLT": lambda a, b: a < b, "SLE": lambda a, b: a <= b, "SGT": lambda a, b: a > b, "SGE": lambda a, b: a >= b,
}  # fmt: skip


KNOWN = {}  # claripy's hash -> z3's term: the ends of two paths have most of their terms in common


def terms(roots):
    """claripy's terms as z3's."""
    for ast in nodes_of(roots, KNOWN):
        KNOWN[ast.hash()] = term(ast, KNOWN)
    return [KNOWN[root.hash()] for root in roots]


# A chain of equal intermediate values, found by their values on random inputs and then proved one after the other.

WRAP = {
    "__add__": lambda a: sum(a), "__mul__": lambda a: product(a), "__sub__": lambda a: a[0] - a[1], "__neg__": lambda a: -a[0],
    "__invert__": lambda a: ~a[0],
}


def product(values):
    result = 1
    for v in values:
        result *= v
    return result


def signed(v, bits):
    return v - (1 << bits) if v >> (bits - 1) else v


def evaluate(ast, known, inputs):
    """The value of one node; `known` holds those of its arguments by hash."""
    op, args = ast.op, ast.args
    if op == "BVV":
        return args[0]
    if op == "BoolV":
        return args[0]
    if op in ("BVS", "BoolS"):
        return inputs(ast)
    v = [known[a.hash()] if isinstance(a, claripy.ast.Base) else a for a in args]
    bits = ast.length if isinstance(ast, claripy.ast.BV) else 1
    mask = (1 << bits) - 1
    if op in WRAP:
        return WRAP[op](v) & mask
    if op in ("__and__", "__or__", "__xor__"):
        r = v[0]
        for w in v[1:]:
            r = r & w if op == "__and__" else r | w if op == "__or__" else r ^ w
        return r
    if op == "__lshift__":
        return v[0] << v[1] & mask if v[1] < bits else 0
    if op == "LShR":
        return v[0] >> v[1] if v[1] < bits else 0
    if op == "__rshift__":
        return signed(v[0], bits) >> min(v[1], bits) & mask
    if op in ("RotateLeft", "RotateRight"):
        n = v[1] % bits if op == "RotateLeft" else -v[1] % bits
        return (v[0] << n | v[0] >> (bits - n)) & mask
    if op == "Extract":
        return v[2] >> v[1] & mask
    if op == "Concat":
        r = 0
        for w, a in zip(v, args):
            r = r << a.length | w
        return r
    if op == "ZeroExt":
        return v[1]
    if op == "SignExt":
        return signed(v[1], args[1].length) & mask
    if op == "Reverse":
        return int.from_bytes(v[0].to_bytes(bits // 8, "big"), "little")
    if op == "If":
        return v[1] if v[0] else v[2]
    if op == "And":
        return all(v)
    if op == "Or":
        return any(v)
    if op == "Not":
        return not v[0]
    if op in ("__eq__", "__ne__"):
        return (v[0] == v[1]) == (op == "__eq__")
    a, b = v
    if op == "__floordiv__":
        return a // b if b else mask
    if op == "__mod__":
        return a % b if b else a
    if op[0] == "S":
        a, b = signed(a, args[0].length), signed(b, args[1].length)
    order = {"LT": a < b, "LE": a <= b, "GT": a > b, "GE": a >= b}
    return order[op.strip("_").upper()[-2:]]


def nodes_of(roots, known=()):
    """Arguments before those who use them; without those in `known`."""
    order, seen, stack = [], set(known), [(root, False) for root in roots]
    while stack:
        ast, ready = stack.pop()
        if ready:
            order.append(ast)
        elif ast.hash() not in seen:
            seen.add(ast.hash())
            stack.append((ast, True))
            stack.extend((a, False) for a in ast.args if isinstance(a, claripy.ast.Base) and a.hash() not in seen)
    return order


class Cut:
    """An intermediate value of the specification: what it is by the values before it, and what stands for it from there on."""

    def __init__(self, number, definition, stands, near=()):
        """near: facts on values before it, for the solver to use when it does not get there without them."""
        self.number, self.definition, self.stands, self.near = number, definition, stands, near


def sweep(roots, sample, cuts, always, vectors=48, work=LITTLE):
    """Rewrites the roots so that each node found equal to a cut's definition is what stands for it.

    sample(random) -> (values of the variables by name, values of the cuts); `always` are facts on what stands for cuts. A node is
    replaced only when the solver has shown `node == definition` for all values, so a rewritten root is equal to the old one.
    """
    draw = random.Random(1)
    samples = [sample(draw) for _ in range(vectors)]
    order = nodes_of(roots)
    signatures = {}
    for ast in order:
        signatures[ast.hash()] = []
    for variables, _ in samples:
        known = {}
        for ast in order:
            known[ast.hash()] = evaluate(ast, known, lambda v: variables[v.args[0]])
        for ast in order:
            signatures[ast.hash()].append(known[ast.hash()])
    wanted = {}  # each cut, or its low bits: the compiler drops what is masked later
    for cut in cuts:
        for width in range(cut.definition.size(), 5, -1) if cut.definition.size() > 8 else [cut.definition.size()]:
            signature = tuple(values[cut.number] & (1 << width) - 1 for _, values in samples)
            if len(set(signature)) > 1:
                wanted.setdefault(signature, []).append((cut, width))
    def replaced(new, values, length):
        for cut, width in wanted.get(tuple(values), ()):
            if width == length or width == cut.definition.size() < length:
                definition, stands = (extended(z3.Extract(width - 1, 0, v), length - width) for v in (cut.definition, cut.stands))
                if z3.is_true(z3.simplify(new == stands)):  # its low bits were found already
                    return stands
                if any(unsatisfiable([*facts, new != definition], work) == z3.unsat for facts in (always, [*always, *cut.near])):
                    return stands
        return new

    rewritten = {}
    for ast in order:
        if ast.op == "__add__":  # a sum of three may begin with a sum of two that is looked for
            new, values = rewritten[ast.args[0].hash()], signatures[ast.args[0].hash()]
            for part in ast.args[1:]:
                values = [(v + w) & (1 << ast.length) - 1 for v, w in zip(values, signatures[part.hash()])]
                new = replaced(new + rewritten[part.hash()], values, ast.length)
        else:
            new = term(ast, rewritten)
            if isinstance(ast, claripy.ast.BV):
                new = replaced(new, signatures[ast.hash()], ast.length)
        rewritten[ast.hash()] = new
    return [rewritten[root.hash()] for root in roots]


def extended(value, by):
    return z3.ZeroExt(by, value) if by else value

