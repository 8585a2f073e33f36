"""Accumulated hashes: SHA-256 over the SHA-256 of each 1,000 lines (see vectors/README.md)."""
import hashlib
from multiprocessing import Pool

import acc_session
import acc_small
import acc_text
from acc_draw import Stream

BLOCK = 1000
FAMILIES = {
    "keys": acc_small.keys, "challenge": acc_text.challenge, "corrections": acc_text.correct, "codes": acc_small.codes,
    "ledger": acc_small.ledger, "sessions": acc_session.sessions, "qr": acc_text.qr, "email": acc_small.email,
}


def line(family, i):
    return FAMILIES[family](Stream(family, i))


def block(job):
    family, first = job
    h = hashlib.sha256()
    for i in range(first, first + BLOCK):
        h.update((line(family, i) + "\n").encode("ascii"))
    return h.digest()


def accumulate(family, counts, processes=2):
    """{count: hash} for each of the counts, multiples of 1,000, in one pass."""
    jobs = [(family, first) for first in range(0, max(counts), BLOCK)]
    out, h = {}, hashlib.sha256()
    with Pool(processes) as pool:
        for n, digest in enumerate(pool.imap(block, jobs, chunksize=1), 1):
            h.update(digest)
            if n * BLOCK in counts:
                out[n * BLOCK] = h.hexdigest()
    return out
