"""From the schedule the portal makes the list of expected reports: set and changed by the pages."""

from datetime import date, time, timedelta

import pytest
from django.utils import translation

from deployments import actions
from deployments.models import ExpectedReport, OddityRule, ReportSchedule
from deployments.queries.form_pages import schedule_rows
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.errors import Refused, Stale
from portal.audit.models import Entry
from portal.registry.models import Agency
from tests.api_twins import Twin
from tests.factories import deployments as make

VALUES = {
    "unit_kind": "polres",
    "local_time": time(18),
    "opens_before": 360,
    "grace": 15,
    "valid_from": date(2024, 11, 20),
    "valid_to": date(2024, 11, 27),
    "source": "uji",
}


@pytest.fixture(autouse=True)
def now(db, settings):
    settings.DEMO_NOW, settings.DEMO_ANCHOR = make.OPENED, clock.true_now().timestamp()


def add(**given) -> ReportSchedule:
    polda = Agency.objects.get(slug="polda-kalsel")
    return actions.add_schedule(make.operation(), polda, VALUES | given, by=SYSTEM, at=make.OPENED)


def test_what_is_expected_follows_from_the_schedule(db):
    add()
    assert actions.open_cut_offs(at=make.OPENED) == 12
    row = make.expected("polres-banjar")
    assert row.due_at - row.cut_off_at == timedelta(minutes=15)


def test_same_again_changes_nothing_and_other_terms_are_refused(db):
    first = add()
    assert add() == first
    with pytest.raises(Refused):
        add(grace=20)
    assert Entry.objects.filter(verb="schedule.create").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit_kind": "kodim"},
        {"valid_to": date(2024, 11, 19)},
        {"valid_from": date(2024, 11, 19)},
        {"local_time": time(12)},
        {"opens_before": 0},
        {"grace": 1441},
        {"source": " "},
    ],
)
def test_impossible_schedule_is_refused(db, wrong):
    with pytest.raises(Refused):
        add(**wrong)
    assert not ReportSchedule.objects.exists()


def test_change_holds_for_what_is_not_expected_yet(db):
    schedule = add()
    actions.open_cut_offs(at=make.OPENED)
    terms = VALUES | {"grace": 60, "valid_to": date(2024, 11, 21)}
    actions.change_schedule(schedule, terms, version=1, by=SYSTEM, at=make.OPENED)
    with pytest.raises(Refused):
        actions.change_schedule(
            schedule, terms | {"valid_from": date(2024, 11, 19)}, version=2, by=SYSTEM,
            at=make.OPENED,
        )  # fmt: skip
    with pytest.raises(Stale):
        actions.change_schedule(schedule, terms, version=1, by=SYSTEM, at=make.OPENED)
    actions.open_cut_offs(at=make.OPENED + timedelta(days=1))
    actions.open_cut_offs(at=make.OPENED + timedelta(days=2))
    graces = {
        row.cut_off_at: row.due_at - row.cut_off_at
        for row in ExpectedReport.objects.filter(unit__slug="polres-banjar")
    }
    assert graces == {
        make.CUT_OFF: timedelta(minutes=15),
        make.CUT_OFF + timedelta(days=1): timedelta(minutes=60),
    }


def test_schedule_by_the_pages(client, admin, liaison_kpu, sign_in):
    sign_in(client, liaison_kpu)
    assert client.get("/formulir-kesiapan/jadwal/baru/").status_code == 403
    sign_in(client, admin)
    assert "Belum ada jadwal laporan" in client.get("/formulir-kesiapan/").content.decode()
    polda = Agency.objects.get(slug="polda-kalsel")
    sent = VALUES | {"agency": polda.pk, "local_time": "18:00"}
    assert client.post("/formulir-kesiapan/jadwal/baru/", sent).status_code == 302
    schedule = ReportSchedule.objects.get()
    assert (schedule.local_time, schedule.operation) == (time(18), make.operation())
    terms = sent | {"grace": 30, "version": 1}
    address = f"/formulir-kesiapan/jadwal/{schedule.pk}/"
    assert client.post(address, terms).status_code == 302
    schedule.refresh_from_db()
    assert (schedule.grace, schedule.version) == (30, 2)
    assert "Polres · Polda Kalsel" in client.get("/formulir-kesiapan/").content.decode()
    assert [row["hour"] for row in schedule_rows()] == ["18.00 WITA"]
    with translation.override("en"):
        assert [row["hour"] for row in schedule_rows()] == ["18:00 WITA"]


def test_schedule_by_the_api(client, sign_in, admin, liaison_kpu):
    api = Twin(client, sign_in)
    body = {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in VALUES.items()
    } | {"agency": "polda-kalsel"}
    assert api(liaison_kpu).status("report-schedules/", body) == 403
    api(admin)
    assert api.status("report-schedules/", body | {"unit_kind": "kodim"}) == 422
    told = api.once("schedule.create", "report-schedules/", body)
    path = f"report-schedules/{told['id']}/"
    assert api.status(path, {"grace": 45}, "patch") == 428
    told = api.once("schedule.change", path, {"grace": 45, "version": 1}, "patch")
    assert (told["grace"], told["version"]) == (45, 2)


def test_rule_is_added_by_the_page(client, admin, sign_in):
    sign_in(client, admin)
    sent = {
        "key": "loncat-hadir", "name": "Hadir berubah lebih dari 30%", "kind": "jump",
        "field": "present", "other": "total", "percent": 30, "floor": 20, "severity": "warn",
        "is_active": "on", "source": "uji",
    }  # fmt: skip
    wrong = client.post("/formulir-kesiapan/aturan/baru/", sent | {"field": "tidak-ada"})
    assert "Tidak ada isian bilangan dengan kode itu." in wrong.content.decode()
    assert client.post("/formulir-kesiapan/aturan/baru/", sent).status_code == 302
    rule = OddityRule.objects.get(key="loncat-hadir")
    assert (rule.field, rule.other, rule.is_active) == ("present", "", True)
