"""The recapitulation: parts that add up, the past as it was, own units only, the source."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from deployments import actions
from deployments.enums import Tally
from deployments.models import RollupVersion, UnitRollupVersion
from deployments.queries import region_recap, stage_recap, strength_table, unit_recap
from portal import clock
from portal.access.actor import SYSTEM
from portal.audit.models import Entry
from portal.registry.models import Region, Unit
from tests.factories import deployments as make

AT = make.CUT_OFF + timedelta(hours=1)
URL = "/kesiapan/rekapitulasi/"


@pytest.fixture
def told(db, settings):
    settings.DEMO_NOW, settings.DEMO_ANCHOR = AT, clock.true_now().timestamp()
    make.expect()
    for slug, minutes in (("polres-banjar", -10), ("polres-tapin", 20)):
        actions.submit_report(
            make.unit(slug),
            make.CUT_OFF,
            make.figures(),
            by=SYSTEM,
            at=make.CUT_OFF + timedelta(minutes=minutes),
        )
        actions.fold()
    return make.operation()


def test_parts_add_up_to_the_whole(told):
    recap = region_recap(told, AT, within=Region.objects.get(code="63"), agency=None)
    for name in ("expected", "received", "late", "present", "total"):
        assert sum(getattr(row, name) for row in recap.rows) == getattr(recap.whole, name)
    assert (recap.whole.received, recap.whole.expected, recap.whole.total) == (2, 12, 200)


def test_numbers_equal_those_of_the_strength_table(told):
    recap = region_recap(told, AT, within=Region.objects.get(code="63"), agency=None)
    table = strength_table(told, AT)
    assert (recap.whole.received, recap.whole.present, recap.whole.late) == (
        table.totals.received,
        table.totals.present,
        table.totals.late,
    )


def test_who_has_not_reported_has_no_zero(told, client, sign_in, commander):
    sign_in(client, commander)
    rows = {row["name"]: row["told"] for row in client.get(URL).context["rows"]}
    assert (rows["Kabupaten Banjar"], rows["Kabupaten Tanah Laut"]) == (True, False)
    sheet = client.get(f"{URL}unduh/?format=csv").content.decode("utf-8-sig")
    lines = {row["Nama"]: row for row in csv.DictReader(io.StringIO(sheet))}
    assert lines["Kabupaten Banjar"]["Hadir"] == "90"
    assert lines["Kabupaten Tanah Laut"]["Hadir"] == ""


@pytest.mark.parametrize("by", ["region", "unit", "stage"])
def test_states_are_counted_apart_and_add_up(told, client, sign_in, commander, by):
    sign_in(client, commander)
    page = client.get(URL, {"by": by})
    states = page.context["rows"][0]["row"].states if by != "region" else None
    states = states or page.context["whole"]["row"].states
    assert states == dict.fromkeys(Tally.values, 0) | {"complete": 1, "late": 1, "waiting": 10}
    heads = [str(head) for head in page.context["heads"]]
    assert heads == [str(tally.label) for tally in Tally][1:]


def test_state_leads_to_its_reports_from_the_list_and_the_panel(told, client, sign_in, commander):
    sign_in(client, commander)
    for page in ("/kesiapan/", "/peta/wilayah/63/"):
        shown = client.get(page).context["states" if page == "/kesiapan/" else "panel_states"]
        [late] = [state for state in shown if state["number"] == "1" and "late" in state["url"]]
        query = late["url"].partition("?")[2]
        listed = client.get(f"/kesiapan/?{query}").context["rows"]
        assert [row["unit"] for row in listed] == ["Polres Tapin"]


def test_moment_before_states_were_counted_apart_shows_none(told, client, sign_in, commander):
    RollupVersion.objects.filter(until__isnull=True).update(until=AT)
    RollupVersion.objects.bulk_create(
        RollupVersion(
            operation=told,
            region_id=code,
            agency=Unit.objects.get(slug="polda-kalsel").agency,
            cut_off_at=make.CUT_OFF,
            expected=12,
            received=2,
            since=AT,
        )
        for code in ("63", "63.03")
    )
    sign_in(client, commander)
    page = client.get(URL)
    assert page.context["whole"]["row"].states is None
    assert page.context["uncounted"]
    assert {cell["number"] for cell in page.context["whole"]["states"]} == {"–"}


def test_moment_before_the_late_report_shows_one(told):
    before = make.CUT_OFF + timedelta(minutes=19)
    recap = region_recap(told, before, within=Region.objects.get(code="63"), agency=None)
    assert recap.whole.received == 1


def test_tree_opens_from_the_head_down(told, commander):
    recap = unit_recap(commander, told, AT, parent=None)
    assert [(row.key, row.received, row.opens) for row in recap.rows] == [("polda-kalsel", 2, True)]
    below = unit_recap(commander, told, AT, parent=Unit.objects.get(slug="polda-kalsel"))
    assert below.whole.received == sum(row.received for row in below.rows) == 2


def test_tree_of_a_post_begins_at_its_own_unit_and_shows_no_other(
    told, posko_banjar, liaison_kpu, liaison_polda
):
    def keys(actor):
        return [row.key for row in unit_recap(actor, told, AT, parent=None).rows]

    assert keys(posko_banjar) == ["polres-banjar"]
    assert keys(liaison_polda) == ["polda-kalsel"]
    assert keys(liaison_kpu) == []
    polda = Unit.objects.get(slug="polda-kalsel")
    assert unit_recap(liaison_kpu, told, AT, parent=polda).rows == []
    assert not UnitRollupVersion.objects.visible_to(None).exists()


def test_stage_adds_up_its_cut_offs_and_keeps_the_last_ones_people(told):
    recap = stage_recap(told, AT, agency="polda-kalsel")
    assert recap.rows
    for row in recap.rows:
        assert (row.expected, row.received, row.total, row.cut_offs) == (12, 2, 200, 1)
    assert stage_recap(told, AT, agency="kpu-kalsel").rows == []


@pytest.mark.parametrize("by", ["region", "unit", "stage"])
def test_page_leads_to_the_reports_it_counts(told, client, sign_in, commander, by):
    sign_in(client, commander)
    page = client.get(URL, {"by": by})
    assert page.status_code == 200
    rows = page.context["rows"]
    counted = [row for row in rows if row["row"].expected]
    for row in counted:
        listed = client.get(row["source_url"])
        assert listed.context["page"].paginator.count == row["row"].expected


def test_past_moment_is_said_and_kept_in_every_link(told, client, sign_in, commander):
    sign_in(client, commander)
    page = client.get(URL, {"at": "2024-11-20T18:10"})
    assert "sebagaimana ditampilkan saat itu" in page.content.decode()
    opened = [row["open_url"] for row in page.context["rows"] if row["open_url"]]
    assert "?at=2024-11-20T18%3A10&within=63.03" in opened
    assert "sebagaimana ditampilkan" not in client.get(URL).content.decode()


def test_district_leads_to_the_reports_with_a_line_there(told, client, sign_in, commander):
    actions.submit_report(
        make.unit("polres-banjar"),
        make.CUT_OFF,
        make.figures(),
        lines=[make.line("63.03.03")],
        replaces=1,
        by=SYSTEM,
        at=AT,
    )
    actions.fold()
    sign_in(client, commander)
    rows = client.get(URL, {"within": "63.03"}).context["rows"]
    [row] = [row for row in rows if row["row"].key == "63.03.03"]
    assert row["row"].total == 10
    listed = client.get(row["source_url"]).context["rows"]
    assert [line["unit"] for line in listed] == ["Polres Banjar"]


def test_unknown_region_or_unit_is_not_found(told, client, sign_in, commander):
    sign_in(client, commander)
    assert client.get(URL, {"within": "63.99"}).status_code == 404
    assert client.get(URL, {"by": "unit", "unit": "tidak-ada"}).status_code == 404


def test_bad_moment_gets_a_sentence(told, client, sign_in, commander):
    sign_in(client, commander)
    page = client.get(URL, {"at": "kemarin"})
    assert page.status_code == 200
    assert page.context["question"].form.errors["at"]


def test_sheet_holds_the_rows_of_the_page(told, client, sign_in, commander):
    sign_in(client, commander)
    text = client.get(reverse("deployments:export_recap"), {"format": "csv"}).content.decode()
    assert text.splitlines()[-1].split(",")[3:5] == ["12", "2"]
    assert Entry.objects.filter(verb="operation.export_recap").count() == 1
    assert client.get(reverse("deployments:export_recap"), {"format": "exe"}).status_code == 404


@pytest.mark.parametrize("by", ["region", "unit", "stage"])
def test_page_costs_the_same_whatever_reports(
    told, client, sign_in, commander, by, django_assert_num_queries
):
    sign_in(client, commander)
    client.get(URL, {"by": by})

    with CaptureQueriesContext(connection) as one:
        client.get(URL, {"by": by})
    for slug in ("polres-kotabaru", "polres-tabalong", "polres-balangan"):
        actions.submit_report(
            make.unit(slug), make.CUT_OFF, make.figures(), by=SYSTEM, at=make.CUT_OFF
        )
    actions.fold()
    with django_assert_num_queries(len(one)):
        client.get(URL, {"by": by})
