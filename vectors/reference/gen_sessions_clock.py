"""Transcripts: a clock that goes back, stands still, or jumps."""
from ledger import Record
from vectorfile import sample


def add(T):
    steps(T)
    small(T)
    waits(T)
    days(T)
    grants(T)


def steps(T):
    with T("the clock goes back by eleven seconds: every challenge ends", "Clock Boundary", "SES-12") as t:
        t.opened(30)
        t.open(30, o="network")
        local, network = t.right(), t.right(o="network")
        t.submit(local, 19, "no-challenge")
        t.submit(network, 30, "no-challenge", "network")
    for back in (1, 10):
        with T(f"the clock goes back by {back}: a reading out of order, the last one counts", "Clock Boundary", "SES-12") as t:
            t.opened(30)
            t.open(32, o="network")
            t.submit("1", 40, "length")
            t.open(40 - back)
            t.redeem(40 - back)
            t.redeem(40, "network")
    with T("a reading out of order does not lower the last one seen: ten more steps of ten do not add up unseen", "Clock OneBug", "SES-12") as t:
        t.opened(100)
        t.open(90)
        code = t.right()
        t.submit(code, 80, "no-challenge")
    with T("a reading out of order is taken as the last one seen: too-soon counts from there", "Clock OneBug", "SES-12 SES-3") as t:
        t.opened(30)
        t.open(38)
        t.open(31, ("too-soon", 2), purpose=1)
    with T("a challenge opened with a reading out of order was shown at the last one seen, and its nonce takes that uptime", "Clock OneBug", "SES-12 SES-1") as t:
        t.opened(30)
        t.open(25, o="network")
        t.submit(t.right(o="network"), 629, "stores", "network")
        t.confirm("stores")
        t.confirm("grant")
    with T("the limit of a code counts from the last one seen when it was opened out of order", "Clock OneBug Boundary", "SES-12 SES-13") as t:
        t.opened(30)
        t.open(25, o="network")
        t.submit(t.right(o="network"), 630, "expired", "network")
    with T("the clock stands still: nothing ends", "Clock", "SES-12") as t:
        t.opened(30)
        t.redeem(30)
    with T("after a backward step a new challenge waits ten seconds from the step", "Clock", "SES-12 SES-3") as t:
        t.opened(130)
        t.open(20, ("too-soon", 10))
        t.open(29, ("too-soon", 1))
        t.open(30)
    with T("a backward step at an origin that never opened starts no ten seconds", "Clock", "SES-12 SES-3") as t:
        t.opened(130)
        t.open(20, "shown", "network")
    with T("a backward step to zero", "Clock Boundary", "SES-12") as t:
        t.opened(2**33)
        t.open(0, ("too-soon", 10))
        t.open(10)
        t.redeem(11)
    with T("the clock jumps to its maximum: the challenge is past its cap", "Clock Boundary", "SES-4 ERR-1") as t:
        t.opened(30)
        t.submit(t.right(), 2**53 - 1, "no-challenge")
        t.open(2**53 - 1)
    with T("a failing operation still moves the last uptime seen", "Clock OneBug", "SES-12") as t:
        t.opened(30)
        code = t.right()
        t.submit("", 100, "empty")
        t.submit(code, 89, "no-challenge")


def small(T):
    with T("ten seconds back: too-soon still counts from the minting", "Clock Boundary", "SES-12 SES-3") as t:
        t.opened(30)
        t.open(39)
        t.open(29, ("too-soon", 1), purpose=1)
        t.open(40, purpose=1)
    with T("eleven seconds back: too-soon counts from the step", "Clock Boundary", "SES-12 SES-3") as t:
        t.opened(30)
        t.open(39)
        t.open(28, ("too-soon", 10), purpose=1)
        t.open(37, ("too-soon", 1), purpose=1)
        t.open(38, purpose=1)
    with T("ten seconds back across the end of a challenge: it stays ended", "Clock Boundary OneBug", "SES-12 SES-4", cap=100) as t:
        t.opened(30)
        code = t.right()
        t.submit("1", 130, ("length", 1))
        t.submit(code, 120, "no-challenge")
    with T("ten seconds back across the end of a challenge that nobody looked at: the last one seen counts", "Clock Boundary", "SES-12 SES-4", cap=100) as t:
        t.opened(30)
        t.open(129)
        t.redeem(119)
    with T("ten seconds back across the limit of a code: expired all the same", "Clock Boundary OneBug", "SES-12 SES-13") as t:
        t.opened(30)
        t.open(630)
        t.submit(t.right(), 620, "expired")
        t.redeem(621, k=2)
    with T("ten seconds back at zero: 10, then 0", "Clock Boundary", "SES-12") as t:
        t.opened(10)
        t.redeem(0)
    with T("ten seconds back from the load, before anything was opened", "Clock Boundary", "SES-12 SES-1", start=50) as t:
        t.open(40, "stores", entropy=sample("the same entropy"))
        t.confirm("shown")
    with T("an open that ends in method still sees the clock: eleven back ends the network's challenge", "Clock OneBug", "SES-12 SES-5", local=()) as t:
        t.opened(30, "network")
        t.open(19, "method")
        t.submit(t.right(o="network"), 30, "no-challenge", "network")
    with T("an open that ends in method moves the last uptime seen", "Clock OneBug", "SES-12", local=()) as t:
        t.opened(30, "network")
        t.open(100, "method")
        t.submit(t.right(o="network"), 89, "no-challenge", "network")
    with T("an open that is busy or too soon still sees the clock", "Clock OneBug", "SES-12 SES-2 SES-3") as t:
        t.opened(30, "network")
        t.open(100, "busy", "network", purpose=1)
        t.open(95, o="local")
        t.open(104, ("too-soon", 6), purpose=1)
        t.submit(t.right(), 93, "no-challenge")


def waits(T):
    five = Record(5, 1, 0, (5, 5))
    with T("ten seconds back: neither origin's wait starts anew", "Wait Clock Boundary", "SES-9 SES-12", record=five, start=1000) as t:
        t.opened(1050)
        t.open(1050, o="network")
        t.submit(t.right(), 1040, ("waiting", 10))
        t.submit(t.right(o="network"), 1040, ("waiting", 10), "network")
        t.submit(t.right(), 1059, ("waiting", 1))
        t.redeem(1060, "network")
        t.redeem(1060)
    with T("eleven seconds back: both origins' waits start anew", "Wait Clock Boundary", "SES-9 SES-12", record=five, start=1000) as t:
        t.opened(1050)
        t.open(1050, o="network")
        t.submit("1", 1039, ("length", 1))
        t.open(1049)
        t.open(1049, o="network")
        t.submit(t.right(), 1098, ("waiting", 1))
        t.submit(t.right(o="network"), 1098, ("waiting", 1), "network")
        t.redeem(1099, "network")
        t.redeem(1099)
    with T("a guess with a reading out of order: its wait counts from the last one seen", "Wait Clock OneBug", "SES-9 SES-12", record=Record(5, 1, 0, (4, 0))) as t:
        t.opened(100)
        t.open(110)
        t.guess(100)
        t.submit(t.right(), 169, ("waiting", 1))
        t.redeem(170)


def days(T):
    seven = Record(5, 1, 0, (7, 0))
    for back, day in ((10, 1000), (11, 989)):
        with T(f"{back} seconds back: the day without a comparison counts from {day}", "Clock Counting Boundary", "SES-15 SES-12", record=seven, start=900) as t:
            t.opened(950)
            t.guess(1000)
            t.admin(1000 - back, "done")
            t.admin(day + 86399, "done")
            t.admin(day + 86400, "stores")
            t.confirm("done")
    with T("the day is over by the last one seen, and the login reads ten seconds less: it clears", "Clock Counting Boundary", "SES-15 SES-12", record=seven, start=1000) as t:
        t.submit("1", 87400, ("length", 1))
        t.admin(87390, "stores")
        t.confirm("done")
    with T("a guess with a reading out of order: the day begins at the last one seen", "Clock Counting OneBug", "SES-15 SES-12", record=seven) as t:
        t.opened(40)
        t.guess(35)
        t.admin(40 + 86399, "done")
        t.admin(40 + 86400, "stores")
        t.confirm("done")


def grants(T):
    for at, want in ((49, "grant-expired"), (50, "done"), (649, "done"), (650, "grant-expired")):
        with T(f"a Grant of a reading out of order, 45 after 50: consumed at {at}", "Clock Boundary OneBug", "SES-14 SES-12") as t:
            t.opened(30)
            t.open(50)
            t.redeem(45)
            t.consume(at, want)
