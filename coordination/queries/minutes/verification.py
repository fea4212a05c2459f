"""What anybody may know of published minutes."""

import hashlib
from typing import Any

from coordination.enums import MinutesState
from coordination.models import Addendum, IssuedCopy, Minutes


def verified(code: str) -> dict[str, Any] | None:
    """What anybody may know of published minutes by their code: number, date, hash, whether the
    kept text still gives that hash, and its addenda. None: nothing is known by this code."""
    minutes = Minutes.objects.filter(state=MinutesState.PUBLISHED, verification_code=code).first()
    return None if minutes is None else _told(minutes)


def verified_copy(sha256: str) -> dict[str, Any] | None:
    """The same of the minutes that a file of this SHA-256 was given out of; None: no such file
    left the portal."""
    copy = IssuedCopy.objects.filter(sha256=sha256).select_related("minutes").first()
    return None if copy is None else _told(copy.minutes)


def _told(minutes: Minutes) -> dict[str, Any]:
    addenda = minutes.addenda.filter(state="published").order_by("number")
    return {
        "number": minutes.number,
        "published_at": minutes.published_at,
        "sha256": minutes.sha256,
        "genuine": _intact(minutes),
        "illustrative": minutes.illustrative,
        "addenda": [
            {
                "number": row.number,
                "published_at": row.published_at,
                "sha256": row.sha256,
                "genuine": _intact(row),
            }
            for row in addenda
        ],
    }


def _intact(row: Minutes | Addendum) -> bool:
    return hashlib.sha256(row.sealed_text.encode()).hexdigest() == row.sha256
