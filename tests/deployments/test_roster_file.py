"""Rosters out of files: by the owning agency only, and back again."""

from datetime import date

import pytest

from deployments import actions
from deployments.models import RosterMember
from portal import clock
from portal.access.actor import SYSTEM
from portal.audit.models import Entry
from portal.imports.enums import ImportState
from portal.registry.models import Region
from tests.factories import deployments as make
from tests.factories.imports import applied, as_csv, checked, reasons, undone, verdicts
from tests.factories.reinforcement import NOW, announce

HEADS = ("Nomor penempatan", "Nama", "Pangkat", "NRP")


@pytest.fixture(autouse=True)
def now(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.DEMO_NOW, settings.DEMO_ANCHOR = NOW, clock.true_now().timestamp()
    announce()


@pytest.fixture
def placed():
    values = {
        "unit": make.unit("kodim-1006"),
        "region": Region.objects.get(code="63.03"),
        "personnel": 2,
        "status": "standby",
        "controller": make.unit("polda-kalsel").agency,
        "task": "Uji",
        "starts_on": date(2024, 11, 18),
        "ends_on": date(2024, 11, 30),
        "source": "uji",
        "as_of": NOW,
        "quality": "reported",
    }
    return actions.place_deployment(make.operation(), values, by=SYSTEM, at=NOW)


def person(placed, nrp="31249876", **given):
    return {
        "Nomor penempatan": placed.pk,
        "Nama": "Zulkifli Ujicoba",
        "Pangkat": "Serda",
        "NRP": nrp,
    } | given


def rosters(*rows, by):
    return checked(as_csv(rows, HEADS), by, "daftar-nama")


def listed(placed):
    return list(RosterMember.objects.filter(deployment=placed).values_list("name", "rank", "nrp"))


def test_names_come_are_mended_and_go_back(placed, liaison_korem):
    job = applied(rosters(person(placed, "3124 98.76"), by=liaison_korem), liaison_korem)
    assert (job.new, job.applied, job.error) == (1, 1, "")
    assert listed(placed) == [("Zulkifli Ujicoba", "Serda", "31249876")]
    assert verdicts(rosters(person(placed), by=liaison_korem)) == ["same"]

    mended = rosters(person(placed, Pangkat="Sertu"), by=liaison_korem)
    assert verdicts(mended) == ["changed"]
    applied(mended, liaison_korem)
    assert listed(placed) == [("Zulkifli Ujicoba", "Sertu", "31249876")]
    undone(mended, liaison_korem)
    assert listed(placed) == [("Zulkifli Ujicoba", "Serda", "31249876")]
    undone(job, liaison_korem)
    assert (job.state, listed(placed)) == (ImportState.UNDONE, [])
    assert "Zulkifli" not in "".join(str(vars(entry)) for entry in Entry.objects.all())


@pytest.mark.parametrize(
    ("given", "column", "part"),
    [
        ({"Nomor penempatan": "999999"}, "number", "tidak ada dalam lingkup"),
        ({"Nomor penempatan": "satu"}, "number", "tidak ada dalam lingkup"),
        ({"Nama": ""}, "B2", ""),
        ({"NRP": "12AB"}, "nrp", "5 sampai 18 angka"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_reason(
    placed, liaison_korem, given, column, part
):
    job = rosters(person(placed, **given), by=liaison_korem)
    [(place, sentence)] = reasons(job)
    assert place == column
    assert part in sentence
    assert listed(placed) == []


def test_more_names_than_people_are_refused(placed, liaison_korem):
    rows = [person(placed, str(31240000 + n), Nama=f"Orang {n}") for n in range(3)]
    job = rosters(*rows, by=liaison_korem)
    assert verdicts(job) == ["new", "new", "refused"]


def test_the_controller_and_others_bring_no_names(placed, liaison_polda, liaison_kpu):
    job = rosters(person(placed), by=liaison_polda)
    assert verdicts(job) == ["refused"]
    assert [place for place, _sentence in reasons(job)] == ["number"]
    assert verdicts(rosters(person(placed), by=liaison_kpu)) == ["refused"]
    assert listed(placed) == []
