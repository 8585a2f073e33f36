#!/usr/bin/env python3
"""Seeds for the targets that take text, and libFuzzer's dictionary, from vectors/*.json: fuzz/corpus/TARGET/ and fuzz/dict."""
import hashlib
import json
import os
import pathlib
import re
import struct

FUZZ = pathlib.Path(__file__).resolve().parent
VECTORS = FUZZ.parent / "vectors"

# What of a vector is whose text. The other targets' inputs are not text, and are found from nothing; but for corrections, of which few texts have
# more than one, and c_abi, whose resets are long.
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


def variant(enum, name):
    """How `arbitrary` chooses a variant, by four bytes: read off src/c_abi.rs and where else the enum is."""
    sources = "".join(path.read_text() for path in sorted((FUZZ / "src").glob("*.rs"), key=lambda path: path.name != "c_abi.rs"))
    body = re.search(rf"pub enum {enum}\b[^{{]*\{{\n(.*?)\n\}}", sources, re.S)[1]
    names = re.findall(r"^    (\w+)[(,]", body, re.M)
    return struct.pack("<I", -(-(names.index(name) << 32) // len(names)))


def calls(*each):
    """An input of c_abi: no failures yet, and then each call with nothing wrong with its pointers."""
    return bytes(2) + b"".join(bytes(4) + call for call in each)


def c_abi():
    def call(name, *fields):
        return variant("Call", name) + b"".join(fields)

    def some(data):
        return struct.pack("<H", len(data)) + data

    well, right, own = variant("Fault", "None"), variant("Typed", "Right"), variant("Which", "Own")
    follow, cap = call("Next", well), struct.pack("<H", 640)
    address = b"\1" + some(b"owner@example.nl")
    for origin, term, mail in ((b"\0", b"\1", b"\0"), (b"\1", b"\7", b"\1")):
        opened = [call("Open", origin, b"\0", mail, b"\7"), follow, call("Qr", origin, address if mail == b"\1" else b"\0", b"\0", cap)]
        granted = [follow, follow, call("GrantPurpose", origin, own), call("Take", origin, own), call("Take", origin, own)]
        yield calls(*opened, call("Submit", origin, right, term), *granted)
        vendor = [call("Verify"), call("Answer", term), call("Address", cap[:1] + b"\0"), call("SecureCode", term, cap[:1] + b"\0")]
        vendor += [call("Canonical", b"\x3f\0"), call("Correct", variant("Sent", "Slip"), b"\3\4")]
        for sent in ("Challenge", "Qr"):
            answered = call("Submit", origin, variant("Typed", "Answered"))
            yield calls(*opened, call("Read", b"\0", variant("Sent", sent)), *vendor, answered, *granted)
        wrong = [call("Submit", origin, variant("Typed", "Wrong"), term, b"\1\1"), follow]
        yield calls(*opened, *wrong * 6, call("Standing", origin), call("Info"), call("Login"), follow, call("Reload"), call("Pending"))
    yield calls(*(call("Mask", some(b"owner@example.nl"), struct.pack("<H", cap)) for cap in range(24)))  # a byte too short as well
    read = [("read_challenge", b"\1"), ("read_qr", b"\2"), ("read_code", b"\0")]
    for target, how in read:
        sent = sorted(set().union(*(texts(*source) for source in TEXTS[target])))
        each = [call("Read", how, variant("Sent", "Text"), some(text)) for text in sent if len(text) <= 700]
        for at in range(0, len(each), 8):
            yield calls(*each[at : at + 8])


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
    for target in ("corrections", "differential_corrections"):  # as corrections::Typed::Text, its first variant
        counts[target] = write(target, {bytes(4) + t for t in texts("corrections", "text")})
    counts["c_abi"] = write("c_abi", set(c_abi()))
    print(", ".join(f"{target} {n}" for target, n in counts.items()), f"seeds; {dictionary()} words")


main()
