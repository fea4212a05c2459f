"""Readiness reports: what is refused and how it is said, lateness to the second, who may."""

from datetime import UTC, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from deployments import actions, tasks
from deployments.actions import ImportedReport
from deployments.actions.figures import figure_errors, line_errors
from deployments.enums import (
    EXPECTED_MOVES,
    REPORT_MOVES,
    ExpectedState,
    Light,
    ReportState,
    light_for,
    light_of,
)
from deployments.models import ExpectedReport, ReadinessReport, UnitLatest
from deployments.queries import last_report, readiness_summary, reports_due
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.errors import Refused, Stale
from portal.accounts.models import Post
from portal.audit.models import Entry
from portal.notifications.models import Notification
from tests.factories import deployments as make

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@pytest.fixture
def due(db, settings):
    """Half past twelve on 20 November; every Polres owes its report of 18.00."""
    settings.DEMO_NOW, settings.DEMO_ANCHOR = make.OPENED, clock.true_now().timestamp()
    make.expect()


def send(slug="polres-banjar", *, by=SYSTEM, at=make.OPENED, lines=(), replaces=0, **values):
    return actions.submit_report(
        make.unit(slug),
        make.CUT_OFF,
        make.figures(**values),
        lines=lines,
        replaces=replaces,
        by=by,
        at=at,
    )


def form(**given):
    return {
        name: value
        for name, value in make.figures(**given).items()
        if name != "nihil" and value is not False
    } | {"replaces": 0}


URL = "/kesiapan/lapor/?unit=polres-banjar&cut_off=2024-11-20T18:00:00%2B08:00"


@pytest.mark.parametrize(
    ("given", "field", "part"),
    [
        ({"total": 103}, "total", "hadir 90 + kurang 10 = 100: 3 orang belum dijelaskan"),
        ({"on_leave": 12}, "total", "hadir 90 + kurang 12 = 102: kelebihan 2 orang"),
        ({"present": 101}, "present", "melebihi jumlah 100: kelebihan 1 orang"),
        ({"engaged": 61}, "engaged", "hanya 90: kelebihan 1 orang"),
        ({"total": -1}, "total", "antara 0 dan 100000"),
        ({"vehicles_percent": 101}, "vehicles_percent", "antara 0 dan 100"),
    ],
)
def test_contradiction_names_the_difference(due, given, field, part):
    [(where, sentence)] = figure_errors(make.figures(**given))
    assert where == field
    assert part in sentence
    with pytest.raises(Refused):
        send(**given)
    assert ReadinessReport.objects.count() == 0


@pytest.mark.parametrize(
    ("lines", "part"),
    [
        ([make.line("63.05.01")], "bukan wilayah kerja"),
        ([make.line("63.03.03"), make.line("63.03.03")], "lebih dari sekali"),
        ([make.line("63.03.03", present=11)], "hadir 11 melebihi jumlah 10"),
        ([make.line("63.03.03", total=-1)], "antara 0 dan 100000"),
        ([make.line("63.03.03", total=101)], "melebihi 100: 1 orang"),
    ],
)
def test_impossible_itemisation_is_refused(lines, part):
    [(_district, sentence)] = line_errors(make.figures(), lines, {"63.03.03": True})
    assert part in sentence


def test_database_refuses_what_does_not_add_up(due):
    report = send()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReadinessReport.objects.filter(pk=report.pk).update(total=101)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReadinessReport.objects.filter(pk=report.pk).update(engaged=80)


@pytest.mark.parametrize(
    ("after", "state", "late"),
    [
        (-SECOND, "received", False),
        (0 * SECOND, "received", False),
        (SECOND, "received_late", True),
    ],
)
def test_late_begins_a_second_after_the_cut_off(due, after, state, late):
    assert send(at=make.CUT_OFF + after).late is late
    assert make.expected("polres-banjar").state == state


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (make.CUT_OFF, ExpectedState.WAITING),
        (make.CUT_OFF + SECOND, ExpectedState.MISSING),
        (clock.midnight(make.CUT_OFF.date() + DAY) - SECOND, ExpectedState.MISSING),
        (clock.midnight(make.CUT_OFF.date() + DAY), ExpectedState.OVERDUE),
    ],
)
def test_silence_turns_missing_and_at_midnight_late(due, at, state):
    actions.advance(at=at)
    assert actions.advance(at=at) == 0
    assert make.expected("polres-tapin").state == state
    actions.fold()
    summary = readiness_summary(make.operation(), at)
    late = 12 if state == ExpectedState.OVERDUE else 0
    assert (summary.expected, summary.received, summary.late) == (12, 0, late)


def test_cut_offs_open_once_and_a_worker_that_was_away_catches_up(due):
    assert actions.open_cut_offs(at=make.OPENED) == 0
    assert actions.open_cut_offs(at=make.OPENED + DAY) == 12
    assert actions.open_cut_offs(at=make.OPENED + 4 * DAY) == 36
    assert actions.open_cut_offs(at=make.OPENED + 30 * DAY) == 0


def test_tasks_run_twice_change_nothing(due, settings):
    settings.DEMO_NOW = make.CUT_OFF + timedelta(minutes=1)
    for task in (tasks.open_cut_offs, tasks.remind_readiness, tasks.fold_rollups):
        task()
        task()
    tasks.rebuild_rollups()
    assert ExpectedReport.objects.filter(state="missing").count() == 12


def test_reminder_goes_out_once_and_stops_with_the_answer(due, posko_banjar, liaison_polda):
    at = make.CUT_OFF + SECOND
    actions.advance(at=at)
    assert actions.remind_readiness(at=at) == 12
    assert actions.remind_readiness(at=at) == 0
    asked = Notification.objects.get(post=posko_banjar.post_id)
    assert asked.kind == "readiness_missing"
    assert Notification.objects.filter(post=liaison_polda.post_id).count() == 1
    send(at=at)
    asked.refresh_from_db()
    assert asked.cancelled_at == at


def test_the_same_again_is_one_report_and_a_correction_needs_its_number(due):
    first = send(lines=[make.line("63.03.03")])
    assert send(lines=[make.line("63.03.03")]) == first
    with pytest.raises(Stale) as stale:
        send(present=80, on_leave=20, engaged=50)
    assert stale.value.current == first
    late = make.CUT_OFF + SECOND
    second = send(present=80, on_leave=20, engaged=50, replaces=1, at=late)
    first.refresh_from_db()
    assert (first.state, second.number, second.late) == ("superseded", 2, False)
    assert second.supersedes == first
    assert UnitLatest.objects.get(unit__slug="polres-banjar").report == second


def test_report_that_nobody_expects_is_refused(due):
    with pytest.raises(Refused):
        send("kodim-1006")


def test_return_verify_and_their_order(due, posko_banjar, liaison_polda):
    report = send(by=posko_banjar)
    with pytest.raises(Refused):
        actions.return_report(report, note=" ", version=1, by=liaison_polda, at=make.OPENED)
    verified = actions.verify_report(report, version=1, by=liaison_polda, at=make.OPENED)
    again = actions.verify_report(report, version=2, by=liaison_polda, at=make.OPENED)
    assert (verified.version, again.version, again.state) == (2, 2, "verified")
    with pytest.raises(Stale):
        actions.verify_report(report, version=1, by=liaison_polda, at=make.OPENED)
    back = actions.return_report(report, note="Rinci", version=2, by=liaison_polda, at=make.OPENED)
    same = actions.return_report(report, note="Rinci", version=3, by=liaison_polda, at=make.OPENED)
    assert back.version == same.version == 3
    assert not UnitLatest.objects.exists()
    assert Notification.objects.get(post=posko_banjar.post_id).kind == "readiness_returned"
    with pytest.raises(Refused):
        actions.verify_report(report, version=3, by=liaison_polda, at=make.OPENED)
    assert Entry.objects.filter(verb="readiness.return").count() == 1


def test_moves_lead_somewhere_known():
    assert set(REPORT_MOVES) == set(ReportState)
    assert set(EXPECTED_MOVES) == set(ExpectedState)


@pytest.mark.parametrize(
    ("part", "light"),
    [(90, Light.READY), (89, Light.CONDITIONAL), (75, Light.CONDITIONAL), (74, Light.NOT_READY)],
)
def test_light_by_its_thresholds(part, light):
    assert light_of(part, 100) == light


def test_silence_is_never_green():
    assert light_of(0, 0) == Light.NOT_READY
    assert light_for(expected=0, received=0, present=0, total=0) is None
    assert light_for(expected=1, received=0, present=9, total=9) == Light.SILENT
    assert light_for(expected=2, received=1, present=9, total=9) == Light.CONDITIONAL
    assert light_for(expected=1, received=1, present=9, total=9) == Light.READY


def test_without_command_post_nobody_is_ready(due):
    assert send().light == "ready"
    assert send("polres-tapin", post_active=False).light == "conditional"
    assert send("polres-kotabaru", vehicles_percent=10).light == "not_ready"


def test_due_list_is_of_the_own_units(due, posko_banjar, liaison_polda, liaison_kpu):
    assert [row.unit for row in reports_due(posko_banjar, make.OPENED)] == ["polres-banjar"]
    assert len(reports_due(liaison_polda, make.OPENED)) == 12
    assert reports_due(liaison_kpu, make.OPENED) == []
    assert reports_due(posko_banjar, make.CUT_OFF + DAY) == []


def test_operator_reports_corrects_and_repeats(due, client, sign_in, posko_banjar):
    sign_in(client, posko_banjar)
    assert client.get("/kesiapan/lapor/").status_code == 302
    assert client.get(URL).status_code == 200
    wrong = client.post(URL, form(total=103))
    assert "3 orang belum dijelaskan" in wrong.content.decode()
    assert wrong.context["form"]["total"].value() == "103"
    sent = client.post(URL, form() | {"d-63.03.03-total": 10, "d-63.03.03-present": 9})
    assert sent.status_code == 302
    report = ReadinessReport.objects.get()
    assert [line.region_id for line in report.lines.all()] == ["63.03.03"]
    page = client.get(sent.url).content.decode()
    assert "Tidak terperinci per kecamatan" in page
    stale = client.post(URL, form(present=80, on_leave=20, engaged=50))
    assert stale.status_code == 200
    mended = client.post(URL, form(present=80, on_leave=20, engaged=50) | {"replaces": 1})
    assert mended.status_code == 302
    assert client.get(sent.url).context["newest_url"] == mended.url
    actions.open_cut_offs(at=make.OPENED + DAY)
    nihil = client.post("/kesiapan/nihil/?unit=polres-banjar&cut_off=2024-11-21T18:00:00%2B08:00")
    assert nihil.status_code == 302
    newest = ReadinessReport.objects.order_by("-pk").first()
    assert (newest.nihil, newest.present) == (True, 80)
    assert last_report(make.unit("polres-banjar"), make.CUT_OFF + DAY).present == 80


def test_one_tap_needs_an_earlier_report(due, client, sign_in, posko_banjar):
    sign_in(client, posko_banjar)
    answer = client.post(URL.replace("lapor", "nihil"), follow=True)
    assert "Belum ada laporan yang dapat diulang" in answer.content.decode()
    assert client.post("/kesiapan/nihil/").status_code == 404


def test_double_click_has_one_effect(due, client, sign_in, posko_banjar):
    sign_in(client, posko_banjar)
    data = form() | {"idempotency_key": "sama"}
    first, second = client.post(URL, data), client.post(URL, data)
    assert first["Location"] == second["Location"]
    assert ReadinessReport.objects.count() == 1


@pytest.mark.parametrize(
    ("bad", "field", "sentence"),
    [
        ({"total": "-1"}, "total", "Tulis angka 0 atau lebih."),
        ({"total": "seratus"}, "total", "Tulis bilangan bulat, misalnya 2041."),
        ({"total": "1.00"}, "total", "Tulis bilangan bulat, misalnya 2041."),
        (
            {"total": "9" * 30},
            "total",
            "Pastikan nilai ini lebih kecil dari atau sama dengan 100000.",
        ),
        ({"notes": "a\x00b"}, "notes", "Karakter null tidak diizinkan."),
        (
            {"notes": "x" * 10_000},
            "notes",
            "Pastikan nilai ini mengandung paling banyak 4000 karakter (sekarang 10000 karakter).",
        ),
        (
            {"d-63.03.03-total": "-1"},
            "d-63.03.03-total",
            "Tulis angka 0 atau lebih.",
        ),
        (
            {"d-63.03.03-total": "5", "d-63.03.03-present": "6"},
            "d-63.03.03-present",
            "Kecamatan 63.03.03: hadir 6 melebihi jumlah 5.",
        ),
    ],
)
def test_bad_input_is_a_sentence_at_the_field_and_writes_nothing(
    due, client, sign_in, posko_banjar, bad, field, sentence
):
    answer = sign_in(client, posko_banjar).post(URL, form() | bad)
    assert answer.status_code == 200
    assert answer.context["form"].errors == {field: [sentence]}
    kept = answer.context["form"]
    assert {name: kept[name].value() for name in bad} == bad
    assert ReadinessReport.objects.count() == 0


def test_figures_may_have_dots_between_their_thousands(due, client, sign_in, posko_banjar):
    typed = form() | {"total": "2.041", "present": "2.031"}
    sent = sign_in(client, posko_banjar).post(URL, typed)
    report = ReadinessReport.objects.get()

    assert sent.status_code == 302
    assert (report.total, report.present) == (2041, 2031)


def test_a_forged_base_is_refused_and_writes_nothing(due, client, sign_in, posko_banjar):
    answer = sign_in(client, posko_banjar).post(URL, form() | {"replaces": "-3"})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["replaces"]
    assert ReadinessReport.objects.count() == 0


@pytest.mark.parametrize(
    "url",
    [
        "/kesiapan/lapor/?unit=polres-tapin",
        "/kesiapan/lapor/?unit=tidak-ada",
        "/kesiapan/lapor/?unit=polres-banjar&cut_off=2024-11-20T17:00:00%2B08:00",
        "/kesiapan/999999/",
    ],
)
def test_what_is_out_of_sight_is_not_found(due, client, sign_in, posko_banjar, url):
    assert sign_in(client, posko_banjar).get(url).status_code == 404


def test_others_see_and_do_nothing(due, client, sign_in, posko_banjar, kodim_1006, liaison_kpu):
    report = send(by=posko_banjar)
    for actor in (kodim_1006, liaison_kpu):
        sign_in(client, actor)
        assert client.get(f"/kesiapan/{report.pk}/").status_code == 404
        assert client.post(URL, form()).status_code == 404
        assert client.get("/kesiapan/").context["rows"] == []
    sign_in(client, posko_banjar)
    assert client.post(f"/kesiapan/{report.pk}/verifikasi/").status_code == 403
    assert client.post(f"/kesiapan/{report.pk}/kembalikan/").status_code == 403


def test_superior_checks(due, client, sign_in, posko_banjar, liaison_polda):
    report = send(by=posko_banjar)
    sign_in(client, liaison_polda)
    assert client.get("/kesiapan/lapor/").status_code == 200
    address = f"/kesiapan/{report.pk}/"
    assert client.post(f"{address}kembalikan/", {"note": "", "version": 1}).status_code == 200
    client.post(f"{address}verifikasi/", {"version": "x"})
    client.post(f"{address}verifikasi/", {"version": 1})
    report.refresh_from_db()
    assert report.state == "verified"
    client.post(f"{address}kembalikan/", {"note": "Rinci", "version": 2})
    report.refresh_from_db()
    assert report.state == "returned"
    sign_in(client, posko_banjar)
    assert "Rinci" in client.get(URL).content.decode()


def test_list_filters_and_shows_silence(due, client, sign_in, commander):
    send()
    actions.fold()
    sign_in(client, commander)
    whole = client.get("/kesiapan/").context["rows"]
    assert len(whole) == 12
    silent = client.get("/kesiapan/?state=silent&day=2024-11-20&region=63.05&agency=polda-kalsel")
    assert [row["unit"] for row in silent.context["rows"]] == ["Polres Tapin"]
    named = client.get("/kesiapan/?unit=banjarbaru").context["rows"]
    assert [row["light"] for row in named] == ["Belum lapor"]
    assert client.get("/kesiapan/?state=tidak").status_code == 200


def test_contradiction_is_shown_to_both(due, client, sign_in, commander):
    first = send("polres-banjarbaru", lines=[make.line("63.03.01")])
    second = send(lines=[make.line("63.03.01", total=20)])
    sign_in(client, commander)
    for report in (first, second):
        page = client.get(f"/kesiapan/{report.pk}/")
        assert len(page.context["conflicts"]) == 2


def test_api_takes_one_report_per_key(due, client, sign_in, posko_banjar):
    sign_in(client, posko_banjar)
    body = make.figures() | {
        "unit": "polres-banjar",
        "cut_off_at": make.CUT_OFF.isoformat(),
        "lines": [make.line("63.03.03")],
    }

    def post(**given):
        return client.post(
            "/api/v1/readiness-reports/",
            body | given,
            content_type="application/json",
            headers={"Idempotency-Key": given.pop("key", "k1")} if "key" in given else {},
        )

    made = post()
    assert made.status_code == 201
    assert made["Location"] == reverse("readiness-report-detail", args=[made.json()["id"]])
    assert made.json()["lines"][0]["region"] == "63.03.03"
    changed = post(present=80, on_leave=20, engaged=50)
    assert changed.status_code == 409, changed.json().get("errors")
    wrong = post(total=103)
    assert wrong.status_code == 422
    assert wrong["Content-Type"] == "application/problem+json"
    assert wrong.json()["errors"][0]["field"] == "total"
    assert post(unit="polres-tapin").json()["errors"][0]["field"] == "unit"
    assert post(cut_off_at="2024-11-20T17:00:00+08:00").status_code == 422
    assert post(cut_off_at="2024-02-31T00:00:00+08:00").status_code == 422
    assert post(lines=[make.line("63.05.01")]).json()["errors"][0]["field"] == "lines"
    listed = client.get("/api/v1/readiness-reports/", {"region": "63.03", "agency": "polda-kalsel"})
    assert [row["unit"] for row in listed.json()["results"]] == ["polres-banjar"]


def test_rollup_api_names_its_sources(due, client, sign_in, commander):
    send(at=make.OPENED)
    actions.fold()
    sign_in(client, commander)
    at = make.CUT_OFF.astimezone(UTC).isoformat()
    answer = client.get("/api/v1/rollups/", {"level": "province", "at": at}).json()["results"]
    assert [row["received_reports"] for row in answer] == [1]
    for name in ("sources", "reports"):
        linked = client.get(answer[0][name])
        assert linked.status_code == 200
    assert linked.json()["count"] == 1
    assert client.get("/api/v1/rollups/", {"level": "desa"}).status_code == 422
    assert client.get("/api/v1/rollups/", {"region": "63.99"}).status_code == 422


def test_import_is_whole_or_nothing_and_once(due):
    rows = [
        ImportedReport(make.unit(slug), make.CUT_OFF, make.OPENED, make.figures(), lines)
        for slug, lines in (("polres-banjar", [make.line("63.03.03")]), ("polres-tapin", []))
    ]
    broken = ImportedReport(
        make.unit("polres-kotabaru"), make.CUT_OFF, make.OPENED, make.figures(total=103)
    )
    with pytest.raises(Refused, match="Baris 3"):
        actions.import_reports(make.operation(), [*rows, broken], by=SYSTEM, at=make.OPENED)
    assert ReadinessReport.objects.count() == 0
    for count in (2, 0):
        done = actions.import_reports(make.operation(), rows, by=SYSTEM, at=make.OPENED)
        assert done == count
    assert readiness_summary(make.operation(), make.CUT_OFF).received == 2


def test_list_needs_as_many_queries_for_three_rows_as_for_one(due, client, sign_in, commander):
    for slug in ("polres-banjar", "polres-tapin", "polres-balangan"):
        send(slug, lines=[])
    actions.fold()
    sign_in(client, commander)
    counts = []
    for region in ("63.05", "63"):
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/kesiapan/?state=received&region={region}")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_each_version_keeps_who_sent_it_and_who_checked_it(
    due, client, sign_in, posko_banjar, liaison_polda
):
    after = make.OPENED + timedelta(minutes=10)
    first = send(by=posko_banjar)
    actions.verify_report(first, version=first.version, by=liaison_polda, at=after)
    second = send(by=posko_banjar, at=after + timedelta(minutes=5), replaces=1, vehicles_percent=94)
    actions.return_report(
        second, note="Rinci.", version=second.version, by=liaison_polda,
        at=after + timedelta(minutes=9),
    )  # fmt: skip
    sign_in(client, posko_banjar)
    steps = client.get(f"/kesiapan/{second.pk}/").context["versions"]
    sender, checker = (str(Post.objects.get(pk=by.post_id)) for by in (posko_banjar, liaison_polda))
    assert [(step["title"], step["by"], step["at"] - make.OPENED) for step in steps] == [
        ("Versi 2 dikembalikan", checker, timedelta(minutes=19)),
        ("Versi 2 dikirim", sender, timedelta(minutes=15)),
        ("Versi 1 diverifikasi", checker, timedelta(minutes=10)),
        ("Versi 1 dikirim", sender, timedelta(0)),
    ]
    assert (steps[0]["text"], steps[3]["text"]) == ("Rinci.", "Sekarang: Diganti")
    rows = client.get("/api/v1/readiness-reports/", {"unit": "polres-banjar"}).json()["results"]
    told = {row["number"]: [(r["state"], r["post"]) for r in row["reviews"]] for row in rows}
    assert told == {1: [("verified", checker)], 2: [("returned", checker)]}
    assert {row["submitted_by"] for row in rows} == {sender}
    one = client.get(f"/api/v1/readiness-reports/{first.pk}/").json()
    assert [review["state"] for review in one["reviews"]] == ["verified"]


def test_late_means_the_same_beside_the_count_and_in_the_list(
    due, client, sign_in, commander, settings
):
    late = make.CUT_OFF + timedelta(hours=1)
    send("polres-tapin", at=late)
    send("polres-banjar", at=late, lines=[make.line("63.03.01")])
    send("polres-banjarbaru", at=late, lines=[make.line("63.03.01", total=20)])
    actions.fold()
    sign_in(client, commander)
    settings.DEMO_NOW = late + timedelta(minutes=1)
    page = client.get("/peta/").context
    listed = client.get("/kesiapan/").context
    chip = next(one for one in page["panel_states"] if one["label"] == "Masuk terlambat")
    assert (chip["number"], page["panel_line"].late, page["total"].late) == ("1", 1, 1)
    assert listed["summary"].came_late == 1
