"""ledger.json"""
import prf
from gen_challenge import D
from ledger import BLANK, GENESIS, Ledger, Record, seal, sealed, slot_state, unseal
from vectorfile import VectorFile, sample

OTHER = sample("another key")
FF = b"\xff" * 32


def as_json(r):
    return {"seq": r.seq, "boots": r.boots, "resets": r.resets, "fail": list(r.fail)}


def flip(data, bit):
    out = bytearray(data)
    out[bit // 8] ^= 0x80 >> bit % 8
    return bytes(out)


def generate():
    f = VectorFile("ledger", "Records, slots and loads, SPEC 9.")
    f.group("Seal")
    for comment, r in [("genesis", GENESIS), ("a record in use", Record(7, 3, 1, (4, 99))),
                       ("every field different in every byte", Record(0x01020304, 0x05060708, 0x090A0B0C, (0x0D, 0x0E))),
                       ("every field at its maximum", Record(2**32 - 1, 2**32 - 1, 2**32 - 1, (255, 255))),
                       ("all zeros", Record(0, 0, 0, (0, 0)))]:
        f.add(comment, "Normal", "LED-1", {"deviceKey": D, "record": as_json(r)}, "valid",
              {"bytes": r.bytes(), "mac": prf.F(D, prf.SEAL, r.bytes()), "sealed": sealed(D, r)})
    unseal_cases(f)
    load_cases(f)
    return f


def unseal_cases(f):
    f.group("Unseal")
    R = Record(7, 3, 1, (4, 99))
    S = sealed(D, R)

    def case(comment, flags, slot, K=D, rules="LED-1"):
        r = unseal(K, slot)
        outputs = {"state": slot_state(K, slot), "mac": prf.F(K, prf.SEAL, slot[:16])}
        if r:
            outputs["record"] = as_json(r)
        f.add(comment, flags, rules, {"deviceKey": K, "slot": slot}, "valid" if r else "invalid", outputs)
        return r

    case("genesis", "Normal", sealed(D, GENESIS))
    case("a record in use", "Normal", S)
    case("all counters at their maximum", "Saturation", sealed(D, Record(2**32 - 1, 2**32 - 1, 2**32 - 1, (255, 255))))
    case("seq 0 under a right seal: nothing forbids it", "Boundary", sealed(D, Record(0, 0, 0, (0, 0))))
    case("erased to zeros", "Boundary", BLANK)
    case("erased to ff", "Boundary", FF)
    case("31 zero bytes and a one", "Boundary", BLANK[:31] + b"\x01")
    for bit in list(range(0, 128, 7)) + list(range(128, 256, 9)) + [255]:
        case(f"bit {bit} flipped", "Forged", flip(S, bit))
    for n in (1, 2, 15, 16, 17, 24, 31):
        case(f"torn after {n} bytes, ff behind", "PowerCut", S[:n] + FF[n:])
        case(f"torn after {n} bytes, zeros behind", "PowerCut", S[:n] + BLANK[n:])
        case(f"torn after {n} bytes, an older record behind", "PowerCut", S[:n] + sealed(D, Record(5, 2, 0, (3, 98)))[n:])
    case("sealed under another device's key", "Forged", sealed(OTHER, R))
    case("read under another device's key", "Forged", S, OTHER)
    case("format byte 2 with the right seal", "OneBug", seal(D, b"\x02" + R.bytes()[1:]))
    case("format byte 0 with the right seal", "OneBug", seal(D, b"\x00" + R.bytes()[1:]))
    case("format byte ff with the right seal", "OneBug", seal(D, b"\xff" + R.bytes()[1:]))
    case("zero byte 1 with the right seal", "OneBug", seal(D, b"\x01\x01" + R.bytes()[2:]))
    case("zero byte 80 with the right seal", "OneBug", seal(D, b"\x01\x80" + R.bytes()[2:]))
    mac = prf.F(D, prf.SEAL, R.bytes())
    case("the last 16 bytes of the MAC as seal", "OneBug", R.bytes() + mac[16:])
    case("the MAC's bytes reversed", "OneBug", R.bytes() + mac[:16][::-1])
    case("HMAC of the record without \"ORP1\" and domain", "OneBug", R.bytes() + prf.HMAC(D, R.bytes())[:16])
    case("the seal made with domain 0x05", "OneBug", R.bytes() + prf.F(D, prf.STREAM, R.bytes())[:16])
    case("a little-endian record under its seal of the big-endian one", "OneBug", R.bytes()[:2] + R.bytes()[2:6][::-1] + S[6:])
    case("seal before record", "OneBug", mac[:16] + R.bytes())


def load_cases(f):
    f.group("Load")

    def case(comment, flags, a, b, rules="LED-2"):
        L = Ledger(D, [a, b], 0)
        states = [slot_state(D, s) for s in (a, b)]
        ra, rb = unseal(D, a), unseal(D, b)
        lost = not (ra or rb) or bool(ra and rb and ra.seq == rb.seq and ra != rb)
        f.add(comment, flags, rules, {"deviceKey": D, "slots": [a, b]}, "invalid" if lost else "valid",
              {"states": states, "seq": L.seq, "boots": L.boots, "resets": L.resets, "fail": list(L.fail), "slot": L.slot, "lost": lost})

    g = sealed(D, GENESIS)
    r = lambda seq, boots=1, resets=0, fail=(0, 0): sealed(D, Record(seq, boots, resets, fail))
    case("from the factory: genesis and blank zeros", "Normal", g, BLANK)
    case("from the factory: genesis and blank ff", "Normal", g, FF)
    case("genesis in slot 1", "Boundary", BLANK, g)
    case("newer in slot 1", "Normal", r(4), r(5, fail=(1, 0)))
    case("newer in slot 0", "Normal", r(6, fail=(2, 1)), r(5))
    case("seq 256 against 255: fails a comparison of single bytes", "OneBug", r(255), r(256))
    case("seq 2^31 against 2^31 - 1: fails a signed comparison", "OneBug", r(2**31), r(2**31 - 1))
    case("seq 2^32 - 1 against 1: fails a comparison that wraps around", "OneBug", r(2**32 - 1), r(1))
    case("seq far apart", "Boundary", r(1000), r(3))
    case("equal copies: slot 0 counts as the newest", "Boundary", r(5, fail=(3, 3)), r(5, fail=(3, 3)))
    case("equal copies with saturated seq", "Saturation", r(2**32 - 1), r(2**32 - 1))
    case("lower seq with more failures: seq decides", "OneBug", r(5, fail=(200, 200)), r(6))
    case("newest torn: the older stands", "PowerCut", r(4, fail=(1, 0)), r(5, fail=(2, 0))[:20] + FF[20:], "LED-1 LED-2 LED-8")
    case("newest torn in slot 0", "PowerCut", r(5)[:20] + r(3)[20:], r(4, fail=(9, 9)), "LED-1 LED-2 LED-8")
    case("newest erased", "PowerCut", FF, r(4, fail=(9, 9)), "LED-2 LED-8")
    case("newest forged: sealed under another key", "Forged", r(4), sealed(OTHER, Record(9, 9, 9, (0, 0))), "LED-1 LED-2")
    case("newest with format byte 2 under a right seal", "OneBug", r(4, fail=(5, 0)), seal(D, b"\x02" + Record(9, 1, 0, (0, 0)).bytes()[1:]), "LED-1 LED-2")
    case("newest with zero byte 1 under a right seal", "OneBug", seal(D, b"\x01\x01" + Record(9, 1, 0, (0, 0)).bytes()[2:]), r(4, fail=(5, 0)), "LED-1 LED-2")
    case("all counters at their maximum", "Saturation", r(2**32 - 1, 2**32 - 1, 2**32 - 1, (255, 255)), BLANK)
    both = [("both blank zeros", "Boundary", BLANK, BLANK), ("both blank ff", "Boundary", FF, FF), ("zeros and ff", "Boundary", BLANK, FF),
            ("both of another device", "Forged", sealed(OTHER, GENESIS), sealed(OTHER, Record(2, 1, 0, (0, 0)))),
            ("both torn", "PowerCut", r(4)[:8] + FF[8:], r(5)[:30] + BLANK[30:]),
            ("one torn, one blank", "PowerCut", r(4)[:31] + FF[31:], BLANK),
            ("one bit wrong in each", "Forged", flip(r(4), 40), flip(r(5), 200)),
            ("right seals, both of format 2", "OneBug", seal(D, b"\x02" + bytes(15)), seal(D, b"\x02" + bytes(14) + b"\x01")),
            ("random bytes", "Forged", sample("slot 0"), sample("slot 1"))]
    for comment, flags, a, b in both:
        case("no valid slot: " + comment, flags, a, b)
    case("conflict: equal seq, other failures", "Forged", r(5, fail=(1, 0)), r(5, fail=(0, 0)))
    case("conflict: the larger boots and the larger resets, each from its own slot", "OneBug", r(5, 9, 1), r(5, 2, 7))
    case("conflict the other way around", "OneBug", r(5, 2, 7), r(5, 9, 1))
    case("conflict in resets alone", "Forged", r(5, 1, 0), r(5, 1, 1))
    case("conflict at saturated seq: what two records at the maximum end in", "Saturation", r(2**32 - 1, 4, 0, (1, 0)), r(2**32 - 1, 4, 0, (2, 0)))
    case("conflict at seq 1: genesis and a used record", "Boundary", g, r(1, 1))
