"""Builds and runs benches/, and reads its table: for checks/speed/bench-ratio, checks/speed/bench-growth and checks/speed/bench-regression.

Instructions are those of the software SHA-256 with the library as it ships; the table takes the wiping of the stack off again. Time is
measured with the wiping left out of the build (--cfg offline_reset_unscrubbed), for the times of both overlap in the processor.
"""
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "lib"))
import check as common  # noqa: E402
from check import ROOT, alone  # noqa: E402

RUNNER = "0.20.0"  # gungraun's, the same version as in Cargo.lock
SOFT, UNSCRUBBED = '--cfg sha2_backend="soft"', "--cfg offline_reset_unscrubbed"


class Failed(Exception):
    """What does not hold, or could not be measured."""


def run(command, **environment):
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        raise Failed(f"{done.stdout[-6000:]}\n{' '.join(command)} failed")
    return done.stdout


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
    with alone(os.path.join(place, "lock")):  # three checks, side by side, would take each other's counts away
        common.debian("valgrind")
        common.tool("gungraun-runner", RUNNER)
        shutil.rmtree(os.path.join(place, "gungraun"), ignore_errors=True)
        bench("bench", "count", RUSTFLAGS=SOFT)
        rows, flat = table("bench", "--no-time", RUSTFLAGS=SOFT)
    missing = [row.name for row in rows.values() if row.instructions is None]
    if missing:
        raise Failed(f"not counted: {', '.join(missing)}: are they in benches/count.rs?")
    return rows, flat


def timed():
    """The rows with their time ratios, with SHA instructions; none without them."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        if not re.search(r"\b(sha_ni|sha2)\b", file.read()):
            return {}
    return table("bench-time", RUSTFLAGS=UNSCRUBBED)[0]


def main(check, shows):
    """Runs a check: its figure, or why it does not hold, is the last line."""
    common.shows = shows
    try:
        check()
    except Failed as failure:
        common.fail(failure)
