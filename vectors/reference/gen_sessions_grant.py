"""Transcripts: the Grant, its time, and its independence of the ledger."""
from ledger import Record
from transcript import BOTH


def add(T):
    for after, want in [(0, "done"), (599, "done"), (600, "grant-expired"), (601, "grant-expired"), (10**6, "grant-expired"), (-1, "grant-expired")]:
        with T(f"a Grant consumed {after} seconds after it was given" if after >= 0 else "a Grant consumed at an uptime below its own", "Boundary Clock", "SES-14") as t:
            t.opened(30)
            t.redeem(1000, k=5)
            t.consume(1000 + after, want)
    with T("the Grant's time is the submit's, not the confirm's nor the showing's", "OneBug", "SES-14") as t:
        t.opened(30)
        t.redeem(500)
        t.consume(1099)
    with T("a Grant outlives a withdrawal and a close", "Normal", "SES-14 SES-16 SES-17") as t:
        t.opened(30)
        t.redeem(40)
        t.withdraw()
        t.close()
        t.consume(50)
    def granted(t):
        t.opened(30)
        t.redeem(40)
        t.open(50)
        t.submit(t.wrong(), 51, "stores")

    with T("a Grant is consumed while a record is pending, which is confirmed afterwards", "Normal", "SES-14 LED-7") as t:
        granted(t)
        t.consume(60)
        t.confirm("rejected")
    with T("a Grant is void after 600 seconds while a record is pending too", "Boundary", "SES-14 LED-7") as t:
        granted(t)
        t.consume(640, "grant-expired")
        t.confirm("rejected")
    with T("a Grant is consumed though the ledger is poisoned", "Normal", "SES-14 LED-6") as t:
        granted(t)
        t.confirm("store-failed", "lost")
        t.consume(60)
    with T("a Grant is consumed though a record was given up", "Normal", "SES-14 LED-7") as t:
        granted(t)
        t.give_up()
        t.consume(60)
    with T("consuming a Grant does not touch the ledger: the last uptime seen stays", "OneBug Clock", "SES-14 SES-12") as t:
        t.opened(30)
        t.redeem(40)
        t.open(50)
        t.consume(500)
        t.redeem(51)
    with T("the handle names the Grant; another does not, and leaves it", "Normal", "SES-22") as t:
        t.consume_by_handle(bytes(16), 10, "no-grant")
        t.opened(30)
        handle = t.redeem(40).handle
        for bit in (0, 64, 127):
            t.consume_by_handle(bytes(x ^ (0x80 >> bit % 8 if i == bit // 8 else 0) for i, x in enumerate(handle)), 41, "no-grant")
        t.consume_by_handle(handle, 42)
        t.consume_by_handle(handle, 43, "no-grant")
    with T("a handle after 600 seconds: the Grant is void, and then gone", "Boundary", "SES-22 SES-14") as t:
        t.opened(30)
        handle = t.redeem(40).handle
        t.consume_by_handle(handle, 640, "grant-expired")
        t.consume_by_handle(handle, 640, "no-grant")
    with T("an old handle does not name the next Grant", "Replay", "SES-22") as t:
        t.opened(30)
        old = t.redeem(40).handle
        t.open(50)
        new = t.redeem(51).handle
        assert old != new
        t.consume_by_handle(old, 52, "no-grant")
        t.consume_by_handle(new, 52)
    with T("the handle takes the reset count, the uptime, the header and the nonce: at their highest", "Boundary", "SES-22 SES-14", record=Record(5, 1, 2**32 - 2, (0, 0)), epoch=7, network=BOTH) as t:
        t.opened(2**53 - 100, "network", purpose=2, mail=True)
        t.redeem(2**53 - 50, "network")
        t.consume(2**53 - 49)
    with T("a lost ledger begins its count of resets anew, and the handle is another", "OneBug", "SES-22", slots=[bytes(32), bytes(32)]) as t:
        handles = []
        for start in (0, 20000):
            t.load(start)
            t.opened(start + 15360, entropy=bytes(32))
            handles.append(t.redeem(start + 15360, k=5).handle)
            for slot in (0, 1):
                t.flash(slot, bytes(32))
        assert handles[0] != handles[1] and t.player.grant.resets == 1
    with T("no Grant before the clearing record is read back", "PowerCut OneBug", "SES-8") as t:
        t.opened(30)
        code = t.right()
        t.submit(code, 40, "stores")
        t.confirm("stores")
        t.confirm("store-failed", "torn:16")
        t.load(0)
        t.submit(code, 41, "no-challenge")
    with T("the reset count in the Grant is the new one", "Normal", "SES-14", record=Record(5, 1, 41, (0, 0))) as t:
        t.opened(30)
        assert t.redeem(40).resets == 42
    with T("both methods, one after the other: the Grant says which", "Normal", "SES-14", network=BOTH) as t:
        t.opened(30, "network")
        t.redeem(40, "network", k=1)
        t.consume(41)
        t.open(50, o="network")
        t.redeem(51, "network", k=6)
        t.consume(52)
