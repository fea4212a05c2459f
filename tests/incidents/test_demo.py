from incidents.enums import IncidentState
from incidents.models import Incident, IncidentUpdate
from portal.home.demo import incidents, people
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
