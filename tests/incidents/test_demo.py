from incidents.enums import IncidentState, PublicState
from incidents.models import Incident, IncidentUpdate, PublicContact, PublicReport
from portal.home.demo import incidents, people, public_reports
from portal.home.demo.people import LADDER_OFFICES, OFFICES


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
