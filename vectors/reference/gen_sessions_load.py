"""Transcripts: loads from flash of every kind, and counters at their maximum."""
from gen_challenge import D
from gen_sessions_flash import FF, rec
from ledger import BLANK, GENESIS, Record, sealed
from vectorfile import sample


def add(T):
    def whole(t):
        t.opened(30)
        t.guess(31)
        t.guess(32)
        t.redeem(33)

    for comment, slots in [
            ("from the factory, slot 1 zeros", [sealed(D, GENESIS), BLANK]), ("from the factory, slot 1 ff", [sealed(D, GENESIS), FF]),
            ("newest in slot 1", [rec(4), rec(5)]), ("newest in slot 0", [rec(6), rec(5)]), ("genesis in slot 1", [FF, sealed(D, GENESIS)]),
            ("equal copies: the first record goes to slot 1", [rec(5), rec(5)]), ("newest torn", [rec(4, 1, 0, (1, 0)), rec(5)[:20] + FF[20:]])]:
        with T(f"records go to the slot that does not hold the newest: {comment}", "Normal", "LED-3 LED-4 LED-2", slots=slots) as t:
            whole(t)
    for comment, slots in [
            ("both blank", [BLANK, FF]), ("contradictory", [rec(5, 9, 1), rec(5, 2, 7)]),
            ("of another device", [rec(5, K=sample("another key")), FF]), ("both torn", [rec(4)[:8] + FF[8:], rec(5)[:30] + BLANK[30:]])]:
        with T(f"a ledger {comment}: saturated, then whole again after one success", "Saturation", "LED-2 LED-3 SES-9 SES-10", slots=slots) as t:
            t.opened(30)
            t.submit(t.right(5), 15359, ("waiting", 1))
            t.redeem(15360, k=5)
            t.load(0)
            t.opened(30, "network")
            t.redeem(31, "network")
    with T("seq at its maximum: it stays, and two different records of it contradict each other at the next load", "Saturation", "LED-4 LED-2",
           record=Record(2**32 - 1, 1, 0, (0, 0))) as t:
        t.opened(30)
        t.guess(31)
        t.load(0)
        t.opened(30)
    with T("seq one below its maximum", "Saturation", "LED-4", record=Record(2**32 - 2, 1, 0, (0, 0))) as t:
        t.opened(30)
        t.redeem(31)
    with T("boots grows by one with the first record of each load, and not with the others", "Normal", "LED-4") as t:
        for i in range(3):
            t.opened(30)
            t.guess(31 + i)
            t.load(0)
        t.load(0)
        t.opened(30)
    with T("loads that store nothing leave boots", "Normal", "LED-4 SES-15") as t:
        for i in range(4):
            t.load(i)
        t.admin(10, "done")
        t.opened(30)
