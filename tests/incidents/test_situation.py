"""Laporan situasi: what stands in it at a cut-off, for whom, and that page, paper and API agree."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse

from deployments.queries import RecapRow
from incidents.actions.moves import move_incident
from incidents.actions.requests import accept_request, ask_agency
from incidents.enums import IncidentState, Severity
from incidents.enums.requests import RequestKind
from incidents.exports.situation import situation_values
from incidents.queries.situation import (
    cut_off,
    last_cut_off,
    reportable,
    situation,
)
from incidents.queries.situation_tables import tables, withheld_line
from portal.access.classification import Classification
from portal.audit.models import Entry
from portal.registry.models import Agency, Region
from tests.factories.gakkumdu import wita
from tests.factories.incidents import report

EVENING = wita(11, 20, 18)
NOON = wita(11, 20, 12)
BANJAR = "63.03"


def region(code=BANJAR):
    return Region.objects.get(pk=code)


def seen(actor, at=EVENING, code=BANJAR):
    return situation(actor, region(code), at)


def numbers(rows):
    return [row.number for row in rows]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (wita(11, 20, 5, 59), wita(11, 19, 18)),
        (wita(11, 20, 6), wita(11, 20, 6)),
        (wita(11, 20, 17, 59), wita(11, 20, 6)),
        (wita(11, 20, 18), wita(11, 20, 18)),
        (wita(11, 20, 23), wita(11, 20, 18)),
    ],
)
def test_last_cut_off(at, expected):
    assert last_cut_off(at) == expected


def test_new_ones_stand_on_one_paper_and_open_ones_on_all(coordinator):
    incident = report(coordinator, at=NOON)
    assert numbers(seen(coordinator).new) == numbers(seen(coordinator).open) == [incident.number]
    earlier, later = seen(coordinator, wita(11, 20, 6)), seen(coordinator, wita(11, 21, 6))
    assert earlier.nil
    assert (later.new, numbers(later.open)) == ([], [incident.number])
    assert seen(coordinator, code="63.01").nil
    assert numbers(seen(coordinator, code="63").new) == [incident.number]


@pytest.mark.parametrize(
    ("at", "expected"), [(wita(11, 20, 6), True), (wita(11, 20, 18), False), (EVENING, False)]
)
def test_a_report_at_the_cut_off_belongs_to_what_ended_there(coordinator, at, expected):
    report(coordinator, at=wita(11, 20, 6))
    assert bool(seen(coordinator, at).new) is expected


def test_state_is_that_of_the_cut_off(coordinator):
    incident = report(coordinator, at=NOON)
    moved = move_incident(
        incident, IncidentState.VERIFIED, by=coordinator, at=NOON + timedelta(hours=1)
    )
    move_incident(
        moved, IncidentState.UNPROVEN, by=coordinator, at=wita(11, 20, 20), reason="Keliru."
    )
    [row] = seen(coordinator).open
    assert row.state == IncidentState.VERIFIED
    assert seen(coordinator, wita(11, 21, 6)).open == []
    assert seen(coordinator, wita(11, 21, 6)).nil


@pytest.mark.parametrize("kind", [RequestKind.WHOLE, RequestKind.PART])
def test_referred_ones_wait_until_the_receiver_takes_them(coordinator, liaison_kpu, kind):
    incident = report(coordinator, at=NOON)
    kpu = Agency.objects.get(slug="kpu-kalsel")
    request = ask_agency(
        incident,
        kind=kind,
        to=kpu,
        matter="Logistik pengganti.",
        reason="Logistik.",
        by=coordinator,
        at=NOON + timedelta(minutes=5),
    )
    [row] = seen(coordinator).referred
    assert (row.number, row.lead) == (incident.number, kpu.short_name)
    accept_request(request, by=liaison_kpu, at=EVENING + timedelta(hours=1))
    assert len(seen(coordinator).referred) == 1
    assert seen(coordinator, EVENING + timedelta(hours=12)).referred == []


def test_counts_and_casualties(coordinator):
    report(coordinator, at=NOON, severity=Severity.HIGH, casualties="2 luka ringan")
    report(coordinator, at=NOON + timedelta(hours=1), casualties="Nihil.", loss="1 tenda rusak")
    old = report(coordinator, at=wita(11, 19, 12), severity=Severity.HIGH, casualties="Nihil")
    found = seen(coordinator)
    assert [(row.label, row.new, row.open) for row in found.by_severity] == [
        ("Tinggi", 1, 2),
        ("Sedang", 1, 1),
    ]
    assert [(row.casualties, row.loss) for row in found.casualties] == [
        ("2 luka ringan", ""),
        ("Nihil.", "1 tenda rusak"),
    ]
    assert old.number in numbers(found.open)
    [table] = [part for part in tables(found) if part.title == "Korban dan kerugian"]
    assert [row[2:] for row in table.rows] == [
        ["2 luka ringan", "Belum dilaporkan"],
        ["Nihil.", "1 tenda rusak"],
    ]


@pytest.mark.parametrize(("told", "empty"), [("", "Belum dilaporkan"), ("Nihil", "NIHIL")])
def test_no_harm_is_nihil_only_where_it_was_told(coordinator, told, empty):
    report(coordinator, at=NOON, casualties=told, loss="Nihil")
    [table] = [part for part in tables(seen(coordinator)) if part.title == "Korban dan kerugian"]
    assert (table.rows, table.empty) == ([], empty)


def test_rahasia_is_a_number_for_the_cleared_and_nothing_for_others(
    coordinator, liaison_kpu, posko_banjar
):
    report(coordinator, at=NOON, title="Sandi kenanga", classification=Classification.RAHASIA)
    cleared = seen(coordinator)
    assert (cleared.new, cleared.open, cleared.withheld) == ([], [], 1)
    assert not cleared.nil
    assert withheld_line(cleared).startswith("1 kejadian berklasifikasi lebih tinggi")
    values = situation_values(cleared, ["X"], "")
    assert "kenanga" not in str(values)
    for actor in (liaison_kpu, posko_banjar):
        other = seen(actor)
        assert (other.withheld, other.nil, withheld_line(other)) == (0, True, "")


def test_who_does_not_see_an_incident_does_not_count_it(coordinator, liaison_dprd):
    report(coordinator, at=NOON)
    assert seen(liaison_dprd).nil


def test_the_own_region_comes_first(posko_banjar, coordinator):
    assert reportable(posko_banjar).first().pk == BANJAR
    assert reportable(coordinator).first().pk == "63"
    assert reportable(coordinator).count() == 14


def test_page_paper_and_api_say_the_same(client, sign_in, coordinator, demo_clock):
    demo_clock(wita(11, 20, 19))
    incident = report(coordinator, at=NOON, casualties="2 luka ringan")
    sign_in(client, coordinator)
    query = {"region": BANJAR, "day": "2024-11-20", "hour": "18"}
    page = client.get(reverse("incidents:situation"), query)
    found = page.context["found"]
    assert page.context["tables"] == tables(found)
    assert incident.number in page.content.decode()
    paper = situation_values(found, ["X"], "")
    assert [part["rows"] for part in paper["parts"]] == [
        [list(row) for row in part.rows] for part in tables(found)
    ]
    told = client.get("/api/v1/situation-reports/", query).json()
    assert [row["number"] for row in told["new"]] == numbers(found.new)
    assert [tuple(row.values()) for row in told["by_severity"]] == [
        (row.label, row.new, row.open) for row in found.by_severity
    ]
    before = Entry.objects.filter(verb="region.situation_print").count()
    for address in (reverse("incidents:situation_print"), "/api/v1/situation-reports/pdf/"):
        pdf = client.get(address, query)
        assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")
        assert "laporan-situasi-63.03-20241120-1800.pdf" in pdf["Content-Disposition"]
    assert Entry.objects.filter(verb="region.situation_print").count() == before + 2


@pytest.mark.parametrize(
    ("as_of", "present", "said"),
    [
        (wita(11, 19, 17), 12, ["12", "15", "19 Nov 2024, 17.00 WITA"]),
        (None, 0, ["–", "–", "–"]),
    ],
)
def test_persons_of_an_earlier_report_stand_with_their_moment(coordinator, as_of, present, said):
    row = RecapRow(
        key=BANJAR, name="Kabupaten Banjar", expected=1, received=0, late=0, missing=1, verified=0,
        present=present, total=15, conflicts=0, states=None, light="silent", as_of=as_of,
    )  # fmt: skip

    ready = tables(replace(seen(coordinator), readiness=row))[-1]

    assert list(ready.heads[-3:]) == ["Hadir", "Jumlah", "Data per"]
    assert ready.rows[0][1] == "0 dari 1"
    assert ready.rows[0][-3:] == said
    assert len(ready.heads) == len(ready.widths) == len(ready.rows[0])


def test_nihil_is_said(client, sign_in, coordinator, demo_clock):
    demo_clock(wita(11, 20, 19))
    sign_in(client, coordinator)
    text = client.get(reverse("incidents:situation")).content.decode()
    assert "NIHIL menurut yang dilaporkan; ini bukan pernyataan aman." in text


@pytest.mark.parametrize(
    "query",
    [
        {"day": "2024-11-21"},
        {"day": "kemarin"},
        {"hour": "7"},
        {"region": "99"},
        {"region": "63.03.01"},
    ],
)
def test_what_cannot_be_answered_is_told_at_its_field(
    client, sign_in, coordinator, demo_clock, query
):
    demo_clock(wita(11, 20, 19))
    sign_in(client, coordinator)
    page = client.get(reverse("incidents:situation"), query)
    assert page.status_code == 200
    assert page.context["form"].errors.keys() == query.keys()
    assert client.get(reverse("incidents:situation_print"), query).status_code == 400
    assert client.get("/api/v1/situation-reports/", query).status_code in {400, 404, 409, 422}


def test_any_past_cut_off_can_be_asked_for(coordinator):
    assert cut_off(date(2024, 9, 1), 6) == wita(9, 1, 6)
    assert seen(coordinator, cut_off(date(2024, 9, 1), 6)).nil
