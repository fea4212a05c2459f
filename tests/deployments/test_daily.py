"""The daily report: one set of numbers on paper, on the pages and in the API."""

import io
import re
from datetime import date, datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from deployments import actions
from deployments.enums import DeploymentStatus
from deployments.maps.words import short_or_over
from deployments.models import Deployment
from deployments.queries import daily_report, region_recap, strength_table
from portal import clock
from portal.access.actor import SYSTEM
from portal.audit.models import Entry
from portal.home.demo import deployments as demo
from portal.registry.models import Operation, Region, Unit
from portal.web.templatetags.portal import angka

NOW = datetime(2024, 11, 20, 8, tzinfo=clock.WITA)
PDF, API = "/kesiapan/laporan-harian/", "/api/v1/daily-report/"
API_PDF = "/api/v1/daily-report/pdf/"
PAPER = {"sprin_number": "Sprin/77/XI/2024", "sprin_date": date(2024, 11, 19)}


def province():
    return Region.objects.get(code="63")


def report(actor=SYSTEM, at=NOW, within="63", **given):
    operation = Operation.objects.get(slug=demo.OPERATION)
    return daily_report(actor, operation, at, within=Region.objects.get(code=within), **given)


def text_of(answer) -> str:
    assert answer["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def order_one(by):
    """A request of today that is ordered today."""
    values = {
        "unit": Unit.objects.select_related("agency").get(slug="kodim-1006"),
        "region": Region.objects.get(code="63.03"),
        "personnel": 12,
        "status": DeploymentStatus.STANDBY,
        "controller": None,
        "task": "Jaga gudang uji",
        "starts_on": date(2024, 11, 20),
        "ends_on": date(2024, 11, 30),
        "source": "uji",
        "as_of": NOW,
        "quality": "reported",
    }
    return actions.place_deployment(
        Operation.objects.get(slug=demo.OPERATION), values, by=by, at=NOW - timedelta(hours=1),
        state="requested",
    )  # fmt: skip


def test_numbers_are_those_of_the_pages(forces):
    found = report()
    table = strength_table(forces, NOW)
    recap = region_recap(forces, NOW, within=province(), agency=None)
    assert (list(found.strength), found.whole) == (table.rows, table.totals)
    assert found.recap == recap
    assert (found.received, found.expected) == (recap.whole.received, recap.whole.expected)


def test_paper_has_the_numbers_of_page_and_api(forces, client, coordinator, sign_in):
    sign_in(client, coordinator)
    text = text_of(client.get(PDF))
    said = client.get(API).json()
    page = client.get("/kesiapan/rekapitulasi/").context
    whole = said["whole"]
    assert (whole["declared"], whole["engaged"], whole["need"]) == (8507, 6956, 2194)
    numbers = ("declared", "engaged", "standby", "reserve", "not_itemised", "need")
    told = [*(angka(whole[name]) for name in numbers), short_or_over(whole["gap"])]
    assert " ".join(told) in text
    for row in said["strength"]:
        assert " ".join(angka(row[name]) for name in numbers) in text
    ready = said["readiness_whole"]
    assert ready["present"] == page["whole"]["row"].present
    counts = ("late", "missing", "verified", "present", "total", "conflicts")
    for row in [ready, *said["readiness"]]:
        reported = f"{row['received']} dari {row['expected']}"
        # Where no report counts nobody knows who is present, whatever a neighbour's unit told.
        known = row["received"] or not row["expected"]
        unknown = () if known else ("present", "total")
        figures = ["–" if name in unknown else angka(row[name]) for name in counts]
        assert " ".join([reported, *figures]) in text
    assert f"Laporan masuk: {ready['received']} dari {ready['expected']}" in text.replace(" :", ":")


def test_paper_names_who_is_silent_or_late_and_the_oddities(forces, client, coordinator, sign_in):
    sign_in(client, coordinator)
    said = client.get(API).json()
    assert {row["unit"] for row in said["silent"]} >= {"Polres Banjar", "Polres Tapin"}
    assert [row["unit"] for row in said["late"]] == ["Kodim 1022", "Polres Kotabaru"]
    assert said["readiness_whole"]["missing"] <= len(said["silent"])
    text = text_of(client.get(PDF))
    for row in [*said["silent"], *said["late"]]:
        assert row["unit"] in text
    assert f"Belum lapor ({len(said['silent'])})" in text
    kinds = {row["kind"] for row in said["remarks"]}
    assert "oddity" in kinds
    for row in said["remarks"]:
        assert row["where"] in text


def test_moves_of_the_day_only(forces, coordinator):
    row = order_one(coordinator)
    assert [(move.unit, move.state) for move in report().moves] == [("Kodim 1006", "requested")]
    assert report(at=NOW - timedelta(hours=2)).moves == []
    assert report(at=NOW + timedelta(days=1)).moves == []
    assert report(within="63.01").moves == []
    actions.move_deployment(row, "cancelled", version=1, by=coordinator, at=NOW, note="uji")
    assert [move.state for move in report().moves] == ["requested", "cancelled"]


def test_region_agency_and_unit_narrow_the_report(forces):
    banjar = report(within="63.03")
    assert banjar.whole.region == "63.03"
    # The Kodim that covers two regencies is due at the province.
    assert {row.unit for row in banjar.silent} == {"Polres Banjar"}
    korem = report(agency="korem-101")
    assert (korem.whole.declared, {row.agency for row in korem.silent}) == (2041, {"Korem 101"})
    unit = Unit.objects.select_related("agency").get(slug="polda-kalsel")
    polda = report(unit=unit)
    assert polda.recap.whole.key == "polda-kalsel"
    assert {row.agency for row in polda.silent} == {"Polda Kalsel"}
    assert polda.whole.declared == 6466


def test_past_moment_is_as_it_was(forces, client, coordinator, sign_in):
    sign_in(client, coordinator)
    before = client.get(API, {"at": "2024-11-20T05:00+08:00"}).json()
    assert before["cut_off_at"] == "2024-11-19T18:00:00+08:00"
    text = text_of(client.get(PDF, {"at": "2024-11-20T05:00"}))
    assert "05.00 WITA" in text
    later = client.get(API, {"at": "2030-01-01T00:00+08:00"}).json()
    assert later["at"].startswith("2024-11-20T08:0")


def test_sheet_has_letterhead_class_and_stamp_and_is_recorded(forces, client, coordinator, sign_in):
    sign_in(client, coordinator)
    for address in (PDF, API_PDF):
        answer = client.get(address)
        text = text_of(answer)
        assert "KEPOLISIAN DAERAH KALIMANTAN SELATAN" in text
        assert text.count("TERBATAS") >= 2
        assert "Diunduh oleh" in text
        assert 'filename="laporan-harian-63-20241120-080' in answer["Content-Disposition"]
    assert Entry.objects.filter(verb="operation.daily_print").count() == 2


def test_lists_hold_only_what_the_reader_may_see(
    forces, client, liaison_kpu, posko_banjar, coordinator, sign_in
):
    order_one(coordinator)
    nobody = report(liaison_kpu)
    assert (nobody.silent, nobody.late, nobody.moves, nobody.remarks) == ([], [], [], [])
    assert nobody.whole == report().whole
    own = report(posko_banjar)
    assert ([row.unit for row in own.silent], own.moves) == (["Polres Banjar"], [])


def test_who_may_not_export_gets_no_paper(forces, client, admin, posko_banjar, sign_in):
    sign_in(client, admin)
    assert [client.get(path).status_code for path in (PDF, API, API_PDF)] == [403, 403, 403]
    assert not Entry.objects.filter(verb="operation.daily_print").exists()


def test_recap_page_leads_there_with_its_filters(forces, client, coordinator, sign_in):
    sign_in(client, coordinator)
    page = client.get("/kesiapan/rekapitulasi/", {"agency": "korem-101", "within": "63.03"})
    address = page.context["daily_url"]
    assert address == f"{PDF}?agency=korem-101&within=63.03"
    assert client.get(address)["Content-Type"] == "application/pdf"
    assert address.replace("&", "&amp;") in page.content.decode()


def test_unknown_region_unit_and_moment_are_refused(forces, client, coordinator, sign_in):
    sign_in(client, coordinator)
    assert client.get(PDF, {"within": "99"}).status_code == 404
    assert client.get(PDF, {"by": "unit", "unit": "keliru"}).status_code == 404
    assert client.get(API, {"region": "99"}).status_code == 422


def test_cost_does_not_grow_with_moves_and_remarks(forces, coordinator):
    costs = []
    for more in (1, 3):
        for _number in range(more):
            order_one(coordinator)
        with CaptureQueriesContext(connection) as found:
            report(coordinator)
        costs.append(len(found))
    assert costs[0] == costs[1]
    assert Deployment.objects.filter(task="Jaga gudang uji").count() == 4
