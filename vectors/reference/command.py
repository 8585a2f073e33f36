"""The command line of vectors/reference."""
import importlib
import json
import re
from pathlib import Path

import example
import schemas
from vectorfile import VectorFile

VECTORS = Path(__file__).resolve().parent.parent
SPEC = VECTORS.parent / "SPEC.md"
GENERATORS = {"keys": "gen_keys", "challenge_write": "gen_challenge", "challenge_read": "gen_read", "corrections": "gen_corrections",
              "codes": "gen_codes", "ledger": "gen_ledger", "sessions": "gen_sessions", "qr": "gen_qr", "email": "gen_email", "issuing": "gen_issuing",
              "lessons": "gen_lessons"}
REGENERATE = "python3 vectors/reference"
SMALLEST, SMALL, LARGE = COUNTS = 2000, 20000, 1000000  # the smallest for a processor that is emulated
USAGE = f"""{REGENERATE}                                   write all files and the example
{REGENERATE} --check                           fail if a committed file or the example differs
{REGENERATE} --check --accumulated             the same, and recompute the hashes up to {SMALL:,} cases
{REGENERATE} --accumulate N [--family F]       print `family N hash`; N a multiple of 1,000
{REGENERATE} --write-accumulated [--family F]  recompute accumulated.json, {LARGE:,} cases for each family, or for one"""


def fixed_files():
    """Path -> bytes of everything but the accumulated hashes."""
    out = {}
    for name, module in GENERATORS.items():
        out[VECTORS / f"{name}.json"] = importlib.import_module(module).generate().bytes()
    for name in schemas.FILES:
        out[VECTORS / "schemas" / f"{name}.schema.json"] = schemas.as_bytes(name)
    return out


def accumulated_file(hashes):
    """hashes: {family: {cases: hash}}"""
    f = VectorFile("accumulated", "One hash over many generated cases; vectors/README.md defines them.")
    f.group("Accumulated")
    for family, by_count in hashes.items():
        for cases, value in sorted(by_count.items()):
            f.add(f"{family}: {cases} cases", "Accumulated", "", {"family": family, "cases": cases}, "valid", {"hash": value})
    return f.bytes()


def committed_hashes():
    out = {}
    for group in json.loads((VECTORS / "accumulated.json").read_bytes())["testGroups"]:
        for t in group["tests"]:
            out.setdefault(t["family"], {})[t["cases"]] = t["hash"]
    return out


def write():
    for path, data in fixed_files().items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    SPEC.write_text(example.spliced(SPEC.read_text("utf-8")), "utf-8")
    return 0


def check(with_accumulated):
    bad = []
    for path, data in fixed_files().items():
        if not path.exists() or path.read_bytes() != data:
            bad.append(f"{path.relative_to(VECTORS.parent)} differs from what the reference writes; to write it again: {REGENERATE}")
    spec = SPEC.read_text("utf-8")
    if example.spliced(spec) != spec:
        bad.append(f"SPEC.md: the worked example differs; to write it again: {REGENERATE}")
    for name in schemas.FILES:
        fault = schemas.check_file(name, (VECTORS / f"{name}.json").read_bytes())
        if fault:
            bad.append(f"vectors/{name}.json does not fit its schema: {fault}")
    hashes = committed_hashes()
    if accumulated_file(hashes) != (VECTORS / "accumulated.json").read_bytes():
        bad.append(f"vectors/accumulated.json is not as written; to write it again: {REGENERATE} --write-accumulated")
    if with_accumulated:
        from accumulate import FAMILIES, accumulate
        for family in FAMILIES:
            computed = accumulate(family, [SMALLEST, SMALL])
            if any(hashes.get(family, {}).get(cases) != value for cases, value in computed.items()):
                bad.append(f"vectors/accumulated.json: {family} differs; to write it again: {REGENERATE} --write-accumulated")
    print("\n".join(bad) if bad else "vectors: as committed")
    report()
    return 1 if bad else 0


def report():
    """Counts, and the rules of the SPEC that no vector names."""
    total, cited = [0, 0], set()
    for name in GENERATORS:
        counts = [0, 0]
        for group in json.loads((VECTORS / f"{name}.json").read_bytes())["testGroups"]:
            for t in group["tests"]:
                counts[t["result"] == "invalid"] += 1
                cited.update(t["rules"])
        total = [total[0] + counts[0], total[1] + counts[1]]
        print(f"{name:<16} {counts[0]:>5} valid {counts[1]:>5} invalid")
    print(f"{'all':<16} {total[0]:>5} valid {total[1]:>5} invalid")
    rules = set(re.findall(r"\*\*\[([A-Z]+-\d+)\]", SPEC.read_text("utf-8")))
    print("rules cited by no vector:", ", ".join(sorted(rules - cited)) or "none")
    if cited - rules:
        print("rules cited that the SPEC does not have:", ", ".join(sorted(cited - rules)))


def main(arguments):
    if not arguments:
        return write()
    if arguments[0] == "--check" and arguments[1:] in ([], ["--accumulated"]):
        return check(len(arguments) == 2)
    if arguments[0] == "--write-accumulated" and (len(arguments) == 1 or arguments[1:2] == ["--family"]):
        from accumulate import FAMILIES, accumulate
        hashes = committed_hashes()
        for family in arguments[2:] or FAMILIES:
            hashes[family] = accumulate(family, COUNTS)
        (VECTORS / "accumulated.json").write_bytes(accumulated_file(hashes))
        return 0
    if arguments[0] == "--accumulate" and len(arguments) in (2, 4) and arguments[1].isdigit():
        from accumulate import BLOCK, FAMILIES, accumulate
        n = int(arguments[1])
        chosen = list(FAMILIES) if len(arguments) == 2 else arguments[3:]
        if n > 0 and n % BLOCK == 0 and all(f in FAMILIES for f in chosen) and arguments[2:3] in ([], ["--family"]):
            for family in chosen:
                print(family, n, accumulate(family, [n])[n], flush=True)
            return 0
    print(USAGE)
    return 2
