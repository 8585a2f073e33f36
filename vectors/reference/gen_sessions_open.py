"""Transcripts: opening, showing, closing, withdrawing, and the clock that limits them."""
from ledger import Record
from transcript import BOTH, CAP, DYNAMIC, SECURE
from vectorfile import sample

ENTROPY = sample("the same entropy")


def add(T):
    first(T)
    nonces(T)
    spacing(T)
    replacing(T)
    closing(T)
    living(T)


def first(T):
    with T("one whole reset at the local screen", "Normal", "SES-1 SES-6 SES-8 LED-3 LED-4 SES-14") as t:
        t.opened(30)
        t.redeem(100)
        t.consume(130)
    with T("one whole reset at the network", "Normal", "SES-1 SES-6 SES-8 SES-18 SES-14") as t:
        t.opened(30, "network")
        t.redeem(100, "network")
        t.consume(130)
    for purpose in (1, 2):
        with T(f"purpose {purpose} comes back in the Grant", "Normal", "SES-14 HDR-1") as t:
            t.opened(30, purpose=purpose, mail=True)
            t.redeem(100, k=7)
            t.consume(130)
    with T("epoch 7, serial of one character", "Boundary", "HDR-1 SES-1", epoch=7, serial="7") as t:
        t.opened(30)
        t.redeem(100)
    with T("only the first challenge of a load stores a record; later ones show at once", "Normal", "SES-1 LED-4") as t:
        t.opened(30)
        t.open(31, o="network")
        t.open(41, purpose=1)
        t.load(0)
        t.open(0, "stores", o="network")
        t.confirm("shown")
        t.open(0)
    with T("the network shows a QR alone: no text", "Normal", "SES-18") as t:
        t.opened(30, "network")
    with T("the network shows a text where policy allows the dynamic password", "Normal", "SES-18", network=BOTH) as t:
        t.opened(30, "network")
    with T("a local screen without the dynamic password shows no text", "Normal", "SES-18", local=SECURE) as t:
        t.opened(30)
        t.redeem(60, k=6)
    with T("a network with the dynamic password alone shows a text", "Normal", "SES-18", network=DYNAMIC) as t:
        t.opened(30, "network")
        t.redeem(60, "network", k=1)
    with T("the first open stores; the challenge is not shown when the store fails", "PowerCut", "SES-1 LED-6") as t:
        t.open(30, "stores")
        t.confirm("store-failed", "lost")
        t.open(41, "poisoned")
        t.load(50)
        t.opened(51)


def nonces(T):
    with T("the same entropy twice in one load: opens counts, and uptime", "OneBug", "SES-1") as t:
        t.opened(30, entropy=ENTROPY)
        t.open(30, o="network", entropy=ENTROPY)
        t.open(40, purpose=1, entropy=ENTROPY)
    with T("a dead random generator and the same uptime after a reboot: boots differs", "OneBug", "SES-1 LED-4") as t:
        t.opened(30, entropy=bytes(32))
        t.load(0)
        t.opened(30, entropy=bytes(32))
    with T("lost flash, other entropy", "Normal", "SES-1 LED-2", slots=[bytes(32), bytes(32)]) as t:
        t.opened(30)
        t.flash(0, bytes(32))
        t.flash(1, bytes(32))
        t.load(0)
        t.opened(30)
    with T("uptime beyond 32 bits goes into the nonce with all 64", "OneBug", "SES-1", start=2**40) as t:
        t.opened(2**40 + 30)
        t.redeem(2**40 + 31)
    with T("boots saturated: the nonce takes the stored value", "Saturation", "SES-1 LED-4",
           record=Record(9, 2**32 - 1, 0, (0, 0))) as t:
        t.opened(30)
        t.load(0)
        t.opened(30)
    with T("after an administrator's login the first open of the load stores nothing, and the nonce takes the same boots", "OneBug", "SES-1 LED-4",
           record=Record(9, 4, 0, (1, 0))) as t:
        t.admin(86400, "stores")
        t.confirm("done")
        t.open(86410)


def spacing(T):
    for now, want in [(39, ("too-soon", 1)), (40, "shown"), (30, ("too-soon", 10)), (35, ("too-soon", 5))]:
        with T(f"another challenge {now - 30} seconds after the first", "Boundary", "SES-3", ) as t:
            t.opened(30)
            t.open(now, want, purpose=1)
    with T("after closing, a new challenge of the same header still waits for its ten seconds", "OneBug", "SES-3 SES-16") as t:
        t.opened(30)
        t.close()
        t.open(39, ("too-soon", 1))
        t.open(40)
    with T("the ten seconds are of one origin: the other opens at once", "Normal", "SES-3") as t:
        t.opened(30)
        t.open(30, o="network")
        t.open(31, ("too-soon", 9), purpose=2)
    with T("the ten seconds count from minting, not from showing again", "OneBug", "SES-2 SES-3") as t:
        t.opened(30)
        t.open(38)
        t.open(40, purpose=1)
    with T("after a success the next challenge waits for its ten seconds too", "Normal", "SES-3 SES-8") as t:
        t.opened(30)
        t.redeem(32)
        t.open(39, ("too-soon", 1))
        t.open(40)
    with T("the first challenge after a load does not wait", "Boundary", "SES-3") as t:
        t.opened(30)
        t.load(31)
        t.opened(31)
    with T("an open that was too soon changes nothing: the live challenge still takes its code", "Normal", "SES-3") as t:
        t.opened(30)
        t.open(35, "too-soon", purpose=1)
        t.redeem(36)
    with T("a challenge whose record was never stored does not start the ten seconds", "PowerCut", "SES-3 SES-1") as t:
        t.open(30, "stores")
        t.cut("lost")
        t.load(0)
        t.opened(1)


def replacing(T):
    for after in (1, 9):
        with T(f"busy comes before too-soon: another header at the network {after} seconds later", "Order", "SES-2 SES-3") as t:
            t.opened(30, "network")
            t.open(30 + after, "busy", "network", purpose=2)
            t.redeem(40, "network")
        with T(f"another header at the screen {after} seconds later is too soon, and the old challenge stays", "Order", "SES-2 SES-3") as t:
            t.opened(30)
            t.open(30 + after, ("too-soon", 10 - after), mail=True)
            t.open(30 + after)
            t.redeem(31 + after)
    for keep in (False, True):
        with T(f"the screen closes its own challenge alone{', with keep not even that' if keep else ''}", "Normal", "SES-16") as t:
            t.opened(30)
            t.open(30, o="network")
            t.close(keep)
            t.redeem(31, "network")
            t.submit(t.right(), 32, "stores" if keep else "no-challenge")
            if keep:
                t.confirm("stores")
    with T("closing and withdrawing start no ten seconds, and end none", "Boundary", "SES-16 SES-17 SES-3") as t:
        t.opened(30)
        t.close()
        t.withdraw()
        t.open(39, ("too-soon", 1))
        t.open(40)
        t.withdraw()
        t.open(50, mail=True)
    with T("the same header again: the same challenge, whatever the entropy", "Normal", "SES-2") as t:
        t.opened(30)
        t.open(5000)
        t.redeem(5001, k=3)
    with T("shown again keeps its first time: the code's limit still ends then", "OneBug", "SES-2 SES-13") as t:
        t.opened(30)
        t.open(600)
        t.submit(t.right(), 630, "expired")
    with T("another purpose replaces the challenge at the local screen", "Normal", "SES-2") as t:
        t.opened(30)
        old = t.right()
        t.open(40, purpose=1)
        assert t.right() != old
        t.redeem(41)
    with T("the mail bit makes another header: it replaces", "Normal", "SES-2") as t:
        t.opened(30)
        t.open(40, mail=True)
        t.redeem(41)
    with T("the network does not replace: busy", "Normal", "SES-2") as t:
        t.opened(30, "network")
        t.open(60, "busy", "network", purpose=1)
        t.open(60, "busy", "network", mail=True)
        t.open(61, o="network")
        t.redeem(62, "network")
    with T("busy comes before too-soon", "Order", "SES-2 SES-3") as t:
        t.opened(30, "network")
        t.open(31, "busy", "network", purpose=1)
    with T("the network is free again when its challenge has reached the cap", "Boundary", "SES-2 SES-4", cap=100) as t:
        t.opened(30, "network")
        t.open(129, "busy", "network", purpose=1)
        t.open(130, o="network", purpose=1)
    with T("both origins are live at once, each with its own code", "Normal", "SES-2 SES-11") as t:
        t.opened(30)
        t.open(31, o="network")
        t.redeem(40, "network")
        t.redeem(41)


def closing(T):
    with T("closing withdraws the local challenge", "Normal", "SES-16") as t:
        t.opened(30)
        code = t.right()
        t.close()
        t.submit(code, 40, "no-challenge")
    with T("closing leaves the network's challenge", "Normal", "SES-16") as t:
        t.opened(30)
        t.open(30, o="network")
        t.close()
        t.redeem(40, "network")
    with T("closing with keep leaves the local challenge until the cap", "Normal", "SES-16 SES-4") as t:
        t.opened(30)
        t.close(keep=True)
        t.redeem(5000, k=9)
    with T("keep does not extend the cap", "Boundary", "SES-16 SES-4", cap=3600) as t:
        t.opened(30)
        t.close(keep=True)
        t.submit(t.right(k=9), 3630, "no-challenge")
    with T("keep, then the cap less one second", "Boundary", "SES-16 SES-4", cap=3600) as t:
        t.opened(30)
        t.close(keep=True)
        t.redeem(3629, k=9)
    with T("closing with nothing open", "Boundary", "SES-16") as t:
        t.close()
        t.close(keep=True)
        t.opened(30)
    with T("a changed address withdraws both challenges", "Normal", "SES-17") as t:
        t.opened(30)
        t.open(30, o="network")
        local, network = t.right(), t.right(o="network")
        t.withdraw()
        t.submit(local, 40, "no-challenge")
        t.submit(network, 40, "no-challenge", "network")
    with T("after a withdrawal a new challenge can be opened, ten seconds after the last", "Normal", "SES-17 SES-3") as t:
        t.opened(30, "network")
        t.withdraw()
        t.open(39, ("too-soon", 1), "network", mail=True)
        t.open(40, o="network", mail=True)
        t.redeem(50, "network")
    with T("close and withdraw of a poisoned ledger", "Misuse", "LED-6 SES-16 SES-17") as t:
        t.open(30, "stores")
        t.confirm("store-failed", "lost")
        t.close(want="poisoned")
        t.close(keep=True, want="poisoned")
        t.withdraw("poisoned")


def living(T):
    with T("a network of the secure code alone: its challenge ends after 24 hours, when no code for it can be good", "Boundary Clock", "SES-4 SES-2") as t:
        t.opened(30, "network")
        t.open(86429, "busy", "network", purpose=1)
        t.open(86430, o="network", purpose=1)
    with T("a network of the secure code alone: one second before the 24 hours its challenge is shown again, and its code is good", "Boundary Clock", "SES-4 SES-13") as t:
        t.opened(30, "network")
        t.open(86429, o="network")
        t.redeem(86429, "network", k=9)
    with T("a network of the secure code alone: at 24 hours there is no challenge, and the next has another code", "Boundary Clock", "SES-4 SES-13") as t:
        t.opened(30, "network")
        old = t.right(9, "network")
        t.submit(old, 86430, "no-challenge", "network")
        t.open(86430, o="network")
        assert t.right(9, "network") != old
        t.redeem(86431, "network", k=9)
    with T("a cap of 90,000 seconds does not keep what no code can answer: 24 hours", "Boundary Clock", "SES-4", cap=90000) as t:
        t.opened(30, "network")
        t.open(30)
        t.submit(t.right(9, "network"), 86430, "no-challenge", "network")
        t.redeem(90029, k=5)
    with T("a cap of 90,000 seconds, dynamic password allowed: withdrawn at the cap", "Boundary Clock", "SES-4", cap=90000) as t:
        t.opened(30)
        t.submit(t.right(5), 90030, "no-challenge")
    for o, policy in (("local", {"local": DYNAMIC}), ("network", {"network": DYNAMIC})):
        with T(f"the dynamic password alone ({o}): a second less than 72 hours", "Boundary Clock", "SES-4", **policy) as t:
            t.opened(30, o)
            t.redeem(259229, o, k=5)
        with T(f"the dynamic password alone ({o}): 72 hours", "Boundary Clock", "SES-4", **policy) as t:
            t.opened(30, o)
            t.submit(t.right(5, o), 259230, "no-challenge", o)
    with T("each origin has its own life: the network's is over, the local screen's is not", "Clock OneBug", "SES-4") as t:
        t.opened(30)
        t.open(30, o="network")
        t.submit(t.right(9, "network"), 86430, "no-challenge", "network")
        t.redeem(86430, k=5)
    with T("the same at the local screen, with the secure code alone", "Boundary Clock", "SES-4", local=SECURE) as t:
        t.opened(30)
        t.submit(t.right(9), 86430, "no-challenge")
    with T("a dynamic password allowed at the network: its challenge lives for 72 hours", "Boundary Clock", "SES-4", network=BOTH) as t:
        t.opened(30, "network")
        t.submit(t.right(9, "network"), 86430, "expired", "network")
        t.redeem(259229, "network", k=5)
    with T("secure code alone and a cap of an hour: the cap is the shorter", "Boundary Clock", "SES-4", cap=3600) as t:
        t.opened(30, "network")
        t.submit(t.right(9, "network"), 3630, "no-challenge", "network")
    for cap, k in ((600, 1), (1, 1), (CAP, 5), (60, 9)):
        with T(f"cap {cap}: withdrawn at the cap, whatever k says", "Boundary Clock", "SES-4 SES-13", cap=cap) as t:
            t.opened(30)
            t.submit(t.right(k), 30 + cap, "no-challenge")
        with T(f"cap {cap}: one second before, the code is good", "Boundary Clock", "SES-4 SES-13", cap=cap) as t:
            t.opened(30)
            t.redeem(29 + cap, k=k)
    with T("a challenge does not survive a reboot, though nothing about it is stored", "Normal", "SES-4") as t:
        t.opened(30)
        code = t.right()
        t.load(0)
        t.submit(code, 31, "no-challenge")
        t.opened(40)
        assert t.right() != code
    with T("the cap counts from the showing, not from the load or the last look", "OneBug", "SES-4", cap=100) as t:
        t.opened(90)
        t.open(185)
        t.redeem(189)
    with T("an open at the cap makes a new challenge", "Boundary", "SES-4 SES-2", cap=100) as t:
        t.opened(30)
        old = t.right()
        t.open(130)
        assert t.right() != old
        t.redeem(131)
