"""A person's private calendar: what his posts may see at the moment it is fetched."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from coordination.queries import calendar_entries
from coordination.queries.calendar import CalendarEntry
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.context import actor_context
from portal.accounts.models import User
from portal.accounts.queries import feed_of
from portal.audit.record import record_read
from portal.documents import calendar

PAST, FUTURE = timedelta(days=60), timedelta(days=400)


def feed(user: User, at: datetime) -> bytes:
    """The calendar of all posts that the person holds now; a post that has ended adds nothing.
    Every fetch is recorded, as every download is."""
    found: dict[str, CalendarEntry] = {}
    for tenure in user.tenures_at(at):
        with actor_context(Actor.of(tenure)) as actor:
            if row := feed_of(actor):
                record_read(row, by=actor, at=at, verb="download")
            for entry in calendar_entries(actor, at - PAST, at + FUTURE):
                found[entry.uid] = entry
    with translation.override(user.language):
        rows = sorted(found.values(), key=lambda entry: (entry.starts_at, entry.uid))
        return calendar.calendar(
            [_entry(row) for row in rows],
            method=calendar.PUBLISH,
            at=at,
            name="Portal Mantap Praja",
        )


def _entry(row: CalendarEntry) -> calendar.Entry:
    address = urlsplit(settings.PORTAL_URL)
    # A meeting keeps the UID of its mails, so that a calendar knows it as the same event.
    uid = row.uid if row.kind == "meeting" else f"{row.uid}@{address.hostname}"
    if row.classification >= Classification.RAHASIA:
        # Calendars are kept by others: of a secret meeting they learn only that one is taken.
        return calendar.Entry(
            uid=uid,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            title=_("Acara tertutup"),
            sequence=row.sequence,
            cancelled=row.called_off,
        )
    title = row.title if row.kind == "meeting" else _("Tenggat: %(title)s") % {"title": row.title}
    link = settings.PORTAL_URL.rstrip("/") + row.url
    return calendar.Entry(
        uid=uid,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        title=title,
        sequence=row.sequence,
        place=row.place,
        text="\n".join(part for part in (row.virtual_link, link) if part),
        url=row.virtual_link or link,
        cancelled=row.called_off,
    )
