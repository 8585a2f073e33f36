"""Every path through a function at once: where two meet they go on as one, so that there are about as many steps as basic blocks.

The order is that of the program: of all states the one goes on that is first in its function's graph, loops unrolled, so that whoever can
come to a place is there before anybody leaves it. A wrong order would cost time and nothing else.
"""
import heapq

import angr
import capstone
import claripy
import networkx
import z3
from capstone import x86

from machine import LITTLE, RETURN, Refuted, Unable, fresh_number, merge, terms, unsatisfiable


class Graph:
    """A function's basic blocks: where each begins, and its place: (position, loop, position in it, ..), a loop by its head."""

    def __init__(self, project, symbol):
        engine = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
        engine.detail = True
        start, end = symbol.rebased_addr, symbol.rebased_addr + symbol.size
        self.memory = project.loader.memory
        listing = {i.address: i for i in engine.disasm(self.memory.load(start, symbol.size), start)}
        targets, tables = {}, []
        for i in listing.values():
            first = i.operands[0] if i.operands else None
            if i.mnemonic == "lea" and i.operands[1].mem.base == x86.X86_REG_RIP:
                tables.append(i.address + i.size + i.operands[1].mem.disp)
            if i.mnemonic.startswith("j"):
                to = [first.imm] if first.type == x86.X86_OP_IMM else self.table(tables[-1], listing) if tables else []
                targets[i.address] = [t for t in to if t in listing]
            elif i.mnemonic.startswith("rep"):
                targets[i.address] = [i.address]
        self.leaders = {start}
        for address, to in targets.items():
            self.leaders |= {*to, address + listing[address].size}
        for i in listing.values():
            if i.mnemonic == "call":
                self.leaders.add(i.address + i.size)
        self.leaders = sorted(a for a in self.leaders if start <= a < end)
        graph = networkx.DiGraph()
        graph.add_nodes_from(self.leaders)
        for leader, after in zip(self.leaders, [*self.leaders[1:], end]):
            last = max(a for a in listing if leader <= a < after)
            graph.add_edges_from((leader, to) for to in targets.get(last, ()))
            if listing[last].mnemonic not in ("jmp", "ret") and after < end:
                graph.add_edge(leader, after)
        self.places = {}
        self.place(graph, start, ())

    def table(self, at, listing):
        """Of a jump through a table of offsets from its own beginning."""
        found = []
        while True:
            target = at + int.from_bytes(self.memory.load(at + 4 * len(found), 4), "little", signed=True)
            if target not in listing:
                return found
            found.append(target)

    def place(self, graph, entry, above):
        condensed = networkx.condensation(graph)
        for position, number in enumerate(networkx.lexicographical_topological_sort(condensed)):
            members = condensed.nodes[number]["members"]
            head = min(members, key=lambda node: (node != entry, not any(p not in members for p in graph.predecessors(node)), node))
            if len(members) == 1 and not graph.has_edge(head, head):
                self.places[head] = (*above, (position, None))
                continue
            inside = graph.subgraph(members).copy()
            inside.remove_edges_from([(node, head) for node in [*inside.predecessors(head)]])
            self.place(inside, head, (*above, (position, head)))

    def size(self, address):
        """Bytes to the next block."""
        return next((leader - address for leader in self.leaders if leader > address), None)


class Paths:
    def __init__(self, machine, apart=False):
        """apart: whether those who leave a loop in different rounds, or to different places, go on each by itself to the return."""
        self.machine, self.graphs, self.apart = machine, {}, apart
        self.functions = sorted((s.rebased_addr, s.rebased_addr + s.size, s) for s in machine.symbols.values())
        self.steps = self.merges = 0
        self.branches = {}  # what was branched on, by its hash

    def graph(self, address):
        """Of the function that has this address; none for what stands for memcpy and the compression."""
        if self.machine.project.is_hooked(address):
            return None
        for start, end, symbol in self.functions:
            if start <= address < end:
                if start not in self.graphs:
                    self.graphs[start] = Graph(self.machine.project, symbol)
                return self.graphs[start]
        return None

    def moved(self, frames, address, kind):
        """Frames: (graph, block, how often each loop around it began anew, whether by a jump)."""
        if kind == "Ijk_Ret":
            while frames and frames[-1][3]:
                frames = frames[:-1]
            frames = frames[:-1]
        graph = self.graph(address)
        if not frames or kind == "Ijk_Call" or graph is not frames[-1][0]:
            return (*frames, (graph, address, (0,) * self.depth(graph, address), kind != "Ijk_Call" and bool(frames)))
        _, before, trips, jumped = frames[-1]
        if graph is None or address not in graph.places:
            return (*frames[:-1], (graph, address, trips, jumped))
        then, now = ([head for _, head in graph.places[block] if head] if block in graph.places else [] for block in (before, address))
        common = 0
        while common < min(len(then), len(now)) and then[common] == now[common]:
            common += 1
        trips = [*trips[:common], *[0] * (len(now) - common)]
        if common and common == len(now) and now[-1] == address and kind != "Ijk_Ret":
            trips[-1] += 1
        return (*frames[:-1], (graph, address, tuple(trips), jumped))

    def depth(self, graph, address):
        return sum(head is not None for _, head in graph.places[address]) if graph and address in graph.places else 0

    def key(self, frames):
        keys = []
        for graph, block, trips, _ in frames:
            key, left = [], [*trips]
            for position, head in graph.places.get(block, ()) if graph else ():
                key.append(position)
                if head:
                    key.append(left.pop(0) if left else 0)
            keys.append((*key, block) if not key else tuple(key))
        return tuple(keys)

    def run(self, state, limit=4000, step=None):
        """The state at the return."""
        self.given, heap, groups, done = [*state.solver.constraints], [], {}, []
        state.globals["path"] = state.globals["solvers"] = ()
        if self.machine.tables:
            state.inspect.b("mem_read", when=angr.BP_BEFORE, action=self.on_read)

        def push(state, frames, rounds):
            place = (self.key(frames), state.addr, state.solver.eval(state.regs.sp), rounds)
            if place not in groups:
                groups[place] = []
                heapq.heappush(heap, place)
            groups[place].append((state, frames))

        push(state, self.moved((), state.addr, "Ijk_Call"), ())
        while heap:
            place = heapq.heappop(heap)
            group = groups.pop(place)
            state, frames = self.join([state for state, _ in group]), group[0][1]
            graph = frames[-1][0]
            size = graph.size(state.addr) if graph else None
            self.steps += 1
            if self.steps > limit:
                raise Unable(f"more than {limit} steps")
            if step:
                step(self, state, place, len(group))
            successors = self.machine.project.factory.successors(state, **({"size": size} if size else {}))
            if successors.unconstrained_successors:
                raise Unable(f"a jump to anywhere at {state.addr:#x}")
            for after in self.taken(state, successors.flat_successors):
                if after.addr == RETURN:
                    done.append(after)
                else:
                    now = self.moved(frames, after.addr, after.history.jumpkind)
                    left = self.apart and len(now) == len(frames) and len(now[-1][2]) < len(frames[-1][2])
                    push(after, now, (*place[3], *frames[-1][2], after.addr) if left else place[3])
        return self.join(done)

    def on_read(self, state):
        address = state.inspect.mem_read_address
        if isinstance(address, claripy.ast.BV) and address.symbolic:
            self.machine.look_up(state, address)

    def taken(self, state, successors):
        """Notes which branch each took. For every input there is one of them, and no second: else a join would lose something."""
        ways, said = [], {}
        solvers = (*state.globals["solvers"], (len(state.globals["path"]), state.solver._solver))
        for after in successors:
            after.globals["solvers"] = solvers
            facts = {fact.hash(): fact for fact in after.globals.get("facts", ())}
            said |= facts
            self.branches[after.history.jump_guard.hash()] = after.history.jump_guard
            added = [after.history.jump_guard, *(getattr(c, "ast", c) for c in after.history.recent_constraints)]
            added = {c.hash(): c for c in added if c is not None and not c.is_true() and c.hash() not in facts}
            after.globals["path"] = (*after.globals["path"], *added.values())
            ways.append(claripy.And(*added.values()) if added else claripy.true())
        if state.solver.satisfiable([*said.values(), claripy.Not(claripy.Or(*ways))]):
            raise Unable(f"angr takes something for granted at {state.addr:#x}")
        for i, way in enumerate(ways):
            if any(not negations(way, other) and state.solver.satisfiable([way, other]) for other in ways[:i]):
                raise Refuted(f"two ways for one input at {state.addr:#x}")
        return successors

    def join(self, states):
        """One state that is any of these. They differ in a branch somewhere, so that one of them alone is right for an input."""
        if len(states) == 1:
            return states[0]
        self.merges += 1
        lists = [s.globals["path"] for s in states]
        common = 0
        while all(len(some) > common for some in lists) and len({some[common].hash() for some in lists}) == 1:
            common += 1
        conditions = [claripy.And(*some[common:]) if some[common:] else claripy.true() for some in lists]
        both = states[0].copy()
        for name in ("memory", "registers"):
            merge(getattr(both, name), [getattr(s, name) for s in states], conditions)
        both.globals["solvers"] = tuple(known for known in states[0].globals["solvers"] if known[0] <= common)
        both.globals["path"] = (*lists[0][:common], *self.any_of(states[0], lists[0][:common], [some[common:] for some in lists]))
        both.globals["facts"] = tuple({fact.hash(): fact for s in states for fact in s.globals.get("facts", ())}.values())
        length, solver = both.globals["solvers"][-1]  # of the state where the paths parted: it has checked what they have in common
        both.solver._stored_solver = solver.branch()
        both.solver._solver.add([*both.globals["facts"], *both.globals["path"][length:]])
        if both.regs.cc_op.symbolic:  # flags of another comparison on each path: they are anything
            both.regs.cc_op, both.regs.cc_dep1 = 0, claripy.BVS(f"flags{fresh_number()}", 64, explicit_name=True)
            both.regs.cc_dep2 = both.regs.cc_ndep = 0
        for name in ("calls", "looks"):
            notes = {}  # it was done if one of the paths on which it was done was taken
            for condition, s in zip(conditions, states):
                for number, guard, *note in s.globals.get(name, ()):
                    notes.setdefault((number, note[-1].hash()), []).append((claripy.And(condition, guard), guard, note))
            both.globals[name] = tuple((number, either(same, states), *same[0][2]) for (number, _), same in notes.items())
        return both

    def any_of(self, state, before, lists):
        """That one of the lists of branches was taken: nothing, when it always is."""
        if all(len(some) == 1 for some in lists) and len(lists) == 2 and negations(lists[0][0], lists[1][0]):
            return []
        either = claripy.Or(*(claripy.And(*some) for some in lists))
        asked = terms([*self.given, *before, claripy.Not(either)])
        return [] if unsatisfiable(asked, LITTLE) == z3.unsat else [either]


def either(same, states):
    """When something was done: on some of these paths, or on all of them alike."""
    if len(same) < len(states) or len({guard.hash() for _, guard, _ in same}) > 1:
        return claripy.Or(*(condition for condition, _, _ in same))
    return same[0][1]


def negations(a, b):
    return claripy.Not(a).hash() == b.hash() or a.hash() == claripy.Not(b).hash()
