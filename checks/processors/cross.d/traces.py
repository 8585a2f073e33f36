"""Which instructions each operation of the device's side executes on a processor, and which addresses it reads and writes: what
checks/processors/armv7, checks/processors/aarch64 and checks/processors/cortex-m compare over keys.

Each operation runs for 32 keys (probe/) under a plugin of qemu (trace.c), with zeros in place of what is published, so that nothing but
what is secret differs. All 32 take the same path, and none of them divides. The operations that the probe plants, a branch, a look-up and
a division by a secret, have to be seen.
"""
import re

import check
import cross

KEYS = 32
PLANTED = {"planted: a branch", "planted: a look-up", "planted: a division"}
DIVIDES = re.compile(r"([1-9]\d*) divisions")


def paths(target, program):
    """What was seen of each operation: one line a key, or more where it is there more than once."""
    result = cross.run(target, program, "trace", plugin=cross.plugin("trace"))
    said = result.stdout.splitlines()
    seen = re.findall(r"^\d+ instructions, \d+ divisions, path \w+$", result.stderr, re.M)
    names = [line for line in said if not re.fullmatch(r"key \d+", line)]
    if result.returncode or len(said) - len(names) != KEYS or len(names) != len(seen) or len(names) % KEYS:
        check.fail(*said[-20:], result.stderr[-2000:], f"probe did not run to its end on {target.name}, or was not traced.")
    operations = len(names) // KEYS
    return [(names[at], seen[at::operations]) for at in range(operations)]


def alike(target, program, name):
    """Every operation takes one path for all keys; how many operations there are."""
    operations = paths(target, program)
    judged = [(operation, seen) for operation, seen in operations if operation not in PLANTED]
    for operation, seen in judged:
        if len(set(seen)) > 1:
            check.fail(*sorted(set(seen))[:4], f"{name}: {operation} takes {len(set(seen))} paths for {KEYS} keys.")
        if DIVIDES.search(seen[0]):
            check.fail(seen[0], f"{name}: {operation} divides.")
    found = {operation for operation, seen in operations if len(set(seen)) > 1 or DIVIDES.search(seen[0])}
    if found != PLANTED:
        check.fail(f"{name}: planted, and not found: {', '.join(sorted(PLANTED - found))}")
    instructions = sum(int(seen[0].split()[0]) for _, seen in judged)
    print(f"{name}: one path for {KEYS} keys in {len(judged)} operations, {instructions} instructions; planted: {len(PLANTED)}, found: {len(found)}")
    return len(judged)
