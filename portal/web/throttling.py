import secrets
from datetime import datetime
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from rest_framework.throttling import UserRateThrottle

from portal import clock
from portal.web.correlation import client_address

MINUTE = 60
CACHES: dict = settings.CACHES
CACHE_TABLE: str = CACHES["default"]["LOCATION"]


class ApiThrottle(UserRateThrottle):
    """A ceiling per person, counted in each process's memory: it guards against a runaway script,
    and costs no query. Sign-in limits, which must hold exactly, are counted in the database."""

    cache = caches["memory"]


def passer_by(request: HttpRequest) -> str:
    """A name for the address of somebody without an account, for counting only: a digest with a
    salt that is drawn each day and forgotten the next, so that it leads nobody back.

    Of IPv6 the network counts, since one household has all its addresses.
    """
    at = clock.true_now()
    day = clock.local(at).date()
    cache, name = caches["default"], f"passer-by:{day.isoformat()}"
    salt = cache.get(name)
    if salt is None:
        left = clock.day_bounds(day)[1] - at
        cache.add(name, secrets.token_hex(16), timeout=left.total_seconds() + MINUTE)
        salt = cache.get(name)
    return salted_hmac(f"passer-by:{salt}", _network(request), algorithm="sha256").hexdigest()[:24]


def _network(request: HttpRequest) -> str:
    try:
        address = ip_address(client_address(request))
    except ValueError:
        return ""
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((address, 64), strict=False))


def forget(at: datetime) -> int:
    """Delete what was counted and has run out, salts and names alike; returns how many rows."""
    table = connection.ops.quote_name(CACHE_TABLE)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [at])  # noqa: S608 (our own table's name)
        return cursor.rowcount


def allowed(
    request: HttpRequest, what: str, *, amount: int, seconds: int, caller: str | None = None
) -> bool:
    """Whether this caller (unless named: this address) may ask once more: at most `amount` times
    in a window of `seconds`, counted in the database, so that all processes count together."""
    key = _counted_under(what, caller or client_address(request), seconds)
    cache = caches["default"]
    if cache.add(key, 1, timeout=seconds * 2):
        return True
    try:
        return cache.incr(key) <= amount
    except ValueError:  # Forgotten meanwhile: the window is over.
        return True


def exhausted(what: str, caller: str, *, amount: int, seconds: int) -> bool:
    """Whether that caller has used up the window; asking does not count."""
    counted = caches["default"].get(_counted_under(what, caller, seconds))
    return counted is not None and counted >= amount


def until_next(seconds: int) -> str:
    """For the header Retry-After: in how many seconds the window of that length is over."""
    return str(seconds - int(clock.true_now().timestamp()) % seconds)


def _counted_under(what: str, caller: str, seconds: int) -> str:
    window = int(clock.true_now().timestamp()) // seconds
    return f"throttle:{what}:{caller}:{window}"
