"""The stack below each exported function, from the instructions that move the stack pointer: a bound for all inputs."""
import capstone
from capstone import x86

from machine import Refuted

FRAME = 8  # a return address


def function(project, symbol):
    """-> bytes of its own frame, and the functions that it calls; in the object alone."""
    engine = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
    engine.detail = True
    code = project.loader.memory.load(symbol.rebased_addr, symbol.size)
    pushed, taken, calls, loaded = 0, 0, set(), {}
    for i in engine.disasm(code, symbol.rebased_addr):
        operands = i.operands
        if i.mnemonic == "push":
            pushed += 8
        elif i.mnemonic == "sub" and operands[0].type == x86.X86_OP_REG and operands[0].reg == x86.X86_REG_RSP:
            if operands[1].type != x86.X86_OP_IMM:
                raise Refuted(f"a frame of variable size in {symbol.name}")
            taken += operands[1].imm
        elif i.mnemonic == "call":
            register = operands[0].reg if operands[0].type == x86.X86_OP_REG else None
            calls.add(called(i, operands[0]) or loaded.get(register))
        elif i.mnemonic == "jmp" and operands[0].type == x86.X86_OP_MEM and operands[0].mem.base == x86.X86_REG_RIP:
            calls.add(called(i, operands[0]))  # a tail call through the table of imported functions; by a register a jump stays inside
        elif i.mnemonic.startswith("j") and operands and operands[0].type == x86.X86_OP_IMM:
            if not symbol.rebased_addr <= operands[0].imm < symbol.rebased_addr + symbol.size:
                calls.add(operands[0].imm)  # a tail call
        elif i.mnemonic == "and" and operands[0].type == x86.X86_OP_REG and operands[0].reg == x86.X86_REG_RSP:
            taken += 64
        for register in i.regs_access()[1]:
            loaded[register] = called(i, operands[1]) if i.mnemonic == "mov" and operands[0].type == x86.X86_OP_REG else None
    return pushed + taken, calls


def called(instruction, operand):
    """The address itself; (the place in memory that has it,); None for a register's."""
    if operand.type == x86.X86_OP_IMM:
        return operand.imm
    if operand.type == x86.X86_OP_MEM and operand.mem.base == x86.X86_REG_RIP:
        return (instruction.address + instruction.size + operand.mem.disp,)
    return None


def depths(machine):
    """Exported function -> bytes, its own return address included."""
    by_address = {symbol.rebased_addr: symbol for symbol in machine.symbols.values()}
    loader = machine.project.loader
    got = {r.rebased_addr for r in loader.main_object.relocs if r.symbol is not None and r.symbol.is_import}
    known = {}

    def depth(address, above=()):
        if address in above:
            raise Refuted(f"a recursion at {address:#x}")
        if address not in by_address:
            return FRAME  # a stub for memcpy and its kin
        if address not in known:
            frame, calls = function(machine.project, by_address[address])
            imported = {call for call in calls if isinstance(call, tuple) and call[0] in got}
            if any(call is None or (isinstance(call, tuple) and call not in imported) for call in calls):
                raise Refuted(f"an indirect call in {by_address[address].name}")
            calls -= imported
            known[address] = FRAME + frame + max((depth(call, (*above, address)) for call in calls), default=0)
        return known[address]

    return {name: depth(symbol.rebased_addr) for name, symbol in machine.symbols.items() if symbol.is_export and not name.startswith("_")}


def bounded(machine):
    found = depths(machine)
    print("stack: " + ", ".join(f"{name} {depth}" for name, depth in found.items()))
    return {"paths": len(found), "what": "functions", "deepest": max((depth, name) for name, depth in found.items())}
