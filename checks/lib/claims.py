"""checks/claims.toml, read and held to the executables in checks/*/. For checks/render and checks/run."""
import os
import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PLACE = ROOT / "checks" / "claims.toml"
RESULTS = ROOT / "target" / "checks" / "results.json"  # of the last run, by checks/run
FORMS = "quick", "full", "long"  # a longer form has all of a shorter one
OWN = "long", "hand"  # entries of a claim with a command of their own; by hand is in no form
NEEDED = {"says", "limits", "figure", "at"}
KNOWN = NEEDED | {"promises", "theme", "id", "form", "frozen", "command", "seconds", "measured", "varies", "alone", *OWN}
PROSE = {"says", "limits", "measured"}


class Wrong(Exception):
    pass


def parse(text):
    """The themes with their sentence, and the claims by id."""
    themes, claims = {}, {}
    for theme, entries in tomllib.loads(text).items():
        themes[theme] = " ".join(entries.pop("says").split())
        for name, claim in entries.items():
            if name in claims:
                raise Wrong(f"{name} is two claims")
            for key in PROSE & claim.keys():
                claim[key] = " ".join(claim[key].split())
            claims[name] = {"theme": theme, "id": name, "form": "full", "command": f"checks/{theme}/{name}", "promises": [], **claim}
    return themes, claims


def executables():
    """Theme and name of each check."""
    found = (path for path in ROOT.glob("checks/*/*") if path.is_file() and os.access(path, os.X_OK))
    return {(path.parent.name, path.name) for path in found if path.parent.name not in ("lib", "defects")}


def in_cargo_test(claim):
    return claim["command"].startswith("cargo test ")


def faults(claims, promises, checks):
    """What is wrong with the claims, a line each."""
    found = []
    for name, claim in claims.items():
        found += [f"{name}: no {key}" for key in sorted(NEEDED - claim.keys()) if not in_cargo_test(claim) or key in PROSE]
        found += [f"{name}: {key} is unknown" for key in sorted(claim.keys() - KNOWN)]
        found += [f"{name}: {promise} is no promise of SPEC.md" for promise in claim["promises"] if promise not in promises]
        if claim["form"] not in FORMS:
            found.append(f"{name}: {claim['form']} is no form")
        test = in_cargo_test(claim) and (ROOT / "tests" / f"{claim['command'].split()[-1]}.rs").exists()
        if (claim["theme"], name) not in checks and not test and "frozen" not in claim:
            found.append(f"{name}: a claim without its check, {claim['command']}")
    found += [f"checks/{theme}/{name} is in no claim" for theme, name in sorted(checks)
              if claims.get(name, {}).get("theme") != theme]
    carried = {promise for claim in claims.values() for promise in claim["promises"]}
    return found + [f"{promise} is carried by no claim" for promise in promises if promise not in carried]


def job(claim, form):
    """The entry's key, command, figure and seconds with which a claim is in a form; None where it is not."""
    if "frozen" in claim or in_cargo_test(claim) or FORMS.index(form) < FORMS.index(claim["form"]):
        return None
    key, own = (f"{claim['id']}.{form}", claim[form]) if form in claim else (claim["id"], claim)
    return key, own["command"], own["figure"], own.get("seconds", 0)


def in_part(last):
    """Whether the machine could not look at all that the check judges."""
    return re.search("not looked at|not measured", last)


def differs(claim, figure, last):
    """Whether a counted figure is another one than was recorded; None where nothing is to be compared."""
    if "measured" in claim or in_part(last):
        return None
    counted = [re.sub(claim.get("varies", "(?!)"), "~", text) for text in (figure, last)]
    return counted[0] != counted[1]


def commit():
    """Of the tree as it is; with a + where it has changes that are not committed, but for what checks/render writes."""
    def git(*arguments):
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    written = [f":!{path}" for path in ("checks/claims.toml", "checks/README.md", "docs/assurance.md")]
    return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain", "--untracked-files=no", "--", ".", *written) else "")
