"""Redis, the carrier of task messages, by the names its two clients want."""

from urllib.parse import parse_qs, urlsplit

import redis
from django.conf import settings

SOCKET_TIMEOUT = 5.0


def broker_url(url: str) -> str:
    """The address as Celery writes it: a socket's database number is its `virtual_host`."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    number = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={number}"


def client_url(url: str) -> str:
    """The address as the Redis client writes it."""
    parts = urlsplit(url)
    if parts.scheme != "redis+socket":
        return url
    number = parse_qs(parts.query).get("virtual_host", ["0"])[0]
    return f"unix://{parts.path}?db={number}"


def ping(timeout: float = 1.0) -> None:
    """Raises redis.RedisError unless Redis answers in time."""
    with redis.Redis.from_url(
        client_url(settings.REDIS_URL), socket_timeout=timeout, socket_connect_timeout=timeout
    ) as client:
        client.ping()
