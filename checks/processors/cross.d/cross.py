"""Building for the processors of recorders and running there, from Debian's packages alone: nothing is downloaded by rustup.

Debian's rustc-web brings the compiler for every target and the sources of the standard library; that is built once per target into a
private sysroot, which all checks share. qemu is 7.2 of Debian main: the backport has no plugins in its user mode.
"""
import functools
import os
import re
import shutil
import sys
from dataclasses import dataclass

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "lib"))
import check  # noqa: E402
from check import ROOT, TOOLS, done, need  # noqa: E402

HERE = os.path.join(ROOT, "checks", "processors", "cross.d")
MANIFEST = os.path.join(HERE, "Cargo.toml")
WORK = os.path.join(ROOT, "target", "checks", "cross")
QEMU_SYSTEM = os.path.join(TOOLS, "qemu-system", "usr", "bin", "qemu-system-arm")
LLVM = "22"  # whose linker is taken
SOFT, COMPACT = 'sha2_backend="soft"', 'sha2_backend_soft="compact"'
ZEROED, UNSCRUBBED = "offline_reset_zeroed", "offline_reset_unscrubbed"


@dataclass(frozen=True)
class Target:
    """What a target takes to be built for, and to run on."""

    name: str
    triple: str
    packages: tuple
    linker: str
    run: tuple  # before the program
    std: bool = True
    link_args: tuple = ()

    @property
    def environment(self):
        """Cargo's name of the target in an environment variable."""
        return self.triple.upper().replace("-", "_")


def linux(name, triple, gnu, packages, qemu, *cpu):
    return Target(name, triple, ("qemu-user", *packages), f"{gnu}-gcc", (qemu, *cpu, "-L", f"/usr/{gnu}"))


def bare(name, triple, machine):
    qemu = (QEMU_SYSTEM, "-machine", machine, "-nographic", "-monitor", "none", "-serial", "none", "-semihosting-config")
    return Target(name, triple, (f"lld-{LLVM}",), f"ld.lld-{LLVM}", qemu, False, ("-Tlink.x",))


ARMV7 = linux("armv7", "armv7-unknown-linux-gnueabihf", "arm-linux-gnueabihf",
              ("gcc-arm-linux-gnueabihf", "libc6-dev-armhf-cross"), "qemu-arm", "-cpu", "cortex-a7")
AARCH64 = linux("aarch64", "aarch64-unknown-linux-gnu", "aarch64-linux-gnu",
                ("gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross"), "qemu-aarch64", "-cpu", "cortex-a53")
BIG_ENDIAN = linux("s390x", "s390x-unknown-linux-gnu", "s390x-linux-gnu",
                   ("gcc-s390x-linux-gnu", "libc6-dev-s390x-cross"), "qemu-s390x")
THUMBV7EM = bare("thumbv7em", "thumbv7em-none-eabi", "mps2-an386")
THUMBV6M = bare("thumbv6m", "thumbv6m-none-eabi", "microbit")
WASM = Target("wasm32", "wasm32-unknown-unknown", (f"lld-{LLVM}",), f"wasm-ld-{LLVM}", (), False)


def alone(what):
    """They run side by side, and share the sysroots, the plugins and the tools."""
    os.makedirs(WORK, exist_ok=True)
    return check.alone(os.path.join(WORK, f"lock-{what}"))


def qemu_system():
    """qemu-system-arm unpacked beside the tools: installed, 7.2 would remove a newer qemu-utils."""
    if os.path.exists(QEMU_SYSTEM):
        return
    need(["apt-get", "update", "-qq"])
    versions = re.findall(r"^ *qemu-system-arm \| (1:7\.2\S*)", need(["apt-cache", "madison", "qemu-system-arm"]), re.M)
    if not versions:
        check.fail("no qemu-system-arm 7.2: is this Debian 12?")
    package = f"qemu-system-arm={versions[0]}"
    needs = need(["apt-cache", "show", package])
    check.debian(*re.findall(r"\b(lib[a-z0-9.+-]+)", re.search(r"^Depends: (.*)$", needs, re.M)[1]))
    directory = os.path.join(TOOLS, "qemu-system")
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(directory)
    need(["apt-get", "download", "-qq", package], cwd=directory)
    (archive,) = os.listdir(directory)
    need(["dpkg", "-x", archive, "."], cwd=directory)


def install(*targets):
    """What building for these targets and running on them takes."""
    with alone("packages"):
        of_targets = {name for target in targets for name in target.packages}
        check.debian("rustc-web", "cargo-web", "rust-web-src", "gcc", "libc6-dev", "binutils", *of_targets)
        if any("-machine" in target.run for target in targets):
            qemu_system()


@functools.cache
def compiler():
    return re.search(r"rustc (\S+)", need(["/usr/bin/rustc", "--version"]))[1]


def toolchain():
    """Debian's, whatever rustup has; nightly's flags, for -Zbuild-std."""
    ours = {"RUSTC": "/usr/bin/rustc", "RUSTC_BOOTSTRAP": "1", "CARGO_TERM_COLOR": "never"}
    ours_alone = ("RUSTUP_", "RUSTFLAGS", "CARGO_BUILD_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours_alone)}
    return inherited | ours


def sysroot(target, std=True):
    """A directory for rustc's --sysroot with the target's std, if it has one and that is asked for, or its core; built on first use."""
    std = std and target.std
    directory = os.path.join(WORK, f"sysroot-{'std' if std else 'core'}-{compiler()}")
    libraries = os.path.join(directory, "lib", "rustlib", target.triple, "lib")
    with alone(target.name):
        if not os.path.isdir(libraries):
            build_std(target, libraries, std)
    return directory


def build_std(target, libraries, std):
    """The target's core or std, put where a sysroot has it."""
    crate = os.path.join(WORK, "empty", target.triple)
    os.makedirs(os.path.join(crate, "src"), exist_ok=True)
    with open(os.path.join(crate, "Cargo.toml"), "w", encoding="utf-8") as file:
        file.write('[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2024"\n\n[workspace]\n')
    with open(os.path.join(crate, "src", "lib.rs"), "w", encoding="utf-8") as file:
        file.write("#![no_std]\n")
    build = os.path.join(WORK, "build-std", target.triple)
    # with bitcode, as the std that rustup brings: what is built on it can be optimised as one; tests unwind
    environment = toolchain() | {"RUSTFLAGS": "-Cembed-bitcode=yes", "CARGO_PROFILE_RELEASE_PANIC": "unwind" if target.std else "abort"}
    need(["/usr/bin/cargo", "build", "-q", "--release", "--target", target.triple, "--target-dir", build,
          f"-Zbuild-std={'std,test' if std else 'core'}", "-Zbuild-std-features=panic-unwind"], cwd=crate, env=environment)
    built = os.path.join(build, target.triple, "release", "deps")
    partial = f"{libraries}.partial"
    os.makedirs(partial, exist_ok=True)
    for name in os.listdir(built):
        if name.endswith(".rlib") and not name.startswith("libempty-"):
            shutil.copy(os.path.join(built, name), partial)
    os.rename(partial, libraries)
    shutil.rmtree(build)


def cargo(target, command, *, manifest, profile="release", level=None, cfgs=(), directory="", environment=(), std=True):
    """Runs cargo for a target; the directory with what was built, and cargo's output. Each cfg is told to the packages alone that ask for
    it, so that the others are built once for all that differ in these."""
    place = os.path.join(WORK, target.name)
    rustflags = [f"--sysroot={sysroot(target, std)}", *(f"-Clink-arg={arg}" for arg in target.link_args)]
    variables = toolchain() | {
        "CARGO_TARGET_DIR": place,
        "CARGO_ENCODED_RUSTFLAGS": "\x1f".join(rustflags),
        f"CARGO_TARGET_{target.environment}_LINKER": target.linker,
    } | dict(environment)
    if target.run:
        variables[f"CARGO_TARGET_{target.environment}_RUNNER"] = " ".join(target.run)
    if level:
        variables["CARGO_PROFILE_RELEASE_OPT_LEVEL"] = level
    words = ["/usr/bin/cargo", *command[:1], "--locked", "--target", target.triple, "--manifest-path", manifest, *command[1:]]
    if profile == "release":
        words.insert(2, "--release")
    for name in ("sha2", "offline-reset", "probe"):
        if flags := ", ".join(f"'--cfg={cfg}'" for cfg in cfgs if cfg.startswith("sha2") == (name == "sha2")):
            words += ["--config", f"profile.{profile}.package.{name}.rustflags=[{flags}]"]
    words.append("-Zprofile-rustflags")
    built = os.path.join(place, target.triple, "release" if profile == "release" else "debug")
    if command[0] == "build":
        # programs of one name that differ in their flags, each where no other is put
        flags = (re.sub(r'.*_|"', "", cfg.split("=")[-1]) for cfg in cfgs)
        built = os.path.join(place, "-".join(("built", *filter(None, (level, *flags, directory)))))
        words += ["-Zunstable-options", "--artifact-dir", built]
    return built, done(words, env=variables)


def run(target, program, *arguments, plugin=None, timeout=3600):
    """Runs a built program in qemu; what it printed. A plugin is an instrument, as `count`."""
    command = list(target.run)
    if "-machine" in command:
        command.append(",".join(["enable=on,target=native", *(f"arg={word}" for word in ("program", *arguments))]))
        command += [*(["-plugin", plugin] if plugin else []), "-kernel", program]
    else:
        command += [*(["-plugin", plugin] if plugin else []), program, *arguments]
    return done(command, timeout=timeout)


def probe(target, level, *cfgs, lto="fat"):
    """The program of probe/, built; its rows of a scan are what `scan` reads."""
    directory, result = cargo(target, ["build", "-q", "-p", "probe"], manifest=MANIFEST, level=level, cfgs=cfgs, directory=f"lto-{lto}",
                              environment={"CARGO_PROFILE_RELEASE_LTO": lto})
    if result.returncode:
        check.fail(f"{result.stderr}\nchecks/processors/cross.d/probe does not build for {target.name}: has the API changed, or Cargo.lock?")
    return os.path.join(directory, "probe")


def scan(target, program):
    """Each operation's key-dependent bytes left on the stack, how far down they go, and the stack that it used."""
    result = run(target, program, "scan")
    rows = re.findall(r"^(.*?) +(\d+) key-dependent, down to +(\d+); stack used +(\d+)$", result.stdout, re.M)
    if result.returncode or not rows:
        check.fail(f"{result.stdout}{result.stderr}\nprobe did not run to its end on {target.name}")
    operations = {}
    for name, *figures in rows:  # the worst, where one is there twice
        operations[name] = tuple(map(max, zip(map(int, figures), operations.get(name, (0, 0, 0)))))
    return operations


def plugin(name):
    """A plugin for qemu: `count` counts executed instructions, `trace` says which they are."""
    os.makedirs(WORK, exist_ok=True)
    library = os.path.join(WORK, f"{name}.so")
    with alone(name):
        flags = ("-std=c99", "-Wall", "-Wextra", "-Werror", "-O2", "-shared", "-fPIC")
        need(["gcc", *flags, "-o", f"{library}.new", os.path.join(HERE, f"{name}.c")])
        os.replace(f"{library}.new", library)  # another check's qemu may be about to load it
    return library


def per_call(target, program, word, plugin):
    """Instructions of one call, exactly: the difference of twelve and two, by ten."""
    counts = []
    for calls in ("02", "12"):  # texts of one length, so that reading them takes the same
        result = run(target, program, word, calls, plugin=plugin)
        if result.returncode:
            check.fail(f"{result.stdout}{result.stderr}\nprobe did not run to its end on {target.name}")
        counts.append(int(re.search(r"(\d+) instructions", result.stderr)[1]))
    return (counts[1] - counts[0]) / 10


if __name__ == "__main__":
    # what every check here needs, at once: checks that run side by side cannot all ask apt
    install(ARMV7, AARCH64, BIG_ENDIAN, THUMBV7EM, THUMBV6M, WASM)
