"""Transcripts: waits, the network's stop, and what clears them."""
from ledger import Record, sealed
from transcript import BOTH


def add(T):
    with T("four failures: no wait; the fifth: 60 seconds, to the second", "Wait Boundary", "SES-9 SES-7") as t:
        t.opened(30)
        for i in range(5):
            t.guess(40 + i)
        t.submit(t.right(), 44, ("waiting", 60))
        t.submit(t.right(), 103, ("waiting", 1))
        t.redeem(104)
    with T("refused guesses during the wait do not extend it", "Wait OneBug", "SES-9 SES-5") as t:
        t.opened(30)
        for i in range(5):
            t.guess(40)
        for now in (41, 60, 99):
            t.submit(t.wrong(), now, ("waiting", 100 - now))
        t.redeem(100)
    with T("after the wait one guess is free to be wrong, and four more follow without a wait", "Wait", "SES-9") as t:
        t.opened(30)
        for i in range(5):
            t.guess(40)
        for i in range(5):
            t.guess(100 + i)
        t.submit(t.right(), 105, ("waiting", 119))
        t.submit(t.right(), 223, ("waiting", 1))
        t.guess(224)
        t.redeem(225)
    for step in range(1, 13):
        total = 60 << min(step, 9) - 1
        fails = 5 * step
        with T(f"{fails} failures at the local screen: {total} seconds from the load", "Wait Boundary", "SES-9", record=Record(5, 1, 0, (fails, 0))) as t:
            t.opened(1)
            t.submit(t.right(5), total - 1, ("waiting", 1))
            t.redeem(total, k=5)
    for fails in (1, 4, 6, 9, 49, 51, 254):
        with T(f"{fails} failures are no multiple of five: no wait", "Wait Boundary", "SES-9", record=Record(5, 1, 0, (fails, 0))) as t:
            t.opened(1)
            t.redeem(1)
    with T("the wait is shown with the challenge, and does not stop it from opening", "Wait", "SES-4 SES-9", record=Record(5, 1, 0, (10, 0))) as t:
        t.opened(30)
        t.open(50)
        t.open(119)
        t.open(120)
        t.redeem(120)
    with T("the wait starts anew at every load", "Wait PowerCut", "SES-9", record=Record(5, 1, 0, (5, 0))) as t:
        t.opened(50)
        t.load(0)
        t.opened(59)
        t.submit(t.right(), 59, ("waiting", 1))
        t.redeem(60)
    with T("the wait starts from the uptime of the load, not from zero", "Wait OneBug", "SES-9", record=Record(5, 1, 0, (5, 0)), start=10000) as t:
        t.opened(10000)
        t.submit(t.right(), 10059, ("waiting", 1))
        t.redeem(10060)
    with T("a backward step starts the wait anew", "Wait Clock", "SES-9 SES-12", record=Record(5, 1, 0, (5, 0)), start=1000) as t:
        t.opened(1050)
        t.open(1039, ("too-soon", 10))
        t.open(1049)
        t.submit(t.right(), 1098, ("waiting", 1))
        t.redeem(1099)
    with T("saturated failures at the local screen: every guess has the longest wait, and the count stays", "Wait Saturation", "SES-9 LED-2",
           record=Record(5, 1, 0, (255, 0)), cap=259200) as t:
        t.opened(10)
        t.submit(t.wrong(5), 15359, ("waiting", 1))
        t.guess(15360, k=5)
        t.submit(t.wrong(5), 30719, ("waiting", 1))
        t.guess(30720, k=5)
        t.redeem(46080, k=5)
    with T("254 to 255 failures", "Wait Saturation", "SES-9", record=Record(5, 1, 0, (254, 0))) as t:
        t.opened(10)
        t.guess(20)
        t.submit(t.right(5), 20, ("waiting", 15360))
    with T("a lost ledger: the longest wait at the local screen, and the network stopped", "Wait Saturation", "LED-2 SES-9 SES-10", slots=[bytes(32), bytes(32)]) as t:
        t.opened(10)
        t.open(10, o="network")
        t.submit(t.right(o="network"), 20, "stopped", "network")
        t.submit(t.right(5), 15359, ("waiting", 1))
        t.redeem(15360, k=5)
    with T("the network's wait is its own: five failures there, none here", "Wait Counting", "SES-9 SES-11") as t:
        t.opened(30)
        t.open(30, o="network")
        for i in range(5):
            t.guess(40, "network")
        t.submit(t.right(o="network"), 99, ("waiting", 1), "network")
        t.redeem(99)
    with T("a guess at one origin does not restart the other's wait", "Wait OneBug", "SES-9", record=Record(5, 1, 0, (5, 5))) as t:
        t.opened(10)
        t.open(10, o="network")
        t.guess(60)
        t.redeem(60, "network")
    with T("99 failures at the network: one more guess", "Counting Boundary", "SES-10", record=Record(5, 1, 0, (0, 99))) as t:
        t.opened(10, "network")
        t.redeem(20, "network")
    with T("100 failures at the network: stopped, at every later time, and shown", "Counting Boundary", "SES-10", record=Record(5, 1, 0, (0, 99))) as t:
        t.opened(10, "network")
        t.guess(20, "network")
        t.submit(t.right(o="network"), 21, "stopped", "network")
        t.submit(t.right(9, "network"), 80000, "stopped", "network")
        t.open(80001, o="network")
    with T("100 failures at the local screen: it never stops", "Counting Boundary", "SES-10", record=Record(5, 1, 0, (100, 0))) as t:
        t.opened(10)
        t.redeem(15360, k=5)
    with T("a stopped network stays so across a reboot", "Counting", "SES-10", record=Record(5, 1, 0, (0, 255))) as t:
        t.opened(10, "network")
        t.load(0)
        t.opened(99999, "network")
        t.submit(t.right(o="network"), 99999, "stopped", "network")
    with T("102 failures at the network: stopped though no wait is due", "OneBug", "SES-10", record=Record(5, 1, 0, (0, 102))) as t:
        t.opened(10, "network")
        t.submit(t.right(o="network"), 11, "stopped", "network")
    with T("a web attacker of 100 guesses costs the owner at the screen nothing", "Counting", "SES-10 SES-11", record=Record(5, 1, 0, (0, 98)), network=BOTH) as t:
        t.opened(10, "network")
        t.guess(20, "network")
        t.guess(20, "network")
        t.submit(t.wrong(6, "network"), 21, "stopped", "network")
        t.open(22)
        t.redeem(22)
    for fails, wait, stopped in ((95, 15360, False), (99, 0, False), (100, 0, True), (105, 0, True), (255, 0, True)):
        with T(f"{fails} failures at the network: {'stopped, and no wait is shown' if stopped else f'a wait of {wait} is shown'}", "Wait Boundary", "SES-10 SES-4",
               record=Record(5, 1, 0, (0, fails))) as t:
            shown = t.opened(0, "network")
            assert (shown.wait, shown.stopped) == (wait, stopped)
    with T("the network has stopped: the local screen's wait is shown with its challenge all the same", "Wait OneBug", "SES-10 SES-4", record=Record(5, 1, 0, (100, 100))) as t:
        shown = t.opened(10)
        assert (shown.wait, shown.stopped) == (15350, False)
    administrators(T)


DAY = 86400


def administrators(T):
    with T("a login ends the wait at the screen, stores nothing, and leaves the challenge and the count", "Wait Counting", "SES-15 SES-9", record=Record(5, 1, 2, (10, 0))) as t:
        t.opened(10)
        t.submit(t.right(), 11, ("waiting", 109))
        t.admin(12, "done")
        t.open(12)
        t.redeem(13)
    with T("a login waives one wait: the comparison after it uses it up, and the next five failures bring the next wait", "Wait Counting OneBug", "SES-15 SES-9", record=Record(5, 1, 0, (10, 0))) as t:
        t.opened(10)
        t.admin(11, "done")
        for i in range(5):
            t.guess(12)
        t.submit(t.right(), 12, ("waiting", 240))
        t.admin(13, "done")
        t.redeem(13)
    with T("two logins waive one wait", "Wait Counting OneBug", "SES-15", record=Record(5, 1, 0, (255, 0))) as t:
        t.opened(10)
        t.admin(11, "done")
        t.admin(12, "done")
        t.guess(13, k=5)
        t.submit(t.right(5), 14, ("waiting", 15359))
    with T("a login before the fifth failure waives nothing that comes later: the fourth guess has used it up", "Wait Counting", "SES-15", record=Record(5, 1, 0, (3, 0))) as t:
        t.opened(10)
        t.admin(11, "done")
        t.guess(12)
        t.guess(13)
        t.submit(t.right(), 14, ("waiting", 59))
    with T("what is refused before the comparison does not use the waiver up", "Wait OneBug", "SES-15 SES-5", record=Record(5, 1, 0, (10, 0))) as t:
        t.opened(10)
        t.admin(11, "done")
        t.submit("1", 12, "length")
        t.submit(t.right(1), 610, "expired")
        t.redeem(610, k=2)
    with T("a load forgets the waiver: a restart refunds nothing", "Wait PowerCut", "SES-15 SES-9", record=Record(5, 1, 0, (10, 0))) as t:
        t.admin(11, "done")
        t.load(0)
        t.opened(10)
        t.submit(t.right(), 119, ("waiting", 1))
    with T("a backward step of the clock leaves the waiver", "Wait Clock", "SES-15 SES-12", record=Record(5, 1, 0, (10, 0)), start=1000) as t:
        t.admin(1000, "done")
        t.opened(500)
        t.redeem(501)
    with T("a login never touches the network: neither its wait, nor its count, nor its stop", "Counting OneBug", "SES-15 SES-19 SES-10", record=Record(5, 1, 2, (7, 100))) as t:
        t.admin(10, "done")
        t.opened(20, "network")
        t.submit(t.right(9, "network"), 21, "stopped", "network")
        t.admin(DAY, "stores")
        t.confirm("done")
        t.submit(t.right(9, "network"), DAY + 1, "stopped", "network")
    with T("a login leaves the network's wait", "Counting OneBug", "SES-15 SES-9", record=Record(5, 1, 2, (0, 10))) as t:
        t.opened(10, "network")
        t.admin(11, "done")
        t.submit(t.right(o="network"), 12, ("waiting", 108), "network")
    for after, want in ((0, "done"), (DAY - 1, "done"), (DAY, "stores")):
        with T(f"the screen's failures are cleared when nothing was compared there for a day: {after} seconds after the load", "Counting Boundary", "SES-15", record=Record(5, 1, 2, (7, 8)), start=500) as t:
            t.admin(500 + after, want)
            if want == "stores":
                t.confirm("done")
                t.admin(500 + after, "done")
        with T(f"the same, {after} seconds after the last comparison", "Counting Boundary", "SES-15", record=Record(5, 1, 2, (7, 8))) as t:
            t.opened(100)
            t.guess(200)
            t.admin(200 + after, want)
            if want == "stores":
                t.confirm("done")
    with T("a guess at the network does not put the day off", "Counting OneBug", "SES-15", record=Record(5, 1, 2, (7, 8))) as t:
        t.opened(100, "network")
        t.guess(200, "network")
        t.admin(DAY, "stores")
        t.confirm("done")
    with T("what is refused before the comparison does not put the day off", "Counting OneBug", "SES-15", record=Record(5, 1, 2, (7, 8))) as t:
        t.opened(100)
        t.submit("1", 200, "length")
        t.submit(t.right(1), 700, "expired")
        t.admin(DAY, "stores")
        t.confirm("done")
    with T("neither does a login that found less than a day", "Counting OneBug", "SES-15", record=Record(5, 1, 2, (7, 8))) as t:
        t.admin(DAY - 1, "done")
        t.admin(DAY, "stores")
        t.confirm("done")
    with T("with nothing to clear at the screen nothing is stored, whatever the network's count", "Counting", "SES-15", record=Record(5, 1, 2, (0, 100))) as t:
        t.admin(DAY, "done")
        t.opened(DAY + 1)
    with T("an administrator's login first after a load carries boots + 1", "OneBug", "SES-15 LED-4", record=Record(5, 1, 2, (1, 0))) as t:
        t.admin(DAY, "stores")
        t.confirm("done")
        t.opened(DAY + 10)
        t.redeem(DAY + 20)
    with T("saturated failures of a lost ledger: a login waives the wait at once, clears the screen's after a day, and the network stays stopped", "Saturation", "SES-15 LED-2", slots=[bytes(32), bytes(32)]) as t:
        t.opened(10)
        t.admin(20, "done")
        t.guess(21, k=5)
        t.admin(22 + DAY, "stores")
        t.confirm("done")
        t.open(23 + DAY, o="network")
        t.submit(t.right(9, "network"), 24 + DAY, "stopped", "network")
    with T("a restart each hour with a login before it: the screen's failures stay", "Counting PowerCut OneBug", "SES-15 SES-9", record=Record(5, 1, 0, (20, 0))) as t:
        for _ in range(4):
            t.admin(3599, "done")
            t.load(0)
        t.opened(10)
        t.submit(t.right(), 479, ("waiting", 1))
    with T("an administrator's login whose store fails clears nothing", "PowerCut", "SES-15 LED-6 LED-8", record=Record(5, 1, 2, (7, 8))) as t:
        t.admin(DAY, "stores")
        t.confirm("store-failed", "lost")
        t.admin(DAY, "poisoned")
        t.load(DAY + 1)
        t.opened(DAY + 2)
    with T("the power goes during the administrator's write: counters as before", "PowerCut", "SES-15 LED-8", record=Record(5, 1, 2, (7, 8))) as t:
        t.admin(DAY, "stores")
        t.cut("torn:20")
        t.load(0)
        t.opened(30)
    with T("an administrator's login with a clock that went back ends challenges", "Clock", "SES-12 SES-15") as t:
        t.opened(30)
        t.admin(19, "done")
        t.submit(t.right(), 30, "no-challenge")
    with T("an administrator's login beside a live challenge at each origin: both stay", "Counting OneBug", "SES-15", record=Record(5, 1, 2, (7, 8))) as t:
        t.opened(DAY - 10)
        t.open(DAY - 10, o="network")
        t.admin(DAY, "stores")
        t.confirm("done")
        t.open(DAY, o="network")
        t.redeem(DAY + 1, "network")
        t.redeem(DAY + 1)
    again(T)


def again(T):
    for fail, want in ((0, "done"), (79, "done"), (80, "done"), (81, "stores"), (99, "stores"), (100, "stores"), (255, "stores")):
        with T(f"the network is allowed again at {fail} failures: " + ("20 are left" if want == "stores" else "fewer are as they were"), "Counting Boundary", "SES-19 SES-10",
               record=Record(5, 1, 2, (7, fail))) as t:
            t.allow(10, want)
            if want == "stores":
                t.confirm("done")
            t.opened(20, "network")
            t.redeem(21, "network")
    with T("twenty guesses after it was allowed again, each five with its wait, and it stops", "Counting Wait", "SES-19 SES-9 SES-10", record=Record(5, 1, 0, (0, 100))) as t:
        t.allow(10, "stores")
        t.confirm("done")
        t.opened(11, "network")
        now = 11
        for i in range(4):
            for _ in range(5):
                t.guess(now, "network", k=9)
            if i < 3:
                t.submit(t.right(9, "network"), now, ("waiting", 15360), "network")
                now += 15360
        t.submit(t.right(9, "network"), now, "stopped", "network")
    with T("allowed twice: 20 are left, not 40", "Counting OneBug", "SES-19", record=Record(5, 1, 0, (0, 100))) as t:
        t.allow(10, "stores")
        t.confirm("done")
        t.allow(11, "done")
        t.opened(12, "network")
        t.redeem(13, "network")
    with T("it never adds failures: 30 stay 30, and the wait is waived", "Counting Wait OneBug", "SES-19", record=Record(5, 1, 0, (0, 30))) as t:
        t.opened(10, "network")
        t.submit(t.right(o="network"), 11, ("waiting", 1909), "network")
        t.allow(12, "done")
        t.open(12, o="network")
        t.guess(13, "network")
    with T("it leaves the screen's count and wait", "Counting OneBug", "SES-19", record=Record(5, 1, 0, (10, 100))) as t:
        t.allow(10, "stores")
        t.confirm("done")
        t.opened(11)
        t.submit(t.right(), 12, ("waiting", 108))
    with T("a load forgets its waiver, and keeps the count", "Counting PowerCut", "SES-19 SES-9", record=Record(5, 1, 0, (0, 100))) as t:
        t.allow(10, "stores")
        t.confirm("done")
        t.load(0)
        t.opened(10, "network")
        t.submit(t.right(9, "network"), 15359, ("waiting", 1), "network")
        t.redeem(15360, "network", k=9)
    with T("the clock of the wait goes on from the last comparison, not from the allowing", "Wait OneBug", "SES-19 SES-9", record=Record(5, 1, 0, (0, 80)), start=0) as t:
        t.allow(10, "done")
        t.opened(20, "network")
        t.guess(30, "network")
        for _ in range(4):
            t.guess(31, "network")
        t.submit(t.right(9, "network"), 15390, ("waiting", 1), "network")
    with T("its store fails: stopped as before", "PowerCut", "SES-19 LED-6 LED-8", record=Record(5, 1, 0, (3, 100))) as t:
        t.allow(10, "stores")
        t.confirm("store-failed", "lost")
        t.allow(11, "poisoned")
        t.load(20)
        t.opened(30, "network")
        t.submit(t.right(o="network"), 31, "stopped", "network")
    with T("the power goes during its write: counters as before", "PowerCut", "SES-19 LED-8", record=Record(5, 1, 0, (3, 100))) as t:
        t.allow(10, "stores")
        t.cut("torn:15")
        t.load(0)
        t.opened(30, "network")
    with T("first after a load it carries boots + 1", "OneBug", "SES-19 LED-4", record=Record(5, 1, 0, (3, 100))) as t:
        t.allow(10, "stores")
        t.confirm("done")
        t.opened(20)
    with T("another owner: stale", "SecondOwner", "SES-19 LED-5", record=Record(5, 1, 0, (3, 100))) as t:
        t.flash(1, sealed(t.K, Record(9, 1, 0, (0, 0))))
        t.allow(10, "stale")
    with T("a success at the network clears what was left of the twenty", "Counting", "SES-19 SES-11", record=Record(5, 1, 0, (3, 100))) as t:
        t.allow(10, "stores")
        t.confirm("done")
        t.opened(20, "network")
        t.guess(21, "network")
        t.redeem(22, "network")
