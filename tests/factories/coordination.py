"""Meetings and what comes of them, for tests: made by the actions, at fixed times in June 2024."""

from datetime import datetime, timedelta
from typing import Any

from coordination.actions import agenda, attendance, directives, meetings, minutes, series, standing
from coordination.models import (
    AgendaItem,
    Directive,
    Meeting,
    MeetingSeries,
    Minutes,
    Obligation,
)
from portal import clock
from portal.access.actor import Actor
from portal.registry.models import Agency, Operation, Unit

NOW = datetime(2024, 6, 3, 10, tzinfo=clock.WITA)
"""The moment at which every test begins."""
START = NOW + timedelta(days=3)
DUE = NOW + timedelta(days=10)
NINE = (
    "polda-kalsel",
    "korem-101",
    "kpu-kalsel",
    "bawaslu-kalsel",
    "kejati-kalsel",
    "binda-kalsel",
    "kesbangpol-kalsel",
    "pemprov-kalsel",
    "dprd-kalsel",
)


def agencies(*slugs: str) -> list[Agency]:
    return list(Agency.objects.filter(slug__in=slugs).order_by("position"))


def make_meeting(by: Actor, *slugs: str, at: datetime = NOW, **values: Any) -> Meeting:
    """A draft with two agenda items that invites the named agencies."""
    defaults: dict[str, Any] = {
        "operation": Operation.objects.get(slug="mantap-praja-intan-2024"),
        "title": "Rakor kesiapan",
        "starts_at": START,
        "ends_at": START + timedelta(hours=2),
        "place": "Aula Polda Kalimantan Selatan",
        "chair_office": "Kapolda Kalimantan Selatan",
        "agenda": [
            meetings.AgendaDraft("Pembukaan", 10),
            meetings.AgendaDraft("Kesiapan logistik", 30, agencies("kpu-kalsel")[0]),
        ],
        "agencies": agencies(*slugs),
    }
    return meetings.plan_meeting(by=by, at=at, **(defaults | values))


def make_series(by: Actor, at: datetime = NOW, **values: Any) -> MeetingSeries:
    defaults: dict[str, Any] = {
        "operation": Operation.objects.get(slug="mantap-praja-intan-2024"),
        "title": "Anev mingguan",
    }
    return series.create_series(by=by, at=at, **(defaults | values))


def make_item(
    owner: Meeting | MeetingSeries, by: Actor, title: str = "Butir", **values: Any
) -> AgendaItem:
    """An item on a meeting's agenda or in a series' backlog; `audience` by slugs closes it."""
    slugs = values.pop("audience", None)
    if slugs is not None:
        values |= {"is_closed": True, "audience": agencies(*slugs)}
    return agenda.add_item(owner, by=by, at=NOW, title=title, **values)


def make_scheduled(by: Actor, *slugs: str, at: datetime = NOW, **values: Any) -> Meeting:
    meeting = make_meeting(by, *slugs, at=at, **values)
    return meetings.schedule_meeting(meeting, by=by, at=at)


def make_held(by: Actor, *slugs: str, **values: Any) -> Meeting:
    """Held and closed, with one line of attendance per invited agency."""
    meeting = make_scheduled(by, *slugs, **values)
    meeting = meetings.start_meeting(meeting, by=by, at=START)
    rows = [
        attendance.Seat(seat.agency, seat.addressee, "hadir", "", "", START)
        for seat in meeting.invitations.select_related("agency")
    ]
    attendance.record_attendance(meeting, rows, by=by, at=START)
    return meetings.close_meeting(meeting, by=by, at=START + timedelta(hours=2))


def make_minutes(by: Actor, *slugs: str, **values: Any) -> Minutes:
    """Draft minutes with an opening, of a meeting that was held."""
    meeting = make_held(by, *slugs, **values)
    draft = minutes.open_minutes(meeting, by=by, at=START + timedelta(hours=2))
    return minutes.save_minutes(
        draft, by=by, at=START + timedelta(hours=2), opening="Rapat dibuka **pimpinan**."
    )


def make_directive(draft: Minutes, by: Actor, *slugs: str, **values: Any) -> Directive:
    """A draft directive for the named agencies, the first of them in the lead."""
    due = values.pop("due_at", START + timedelta(days=7))
    defaults: dict[str, Any] = {
        "title": "Kawal logistik",
        "text": "Kawal logistik sampai **TPS**.",
        "section": draft.sections.order_by("position").last(),
        "shares": [
            directives.Share(agency, due, is_lead=place == 0)
            for place, agency in enumerate(agencies(*slugs))
        ],
    }
    at = values.pop("at", START + timedelta(hours=3))
    return directives.draft_directive(draft.meeting, by=by, at=at, **(defaults | values))


PUBLISHED = START + timedelta(days=1)


def make_published(by: Actor, *slugs: str, at: datetime = PUBLISHED, **values: Any) -> Minutes:
    """Published minutes with one directive for the named agencies."""
    directive_values = values.pop("directive", {})
    draft = make_minutes(by, *slugs, **values)
    make_directive(draft, by, *slugs, **directive_values)
    return publish(draft, by=by, at=at)


def sign(draft: Minutes, *, by: Actor, at: datetime) -> Minutes:
    """Signed without circulation, for the reason that tests have."""
    return minutes.sign_minutes(
        draft, by=by, at=at, proof="password", reason="Naskah dibacakan di akhir rapat."
    )


def publish(draft: Minutes, *, by: Actor, at: datetime) -> Minutes:
    """Signed and published."""
    return minutes.publish_minutes(sign(draft, by=by, at=at), by=by, at=at)


def make_obligation(by: Actor, slug: str, **values: Any) -> Obligation:
    published = make_published(by, slug, **values)
    return Obligation.objects.get(directive__meeting=published.meeting, agency__slug=slug)


def units(*slugs: str) -> list[Unit]:
    return list(
        Unit.objects.filter(slug__in=slugs).select_related("agency", "seat").order_by("path")
    )


def make_alone(by: Actor, *slugs: str, at: datetime = NOW, **values: Any) -> Directive:
    """A directive that stands alone, for agencies and units by their slugs."""
    due = values.pop("due_at", DUE)
    shares = [directives.Share(agency, due) for agency in agencies(*slugs)]
    below = Unit.objects.filter(slug__in=slugs, parent__isnull=False).select_related("agency")
    shares += [directives.Share(unit.agency, due, unit=unit) for unit in below.order_by("path")]
    defaults: dict[str, Any] = {
        "title": "Amankan gudang",
        "text": "Amankan gudang logistik.",
        "ground": "Surat KPU nomor 12.",
        "shares": shares,
    }
    return standing.issue_directive_alone(by=by, at=at, **(defaults | values))
