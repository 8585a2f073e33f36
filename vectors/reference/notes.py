"""The flags of all files, in Wycheproof's sense: what kind of bug a test is after."""

NOTES = {
    "Normal": ("BASIC", "A plain case that every implementation must get right."),
    "Boundary": ("EDGE_CASE", "The last value inside a bound, or the first outside."),
    "Tolerance": ("FUNCTIONALITY", "What a reader must forgive."),
    "Malformed": ("MISSING_STEP", "Input that a reader must refuse."),
    "Order": ("FUNCTIONALITY", "Two faults at once: the error of the SPEC's order counts."),
    "Unicode": ("EDGE_CASE", "Characters outside ASCII; positions count characters, limits count bytes of UTF-8."),
    "Transcription": ("FUNCTIONALITY", "A mistake people make with what they read, hear or type."),
    "Forged": ("AUTH_BYPASS", "A MAC that is not right."),
    "PowerCut": ("MISSING_STEP", "Power or the flash fails at the worst moment."),
    "SecondOwner": ("MISSING_STEP", "Somebody else writes the flash while the ledger is loaded."),
    "Clock": ("EDGE_CASE", "Uptime at a boundary, or going backwards."),
    "Wait": ("MISSING_STEP", "The wait after failures, to the second."),
    "Counting": ("AUTH_BYPASS", "What counts as a failure, what does not, and what clears."),
    "Saturation": ("ARITHMETIC", "A counter at its maximum."),
    "Binding": ("AUTH_BYPASS", "A code or a MAC of another device, challenge, purpose, origin or method."),
    "Replay": ("AUTH_BYPASS", "Something used a second time."),
    "Misuse": ("MISSING_STEP", "A caller that leaves out a step, or takes one twice."),
    "OneBug": ("WRONG_PRIMITIVE", "Made to fail one particular mistaken implementation, named in the comment."),
    "Lesson": ("KNOWN_BUG", "Would have caught a mistake of a scheme in the field."),
    "Accumulated": ("BASIC", "One hash over many generated cases."),
}
