"""What each operation of the device's side leaves on the stack of a processor, and which way it takes (traces.py): what checks/armv7,
checks/aarch64 and checks/cortex-m scan.

Each runs on a filled stack for 32 keys (probe/): what lies below its caller's frame afterwards must not depend on the key. Zeros stand in
place of what is published (--cfg offline_reset_zeroed, src/public.rs), so that *every* key-dependent byte counts, but for those of the
right code, which the owner has typed. Built without the wiping (--cfg offline_reset_unscrubbed) residues have to be found, and the wiping
has to go deeper than they did, by an eighth.
"""
import sys

import cross
import traces

# what ships; and the builds whose residues go deepest
BUILDS = (("3", "fat", ()), ("z", "fat", (cross.COMPACT,)), ("z", "off", ()), ("s", "off", ()))


def fail(*lines):
    print(*lines, sep="\n")
    sys.exit(1)


def scan(target, *backend, builds=BUILDS):
    """Nothing is left in any build, and no way depends on a key; how many there are. `backend` are flags of all of them."""
    for level, lto, cfgs in builds:
        name = f"{target.name}, opt-level {level}, lto {lto}, {'compact' if cfgs else 'default'}"
        flags = (*backend, *cfgs, cross.ZEROED)
        residues = cross.scan(target, cross.probe(target, level, *flags, cross.UNSCRUBBED, lto=lto))
        for operation in ("Ledger::submit", "Attempt::compare, right", "Attempt::compare, wrong"):
            if residues[operation][0] == 0:
                fail(f"{name}: without the wiping nothing is left after {operation}: the scan is blind.")
        program = cross.probe(target, level, *flags, lto=lto)
        wiped = cross.scan(target, program)
        margin = 99.0
        for operation, (left, depth, used) in wiped.items():
            if left:
                fail(f"{name}: {operation} leaves {left} bytes that depend on the key, down to {depth}: raise its depth in src/wipe.rs.")
            before, down_to, _ = residues[operation]
            if before:
                margin = min(margin, used / down_to)
            if before and used * 8 < down_to * 9:
                fail(f"{name}: {operation} is wiped {used} bytes down, and its residues go {down_to}: raise its depth in src/wipe.rs.")
        found = sum(left for left, _, _ in residues.values())
        print(f"{name}: {len(wiped)} operations, 0 bytes left, wiped {margin:.2f} times as deep as they went; not wiped: {found} bytes")
        traces.alike(target, program, name)
    return len(builds)
