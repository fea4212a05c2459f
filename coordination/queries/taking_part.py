"""Which agencies take part in an operation, and which have left it."""

from collections.abc import Iterable
from typing import Any

from coordination.enums import MEETING_EDITABLE
from coordination.models import AgencyWithdrawal, Invitation, Meeting
from portal.access.actor import Actor
from portal.registry.models import Agency, Operation


def open_seats(operation: Operation, agency: Agency) -> list[Invitation]:
    """The agency's seats at rakor of the operation that have not begun, by date."""
    return list(
        Invitation.objects.standing()
        .filter(agency=agency, meeting__operation=operation, meeting__state__in=MEETING_EDITABLE)
        .select_related("meeting")
        .order_by("meeting__starts_at", "pk")
    )


def left(meeting: Meeting, agencies: Iterable[Agency]) -> AgencyWithdrawal | None:
    """The first of the agencies that takes no part in the meeting's operation now."""
    return (
        AgencyWithdrawal.objects.standing()
        .filter(operation=meeting.operation_id, agency__in=[agency.pk for agency in agencies])
        .select_related("agency")
        .order_by("pk")
        .first()
    )


def withdrawal_rows(actor: Actor, operation: Operation) -> list[dict[str, Any]]:
    """Who left the operation, when, why, by whom, and whether it came back; newest first."""
    rows = (
        AgencyWithdrawal.objects.visible_to(actor)
        .filter(operation=operation)
        .select_related("agency", "by_post", "ended_by")
    )
    return [
        {
            "pk": row.pk,
            "agency": row.agency.name,
            "reason": row.reason,
            "at": row.at,
            "by": row.by_post.title,
            "ended_at": row.ended_at,
            "ended_by": row.ended_by.title if row.ended_by else "",
            "end_reason": row.end_reason,
        }
        for row in rows
    ]
