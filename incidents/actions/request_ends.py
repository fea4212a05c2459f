"""What becomes of open requests when their incident ends, is merged or goes to the desk."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from incidents.actions.notices import tell_ended
from incidents.actions.reports import append
from incidents.actions.sight import take_sight
from incidents.enums import UpdateKind
from incidents.enums.requests import REFERRALS, RequestKind, RequestState
from incidents.models import AgencyRequest, Incident
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.audit.record import record
from portal.web.language import for_everybody


def lapse_requests(
    incident: Incident, states: Collection[str], *, by: Actor, at: datetime
) -> list[AgencyRequest]:
    """End the requests of a locked incident that stand in these states, and tell who was asked."""
    rows = list(_open(incident).filter(state__in=states))
    for row in rows:
        end_request(row, RequestState.LAPSED, "", by=by, at=at)
        record("request.lapse", row, by=by, at=at, note=incident.number)
    return rows


def carry_requests(incident: Incident, into: Incident, *, by: Actor, at: datetime) -> None:
    """Two incidents become one, both locked: what was asked of the first is asked of the second.
    That somebody take over the whole of the first has lost its sense and ends."""
    whole = _open(incident).filter(kind=RequestKind.WHOLE, state=RequestState.WAITING)
    for row in whole:
        end_request(row, RequestState.LAPSED, "", by=by, at=at)
        record("request.lapse", row, by=by, at=at, note=into.number)
    taken = set(_open(into).filter(kind__in=REFERRALS).values_list("agency_id", flat=True))
    for row in _open(incident):
        if row.kind in REFERRALS and row.agency_id in taken:
            raise Refused(
                _(
                    "Kedua kejadian mempunyai pelimpahan terbuka kepada %(agency)s; selesaikan "
                    "atau tarik salah satunya dahulu."
                )
                % {"agency": row.agency.short_name},
                "into",
            )
        supports = into.supporting.filter(pk=row.agency_id).exists()
        row.gave_sight = row.gave_sight and not supports
        row.incident = into
        row.save(update_fields=["incident", "gave_sight"])
        record(
            "request.carry", row, by=by, at=at,
            before={"incident": incident.number}, after={"incident": into.number},
        )  # fmt: skip


def end_request(
    request: AgencyRequest, state: str, words: str, *, by: Actor, at: datetime
) -> AgencyRequest:
    """The sender or the incident's end takes a locked request back; who became a supporter only by
    it is none any more."""
    incident = request.incident
    request.state = state
    request.answer = words
    request.ended_at = at
    request.answered_by_id = by.post_id
    request.save(update_fields=["state", "answer", "ended_at", "answered_by"])
    take_sight(request)
    with for_everybody():
        told = f"{request.get_kind_display()} ({request.agency.short_name})"
    append(
        incident, UpdateKind.REQUEST_ENDED, by=by, at=at, text=f"{told}: {words}" if words else told
    )
    tell_ended(request, at=at)
    return request


def _open(incident: Incident):
    rows = AgencyRequest.objects.open().filter(incident=incident)
    rows = rows.select_related("incident__type", "agency", "from_agency")
    return rows.select_for_update(of=("self",)).order_by("pk")
