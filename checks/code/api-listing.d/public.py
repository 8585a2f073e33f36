"""The functions of the public API, out of api.txt: for the checks that have to look at each, so that one that is added is not forgotten.

    python3 -B checks/code/api-listing.d/public.py LISTING MIR [EXCUSED...]

prints which of them are not called in MIR (rustc --emit=mir -Ztrim-diagnostic-paths=no), and how many are. hazmat is left out.
"""
import os
import re
import sys

LISTING = os.path.join(os.path.dirname(os.path.abspath(__file__)), "api.txt")
# Types that are a secret, or hold one.
SECRET = re.compile(r"\boffline_reset::(RootKey|DeviceKey|Genuine|GenuineQr|UnsealedAddress|Code|Grant)\b")
EXCUSED = {
    "Genuine::challenge", "GenuineQr::genuine", "Grant::origin", "Grant::purpose", "Grant::session",  # hand out a part, and leave the secret unread
    "demonstration_key",  # everybody knows that key
}  # fmt: skip


def bare(path):
    """Without generics and lifetimes, and with the type in place of its impl, inherent or of a trait."""
    path = re.sub(r"^(?:\w+::)*<impl (.*?)>::(\w+)(::<.*)?$", r"\1::\2", path)
    path = re.sub(r"^<(.*?) as .*>::(\w+)(::<.*)?$", r"\1::\2", path)
    found = 1
    while found:
        path, found = re.subn(r"(::)?<[^<>]*>", "", path)
    return path


def functions(text):
    """By name, their lines; those that convert from several types count as one."""
    lines = re.findall(r"^pub (?:\w+ )*fn .*", text, re.M)
    named = {bare(re.search(r"fn (.*?)\(", line)[1]).removeprefix("offline_reset::"): line for line in lines}
    return {name: line for name, line in named.items() if not name.startswith("hazmat::")}


def called(mir):
    """Functions of the library that are called, as `functions` names them."""
    calls = (bare(call) for call in re.findall(r" = (.*?)\([^()]*\) -> \[", mir))
    return {call.removeprefix("offline_reset::") for call in calls if call.startswith("offline_reset::")}


def unwatched(operations, excused, text):
    """Functions that take, make or hold a secret, less those that ran as an operation of that name and the excused; and what needs none."""
    judged = {name for name, line in functions(text).items() if SECRET.search(line)}
    return sorted((judged - {operation.split(",")[0] for operation in operations}) ^ excused)


def complete(operations, excused=EXCUSED):
    """As `unwatched`, of api.txt; a function that is planted there has to be missed."""
    with open(LISTING, encoding="utf-8") as file:
        text = file.read()
    planted = "pub fn offline_reset::Ledger::forgotten(&self, &offline_reset::DeviceKey)"
    missing = unwatched(operations, excused, text)
    if unwatched(operations, excused, f"{text}\n{planted}\n") != sorted([*missing, "Ledger::forgotten"]):
        sys.exit("A function that nothing looks at was not missed: see checks/code/api-listing.d/public.py.")
    return missing


def main(listing, mir, *excused):
    with open(listing, encoding="utf-8") as file:
        listed = set(functions(file.read()))
    with open(mir, encoding="utf-8") as file:
        missing = listed - called(file.read())
    wrong = missing ^ set(excused)
    print(*(sorted(wrong) or [f"{len(listed) - len(missing)} of {len(listed)}"]), sep="\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main(*sys.argv[1:])
