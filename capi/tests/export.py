#!/usr/bin/env python3
"""vectors/*.json as one C header, for vectors.c: export.py VECTORS-DIRECTORY > vectors.h

What C can see of each family is exported; the last lines, on stderr, say what it cannot see. Where a vector gives intermediate values in
place of a text, the text is made by vectors/reference, which is written from SPEC.md alone.
"""
import json
import sys
from collections import Counter
from pathlib import Path

sys.dont_write_bytecode = True
VECTORS = Path(sys.argv[1])
sys.path.insert(0, str(VECTORS / "reference"))

import challenge  # noqa: E402
import prf  # noqa: E402
import qr  # noqa: E402
from errors import OrpError  # noqa: E402
from seen import Seen, differ  # noqa: E402

STATUS = {"tag": "ORP_NOT_GENUINE"}
PLAIN = set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 -:/.@")
FULL, PART, NOT = Counter(), Counter(), Counter()
ROWS = {}
LONG = []


def status(test, ok):
    name = test.get("error", {}).get("name")
    return ok if name is None else STATUS.get(name, "ORP_" + name.upper().replace("-", "_"))


def detail(test):
    return test.get("error", {}).get("argument", 0)


def literal(data):
    """C's bytes, and how many; NULL of None. A literal has at most 4095 characters in C99."""
    if data is None:
        return "{NULL, 0}"
    if len(data) > 4000:
        LONG.append("static const char long_%d[] = {%s};" % (len(LONG), ",".join(map(str, data))))
        return "{long_%d, %d}" % (len(LONG) - 1, len(data))
    return '{"%s", %d}' % ("".join(chr(b) if b in PLAIN else "\\%03o" % b for b in data), len(data))


def c(value):
    if value is None or isinstance(value, bytes):
        return literal(value)
    if isinstance(value, list):
        return "{" + ", ".join(map(c, value)) + "}"
    if isinstance(value, bool):
        return str(int(value))
    return value if isinstance(value, str) else str(value) + ("u" if value > 0x7FFFFFFF else "")


def row(table, seen, family, values):
    seen[family] += 1
    ROWS.setdefault(table, []).append("    {%s}," % ", ".join(map(c, values)))


def text(value):
    return None if value is None else value.encode("utf-8")


def hexed(value):
    return bytes.fromhex(value)


ORIGIN = {"local": "ORP_LOCAL", "network": "ORP_NETWORK"}
PURPOSE = ["ORP_ACCOUNT_PASSWORD", "ORP_UNLOCK_PATTERN", "ORP_FACTORY_RESET"]


def refusal(function, *arguments):
    """The reference's, as a status."""
    try:
        function(*arguments)
        return "ORP_OK"
    except OrpError as e:
        return status({"error": {"name": e.name}}, "")


def derived(t, root, epoch, serial, family, d=None, message=None):
    """A root, a serial, and what refuses each: the first that does is the vector's error."""
    by_root, by_serial = refusal(prf.take_root, root, epoch), refusal(prf.root_message, serial)
    if status(t, "ORP_OK") != (by_serial if by_root == "ORP_OK" else by_root):
        sys.exit("%s: tcId %d and vectors/reference/prf.py disagree" % (family, t["tcId"]))
    row("key", FULL, family, [t["tcId"], root, epoch, text(serial), message, d, by_root, by_serial])


def key(t, family):
    d, message = (hexed(t[name]) if name in t else None for name in ("deviceKey", "message"))
    derived(t, hexed(t["root"]), t["epoch"], t["serial"], family, d, message)


def take_key(t, family):
    row("take", FULL if t["result"] == "invalid" else PART, family, [t["tcId"], hexed(t["deviceKey"]), status(t, "ORP_OK")])


def root_check(t, family):
    root = None if t["root"] is None else hexed(t["root"])
    values = [hexed(t["mac"]), hexed(t["expected"]), status(t, "ORP_OK"), hexed(t["message"]) if "message" in t else None]
    row("root", FULL, family, [t["tcId"], root, t["epoch"]] + values)


def device_check(t, family):
    row("device", PART, family, [t["tcId"], hexed(t["deviceKey"]), text(t["serial"]), hexed(t["check"]), status(t, "ORP_OK")])


def answer(t, family, is_secure):
    values = [hexed(t["deviceKey"]), text(t["text"]), t["k"], status(t, "ORP_OK"), text(t.get("address")), text(t.get("code"))]
    row("answer", FULL, family, [t["tcId"], is_secure] + values)


def cap(t, family):
    if t["cap"] >> 32:
        NOT[family] += 1
    else:
        row("cap", FULL, family, [t["tcId"], t["cap"], status(t, "ORP_OK")])


def written(t, family, address, is_qr):
    fields = [int(t["hdr"], 16), PURPOSE[t["purpose"]], t["epoch"], ORIGIN[t["origin"]], t["mail"], hexed(t["nonce"]), address, is_qr]
    row("written", PART, family, [t["tcId"], hexed(t["deviceKey"]), text(t["text"]), text(t["serial"])] + fields)


def challenge_write(t, family):
    if t["result"] == "invalid":  # a serial, wherever it is given
        derived(t, bytes(31) + b"\1", 0, t["serial"], family)
    else:
        written(t, family, None, 0)


def read(t, family, is_qr, seen):
    claims = [None, 0, None, None]
    if t["result"] == "valid":
        claims = [text(t["serial"]), int(t["hdr"], 16), hexed(t["nonce"]), text(t.get("canonical"))]
    row("read", seen, family, [t["tcId"], is_qr, text(t["text"]), status(t, "ORP_OK"), detail(t)] + claims)


def verify(t, family, is_qr):
    values = [t["tcId"], is_qr, hexed(t["deviceKey"]), text(t["text"]), status(t, "ORP_VERIFIED"), text(t.get("address"))]
    row("verify", FULL, family, values)


def code_write(t, family):
    hdr, nonce, K = int(t["hdr"], 16), hexed(t["nonce"]), hexed(t["deviceKey"])
    tag = challenge.first20(challenge.tag_mac(K, hdr, nonce))
    shown = challenge.write_challenge("ANY", hdr, nonce, tag)
    row("code", FULL, family, [t["tcId"], K, text(shown), t["k"], status(t, "ORP_OK"), text(t.get("text"))])


def code_read(t, family):
    seen = FULL if t["result"] == "invalid" else PART
    row("typed", seen, family, [t["tcId"], text(t["text"]), status(t, "ORP_NO_CHALLENGE"), detail(t)])


def corrections(t, family):
    found = t.get("candidates", [])
    texts = [text(f) for f in found] + [None] * (4 - len(found))
    row("correct", FULL, family, [t["tcId"], text(t["text"]), status(t, "ORP_OK"), detail(t), len(found), texts])


def sealed(t, family):
    if t["result"] == "invalid" and "T" not in t:
        mail = int(t["hdr"], 16) >> 6 & 1
        row("refused", FULL, family, [t["tcId"], mail, text(t["address"]), None, status(t, "ORP_OK")])
        return
    data = qr.payload("ANY", int(t["hdr"], 16), hexed(t["nonce"]), hexed(t["T"]), hexed(t["sealed"]))
    shown = "ORP1:" + qr.base32(data)
    try:
        qr.read_qr(shown)
    except Exception:  # no QR carries it, so nobody who has a QR meets it
        NOT[family] += 1
        return
    values = [t["tcId"], 1, hexed(t["deviceKey"]), text(shown), status(t, "ORP_VERIFIED"), text(t.get("address"))]
    row("verify", PART, family, values)


def mask(t, family):
    row("mask", FULL, family, [t["tcId"], text(t["address"]), status(t, "ORP_OK"), text(t.get("masked"))])


def address(t, family):
    row("mask", FULL, family, [t["tcId"], hexed(t["address"]), status(t, "ORP_OK"), None])


def qr_write(t, family):
    if t["result"] == "valid":
        written(t, family, text(t["address"]), 1)
    elif t["error"]["name"] == "serial":
        derived(t, bytes(31) + b"\1", 0, t["serial"], family)
    else:
        url = None if t["prefix"] == "ORP1:" else text(t["prefix"])
        row("refused", FULL, family, [t["tcId"], t["mail"], text(t["address"]), url, status(t, "ORP_OK")])


SLOT = {"blank": "ORP_SLOT_BLANK", "damaged": "ORP_SLOT_DAMAGED", "valid": "ORP_SLOT_VALID"}


def seal(t, family):
    record = t["record"]
    slots = hexed(t["sealed"]) + bytes(32)
    row("load", FULL if record["seq"] == 1 else PART, family,
        [t["tcId"], hexed(t["deviceKey"]), slots, "ORP_LEDGER_GOOD", ["ORP_SLOT_VALID", "ORP_SLOT_BLANK"], record["seq"], record["resets"],
         record["fail"], record["seq"] == 1])


def unseal(t, family):
    record = t.get("record", {"seq": 0, "resets": 0, "fail": [255, 255]})
    found = "ORP_LEDGER_GOOD" if "record" in t else "ORP_LEDGER_LOST"
    states = [SLOT[t["state"]], "ORP_SLOT_BLANK"]
    values = [found, states, record["seq"], record["resets"], record["fail"], 0]
    row("load", PART, family, [t["tcId"], hexed(t["deviceKey"]), hexed(t["slot"]) + bytes(32)] + values)


def load(t, family):
    found = "ORP_LEDGER_GOOD"
    if t["lost"]:
        found = "ORP_LEDGER_CONFLICT" if t["states"] == ["valid", "valid"] else "ORP_LEDGER_LOST"
    states = [SLOT[s] for s in t["states"]]
    values = [found, states, t["seq"], t["resets"], t["fail"], 0]
    row("load", PART, family, [t["tcId"], hexed(t["deviceKey"]), hexed("".join(t["slots"]))] + values)


def methods(names):
    one = {"dynamic-password": "ORP_DYNAMIC_PASSWORD", "secure-code": "ORP_SECURE_CODE"}
    return "ORP_BOTH_METHODS" if len(names) == 2 else one[names[0]] if names else "ORP_NO_METHOD"


STEPS = []


def step(s):
    expect = s["expect"]
    state = expect["state"]
    data = hexed(s["entropy"]) if s["op"] == "open" else text(s["text"]) if s["op"] == "submit" else hexed(s.get("bytes", s.get("handle", "")))
    fault, _, number = s.get("fault", "none").partition(":")
    kind, code, argument = "DONE", "ORP_OK", 0
    slot, stored, shown, hdr, nonce, since, wait, stopped, grant = 0, None, None, 0, None, 0, 0, 0, ["ORP_LOCAL", PURPOSE[0], "ORP_NO_METHOD", 0, 0, None]
    if "error" in expect:
        kind, code, argument = "REFUSED", status(expect, ""), detail(expect)
    elif "stores" in expect:
        kind, code, slot, stored = "STORES", "ORP_STORE", expect["stores"]["slot"], hexed(expect["stores"]["bytes"])
    elif "shown" in expect:
        kind, e = "SHOWN", expect["shown"]
        shown, hdr, nonce = text(e["text"] or ""), int(e["hdr"], 16), hexed(e["nonce"])
        since, wait, stopped = e["since"], e["wait"], e["stopped"]
    elif "grant" in expect:
        kind, e = "GRANT", expect["grant"]
        grant = [ORIGIN[e["origin"]], PURPOSE[e["purpose"]], methods([e["method"]]), e["resets"], e["session"], hexed(e["handle"])]
    now = "UINT64_C(%d)" % s.get("now", 0)
    STEPS.append("    {%s}," % ", ".join(map(c, [
        "DO_" + s["op"].upper().replace("-", "_"), ORIGIN[s.get("origin", "local")], PURPOSE[s.get("purpose", 0)],
        s.get("mail", False), s.get("keep", False), s.get("session", 0), now, data, "FAULT_" + fault.upper(), int(number or 0), s.get("slot", 0),
        kind, code, argument, slot, stored, shown, hdr, nonce,
        "UINT64_C(%d)" % since, wait, stopped, grant, state["resets"], state["fail"], state["poisoned"], state["session"] or 0])))


def session(t, family):
    first = len(STEPS)
    for s in t["steps"]:
        step(s)
    policy = t["policy"]
    policy = [policy["cap"], methods(policy["local"]), methods(policy["network"])]
    values = [t["epoch"], policy, hexed("".join(t["slots"])), first, len(STEPS) - first]
    row("session", FULL, family, [t["tcId"], text(t["serial"]), hexed(t["deviceKey"])] + values)


def lesson(t, family):
    vector = t["vector"]
    vector["tcId"] = t["tcId"]
    vector.setdefault("result", "valid")
    if t["kind"] == "DistinctCodes":
        for part in vector["codes"]:
            part.update(tcId=t["tcId"], result="valid")
            code_write(part, family)
    elif t["kind"] == "DistinctKeys":
        for serial, d in zip(vector["serials"], vector["keys"]):
            derived(t, hexed(vector["root"]), 0, serial, family, hexed(d))
    else:
        KINDS[t["kind"]](vector, family)


KINDS = {
    "DeviceKey": key, "ChallengeWrite": challenge_write, "ChallengeRead": lambda t, f: read(t, f, 0, FULL),
    "ChallengeVerify": lambda t, f: verify(t, f, 0), "CodeWrite": code_write, "CodeRead": code_read, "Corrections": corrections,
    "Open": sealed, "Mask": mask, "Address": address, "QrWrite": qr_write,
    "QrRead": lambda t, f: read(t, f, 1, PART if t["result"] == "valid" else FULL),
    "TakeKey": take_key, "RootCheck": root_check, "DeviceCheck": device_check, "Policy": cap,
    "Answer": lambda t, f: answer(t, f, 0), "SecureCode": lambda t, f: answer(t, f, 1), "QrVerify": lambda t, f: verify(t, f, 1), "Unseal": unseal, "Load": load, "Session": session, "Lesson": lesson,
}

differing = []
for path in sorted(VECTORS.glob("*.json")):
    document = json.loads(path.read_text(encoding="utf-8"), object_hook=Seen)
    for group in document["testGroups"]:
        family = path.stem + "/" + group["type"]
        for test in group["tests"]:
            if group["type"] in ("Accumulated", "DemonstrationKey"):  # a product is built without the second (DUTY-26)
                NOT[family] += 1
            elif family == "ledger/Seal":
                seal(test, family)
            elif family == "email/Seal":
                sealed(test, family)
            else:
                KINDS[group["type"]](test, family)
        differing += differ(family, group["tests"])

print("// Written by capi/tests/export.py from vectors/*.json.")
print("\n".join(LONG))
for table in sorted(ROWS):
    print("static const struct %s_case %s_cases[] = {" % (table, table))
    print("\n".join(ROWS[table]))
    print("};")
print("static const struct step steps[] = {")
print("\n".join(STEPS))
print("};")

for family in sorted(set(FULL) | set(PART) | set(NOT)):
    print("%-28s %5d whole %5d in part %5d not visible" % (family, FULL[family], PART[family], NOT[family]), file=sys.stderr)
sys.exit("\n".join(differing) or None)
