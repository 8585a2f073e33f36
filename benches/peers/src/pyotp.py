"""Verifies one code n times for each number n on stdin, and prints the nanoseconds: PyOTP's row, asked by otp.rs."""
import base64
import datetime
import hashlib
import sys
import time

import pyotp

key, now, right, wrong = sys.argv[1:]
totp = pyotp.TOTP(base64.b32encode(bytes.fromhex(key)).decode(), digits=8, digest=hashlib.sha256)
now = datetime.datetime.fromtimestamp(int(now), datetime.timezone.utc)
if not totp.verify(right, for_time=now) or totp.verify(wrong, for_time=now):
    sys.exit("PyOTP does not tell right from wrong")
for line in sys.stdin:
    start = time.perf_counter_ns()
    for _ in range(int(line)):
        totp.verify(right, for_time=now)
    print(time.perf_counter_ns() - start, flush=True)
