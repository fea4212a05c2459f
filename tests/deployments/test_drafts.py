"""The draft of a report: kept while typing, one's own, gone when the report is sent."""

import pytest

from deployments import actions
from deployments.models import ReadinessReport, ReportDraft
from portal import clock
from portal.access.errors import Refused
from tests.factories import deployments as make

QUERY = "?unit=polres-banjar&cut_off=2024-11-20T18:00:00%2B08:00"
FORM, DRAFT = f"/kesiapan/lapor/{QUERY}", f"/kesiapan/draf/{QUERY}"


@pytest.fixture
def due(db, settings):
    settings.DEMO_NOW, settings.DEMO_ANCHOR = make.OPENED, clock.true_now().timestamp()
    make.expect()


def typed(**given):
    return {"total": "120", "a-boats-b": "4", "notes": "Separuh jalan", "replaces": "0"} | given


def test_a_draft_is_kept_and_found_again(due, client, sign_in, posko_banjar):
    sign_in(client, posko_banjar)
    answer = client.post(DRAFT, typed(), headers={"Accept": "application/json"})
    assert answer.json()["at"].startswith("12.3")
    form = client.get(FORM).context["form"]
    assert [form[name].value() for name in ("total", "a-boats-b", "notes")] == [
        "120",
        "4",
        "Separuh jalan",
    ]
    client.post(DRAFT, typed(total="", notes="x"))
    draft = ReportDraft.objects.get()
    assert draft.data == {"a-boats-b": "4", "notes": "x"}
    assert ReadinessReport.objects.count() == 0


def test_without_script_the_button_saves_and_leads_back(due, client, sign_in, posko_banjar):
    sign_in(client, posko_banjar)
    saved = client.post(DRAFT, typed(), follow=True)
    assert saved.status_code == 200
    assert "Laporan belum dikirim" in saved.content.decode()
    assert saved.context["form"]["total"].value() == "120"
    gone = client.post(DRAFT, {"buang": "1"}, follow=True)
    assert gone.context["draft"] is None
    assert not ReportDraft.objects.exists()


def test_what_cannot_be_a_number_is_still_kept(due, client, sign_in, posko_banjar):
    sign_in(client, posko_banjar)
    client.post(DRAFT, typed(total="seratus"))
    assert client.get(FORM).context["form"]["total"].value() == "seratus"


def test_sending_the_report_ends_the_draft(due, client, sign_in, posko_banjar):
    sign_in(client, posko_banjar)
    client.post(DRAFT, typed())
    values = {n: v for n, v in make.figures().items() if n != "nihil"} | {"replaces": 0}
    assert client.post(FORM, values | {"a-boats-b": 4}).status_code == 302
    assert not ReportDraft.objects.exists()
    report = ReadinessReport.objects.get()
    assert report.answers == {"boats": {"b": 4, "rr": 0, "rb": 0}}
    client.post(DRAFT, typed(notes="Perbaikan"))
    assert client.get(FORM).context["form"]["notes"].value() == "Perbaikan"
    # What was typed before the version that stands says nothing about that version.
    ReportDraft.objects.update(saved_at=report.submitted_at)
    assert client.get(FORM).context["draft"] is None


def test_copying_the_last_report_goes_before_the_draft(due, client, sign_in, posko_banjar):
    actions.submit_report(
        make.unit("polres-banjar"),
        make.CUT_OFF,
        make.figures(answers={"boats": {"b": 7}, "renkon": True, "sprin_date": "2024-08-20"}),
        by=posko_banjar,
        at=make.OPENED,
    )
    actions.open_cut_offs(at=make.OPENED.replace(day=21))
    sign_in(client, posko_banjar)
    later = "?unit=polres-banjar&cut_off=2024-11-21T18:00:00%2B08:00"
    client.post(f"/kesiapan/draf/{later}", typed())
    copied = client.get(f"/kesiapan/lapor/{later}&copy=1")
    form, html = copied.context["form"], copied.content.decode()
    assert "masih tersimpan" in html
    assert "dilanjutkan" not in html
    assert "Kembali ke draf" in html
    assert "dilanjutkan" in client.get(f"/kesiapan/lapor/{later}").content.decode()
    assert form["total"].value() == 100
    names = ("a-boats-b", "a-renkon", "a-sprin_date")
    assert [form[name].value() for name in names] == [7, True, "2024-08-20"]
    nihil = client.post(f"/kesiapan/nihil/{later}")
    newest = ReadinessReport.objects.get(pk=nihil.url.strip("/").rpartition("/")[2])
    assert newest.answers["boats"] == {"b": 7}


def test_nobody_reads_or_writes_anothers_draft(
    due, client, sign_in, posko_banjar, liaison_polda, kodim_1006, liaison_kpu
):
    sign_in(client, posko_banjar)
    client.post(DRAFT, typed())
    sign_in(client, liaison_polda)
    assert client.get(FORM).context["draft"] is None
    client.post(DRAFT, typed(total="7"))
    assert ReportDraft.objects.count() == 2
    sign_in(client, kodim_1006)
    assert client.post(DRAFT, typed()).status_code == 404
    sign_in(client, liaison_kpu)
    assert client.post(DRAFT, typed()).status_code == 404
    assert client.post("/kesiapan/draf/").status_code == 404
    assert ReportDraft.objects.visible_to(posko_banjar).get().data["total"] == "120"


def test_a_draft_has_its_limit(due, client, sign_in, posko_banjar):
    with pytest.raises(Refused):
        actions.save_draft(
            make.expected("polres-banjar"), {"x": "y" * 50_000}, by=posko_banjar, at=make.OPENED
        )
    sign_in(client, posko_banjar)
    answer = client.post(DRAFT, {"x": "y" * 50_000}, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert client.post(DRAFT, {"x": "y" * 50_000}).status_code == 302


def test_the_form_names_every_problem_and_loses_nothing(due, client, sign_in, posko_banjar):
    sign_in(client, posko_banjar)
    values = {n: v for n, v in make.figures().items() if n != "nihil"} | {"replaces": 0}
    wrong = client.post(FORM, values | {"a-women": 104, "a-hard_route": "Rute", "total": 103})
    form = wrong.context["form"]
    assert {problem["anchor"] for problem in form.problems} == {"id_total", "id_a-women"}
    assert form["a-hard_route"].value() == "Rute"
    page = wrong.content.decode()
    assert 'inputmode="numeric"' in page and 'href="#id_a-women"' in page


def test_an_odd_number_asks_for_its_reason_in_the_form(due, client, sign_in, posko_banjar):
    sign_in(client, posko_banjar)
    values = {n: v for n, v in make.figures().items() if n != "nihil"} | {"replaces": 0}
    odd = values | {"establishment": 95, "actual": 100}
    asked = client.post(FORM, odd)
    assert asked.context["form"].confirms
    assert "Riil melebihi DSP" in asked.content.decode()
    assert client.post(FORM, odd | {"confirm": "Menunggu DSP baru"}).status_code == 302
    assert ReadinessReport.objects.get().flags.get().reason == "Menunggu DSP baru"


def test_what_is_left_open_counts_as_nobody(due, client, sign_in, posko_banjar):
    sign_in(client, posko_banjar)
    values = {"replaces": 0, "total": 100, "present": 90, "on_leave": 10, "engaged": 60}
    line = {"d-63.03.03-total": 10, "d-63.03.03-reserve": 1}
    wrong = client.post(FORM, values | line)
    assert "melebihi 0" in wrong.content.decode()
    assert client.post(FORM, values | {"d-63.03.03-total": 10}).status_code == 302
    report = ReadinessReport.objects.get()
    assert (report.reserve, report.vehicles_percent, report.partial) == (0, None, True)
