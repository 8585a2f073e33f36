"""The envelope of a vector file, and the one way in which JSON is written."""
import hashlib
import json

from errors import OrpError
from notes import NOTES

GENERATOR_VERSION = "1"


def sample(label, n=32):
    """Reproducible bytes for a test, n <= 32."""
    return hashlib.sha256(b"ORP1 vectors " + label.encode()).digest()[:n]


def dumps(value, depth=0):
    """Stable JSON, indent 1; what fits on a line stays on one."""
    flat = json.dumps(value, ensure_ascii=True)
    if len(flat) + depth <= 120 or not isinstance(value, (dict, list)) or not value:
        return flat
    inner = "\n" + " " * (depth + 1)
    if isinstance(value, dict):
        parts = [json.dumps(k) + ": " + dumps(v, depth + 1) for k, v in value.items()]
        return "{" + inner + ("," + inner).join(parts) + "\n" + " " * depth + "}"
    return "[" + inner + ("," + inner).join(dumps(v, depth + 1) for v in value) + "\n" + " " * depth + "]"


def plain(value):
    """Bytes become hex."""
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value


class VectorFile:
    def __init__(self, name, *header):
        self.name, self.header, self.groups, self.flags, self.count = name, list(header), [], set(), 0

    def group(self, kind):
        self.tests = []
        self.groups.append({"type": kind, "tests": self.tests})

    def add(self, comment, flags, rules, inputs, result, outputs, error=None):
        self.count += 1
        flags, rules = flags.split(), rules.split()
        assert all(f in NOTES for f in flags), flags
        self.flags.update(flags)
        test = {"tcId": self.count, "comment": comment, "flags": flags, "rules": rules}
        test.update(plain(inputs))
        test["result"] = result
        test.update(plain(outputs))
        if error:
            test["error"] = error.as_json()
        self.tests.append(test)
        return test

    def case(self, comment, flags, rules, inputs, compute, want=None, always=None):
        """Runs compute(): its outputs, or its error, which must then be `want` (a name, or name and argument)."""
        try:
            outputs, error = compute(), None
        except OrpError as e:
            outputs, error = {}, e
        got = None if error is None else error.name
        if isinstance(want, tuple):
            got = None if error is None else (error.name, error.argument)
        assert got == want, (comment, got, want)
        outputs = {**(always or {}), **outputs}
        return self.add(comment, flags, rules, inputs, "invalid" if error else "valid", outputs, error)

    def bytes(self):
        out = {
            "algorithm": "ORP1",
            "schema": self.name + ".schema.json",
            "generatorVersion": GENERATOR_VERSION,
            "numberOfTests": self.count,
            "header": self.header,
            "notes": {f: {"bugType": NOTES[f][0], "description": NOTES[f][1]} for f in sorted(self.flags)},
            "testGroups": self.groups,
        }
        return (dumps(out) + "\n").encode("ascii")
