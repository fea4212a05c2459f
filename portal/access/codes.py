"""Codes on a screen that change every half minute: whoever reads one was there just now.

A code is its time slot and a signature over what it is for and that slot. Nothing is stored; who
used which is the caller's to remember.
"""

import re
from datetime import datetime, timedelta

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

SECONDS = 30
HOLD = timedelta(minutes=5)
"""How long who has opened a fresh code may take to fill in the form behind it."""
SALT = "portal.access.codes.held"
SHAPE = re.compile(r"[0-9]{1,12}-[0-9a-f]{32}")


def slot_at(at: datetime) -> int:
    """The number of the half minute."""
    return int(at.timestamp()) // SECONDS


def code_at(subject: str, at: datetime) -> str:
    """The code for `subject` in the running half minute."""
    return _code(subject, slot_at(at))


def slot_of(subject: str, code: str) -> int | None:
    """The slot of a genuine code for that subject, however old; None for any other text."""
    if not SHAPE.fullmatch(code):
        return None
    slot = int(code.partition("-")[0])
    return slot if constant_time_compare(code, _code(subject, slot)) else None


def is_fresh(slot: int, at: datetime) -> bool:
    """Of this half minute or the one before it: a walk from the screen to the phone."""
    return slot_at(at) - slot in {0, 1}


def hold(subject: str, slot: int, holder: int, at: datetime) -> str:
    """A ticket for one person who opened the code while it was fresh."""
    return signing.dumps([subject, slot, holder, int(at.timestamp())], salt=SALT)


def held_slot(subject: str, ticket: str, holder: int | None, at: datetime) -> int | None:
    """The slot that the ticket stands for; None if it is forged, another's, or too old."""
    try:
        given_subject, slot, given_holder, since = signing.loads(ticket, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    kept = 0 <= at.timestamp() - since <= HOLD.total_seconds()
    return slot if (given_subject, given_holder) == (subject, holder) and kept else None


def _code(subject: str, slot: int) -> str:
    signature = salted_hmac("portal.access.codes", f"{subject}:{slot}", algorithm="sha256")
    return f"{slot}-{signature.hexdigest()[:32]}"
