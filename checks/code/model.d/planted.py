"""Puts a switch for each planted defect into a copy of src/: planted.py DIRECTORY. Prints: number, scenario, promises by number, what it is."""
import sys

DEFECTS = [
    # what, scenario, the promises that it has to break (any of them, and no other counts), [(file, old, new)]; @ is the switch
    ("a wrong code is told before it is counted", "everything", "7", [
        ("session/submit.rs", "        let count = |new", "        if @ && !is_right(key, code.guess(term), live) {\n            return Err(SubmitError::Check);\n        }\n        let count = |new")]),
    ("compared without reading the count back", "everything", "2", [
        ("session/store.rs", "if *target.of(slots) != sealed {", "if *target.of(slots) != sealed && !(@ && matches!(then, Then::Compare(..))) && !(crate::planted(3) && matches!(then, Then::Grant(..))) {")]),
    ("a Grant before its record is stored", "everything", "2", []),
    ("opening refills", "everything", "3", [
        ("session/open.rs", "|_| {}, Then::Show", "|new| if @ { new.fail = crate::header::PerOrigin::both(0) }, Then::Show")]),
    ("closing refills, in RAM", "everything", "3 4", [
        ("session.rs", "self.live.local = None;", "self.live.local = None;\n            if @ {\n                self.record.fail.local = 0;\n            }")]),
    ("each session its own copy of the ledger, never compared with the flash", "copy", "4", [
        ("session/store.rs", "if slots.iter().any(newer) {", "if slots.iter().any(newer) && !@ {")]),
    ("the cap ignored", "expiry", "10", [
        ("session/submit.rs", ".min(u64::from(policy.cap))", ".min(if @ { u64::MAX } else { u64::from(policy.cap) })"),
        ("session/policy.rs", "pub(super) const fn life", "pub(super) fn life"),
        ("session/policy.rs", "if longest < cap {", "if longest < cap || @ {")]),
    ("a challenge stays after its match", "reuse", "0", [
        ("session/submit.rs", "        *ledger.live.get_mut(origin) = None;", "        if !@ {\n            *ledger.live.get_mut(origin) = None;\n        }")]),
    ("a success at the network clears the screen's failures", "everything", "3", [
        ("session/submit.rs", "Origin::Network => new.fail.network = 0,", "Origin::Network if @ => new.fail = PerOrigin::both(0),\n                Origin::Network => new.fail.network = 0,")]),
    ("written over the newest record", "everything", "3", [
        ("session/store.rs", "let target = self.slot.other();", "let target = if @ { self.slot } else { self.slot.other() };"),
        ("session/steps.rs", "pub const fn slot(&self)", "pub fn slot(&self)"),
        ("session/steps.rs", "                self.ledger.slot.other()", "                if @ { self.ledger.slot } else { self.ledger.slot.other() }")]),
    ("a lost ledger begins at no failures", "boundaries", "10", [
        ("record.rs", "resets: 0, fail: SATURATED,", "resets: 0, fail: if @ { PerOrigin::both(0) } else { SATURATED },")]),
    ("a load ends the wait", "boundaries", "5", [
        ("session.rs", "since: PerOrigin::both(now),", "since: PerOrigin::both(if @ { Uptime::from_secs(0) } else { now }),")]),
    ("the network never stops", "boundaries", "10", [
        ("session.rs", "failures >= NETWORK_STOP {", "failures >= NETWORK_STOP && !@ {")]),
    ("loads are not counted, the generator is dead", "everything", "9", [
        ("session/store.rs", "self.record.boots.saturating_add(u32::from(self.fresh))", "self.record.boots.saturating_add(u32::from(self.fresh && !@))")]),
    ("a failed store does not poison", "everything", "8", [
        ("session/store.rs", "            self.poisoned = true;\n            return Err(StoreError::StoreFailed)", "            self.poisoned = !@;\n            return Err(StoreError::StoreFailed)")]),
    ("challenges outlive a backward step", "everything", "10", [
        ("session.rs", "            self.live = PerOrigin::both(None);\n            self.since", "            if !@ {\n                self.live = PerOrigin::both(None);\n            }\n            self.since")]),
    ("a pending record refuses nothing", "everything", "8", [
        ("session.rs", "const fn usable", "fn usable"),
        ("session.rs", "        if self.pending.is_some() {\n            Err", "        if self.pending.is_some() && !@ {\n            Err")]),
    ("a Grant for ever", "reuse", "10", [
        ("session/grant.rs", "|| now.since(self.at) >= GRANT_VALIDITY.as_secs() {", "|| (now.since(self.at) >= GRANT_VALIDITY.as_secs() && !@) {")]),
    ("every login clears", "copy", "10", [
        ("session/submit.rs", "let lately = self.has_cleared", "let lately = !@ && self.has_cleared")]),
    ("the code's k is not in what is compared", "expiry", "1", [
        ("session/submit.rs", "Subject::new(guess.term, live", "Subject::new(if @ { crate::term::Term::SecureCode10Min } else { guess.term }, live")]),
    ("challenges as often as one likes", "everything", "10", [
        ("session/open.rs", "passed < OPEN_INTERVAL.as_secs() {", "passed < OPEN_INTERVAL.as_secs() && !@ {")]),
    ("the network's challenge is not withdrawn", "reuse", "10", [
        ("session.rs", "        self.live = PerOrigin::both(None);\n        Ok(())", "        self.live.local = None;\n        if !@ {\n            self.live = PerOrigin::both(None);\n        }\n        Ok(())")]),
]

for number, (what, scenario, promises, changes) in enumerate(DEFECTS, 1):
    for file, old, new in changes:
        path = f"{sys.argv[1]}/{file}"
        with open(path, encoding="utf-8") as source:
            text = source.read()
        if text.count(old) != 1:
            sys.exit(f"{what}: src/{file} has this {text.count(old)} times, and not once: {old}")
        with open(path, "w", encoding="utf-8") as source:
            source.write(text.replace(old, new.replace("@", f"crate::planted({number})")))
    print(number, scenario, promises.replace(" ", ","), what)
