"""`python -m portal.embedded start|stop|status|env|run`: the embedded servers by hand."""

import argparse
import os
import shlex
import subprocess
import sys
from pathlib import Path

from portal.embedded.demo_clock import DemoClock
from portal.embedded.services import Services

CHECKOUT = Path(__file__).resolve().parent.parent.parent


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m portal.embedded", description=__doc__)
    parser.add_argument("--state", type=Path, default=CHECKOUT / "var" / "demo")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("start", help="start both servers and keep them running")
    commands.add_parser("stop", help="stop both servers")
    commands.add_parser("status", help="say which of them run; exit 1 unless all do")
    commands.add_parser("env", help="print their addresses as shell assignments")
    run = commands.add_parser("run", help="run a command with the servers up")
    run.add_argument("words", nargs=argparse.REMAINDER)
    given = parser.parse_args(words)
    services = Services(given.state)

    if given.command == "start":
        services.start()
    elif given.command == "stop":
        services.stop()
    elif given.command == "run":
        with services.hold() as addresses:
            if (clock := given.state / "clock.json").exists():
                # The command lives in the demo's time.
                addresses |= DemoClock(clock).environment()
            return subprocess.run(
                given.words[given.words[:1] == ["--"] :], env=os.environ | addresses, check=False
            ).returncode
    elif given.command == "env":
        for name, value in services.environment().items():
            print(f"export {name}={shlex.quote(value)}")
    if given.command in {"start", "status"}:
        for name, pid in services.status().items():
            print(f"{name}: {f'running, pid {pid}' if pid else 'not running'}")
    return int(given.command == "status" and None in services.status().values())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
