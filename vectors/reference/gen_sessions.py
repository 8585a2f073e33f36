"""sessions.json"""
import gen_sessions_clock
import gen_sessions_flash
import gen_sessions_grant
import gen_sessions_load
import gen_sessions_misuse
import gen_sessions_open
import gen_sessions_submit
import gen_sessions_wait
from session import check_cap
from transcript import Sessions


def generate():
    f = Sessions("sessions", "Transcripts of a device, SPEC 9 and 10. Each begins with a load.")
    f.group("Session")
    for part in (gen_sessions_open, gen_sessions_submit, gen_sessions_grant, gen_sessions_wait, gen_sessions_clock,
                 gen_sessions_flash, gen_sessions_misuse, gen_sessions_load):
        part.add(f.transcript)
    f.group("Policy")
    for cap, want in ((0, "cap"), (1, None), (259200, None), (259201, "cap"), (2**32 + 1, "cap")):
        f.case(f"a cap of {cap} seconds", "Boundary", "SES-4", {"cap": cap}, lambda: check_cap(cap) or {}, want)
    return f
