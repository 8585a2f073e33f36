"""Transcripts: waits, the network's stop, and what clears them."""
from ledger import Record
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


def administrators(T):
    with T("an administrator's login clears both origins", "Counting", "SES-15", record=Record(5, 1, 2, (7, 100))) as t:
        t.admin(10, "stores")
        t.confirm("done")
        t.opened(20, "network")
        t.redeem(21, "network")
    with T("an administrator's login with nothing to clear stores nothing", "Counting", "SES-15") as t:
        t.admin(10, "done")
        t.open(20, "stores")
        t.confirm("shown")
        t.admin(21, "done")
    for fail in ((1, 0), (0, 1)):
        with T(f"failures {fail}: one of the two is enough to store", "Counting Boundary", "SES-15", record=Record(5, 1, 2, fail)) as t:
            t.admin(10, "stores")
            t.confirm("done")
            t.admin(11, "done")
    with T("an administrator's login first after a load carries boots + 1", "OneBug", "SES-15 LED-4", record=Record(5, 1, 2, (1, 0))) as t:
        t.admin(10, "stores")
        t.confirm("done")
        t.opened(20)
        t.redeem(30)
    with T("an administrator's login ends a wait, and leaves the challenge", "Wait Counting", "SES-15 SES-9", record=Record(5, 1, 2, (10, 0))) as t:
        t.opened(10)
        t.submit(t.right(), 11, ("waiting", 109))
        t.admin(12, "stores")
        t.confirm("done")
        t.redeem(13)
    with T("an administrator's login clears saturated failures of a lost ledger", "Saturation", "SES-15 LED-2", slots=[bytes(32), bytes(32)]) as t:
        t.admin(10, "stores")
        t.confirm("done")
        t.opened(20)
        t.redeem(21)
    with T("an administrator's login whose store fails clears nothing", "PowerCut", "SES-15 LED-6 LED-8", record=Record(5, 1, 2, (7, 8))) as t:
        t.admin(10, "stores")
        t.confirm("store-failed", "lost")
        t.load(20)
        t.opened(30)
    with T("the power goes during the administrator's write: counters as before", "PowerCut", "SES-15 LED-8", record=Record(5, 1, 2, (7, 8))) as t:
        t.admin(10, "stores")
        t.cut("torn:20")
        t.load(0)
        t.opened(30)
    with T("an administrator's login with a clock that went back ends challenges", "Clock", "SES-12 SES-15") as t:
        t.opened(30)
        t.admin(19, "done")
        t.submit(t.right(), 30, "no-challenge")

    def logins(t, first):
        t.opened(first)
        t.guess(first)
        t.admin(first, "stores")
        t.confirm("done")
        t.guess(first + 1)

    for after, want in ((1, "done"), (86399, "done"), (86400, "stores")):
        with T(f"a login that would clear, {after} seconds after one that did", "Counting Boundary", "SES-15") as t:
            logins(t, 100)
            t.admin(100 + after, want)
            if want == "stores":
                t.confirm("done")
    with T("a login with nothing to clear does not start the day", "Counting OneBug", "SES-15") as t:
        t.opened(30)
        t.admin(31, "done")
        t.guess(32)
        t.admin(33, "stores")
        t.confirm("done")
    with T("a login whose record was not stored does not start the day, for the load forgets it", "PowerCut Counting", "SES-15", record=Record(5, 1, 2, (7, 8))) as t:
        t.admin(30, "stores")
        t.confirm("store-failed", "lost")
        t.load(40)
        t.admin(41, "stores")
        t.confirm("done")
    with T("the day is of one load: after another load a login clears at once", "Counting", "SES-15") as t:
        logins(t, 100)
        t.load(200)
        t.admin(201, "stores")
        t.confirm("done")
    with T("the day starts anew at a backward step of the clock", "Clock Counting", "SES-15 SES-12") as t:
        logins(t, 1000)
        t.admin(500, "done")
        t.admin(500 + 86399, "done")
        t.admin(500 + 86400, "stores")
        t.confirm("done")
    with T("a success at the local screen is no login: the next login clears", "Counting", "SES-15 SES-11") as t:
        t.opened(30)
        t.guess(31)
        t.redeem(32)
        t.open(40)
        t.guess(41)
        t.admin(42, "stores")
        t.confirm("done")
