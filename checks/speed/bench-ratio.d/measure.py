"""Builds and runs benches/, and reads its table: for checks/speed/bench-ratio, checks/speed/bench-growth and checks/speed/bench-regression.

Instructions are those of the software SHA-256 with the library as it ships; the table takes the wiping of the stack off again. Time is
measured with the wiping left out of the build (--cfg offline_reset_unscrubbed), for the times of both overlap in the processor.
"""
import fcntl
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
TOOLS = os.path.join(ROOT, "target", "tools")
RUNNER = "0.20.0"  # gungraun's, the same version as in Cargo.lock
SOFT, UNSCRUBBED = '--cfg sha2_backend="soft"', "--cfg offline_reset_unscrubbed"


class Failed(Exception):
    """What does not hold, or could not be measured."""


def run(command, **environment):
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        raise Failed(f"{done.stdout[-6000:]}\n{' '.join(command)} failed")
    return done.stdout


def install():
    os.environ["PATH"] = os.path.join(TOOLS, "bin") + os.pathsep + os.environ["PATH"]
    os.environ["CARGO_TERM_COLOR"] = "never"
    if not shutil.which("valgrind"):
        run(["apt-get", "update", "-qq"])
        run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "valgrind"], DEBIAN_FRONTEND="noninteractive")
    installed = subprocess.run(["cargo", "install", "--list", "--root", TOOLS], text=True, stdout=subprocess.PIPE, check=False).stdout
    if f"gungraun-runner v{RUNNER}:" not in installed:
        run(["cargo", "install", "-q", "--locked", "--version", RUNNER, "--root", TOOLS, "gungraun-runner"],
            CARGO_TARGET_DIR=os.path.join(ROOT, "target"))


class Row:
    """A line of the table; what was not measured is None."""

    def __init__(self, line):
        fields = [None if field == "-" else field for field in line.split("\t")]
        self.name = fields[0]
        self.instructions, self.net, self.floor = (field and int(field) for field in fields[1:4])
        self.ratio, self.bar, self.time, self.time_bar = (field and float(field) for field in fields[4:8])


def table(directory, *arguments, **environment):
    """{name: Row} and the series that have to be flat."""
    text = bench(directory, "table", "--", "--tsv", *arguments, **environment)
    lines = text[text.index("name\tinstructions"):].splitlines()[1:]
    rows = [Row(line) for line in lines if not line.startswith("flat\t")]
    return {row.name: row for row in rows}, [line.split("\t")[1:] for line in lines if line.startswith("flat\t")]


def bench(directory, name, *arguments, **environment):
    target = os.path.join(ROOT, "target", "checks", directory)
    return run(["cargo", "bench", "--locked", "-p", "offline-reset-benches", "--bench", name, *arguments], CARGO_TARGET_DIR=target, **environment)


def counted():
    """The rows with their instructions."""
    place = os.path.join(ROOT, "target/checks/bench")
    os.makedirs(place, exist_ok=True)
    with open(os.path.join(place, "lock"), "w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # three checks, side by side, would take each other's counts away
        install()
        shutil.rmtree(os.path.join(place, "gungraun"), ignore_errors=True)
        bench("bench", "count", RUSTFLAGS=SOFT)
        rows, flat = table("bench", "--no-time", RUSTFLAGS=SOFT)
    missing = [row.name for row in rows.values() if row.instructions is None]
    if missing:
        raise Failed(f"not counted: {', '.join(missing)}: are they in benches/count.rs?")
    return rows, flat


def timed():
    """The rows with their time ratios, with SHA instructions; None without them."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        if not re.search(r"\b(sha_ni|sha2)\b", file.read()):
            return None
    return table("bench-time", RUSTFLAGS=UNSCRUBBED)[0]


def main(check, unsaid):
    """Runs a check: its figure, or why it does not hold, is the last line."""
    try:
        check()
    except Failed as failure:
        print(failure)
        print(unsaid)
        sys.exit(1)
