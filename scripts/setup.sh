# Sourced by scripts/demo and scripts/test: installs what is missing and makes the virtual environment `.venv`.
# Debian and Ubuntu: everything is installed. Elsewhere, or without the right to install, one line says what is missing.

say() { printf '%s\n' "$*" >&2; }
stop() { say "Stopped: $*"; exit 1; }

HOME="${HOME:-/tmp}"; export HOME

# install_packages NAME...: with apt-get as root or through password-less sudo; says in one line what it may not do
install_packages() {
    if ! command -v apt-get >/dev/null 2>&1; then
        stop "missing: $*. Install them with the package manager of this system (README, section \"Other systems\")."
    fi
    if [ "$(id -u)" = 0 ]; then as_root=""
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then as_root="sudo -n"
    else stop "missing: $*. Ask an administrator to run: apt-get install $*"
    fi
    say "Installing $*"
    # shellcheck disable=SC2086
    { $as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "$@"; } \
        >"$work/apt.log" 2>&1 || { tail -n 5 "$work/apt.log" >&2; stop "apt-get could not install: $*"; }
}

fits() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    for name in ${PYTHON:-} python3.13 python3.12 python3.11 python3; do
        if command -v "$name" >/dev/null 2>&1 && fits "$name"; then command -v "$name"; return; fi
    done
}

has_library() { ldconfig -p 2>/dev/null | grep -q "$1" || [ -n "$(find /usr/lib /usr/local/lib /opt/homebrew/lib -name "$1*" 2>/dev/null | head -n 1)" ]; }

ensure_system() {
    missing=""
    [ -n "$(find_python)" ] || missing="python3 python3-venv"
    if [ "$(uname -s)" = Linux ]; then
        has_library libpango-1.0.so.0 || missing="$missing libpango-1.0-0"
        has_library libpangoft2-1.0.so.0 || missing="$missing libpangoft2-1.0-0"
        has_library libharfbuzz-subset.so.0 || missing="$missing libharfbuzz-subset0"
    fi
    for tool in "$@"; do
        case "$tool" in
            pdftotext) package=poppler-utils ;;
            *) package="$tool" ;;
        esac
        command -v "$tool" >/dev/null 2>&1 || missing="$missing $package"
    done
    # shellcheck disable=SC2086
    [ -z "$missing" ] || install_packages $missing
    python="$(find_python)"
    [ -n "$python" ] || stop "no Python 3.11 or newer with venv was found. Install one, or name it: PYTHON=/path/to/python3 sh scripts/demo"
}

# wish_for TOOL: a tool without which some tests are skipped; its absence stops nothing
wish_for() {
    command -v "$1" >/dev/null 2>&1 && return
    (install_packages "$1") >/dev/null 2>&1 || say "Without $1 the tests that need it are skipped."
}

# ensure_environment EXTRA: a virtual environment that is made again when pyproject.toml or the constraints change
ensure_environment() {
    wanted="$(cat pyproject.toml constraints.txt | cksum) $1 $("$python" --version)"
    if [ ! -x .venv/bin/python ] || [ "$(cat .venv/made-for 2>/dev/null)" != "$wanted" ]; then
        say "Making the virtual environment .venv"
        rm -rf .venv
        "$python" -m venv .venv >"$work/venv.log" 2>&1 || { tail -n 5 "$work/venv.log" >&2; stop "the virtual environment could not be made."; }
        .venv/bin/python -m pip install --disable-pip-version-check --quiet -c constraints.txt -e ".$1" >"$work/pip.log" 2>&1 ||
            { tail -n 5 "$work/pip.log" >&2; stop "pip could not install cartaudit; is the package index reachable?"; }
        printf '%s' "$wanted" >.venv/made-for
    fi
}

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$(dirname "$0")/.." || exit 1
