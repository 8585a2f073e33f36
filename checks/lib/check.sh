# What the checks in shell share. A check names what it shows, then reads this:
#
#     shows='the C ABI'
#     source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
#
# It is then in the repository's root, $repository; $work is a directory that goes with it.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2
repository=$PWD
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
export CARGO_TERM_COLOR=never PATH=$repository/target/tools/bin:$PATH

# fail LINE...: the findings, and what to do
fail() {
  printf '%s\n' "$@" "$shows: NOT shown"
  exit 1
}

# debian PACKAGE...: installs those that are missing; one check asks apt at a time
debian() {
  local missing=() package
  command -v dpkg-query >/dev/null || return 0
  for package; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] || DEBIAN_FRONTEND=noninteractive flock /var/lib/dpkg sh -c 'apt-get update -qq && apt-get install -y -qq \
    --no-install-recommends -o DPkg::Lock::Timeout=600 "$@"' apt "${missing[@]}" >"$work/log" 2>&1 ||
    fail "$(tail -n 20 "$work/log")" "apt-get install ${missing[*]} failed."
}

# tool CRATE VERSION [OPTION]: its program is in target/tools/bin; cargo lets one install at a time
tool() {
  cargo install --list --root target/tools 2>/dev/null | grep -qx "$1 v$2:" && return
  CARGO_TARGET_DIR=$repository/target cargo install -q "$1" --locked --version "$2" "${@:3}" --root target/tools >"$work/log" 2>&1 ||
    fail "$(tail -n 20 "$work/log")" "cargo install $1 --version $2 failed."
}

# venv NAME REQUIREMENT...: a Python with these packages, target/tools/NAME
venv() {
  local place=target/tools/$1
  shift
  [ "$(cat "$place/requirements" 2>/dev/null)" = "$*" ] && return
  debian python3-venv
  { python3 -m venv --clear "$place" && "$place/bin/pip" install -q --disable-pip-version-check "$@"; } >"$work/log" 2>&1 ||
    fail "$(tail -n 20 "$work/log")" "pip install $* failed."
  echo "$*" >"$place/requirements"
}

# defects CHECK: name, tab, where, tab, what, of each that it has to find; plant NAME DIRECTORY: puts one into a copy of the tree
defects() { checks/defects/plant --list "$1" 2>"$work/log" || fail "$(cat "$work/log")" >&2; }
plant() { checks/defects/plant "$@" 2>"$work/log" || fail "$(cat "$work/log")"; }
