"""Transcripts: callers that lose their way while a record is pending, and records given up."""
from ledger import Record


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
        t.withdraw("pending")
        t.confirm("shown")
        t.redeem(33)
    with T("while an administrator's record is pending", "Misuse", "LED-7", record=Record(5, 1, 0, (3, 0))) as t:
        t.admin(30, "stores")
        t.submit("1234-5678-9012", 31, "pending")
        t.confirm("done")
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
        t.admin(30, "stores")
        t.give_up()
        t.admin(31, "poisoned")
        t.withdraw("poisoned")
        t.load(40)
        t.admin(41, "stores")
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
        t.opened(30)
        t.confirm("poisoned")
        t.open(40)
    with T("a confirm twice", "Misuse Replay", "LED-7 SES-8") as t:
        t.opened(30)
        t.redeem(40)
        t.confirm("poisoned")
    with T("a wrong guess's confirm twice counts once", "Misuse Replay", "LED-7") as t:
        t.opened(30)
        t.guess(40)
        t.confirm("poisoned")
