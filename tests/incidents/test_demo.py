from django.core.management import call_command

from incidents.enums import IncidentState, PublicState
from incidents.models import (
    AgencyRequest,
    EarlyWarning,
    FieldReport,
    GakkumduCase,
    Incident,
    IncidentUpdate,
    PublicContact,
    PublicReport,
    ShiftHandover,
    SpecialReport,
    Threat,
    UnitAssignment,
)
from incidents.queries import likely_reports
from incidents.queries.gakkumdu import case_state, clock_of
from portal.accounts.models import Tenure
from portal.home.demo import (
    assignments,
    field_reports,
    gakkumdu,
    incidents,
    papers,
    people,
    public_reports,
    warnings,
)
from portal.home.demo.people import LADDER_OFFICES, OFFICES
from tests.incidents.test_assignments import place


def test_demo_incidents_are_marked_and_varied_and_loaded_once(db):
    offices = people.load()

    incidents.load(offices)
    incidents.load(offices)

    assert len(offices) == len(OFFICES + LADDER_OFFICES)
    rows = Incident.objects.all()
    assert rows.count() == len(incidents.SCENES) == 16
    assert all(row.illustrative for row in rows)
    assert {row.state for row in rows} == set(IncidentState.values) - {IncidentState.MERGED}
    assert {row.severity for row in rows} == {1, 2, 3}
    assert min(row.reported_at for row in rows) > incidents.at(8, 24, 0)
    assert max(IncidentUpdate.objects.values_list("at", flat=True)) < incidents.at(11, 20, 8)


def test_demo_reports_of_the_public_are_marked_and_varied_and_loaded_once(db):
    offices = people.load()
    incidents.load(offices)

    public_reports.load(offices)
    public_reports.load(offices)

    rows = PublicReport.objects.all()
    assert rows.count() == len(public_reports.VOICES) == 12
    assert all(row.illustrative for row in rows)
    assert {row.state for row in rows} == set(PublicState.values)
    assert {row.confidential for row in rows} == {row.suspect for row in rows} == {True, False}
    assert PublicContact.objects.count() == 1
    assert rows.filter(likely_of__isnull=False).count() == 1
    assert max(rows.values_list("received_at", flat=True)) < incidents.at(11, 20, 8)


def test_demo_cases_stand_at_different_steps_and_are_loaded_once(db):
    offices = people.load()

    gakkumdu.load(offices)
    gakkumdu.load(offices)

    rows = GakkumduCase.objects.all()
    assert all(row.illustrative and row.incident.illustrative for row in rows)
    assert sorted((row.number, row.step, row.outcome) for row in rows) == [
        ("GK-2024-0001", "penyidikan", ""),
        ("GK-2024-0002", "kajian", ""),
        ("GK-2024-0003", "perbaikan", ""),
        ("GK-2024-0004", "kajian", "gugur"),
    ]
    morning = incidents.at(11, 20, 8)
    badges = {row.number: case_state(row, clock_of(row, morning)) for row in rows}
    assert badges == {
        "GK-2024-0001": ("info", "sisa 6 hari kerja"),
        "GK-2024-0002": ("warning", "sisa 1 hari"),
        "GK-2024-0003": ("warning", "sisa 1 hari kerja"),
        "GK-2024-0004": ("danger", "Gugur: lewat batas waktu"),
    }


def test_demo_field_reports_are_marked_and_loaded_once(db):
    offices = people.load()
    incidents.load(offices)

    field_reports.load(offices)
    field_reports.load(offices)

    rows = FieldReport.objects.all()
    assert rows.count() == len(field_reports.REPORTS)
    assert all(row.illustrative for row in rows)
    assert rows.waiting().count() == 4
    alike = rows.get(title="Longsoran menutup jalan menuju TPS")
    (like,) = likely_reports(alike, offices["posko.banjar"])
    assert like.account.title == "Jalan ke dua TPS tertutup longsoran kecil"
    assert max(rows.values_list("reported_at", flat=True)) < incidents.at(11, 20, 8)


def test_demo_papers_are_marked_and_loaded_once(db):
    offices = people.load()
    incidents.load(offices)

    papers.load(offices)
    papers.load(offices)

    assert SpecialReport.objects.get().illustrative
    handover = ShiftHandover.objects.get()
    assert handover.illustrative
    assert (handover.signed_at, handover.lines.exists()) == (None, True)
    assert Tenure.objects.filter(post=handover.to_post).count() == 2


def test_demo_units_are_sent_once_and_one_is_asked_for(db):
    offices = people.load()
    incidents.load(offices)
    for slug in ("polresta-banjarmasin", "kodim-1007"):
        place(slug, "63.71")

    assignments.load(offices)
    assignments.load(offices)

    assert sorted(UnitAssignment.objects.values_list("state", flat=True)) == ["diminta", "tiba"]
    states = AgencyRequest.objects.values_list("kind", "state").order_by("kind", "state")
    assert list(states) == [
        ("saran", "menunggu"),
        ("sebagian", "dijawab"),
        ("sebagian", "menunggu"),
        ("seluruh", "diterima"),
    ]


def test_demo_warnings_rest_on_the_demos_own_facts_and_are_loaded_once(db):
    call_command("load_incident_types", verbosity=0)
    offices = people.load()
    incidents.load(offices)
    field_reports.load(offices)

    warnings.load(offices)
    warnings.load(offices)

    running = EarlyWarning.objects.running().get(rule="akan-terjadi")
    assert running.facts.get().report.title == "Rencana arak-arakan sore ini tanpa pemberitahuan"
    assert running.receipts.filter(acknowledged_at__isnull=True).exists()
    assert running.receipts.filter(acknowledged_at__isnull=False).count() == 1
    assert all(row.illustrative for row in EarlyWarning.objects.all())
    assert Threat.objects.filter(illustrative=True).count() == len(warnings.THREATS)
