#!/usr/bin/env bash
# Installs what building HiGHS needs and the machine lacks: cmake, a C++ compiler, libclang. With `--tests` also
# Chromium, in which the page of a result is tested, and LibreOffice, which recalculates its workbook. Says clearly what to do
# where it cannot.
set -euo pipefail

say() { printf '== %s\n' "$*"; }

has_libclang() {
    [ -n "${LIBCLANG_PATH:-}" ] && return 0
    command -v llvm-config >/dev/null 2>&1 && [ -e "$(llvm-config --libdir)/libclang.so" ] && return 0
    compgen -G '/usr/lib/llvm*/lib/libclang*.so*' >/dev/null && return 0
    compgen -G '/usr/lib*/libclang*.so*' >/dev/null && return 0
    compgen -G '/usr/lib/*/libclang*.so*' >/dev/null && return 0
    compgen -G '/opt/homebrew/opt/llvm/lib/libclang.dylib' >/dev/null && return 0
    compgen -G '/Library/Developer/CommandLineTools/usr/lib/libclang.dylib' >/dev/null
}

# The names that tests/browser looks for.
has_chromium() {
    local name
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome-stable google-chrome; do
        [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 && return 0
    done
    return 1
}

# The names that tests/xlsx looks for.
has_office() {
    command -v soffice >/dev/null 2>&1 || command -v libreoffice >/dev/null 2>&1
}

missing=()
command -v cmake >/dev/null 2>&1 || missing+=(cmake)
command -v c++ >/dev/null 2>&1 || missing+=(c++)
has_libclang || missing+=(libclang)
browser=()
office=()
if [ "${1:-}" = "--tests" ]; then
    has_chromium || browser=(chromium)
    has_office || office=(libreoffice)
fi

if ! command -v cargo >/dev/null 2>&1; then
    say "Rust is missing: install it from https://rustup.rs (1.90 or later), then run this again." >&2
    exit 1
fi
[ ${#missing[@]} -eq 0 ] && [ ${#browser[@]} -eq 0 ] && [ ${#office[@]} -eq 0 ] && exit 0

say "missing: ${missing[*]} ${browser[*]} ${office[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 && as_root=(sudo)
fi

# Without a browser everything else can still be built and tested; the tests in it say that they are skipped, and in
# CI they fail.
no_browser() {
    say "Chromium could not be installed: the page of a result will not be tested in a browser. Install Chromium" >&2
    say "or Chrome with your system's package manager, or name its program in CHROMIUM." >&2
}

no_office() {
    say "LibreOffice could not be installed: its totals will not be compared with those of the workbook. Install" >&2
    say "libreoffice-calc with your system's package manager." >&2
}

if command -v apt-get >/dev/null 2>&1 && { [ "$(id -u)" -eq 0 ] || [ ${#as_root[@]} -gt 0 ]; }; then
    say "installing with apt-get"
    export DEBIAN_FRONTEND=noninteractive
    "${as_root[@]}" apt-get update -qq
    if [ ${#missing[@]} -gt 0 ]; then
        "${as_root[@]}" apt-get install -y -qq cmake g++ libclang-dev clang >/dev/null
    fi
    if [ ${#browser[@]} -gt 0 ]; then
        "${as_root[@]}" apt-get install -y -qq --no-install-recommends chromium fonts-liberation >/dev/null || no_browser
    fi
    # 94 MB to fetch, 300 MB on the disk.
    if [ ${#office[@]} -gt 0 ]; then
        "${as_root[@]}" apt-get install -y -qq --no-install-recommends libreoffice-calc >/dev/null || no_office
    fi
elif command -v dnf >/dev/null 2>&1 && { [ "$(id -u)" -eq 0 ] || [ ${#as_root[@]} -gt 0 ]; }; then
    say "installing with dnf"
    if [ ${#missing[@]} -gt 0 ]; then
        "${as_root[@]}" dnf install -y -q cmake gcc-c++ clang-devel
    fi
    if [ ${#browser[@]} -gt 0 ]; then
        "${as_root[@]}" dnf install -y -q chromium || no_browser
    fi
    if [ ${#office[@]} -gt 0 ]; then
        "${as_root[@]}" dnf install -y -q libreoffice-calc || no_office
    fi
elif command -v brew >/dev/null 2>&1; then
    say "installing with Homebrew"
    [ ${#missing[@]} -eq 0 ] || brew install cmake llvm
    [ ${#browser[@]} -eq 0 ] || brew install --cask chromium || no_browser
    [ ${#office[@]} -eq 0 ] || brew install --cask libreoffice || no_office
elif [ ${#missing[@]} -eq 0 ]; then
    [ ${#browser[@]} -eq 0 ] || no_browser
    [ ${#office[@]} -eq 0 ] || no_office
else
    say "cannot install them here. Install cmake, a C++ compiler and libclang with your system's package" >&2
    say "manager (Debian: cmake g++ libclang-dev clang; Fedora: cmake gcc-c++ clang-devel), then try again." >&2
    exit 1
fi
say "done"
