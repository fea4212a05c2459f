"""Numbers under pressure: real threads, real commits."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection

from incidents.models import FieldReport, Incident
from portal.access.context import actor_context
from tests.factories.incidents import load_types, report, send


@pytest.mark.django_db(transaction=True)
def test_numbers_of_many_reports_at_once_have_no_gap_and_no_twin(liaison_kpu):
    load_types()

    def one(_index):
        try:
            with actor_context(liaison_kpu):
                return report(liaison_kpu).number
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(one, range(24)))

    assert sorted(numbers) == [f"KJ-2024-{n:04d}" for n in range(1, 25)]
    assert Incident.objects.count() == 24


@pytest.mark.django_db(transaction=True)
def test_a_report_that_fails_gives_its_number_back(liaison_kpu):
    load_types()

    with pytest.raises(ZeroDivisionError), actor_context(liaison_kpu):
        report(liaison_kpu)
        raise ZeroDivisionError

    with actor_context(liaison_kpu):
        assert report(liaison_kpu).number == "KJ-2024-0001"


@pytest.mark.django_db(transaction=True)
def test_the_same_field_report_at_the_same_moment_is_stored_once(posko_banjar):
    load_types()
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
