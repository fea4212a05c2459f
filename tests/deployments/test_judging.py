"""What the portal says of a report: answers, lights, odd numbers, quarantine, comments."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from deployments import actions
from deployments.actions.answers import answer_errors
from deployments.enums import ExpectedState, Light
from deployments.models import OddityRule, RuleFlag
from deployments.queries import form_for, readiness_summary, spec_of
from deployments.queries.lights import judge, overall
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.errors import Refused
from portal.notifications.models import Notification
from tests.factories import deployments as make

DAY = timedelta(days=1)


@pytest.fixture
def due(db, settings):
    settings.DEMO_NOW, settings.DEMO_ANCHOR = make.OPENED, clock.true_now().timestamp()
    make.expect()


def spec(slug="polres-banjar"):
    return spec_of(form_for(make.unit(slug), make.CUT_OFF))


def send(slug="polres-banjar", *, by=SYSTEM, cut_off=make.CUT_OFF, confirm="", lines=(), **values):
    standing = make.expected(slug, cut_off).report
    return actions.submit_report(
        make.unit(slug),
        cut_off,
        make.figures(**values),
        lines=lines,
        replaces=standing.number if standing else 0,
        confirm=confirm,
        by=by,
        at=cut_off - timedelta(hours=1),
    )


def lights(report) -> dict[str, str]:
    return {group.key: group.light for group in report.groups.all()}


@pytest.mark.parametrize(
    ("answers", "field", "part"),
    [
        ({"unknown": 1}, "unknown", "tidak ada di formulir"),
        ({"boats": 3}, "boats", "baik, rusak ringan, rusak berat"),
        ({"boats": {"b": -1}}, "boats", "tiga bilangan"),
        ({"signal_percent": 101}, "signal_percent", "antara 0 dan 100"),
        ({"renkon": "ya"}, "renkon", "ya atau tidak"),
        ({"sprin_date": "20-11-2024", "sprin": True}, "sprin_date", "2024-11-20"),
        ({"backup": "pigeon"}, "backup", "Pilih dari daftar"),
        ({"hard_route": "x" * 501}, "hard_route", "500 karakter"),
        ({"women": 101}, "women", "kelebihan 1"),
        ({"officers": 20, "ncos": 70}, "total", "selisih 10 orang"),
        ({"budget_dipa": 5, "budget_total": 4}, "budget_total", "selisih 1"),
        ({"tf_law": 59}, "engaged", "selisih 1 orang"),
    ],
)
def test_answer_that_cannot_be_is_named(due, answers, field, part):
    [(where, sentence)] = answer_errors(spec(), make.figures() | {"answers": answers})
    assert where == field
    assert part in sentence
    with pytest.raises(Refused):
        send(answers=answers)


def test_a_group_is_answered_whole_or_left_open(due):
    [(where, _sentence)] = answer_errors(spec(), make.figures(comms_percent=None))
    assert where == "comms_percent"
    assert not answer_errors(spec(), make.figures(comms_percent=None, vehicles_percent=None))


def test_total_beyond_the_rolls_names_the_difference_and_the_database_refuses(due):
    with pytest.raises(Refused, match="kelebihan 2 orang"):
        send(actual=98)
    report = send(actual=100, establishment=110)
    assert (report.actual, report.establishment) == (100, 110)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(report).objects.filter(pk=report.pk).update(actual=99)


def test_each_group_has_its_light_and_the_worst_mandatory_one_is_the_whole(due):
    report = send(
        answers={
            "boats": {"b": 8, "rr": 1, "rb": 1},
            "signal_percent": 95,
            "renkon": False,
            "hard_tps": 10,
            "hard_planned": 5,
        }
    )
    assert lights(report) == {
        "personnel": "ready",
        "materiel": "conditional",
        "targets": "not_ready",
        "training": "silent",
        "paperwork": "silent",
        "budget": "silent",
        "post": "ready",
        "contingency": "conditional",
    }
    assert report.light == "conditional"
    assert report.groups.get(key="materiel").percent == 80


def test_thresholds_are_data_and_old_lights_stay(due):
    report = send()
    make.threshold("personnel", ready=95, conditional=90)
    later = send("polres-tapin")
    assert (lights(report)["personnel"], lights(later)["personnel"]) == ("ready", "conditional")
    report.refresh_from_db()
    assert report.light == "ready"


def test_an_open_mandatory_group_is_partial_and_never_green(due):
    report = send(vehicles_percent=None, comms_percent=None, post_active=None)
    assert (report.partial, report.light) == (True, "conditional")
    assert make.expected("polres-banjar").state == ExpectedState.PARTIAL
    actions.fold()
    summary = readiness_summary(make.operation(), make.CUT_OFF)
    assert (summary.received, summary.states["partial"]) == (1, 1)
    assert sum(summary.states.values()) == summary.expected
    whole = send()
    assert (whole.partial, make.expected("polres-banjar").state) == (False, "received")


def test_each_count_of_the_list_leads_to_its_rows(due, client, sign_in, commander, settings):
    settings.DEMO_NOW = make.CUT_OFF + timedelta(minutes=1)
    send("polres-tapin", establishment=80)
    send(vehicles_percent=None, comms_percent=None)
    actions.advance(at=make.CUT_OFF + timedelta(minutes=1))
    actions.fold()
    sign_in(client, commander)
    page = client.get("/kesiapan/")
    counted = {}
    for state in page.context["states"]:
        rows = client.get(f"/kesiapan/{state['url']}").context["rows"]
        assert len(rows) == int(state["number"])
        counted[state["label"]] = rows
    assert {label: len(rows) for label, rows in counted.items()} == {
        "Belum lapor": 10,
        "Masuk terlambat": 0,
        "Masuk sebagian": 1,
        "Lengkap": 0,
        "Bertentangan": 0,
        "Dikarantina": 1,
    }
    assert counted["Dikarantina"][0]["light"] == "Tidak dihitung"


def test_nothing_answered_is_silent():
    assert overall([]) == Light.SILENT


def test_nobody_of_nobody_is_not_ready(due):
    given = {"total": 0, "present": 0}
    first = judge(spec(), given, {})[0]
    assert (first.light, first.percent) == (Light.NOT_READY, 0)


def test_a_jump_asks_for_a_reason_and_keeps_it(due):
    send()
    actions.open_cut_offs(at=make.OPENED + DAY)
    doubled = {"total": 130, "present": 120}
    with pytest.raises(Refused, match="130, sebelumnya 100") as refusal:
        send(cut_off=make.CUT_OFF + DAY, **doubled)
    assert refusal.value.field == "confirm"
    report = send(cut_off=make.CUT_OFF + DAY, confirm="BKO kembali", **doubled)
    flag = RuleFlag.objects.get(report=report)
    assert (flag.rule.key, flag.reason, flag.value, flag.against) == (
        "total-jump",
        "BKO kembali",
        130,
        100,
    )
    assert report.state == "submitted"


def test_a_rule_that_is_off_says_nothing(due):
    OddityRule.objects.update(is_active=False)
    assert send(establishment=10, actual=100).state == "submitted"


def test_quarantine_is_received_but_in_no_total_until_released(due, posko_banjar, liaison_polda):
    report = send(by=posko_banjar, establishment=80)
    assert report.state == "quarantined"
    assert make.expected("polres-banjar").state == ExpectedState.QUARANTINED
    actions.fold()
    summary = readiness_summary(make.operation(), make.CUT_OFF)
    assert (summary.received, summary.total, summary.states["quarantined"]) == (0, 0, 1)
    assert summary.lights["silent"] == 11
    assert Notification.objects.get(post=liaison_polda.post_id).kind == "readiness_quarantined"
    assert send(by=posko_banjar, establishment=80) == report
    with pytest.raises(Refused):
        actions.verify_report(report, version=1, by=liaison_polda, at=make.OPENED)
    with pytest.raises(Refused):
        actions.release_report(report, reason=" ", version=1, by=liaison_polda, at=make.OPENED)
    freed = actions.release_report(
        report, reason="DSP lama", version=1, by=liaison_polda, at=make.OPENED
    )
    again = actions.release_report(
        freed, reason="DSP lama", version=2, by=liaison_polda, at=make.OPENED
    )
    assert (freed.state, again.version) == ("submitted", 2)
    actions.fold()
    assert readiness_summary(make.operation(), make.CUT_OFF).total == 100
    assert Notification.objects.get(post=posko_banjar.post_id).kind == "readiness_released"


def test_quarantined_report_is_released_or_returned_by_the_superior_only(
    due, client, sign_in, posko_banjar, liaison_polda, liaison_kpu, kodim_1006
):
    report = send(by=posko_banjar, establishment=80)
    address = f"/kesiapan/{report.pk}/"
    sign_in(client, posko_banjar)
    assert client.post(f"{address}lepas/", {"reason": "x", "version": 1}).status_code == 403
    for actor in (kodim_1006, liaison_kpu):
        sign_in(client, actor)
        assert client.post(f"{address}lepas/", {"reason": "x", "version": 1}).status_code in (
            403,
            404,
        )
    sign_in(client, liaison_polda)
    page = client.get(address)
    assert page.context["releases"] and "Hadir melebihi 110% DSP" in page.content.decode()
    assert client.post(f"{address}lepas/", {"reason": "", "version": 1}).status_code == 200
    assert client.post(f"{address}lepas/", {"reason": "Benar", "version": 1}).status_code == 302
    report.refresh_from_db()
    assert report.state == "submitted"


def test_a_comment_stands_at_its_field_until_the_correction(
    due, client, sign_in, posko_banjar, liaison_polda
):
    report = send(by=posko_banjar)
    sign_in(client, liaison_polda)
    address = f"/kesiapan/{report.pk}/kembalikan/"
    said = {"version": 1, "note": "", "target-1": "on_leave", "text-1": "Siapa saja yang cuti?"}
    half = client.post(address, {"version": 1, "note": "", "target-1": "on_leave", "text-1": ""})
    assert half.status_code == 200
    assert client.post(address, said | {"target-1": "nowhere"}).status_code == 200
    assert client.post(address, said).status_code == 302
    report.refresh_from_db()
    assert report.state == "returned"
    sign_in(client, posko_banjar)
    url = "/kesiapan/lapor/?unit=polres-banjar&cut_off=2024-11-20T18:00:00%2B08:00"
    form = client.get(url)
    rows = {
        row["label"]: row["comment"] for s in form.context["form"].sections for row in s["rows"]
    }
    assert rows["Kurang: cuti"] == "Siapa saja yang cuti?"
    assert "Siapa saja yang cuti?" in client.get(f"/kesiapan/{report.pk}/").content.decode()
    assert "Siapa saja" in Notification.objects.get(post=posko_banjar.post_id).context["note"]
    mended = send(by=posko_banjar, on_leave=9, sick=1)
    assert (mended.number, mended.comments.count()) == (2, 0)


def test_comment_on_no_field_is_refused(due, liaison_polda):
    report = send()
    with pytest.raises(Refused):
        actions.return_report(
            report, note="", comments={"x": "?"}, version=1, by=liaison_polda, at=make.OPENED
        )
    report.refresh_from_db()
    assert (report.state, report.comments.count()) == ("submitted", 0)
