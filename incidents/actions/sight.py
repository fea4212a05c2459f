"""Who is asked for something sees the incident while it is asked, and no longer than that."""

from incidents.enums.assignments import ASSIGNMENT_OPEN, AssignmentState
from incidents.enums.requests import RequestState
from incidents.models import AgencyRequest, Incident, UnitAssignment

_ASKED = [RequestState.WAITING, RequestState.ACCEPTED, RequestState.DONE]
_SENT = [*ASSIGNMENT_OPEN, AssignmentState.DONE]


def give_sight(incident: Incident, agency_id: int) -> bool:
    """Make the agency a supporter of a locked incident; whether it is one by nothing but what is
    asked of it."""
    if incident.lead_agency_id == agency_id:
        return False
    if incident.supporting.filter(pk=agency_id).exists():
        return any(rows.filter(gave_sight=True).exists() for rows in _live(incident.pk, agency_id))
    incident.supporting.add(agency_id)
    return True


def take_sight(row: AgencyRequest | UnitAssignment) -> None:
    """The agency supports the incident no more, unless something else made it a supporter. The row
    has ended already."""
    if not row.gave_sight:
        return
    if not any(rows.exists() for rows in _live(row.incident_id, row.agency_id)):
        row.incident.supporting.remove(row.agency_id)


def _live(incident_id: int, agency_id: int):
    asked = AgencyRequest.objects.filter(incident=incident_id, agency=agency_id)
    sent = UnitAssignment.objects.filter(incident=incident_id, agency=agency_id)
    return asked.filter(state__in=_ASKED), sent.filter(state__in=_SENT)
