#!/usr/bin/env bash
# Installs what building HiGHS needs and the machine lacks: cmake, a C++ compiler, libclang. Says clearly
# what to do where it cannot.
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

missing=()
command -v cmake >/dev/null 2>&1 || missing+=(cmake)
command -v c++ >/dev/null 2>&1 || missing+=(c++)
has_libclang || missing+=(libclang)

if ! command -v cargo >/dev/null 2>&1; then
    say "Rust is missing: install it from https://rustup.rs (1.90 or later), then run this again." >&2
    exit 1
fi
[ ${#missing[@]} -eq 0 ] && exit 0

say "missing: ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 && as_root=(sudo)
fi

if command -v apt-get >/dev/null 2>&1 && { [ "$(id -u)" -eq 0 ] || [ ${#as_root[@]} -gt 0 ]; }; then
    say "installing with apt-get"
    "${as_root[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq cmake g++ libclang-dev clang >/dev/null
elif command -v dnf >/dev/null 2>&1 && { [ "$(id -u)" -eq 0 ] || [ ${#as_root[@]} -gt 0 ]; }; then
    say "installing with dnf"
    "${as_root[@]}" dnf install -y -q cmake gcc-c++ clang-devel
elif command -v brew >/dev/null 2>&1; then
    say "installing with Homebrew"
    brew install cmake llvm
else
    say "cannot install them here. Install cmake, a C++ compiler and libclang with your system's package" >&2
    say "manager (Debian: cmake g++ libclang-dev clang; Fedora: cmake gcc-c++ clang-devel), then try again." >&2
    exit 1
fi
say "installed"
