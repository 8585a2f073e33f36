"""Transcripts: power cuts (SPEC 9.1), failing stores, and other owners."""
from gen_challenge import D
from ledger import BLANK, GENESIS, Record, seal, sealed
from vectorfile import sample

FF = b"\xff" * 32
FAULTS = ["lost", "erased", "torn:1", "torn:16", "torn:31", "flip:0", "flip:255"]


def rec(seq, boots=1, resets=0, fail=(0, 0), K=D):
    return sealed(K, Record(seq, boots, resets, fail))


def add(T):
    cuts(T)
    failing(T)
    owners(T)


def cuts(T):
    for fault in FAULTS + ["none"]:
        with T(f"power cut at the first write after a load ({fault})", "PowerCut", "SES-1 LED-8") as t:
            t.open(30, "stores")
            t.cut(fault)
            t.load(0)
            t.opened(10)
            t.redeem(20)
        with T(f"power cut at the attempt's write ({fault}): " + ("one guess spent" if fault == "none" else "the old slot stands"),
               "PowerCut Counting", "SES-6 LED-8", record=Record(5, 1, 0, (3, 0))) as t:
            t.opened(30)
            t.submit(t.right(), 40, "stores")
            t.cut(fault)
            t.load(0)
            t.opened(10)
        with T(f"power cut at the clearing write ({fault}): " + ("the reset is lost, the failures are cleared" if fault == "none" else "one guess spent, no Grant"),
               "PowerCut Counting", "SES-8 LED-8", record=Record(5, 1, 0, (3, 2))) as t:
            t.opened(30)
            t.submit(t.right(), 40, "stores")
            t.confirm("stores")
            t.cut(fault)
            t.load(0)
            t.opened(10)
    with T("power cut after the attempt is stored and before the comparison, five times: five guesses are spent", "PowerCut Counting OneBug", "SES-6 LED-8") as t:
        for i in range(5):
            t.opened(30)
            t.submit(t.wrong(n=1 + i), 40, "stores")
            t.cut("none")
            t.load(0)
        t.opened(30)
        t.submit(t.right(), 59, ("waiting", 1))
    with T("power cut right after the comparison said rejected: the failure stands", "PowerCut Counting", "SES-6 SES-7") as t:
        t.opened(30)
        t.guess(40)
        t.load(0)
        t.opened(30)
    with T("clearing record stored, the password not set: the owner asks again", "PowerCut", "SES-8 SES-14", record=Record(5, 1, 0, (4, 4))) as t:
        t.opened(30)
        t.redeem(40)
        t.load(0)
        t.opened(30)
        t.redeem(40)
        t.consume(41)
    with T("cut at the first write of ten boots in a row: boots is only what became durable", "PowerCut", "SES-1 LED-4") as t:
        for i in range(10):
            t.open(30, "stores", entropy=sample("dead generator"))
            t.cut("torn:8")
            t.load(0)
        t.opened(30, entropy=sample("dead generator"))


def failing(T):
    for fault in FAULTS:
        with T(f"the attempt's store fails ({fault}): no comparison, poisoned until loaded", "PowerCut", "LED-6 SES-6", record=Record(5, 1, 0, (3, 0))) as t:
            t.opened(30)
            code = t.right()
            t.submit(code, 40, "stores")
            t.confirm("store-failed", fault)
            t.submit(code, 41, "poisoned")
            t.load(50)
            t.submit(code, 51, "no-challenge")
        with T(f"the clearing store fails ({fault}): no Grant, the challenge is gone", "PowerCut", "LED-6 SES-8", record=Record(5, 1, 0, (3, 0))) as t:
            t.opened(30)
            code = t.right()
            t.submit(code, 40, "stores")
            t.confirm("stores")
            t.confirm("store-failed", fault)
            t.submit(code, 41, "poisoned")
            t.load(50)
            t.opened(60)
    for bit in (7, 40, 100, 127, 128, 200):
        with T(f"read-back differs in bit {bit} alone: all 32 bytes are compared", "PowerCut OneBug", "LED-6") as t:
            t.opened(30)
            t.submit(t.wrong(), 40, "stores")
            t.confirm("store-failed", f"flip:{bit}")
    with T("a poisoned ledger refuses every operation that has a time", "Misuse", "LED-6") as t:
        t.open(30, "stores")
        t.confirm("store-failed", "erased")
        t.open(40, "poisoned")
        t.open(40, "poisoned", "network")
        t.submit("1234-5678-9012", 40, "poisoned")
        t.submit("", 40, "poisoned")
        t.admin(40, "poisoned")
        t.confirm("poisoned")
        t.load(50)
        t.admin(51, "done")
        t.opened(60)
    with T("loading again does not refill: failures as stored", "Counting", "LED-6 LED-8", record=Record(5, 1, 0, (9, 0))) as t:
        t.opened(30)
        t.guess(40)
        t.submit(t.right(), 200, "stores")
        t.confirm("store-failed", "erased")
        t.load(300)
        t.opened(310)
        t.submit(t.right(), 419, ("waiting", 1))
    with T("a store that failed in the older slot: the newest still stands, and the next goes to the same slot", "PowerCut", "LED-3 LED-8") as t:
        t.opened(30)
        t.guess(40)
        t.submit(t.wrong(), 41, "stores")
        t.confirm("store-failed", "torn:10")
        t.load(0)
        t.open(30, "stores")
        t.confirm("shown")


def owners(T):
    with T("a second owner stored a higher record in the target: stale, nothing counted, and poisoned", "SecondOwner", "LED-5") as t:
        t.opened(30)
        t.guess(35)
        t.flash(1, rec(9, 4))
        t.submit(t.right(), 40, "stale")
        t.submit(t.right(), 41, "poisoned")
        t.load(50)
        t.opened(60)
    with T("a higher record in the other slot, where the newest stood: both are looked at", "SecondOwner OneBug", "LED-5") as t:
        t.opened(30)
        t.flash(1, rec(9, 4))
        t.submit(t.right(), 40, "stale")
        t.open(41, "poisoned")
    damaged = sealed(D, GENESIS)[:31] + b"\0"
    for comment, target in (("blank zeros", BLANK), ("blank ff", FF), ("damaged", damaged), ("a higher record of another device", rec(99, K=sample("another key")))):
        with T(f"a higher record where the newest stood, and the target is {comment}", "SecondOwner OneBug", "LED-5") as t:
            t.opened(30)
            t.flash(0, target)
            t.flash(1, rec(3, 1))
            t.submit(t.right(), 40, "stale")
            t.submit(t.right(), 41, "poisoned")
    with T("a higher record in the target, and the other slot claims a higher seq without a seal", "SecondOwner OneBug", "LED-5") as t:
        t.opened(30)
        t.flash(0, rec(3))
        t.flash(1, FF)
        t.submit(t.right(), 40, "stale")
    with T("the newest in slot 0: a higher record there", "SecondOwner OneBug", "LED-5", slots=[rec(6), rec(5)]) as t:
        t.flash(0, rec(7))
        t.open(30, "stale")
        t.open(31, "poisoned")
    with T("stale with a lost ledger: the first valid record of any seq above 0", "SecondOwner Boundary", "LED-5 LED-2", slots=[BLANK, BLANK]) as t:
        t.flash(1, sealed(D, GENESIS))
        t.open(30, "stale")
    with T("stale: the challenges of both origins are gone with the load that must follow", "SecondOwner", "LED-5 LED-6") as t:
        t.opened(30)
        t.open(30, o="network")
        t.flash(0, rec(3))
        t.submit(t.right(), 40, "stale")
        t.submit(t.right(o="network"), 41, "poisoned", "network")
        t.give_up()
        t.confirm("poisoned")
        t.load(50)
        t.submit(t.right(o="network"), 51, "no-challenge", "network")
    with T("stale at the first open of a load", "SecondOwner", "LED-5") as t:
        t.flash(1, rec(2, 1))
        t.open(30, "stale")
        t.load(40)
        t.opened(50)
    with T("stale at the administrator's login", "SecondOwner", "LED-5", record=Record(5, 1, 0, (1, 0))) as t:
        t.flash(0, rec(6, 2))
        t.admin(86400, "stale")
        t.close(want="poisoned")
        t.withdraw("poisoned")
    with T("stale at the clearing record: one guess spent, no Grant, poisoned", "SecondOwner", "LED-5 SES-8 ERR-2", record=Record(5, 1, 0, (1, 0))) as t:
        t.opened(30)
        code = t.right()
        t.submit(code, 40, "stores")
        t.flash(1, rec(9, 2))
        t.confirm("stale")
        t.submit(code, 41, "poisoned")
        t.confirm("poisoned")
    with T("opens that store nothing do not look for another owner", "SecondOwner", "LED-5") as t:
        t.opened(30)
        t.flash(0, rec(9, 2))
        t.open(31, o="network")
        t.submit(t.right(), 40, "stale")
    for comment, slot, data in [
            ("a record of the same seq in the target is not higher", 0, rec(2, 7)), ("an older record put back into the target", 0, rec(1)),
            ("a higher record of another device's key is no owner", 0, rec(9, K=sample("another key"))),
            ("a higher record with format byte 2 under the right seal is no owner", 0, seal(D, b"\x02" + Record(9, 1, 0, (0, 0)).bytes()[1:])),
            ("ff in the target claims the highest seq, and has no seal", 0, FF), ("ff in the other slot", 1, FF),
            ("a higher record of another device's key in the other slot", 1, rec(9, K=sample("another key"))),
            ("a higher record with one bit of its seal wrong, in the target", 0, rec(9)[:31] + bytes([rec(9)[31] ^ 1])),
            ("a higher record with one bit of its seal wrong, in the other slot", 1, rec(9)[:31] + bytes([rec(9)[31] ^ 1])),
            ("a higher record with format byte 2 under the right seal, in the other slot", 1, seal(D, b"\x02" + Record(9, 1, 0, (0, 0)).bytes()[1:])),
            ("a record of the same seq in the other slot", 1, rec(2, 7)), ("zeros in both", 1, BLANK)]:
        with T(f"{comment}: no stale, the next record is written", "SecondOwner Boundary", "LED-5 LED-1") as t:
            t.opened(30)
            t.flash(slot, data)
            t.guess(40)
    with T("seq 256 in the target against 2: fails a comparison of single bytes", "SecondOwner OneBug", "LED-5") as t:
        t.opened(30)
        t.flash(0, rec(256))
        t.submit(t.right(), 40, "stale")
    with T("stale at seq 2^32 - 1", "SecondOwner Saturation", "LED-5") as t:
        t.opened(30)
        t.flash(0, rec(2**32 - 1))
        t.submit(t.right(), 40, "stale")
    with T("the second owner writes between store and read-back: store-failed", "SecondOwner", "LED-6") as t:
        t.opened(30)
        t.submit(t.right(), 40, "stores")
        t.flash(0, rec(9))
        t.confirm("store-failed", "lost")
    with T("both slots are rolled back between boots: the ledger goes back with them (SPEC 16)", "SecondOwner", "LED-2") as t:
        t.opened(30)
        t.guess(40)
        t.guess(41)
        t.flash(0, sealed(D, GENESIS))
        t.flash(1, BLANK)
        t.load(0)
        t.opened(30)
    with T("the newest slot is destroyed between boots: a rollback by one", "SecondOwner", "LED-2 LED-8", record=Record(5, 1, 0, (2, 0))) as t:
        t.opened(30)
        t.guess(40)
        t.guess(41)
        t.flash(t.player.device.L.slot, FF)
        t.load(0)
        t.opened(30)
