from django.core.cache import caches
from django.http import HttpRequest
from rest_framework.throttling import UserRateThrottle

from portal import clock
from portal.web.correlation import client_address


class ApiThrottle(UserRateThrottle):
    """A ceiling per person, counted in each process's memory: it guards against a runaway script,
    and costs no query. Sign-in limits, which must hold exactly, are counted in the database."""

    cache = caches["memory"]


def allowed(
    request: HttpRequest, what: str, *, amount: int, seconds: int, caller: str | None = None
) -> bool:
    """Whether this caller (unless named: this address) may ask once more: at most `amount` times
    in a window of `seconds`, counted in the database, so that all processes count together."""
    window = int(clock.true_now().timestamp()) // seconds
    key = f"throttle:{what}:{caller or client_address(request)}:{window}"
    cache = caches["default"]
    if cache.add(key, 1, timeout=seconds * 2):
        return True
    try:
        return cache.incr(key) <= amount
    except ValueError:  # Forgotten meanwhile: the window is over.
        return True
