#!/usr/bin/env python3
"""The planted defects, checks/defects/NAME.patch, one each: a check that does not find its own proves nothing.

    checks/defects/plant --check           every patch fits the tree, breaks a promise or a rule that is there, and has a check that is there
    checks/defects/plant --list CHECK      a line each: name, tab, where in CHECK it has to be found, tab, what it is
    checks/defects/plant NAME DIRECTORY    plants one in a copy of the tree

Before the unified diff stand `what`, `breaks` (promises or rules of SPEC.md) and `found-by` (CHECK WHERE; CHECK WHERE). What a hunk takes
away, or has around it, has to stand in its file once, wherever that is: the numbers of lines are for the reader.
"""
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PLACE = ROOT / "checks" / "defects"


def read(name):
    """Its header, and the changes: (file, what has to be there, what comes in its place)."""
    head, _, diff = (PLACE / f"{name}.patch").read_text(encoding="utf-8").partition("\n--- a/")
    header = dict(line.split(": ", 1) for line in head.split("\n"))
    changes = []
    for file in diff.split("\n--- a/"):
        for hunk in re.split(r"(?m)^@@ .*\n", file)[1:]:
            old, new = ("".join(f"{line[1:]}\n" for line in hunk.rstrip("\n").split("\n") if line[0] in kept) for kept in (" -", " +"))
            changes.append((file.partition("\n")[0], old, new))
    return header, changes


def of(check):
    """Those that a check has to find: (name, where, what)."""
    found = []
    for path in sorted(PLACE.glob("*.patch")):
        header, _ = read(path.stem)
        for by in header["found-by"].split("; "):
            name, _, where = by.partition(" ")
            if name == check:
                found.append((path.stem, where, header["what"]))
    if not found:
        sys.exit(f"no patch in checks/defects is found by {check}")
    return found


def planted(name, directory):
    """file: its text with the defect; or an exit that names the patch."""
    texts = {}
    for file, old, new in read(name)[1]:
        path = Path(directory, file)
        text = "\n" + (texts[file] if file in texts else path.read_text(encoding="utf-8") if path.is_file() else "")
        if (count := text.count("\n" + old)) != 1:
            sys.exit(f"checks/defects/{name}.patch no longer applies: {file} has this {count} times, and not once:\n{old}")
        texts[file] = text.replace("\n" + old, "\n" + new)[1:]
    return texts


def plant(name, directory):
    for file, text in planted(name, directory).items():
        Path(directory, file).write_text(text, encoding="utf-8")


def wrong(name):
    """What is wrong with a patch, in lines."""
    spec = (ROOT / "SPEC.md").read_text(encoding="utf-8")
    rules = set(re.findall(r"(?m)^\| (P\d+) \|", spec) + re.findall(r"\*\*\[([A-Z]+-\d+)\]\*\*", spec))
    header, changes = read(name)
    if list(header) != ["what", "breaks", "found-by"] or not changes:
        yield f"checks/defects/{name}.patch: what, breaks, found-by, then a diff"
        return
    for rule in set(header["breaks"].split(", ")) - rules:
        yield f"checks/defects/{name}.patch breaks {rule}, which SPEC.md does not have"
    for by in header["found-by"].split("; "):
        if not any(os.access(path, os.X_OK) for path in ROOT.glob(f"checks/*/{by.split()[0]}")):
            yield f"checks/defects/{name}.patch: there is no check {by.split()[0]}"
    try:
        planted(name, ROOT)
    except SystemExit as not_there:
        yield str(not_there)


def main():
    if sys.argv[1:] == ["--check"]:
        names = [path.stem for path in sorted(PLACE.glob("*.patch"))]
        if findings := [line for name in names for line in wrong(name)]:
            sys.exit("\n".join(findings))
        print(f"{len(names)} planted defects apply")
    elif sys.argv[1:2] == ["--list"] and len(sys.argv) == 3:
        print(*("\t".join(defect) for defect in of(sys.argv[2])), sep="\n")
    elif len(sys.argv) == 3:
        plant(*sys.argv[1:])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
