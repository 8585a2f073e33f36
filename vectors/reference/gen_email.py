"""email.json"""
import prf
from address import check_address, is_address, mail_tag_mac, mask, open_address, seal_address, stream_blocks, xor_stream
from errors import OrpError
from gen_challenge import D
from header import header, read_header
from vectorfile import VectorFile, sample

NONCE = sample("nonce", 5)
MAIL, PLAIN = header(0, 0, 0, 1), header(0, 0, 0, 0)
ADDRESS = b"jan.de.vries@example.nl"

GOOD = [
    ("one character on each side", "a@b"), ("an ordinary one", "jan.de.vries@example.nl"), ("a plus and a dash", "jan+reset@my-host.example.com"),
    ("no dot in the domain", "root@localhost"), ("upper case stays", "Jan@Example.NL"), ("a digit first, and a part that begins with a mark", "0._x@1.nl"),
    ("marks at the end of a part", "a+-_.b_@x-y.xn--p1ai"), ("the lowest and the highest of each kind", "0+-_AZaz9@09-AZ.az"), ("two dashes inside a label", "a@x--y.nl"),
]
BAD = [
    ("empty", b""), ("one byte", b"a"), ("two bytes", b"a@"), ("three bytes without @", b"abc"), ("255 bytes", b"a" * 249 + b"@b.com"), ("@ alone", b"@@@"),
    ("@ first", b"@example.nl"), ("@ last", b"jan@"), ("two @", b"jan@home@example.nl"), ("two @ side by side", b"jan@@example.nl"),
    ("no @", b"jan.example.nl"), ("a space inside", b"jan vries@example.nl"), ("a space in front", b" jan@example.nl"), ("a space behind", b"jan@example.nl "),
    ("a line feed behind", b"jan@example.nl\n"), ("CR LF and a header: mail injection", b"jan@example.nl\r\nBcc:x@y"), ("a zero byte inside", b"jan\0@example.nl"),
    ("a zero byte behind", b"jan@example.nl\0"), ("a tab", b"jan\t@example.nl"), ("byte 1f", b"a\x1f@b"), ("byte 20", b"a\x20@b"), ("byte 7f", b"a\x7f@b"),
    ("byte 80", b"a\x80@b"), ("byte ff", b"a@\xff"), ("UTF-8 letters", "j\u00e4n@example.nl".encode()), ("a full-width @", "jan\uff20example.nl".encode()),
    ("a dash first: an option of a command", b"-X/var/www/x.php@x"), ("a dash first, else plain", b"-jan@example.nl"), ("a plus first: a formula", b"+jan@example.nl"),
    ("an underscore first", b"_jan@example.nl"), ("a dot first", b".jan@example.nl"), ("a dot before @", b"jan.@example.nl"), ("two dots before @", b"jan..v@example.nl"),
    ("a dot behind @", b"jan@.nl"), ("a dot at the end", b"jan@example.nl."), ("two dots in the domain", b"jan@example..nl"),
    ("two mailboxes", b"a,victim@bank.example"), ("a semicolon", b"a;b@example.nl"), ("a route", b"@a.example:jan@example.nl"), ("a percent route", b"jan%bank.example@example.nl"),
    ("a bang path", b"bank!jan@example.nl"), ("a command", b"`id`@example.nl"), ("a variable", b"a$HOME@example.nl"), ("a pipe", b"a|/bin/sh@x"), ("a path", b"a/b@example.nl"),
    ("markup", b"<img/src=//evil/x>@x"), ("markup in the domain", b"a@b.<svg/onload=alert(1)>"), ("a formula", b"=HYPERLINK(0)@x"), ("an equals sign inside", b"a=b@example.nl"),
    ("an entity", b"a&lt@example.nl"), ("a quoted local part", b'"jan"@example.nl'), ("an apostrophe", b"o'brien@example.nl"), ("a comment", b"jan(x)@example.nl"), ("a backslash", b"a\\b@example.nl"),
    ("an address literal", b"jan@[192.0.2.1]"), ("numbers alone: an Internet address", b"jan@192.0.2.1"), ("a last label that begins with a digit", b"jan@example.1l"),
    ("an underscore in the domain", b"jan@my_host.nl"), ("a plus in the domain", b"jan@a+b.nl"), ("a label that begins with a dash", b"jan@-o.nl"), ("a label that ends with a dash", b"jan@o-.nl"),
    ("the last label ends with a dash", b"jan@o.nl-"), ("a local part of 65", b"a" * 65 + b"@b.com"), ("a label of 64", b"jan@" + b"a" * 64 + b".nl"), ("a last label of 64", b"jan@a." + b"n" * 64),
]


def address_of(n):
    """A valid address of n bytes: the domain as short as may be, its labels as long as may be."""
    local = min(n - 2, 64)
    domain = n - 1 - local
    labels = []
    while domain > 63:
        size = 62 if domain == 64 else 63      # nothing of length 0 is left
        labels.append(b"b" * size); domain -= size + 1
    return b"a" * local + b"@" + b".".join(labels + [b"b" * domain])


def not_canonical():
    """Padded addresses under which T can be right, and which no writer makes."""
    e = ADDRESS
    size = lambda data, n: data + bytes(n - len(data))
    return [
        ("64 bytes where 32 hold it", size(prf.byte(len(e)) + e, 64)),
        ("255 bytes where 32 hold it", size(prf.byte(len(e)) + e, 255)),
        ("a one as the last byte of the padding", size(prf.byte(len(e)) + e, 31) + b"\x01"),
        ("a one right behind the address", size(prf.byte(len(e)) + e + b"\x01", 32)),
        ("a length one too small: the last letter is padding", size(prf.byte(len(e) - 1) + e, 32)),
        ("a length beyond the block", size(prf.byte(32) + e, 32)),
        ("a length of 255 in 32 bytes", b"\xff" + size(e, 31)),
        ("a length of 255 in 255 bytes", b"\xff" + address_of(254)),
        ("a length of 0", bytes(32)),
        ("a length of 1", size(b"\x01a", 32)),
        ("a length of 2", size(b"\x02a@", 32)),
        ("a length one too large: a zero byte in the address", size(prf.byte(len(e) + 1) + e, 32)),
        ("no @", size(b"\x03abc", 32)),
        ("two @", size(b"\x05a@b@c", 32)),
        ("a space", size(b"\x05a b@c", 32)),
        ("a line feed", size(b"\x04a@b\n", 32)),
        ("a byte above 7e", size(b"\x04a@b\x80", 32)),
        ("an @ and a zero byte at the end", b"\x1f" + b"a" * 29 + b"@" + b"\x00"),
        ("two mailboxes", size(b"\x07a,b@c.d", 32)),
        ("a dash first", size(b"\x04-a@b", 32)),
        ("markup in the domain", size(b"\x07a@b.<b>", 32)),
    ]


def generate():
    f = VectorFile("email", "The address on file: padding, sealing, opening, masking, SPEC 11.")
    f.group("Seal")

    def seal(comment, flags, address, hdr=MAIL, nonce=NONCE, K=D, want=None, rules="EML-1 EML-2"):
        def compute():
            e = None if address is None else address.encode("utf-8")
            if e is not None:
                check_address(e)
            if read_header(hdr)[3] != (e is not None):
                raise OrpError("mail-bit")
            p, mac, T, sealed = seal_address(K, hdr, nonce, e)
            return {"pad": p, "tagMac": mac, "T": T, "blocks": stream_blocks(K, T, len(p)), "sealed": sealed}
        f.case(comment, flags, rules, {"deviceKey": K, "hdr": prf.u16(hdr), "nonce": nonce, "address": address}, compute, want)

    for comment, address in GOOD:
        seal(comment, "Normal", address)
    for n in (3, 30, 31, 32, 33, 62, 63, 64, 65, 126, 127, 128, 129, 253, 254):
        seal(f"{n} bytes", "Boundary", address_of(n).decode())
    seal("no address", "Normal", None, PLAIN)
    seal("another nonce: nothing of T or of the stream stays", "Binding", ADDRESS.decode(), nonce=bytes(5))
    seal("another header", "Binding", ADDRESS.decode(), header(2, 7, 1, 1))
    seal("another device", "Binding", ADDRESS.decode(), K=sample("another key"))
    seal("an address without the mail bit", "Malformed", ADDRESS.decode(), PLAIN, want="mail-bit")
    seal("the mail bit without an address", "Malformed", None, want="mail-bit")

    f.group("Open")

    def opened(comment, flags, hdr, T, sealed, K=D, want=None, rules="QR-5 EML-3"):
        p = xor_stream(K, T, sealed)

        def compute():
            e = open_address(K, hdr, NONCE, T, sealed, read_header(hdr)[3])
            return {"address": None if e is None else e.decode("ascii")}
        f.case(comment, flags, rules, {"deviceKey": K, "hdr": prf.u16(hdr), "nonce": NONCE, "T": T, "sealed": sealed}, compute, want, {"pad": p})

    _, _, T, sealed = seal_address(D, MAIL, NONCE, ADDRESS)
    opened("an address", "Normal", MAIL, T, sealed)
    opened("no address", "Normal", PLAIN, seal_address(D, PLAIN, NONCE, None)[2], b"")
    opened("T of no address, with the mail bit in the header of its MAC only", "Forged", PLAIN, seal_address(D, MAIL, NONCE, None)[2], b"", want="tag")
    for i in range(16):
        opened(f"byte {i} of T", "Forged", MAIL, T[:i] + bytes([T[i] ^ 1]) + T[i + 1:], sealed, want="tag")
    for i in (0, 1, 7, 12, 31):
        opened(f"byte {i} sealed", "Forged", MAIL, T, sealed[:i] + bytes([sealed[i] ^ 1]) + sealed[i + 1:], want="tag")
    opened("another key", "Binding", MAIL, T, sealed, sample("another key"), "tag")
    opened("another header", "Binding", header(1, 0, 0, 1), T, sealed, want="tag")
    for comment, p in not_canonical():
        tag = mail_tag_mac(D, MAIL, NONCE, p)[:16]
        opened(comment, "OneBug", MAIL, tag, xor_stream(D, tag, p), want="address")

    f.group("Mask")
    longest = "a" * 64 + "@b." + "c" * 63
    assert is_address(longest.encode())
    for comment, address in GOOD + [
            ("one character before @", "j@google.nl"), ("an ending of two letters", "jan@google.nl"), ("two dots: the last one counts", "jan@mail.google.co.uk"),
            ("an ending of one letter: ignored", "jan@google.n"), ("an ending of 64 with its dot: shown, 73 characters", longest),
            ("an ending of 63 with its dot", longest[:-1]), ("254 bytes", address_of(254).decode()), ("a domain of one character", "jan@x"),
            ("the local part has dots, the domain none", "j.a.n@localhost")]:
        f.add(comment, "Normal", "EML-4", {"address": address}, "valid", {"masked": mask(address.encode())})

    f.group("Address")

    def address(comment, flags, e, want=None):
        def compute():
            check_address(e)
            return {}
        f.case(comment, flags, "EML-1", {"address": e}, compute, want)

    for comment, e in GOOD:
        address(comment, "Normal", e.encode())
    address("254 bytes", "Boundary", address_of(254))
    address("a local part of 64", "Boundary", b"a" * 64 + b"@b.com")
    address("a label of 63", "Boundary", b"jan@" + b"a" * 63 + b".nl")
    address("a last label of 63", "Boundary", b"jan@a." + b"n" * 63)
    for b in range(256):
        for where, e in (("first", bytes([b]) + b"a@b"), ("before @", b"a" + bytes([b]) + b"a@b"), ("behind @", b"a@b" + bytes([b]) + b"b")):
            if b in b"'/:@G[`g{}!#$%&*=?^~|+-._,;" or b in (0, 10, 0x1F, 0x20, 0x7F, 0x80, 0xFF):
                address(f"byte {b:02x} {where}", "Boundary", e, None if is_address(e) else "address")
    for comment, e in BAD:
        address(comment, "Malformed", e, "address")
    return f
