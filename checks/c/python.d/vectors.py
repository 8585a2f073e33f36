"""vectors/*.json through offline_reset.h. Each kind of test is taken as far as C can see it: `whole`, `in part`, or `not visible`."""
import json
from collections import Counter
from pathlib import Path

import offline_reset as orp
import qr
import through
from errors import OrpError
from header import ORIGINS, header
from seen import Seen, differ
from text import SEPARATORS
from through import (Player, code_text, corrections, device_key, genesis, ledger, mask, open_address, read_challenge, read_code, read_qr,
                     root_message, verify_challenge, verify_qr, write_qr_refused)

WHOLE, PART, NOT = "whole", "in part", "not visible"


class Disagreement(Exception):
    pass


def same(got, expected, what=""):
    if got != expected:
        raise Disagreement(f"{what}{got!r}, where {expected!r} was expected")


def hexed(value):
    return bytes.fromhex(value)


def encoded(text):
    return None if text is None else text.encode("utf-8")


def agrees(t, function, *arguments):
    """The value, if the test is valid; None if it is not, and fails as it should."""
    error = t.get("error")
    expected = error and (error["name"], error.get("argument") or 0)  # a detail of 0 is as none
    try:
        value = function(*arguments)
    except OrpError as e:
        same((e.name, e.argument or 0), expected)
        return None
    same(None, expected, "no error: ")
    return value


NO_KEY = bytes(32), b"\xff" * 32  # no vector's or reference's error, but the header's


def refused(function, *arguments):
    """A key that is none is refused as such."""
    try:
        function(*arguments)
    except OrpError as e:
        same(e.name, "key")
        return PART
    raise Disagreement("a key of zeros or ones was taken")


def device_key_(t):
    message = agrees(t, root_message, t["serial"])
    if t["result"] == "valid" and hexed(t["root"]) in NO_KEY:
        same(message, hexed(t["message"]))
        return refused(device_key, hexed(t["root"]), t["serial"])
    d = agrees(t, device_key, hexed(t["root"]), t["serial"])
    if t["result"] == "valid":
        same((message, d), (hexed(t["message"]), hexed(t["deviceKey"])))
    return WHOLE


def header_of(t):
    same(header(t["purpose"], t["epoch"], ORIGINS.index(t["origin"]), t["mail"]), int(t["hdr"], 16))
    return int(t["hdr"], 16)


def challenge_write(t):
    if t["result"] == "invalid":
        agrees(t, root_message, t["serial"])  # a serial is refused wherever it is given
        return WHOLE
    same(read_challenge(t["text"]), (t["serial"], header_of(t), hexed(t["nonce"]), t["text"]))
    if hexed(t["deviceKey"]) in NO_KEY:
        return refused(verify_challenge, hexed(t["deviceKey"]), t["text"])
    verify_challenge(hexed(t["deviceKey"]), t["text"])
    return PART  # the nonce cannot be chosen: it is not written here, but read back, and genuine


def challenge_read(t):
    if read := agrees(t, read_challenge, t["text"]):
        same(read, (t["serial"], int(t["hdr"], 16), hexed(t["nonce"]), t["canonical"]))
    return WHOLE


def challenge_verify(t):
    agrees(t, verify_challenge, hexed(t["deviceKey"]), t["text"])
    return WHOLE


def code_write(t):
    text = agrees(t, code_text, hexed(t["deviceKey"]), t["k"], int(t["hdr"], 16), hexed(t["nonce"]))
    same(text, t.get("text"))
    return WHOLE


def code_read(t):
    agrees(t, read_code, t["text"])
    return WHOLE if t["result"] == "invalid" else PART  # the digits stay inside


def corrections_(t):
    same(agrees(t, corrections, t["text"]), t.get("candidates"))
    return WHOLE


def sealed(t):
    """An address as a QR brings it."""
    address = encoded(t.get("address"))
    if "T" not in t:
        agrees(t, write_qr_refused, int(t["hdr"], 16) >> 6 & 1, address, qr.APP)
        return WHOLE
    try:
        qr.read_qr(qr.APP + qr.base32(qr.payload("ANY", int(t["hdr"], 16), hexed(t["nonce"]), hexed(t["T"]), hexed(t["sealed"]))))
    except OrpError:
        return NOT  # no QR carries it
    same(agrees(t, open_address, hexed(t["deviceKey"]), int(t["hdr"], 16), hexed(t["nonce"]), hexed(t["T"]), hexed(t["sealed"])), address)
    return PART


def mask_(t):
    same(agrees(t, mask, t["address"].encode("utf-8")), t.get("masked"))
    return WHOLE


def address(t):
    agrees(t, mask, hexed(t["address"]))
    return WHOLE


def qr_write(t):
    if t["result"] == "valid":
        same(read_qr(t["text"]), (t["serial"], header_of(t), hexed(t["nonce"])))
        same(verify_qr(hexed(t["deviceKey"]), t["text"]), encoded(t["address"]))
        return PART
    if t["error"]["name"] == "serial":
        agrees(t, root_message, t["serial"])
    else:
        agrees(t, write_qr_refused, t["mail"], encoded(t["address"]), t["prefix"])
    return WHOLE


def qr_read(t):
    if read := agrees(t, read_qr, t["text"]):
        same(read, (t["serial"], int(t["hdr"], 16), hexed(t["nonce"])))
        return PART  # what is sealed stays inside
    return WHOLE


def qr_verify(t):
    got = agrees(t, verify_qr, hexed(t["deviceKey"]), t["text"])
    if t["result"] == "valid":
        same(got, encoded(t["address"]))
    return WHOLE


def seal(t):
    record, slot = t["record"], hexed(t["sealed"])
    same(ledger(hexed(t["deviceKey"]), [slot, bytes(32)]), (["valid", "blank"], True, [record["seq"]], record["resets"], record["fail"]))
    if record == {"seq": 1, "boots": 0, "resets": 0, "fail": [0, 0]}:
        same(genesis(hexed(t["deviceKey"])), slot)
        return WHOLE
    return PART


def unseal(t):
    states, good, numbers, resets, fail = ledger(hexed(t["deviceKey"]), [hexed(t["slot"]), bytes(32)])
    same((states, good), ([t["state"], "blank"], t["result"] == "valid"))
    if "record" in t:
        same((numbers, resets, fail), ([t["record"]["seq"]], t["record"]["resets"], t["record"]["fail"]))
    return PART


def load(t):
    states, good, numbers, resets, fail = ledger(hexed(t["deviceKey"]), [hexed(slot) for slot in t["slots"]])
    same((states, not good, resets, fail), (t["states"], t["lost"], t["resets"], t["fail"]))
    if good:
        same(max(numbers), t["seq"])
    return PART


def plain(step):
    """A step as a player takes it."""
    step.update({name: hexed(step[name]) for name in ("entropy", "bytes") if name in step})
    return step


def compare(step, got, expect, grant):
    """One step's outcome, and the Grant that is there after it: its method and resets are seen when it is taken."""
    if "ended" in got:
        return grant
    if "taken" in got:
        same(got["taken"], grant)
        got = {"done": True}
    if "grant" in expect:
        grant = expect["grant"]
        expect = {"grant": {name: grant[name] for name in ("origin", "purpose")}}
    if "error" in expect and "error" in got:
        got, expect = ({"error": (o["error"]["name"], o["error"].get("argument") or 0)} for o in (got, expect))
    same(got, expect, f"{step['op']}: ")
    return grant


def session(t):
    policy, grant = t["policy"], None
    player = Player(hexed(t["deviceKey"]), t["serial"], t["epoch"], policy["cap"], (policy["local"], policy["network"]),
                    [hexed(slot) for slot in t["slots"]])
    for number, step in enumerate(t["steps"]):
        expect, wanted = step["expect"].whole(but="state"), step["expect"]["state"]
        try:
            grant = compare(step, player.do(plain(step)), expect, grant)
            same(player.state(), {name: wanted[name] for name in ("resets", "fail", "poisoned")}, f"state after {step['op']}: ")
        except Disagreement as e:
            raise Disagreement(f"step {number}: {e}") from None
    return WHOLE


def lesson(t):
    vector = t["vector"]
    vector.setdefault("result", "valid")
    if t["kind"] == "DistinctCodes":
        for part in vector["codes"]:
            part.setdefault("result", "valid")
            code_write(part)
        return WHOLE
    if t["kind"] == "DistinctKeys":
        for serial, d in zip(vector["serials"], vector["keys"]):
            same(device_key(hexed(vector["root"]), serial), hexed(d))
        return WHOLE
    return KINDS[t["kind"]](vector)


KINDS = {
    "DeviceKey": device_key_, "ChallengeWrite": challenge_write, "ChallengeRead": challenge_read, "ChallengeVerify": challenge_verify,
    "CodeWrite": code_write, "CodeRead": code_read, "Corrections": corrections_, "Open": sealed, "Mask": mask_, "Address": address,
    "QrWrite": qr_write, "QrRead": qr_read, "QrVerify": qr_verify, "Unseal": unseal, "Load": load, "Session": session, "Lesson": lesson,
    "Accumulated": lambda _: NOT,  # accumulated.py
}


def separators():
    """Of all characters, those that the library and the reference do not both ignore, or both not, in a challenge and in a code."""
    received, claim, detail, record, slots = orp.Received(), orp.Challenge(), orp.c_uint32(), orp.Record(), orp.array(bytes(64))
    device, _ = through.load(bytes([1] * 32), [bytes(32)] * 2)
    for ch in map(chr, (*range(0xD800), *range(0xE000, 0x110000))):
        data = ch.encode("utf-8")
        typed = through.lib.orp_read_typed(data, len(data), received, claim, detail)
        code = through.lib.orp_submit(device, through.LOCAL, data, len(data), 1, slots, record, detail)
        if {typed == orp.Status.EMPTY, code == orp.Status.EMPTY} != {ch in SEPARATORS}:
            yield f"U+{ord(ch):04X}: {orp.Status(typed).name} in a challenge, {orp.Status(code).name} in a code"


def check(directory, names="*"):
    """How far each family was seen, and the disagreements."""
    seen, found = {}, []
    for path in sorted(Path(directory).glob(names + ".json")):
        for group in json.loads(path.read_text(encoding="utf-8"), object_hook=Seen)["testGroups"]:
            family = f"{path.stem}/{group['type']}"
            kind = {"ledger/Seal": seal, "email/Seal": sealed}.get(family) or KINDS[group["type"]]
            for t in group["tests"]:
                try:
                    seen.setdefault(family, Counter())[kind(t)] += 1
                except (Disagreement, OrpError, AssertionError) as e:
                    found.append(f"{family} tcId {t['tcId']} ({t['comment']}): {e}")
            found += differ(family, group["tests"])
    return seen, found
