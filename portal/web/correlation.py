"""Which request is being answered: its id and the client's address, for audit, logs and errors."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True)
class Correlation:
    request_id: str = ""
    address: str = ""
    channel: str = "command"


NONE = Correlation()
_current: ContextVar[Correlation | None] = ContextVar("correlation", default=None)


def current() -> Correlation:
    """The running request; empty fields in tasks and commands that did not set one."""
    return _current.get() or NONE


@contextmanager
def correlated(request_id: str, address: str = "", channel: str = "task") -> Iterator[Correlation]:
    """Everything inside belongs to this request (or this task)."""
    correlation = Correlation(request_id, address, channel)
    token = _current.set(correlation)
    try:
        yield correlation
    finally:
        _current.reset(token)


@contextmanager
def unaddressed() -> Iterator[Correlation]:
    """What happens inside leaves no trace of where it came from: neither the network address nor
    the id by which a line of a log could be joined to it."""
    with correlated("", "", "public") as correlation:
        yield correlation


def new_request_id() -> str:
    return str(uuid.uuid4())


def client_address(request: HttpRequest) -> str:
    """The address as the outermost trusted proxy saw it; forged forwarding headers are ignored."""
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if proxies and len(forwarded) >= proxies and forwarded[-proxies]:
        return forwarded[-proxies][:45]
    return request.META.get("REMOTE_ADDR", "")[:45]
