"""That sending took some work: a small puzzle for the browser, or a question for a person.

The puzzle is ALTCHA's proof of work, made and checked here; no other service hears of it. Each
puzzle and each question is good for one sending.
"""

import json
import secrets
from datetime import timedelta

import altcha
from django.core import signing
from django.core.cache import caches
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from portal import clock

ALGORITHM = "PBKDF2/SHA-256"
COST = 2_000
"""Rounds of one try; 256 tries on average. A second or two on a cheap phone."""
GOOD_FOR = timedelta(hours=2)
"""Long enough to write a report and look for its photographs."""
SALT = "portal.web.proof"
LARGEST = 4_000


def new_puzzle(*, cost: int = COST) -> str:
    """A puzzle as JSON, for static/js/behaviours/public-form.js."""
    until = clock.true_now() + GOOD_FOR
    challenge = altcha.create_challenge(
        ALGORITHM, cost, expires_at=int(until.timestamp()), hmac_secret=_key()
    )
    return json.dumps(challenge.to_dict())


def solved(payload: str) -> str:
    """The token of our puzzle that this solves; empty for anything else."""
    if not payload or len(payload) > LARGEST:
        return ""
    if not altcha.verify_solution(payload, _key()).verified:
        return ""
    return altcha.Payload.from_base64(payload).challenge.signature or ""


def new_question() -> tuple[str, str]:
    """For browsers that cannot do the puzzle: a sum in words, and the ticket that goes with it."""
    one, other = secrets.randbelow(8) + 2, secrets.randbelow(8) + 2
    made = int(clock.true_now().timestamp())
    ticket = signing.dumps([one, other, made, secrets.token_hex(8)], salt=SALT)
    return _in_words(one, other), ticket


def answered(ticket: str, answer: str) -> str:
    """The ticket, if it is ours, not too old, and the answer right; else empty."""
    known = _opened(ticket)
    return ticket if known is not None and answer.strip() == str(known[0] + known[1]) else ""


def first_use(token: str) -> bool:
    """Whether nobody came with this one before; remembered for as long as it is good."""
    name = salted_hmac(SALT, token, algorithm="sha256").hexdigest()
    return caches["default"].add(f"proof:{name}", 1, timeout=GOOD_FOR.total_seconds())


def age(ticket: str) -> float | None:
    """How many seconds ago the page with this ticket was opened; None for what is no ticket."""
    known = _opened(ticket)
    return None if known is None else clock.true_now().timestamp() - known[2]


def _opened(ticket: str) -> list[int] | None:
    try:
        return signing.loads(ticket, salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        return None


def _in_words(one: int, other: int) -> str:
    words = [
        _("nol"),
        _("satu"),
        _("dua"),
        _("tiga"),
        _("empat"),
        _("lima"),
        _("enam"),
        _("tujuh"),
        _("delapan"),
        _("sembilan"),
    ]
    return _("Berapa %(one)s ditambah %(other)s? Tulis dengan angka.") % {
        "one": words[one],
        "other": words[other],
    }


def _key() -> bytes:
    return salted_hmac(SALT, "puzzle", algorithm="sha256").digest()
