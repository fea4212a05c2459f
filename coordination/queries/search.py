"""Where the search looks in coordination: only in rows that the actor may see."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from coordination.enums import DIRECTIVE_BADGES, MEETING_BADGES, OBLIGATION_BADGES
from coordination.models import (
    AgendaItem,
    Comment,
    Directive,
    Meeting,
    Minutes,
    MinutesSection,
    Obligation,
    ProgressReport,
)
from portal import clock
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.web.searching import Hit, Source, Wanted, match, ranked


def _day(moment: Any) -> str:
    return date_format(clock.local(moment), "j M Y") if moment else ""


def _note(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _quoted(classification: int, excerpt: SafeString) -> SafeString:
    """Words of what is Rahasia are read on its own page, where the reading is recorded."""
    return excerpt if classification < Classification.RAHASIA else SafeString()


def _meeting(row: Meeting, excerpt: SafeString) -> Hit:
    return Hit(
        title=row.title,
        url=reverse("coordination:meeting_detail", args=[row.pk]),
        note=_note(row.number, _day(row.starts_at), row.place),
        excerpt=excerpt,
        badge=(MEETING_BADGES[row.state], row.get_state_display()),
    )


def agenda(actor: Actor) -> QuerySet[AgendaItem]:
    """Items of meetings and backlogs in sight; a closed one only for those it is open to."""
    return AgendaItem.objects.visible_to(actor).select_related("meeting", "series", "presenter")


def _item(row: AgendaItem, excerpt: SafeString) -> Hit:
    return Hit(
        title=row.title,
        url=_home(row),
        note=_note(*_where(row), row.presenter.short_name if row.presenter else ""),
        excerpt=excerpt,
    )


def _home(row: AgendaItem) -> str:
    if row.meeting is None:
        return reverse("coordination:series_detail", args=[row.series_id])
    return reverse("coordination:meeting_detail", args=[row.meeting_id])


def _where(row: AgendaItem) -> tuple[str, ...]:
    if row.meeting is None:
        return (str(row.series),)
    return row.meeting.number, _day(row.meeting.starts_at)


def passages(actor: Actor) -> QuerySet[MinutesSection]:
    """Passages of minutes that one may read, without those under an item that is closed to one."""
    opened = AgendaItem.objects.visible_to(actor)
    return MinutesSection.objects.filter(
        Q(agenda_item=None) | Q(agenda_item__in=opened),
        minutes__in=Minutes.objects.visible_to(actor),
    ).select_related("minutes__meeting")


def _passage(row: MinutesSection, excerpt: SafeString) -> Hit:
    minutes = row.minutes
    return Hit(
        title=row.heading,
        url=reverse("coordination:minutes_detail", args=[minutes.meeting_id]),
        note=_note(minutes.number or minutes.get_state_display(), minutes.meeting.title),
        excerpt=_quoted(minutes.classification, excerpt),
    )


def directives(actor: Actor) -> QuerySet[Directive]:
    return Directive.objects.visible_to(actor).select_related("issuer_agency")


def _directive(row: Directive, excerpt: SafeString) -> Hit:
    return Hit(
        title=row.title,
        url=reverse("coordination:directive_detail", args=[row.pk]),
        note=_note(row.number or "", row.issuer_agency.short_name, _day(row.issued_at)),
        excerpt=_quoted(row.classification, excerpt),
        badge=(DIRECTIVE_BADGES[row.state], row.get_state_display()),
    )


def obligations(actor: Actor) -> QuerySet[Obligation]:
    return Obligation.objects.visible_to(actor).select_related("directive", "agency")


def _reported(words: Wanted) -> Any:
    """Reports of the obligation in whose words it is; who sees the obligation sees them."""
    return ProgressReport.objects.filter(obligation=OuterRef("pk"), stems=words.query)


def _share(words: Wanted) -> Q:
    return Q(directive__stems=words.query) | Q(stems=words.query) | Q(Exists(_reported(words)))


LAST_REPORT = Subquery(
    ProgressReport.objects.filter(obligation=OuterRef("pk"))
    .exclude(note="")
    .order_by("-at", "-pk")
    .values("note")[:1]
)


def _obligation(row: Obligation, excerpt: SafeString) -> Hit:
    return Hit(
        title=row.directive.title,
        url=reverse("coordination:obligation_detail", args=[row.pk]),
        note=_note(row.directive.number or "", row.agency.short_name, _day(row.due_at)),
        excerpt=_quoted(row.classification, excerpt),
        badge=(OBLIGATION_BADGES[row.state], row.get_state_display()),
    )


def comments(actor: Actor) -> QuerySet[Comment]:
    """What was said and not struck out; an internal word only inside the agency that said it."""
    return (
        Comment.objects.visible_to(actor)
        .filter(struck_at=None)
        .select_related("obligation__directive", "obligation__agency", "post")
    )


def _comment(row: Comment, excerpt: SafeString) -> Hit:
    page = reverse("coordination:obligation_detail", args=[row.obligation_id])
    return Hit(
        title=row.obligation.directive.title,
        url=f"{page}#komentar-{row.pk}",
        note=_note(row.obligation.agency.short_name, row.post.title, _day(row.at)),
        excerpt=_quoted(row.obligation.classification, excerpt),
    )


def joined(*fields: Any) -> Concat:
    """Several texts as one, for the excerpt."""
    parts: list[Any] = []
    for field in fields:
        parts += [Value(" "), F(field) if isinstance(field, str) else field]
    return Concat(*parts, output_field=TextField())


SOURCES = (
    Source(
        key="rakor",
        label=_("Rakor"),
        icon="people",
        rows=lambda actor: Meeting.objects.visible_to(actor),
        matches=match("stems"),
        rank=ranked("stems"),
        text=joined("title", "place"),
        order=("-starts_at", "-pk"),
        hit=_meeting,
        number="number",
    ),
    Source(
        key="agenda",
        label=_("Mata acara"),
        icon="list-ol",
        rows=agenda,
        matches=match("stems"),
        rank=ranked("stems"),
        text="title",
        order=("-meeting__starts_at", "position"),
        hit=_item,
    ),
    Source(
        key="notula",
        label=_("Notula"),
        icon="file-earmark-text",
        rows=passages,
        matches=match("stems"),
        rank=ranked("stems"),
        text=joined("heading", "body"),
        order=("-minutes__meeting__starts_at", "position"),
        hit=_passage,
        number="minutes__number",
    ),
    Source(
        key="arahan",
        label=_("Arahan"),
        icon="megaphone",
        rows=directives,
        matches=match("stems"),
        rank=ranked("stems"),
        text=joined("title", "text", "output"),
        order=("-issued_at", "-pk"),
        hit=_directive,
        number="number",
    ),
    Source(
        key="tindak-lanjut",
        label=_("Tindak lanjut"),
        icon="list-check",
        rows=obligations,
        matches=_share,
        rank=ranked("directive__stems", "stems"),
        text=joined("directive__title", "obstacle", LAST_REPORT, "directive__text"),
        order=("due_at", "pk"),
        hit=_obligation,
        number="directive__number",
    ),
    Source(
        key="komentar",
        label=_("Komentar"),
        icon="chat-left-text",
        rows=comments,
        matches=match("stems"),
        rank=ranked("stems"),
        text="body",
        order=("-at", "-pk"),
        hit=_comment,
    ),
)
