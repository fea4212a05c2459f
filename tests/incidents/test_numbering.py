"""Numbers under pressure: real threads, real commits."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from incidents.models import FieldReport, Incident
from portal.access.context import actor_context
from tests.factories.incidents import report, send

FIFTY = 50


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_get_fifty_numbers_without_gap_or_twin(liaison_kpu):
    start = Barrier(FIFTY)

    def one(_index):
        start.wait()
        try:
            with actor_context(liaison_kpu):
                return report(liaison_kpu).number
        finally:
            connection.close()

    with ThreadPoolExecutor(FIFTY) as pool:
        numbers = list(pool.map(one, range(FIFTY)))

    assert sorted(numbers) == [f"KJ-2024-{n:04d}" for n in range(1, FIFTY + 1)]
    assert Incident.objects.count() == FIFTY


@pytest.mark.django_db(transaction=True)
def test_a_report_that_fails_gives_its_number_back(liaison_kpu):
    with pytest.raises(ZeroDivisionError), actor_context(liaison_kpu):
        report(liaison_kpu)
        raise ZeroDivisionError

    with actor_context(liaison_kpu):
        assert report(liaison_kpu).number == "KJ-2024-0001"


@pytest.mark.django_db(transaction=True)
def test_the_same_field_report_at_the_same_moment_is_stored_once(posko_banjar):
    keys = [uuid4() for _ in range(5)]

    def one(index):
        try:
            with actor_context(posko_banjar):
                return send(posko_banjar, key=keys[index % len(keys)]).number
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(one, range(20)))

    assert FieldReport.objects.count() == len(keys)
    assert sorted(set(numbers)) == [f"LL-2024-{n:04d}" for n in range(1, len(keys) + 1)]
    assert all(numbers[i] == numbers[i % len(keys)] for i in range(20))
