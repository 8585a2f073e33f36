"""Which fields of a vector somebody reads who sees no more than offline_reset.h: json.loads(text, object_hook=Seen), then `differ`."""
BESIDE = {"tcId", "comment", "flags", "rules", "scheme", "lesson", "info", "result", "done"}  # for people, or other fields say it too
UNSEEN = {  # what stays inside the library, and what is no input of its functions
    "accumulated/Accumulated": "cases family hash", "challenge_read/ChallengeRead": "tag", "challenge_read/ChallengeVerify": "tagMac",
    "challenge_write/ChallengeWrite": "check serialValues symbols14 tag tagMac tagMessage", "codes/CodeRead": "check digits k",
    "codes/CodeWrite": "check digits mac message seed x", "email/Open": "pad", "email/Seal": "blocks pad tagMac",
    "keys/DemonstrationKey": "deviceKey error serial", "keys/DeviceCheck": "mac message",
    "ledger/Load": "boots slot", "ledger/Seal": "bytes mac record.boots", "ledger/Unseal": "mac record.boots",
    "lessons/Lesson": "vector.check vector.digits vector.mac vector.message vector.seed vector.tagMac vector.x "
                      "vector.steps.expect.state.boots vector.steps.expect.state.seq vector.steps.expect.state.slot",
    "qr/QrRead": "T sealed", "qr/QrWrite": "T pad payload sealed tagMac",
    "sessions/Session": "steps.expect.state.boots steps.expect.state.seq steps.expect.state.slot",
}


class Seen(dict):
    def __init__(self, fields):
        super().__init__(fields)
        self.read = set()

    def __getitem__(self, name):
        self.read.add(name)
        return super().__getitem__(name)

    def get(self, name, default=None):
        return self[name] if name in self else default

    def whole(self, but=None):
        """All of it, read."""
        return {name: value.whole() if isinstance(value := self[name], Seen) else value for name in self if name != but}


def unread(values):
    """The fields of objects that were read in none of them; of those that were read, their own fields."""
    values = [v for value in values for v in (value if isinstance(value, list) else [value]) if isinstance(v, Seen)]
    for name in {name for value in values for name in value} - BESIDE:
        if any(name in value.read for value in values):
            yield from (f"{name}.{rest}" for rest in unread([dict.get(value, name) for value in values]))
        else:
            yield name


def differ(family, tests):
    """What is read and listed in UNSEEN, or neither."""
    return [f"{family}: {name} is read and in UNSEEN (vectors/reference/seen.py), or neither" for name in set(unread(tests)) ^ set(UNSEEN.get(family, "").split())]
