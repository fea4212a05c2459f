"""Running orders kept as examples, and used again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.actions.running_order import (
    has_own,
    lock_owner,
    next_position,
    settle,
    settle_anew,
    touch,
)
from coordination.models import AgendaItem, AgendaTemplate, AgendaTemplateItem, Meeting
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.audit.record import record


def save_template(meeting: Meeting, *, by: Actor, at: datetime, name: str) -> AgendaTemplate:
    """Keep a meeting's agenda as an example under a name; the same name is written over. Closed
    items are left out: an example is read by every planner; so is what came back from an earlier
    rakor, which comes by itself."""
    policy.require(by, Permission.MEETING_PLAN, meeting)
    name = name.strip()
    if not name:
        raise Refused(_("Tulis nama contoh."), "name")
    with transaction.atomic():
        items = list(
            meeting.agenda.filter(is_closed=False, obligation=None).order_by("position", "pk")
        )
        if not items:
            raise Refused(_("Susunan acara ini belum berisi butir terbuka."), "name")
        template, made = AgendaTemplate.objects.select_for_update(of=("self",)).get_or_create(
            host_agency_id=by.agency_id,
            name=name,
            defaults={"kind": meeting.kind, "created_by_id": by.post_id, "updated_at": at},
        )
        before = [] if made else list(template.items.values_list("title", flat=True))
        template.items.all().delete()
        AgendaTemplateItem.objects.bulk_create(
            AgendaTemplateItem(
                template=template,
                position=position,
                section=item.section,
                title=item.title,
                planned_minutes=item.planned_minutes,
            )
            for position, item in enumerate(items, start=1)
        )
        if not made:
            template.kind, template.updated_at = meeting.kind, at
            template.version += 1
            template.save(update_fields=["kind", "updated_at", "version"])
        record(
            "agenda_template.save",
            template,
            by=by,
            at=at,
            before={"items": before},
            after={"items": [item.title for item in items]},
        )
    return template


def apply_template(
    meeting: Meeting, template: AgendaTemplate, *, by: Actor, at: datetime
) -> Meeting:
    """Add an example's lines to the end of a meeting's agenda."""
    policy.require(by, Permission.MEETING_PLAN, meeting)
    policy.require(by, Permission.MEETING_PLAN, template)
    with transaction.atomic():
        meeting = lock_owner(meeting)
        begun = has_own(meeting)
        first = next_position(meeting)
        lines = list(template.items.all())
        AgendaItem.objects.bulk_create(
            AgendaItem(
                meeting=meeting,
                position=position,
                section=line.section,
                title=line.title,
                planned_minutes=line.planned_minutes,
                classification=meeting.classification,
            )
            for position, line in enumerate(lines, start=first)
        )
        (settle if begun else settle_anew)(meeting)
        touch(meeting, at)
        record(
            "agenda_template.apply",
            meeting,
            by=by,
            at=at,
            after={"template": template.pk, "items": len(lines)},
        )
    return meeting


def delete_template(template: AgendaTemplate, *, by: Actor, at: datetime) -> None:
    """Throw an example away; agendas made from it stay."""
    policy.require(by, Permission.MEETING_PLAN, template)
    with transaction.atomic():
        kept = AgendaTemplate.objects.select_for_update(of=("self",)).filter(pk=template.pk).first()
        if kept is None:
            return
        record("agenda_template.delete", kept, by=by, at=at, before={"name": kept.name})
        kept.delete()
