"""The typed challenge as it is written, for every serial of a length, header, nonce and key."""
import claripy
import z3
from z3 import BitVec, BitVecVal, Concat, Extract, ZeroExt

import spec
from digits import demand_mac
from machine import CHALLENGE, KEY, OUT, Refuted, demand, terms, unsatisfiable
from paths import Paths
from session import symbol

FOLDED = b"".join(spec.folded(b).to_bytes(4, "little") for b in range(32))
VALUES = bytes(spec.ALPHABET.index(ch) if ch in spec.ALPHABET else 32 for ch in range(ord("0"), ord("Z") + 1))
TABLES = (FOLDED, 4, True), (spec.ALPHABET, 1), (VALUES, 1)


class Looks:
    """The look-ups of a run: each at the place in its table where the specification has it, in the same order."""

    def __init__(self, machine, end):
        self.left = {}
        for data, size, *_ in TABLES:
            places = {at for at, length, *_ in machine.tables if machine.project.loader.memory.load(at, length) == data}
            self.left[data] = [(look, size) for look in end.globals.get("looks", ()) if look[2] in places]

    def next(self, data, index, facts):
        """-> when it is done, and what it gives; nothing when it is elsewhere."""
        if self.left[data]:
            (_, guard, at, address, fresh), size = self.left[data][0]
            guard, address, fresh = terms([guard, address, fresh])
            if unsatisfiable([*facts, guard, address != at + size * ZeroExt(64 - index.size(), index)]) == z3.unsat:
                self.left[data].pop(0)
                return guard, fresh
        return None

    def demanded(self, *arguments):
        found = self.next(*arguments)
        if not found:
            raise Refuted("a table is looked up elsewhere than the specification has it")
        return found

    def polymod(self, values, facts):
        """-> what BIP 173's code leaves, adding to the facts. The table's words are what its steps add."""
        for b in [0] * 5 + [1]:  # of the first six steps it is known where they look; the compiler may have seen that
            found = self.next(FOLDED, BitVecVal(b, 5), facts)
            facts += [z3.Implies(found[0], found[1] == spec.folded(b))] if found else []
        c, known = BitVecVal(1, 30), 1
        for i, v in enumerate(values):
            word = BitVecVal(spec.folded(known >> 25), 32) if i < 6 else self.demanded(FOLDED, Extract(29, 25, c), facts)[1]
            after = BitVec(f"c{i}", 30)
            facts.append(after == Concat(Extract(24, 0, c), BitVecVal(0, 5)) ^ ZeroExt(25, v) ^ Extract(29, 0, word))
            c, known = after, known << 5
        return c

    def done(self):
        if any(self.left.values()):
            raise Refuted("a table is looked up more often than the specification has it")


def written(machine, length):
    """The text of a challenge: the only one that SPEC.md gives."""
    rows, text_rows = machine.layout("Challenge", ".nonce.__0"), machine.layout("Text<44>", ".len")
    state = machine.start("write", KEY, CHALLENGE, OUT)
    serial, hdr, nonce = [symbol(f"serial{i}", 8) for i in range(length)], symbol("hdr", 16), symbol("nonce", 40)
    at = CHALLENGE + rows[".serial.bytes"][0]
    for i, ch in enumerate([*serial, *[claripy.BVV(0, 8)] * (20 - length)]):
        state.memory.store(at + i, ch)
    for ch in serial:
        state.solver.add(alphanumeric(ch))
    state.memory.store(CHALLENGE + rows[".serial.len"][0], claripy.BVV(length, 8))
    state.memory.store(CHALLENGE + rows[".header.__0.__0.__0"][0], hdr, endness="Iend_LE")
    state.memory.store(CHALLENGE + rows[".nonce.__0"][0], nonce)
    state.solver.add(hdr[15:14] == 1, hdr[5:0] == 0, claripy.ULE(hdr[13:11], 2))
    key = terms(machine.key(state))
    paths = Paths(machine)
    end = paths.run(state)
    z_hdr, z_nonce, *z_serial = terms([hdr, nonce, *serial])
    mac = demand_mac(end.globals["calls"], terms(end.solver.constraints), key, 2, Concat(z_hdr, z_nonce))
    looks, facts = Looks(machine, end), []
    v = spec.fives(Concat(Extract(15, 6, z_hdr), z_nonce, Extract(255, 236, mac)))
    left = looks.polymod([*spec.serial_values(z_serial), *v, *[BitVecVal(0, 5)] * 6], facts)
    v += spec.fives(left ^ spec.VALID)
    should = [*z_serial]
    for i, five in enumerate(v):
        _, letter = looks.demanded(spec.ALPHABET, five, facts)
        should += [*[BitVecVal(ord("-"), 8)] * (i % 5 == 0), letter]
    looks.done()
    found = [end.memory.load(OUT + text_rows[".bytes"][0] + i, 1) for i in range(44)]
    *found, size = terms([*found, end.memory.load(OUT + text_rows[".len"][0], 2, endness="Iend_LE")])
    path = terms(end.solver.constraints)
    demand("the length of the text", *path, size != len(should))
    for i, (a, b) in enumerate(zip(found, [*should, *[BitVecVal(0, 8)] * 44])):
        demand(f"the character at place {i}", *path, *facts, a != b)
    return {"paths": 1, "joins": paths.merges}


def alphanumeric(ch, lower=False):
    return claripy.Or(*(claripy.And(claripy.UGE(ch, ord(a)), claripy.ULE(ch, ord(b))) for a, b in ("09", "AZ", *["az"] * lower)))
