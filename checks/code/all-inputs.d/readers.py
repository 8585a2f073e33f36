"""The readers, where the text has one form."""
import z3

import spec
from machine import OUT, TEXT, demand, terms
from paths import Paths
from session import symbol
from writing import VALUES, Looks, alphanumeric

DIGITS = OUT + 64
READ = OUT + 64


def canonical(machine):
    """Twelve digits as they are written, with dashes and without: what is read is these digits, whatever they are."""
    for dashes in ((), (4, 9)):
        length = 12 + len(dashes)
        state = machine.start("read_code", TEXT, length, DIGITS, OUT)
        text = [symbol(f"text{i}", 8) for i in range(length)]
        for i, byte in enumerate(text):
            state.memory.store(TEXT + i, byte)
            state.solver.add(byte == ord("-") if i in dashes else byte & 0xF0 == 0x30)
            state.solver.add(byte <= 0x39)
        end = Paths(machine).run(state)
        digits = [byte & 15 for i, byte in enumerate(terms(text)) if i not in dashes]
        error, *read = terms([end.memory.load(OUT, 8, endness="Iend_LE"), *(end.memory.load(DIGITS + i, 1) for i in range(12))])
        right = z3.And(error == 0, *(a == b for a, b in zip(read, digits)))
        demand("twelve digits as they are written", *terms(end.solver.constraints), z3.Not(right))
    return {"paths": 1}


def challenge(machine, length):
    """A challenge in the form in which it is written, of any letters and digits: what it says, or SPEC.md's error."""
    places = [*range(length), *(length + 1 + i + i // 5 for i in range(20))]  # the dashes are between
    state = machine.start("read_challenge", TEXT, places[-1] + 1, READ, OUT)
    chars = [symbol(f"text{i}", 8) for i in range(length + 20)]
    state.memory.store(TEXT, b"-" * places[-1])
    for place, ch in zip(places, chars):
        state.memory.store(TEXT + place, ch)
        state.solver.add(alphanumeric(ch, lower=True))
    given = terms(state.solver.constraints)
    paths = Paths(machine, apart=True)
    end = paths.run(state)
    upper = [spec.upper(ch) for ch in terms(chars)]
    looks, facts, v = Looks(machine, end), [*given], []
    for ch in upper[length:]:
        guard, found = looks.demanded(VALUES, spec.forgiven(ch) - ord("0"), facts)
        v.append(z3.BitVec(f"v{len(v)}", 8))
        facts += [v[-1] == spec.index(spec.forgiven(ch)), z3.Implies(guard, found == v[-1])]
    left = looks.polymod([*spec.serial_values(upper[:length]), *(z3.Extract(4, 0, value) for value in v)], facts)
    looks.done()
    (error, argument), hdr, nonce, tag = spec.read_challenge(v, places[length:], z3.ZeroExt(2, left))
    rows = machine.layout("TypedChallenge", ".challenge.nonce.__0")

    def field(path, size, order="Iend_LE"):
        return end.memory.load(READ + rows[path][0], size, endness=order)

    serial = rows[".challenge.serial.bytes"][0]
    fields = [field(".challenge.header.__0.__0.__0", 2), field(".challenge.nonce.__0", 5, "Iend_BE"), field(".tag.__0", 4)]
    fields += [field(".challenge.serial.len", 1), *(end.memory.load(READ + serial + i, 1) for i in range(20))]
    is_error, carried, *fields = terms([*(end.memory.load(OUT + 8 * i, 8, endness="Iend_LE") for i in (0, 1)), *fields])
    should = [hdr, nonce, z3.ZeroExt(12, tag), z3.BitVecVal(length, 8), *upper[:length], *[z3.BitVecVal(0, 8)] * (20 - length)]
    known = [*terms(end.solver.constraints), *facts]
    demand("the outcome of reading", *known, is_error != error)
    demand("what the outcome carries", *known, carried != argument)
    demand("what is read", *known, error == 0, z3.Or([a != b for a, b in zip(fields, should)]))
    own_symbols()
    return {"paths": 1, "joins": paths.merges}


def own_symbols():
    """Of SPEC.md alone: a symbol that is written is read as itself, and the six of the check fit, whatever was before them."""
    c = z3.BitVec("c", 30)
    written = spec.fives(spec.pushed(c, [z3.BitVecVal(0, 5)] * 6) ^ spec.VALID)
    demand("the check that is written", spec.pushed(c, written) != spec.VALID)
    for v, letter in enumerate(spec.ALPHABET):
        demand("a symbol that is written", spec.index(spec.forgiven(spec.upper(z3.BitVecVal(letter, 8)))) != v)
