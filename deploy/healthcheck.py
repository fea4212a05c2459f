"""`healthcheck.py web|worker|beat`: exit 0 when that part of this installation is well.

The web process is asked itself; of worker and beat the web process knows the heartbeats.
"""

import json
import os
import sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen


def ask(page: str, server: str) -> dict:
    host = os.environ["ALLOWED_HOSTS"].split(",")[0]
    try:
        with urlopen(
            Request(f"http://{server}:8000{page}", headers={"Host": host}), timeout=5
        ) as answer:
            return json.load(answer)
    except HTTPError as refusal:
        return json.load(refusal)


def main(part: str) -> bool:
    if part == "web":
        return ask("/healthz/", "127.0.0.1")["status"] == "ok"
    return ask("/readyz/", "web")["checks"][part]["ok"]


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1]) else 1)
