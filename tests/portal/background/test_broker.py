import pytest
import redis

from portal.background import broker

SOCKET = "/tmp/portal/redis.sock"  # noqa: S108 (only a name)


@pytest.mark.parametrize(
    ("url", "for_celery"),
    [
        ("redis://host:6379/2", "redis://host:6379/2"),
        (f"unix://{SOCKET}?db=3", f"redis+socket://{SOCKET}?virtual_host=3"),
        (f"unix://{SOCKET}", f"redis+socket://{SOCKET}?virtual_host=0"),
    ],
)
def test_address_as_celery_writes_it(url, for_celery):
    assert broker.broker_url(url) == for_celery


@pytest.mark.parametrize(
    ("url", "for_client"),
    [
        ("redis://host:6379/2", "redis://host:6379/2"),
        (f"redis+socket://{SOCKET}?virtual_host=3", f"unix://{SOCKET}?db=3"),
        (f"unix://{SOCKET}?db=3", f"unix://{SOCKET}?db=3"),
    ],
)
def test_address_as_the_client_writes_it(url, for_client):
    assert broker.client_url(url) == for_client


def test_ping_answers():
    broker.ping()


def test_ping_of_a_dead_redis_raises(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    with pytest.raises(redis.RedisError):
        broker.ping()
