"""What each operation of the device's side leaves on the stack of a processor, and which way it takes (traces.py): what checks/processors/armv7,
checks/processors/aarch64 and checks/processors/cortex-m scan.

Each runs on a filled stack for 32 keys (probe/): what lies below its caller's frame afterwards must not depend on the key. Zeros stand in
place of what is published (--cfg offline_reset_zeroed, src/public.rs), so that *every* key-dependent byte counts, but for those of the
right code, which the owner has typed. Built without the wiping (--cfg offline_reset_unscrubbed) residues have to be found after each
operation that leaves any, and the wiping has to go deeper than they did, by an eighth. What of the public API has a device's key is looked
at, or is the vendor's.
"""
import os
import sys

import check
import cross
import traces

sys.path.insert(0, os.path.join(cross.ROOT, "checks", "code", "api-listing.d"))
import public  # noqa: E402

# what ships; and the builds whose residues go deepest
BUILDS = (("3", "fat", ()), ("z", "fat", (cross.COMPACT,)), ("z", "off", ()), ("s", "off", ()))

# What leaves something when nothing is wiped, in every build: if it is seen leaving nothing, the scan of it is blind.
LEAVING = {"DeviceKey::load", "Ledger::load, lost", "Ledger::load", "Ledger::open, first", "Opening::show", "Ledger::show_again", "Shown::qr",
           "Ledger::submit", "Attempt::compare, wrong", "Attempt::compare, right", "Ledger::admin_login", "Clearing::grant",
           "Ledger::allow_again", "Ledger::finish", "Resumed::finish"}
# These compute nothing from a key, and leave nothing anyway.
BARE = {"Lowering::lowered", "Grant::handle", "Grant::by_handle", "Grant::consume", "drop of a key"}
# The vendor's side, and the factory's; a device makes its key by DeviceKey::load.
ELSEWHERE = public.EXCUSED | {
    "Code::drop", "Code::reveal", "DeviceKey::check_value", "DeviceKey::derived", "Genuine::answer", "GenuineQr::address", "GenuineQr::secure_code", "Ledger::genesis",
    "QrChallenge::verify", "RootKey::derive", "RootKey::check", "RootKey::check_value", "RootKey::device_key", "RootKey::take",
    "TypedChallenge::verify",
}  # fmt: skip


def scan(target, *backend, builds=BUILDS):
    """Nothing is left in any build, and no way depends on a key; how many there are. `backend` are flags of all of them."""
    for level, lto, cfgs in builds:
        name = f"{target.name}, opt-level {level}, lto {lto}, {'compact' if cfgs else 'default'}"
        flags = (*backend, *cfgs, cross.ZEROED)
        residues = cross.scan(target, cross.probe(target, level, *flags, cross.UNSCRUBBED, lto=lto))
        if strange := public.complete(residues, ELSEWHERE) or sorted(residues.keys() ^ (LEAVING | BARE)):
            check.fail(*strange, f"{name}: these have a key and are not looked at, or have no place in the lists of checks/processors/cross.d/stacks.py.")
        if blind := [operation for operation in LEAVING if residues[operation][0] == 0]:
            check.fail(f"{name}: without the wiping nothing is left after {', '.join(blind)}: the scan is blind there.")
        program = cross.probe(target, level, *flags, lto=lto)
        wiped = cross.scan(target, program)
        margin = 99.0
        for operation, (left, depth, used) in wiped.items():
            if left:
                check.fail(f"{name}: {operation} leaves {left} bytes that depend on the key, down to {depth}: raise its depth in src/wipe.rs.")
            before, down_to, _ = residues[operation]
            if before:
                margin = min(margin, used / down_to)
            if before and used * 8 < down_to * 9:
                check.fail(f"{name}: {operation} is wiped {used} bytes down, and its residues go {down_to}: raise its depth in src/wipe.rs.")
        found = sum(left for left, _, _ in residues.values())
        print(f"{name}: {len(wiped)} operations, 0 bytes left, wiped {margin:.2f} times as deep as they went; not wiped: {found} bytes")
        traces.alike(target, program, name)
    return len(builds)
