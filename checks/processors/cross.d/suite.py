"""The crate's test suite, its own unit tests and all vectors in it, on one processor: what checks/processors/armv7, checks/processors/aarch64 and checks/processors/big-endian run."""
import json
import os
import re
import shutil
import tempfile

import check
import cross

MANIFEST = os.path.join(cross.ROOT, "Cargo.toml")
# tests/examples.rs starts programs of the host, and tests/spec_trace.rs reads the sources alone
TESTS = ("accumulated", "hmac", "misuse", "properties", "qr", "secrets", "surface", "vectors")
# of 2,000, 300 or 60 a property (tests/properties.rs), and of 20,000 of a family of vectors: emulation is ten times slower
CASES = {"PROPTEST_CASES": "32", "ORP1_CASES": "2000"}


def wrong_digit(directory):
    """A copy of the vectors in which the last digit of one code is wrong, and that test's tcId."""
    place = shutil.copytree(os.path.join(cross.ROOT, "vectors"), os.path.join(directory, "vectors"))
    path = os.path.join(place, "codes.json")
    with open(path, encoding="utf-8") as file:
        codes = json.load(file)
    wrong = next(test for test in codes["testGroups"][0]["tests"] if test["result"] == "valid")
    wrong["text"] = wrong["text"][:-1] + str((int(wrong["text"][-1]) + 1) % 10)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(codes, file)
    return place, wrong["tcId"]


def test(target, flags, tests, cfgs, **environment):
    command = ["test", "-p", "offline-reset", *flags, *(f"--test={name}" for name in tests)]
    return cross.cargo(target, command, manifest=MANIFEST, profile="dev", cfgs=cfgs,
                       environment=environment | {"CARGO_PROFILE_DEV_DEBUG": "0"})[1]


def run(target, cfgs=()):
    """Every test passes, and a vector with a wrong digit does not."""
    cross.install(target)
    result = test(target, ["--lib"], TESTS, cfgs, **CASES)
    passed = [int(n) for n in re.findall(r"^test result: ok\. (\d+) passed; 0 failed; 0 ignored", result.stdout, re.M)]
    if result.returncode or len(passed) != 1 + len(TESTS) or not all(passed):
        check.fail(result.stdout, result.stderr, "A test fails, or is not run.")
    with tempfile.TemporaryDirectory() as directory:
        place, wrong = wrong_digit(directory)
        planted = test(target, [], ["vectors"], cfgs, ORP1_VECTORS=place)
    if planted.returncode == 0 or f"codes tcId {wrong}:" not in planted.stdout:
        check.fail(planted.stdout, planted.stderr, "A wrong digit in a vector was not found.")
    print("planted vector: 1, found: 1")
    return sum(passed)
