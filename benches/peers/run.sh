#!/usr/bin/env bash
# The same programs solved by bedalloc and by its peers:
#   benches/peers/run.sh district|msoa [core|level|core-all|level-all ...] [--only NAME ...] [--limit SECONDS]
# BEDALLOC names the binary (target/release/bedalloc unless set). The virtual environment is target/peers/venv.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
work="$(cd "$here/../.." && pwd)/target/peers"
venv="${PEERS_VENV:-$work/venv}"

mkdir -p "$work"
if ! cmp -s "$here/requirements.txt" "$venv/installed.txt"; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
    cp "$here/requirements.txt" "$venv/installed.txt"
fi
export PYTHONDONTWRITEBYTECODE=1
exec "$venv/bin/python" "$here/run.py" "$@" --work "$work"
