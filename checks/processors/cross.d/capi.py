"""The C programs over the public header, compiled by a processor's own gcc and linked with the static library: what checks/processors/armv7,
checks/processors/aarch64 and checks/processors/big-endian run beside the test suite.

capi/tests (every vector that C can see, every function misused, nothing secret left below a call), README's quick start, and a reset by
examples/c. Planted are the defects of checks/defects that the host does not show, and a wrong digit.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

import check
import cross
import defects

HEADER = os.path.join(cross.ROOT, "capi", "include")
TESTS = os.path.join(cross.ROOT, "capi", "tests")
EXAMPLES = os.path.join(cross.ROOT, "examples", "c")
WARNINGS = ("-std=c99", "-O1", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-DORP_FACTORY")
LINKING = ("-Wl,-z,now",)  # resolved at its first call, a function of libc would have all registers put on the stack


def library(target, manifest, cfgs=()):
    """The static library without std, with the factory's function."""
    command = ["rustc", "-q", "-p", "offline-reset-capi", "--features", "factory,panic-handler", "--crate-type", "staticlib"]
    directory, result = cross.cargo(target, command, manifest=manifest, cfgs=cfgs,
                                    environment={"CARGO_PROFILE_RELEASE_PANIC": "abort"})
    if result.returncode:
        check.fail(result.stderr, "The C library does not build.")
    return os.path.join(directory, "liboffline_reset.a")


class Programs:
    """Compiles and runs, in a directory of its own."""

    def __init__(self, target, archive, directory, header=HEADER):
        self.target, self.archive, self.directory, self.header = target, archive, directory, header

    def build(self, name, *sources):
        program = os.path.join(self.directory, name)
        command = [self.target.linker, *WARNINGS, "-I", self.header, "-I", self.directory, *sources, self.archive, *LINKING, "-o", program]
        result = check.done(command)
        if result.returncode:
            check.fail(result.stderr, f"{self.target.linker} does not take {name}.")
        return program

    def test(self, name, *sources):
        """Whether a test passes, and what it says."""
        result = cross.run(self.target, self.build(name, *sources))
        return result.returncode == 0, result.stdout + result.stderr

    def passes(self, name, *sources):
        passed, said = self.test(name, *sources)
        if not passed:
            check.fail(*said.splitlines()[-40:], f"{name} fails.")
        return said.splitlines()[-1]


def quick_start():
    """The C of capi/README.md."""
    with open(os.path.join(cross.ROOT, "capi", "README.md"), encoding="utf-8") as file:
        return re.search(r"^```c\n(.*?)^```$", file.read(), re.M | re.S)[1]


def reset(programs):
    """examples/c: a wrong code, the right one, the new password."""
    target, directory = programs.target, programs.directory
    device, issuer = (programs.build(name, os.path.join(EXAMPLES, f"{name}.c")) for name in ("device", "issuer"))
    root, noted, key, flash = (os.path.join(directory, name) for name in ("root", "root-check", "key", "flash"))
    with open(root, "wb") as file:
        file.write(bytes(range(32)))
    for command in (("note", root, noted), ("make", root, "CAM1", key, flash)):
        made = cross.run(target, issuer, *command)
        if made.returncode:
            check.fail(made.stdout, f"issuer {command[0]} fails.")
    with subprocess.Popen([*target.run, device, "CAM1", key, flash], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        process.stdin.write("forgot\n")
        process.stdin.flush()
        said = ""
        while "serial number: " not in said:
            said = process.stdout.readline() or check.fail("examples/c/device.c shows no challenge.")
        answered = cross.run(target, issuer, "answer", root, noted, said.split("serial number: ")[1].strip()).stdout
        code = re.search(r"hours: (\S+)", answered)[1]
        process.stdin.write(f"12\n{code}\nnew password\nquit\n")
        process.stdin.close()
        if "reset 1x" not in process.stdout.read() or process.wait():
            check.fail("examples/c: no reset.")


def other_tree(directory):
    """The repository with src/ and capi/ copied, so that a defect can be planted there; its manifest."""
    for name in os.listdir(cross.ROOT):
        if name in ("src", "capi"):
            shutil.copytree(os.path.join(cross.ROOT, name), os.path.join(directory, name))
        elif name not in ("target", ".git"):
            os.symlink(os.path.join(cross.ROOT, name), os.path.join(directory, name))
    return os.path.join(directory, "Cargo.toml")


def planted(programs, cfgs):
    """Defects that a 64-bit little-endian host does not show, as far as this processor can, and a wrong digit."""
    target, tests = programs.target, []
    vectors = os.path.join(TESTS, "vectors.c")
    for name, where, _ in defects.of(os.path.basename(sys.argv[0])):
        with tempfile.TemporaryDirectory() as directory:
            manifest = other_tree(directory)
            defects.plant(name, directory)
            archive = programs.archive if where == "header" else library(target, manifest, cfgs)
            header = os.path.join(directory, "capi", "include")
            tests.append(Programs(target, archive, programs.directory, header).test("vectors", vectors))
    with tempfile.TemporaryDirectory() as directory:
        with open(os.path.join(programs.directory, "vectors.h"), encoding="utf-8") as file:
            text = file.read()
        with open(os.path.join(directory, "vectors.h"), "w", encoding="utf-8") as file:
            file.write(text.replace("1929-4926-8276", "1929-4926-8277", 1))
        tests.append(Programs(target, programs.archive, directory).test("vectors", vectors))
    found = sum(not passed for passed, _ in tests)
    print(f"planted in C: {len(tests)}, found: {found}")
    if found != len(tests):
        check.fail("Defects are not found: see above.")


def stacks(target, cfgs=()):
    """The most stack that each function used on its way through capi/tests/wiped.c."""
    archive, used = library(target, os.path.join(cross.ROOT, "Cargo.toml"), cfgs), {}
    with tempfile.TemporaryDirectory() as directory:
        result = cross.run(target, Programs(target, archive, directory).build("wiped", os.path.join(TESTS, "wiped.c")), "stack")
    for name, depth in re.findall(r"^stack (\w+) (\d+)$", result.stdout, re.M):
        used[name] = max(int(depth), used.get(name, 0))
    if result.returncode or not used:
        check.fail(result.stdout, "wiped fails.")
    return used


def run(target, cfgs=()):
    """Every program does what it has to; the figure of vectors.c."""
    archive = library(target, os.path.join(cross.ROOT, "Cargo.toml"), cfgs)
    with tempfile.TemporaryDirectory() as directory:
        exported = check.need([sys.executable, "-B", os.path.join(TESTS, "export.py"), os.path.join(cross.ROOT, "vectors")])
        for name, text in (("vectors.h", exported), ("quickstart.c", quick_start())):
            with open(os.path.join(directory, name), "w", encoding="utf-8") as file:
                file.write(text)
        programs = Programs(target, archive, directory)
        said = {name: programs.passes(name, os.path.join(TESTS, f"{name}.c")) for name in ("vectors", "misuse", "wiped")}
        said["quick start"] = programs.passes("quickstart", os.path.join(directory, "quickstart.c"), os.path.join(TESTS, "board.c"))
        for name, line in said.items():
            print(f"{name}, {target.linker}: {line}")
        reset(programs)
        planted(programs, cfgs)
    return said["vectors"].rsplit(", ", 1)[0]
