"""issuing.json"""
from challenge import first20, read_challenge, tag_mac, verify_challenge, write_challenge
from gen_challenge import D, SERIAL
from header import header
from issuing import answer, secure_code
from qr import read_qr, verify_qr, write_qr
from vectorfile import VectorFile, sample

NONCE = sample("nonce", 5)
ADDRESS = b"jan.de.vries@example.nl"


def generate():
    f = VectorFile("issuing", "Answers at the vendor, SPEC 12: which k for which challenge, and where a secure code goes.")

    def typed(origin=0, mail=0):
        hdr = header(0, 0, origin, mail)
        return write_challenge(SERIAL, hdr, NONCE, first20(tag_mac(D, hdr, NONCE)))

    def qr(origin=0, mail=0):
        return write_qr(D, SERIAL, 0, 0, origin, mail, NONCE, ADDRESS if mail else None, "ORP1:")[6]

    def verified(text):
        if text.startswith("ORP1:"):
            q = read_qr(text)
            return q, verify_qr(D, q)
        c = read_challenge(text)
        verify_challenge(D, c)
        return c, None

    f.group("Answer")
    for name, text in (("typed", typed()), ("QR", qr()), ("typed, an address on file", typed(mail=1)), ("QR with an address", qr(mail=1)), ("QR of the network", qr(1, 1))):
        for k in range(11):
            want = None if 1 <= k <= 9 else "reserved-k"
            f.case(f"{name}, k = {k}", "Boundary" if want else "Normal", "ISS-2 ISS-3 COD-4", {"deviceKey": D, "text": text, "k": k},
                   lambda: {"code": answer(D, verified(text)[0], k).text()}, want)

    f.group("SecureCode")

    def secure(comment, flags, text, k, want=None):
        def compute():
            q, address = verified(text)
            to, code = secure_code(D, q, address, k)
            return {"address": to.decode("ascii"), "code": code.text()}
        f.case(comment, flags, "ISS-3", {"deviceKey": D, "text": text, "k": k}, compute, want)

    for k in range(11):
        secure(f"with an address, k = {k}", "Normal" if k > 5 else "Binding", qr(mail=1), k, "reserved-k" if k in (0, 10) else "method" if k < 6 else None)
        secure(f"none on file, k = {k}", "Malformed" if 0 < k < 10 else "Order", qr(), k, "reserved-k" if k in (0, 10) else "none-on-file")
    secure("of the network", "Normal", qr(1, 1), 9)
    return f
