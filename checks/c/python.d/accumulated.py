"""The reference's generated cases (vectors/README.md, 'Accumulated vectors'), with the library beside it: wherever the reference reads,
answers, verifies, loads or plays, the library does so as well, on the same inputs, and has to agree."""
from types import SimpleNamespace

import acc_session
import acc_small
import acc_text
import play
import prf
import through
from accumulate import FAMILIES, line
from errors import OrpError
from ledger import Ledger
from qr import APP, base32, payload, read_qr
from vectors import compare, same


def outcome(function, *arguments):
    try:
        return "ok", function(*arguments)
    except OrpError as e:
        return "error", e.name, e.argument or 0


def beside(reference, ours, seen=lambda value: value):
    """The reference's function, which compares what is `seen` of its value with what ours gives for the same arguments."""
    def both(*arguments):
        theirs = outcome(reference, *arguments)
        expected = ("ok", seen(theirs[1])) if theirs[0] == "ok" else theirs
        same(outcome(ours, *arguments), expected, f"{reference.__name__}{arguments!r}: ")
        return reference(*arguments)
    return both


def carried(reference, ours):
    """Beside, for an address that a QR can carry."""
    both = beside(reference, ours)

    def where_carried(K, hdr, nonce, T, sealed, mail):
        text = APP + base32(payload("ANY", hdr, nonce, T, sealed))
        return (both if outcome(read_qr, text)[0] == "ok" else reference)(K, hdr, nonce, T, sealed, mail)
    return where_carried


def ledger(K, slots, _):
    states, _, numbers, resets, fail = through.ledger(K, slots)
    return states, max(numbers, default=0), resets, fail


def load(K, slots, now):
    """boots and the slot stay inside."""
    states = [acc_small.slot_state(K, slot) for slot in slots]
    return beside(Ledger, ledger, lambda L: (states, L.seq, L.resets, list(L.fail)))(K, slots, now)


class Player(play.Player):
    """The reference's player, with the library's beside it."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.ours, self.given = through.Player(*arguments), None

    def do(self, step):
        out = super().do(step)
        expect = play.outcome_json(out)
        for part in expect.values():
            if isinstance(part, dict):
                part.update({name: value.hex() for name, value in part.items() if isinstance(value, bytes)})
        self.given = compare(step, self.ours.do(step), expect, self.given)
        state = super().state()
        same(self.ours.state(), {name: state[name] for name in ("resets", "fail", "poisoned")}, f"state after {step['op']}: ")
        return out


def put_beside():
    acc_small.prf = SimpleNamespace(root_message=beside(prf.root_message, through.root_message),
                                    device_key=beside(prf.device_key, through.device_key))
    acc_text.read_challenge = beside(acc_text.read_challenge, through.read_challenge, lambda c: (c.serial, c.hdr, c.nonce, c.text()))
    acc_text.verify_challenge = beside(acc_text.verify_challenge, lambda K, c: through.verify_challenge(K, c.text()), lambda _: None)
    acc_text.corrections = beside(acc_text.corrections, through.corrections)
    acc_text.read_qr = beside(acc_text.read_qr, through.read_qr, lambda q: (q.serial, q.hdr, q.nonce))
    written = lambda q: APP + base32(payload(q.serial, q.hdr, q.nonce, q.T, q.sealed))  # noqa: E731
    acc_text.verify_qr = beside(acc_text.verify_qr, lambda K, q: through.verify_qr(K, written(q)))
    acc_small.code_digits = beside(acc_small.code_digits, through.code_text, lambda code: code.text())
    acc_small.read_code = beside(acc_small.read_code, through.read_code, lambda _: None)
    acc_small.check_address = beside(acc_small.check_address, lambda e: through.mask(e) and None, lambda _: None)
    acc_small.mask = beside(acc_small.mask, through.mask)
    acc_small.open_address = carried(acc_small.open_address, lambda *arguments: through.open_address(*arguments[:-1]))
    acc_small.Ledger = load
    acc_session.Player = Player


def check(cases):
    """How many families; raises what disagrees, with the case's number."""
    put_beside()
    for family in FAMILIES:
        for i in range(cases):
            try:
                line(family, i)
            except Exception as e:
                raise type(e)(f"{family}, case {i}: {e}") from None
    return len(FAMILIES)
