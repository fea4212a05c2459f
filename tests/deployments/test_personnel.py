"""Rekapitulasi kuat personel: hadir + kurang, the reasons apart, by region and unit."""

import csv
import io
from datetime import timedelta

import pytest

from deployments import actions
from deployments.models import ABSENCES, ReadinessReport
from deployments.queries import daily_report, personnel_table, strength_table, unit_recap
from deployments.queries.personnel import FIGURES
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.classification import Classification
from portal.audit.models import Entry
from portal.registry.models import Region, Unit
from tests.factories import deployments as make

AT = make.CUT_OFF + timedelta(hours=1)
URL, FILE, API = (
    "/kuat-personel/hadir/",
    "/kuat-personel/hadir/unduh/",
    "/api/v1/personnel-strength/",
)
BANJAR = {"sick": 3, "on_leave": 2, "unaccounted": 1}
TAPIN = {"sick": 1, "seconded_out": 9}


def figures(absent, **given):
    gone = dict.fromkeys(ABSENCES, 0) | absent
    total = 100
    return {
        **make.figures(), **gone, "total": total, "present": total - sum(gone.values()),
        "engaged": 50, "standby": 10, "reserve": 5, "seconded_in": 4, **given,
    }  # fmt: skip


@pytest.fixture
def told(db, settings):
    settings.DEMO_NOW, settings.DEMO_ANCHOR = AT, clock.true_now().timestamp()
    make.expect()
    for slug, minutes, values in (
        ("polres-banjar", -10, figures(BANJAR, establishment=120, actual=110)),
        ("polres-tapin", 20, figures(TAPIN)),
    ):
        at = make.CUT_OFF + timedelta(minutes=minutes)
        actions.submit_report(make.unit(slug), make.CUT_OFF, values, by=SYSTEM, at=at)
        actions.fold()
    return make.operation()


def table(actor=SYSTEM, at=AT, code="63", **given):
    within = Region.objects.get(code=code)
    return personnel_table(actor, make.operation(), at, within=within, **given)


def row(found, key):
    return next(one for one in found.rows if one.key == key)


def test_reasons_stand_apart_and_add_up(told):
    found = table()
    assert found.by == "region"
    banjar, whole = row(found, "63.03").figures, found.whole.figures
    assert {name: banjar[name] for name in BANJAR} == BANJAR
    assert (banjar["present"], banjar["absent"], banjar["total"]) == (94, 6, 100)
    assert (whole["present"], whole["absent"], whole["total"]) == (184, 16, 200)
    assert whole["absent"] == sum(whole[name] for name in ABSENCES)
    assert (whole["sick"], whole["seconded_out"], whole["seconded_in"]) == (4, 9, 8)
    assert (whole["engaged"], whole["standby"], whole["reserve"]) == (100, 20, 10)
    assert (found.whole.received, found.whole.expected, found.whole.late) == (2, 12, 1)


def test_numbers_are_those_of_the_other_pages(told):
    found, strength = table(), strength_table(told, AT).totals
    units = unit_recap(SYSTEM, told, AT, parent=Unit.objects.get(slug="polda-kalsel")).whole
    for other in (strength, units):
        assert (other.present, other.total) == (184, 200)
        assert (other.received, other.expected) == (2, 12)
    assert (found.whole.figures["present"], found.whole.figures["total"]) == (184, 200)


def test_dsp_is_known_only_where_every_report_said_it(told):
    found = table()
    said = row(found, "63.03").figures
    assert (said["establishment"], said["actual"]) == (120, 110)
    assert row(found, "63.05").figures["establishment"] is None
    assert found.whole.figures["establishment"] is None


def test_silent_unit_is_listed_with_no_number(told):
    silent = row(table(by="unit"), "polres-balangan")
    assert (silent.received, silent.expected) == (0, 1)
    assert set(silent.figures.values()) == {None}


def test_region_agency_and_unit_narrow_it(told):
    assert [one.key for one in table(code="63.03").rows] == ["polres-banjar"]
    assert table(agency="korem-101").whole is None
    below = table(unit=Unit.objects.get(slug="polres-tapin"))
    assert [one.key for one in below.rows] == ["polres-tapin"]
    assert below.whole.figures["seconded_out"] == 9


def test_past_moment_is_as_it_was(told):
    assert table(at=make.CUT_OFF).whole.figures["total"] == 100
    report = ReadinessReport.objects.get(unit__slug="polres-tapin")
    actions.return_report(report, note="Rinci.", version=report.version, by=SYSTEM, at=AT)
    assert table(at=AT + timedelta(minutes=1)).whole.figures["total"] == 100
    assert table(at=AT - timedelta(minutes=1)).whole.figures["total"] == 200


def test_others_reasons_and_those_above_ones_clearance_are_not_added_up(
    told, liaison_korem, liaison_polda
):
    assert table(liaison_korem).whole is None
    assert table(liaison_polda).whole.figures["sick"] == 4
    ReadinessReport.objects.filter(unit__slug="polres-banjar").update(
        classification=Classification.RAHASIA
    )
    if liaison_polda.clearance < Classification.RAHASIA:
        assert table(liaison_polda).whole.figures["sick"] == 1


def test_page_file_and_api_give_the_same_numbers(told, client, sign_in, commander):
    sign_in(client, commander)
    for by, key in (("region", "63.03"), ("unit", "polres-banjar")):
        page = client.get(URL, {"by": by})
        shown = row(page.context["table"], key)
        [said] = [r for r in client.get(API, {"by": by}).json()["rows"] if r["key"] == key]
        assert said["figures"] == shown.figures
        text = client.get(FILE, {"by": by, "format": "csv"}).content.decode("utf-8-sig")
        [line] = [cells for cells in csv.reader(io.StringIO(text)) if cells[:1] == [key]]
        numbers = [str(shown.figures[name]) for name in FIGURES]
        assert line[6 : 6 + len(FIGURES)] == numbers
    assert client.get(FILE).status_code == 200
    assert client.get(FILE, {"format": "exe"}).status_code == 404
    assert Entry.objects.filter(verb="operation.export_personnel").count() == 3


def test_number_leads_to_its_reports(told, client, sign_in, commander):
    sign_in(client, commander)
    for by, key in (("region", "63.03"), ("unit", "polres-banjar")):
        rows = client.get(URL, {"by": by}).context["rows"]
        url = next(one["source_url"] for one in rows if one["row"].key == key)
        assert [one["unit"] for one in client.get(url).context["rows"]] == ["Polres Banjar"]


def test_page_needs_its_permission_and_finds_nothing_of_others(
    told, client, sign_in, liaison_korem
):
    sign_in(client, liaison_korem)
    assert client.get(URL).context["rows"] == []
    assert client.get(API).json()["whole"] is None


def test_daily_report_has_them(told):
    found = daily_report(SYSTEM, told, AT, within=Region.objects.get(code="63"))
    assert found.personnel == table()
