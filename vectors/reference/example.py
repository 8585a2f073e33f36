"""The worked example of SPEC 19, between its two marks."""
import prf
from address import stream_blocks
from challenge import CROCKFORD, check_symbols, first20, serial_values, symbols14, tag_mac, write_challenge
from codes import code_digits
from ledger import BLANK, GENESIS, sealed
from play import Player
from qr import write_qr
from session import grant_mac
from vectorfile import sample

BEGIN, END = "<!-- example:begin -->", "<!-- example:end -->"
WIDTH = 124


def wrap(name, value):
    """`name = value`, continued on lines that begin under the value."""
    head = f"    {name:<16}= " if name else " " * 22
    room = WIDTH - len(head)
    parts = [value[i:i + room] for i in range(0, len(value), room)] or [""]
    return [(head if i == 0 else " " * len(head)) + p for i, p in enumerate(parts)]


def example():
    out = []

    def title(text):
        out.extend(["", "    # " + text])

    def row(name, value):
        if isinstance(value, bytes):
            value = value.hex()
        if isinstance(value, list):
            value = " ".join(map(str, value))
        out.extend(wrap(name, str(value)))

    def play(step, want):
        outcome = player.do(step)
        assert type(outcome).__name__ == want, outcome
        return outcome

    def record(what, stores):
        r = player.device.L.pending[2]
        row(what, f"slot {stores.slot}: seq {r.seq}, boots {r.boots}, resets {r.resets}, fail {list(r.fail)}")
        row("", stores.bytes)

    def after(what):
        L = player.device.L
        yes = lambda x: "yes" if x else "no"
        two = lambda values: "[" + ", ".join("none" if v is None else yes(v) if isinstance(v, bool) else str(v) for v in values) + "]"
        live = ["none" if x is None else "shown " + str(x.shown) for x in L.live]
        row("L after " + what, f"seq {L.seq}, boots {L.boots}, resets {L.resets}, fail {two(L.fail)}, slot {L.slot}, fresh {yes(L.fresh)}, opens {L.opens}, seen {L.seen},")
        row("", f"since {two(L.since)}, waived {two(L.waived)}, live {two(live)}, minted {two(L.minted)}, pending {yes(L.pending)}, poisoned {yes(L.poisoned)}")

    root, serial, epoch = sample("example root"), "4H0583BPAG12345", 0
    K = prf.device_key(root, serial)
    title("Keys (section 4)")
    row("R[0]", root)
    row("serial", serial)
    row("root_message", prf.root_message(serial))
    row("D", K)
    row("check of R[0]", prf.HMAC(root, prf.root_check_message(epoch))[:4])
    row("check of D", prf.key_check(K, serial))
    title("The factory's ledger (section 9)")
    row("genesis", GENESIS.bytes())
    row("slot 0", sealed(K, GENESIS))
    row("slot 1", BLANK)

    player = Player(K, serial, epoch, 259200, (("dynamic-password", "secure-code"), ("secure-code",)), [sealed(K, GENESIS), BLANK])
    player.do({"op": "load", "now": 0})
    after("load")
    entropy = sample("example entropy")
    title("Open at the local screen, uptime 30, purpose 0, an address on file (sections 5, 6, 10.1)")
    stores = play({"op": "open", "origin": "local", "purpose": 0, "mail": True, "entropy": entropy, "now": 30}, "Stores")
    row("entropy", entropy)
    row("nonce message", prf.F_message(prf.NONCE, player.device.nonce_input))
    row("nonce MAC", prf.F(K, prf.NONCE, player.device.nonce_input))
    record("record stored", stores)
    after("open")
    shown = play({"op": "confirm", "fault": "none"}, "Shown")
    after("show")
    hdr, nonce = shown.hdr, shown.nonce
    row("nonce", nonce)
    row("hdr", prf.u16(hdr))
    row("tag message", prf.F_message(prf.TAG, prf.u16(hdr) + nonce))
    mac = tag_mac(K, hdr, nonce)
    tag = first20(mac)
    v14 = symbols14(hdr, nonce, tag)
    check = check_symbols(serial, v14)
    row("tag MAC", mac)
    row("tag", f"{tag} (20 bits: {tag:05x})")
    row("serial values", serial_values(serial))
    row("v[0:14]", v14)
    row("check", check)
    row("symbols", "".join(CROCKFORD[v] for v in v14 + check))
    row("text", shown.text)
    assert shown.text == write_challenge(serial, hdr, nonce, tag)

    title("The same challenge as a QR, address jan@example.nl (section 11)")
    e = b"jan@example.nl"
    _, p, mail_mac, T, hidden, data, text = write_qr(K, serial, 0, epoch, 0, True, nonce, e, "ORP1:")
    row("pad(e)", p)
    row("mail MAC", mail_mac)
    row("T", T)
    row("stream block 0", stream_blocks(K, T, len(p))[0])
    row("sealed", hidden)
    row("payload", data)
    row("text", text)
    row("by URL", write_qr(K, serial, 0, epoch, 0, True, nonce, e, "HTTPS://RESET.EXAMPLE.COM/R/")[6])

    title("The answer: k = 2, dynamic password for one hour (section 8)")
    c = code_digits(K, 2, hdr, nonce)
    row("code message", c.message)
    row("code MAC", c.mac)
    row("X", f"{c.x:016x}")
    row("d1..d10", c.all[1:11])
    row("seed(nonce)", c.seed)
    row("c", c.all[11])
    row("code", c.text())

    title("Submit at uptime 200: store, read back, compare, store, read back, Grant (section 10.2)")
    record("attempt stored", play({"op": "submit", "origin": "local", "session": 7, "text": c.text(), "now": 200}, "Stores"))
    after("submit")
    record("reset stored", play({"op": "confirm", "fault": "none"}, "Stores"))
    after("compare")
    grant = play({"op": "confirm", "fault": "none"}, "Grant")
    after("grant")
    row("handle message", prf.F_message(prf.HANDLE, prf.u32(grant.resets) + prf.u64(grant.at) + prf.u16(hdr) + nonce))
    mac = grant_mac(K, grant.resets, grant.at, hdr, nonce)
    row("handle MAC", mac)
    row("handle", mac[:16])
    assert grant.handle == mac[:16]
    row("Grant", f"origin local, purpose {grant.purpose}, {grant.method}, reset {grant.resets}, session {grant.session}, until uptime {grant.at + 599}")
    return "\n".join(["", "```"] + [line[4:].rstrip() for line in out[1:]] + ["```", ""])


def spliced(spec):
    """The SPEC's text with the example in its place."""
    before, rest = spec.split(BEGIN)
    _, after = rest.split(END)
    return before + BEGIN + example() + END + after
