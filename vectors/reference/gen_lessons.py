"""lessons.json: the schemes of SPEC 15.6, and what would have caught each here."""
import prf
from challenge import first20, tag_mac, write_challenge
from codes import code_digits, damm, seed, write_code
from gen_challenge import D, SERIAL
from header import header
from ledger import Record
from transcript import Sessions
from vectorfile import VectorFile, sample

NONCE = sample("nonce", 5)
HDR = header(0, 0, 0, 0)


def generate():
    f = VectorFile("lessons", "What broke schemes in the field, SPEC 15.6, as vectors of this protocol.")
    f.group("Lesson")

    def lesson(scheme, text, rules, kind, vector, result="valid"):
        f.add(f"{scheme}: {text}", "Lesson", rules, {"scheme": scheme, "lesson": text, "kind": kind, "vector": vector}, result, {})

    def codes(inputs):
        out = []
        for K, hdr, nonce, k in inputs:
            out.append({"deviceKey": K, "hdr": prf.u16(hdr), "nonce": nonce, "k": k, "text": code_digits(K, k, hdr, nonce).text()})
        digits = [c["text"].replace("-", "")[1:11] for c in out]
        assert len(set(digits)) == len(digits)
        return {"codes": out}

    def played(scheme, text, rules, build, **options):
        s = Sessions("x")
        s.group("Session")
        with s.transcript(text, "Lesson", rules, **options) as t:
            build(t)
        test = s.tests[0]
        vector = {k: v for k, v in test.items() if k not in ("tcId", "comment", "flags", "rules")}
        lesson(scheme, text, rules, "Session", vector, vector["result"])

    serials = [f"4H0583BPAG{12300 + i}" for i in range(500)]
    R = sample("root 0")
    keys = [prf.device_key(R, s) for s in serials]
    lesson("serial-and-date codes of recorders (413 distinct codes over 10^9 serials on one day)",
           "100 serials in a row, one nonce: a hundred different codes", "KEY-1 COD-1", "DistinctCodes",
           codes([(keys[i], HDR, NONCE, 1) for i in range(100)]))
    lesson("serial-and-date codes of recorders (413 distinct codes over 10^9 serials on one day)",
           "100 serials in a row: a hundred different keys", "KEY-1", "DistinctKeys",
           {"root": R, "serials": serials[:100], "keys": [k for k in keys[:100]]})
    lesson("codes of the day", "the same k and nonce on two devices: another code on each", "KEY-1 COD-1", "DistinctCodes",
           codes([(keys[0], HDR, NONCE, 5), (keys[1], HDR, NONCE, 5)]))

    def day(t):
        t.opened(30)
        digits = code_digits(sample("the key of the fleet"), 5, HDR, t.last[0].nonce).all
        t.submit(write_code(digits), 40, "stores")
        t.confirm("rejected")
    played("codes of the day", "a code made with a key that is not this device's", "KEY-1 SES-7", day)

    big = next(n for n in (sample(f"ocra {i}", 5) for i in range(1000)) if code_digits(D, 1, HDR, n).x >> 63)
    lesson("OCRA's 31-bit truncation", "X with its top bit set and a first digit above 2: 31 bits reach no such code", "COD-1", "CodeWrite",
           code_vector(D, HDR, big, 1))
    high = [next(n for n in (sample(f"digit {d} {i}", 5) for i in range(1000)) if code_digits(D, 1, HDR, n).all[1] == d) for d in range(10)]
    lesson("OCRA's 31-bit truncation", "every first digit from 0 to 9 is reached", "COD-1", "DistinctCodes", codes([(D, HDR, n, 1) for n in high]))
    lesson("OCRA's challenge encoding (00000001 and 00000016 give one answer)", "nonces that differ only in zeros before or behind", "COD-1 SES-1",
           "DistinctCodes", codes([(D, HDR, bytes.fromhex(n), 1) for n in ("0000000001", "0000000010", "0000000100", "1000000000", "0100000000", "0000000016", "0000001600")]))
    lesson("OCRA's challenge encoding (00000001 and 00000016 give one answer)", "k, header and nonce are fields of fixed length: no byte moves between them",
           "COD-1 KEY-2", "DistinctCodes", codes([(D, 0x4000, bytes.fromhex("4000000000"), 1), (D, 0x4040, bytes(5), 1), (D, 0x4000, bytes(5), 4)]))

    hdr, nonce = HDR, NONCE
    answer = code_digits(D, 1, hdr, nonce)
    tag = first20(tag_mac(D, hdr, nonce))
    assert answer.mac[:3] != tag_mac(D, hdr, nonce)[:3]
    text = write_challenge(SERIAL, hdr, nonce, tag)
    lesson("BIOS master passwords from the shown code", "the tag that is shown and the code come from F of different domains", "KEY-2 CHL-2", "ChallengeVerify",
           {"deviceKey": D, "text": text, "result": "valid", "tagMac": tag_mac(D, hdr, nonce)})
    forged = write_challenge(SERIAL, hdr, nonce, first20(answer.mac))
    lesson("BIOS master passwords from the shown code", "a challenge whose tag is made of the code's MAC is not genuine", "KEY-2 CHL-8", "ChallengeVerify",
           {"deviceKey": D, "text": forged, "result": "invalid", "tagMac": tag_mac(D, hdr, nonce), "error": {"name": "tag"}}, "invalid")

    def oracle(t):
        t.opened(30)
        for i in range(5):
            t.submit(t.wrong(n=1 + i), 40, "stores")
            t.cut("none")
            t.load(0)
            t.opened(30)
        t.submit(t.right(), 40, ("waiting", 20))
    played("network services that tell a right code from a wrong one, uncounted", "power cut after every guess's record: the guesses are counted all the same", "SES-6 LED-8", oracle)

    def unstored(t):
        t.opened(30)
        t.submit(t.right(), 40, "stores")
        t.confirm("store-failed", "lost")
    played("network services that tell a right code from a wrong one, uncounted", "the right code whose record does not reach the flash gets no answer about the code", "SES-6 LED-6", unstored)

    def silent(t):
        t.opened(30)
        for i in (1, 5, 10):
            d = t.digits()
            d[i] = (d[i] + 1) % 10
            d[11] = damm(seed(t.last[0].nonce), d[:11])
            t.submit(write_code(d), 40, "stores")
            t.confirm("rejected")
    played("WPS", "the first half right or the second half right: the same word, and one failure each", "SES-7 ERR-2", silent)

    def checksum(t):
        t.opened(30)
        for first in range(3):
            d = [1] + [first] * 10
            t.submit(write_code(d + [damm(seed(t.last[0].nonce), d)]), 40, "stores")
            t.confirm("rejected")
    played("WPS", "a right check digit proves nothing: each guess costs a failure", "SES-7 COD-2", checksum)

    def clock(t):
        t.opened(1000)
        code = t.right()
        t.submit(code, 1600, "expired")
        t.submit(code, 1100, "no-challenge")
    played("time-based codes on a device with a settable clock", "an expired code does not come back when the clock is set back", "SES-12 SES-13", clock)

    def waits(t):
        t.opened(1030)
        t.open(990, ("too-soon", 10))
        t.open(1000)
        t.submit(t.right(), 1049, ("waiting", 1))
    played("time-based codes on a device with a settable clock", "setting the clock back shortens no wait", "SES-9 SES-12", waits, record=Record(5, 1, 0, (5, 0)), start=999)

    def twice(t):
        t.opened(30)
        code = t.right()
        t.redeem(40)
        t.submit(code, 41, "no-challenge")
        t.consume(640, "grant-expired")
    played("CVE-2019-12671, CVE-2021-33046", "the Grant is void after 600 seconds, and the code makes no second one", "SES-8 SES-14", twice)

    def lost(t):
        t.opened(30)
        code = t.right()
        t.submit(code, 40, "stores")
        t.confirm("stores")
        t.load(0)
        t.submit(code, 1, "no-challenge")
    played("CVE-2019-12671, CVE-2021-33046", "a match without the clearing record gives no right to anything after a reboot", "SES-8", lost)
    return f


def code_vector(K, hdr, nonce, k):
    c = code_digits(K, k, hdr, nonce)
    return {"deviceKey": K, "hdr": prf.u16(hdr), "nonce": nonce, "k": k, "result": "valid", "message": c.message, "mac": c.mac, "x": f"{c.x:016x}",
            "digits": c.all[1:11], "seed": c.seed, "check": c.all[11], "text": c.text()}
