"""What a log line of a refused request keeps to itself."""

import logging

import pytest
from django.urls import reverse

from portal.web.logs import without_query

KEY = "k9Zq-geheim_"
ADDRESSES = [
    reverse("home:calendar_feed", args=[KEY]),
    reverse("coordination:check_in", args=[1, KEY]),
    reverse("coordination:verify", args=[KEY]),
    reverse("accounts:revoke_token", args=[KEY]),
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("logger", ["django.request", "django.security.csrf"])
def test_key_in_an_address_is_not_logged(address, logger):
    record = logging.LogRecord(
        logger, logging.WARNING, "", 1, "%s: %s", ("Not Found", f"{address}?x={KEY}"), None
    )
    said = without_query(record)
    assert said.startswith("Not Found: /")
    assert KEY not in said


def test_refused_feed_is_logged_without_its_key(client, caplog, db):
    with caplog.at_level("WARNING", "django.request"):
        client.get(reverse("home:calendar_feed", args=[KEY]))
    (record,) = [record for record in caplog.records if record.name == "django.request"]
    assert KEY in record.getMessage()
    assert KEY not in without_query(record)
