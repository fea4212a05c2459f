"""Strength: the published totals, what of them is accounted for, and the same everywhere."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from openpyxl import load_workbook

from deployments import actions
from deployments.models import Deployment
from deployments.queries import guard_needs, region_panel, rollup_rows, strength_table
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.errors import Refused
from portal.audit.models import Entry
from portal.registry.models import Agency, Region
from tests.deployments.test_declarations import declare, place

NOW = datetime(2024, 11, 20, 8, tzinfo=clock.WITA)
STATEMENT = "/kuat-personel/mutasi/"
NEED = {
    "63.01": 182, "63.02": 194, "63.03": 330, "63.04": 168, "63.05": 114, "63.06": 132,
    "63.07": 152, "63.08": 142, "63.09": 152, "63.10": 164, "63.11": 78, "63.71": 262,
    "63.72": 124,
}  # fmt: skip


@pytest.mark.parametrize("level", ["province", "regency", "district"])
@pytest.mark.parametrize(("agency", "total"), [("korem-101", 2041), ("polda-kalsel", 6466)])
def test_every_level_adds_up_to_what_was_announced(forces, level, agency, total):
    rows = rollup_rows(forces, level=level, agency_slug=agency, at=NOW)
    assert sum(row.declared for row in rows) == total
    assert sum(row.engaged + row.standby + row.reserve + row.not_itemised for row in rows) == total
    assert {row.not_itemised for row in rows} == {0}


def test_need_is_the_published_column(forces):
    polda = Agency.objects.get(slug="polda-kalsel").pk
    published = NEED | {"63": sum(NEED.values())}
    assert guard_needs(forces, NOW) == {(polda, code): need for code, need in published.items()}
    row = rollup_rows(forces, level="province", agency_slug="polda-kalsel", at=NOW)[0]
    assert (row.need, row.gap) == (2194, 2194 - 6466)


def test_need_before_any_pattern_or_per_district_without_stations_is_not_known(forces):
    before = datetime(2024, 6, 5, 8, tzinfo=clock.WITA)
    assert guard_needs(forces, before) == {}
    rows = rollup_rows(forces, level="district", at=NOW, within="63.03")
    assert {row.need for row in rows} == {None}


def test_before_the_operation_the_whole_total_is_not_itemised(forces):
    before = datetime(2024, 6, 5, 8, tzinfo=clock.WITA)
    [row] = rollup_rows(forces, level="province", agency_slug="korem-101", at=before)
    assert (row.declared, row.engaged, row.not_itemised) == (2041, 0, 2041)


def test_parts_beyond_the_total_are_refused_with_the_numbers(forces, coordinator):
    with pytest.raises(Refused) as refusal:
        place(coordinator, personnel=9)
    assert refusal.value.sentence == (
        "Korem 101 menyatakan 2.041 orang, 2.041 sudah terperinci pada 24 Agu 2024: "
        "hanya 0 orang tidak terperinci, diminta 9."
    )
    [row] = rollup_rows(forces, level="province", agency_slug="korem-101", at=NOW)
    assert (row.not_itemised, row.over_itemised, row.declared) == (0, False, 2041)


def test_newest_declaration_counts_and_the_older_one_stays(forces):
    korem = Agency.objects.get(slug="korem-101")
    for _again in range(2):
        actions.declare_strength(
            forces, korem, total=2146, source="uji", as_of=NOW, by=SYSTEM, at=NOW
        )
    now = strength_table(forces, NOW).agencies[1]
    before = strength_table(forces, NOW - timedelta(days=1)).agencies[1]
    assert (now.declared, now.not_itemised, before.declared) == (2146, 105, 2041)


def test_page_export_and_api_give_the_same_numbers(forces, client, sign_in, coordinator):
    sign_in(client, coordinator)
    table = strength_table(forces, NOW)
    page = client.get("/kuat-personel/").content.decode()
    assert "2.041" in page
    assert "6.466" in page
    text = client.get("/kuat-personel/unduh/?format=csv").content.decode("utf-8-sig")
    sheet = list(csv.reader(io.StringIO(text)))
    book = load_workbook(io.BytesIO(client.get("/kuat-personel/unduh/").content))
    last = [cell.value for cell in list(book.active.rows)[-1]]
    api = client.get("/api/v1/rollups/?level=regency").json()["results"]
    for column, slug in ((2, "polda-kalsel"), (3, "korem-101")):
        numbers = [row.by_agency[slug].declared for row in table.rows]
        assert [int(row[column]) for row in sheet[1:-1]] == numbers
        assert [row["declared"] for row in api if row["agency"] == slug] == numbers
        assert int(sheet[-1][column]) == last[column] == sum(numbers)
    assert Entry.objects.filter(verb="operation.export_strength").count() == 2
    assert client.get("/kuat-personel/unduh/?format=exe").status_code == 404


def test_korem_adds_up_on_page_file_and_api(forces, client, sign_in, liaison_korem):
    sign_in(client, liaison_korem)
    query = "?agency=korem-101"
    found = client.get(STATEMENT + query).context["statement"]
    api = client.get(f"/api/v1/strength-statements/{query}").json()
    text = client.get(f"{STATEMENT}unduh/{query}&format=csv").content.decode("utf-8-sig")
    last = list(csv.reader(io.StringIO(text)))[-1]
    assert found.closing == api["closing"] == int(last[5]) == 2041
    assert found.parts == api["parts"]
    assert found.parts == {
        "engaged": 100 + 13 * 30, "standby": 0, "reserve": 1551, "not_itemised": 0,
    }  # fmt: skip
    bko = client.get(f"{STATEMENT}{query}&controller=polda-kalsel").context["statement"]
    assert bko.closing == 100 + 13 * 30
    assert client.get(f"{STATEMENT}unduh/{query}&format=pdf").content[:5] == b"%PDF-"
    assert client.get(f"{STATEMENT}unduh/{query}").status_code == 200
    assert client.get(f"{STATEMENT}unduh/?format=exe").status_code == 404
    assert Entry.objects.filter(verb="operation.export_statement").count() == 3


def test_export_needs_its_permission(forces, client, sign_in, posko_banjar):
    assert sign_in(client, posko_banjar).get("/kuat-personel/unduh/").status_code == 403


def test_part_over_two_regencies_is_not_split(forces):
    rows = rollup_rows(forces, level="regency", agency_slug="korem-101", at=NOW)
    [rest] = [row for row in rows if row.undistributed]
    assert (rest.region, rest.engaged, rest.reserve) == ("63", 100, 180 + 190 + 51)
    assert next(row for row in rows if row.region == "63.03").declared == 30


def test_panel_of_a_regency(forces, commander, liaison_kpu):
    panel = region_panel(commander, forces, "63.03", NOW)
    assert [row.declared for row in panel.agencies] == [450, 30]
    banjar = next(unit for unit in panel.units if unit.slug == "polres-banjar")
    assert (banjar.engaged, banjar.light, banjar.state) == (450, "silent", "missing")
    assert len(panel.districts) == 21
    foreign = region_panel(liaison_kpu, forces, "63.03", NOW)
    assert (foreign.units, foreign.whole.declared) == ([], 480)
    with pytest.raises(Region.DoesNotExist):
        region_panel(commander, forces, "63.99", NOW)


def test_deployment_pages(forces, client, sign_in, liaison_korem, liaison_kpu):
    declare(3000)
    sign_in(client, liaison_korem)
    listed = client.get("/kuat-personel/penempatan/?status=reserve&region=63.01")
    assert [row["personnel"] for row in listed.context["rows"]] == ["115"]
    row = Deployment.objects.get(unit__slug="kodim-1009", status="reserve")
    url = f"/kuat-personel/penempatan/{row.pk}/ubah/"
    form = client.get(url).context["form"]
    data = {name: value for name, value in form.initial.items() if value is not None} | {
        "version": 1, "personnel": 114, "as_of": "2024-11-20T08:00",
        "reason": "Seorang sakit",
    }  # fmt: skip
    assert client.post(url, data | {"personnel": 0}).status_code == 200
    assert client.post(url, data).status_code == 302
    stale = client.post(url, data | {"personnel": 113})
    assert stale.status_code == 200
    assert Deployment.objects.get(pk=row.pk).personnel == 114
    create = "/kuat-personel/penempatan/baru/"
    assert client.post(create, data | {"ends_on": "2024-01-01"}).status_code == 200
    assert client.post(create, data | {"personnel": 2}).status_code == 200
    assert client.post(create, data | {"personnel": 1}).status_code == 302
    foreign = Deployment.objects.filter(agency__slug="polda-kalsel").first()
    assert client.get(f"/kuat-personel/penempatan/{foreign.pk}/").status_code == 404
    sign_in(client, liaison_kpu)
    assert client.get(url).status_code == 404
