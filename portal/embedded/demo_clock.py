"""What time it is in the demo: given, resumed from the last run, or the week before the vote."""

import json
import os
import time
from datetime import datetime, timedelta
from pathlib import Path

FIRST_MORNING = datetime.fromisoformat("2024-11-20T08:00+08:00")


class DemoClock:
    """The demo's time, running at the true pace since `anchor` (true epoch seconds)."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.start = _given() or self._stored() or FIRST_MORNING
        self.anchor = time.time()

    def now(self) -> datetime:
        return self.start + timedelta(seconds=time.time() - self.anchor)

    def environment(self) -> dict[str, str]:
        """The two settings from which every process reckons the same time."""
        return {
            "PORTAL_DEMO_NOW": self.start.isoformat(),
            "PORTAL_DEMO_ANCHOR": repr(self.anchor),
        }

    def save(self) -> None:
        """Keep the time for the next run; a crash in between leaves the old file whole."""
        draft = self.file.with_suffix(".new")
        draft.write_text(json.dumps({"demo_now": self.now().isoformat()}))
        draft.replace(self.file)

    def _stored(self) -> datetime | None:
        try:
            return datetime.fromisoformat(json.loads(self.file.read_text())["demo_now"])
        except (FileNotFoundError, KeyError, ValueError):
            return None


def _given() -> datetime | None:
    text = os.environ.get("PORTAL_DEMO_NOW", "")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise SystemExit(
            f"PORTAL_DEMO_NOW={text} is no time with an offset; for instance "
            "PORTAL_DEMO_NOW=2024-11-27T06:00+08:00."
        )
    return moment
