"""Transcripts: submitting, comparing, and what counts."""
from codes import damm, seed, write_code
from ledger import Record, sealed
from transcript import BOTH, DYNAMIC, SECURE
from vectorfile import sample


def add(T):
    readers(T)
    slips(T)
    refusals(T)
    methods(T)
    limits(T)
    outcomes(T)
    bindings(T)


def readers(T):
    for text, want in [("", "empty"), (" - ", "empty"), ("1" * 129, ("too-long", 128)), ("3234-5678-901?", ("alphabet", 13)),
                       ("3234-5678-90O2", ("alphabet", 12)), ("3234-5678-901", ("length", 11)), ("3234-5678-90123", ("length", 13)),
                       ("4H0583BPAG12345-81V3K-9QXD0-4TBWZ-3NE8R", "wrong-kind")]:
        with T(f"not a code, and not counted: {want if isinstance(want, str) else want[0]}", "Malformed Counting", "SES-5 COD-5") as t:
            t.opened(30)
            t.submit(text[:200], 40, want)
            t.redeem(41)
    with T("without a challenge, what cannot be read says so first", "Order", "SES-5") as t:
        t.submit("1", 10, ("length", 1))
        t.submit("000000000000", 11, "no-challenge")
    with T("full-width digits and spaces are read", "Tolerance", "SES-5 COD-5") as t:
        t.opened(30)
        code = "".join(chr(ord(c) + 0xFEE0) for c in t.right())
        t.submit(" " + code + "\n", 40, "stores")
        t.confirm("stores")
        t.confirm("grant")


def slips(T):
    for i in range(12):
        with T(f"one wrong digit at {i}: caught by the check digit, not counted", "Transcription Counting", "SES-5 COD-2") as t:
            t.opened(30)
            d = t.digits()
            d[i] = (d[i] + 1 + i % 9) % 10
            t.submit(write_code(d), 40, "check")
    for i in range(11):
        with T(f"digits {i} and {i + 1} exchanged: caught, not counted", "Transcription Counting", "SES-5 COD-2") as t:
            for n in range(1, 60):
                now = 30 + 10 * n
                t.opened(now, purpose=n % 2) if n == 1 else None
                d = t.digits(1 + n % 5)
                if d[i] != d[i + 1]:
                    break
            d[i], d[i + 1] = d[i + 1], d[i]
            t.submit(write_code(d), 45, "check")
    with T("the check digit started from 0 instead of the seed", "OneBug", "SES-5 COD-2") as t:
        t.opened(30)
        n = 0
        while seed(t.last[0].nonce) == 0:
            n += 1
            t.open(30 + 10 * n, purpose=n % 2)
        d = t.digits()
        d[11] = damm(0, d[:11])
        t.submit(write_code(d), 200, "check")


def refusals(T):
    with T("no challenge: never opened", "Misuse", "SES-5") as t:
        t.submit("1234-5678-9012", 10, "no-challenge")
        t.submit("6234-5678-9012", 10, "no-challenge", "network")
    with T("no challenge at this origin, though the other has one", "Binding", "SES-5") as t:
        t.opened(30)
        t.submit(t.right(6), 40, "no-challenge", "network")
    with T("no challenge comes before check, k and method", "Order", "SES-5") as t:
        t.submit("0000-0000-0000", 10, "no-challenge", "network")
    with T("k = 0 with a right check digit: reserved, not counted", "Boundary", "SES-5 COD-4") as t:
        t.opened(30)
        d = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0]
        t.submit(write_code(d + [damm(seed(t.last[0].nonce), d)]), 40, "reserved-k")
    with T("k = 0 with a wrong check digit: check", "Order", "SES-5") as t:
        t.opened(30)
        d = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0]
        t.submit(write_code(d + [(damm(seed(t.last[0].nonce), d) + 1) % 10]), 40, "check")
    with T("check comes before method", "Order", "SES-5") as t:
        t.opened(30, "network")
        d = t.digits(1, "network")
        d[11] = (d[11] + 1) % 10
        t.submit(write_code(d), 40, "check", "network")
    with T("method comes before expired", "Order", "SES-5") as t:
        t.opened(30, "network")
        t.submit(t.right(1, "network"), 5000, "method", "network")
    with T("expired comes before stopped", "Order", "SES-5", record=Record(5, 1, 0, (0, 100))) as t:
        t.opened(30, "network")
        t.submit(t.right(6, "network"), 630, "expired", "network")
        t.submit(t.right(7, "network"), 630, "stopped", "network")
    with T("expired comes before waiting", "Order", "SES-5", record=Record(5, 1, 0, (255, 0))) as t:
        t.opened(30)
        t.submit(t.right(1), 630, "expired")
        t.submit(t.right(2), 630, ("waiting", 15360 - 630))
    with T("stopped comes before waiting", "Order", "SES-5 SES-10", record=Record(5, 1, 0, (0, 105))) as t:
        t.opened(30, "network")
        t.submit(t.right(o="network"), 31, "stopped", "network")
    with T("check comes before reserved-k, at the network too", "Order", "SES-5", network=BOTH) as t:
        t.opened(30, "network")
        d = [0] * 11
        t.submit(write_code(d + [(damm(seed(t.last[1].nonce), d) + 3) % 10]), 31, "check", "network")
        t.submit(write_code(d + [damm(seed(t.last[1].nonce), d)]), 31, "reserved-k", "network")
    with T("method comes before expired, at a local screen without secure codes", "Order", "SES-5", local=DYNAMIC) as t:
        t.opened(30)
        t.submit(t.right(6), 630, "method")
        t.submit(t.right(1), 630, "expired")
    with T("method comes before stopped and waiting", "Order", "SES-5", record=Record(5, 1, 0, (5, 100)), local=DYNAMIC) as t:
        t.opened(30)
        t.open(30, o="network")
        t.submit(t.right(6), 31, "method")
        t.submit(t.right(1, "network"), 31, "method", "network")
    with T("expired comes before stopped, to the second", "Order Boundary", "SES-5", record=Record(5, 1, 0, (0, 255))) as t:
        t.opened(30, "network")
        t.submit(t.right(8, "network"), 28829, "stopped", "network")
        t.submit(t.right(8, "network"), 28830, "expired", "network")
    with T("expired comes before waiting, to the second", "Order Boundary", "SES-5", record=Record(5, 1, 0, (50, 0))) as t:
        t.opened(30)
        t.submit(t.right(7), 3629, ("waiting", 15360 - 3629))
        t.submit(t.right(7), 3630, "expired")
    with T("resets at its maximum stays there, at the network", "Saturation", "SES-8", record=Record(5, 1, 2**32 - 1, (0, 3))) as t:
        t.opened(30, "network")
        t.redeem(40, "network")
    with T("twenty refusals of every kind count nothing", "Counting", "SES-5", network=SECURE) as t:
        t.opened(30)
        t.open(30, o="network")
        for i in range(5):
            t.submit("12345", 40 + i, "length")
            t.submit(t.right(1, "network"), 40 + i, "method", "network")
            d = t.digits()
            d[11] = (d[11] + 1) % 10
            t.submit(write_code(d), 40 + i, "check")
            t.submit("?", 40 + i, ("alphabet", 0))
        t.redeem(50)


def methods(T):
    for k in range(1, 10):
        with T(f"k = {k} at the local screen with both methods", "Normal", "COD-4 SES-14") as t:
            t.opened(30)
            t.redeem(31, k=k)
    for k in range(1, 6):
        with T(f"k = {k} at the network: a dynamic password is not allowed", "Binding", "SES-5") as t:
            t.opened(30, "network")
            t.submit(t.right(k, "network"), 31, "method", "network")
    for k in range(6, 10):
        with T(f"k = {k} at the network", "Normal", "SES-5") as t:
            t.opened(30, "network")
            t.redeem(31, "network", k=k)
    with T("a local screen with the dynamic password alone", "Binding", "SES-5", local=DYNAMIC) as t:
        t.opened(30)
        t.submit(t.right(6), 31, "method")
        t.redeem(31, k=5)
    with T("a policy without any method at an origin", "Boundary", "SES-5 SES-18", local=()) as t:
        t.open(30, "method")
        t.submit("1234-5678-9012", 31, "no-challenge")
        t.open(32, "method", purpose=7 - 5)
        t.opened(33, "network")
    with T("a network without any method", "Boundary", "SES-5 SES-18", network=()) as t:
        t.open(30, "method", "network")
        t.submit("6234-5678-9012", 31, "no-challenge", "network")
        t.opened(32)
        t.open(33, "method", "network")
        t.redeem(34)
    with T("no method anywhere: the administrator's login still clears", "Boundary", "SES-5 SES-15", local=(), network=(), record=Record(5, 1, 0, (3, 4))) as t:
        t.open(30, "method")
        t.open(31, "method", "network")
        t.admin(86400, "stores")
        t.confirm("done")
    with T("an origin without a method: pending and poisoned come first", "Order", "SES-5 LED-6 LED-7", local=()) as t:
        t.open(30, "stores", "network")
        t.open(31, "pending")
        t.confirm("store-failed", "lost")
        t.open(32, "poisoned")
    with T("an origin without a method: method comes before stale, for no record is wanted", "Order", "SES-5 LED-5", local=()) as t:
        t.flash(1, sealed(t.K, Record(9, 1, 0, (0, 0))))
        t.open(30, "method")
        t.open(31, "stale", "network")
    with T("k changed by the owner: the digits belong to the k they were made for", "Binding", "COD-1 SES-7") as t:
        t.opened(30)
        d = t.digits(1)
        d[0] = 5
        d[11] = damm(seed(t.last[0].nonce), d[:11])
        t.submit(write_code(d), 31, "stores")
        t.confirm("rejected")


def limits(T):
    from header import LIMIT
    for k, limit in LIMIT.items():
        o = "local"
        with T(f"k = {k}: refused from {limit} seconds on", "Boundary Clock", "SES-13") as t:
            t.opened(30, o)
            t.submit(t.right(k), 30 + limit, "no-challenge" if limit == 259200 else "expired")
        with T(f"k = {k}: good at {limit - 1} seconds", "Boundary Clock", "SES-13") as t:
            t.opened(30, o)
            t.redeem(29 + limit, k=k)
    with T("an expired code leaves the challenge: a longer one still works", "Normal", "SES-13") as t:
        t.opened(30)
        t.submit(t.right(1), 700, "expired")
        t.redeem(701, k=2)


def outcomes(T):
    with T("a wrong code counts, says rejected, and the challenge stays", "Counting", "SES-6 SES-7 ERR-2") as t:
        t.opened(30)
        t.guess(40)
        t.guess(41)
        t.redeem(42)
    for n in range(1, 10, 4):
        with T(f"the last of the ten digits differs by {n}: all ten are compared", "OneBug", "SES-7 COD-1") as t:
            t.opened(30)
            t.submit(t.wrong(n=n), 40, "stores")
            t.confirm("rejected")
    for i in range(1, 11):
        with T(f"d{i} alone is wrong, check digit right: fails a comparison of fewer digits", "OneBug", "SES-7 COD-1") as t:
            t.opened(30)
            d = t.digits()
            d[i] = (d[i] + 5) % 10
            d[11] = damm(seed(t.last[0].nonce), d[:11])
            t.submit(write_code(d), 40, "stores")
            t.confirm("rejected")
    with T("guesses at the network leave the local screen's count", "Counting", "SES-7 SES-11") as t:
        t.opened(30)
        t.open(30, o="network")
        for i in range(4):
            t.guess(40 + i, "network")
        t.redeem(50)
    with T("a success at the network leaves the local failures", "Counting", "SES-11", record=Record(5, 1, 3, (7, 8))) as t:
        t.opened(30, "network")
        t.redeem(40, "network")
    with T("a success at the local screen clears both", "Counting", "SES-11", record=Record(5, 1, 3, (7, 8))) as t:
        t.opened(30)
        t.redeem(40)
    with T("a success at the local screen frees a stopped network", "Counting", "SES-10 SES-11", record=Record(5, 1, 3, (7, 100))) as t:
        t.opened(30)
        t.open(30, o="network")
        t.submit(t.right(o="network"), 31, "stopped", "network")
        t.redeem(40)
        t.redeem(41, "network")
    with T("the same right code twice: the challenge is gone after the first", "Replay", "SES-8") as t:
        t.opened(30)
        code = t.right()
        t.redeem(40)
        t.submit(code, 41, "no-challenge")
    with T("the right code again after the next challenge", "Replay", "SES-8 COD-2") as t:
        t.opened(30)
        old = t.digits()
        t.redeem(40)
        t.open(41)
        old[11] = damm(seed(t.last[0].nonce), old[:11])
        t.submit(write_code(old), 42, "stores")
        t.confirm("rejected")
    with T("resets at its maximum stays there", "Saturation", "SES-8", record=Record(5, 1, 2**32 - 1, (0, 0))) as t:
        t.opened(30)
        t.redeem(40)
    with T("three resets in one load: seq by two for each, boots once", "Normal", "LED-4 SES-8") as t:
        t.opened(30)
        t.redeem(31)
        t.open(40)
        t.redeem(41)
        t.open(50)
        t.redeem(51)


def bindings(T):
    def foreign(t, digits):
        digits[11] = damm(seed(t.last[0].nonce), digits[:11])
        t.submit(write_code(digits), 50, "stores")
        t.confirm("rejected")

    with T("a code for the other purpose, its check digit made right", "Binding", "COD-1 SES-7") as t:
        t.opened(30)
        d = t.digits()
        t.open(40, purpose=1)
        foreign(t, d)
    with T("a code of the network's challenge at the local screen", "Binding", "COD-1 SES-7") as t:
        t.opened(30)
        t.open(30, o="network")
        foreign(t, t.digits(6, "network"))
    with T("a code of the same challenge under another device's key", "Binding", "COD-1 KEY-1") as t:
        t.opened(30)
        foreign(t, t.digits(1, K=sample("another key")))
    with T("a code for the challenge of before the reboot", "Replay Binding", "COD-1 SES-4") as t:
        t.opened(30)
        d = t.digits()
        t.load(0)
        t.opened(30)
        foreign(t, d)
    with T("a code for the challenge that was replaced", "Replay Binding", "SES-2") as t:
        t.opened(30)
        d = t.digits()
        t.open(40, mail=True)
        foreign(t, d)
    with T("ten zeros, check digit right", "Forged", "SES-7") as t:
        t.opened(30)
        foreign(t, [1] + [0] * 11)
