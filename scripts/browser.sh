#!/bin/sh
# Make sure that the browser tests find a Chromium; say what to install when that cannot be done.
set -u
cd "$(dirname "$0")/.."
if [ -n "${CHROMIUM-}" ] || command -v chromium >/dev/null; then exit 0; fi

starts() { .venv/bin/python -c '
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright: playwright.chromium.launch().close()' >/dev/null 2>&1; }
if starts; then exit 0; fi

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Debian's chromium for the browser tests …"
    apt-get update -q >/dev/null && DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends chromium >/dev/null && exit 0
fi
echo "Installing Playwright's Chromium for the browser tests …"
.venv/bin/python -m playwright install chromium && starts && exit 0
echo "The browser tests need Chromium, and it could not be installed here." >&2
echo "Install it (Debian: apt-get install chromium), or name one: CHROMIUM=/path/to/chromium make test" >&2
exit 1
