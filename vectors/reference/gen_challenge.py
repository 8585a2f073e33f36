"""challenge_write.json"""
import prf
from challenge import check_symbols, first20, serial_values, symbols14, tag_mac, write_challenge
from header import ORIGINS, header
from vectorfile import VectorFile, sample

SERIAL = "4H0583BPAG12345"
D = prf.device_key(sample("root 0"), SERIAL)


def generate():
    f = VectorFile("challenge_write", "Typed challenges as a device writes them, SPEC 5 and 6.1, 6.2.")
    f.group("ChallengeWrite")

    def case(comment, flags, rules, serial=SERIAL, purpose=0, epoch=0, origin=0, mail=False, nonce=sample("nonce", 5), K=D,
             want=None):
        inputs = {"deviceKey": K, "serial": serial, "purpose": purpose, "epoch": epoch, "origin": ORIGINS[origin],
                  "mail": mail, "nonce": nonce}

        def compute():
            prf.check_serial(serial)
            hdr = header(purpose, epoch, origin, mail)
            mac = tag_mac(K, hdr, nonce)
            v14 = symbols14(hdr, nonce, first20(mac))
            return {"hdr": prf.u16(hdr), "tagMessage": prf.F_message(prf.TAG, prf.u16(hdr) + nonce), "tagMac": mac,
                    "tag": first20(mac), "serialValues": serial_values(serial), "symbols14": v14,
                    "check": check_symbols(serial, v14), "text": write_challenge(serial, hdr, nonce, first20(mac))}

        f.case(comment, flags, rules, inputs, compute, want)

    case("a recorder's challenge", "Normal", "CHL-1 CHL-2 CHL-3")
    for purpose in (1, 2):
        case(f"purpose {purpose}", "Normal", "CHL-1 HDR-1", purpose=purpose)
    for epoch in range(1, 8):
        case(f"epoch {epoch}", "Normal", "CHL-1 HDR-1", epoch=epoch)
    case("an address is on file", "Normal", "HDR-1 CHL-1", mail=True)
    case("network origin, where policy allows a typed challenge", "Normal", "HDR-1 CHL-1", origin=1)
    case("every header field at its highest", "Boundary", "HDR-1 CHL-1", purpose=2, epoch=7, origin=1, mail=True)
    case("the nonce is all zeros", "Boundary", "CHL-1", nonce=bytes(5))
    case("the nonce is all ones", "Boundary", "CHL-1", nonce=b"\xff" * 5)
    case("nonce 1: bit order within the eight symbols", "OneBug", "CHL-1", nonce=bytes(4) + b"\x01")
    case("nonce 80..00: fails little-endian symbols", "OneBug", "CHL-1", nonce=b"\x80" + bytes(4))
    case("a serial of one character", "Boundary", "CHL-1 CHL-3", serial="7")
    case("a serial of 20 characters: the text has 44", "Boundary", "CHL-1 CHL-3", serial="9876543210ZYXWVUTSRQ")
    case("O, I, L and U in the serial are written verbatim", "OneBug", "CHL-1 CHL-3", serial="OILUOILU")
    case("the same with the digits they resemble: another check", "OneBug", "CHL-3", serial="011U011U")
    case("a serial of letters only: high bits 2", "Normal", "CHL-3", serial="ABCXYZ")
    case("a serial of digits only: high bits 1", "Normal", "CHL-3", serial="0123456789")
    case("another device's key changes the tag and the check", "Binding", "CHL-2", K=sample("another key"))
    case("a device key of zeros but for one bit", "Boundary", "CHL-2", K=bytes(31) + b"\x01")

    def find(test):
        for i in range(10**6):
            nonce = sample(f"search {i}", 5)
            tag = first20(tag_mac(D, header(0, 0, 0, 0), nonce))
            v14 = symbols14(header(0, 0, 0, 0), nonce, tag)
            if test(tag, check_symbols(SERIAL, v14)):
                return nonce
        raise AssertionError

    case("a tag below 2^15: its first symbol is 0; fails tags written without leading zeros", "OneBug", "CHL-1 CHL-2",
         nonce=find(lambda tag, check: tag < 2**15))
    case("a tag below 2^10: its first two symbols are 0", "OneBug", "CHL-2",
         nonce=find(lambda tag, check: tag < 2**10))
    case("a check whose first symbol is 0", "OneBug", "CHL-3", nonce=find(lambda tag, check: check[0] == 0))
    case("a check whose last symbol is 0", "OneBug", "CHL-3", nonce=find(lambda tag, check: check[5] == 0))
    case("a check with the highest symbol first", "Boundary", "CHL-3", nonce=find(lambda tag, check: check[0] == 31))

    for comment, serial in [
            ("no serial", ""), ("21 characters", "A" * 21), ("lower case", "4h0583bpag12345"), ("a dash", "4H-0583"),
            ("a space", "4H 0583"), ("a full-width letter", "\uff21B"), ("a letter with an accent", "\u00c9A"),
            ("a zero byte", "4H\0"), ("U+0040", "@A"), ("U+005B", "A["), ("U+002F", "/1"), ("U+003A", "1:")]:
        case("serial refused: " + comment, "Malformed", "KEY-3 CHL-1", serial=serial, want="serial")
    return f
