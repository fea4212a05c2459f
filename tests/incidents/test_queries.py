import re
from datetime import timedelta

import pytest
from django.urls import reverse

from incidents import queries
from incidents.actions.moves import move_incident
from incidents.actions.reports import add_update
from incidents.enums import (
    INCIDENT_MOVES,
    NEXT_STATE,
    Audience,
    IncidentState,
    Severity,
    UpdateKind,
)
from incidents.models import SeverityTarget
from portal.registry.models import Region
from tests.factories.incidents import AT, report


def test_incident_summary_counts_what_the_post_sees(
    liaison_kpu, liaison_pemprov, liaison_bawaslu, coordinator
):
    yesterday = AT - timedelta(days=1)
    closed = report(liaison_kpu, at=yesterday)
    move_incident(
        closed, IncidentState.UNPROVEN, by=liaison_pemprov, at=AT, reason="Air sudah surut."
    )
    report(liaison_kpu, severity=Severity.CRITICAL)
    report(liaison_kpu, code="B3", at=AT + timedelta(days=1))

    summary = queries.incident_summary(coordinator, AT)

    assert (summary.total, summary.open, summary.urgent, summary.today) == (2, 1, 1, 1)
    assert summary.by_severity == {1: 0, 2: 1, 3: 0, 4: 1}
    assert summary.by_state["tidak_terbukti"] == 1
    assert summary.by_state["dilaporkan"] == 1
    assert set(summary.by_state) == set(IncidentState.values)
    assert queries.incident_summary(liaison_bawaslu, AT).total == 0


def test_recent_incidents_are_the_newest_ready_to_print(liaison_kpu, commander):
    report(liaison_kpu, at=AT - timedelta(hours=1))
    newest = report(liaison_kpu, region="63.03.17", severity=Severity.HIGH)

    (row,) = queries.recent_incidents(commander, 1)

    assert row.number == newest.number
    assert row.place == "Desa Angkipih, Kec. Paramasan, Kabupaten Banjar"
    assert row.severity == ("warning", "Tinggi")
    assert row.state == ("danger", "Dilaporkan")
    assert row.lead == newest.lead_agency.short_name


@pytest.mark.parametrize("count", [1, 3])
def test_incident_rows_ask_a_constant_number_of_queries(
    liaison_kpu, commander, django_assert_num_queries, count
):
    for _ in range(count):
        report(liaison_kpu, region="63.03.17")

    with django_assert_num_queries(2):
        assert len(queries.incident_rows(queries.incidents(commander))) == count


def test_targets_are_met_late_passed_or_running(liaison_kpu, coordinator):
    incident = report(liaison_kpu)
    move_incident(incident, IncidentState.VERIFIED, by=coordinator, at=AT + timedelta(minutes=60))
    move_incident(incident, IncidentState.HANDLING, by=coordinator, at=AT + timedelta(minutes=121))

    rows = queries.targets(incident, AT + timedelta(minutes=200))

    assert [(row.label, row.badge) for row in rows] == [
        ("Diterima", ("warning", "Terlambat")),
        ("Verifikasi", ("success", "Tercapai")),
        ("Penanganan", ("warning", "Terlambat")),
        ("Terkendali", ("info", "Berjalan")),
    ]
    assert rows[1].due_at == rows[1].met_at == AT + timedelta(minutes=60)
    late = queries.targets(incident, AT + timedelta(days=2))
    assert late[3].badge == ("danger", "Lewat target")


def test_targets_of_a_disproved_report_are_met_at_once(liaison_kpu, coordinator):
    incident = report(liaison_kpu)
    move_incident(
        incident, IncidentState.UNPROVEN, by=coordinator, at=AT, reason="Tidak ada saksi."
    )

    assert {row.met_at for row in queries.targets(incident, AT)} == {AT}


def test_targets_without_data_are_none(liaison_kpu):
    incident = report(liaison_kpu)
    SeverityTarget.objects.all().delete()

    assert queries.targets(incident, AT) == []


def test_timeline_is_newest_first_and_names_internal_entries(liaison_kpu, coordinator):
    incident = report(liaison_kpu)
    add_update(
        incident,
        kind=UpdateKind.ACTION,
        text="Perahu disiapkan.",
        audience=Audience.INTERNAL,
        by=liaison_kpu,
        at=AT + timedelta(minutes=5),
    )

    own = queries.timeline(incident, liaison_kpu)
    assert [event["title"] for event in own] == ["Tindakan diambil (internal)", "Laporan pertama"]
    assert own[0]["by"] == "Penghubung KPU Provinsi Kalsel (KPU Kalsel)"
    assert len(queries.timeline(incident, coordinator)) == 1


def test_facts_show_the_point_and_the_supporters(liaison_kpu):
    incident = report(liaison_kpu, latitude=-3.41, longitude=114.85)

    values = {row["label"]: row["value"] for row in queries.facts(incident)}

    assert values["Tempat"] == "Desa Angkipih, Kabupaten Banjar (-3.41000, 114.85000)"
    assert values["Pendukung"].count(",") == 2
    assert values["Atas permintaan KPPS"] == "Tidak"


def test_moves_are_offered_to_who_handles(liaison_kpu, liaison_pemprov):
    incident = report(liaison_kpu)

    offered = queries.moves(incident, liaison_pemprov)

    assert [(move.state, move.plain) for move in offered] == [
        ("diverifikasi", True),
        ("tidak_terbukti", False),
    ]
    assert queries.moves(incident, liaison_kpu) == []


@pytest.mark.parametrize("state", IncidentState.values)
def test_the_natural_next_step_is_the_first_of_those_offered(liaison_kpu, liaison_pemprov, state):
    """In memory: how an incident came to its state does not matter here."""
    incident = report(liaison_kpu)
    incident.state = state

    offered = queries.moves(incident, liaison_pemprov)

    assert [move.state for move in offered if move.natural] == (
        [NEXT_STATE[state]] if state in NEXT_STATE else []
    )
    assert NEXT_STATE.get(state, offered[0].state if offered else None) == (
        offered[0].state if offered else None
    )
    assert {move.state for move in offered} == INCIDENT_MOVES[state] - {"dilimpahkan"}


def test_under_control_the_page_has_one_primary_step_to_close(
    client, sign_in, liaison_kpu, liaison_pemprov
):
    incident = report(liaison_kpu)
    for state in ("diverifikasi", "ditangani", "terkendali"):
        incident = move_incident(incident, state, by=liaison_pemprov, at=AT)

    address = reverse("incidents:incident_detail", args=[incident.pk])
    page = sign_in(client, liaison_pemprov).get(address).content.decode()

    steps = re.findall(r'<summary class="btn btn-([\w-]+)">.*?</svg>([^<]+)</summary>', page)
    assert steps == [("primary", "Tutup kejadian"), ("outline-secondary", "Tangani")]


def test_region_choices_group_every_kecamatan_under_its_regency(db):
    groups = queries.region_choices()

    assert len(groups) == 13
    assert sum(len(options) for _name, options in groups) == 13 + 156
    name, options = groups[2]
    assert name == "Kabupaten Banjar"
    assert options[0] == ("63.03", "Kabupaten Banjar (seluruhnya)")
    assert queries.region_label(Region.objects.get(code="63.03")) == name
