"""A Ledger in memory with every field free, by the names of SPEC.md sections 9 and 10."""
import claripy
import z3
from z3 import And, Implies, Or, UGE, ULE, ULT

import spec
from machine import LEDGER, SLOTS, Unable, terms

FIELDS = {  # SPEC.md's name: (path in the type, bits)
    "serial_size": (".device.serial.len", 8), "serial": (".device.serial.bytes", 160),
    "epoch": (".device.epoch.__0", 8), "cap": (".device.policy.cap", 32),
    "methods0": (".device.policy.methods.local", 8), "methods1": (".device.policy.methods.network", 8),
    "seq": (".record.seq", 32), "boots": (".record.boots", 32), "resets": (".record.resets", 32),
    "fail0": (".record.fail.local", 8), "fail1": (".record.fail.network", 8),
    "slot": (".slot", 8), "fresh": (".fresh", 8), "poisoned": (".poisoned", 8), "opens": (".opens", 32), "seen": (".seen.__0", 64),
    "since0": (".since.local.__0", 64), "since1": (".since.network.__0", 64),
    "hdr0": (".live.local#", 16), "hdr1": (".live.network#", 16),
    "nonce0": (".live.local<Some>.__0.nonce.__0", 40), "nonce1": (".live.network<Some>.__0.nonce.__0", 40),
    "minted0": (".minted.local.__0", 64), "minted1": (".minted.network.__0", 64),
    "has_minted0": (".has_minted.local", 8), "has_minted1": (".has_minted.network", 8),
    "waived0": (".waived.local", 8), "waived1": (".waived.network", 8),
    "then": (".pending#", 8), "sealed": (".pending<Some>.__0.sealed", 256),
    "show_o": (".pending<Some>.__0.then<Show>.__0", 8),
    "compare_o": (".pending<Some>.__0.then<Compare>.__0", 8), "compare_session": (".pending<Some>.__0.then<Compare>.__1", 32),
    "compare_k": (".pending<Some>.__0.then<Compare>.__2.term", 8), "compare_n": (".pending<Some>.__0.then<Compare>.__2.number", 64),
    "grant_hdr": (".pending<Some>.__0.then<Grant>.__0.header.__0.__0.__0", 16), "grant_nonce": (".pending<Some>.__0.then<Grant>.__0.nonce.__0", 40),
    "grant_session": (".pending<Some>.__0.then<Grant>.__1", 32), "grant_k": (".pending<Some>.__0.then<Grant>.__2", 8),
}  # fmt: skip
# in the order of their places
BYTES = {"serial", "nonce0", "nonce1", "sealed", "compare_n", "compare_session", "grant_nonce", "grant_session"}
BOOLS = "slot", "fresh", "poisoned", "has_minted0", "has_minted1", "waived0", "waived1"


def meaning(L):
    """name -> when it means anything."""
    then = L["then"]
    return (
        {f"nonce{o}": L[f"hdr{o}"] != 0 for o in (0, 1)}
        | {"sealed": then != spec.NONE, "show_o": then == spec.SHOW}
        | {name: then == spec.COMPARE for name in ("compare_o", "compare_session", "compare_k", "compare_n")}
        | {name: then == spec.GRANT for name in ("grant_hdr", "grant_nonce", "grant_session", "grant_k")}
    )


def same(is_so, should):
    """What has to hold if the two ledgers mean the same, by field."""
    means = meaning(should)
    return {name: Implies(means.get(name, True), is_so[name] == should[name]) for name in FIELDS}


class Ledger:
    def __init__(self, machine):
        self.rows = machine.layout("Ledger", ".record.seq")
        for name, (path, _) in FIELDS.items():
            if path not in self.rows:
                raise Unable(f"Ledger has no {path} any more: see FIELDS in ledger.py")
        self.size = self.rows[""][1]
        steps = self.rows[".pending<Some>.__0.then#"][2]
        spec.SHOW, spec.COMPARE, spec.GRANT, spec.DONE = (steps[name] for name in ("Show", "Compare", "Grant", "Done"))
        spec.NONE = self.rows[".pending#"][2]["None"]

    def fields(self, state):
        """SPEC.md's name -> z3's term, as the memory is now."""
        found = []
        for name, (path, bits) in FIELDS.items():
            order = "Iend_BE" if name in BYTES else "Iend_LE"
            found.append(state.memory.load(LEDGER + self.rows[path][0], bits // 8, endness=order))
        return dict(zip(FIELDS, terms(found)))

    def fill(self, state):
        """Any bytes, but for what the types and the invariant exclude."""
        for i in range(self.size):
            state.memory.store(LEDGER + i, claripy.BVS(f"L{i}", 8, explicit_name=True))
        rows = self.rows

        def load(name):
            path, bits = FIELDS[name]
            return state.memory.load(LEDGER + rows[path][0], bits // 8, endness="Iend_LE")

        f = {name: load(name) for name in FIELDS if name not in BYTES}
        add = state.solver.add
        for name in BOOLS:
            add(claripy.ULE(f[name], 1))
        for o in (0, 1):
            hdr = f[f"hdr{o}"]
            add(claripy.ULE(f[f"methods{o}"], 3))
            valid = claripy.And(hdr[15:14] == 1, hdr[5:0] == 0, claripy.ULE(hdr[13:11], 2), hdr[7] == o, f[f"has_minted{o}"] == 1)
            add(claripy.Or(hdr == 0, valid))
        add(claripy.ULE(f["epoch"], 7), claripy.UGE(f["cap"], 1), claripy.ULE(f["cap"], 259200))
        add(claripy.Or(*(f["then"] == v for v in (spec.SHOW, spec.COMPARE, spec.GRANT, spec.DONE, spec.NONE))))
        for name in ("since0", "since1", "minted0", "minted1"):
            add(claripy.ULE(f[name], f["seen"]))
        number = state.memory.load(LEDGER + rows[FIELDS["compare_n"][0]][0], 8)
        code = claripy.And(f["compare_k"] >= 1, claripy.ULE(f["compare_k"], 9), claripy.ULT(number, 10**10))
        attempt = claripy.And(code, claripy.Or(*(claripy.And(f["compare_o"] == o, f[f"hdr{o}"] != 0) for o in (0, 1))))
        hdr = f["grant_hdr"]
        reset = claripy.And(hdr[15:14] == 1, hdr[5:0] == 0, claripy.ULE(hdr[13:11], 2), f["grant_k"] >= 1, claripy.ULE(f["grant_k"], 9))
        shown = claripy.Or(*(claripy.And(f["show_o"] == o, f[f"hdr{o}"] != 0) for o in (0, 1)))
        for then, known in ((spec.COMPARE, attempt), (spec.GRANT, reset), (spec.SHOW, shown)):
            add(claripy.Or(f["then"] != then, known))
        add(claripy.Or(f["then"] == spec.NONE, f["poisoned"] == 0))
        add(f["serial_size"] >= 1, claripy.ULE(f["serial_size"], 20))
        return self.fields(state)


def invariant(L):
    """What `fill` takes for granted of a ledger, to be shown of it after each step."""
    facts = [*(ULE(L[name], 1) for name in BOOLS), ULE(L["epoch"], 7), UGE(L["cap"], 1), ULE(L["cap"], 259200)]
    facts += [UGE(L["serial_size"], 1), ULE(L["serial_size"], 20), *(ULE(L[f"methods{o}"], 3) for o in (0, 1))]
    for o in (0, 1):
        hdr = L[f"hdr{o}"]
        facts.append(Or(hdr == 0, And(spec.valid_header(hdr), z3.Extract(7, 7, hdr) == o, L[f"has_minted{o}"] == 1)))
    facts += [ULE(L[name], L["seen"]) for name in ("since0", "since1", "minted0", "minted1")]
    facts.append(Or([L["then"] == v for v in (spec.SHOW, spec.COMPARE, spec.GRANT, spec.DONE, spec.NONE)]))
    attempt = And(UGE(L["compare_k"], 1), ULE(L["compare_k"], 9), ULT(L["compare_n"], 10**10))
    attempt = And(attempt, Or([And(L["compare_o"] == o, L[f"hdr{o}"] != 0) for o in (0, 1)]))
    reset = And(spec.valid_header(L["grant_hdr"]), UGE(L["grant_k"], 1), ULE(L["grant_k"], 9))
    shown = Or([And(L["show_o"] == o, L[f"hdr{o}"] != 0) for o in (0, 1)])
    facts += [Implies(L["then"] == then, known) for then, known in ((spec.COMPARE, attempt), (spec.GRANT, reset), (spec.SHOW, shown))]
    facts.append(Or(L["then"] == spec.NONE, L["poisoned"] == 0))
    return facts


def slots(state):
    """Two slots, any bytes."""
    halves = []
    for i in (0, 1):
        slot = claripy.BVS(f"slot{i}", 256, explicit_name=True)
        state.memory.store(SLOTS + 32 * i, slot)
        halves.append(slot)
    return terms(halves)
