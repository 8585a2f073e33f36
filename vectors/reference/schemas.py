"""JSON Schemas (2020-12) of the vector files, and a validator of the subset they use."""
import json
import re

from notes import NOTES

ERRORS = ("empty too-long alphabet wrong-kind length check version purpose reserved-bits padding unknown-version serial unreadable ambiguous"
          " address mail-bit url tag too-soon busy no-challenge reserved-k method expired stopped waiting stale store-failed pending poisoned rejected"
          " grant-expired epoch cap none-on-file blank-key demonstration key-check not-pending no-grant undeliverable").split()


def obj(properties, required=None):
    return {"type": "object", "properties": properties, "required": list(properties) if required is None else required,
            "additionalProperties": False}


def array(items, n=None):
    return {"type": "array", "items": items, **({} if n is None else {"minItems": n, "maxItems": n})}


def integer(top, low=0):
    return {"type": "integer", "minimum": low, "maximum": top}


def hexa(n=None):
    return {"type": "string", "pattern": "^([0-9a-f]{2})*$" if n is None else "^[0-9a-f]{%d}$" % (2 * n)}


TEXT, BOOL = {"type": "string"}, {"type": "boolean"}
ORIGIN = {"enum": ["local", "network"]}
STATE = {"enum": ["blank", "damaged", "valid"]}
METHOD = {"enum": ["dynamic-password", "secure-code"]}
U8, U32, U53 = integer(255), integer(2**32 - 1), integer(2**53 - 1)
PAIR = array(U8, 2)
DIGIT = integer(9)
ERROR = obj({"name": {"enum": ERRORS}, "argument": U53}, ["name"])
RECORD = obj({"seq": U32, "boots": U32, "resets": U32, "fail": PAIR})
OPT_TEXT = {"type": ["string", "null"]}
HEAD = {"purpose": integer(7), "epoch": integer(7), "origin": ORIGIN, "mail": BOOL, "nonce": hexa(5)}
KHN = {"deviceKey": hexa(32), "hdr": hexa(2), "nonce": hexa(5)}

# type -> (inputs, outputs always there, outputs of a valid test, whether an invalid test has an error)
KINDS = {
    "DeviceKey": ({"root": hexa(32), "epoch": U8, "serial": TEXT}, {}, {"message": hexa(), "deviceKey": hexa(32)}, True),
    "TakeKey": ({"deviceKey": hexa(32)}, {}, {}, True),
    "RootCheck": ({"root": {"oneOf": [hexa(32), {"type": "null"}]}, "epoch": U8, "mac": hexa(32), "expected": hexa(4)}, {}, {"message": hexa(7)}, True),
    "DeviceCheck": ({"deviceKey": hexa(32), "serial": TEXT, "check": hexa(4)}, {}, {"message": hexa(), "mac": hexa(32)}, True),
    "DemonstrationKey": ({"serial": TEXT}, {}, {"deviceKey": hexa(32)}, True),
    "Answer": ({"deviceKey": hexa(32), "text": TEXT, "k": U8}, {}, {"code": TEXT}, True),
    "SecureCode": ({"deviceKey": hexa(32), "text": TEXT, "k": U8}, {}, {"address": TEXT, "code": TEXT}, True),
    "Policy": ({"cap": U53}, {}, {}, True),
    "ChallengeWrite": ({"deviceKey": hexa(32), "serial": TEXT, **HEAD}, {},
                       {"hdr": hexa(2), "tagMessage": hexa(12), "tagMac": hexa(32), "tag": integer(2**20 - 1), "serialValues": array(integer(31)),
                        "symbols14": array(integer(31), 14), "check": array(integer(31), 6), "text": TEXT}, True),
    "ChallengeRead": ({"text": TEXT}, {}, {"serial": TEXT, "hdr": hexa(2), "nonce": hexa(5), "tag": integer(2**20 - 1), "canonical": TEXT}, True),
    "ChallengeVerify": ({"deviceKey": hexa(32), "text": TEXT}, {"tagMac": hexa(32)}, {}, True),
    "Corrections": ({"text": TEXT}, {}, {"candidates": {"type": "array", "items": TEXT, "maxItems": 4}}, True),
    "CodeWrite": ({**KHN, "k": U8}, {}, {"message": hexa(13), "mac": hexa(32), "x": hexa(8), "digits": array(DIGIT, 10), "seed": DIGIT,
                                           "check": DIGIT, "text": TEXT}, True),
    "CodeRead": ({"text": TEXT}, {}, {"k": DIGIT, "digits": array(DIGIT, 10), "check": DIGIT}, True),
    "Unseal": ({"deviceKey": hexa(32), "slot": hexa(32)}, {"state": STATE, "mac": hexa(32)}, {"record": RECORD}, False),
    "Load": ({"deviceKey": hexa(32), "slots": array(hexa(32), 2)},
             {"states": array(STATE, 2), "seq": U32, "boots": U32, "resets": U32, "fail": PAIR, "slot": integer(1), "lost": BOOL}, {}, False),
    "QrWrite": ({"deviceKey": hexa(32), "serial": TEXT, **HEAD, "address": OPT_TEXT, "prefix": TEXT}, {},
                {"hdr": hexa(2), "pad": hexa(), "tagMac": hexa(32), "T": hexa(16), "sealed": hexa(), "payload": hexa(), "text": TEXT}, True),
    "QrRead": ({"text": TEXT}, {}, {"serial": TEXT, "hdr": hexa(2), "nonce": hexa(5), "T": hexa(16), "sealed": hexa()}, True),
    "QrVerify": ({"deviceKey": hexa(32), "text": TEXT}, {}, {"address": OPT_TEXT}, True),
    "Open": ({**KHN, "T": hexa(16), "sealed": hexa()}, {"pad": hexa()}, {"address": OPT_TEXT}, True),
    "Mask": ({"address": TEXT}, {}, {"masked": TEXT}, True),
    "Address": ({"address": hexa()}, {}, {}, True),
    "Accumulated": ({"family": TEXT, "cases": integer(2**53 - 1)}, {}, {"hash": hexa(32)}, False),
}
SEALS = {
    "ledger": ({"deviceKey": hexa(32), "record": RECORD}, {}, {"bytes": hexa(16), "mac": hexa(32), "sealed": hexa(32)}, False),
    "email": ({**KHN, "address": OPT_TEXT}, {}, {"pad": hexa(), "tagMac": hexa(32), "T": hexa(16), "blocks": array(hexa(32)), "sealed": hexa()}, True),
}

LEDGER_STATE = obj({**RECORD["properties"], "slot": integer(1), "poisoned": BOOL, "session": {"oneOf": [U32, {"type": "null"}]}})
OUTCOMES = {
    "error": ERROR,
    "stores": obj({"slot": integer(1), "bytes": hexa(32)}),
    "shown": obj({"text": OPT_TEXT, "hdr": hexa(2), "nonce": hexa(5), "since": U53, "wait": integer(15360), "stopped": BOOL}),
    "grant": obj({"origin": ORIGIN, "purpose": integer(2), "method": METHOD, "resets": U32, "session": U32, "handle": hexa(16)}),
    "done": {"const": True},
}
EXPECT = {"oneOf": [obj({name: schema, "state": LEDGER_STATE}) for name, schema in OUTCOMES.items()]}
FAULT = {"type": "string", "pattern": "^(none|lost|erased|torn:[0-9]+|flip:[0-9]+)$"}
OPS = {
    "load": {"now": U53},
    "open": {"origin": ORIGIN, "purpose": integer(7), "mail": BOOL, "entropy": hexa(32), "now": U53},
    "submit": {"origin": ORIGIN, "session": U32, "text": TEXT, "now": U53},
    "confirm": {"fault": FAULT},
    "give-up": {},
    "cut": {"fault": FAULT},
    "finish": {},
    "admin-login": {"now": U53},
    "allow-again": {"now": U53},
    "close": {"keep": BOOL},
    "withdraw": {},
    "consume-grant": {"now": U53},
    "consume-by-handle": {"handle": hexa(16), "now": U53},
    "flash": {"slot": integer(1), "bytes": hexa(32)},
}


def step(op, inputs):
    info = {"open": {"nonceMessage": hexa(53)}, "submit": {"digits": array(DIGIT, 12)}}.get(op)
    return obj({"op": {"const": op}, **inputs, "expect": EXPECT, **({"info": obj(info, [])} if info else {})}, ["op", *inputs, "expect"])


POLICY = obj({"cap": integer(259200, 1), "local": array(METHOD), "network": array(METHOD)})
KINDS["Session"] = ({"serial": TEXT, "deviceKey": hexa(32), "epoch": integer(7), "policy": POLICY, "slots": array(hexa(32), 2)},
                    {"steps": array({"oneOf": [step(op, inputs) for op, inputs in OPS.items()]})}, {}, False)
PROPERTIES = {
    "DistinctCodes": obj({"codes": array(obj({**KHN, "k": DIGIT, "text": TEXT}))}),
    "DistinctKeys": obj({"root": hexa(32), "serials": array(TEXT), "keys": array(hexa(32))}),
}
FILES = {
    "keys": ["DeviceKey", "TakeKey", "RootCheck", "DeviceCheck", "DemonstrationKey"], "challenge_write": ["ChallengeWrite"], "challenge_read": ["ChallengeRead", "ChallengeVerify"],
    "corrections": ["Corrections"], "codes": ["CodeWrite", "CodeRead"], "ledger": ["Seal", "Unseal", "Load"], "sessions": ["Session", "Policy"], "issuing": ["Answer", "SecureCode"],
    "qr": ["QrWrite", "QrRead", "QrVerify"], "email": ["Seal", "Open", "Mask", "Address"], "lessons": ["Lesson"], "accumulated": ["Accumulated"],
}
COMMON = {"tcId": integer(10**6, 1), "comment": TEXT, "flags": array({"enum": sorted(NOTES)}),
          "rules": array({"type": "string", "pattern": "^[A-Z]{2,3}-[0-9]+$"})}


def outcomes(kind, common):
    """A valid test, or an invalid one."""
    inputs, always, valid, has_error = kind
    return {"oneOf": [
        obj({**common, **inputs, "result": {"const": "valid"}, **always, **valid}),
        obj({**common, **inputs, "result": {"const": "invalid"}, **always, **({"error": ERROR} if has_error else {})}),
    ]}


def lesson():
    vectors = {kind: outcomes(KINDS[kind], {}) for kind in ("CodeWrite", "ChallengeVerify", "Session")}
    vectors.update(PROPERTIES)
    return {"oneOf": [obj({**COMMON, "scheme": TEXT, "lesson": TEXT, "kind": {"const": kind}, "vector": schema, "result": {"enum": ["valid", "invalid"]}})
                      for kind, schema in vectors.items()]}


def schema(name):
    groups = []
    for kind in FILES[name]:
        tests = lesson() if kind == "Lesson" else outcomes(SEALS[name] if kind == "Seal" else KINDS[kind], COMMON)
        groups.append(obj({"type": {"const": kind}, "tests": array(tests)}))
    note = obj({"bugType": TEXT, "description": TEXT})
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": name + ".schema.json", "title": "ORP1 test vectors: " + name,
            **obj({"algorithm": {"const": "ORP1"}, "schema": {"const": name + ".schema.json"}, "generatorVersion": TEXT, "numberOfTests": U32,
                   "header": array(TEXT), "notes": obj({flag: note for flag in sorted(NOTES)}, []), "testGroups": array({"oneOf": groups})})}


TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None), "integer": int}


def is_type(value, name):
    return isinstance(value, TYPES[name]) and not (name == "integer" and isinstance(value, bool))


def fault(value, s, path="$"):
    """None, or where and why the value does not fit the schema."""
    if "const" in s and (value != s["const"] or type(value) is not type(s["const"])):
        return f"{path}: not {s['const']!r}"
    if "enum" in s and value not in s["enum"]:
        return f"{path}: {value!r} is not listed"
    names = s.get("type", [])
    if names and not any(is_type(value, t) for t in ([names] if isinstance(names, str) else names)):
        return f"{path}: not {names}"
    if "pattern" in s and isinstance(value, str) and not re.search(s["pattern"], value):
        return f"{path}: does not match {s['pattern']}"
    if "minimum" in s and is_type(value, "integer") and not s["minimum"] <= value <= s["maximum"]:
        return f"{path}: {value} is out of range"
    if "oneOf" in s:
        found = [fault(value, x, path) for x in s["oneOf"]]
        if found.count(None) != 1:
            return f"{path}: {found.count(None)} alternatives fit; " + max((f for f in found if f), key=len, default="")
    if isinstance(value, list):
        if not s.get("minItems", 0) <= len(value) <= s.get("maxItems", len(value)):
            return f"{path}: {len(value)} items"
        return next((f for i, v in enumerate(value) if (f := fault(v, s["items"], f"{path}[{i}]"))), None)
    if isinstance(value, dict) and "properties" in s:
        for name in s["required"]:
            if name not in value:
                return f"{path}: {name} is missing"
        for name, v in value.items():
            if name not in s["properties"]:
                return f"{path}: {name} is not in the schema"
            if f := fault(v, s["properties"][name], f"{path}.{name}"):
                return f
    return None


def as_bytes(name):
    from vectorfile import dumps
    return (dumps(schema(name)) + "\n").encode("ascii")


def check_file(name, data):
    """None, or what is wrong with a vector file."""
    value = json.loads(data)
    ids = [t["tcId"] for g in value["testGroups"] for t in g["tests"]]
    if len(set(ids)) != len(ids) or len(ids) != value["numberOfTests"]:
        return "tcId or numberOfTests is wrong"
    return fault(value, schema(name))
