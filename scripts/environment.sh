#!/bin/sh
# Build .venv for a purpose: `environment.sh demo` (runs the portal) or `environment.sh dev` (all).
# Nothing is installed when the lock and the interpreter are those of the last time.
set -eu
cd "$(dirname "$0")/.."
purpose=$1

fits() { "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null; }
chosen=
for candidate in ${PYTHON:+"$PYTHON"} python3.12 python3.11 python3; do
    if fits "$candidate"; then chosen=$candidate; break; fi
done
if [ -z "$chosen" ]; then
    echo "Python 3.11 or 3.12 with its venv module is needed (Debian: apt-get install python3-venv)." >&2
    echo "Another interpreter can be named: PYTHON=/path/to/python3.12 make setup" >&2
    exit 1
fi

# A folder that was moved, or an interpreter that was updated, needs a new environment.
identity=$("$chosen" -c 'import os, sys; print(sys.version, os.getcwd())')
if [ "$(cat .venv/.identity 2>/dev/null)" != "$identity" ]; then
    echo "Making .venv with $("$chosen" --version) …"
    "$chosen" -m venv --clear .venv
    printf '%s\n' "$identity" >.venv/.identity
fi

# What serves development serves the demo as well.
for larger in "$purpose" dev; do
    if cmp -s "requirements/$larger.txt" ".venv/.installed-$larger"; then installed=yes; fi
done
if [ -z "${installed-}" ]; then
    echo "Installing requirements/$purpose.txt …"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
        --require-hashes --only-binary=:all: -r "requirements/$purpose.txt"
    rm -f .venv/.installed-*
    cp "requirements/$purpose.txt" ".venv/.installed-$purpose"
fi

.venv/bin/python scripts/static_libraries.py
.venv/bin/python scripts/translations.py compile
