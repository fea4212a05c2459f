"""Task names are strings, so that actions need not import tasks: each must exist."""

import ast
from pathlib import Path

from portal.background.running import ALERT, WORK
from portal.celery import app

ROOT = Path(__file__).resolve().parents[3]
CODE = ("portal", "coordination", "deployments", "incidents")


def literal_calls(function: str) -> set[str]:
    """The first argument, where it is written out, of every call to the function in our code."""
    found = set()
    for folder in CODE:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if (
                    isinstance(node, ast.Call)
                    and getattr(node.func, "id", getattr(node.func, "attr", "")) == function
                    and node.args
                    and isinstance(node.args[0], ast.Constant)
                ):
                    found.add(node.args[0].value)
    return found


def test_every_enqueued_task_exists():
    app.loader.import_default_modules()
    promised = literal_calls("enqueue") | {ALERT}
    assert {"notifications.deliver", "notifications.send"} <= promised
    assert sorted(promised - set(WORK)) == []


def test_every_notified_kind_has_its_texts():
    kinds = literal_calls("notify")
    assert "dead_task" in kinds
    missing = [
        f"{kind}/{name}"
        for kind in sorted(kinds)
        for name in ("subject.txt", "body.txt")
        if not (ROOT / "templates" / "emails" / kind / name).exists()
    ]
    assert missing == []
