#!/bin/sh
# Compile the requirements of pyproject.toml, with hashes, for Python 3.11 and 3.12 at once.
# Where packages come from is the machine's affair: no address and no folder enters a lock file.
set -eu
cd "$(dirname "$0")/.."
unset PIP_FIND_LINKS UV_FIND_LINKS
compile() {
    target=requirements/$1.txt
    shift
    .venv/bin/python -m uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
        --generate-hashes --no-sources --no-header --no-annotate --output-file "$target" "$@"
}
compile base "$@"
compile demo --extra embedded --constraints requirements/base.txt "$@"
compile dev --extra dev --constraints requirements/demo.txt "$@"
.venv/bin/python scripts/static_libraries.py lock
if grep -nE 'https?://|--(extra-)?index|--find-links|file:' requirements/*.txt; then
    echo "An address stands in a lock file." >&2
    exit 1
fi
