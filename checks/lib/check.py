"""What the checks in Python share. A check says what it shows: `check.shows = "WebAssembly"`."""
import contextlib
import fcntl
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOOLS = os.path.join(ROOT, "target", "tools")
shows = os.path.basename(sys.argv[0])
os.environ["PATH"] = os.path.join(TOOLS, "bin") + os.pathsep + os.environ["PATH"]
os.environ["CARGO_TERM_COLOR"] = "never"


def fail(*lines):
    """The findings, and what to do."""
    print(*lines, f"{shows}: NOT shown", sep="\n")
    sys.exit(1)


def done(command, **options):
    """Runs a command to its end; its output is text."""
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def need(command, **options):
    """What a command printed that has to succeed."""
    result = done(command, **options)
    if result.returncode:
        fail(result.stdout[-6000:], result.stderr[-6000:], f"{' '.join(map(str, command))}: failed")
    return result.stdout


@contextlib.contextmanager
def alone(place):
    """One check at a time holds this file or directory: they run side by side."""
    file = os.open(place, os.O_RDONLY if os.path.isdir(place) else os.O_RDWR | os.O_CREAT)
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(file)


def debian(*names):
    """Installs packages that are missing."""
    installed = done(["dpkg-query", "-W", "-f=${Package} ${db:Status-Status}\n", *names]).stdout.split("\n")
    missing = [name for name in names if f"{name} installed" not in installed]
    if missing:
        with alone("/var/lib/dpkg"):
            need(["apt-get", "update", "-qq"])
            need(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=600", *missing],
                 env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})


def tool(crate, version):
    """Installs a program of crates.io into target/tools; cargo lets one install at a time."""
    if f"{crate} v{version}:" not in done(["cargo", "install", "--list", "--root", TOOLS]).stdout.split("\n"):
        need(["cargo", "install", "-q", crate, "--locked", "--version", version, "--root", TOOLS],
             env=os.environ | {"CARGO_TARGET_DIR": os.path.join(ROOT, "target")})
