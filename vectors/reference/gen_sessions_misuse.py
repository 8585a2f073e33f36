"""Transcripts: callers that lose their way while a record is pending, and records given up."""
from ledger import Record, sealed


def add(T):
    def attempt(t):
        t.opened(30)
        t.submit(t.right(), 40, "stores")

    others = {
        "open": lambda t: t.open(50, "pending", purpose=1),
        "open of the same header": lambda t: t.open(50, "pending"),
        "open at the network": lambda t: t.open(50, "pending", "network"),
        "submit": lambda t: t.submit(t.right(), 50, "pending"),
        "an unreadable submit": lambda t: t.submit("", 50, "pending"),
        "admin-login": lambda t: t.admin(50, "pending"),
        "allow-again": lambda t: t.allow(50, "pending"),
        "close": lambda t: t.close(want="pending"),
        "close with keep": lambda t: t.close(keep=True, want="pending"),
        "withdraw": lambda t: t.withdraw("pending"),
        "a clock that went back": lambda t: t.open(5, "pending"),
    }
    for name, other in others.items():
        with T(f"{name} while a record is pending: refused, and nothing changes; the confirm still works", "Misuse", "LED-7") as t:
            attempt(t)
            other(t)
            t.confirm("stores")
            other(t)
            t.confirm("grant")
    with T("every operation while the first open's record is pending", "Misuse", "LED-7 SES-1") as t:
        t.open(30, "stores")
        t.open(30, "pending")
        t.open(31, "pending", "network")
        t.admin(32, "pending")
        t.allow(32, "pending")
        t.withdraw("pending")
        t.confirm("shown")
        t.redeem(33)
    with T("while an administrator's record is pending", "Misuse", "LED-7", record=Record(5, 1, 0, (3, 0))) as t:
        t.admin(86400, "stores")
        t.submit("1234-5678-9012", 86401, "pending")
        t.confirm("done")
    with T("while the record of an allowing is pending", "Misuse", "LED-7", record=Record(5, 1, 0, (3, 100))) as t:
        t.allow(30, "stores")
        t.submit("1234-5678-9012", 31, "pending", "network")
        t.allow(32, "pending")
        t.confirm("done")
    for name, other, o in (("login", lambda t: t.admin(41, "pending"), "local"), ("allowing", lambda t: t.allow(41, "pending"), "network")):
        with T(f"a {name} that was refused waives nothing", "Misuse OneBug", "LED-7 SES-15 SES-19", record=Record(5, 1, 0, (9, 9))) as t:
            t.opened(30, o)
            t.submit(t.wrong(o=o), 40, "stores", o)
            other(t)
            t.confirm("rejected")
            t.submit(t.right(o=o), 42, ("waiting", 118), o)
    for o in ("local", "network"):
        with T(f"the step that waits tells the session of its submit, and the Grant too ({o})", "Normal", "SES-20") as t:
            t.opened(30, o)
            t.submit(t.wrong(o=o), 31, "stores", o, 0)
            t.confirm("rejected")
            t.submit(t.right(o=o), 32, "stores", o, 2**32 - 1)
            t.confirm("stores")
            assert t.confirm("grant").session == 2**32 - 1
            t.consume(33)
    with T("one session at each origin, one after the other: each Grant has its own", "OneBug", "SES-20") as t:
        t.opened(30)
        t.open(30, o="network")
        t.submit(t.right(o="network"), 31, "stores", "network", 7)
        t.open(32, "pending", purpose=1)
        t.confirm("stores")
        t.submit(t.right(), 32, "pending", session=8)
        assert t.confirm("grant").session == 7
        t.submit(t.right(), 33, "stores", session=8)
        t.confirm("stores")
        assert t.confirm("grant").session == 8
    with T("a wrong guess of a caller that is gone is finished: counted, its result goes to nobody, and the screen's challenge and count stay", "Misuse Counting", "SES-21 SES-9",
           record=Record(5, 1, 0, (2, 4))) as t:
        t.opened(30)
        t.open(30, o="network")
        t.submit(t.wrong(o="network"), 31, "stores", "network")
        t.open(32, "pending")
        t.finish()
        t.redeem(33)
        t.submit(t.right(o="network"), 33, "stores", "network")
    with T("the same, and its wait is due", "Misuse Wait", "SES-21 SES-9", record=Record(5, 1, 0, (0, 4))) as t:
        t.opened(30, "network")
        t.submit(t.wrong(o="network"), 31, "stores", "network")
        t.finish()
        t.submit(t.right(o="network"), 32, ("waiting", 59), "network")
    with T("a right guess of a caller that is gone is finished: the reset is counted, the challenge is gone, and so is the Grant", "Misuse", "SES-21 SES-8", record=Record(5, 1, 0, (2, 4))) as t:
        t.opened(30)
        t.open(30, o="network")
        code = t.right(o="network")
        t.submit(code, 31, "stores", "network")
        t.finish()
        t.consume_by_handle(bytes(16), 32, "no-grant")
        t.submit(code, 32, "no-challenge", "network")
        t.redeem(33)
    with T("a caller that is gone after the comparison: the clearing record is finished", "Misuse", "SES-21 SES-8", record=Record(5, 1, 0, (2, 4))) as t:
        t.opened(30)
        t.submit(t.right(), 31, "stores")
        t.confirm("stores")
        t.finish()
        t.open(41)
        t.redeem(42)
    with T("a caller that is gone after its record was written: writing the same bytes again does no harm", "Misuse OneBug", "SES-21 LED-5", record=Record(5, 1, 0, (2, 4))) as t:
        t.opened(30)
        t.submit(t.wrong(), 31, "stores")
        t.flash(*t.player.device.L.pending[:2])
        t.finish()
        t.redeem(32)
    with T("a first open of a caller that is gone: the challenge lives, and the next open shows it", "Misuse", "SES-21 SES-1 SES-2") as t:
        t.open(30, "stores")
        t.finish()
        t.open(35)
        t.redeem(36)
    with T("a login and an allowing of a caller that is gone are finished", "Misuse", "SES-21", record=Record(5, 1, 0, (7, 100))) as t:
        t.admin(86400, "stores")
        t.finish()
        t.allow(86401, "stores")
        t.finish()
        t.opened(86402, "network")
        t.redeem(86403, "network")
    with T("nothing pending: nothing to finish", "Misuse Boundary", "SES-21") as t:
        t.finish()
        t.opened(30)
        t.finish()
        t.redeem(31)
    with T("a guess that is finished, and another owner has written: stale goes to nobody, the ledger is poisoned", "Misuse SecondOwner", "SES-21 LED-5") as t:
        t.opened(30)
        t.submit(t.right(), 31, "stores")
        t.flash(1, sealed(t.K, Record(9, 1, 0, (0, 0))))
        t.finish()
        t.open(32, "poisoned")
    with T("a later operation that was refused does not move the last uptime seen: the Grant is of the submit's time", "Misuse OneBug", "LED-7 SES-14") as t:
        attempt(t)
        t.open(500, "pending")
        t.confirm("stores")
        t.confirm("grant")
        t.consume(640, "grant-expired")
    with T("giving up an attempt's record poisons: no comparison", "Misuse", "LED-7") as t:
        attempt(t)
        code = t.right()
        t.give_up()
        t.confirm("poisoned")
        t.submit(code, 50, "poisoned")
        t.close(want="poisoned")
        t.load(60)
        t.opened(70)
    with T("giving up the clearing record: no Grant", "Misuse", "LED-7 SES-8") as t:
        attempt(t)
        t.confirm("stores")
        t.give_up()
        t.confirm("poisoned")
        t.open(50, "poisoned")
    with T("giving up the first open's record: the challenge is never shown", "Misuse", "LED-7 SES-1") as t:
        t.open(30, "stores")
        t.give_up()
        t.open(40, "poisoned")
        t.load(50)
        t.opened(51)
    with T("giving up an administrator's record: the failures stay, and the next login after a load clears", "Misuse Counting", "LED-7 SES-15", record=Record(5, 1, 0, (3, 0))) as t:
        t.admin(86400, "stores")
        t.give_up()
        t.admin(86401, "poisoned")
        t.withdraw("poisoned")
        t.load(40)
        t.admin(86440, "stores")
        t.confirm("done")
    with T("giving up a record that did reach the flash: the load finds it", "Misuse Counting", "LED-7 LED-8", record=Record(5, 1, 0, (3, 0))) as t:
        t.opened(30)
        t.submit(t.right(), 40, "stores")
        t.flash(*t.player.device.L.pending[:2])
        t.give_up()
        t.load(50)
        t.opened(60)
    with T("giving up twice, and on a poisoned ledger: the second changes nothing", "Misuse Boundary", "LED-7") as t:
        attempt(t)
        t.give_up()
        t.give_up()
        t.open(50, "poisoned")
        t.load(60)
        t.opened(61)
    with T("giving up without a pending record changes nothing", "Misuse Boundary", "LED-7") as t:
        t.give_up()
        t.opened(30)
        t.give_up()
        t.redeem(40)
    with T("a confirm without a pending record, on a healthy ledger: refused, and nothing else", "Misuse", "LED-7") as t:
        t.confirm("not-pending")
        t.opened(30)
        t.confirm("not-pending")
        t.open(40)
    with T("a confirm twice", "Misuse Replay", "LED-7 SES-8") as t:
        t.opened(30)
        t.redeem(40)
        t.confirm("not-pending")
    with T("a wrong guess's confirm twice counts once", "Misuse Replay", "LED-7") as t:
        t.opened(30)
        t.guess(40)
        t.confirm("not-pending")
