"""Log lines as JSON: ids only. Names, texts and query strings stay out of the messages."""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from typing import Any

from portal.web import correlation

KEYS = re.compile(
    r"(/langganan/|/hadir/masuk/|/verifikasi/|/token/|/reset/key/|/confirm-email/)[^/\s]+"
)
"""What follows these in an address opens something to whoever holds it. The proxy's own log is told
the same in deploy/Caddyfile."""


class JsonFormatter(logging.Formatter):
    """One JSON object per line, so line breaks inside a message cannot forge a second entry."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_query(record),
            "request_id": correlation.current().request_id,
        }
        if record.exc_info and record.exc_info[0] is not None:
            kind, error, trace = record.exc_info
            entry["error"] = kind.__name__
            # Where it broke, without the values: messages of database errors quote the data.
            entry["trace"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(trace)
            ]
            entry["cause"] = type(error.__cause__).__name__ if error and error.__cause__ else None
        return json.dumps({key: value for key, value in entry.items() if value}, ensure_ascii=False)


def without_query(record: logging.LogRecord) -> str:
    """The message; a request's address without its query string and without what in it is a key."""
    message = record.getMessage()
    if record.name.startswith("django.request") or record.name.startswith("django.security"):
        return KEYS.sub(r"\1…", message.partition("?")[0])
    return message
