"""The police's patterns at polling stations: what each class asks for, and rows that cannot be."""

from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction

from deployments import actions
from deployments.enums import TpsClass, ikp_class
from deployments.models import GuardPattern
from deployments.queries import guard_needs, need_table
from portal.access.errors import Refused
from portal.registry.models import Agency, Operation, Region
from tests.deployments.test_strength import NOW
from tests.factories import deployments as make
from tests.factories.registry import make_station


def pattern(operation: Operation, by, at: datetime = NOW, **given) -> GuardPattern:
    """Two officers for eight stations of the lowest class from today on."""
    values = {
        "tps_class": TpsClass.LOW,
        "police": 2,
        "tps": 8,
        "linmas": 16,
        "valid_from": NOW.date(),
        "source": "uji",
    } | given
    agency = Agency.objects.get(slug="polda-kalsel")
    return actions.set_guard_pattern(operation, agency, by=by, at=at, **values)


def test_stations_without_class_are_in_no_need_and_counted_apart(db, liaison_polda):
    operation = make.operation()
    pattern(operation, liaison_polda, tps_class="khusus", tps=1, linmas=2)
    make_station()
    second = make_station(code="63.03.01-002", number=2)
    assert guard_needs(operation, NOW) == {}
    actions.classify_stations(
        {second.pk: 0},
        tps_class="khusus",
        valid_from=NOW.date(),
        reason="Rutan",
        by=liaison_polda,
        at=NOW,
    )
    table = need_table(operation, NOW, Region.objects.get(code="63"))
    assert (table.total.need, table.total.stations, table.total.unknown) == (2, 2, 1)
    assert table.total.linmas == 4


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"linmas": 15}, "linmas"),
        ({"police": 0}, "police"),
        ({"tps": 0, "linmas": 0}, "tps"),
        ({"valid_to": date(2024, 11, 1)}, "valid_to"),
        ({"unit": "kodim-1006"}, "unit"),
    ],
)
def test_pattern_that_cannot_be_is_refused(db, liaison_polda, given, field):
    if "unit" in given:
        given = {"unit": make.unit(given["unit"])}
    with pytest.raises(Refused) as refusal:
        pattern(make.operation(), liaison_polda, **given)
    assert refusal.value.field == field


def test_other_numbers_for_the_same_day_are_refused_and_the_same_are_one(db, liaison_polda):
    for _again in range(2):
        pattern(make.operation(), liaison_polda)
    assert GuardPattern.objects.count() == 1
    with pytest.raises(Refused, match="sudah berlaku pola 2:8:16"):
        pattern(make.operation(), liaison_polda, police=1)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("pattern_linmas_twice_tps", {"linmas": 3}),
        ("pattern_ends_after_start", {"valid_to": date(2024, 11, 1)}),
        ("pattern_police_and_tps_positive", {"tps": 0, "linmas": 0}),
        ("pattern_once_per_class_and_day", {}),
        ("pattern_once_per_unit_class_and_day", {"unit": "polres-banjar"}),
    ],
)
def test_pattern_row_that_cannot_be_is_refused(db, constraint, values):
    row = {
        "operation": make.operation(),
        "agency": Agency.objects.get(slug="polda-kalsel"),
        "tps_class": "rawan",
        "police": 2,
        "tps": 2,
        "linmas": 4,
        "valid_from": NOW.date(),
        "source": "uji",
    }
    unit = make.unit(values["unit"]) if "unit" in values else None
    GuardPattern.objects.create(**row | {"unit": unit})
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        GuardPattern.objects.create(**row | values | {"unit": unit})


@pytest.mark.parametrize(
    ("hundredths", "kind"),
    [(10000, "tinggi"), (6850, "tinggi"), (6849, "sedang"), (2170, "sedang"), (2169, "rendah")],
)
def test_index_has_the_published_classes(hundredths, kind):
    assert ikp_class(hundredths) == kind
