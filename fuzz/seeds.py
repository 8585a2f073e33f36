#!/usr/bin/env python3
"""Seeds for the targets that take text, and libFuzzer's dictionary, from vectors/*.json: fuzz/corpus/TARGET/ and fuzz/dict."""
import hashlib
import json
import os
import pathlib
import re

FUZZ = pathlib.Path(__file__).resolve().parent
VECTORS = FUZZ.parent / "vectors"

# What of a vector is whose text; the other targets' inputs are not text, and are found from nothing.
TEXTS = {
    "read_challenge": [("challenge_read", "text"), ("corrections", "text")],
    "read_code": [("codes", "text")],
    "read_qr": [("qr", "text")],
    "address": [("email", "address")],
}


def tests(name):
    for group in json.loads((VECTORS / f"{name}.json").read_text())["testGroups"]:
        for test in group["tests"]:
            yield group["type"], test


def text(kind, value):
    if not isinstance(value, str):
        return None
    return bytes.fromhex(value) if kind == "Address" else value.encode("utf-8", "surrogatepass")


def texts(name, field):
    found = (text(kind, test.get(field)) for kind, test in tests(name))
    return {t for t in found if t is not None and len(t) <= 1024}


def write(target, seeds):
    directory = FUZZ / "corpus" / target
    directory.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        (directory / f"seed-{hashlib.sha256(seed).hexdigest()[:16]}").write_bytes(seed)
    return len(seeds)


def dictionary():
    spec = (FUZZ.parent / "SPEC.md").read_text()
    separators = spec[spec.index("### 18.5") : spec.index("### 18.6")]
    points = [int(point, 16) for point in re.findall(r"U\+([0-9A-F]{4,5})", separators)]
    words = [chr(point) for point in points] + ["ORP1:", "HTTPS://", "/", "?", "@", ".", "U", "O", "I", "L", "\uff21", "\uff10", "\uff01", "\uff5e"]
    words += sorted({t.decode() for name in ("challenge_read", "codes") for t in texts(name, "text") if 0 < len(t) <= 44 and t.isascii()})[::20]
    escaped = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in words)
    new = FUZZ / f"dict.{os.getpid()}"  # and then renamed, because a campaign may be reading
    new.write_text("".join(f'"{word}"\n' for word in escaped))
    new.replace(FUZZ / "dict")
    return len(words)


def main():
    counts = {target: write(target, set().union(*(texts(*source) for source in sources))) for target, sources in TEXTS.items()}
    counts["differential_text"] = write("differential_text", set().union(*(texts(*s) for sources in TEXTS.values() for s in sources)))
    print(", ".join(f"{target} {n}" for target, n in counts.items()), f"seeds; {dictionary()} words")


main()
