"""The notula in one stable shape: what the chair signs, and what publishing fixes."""

import hashlib
import json
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder

from coordination.enums import DirectiveState
from coordination.models import Addendum, Addressee, Directive, Meeting, Minutes
from portal.attachments.models import Attachment


def digest(values: dict[str, Any]) -> tuple[str, str]:
    """The canonical text (UTF-8 JSON with sorted keys) and its SHA-256."""
    text = json.dumps(values, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return text, hashlib.sha256(text.encode()).hexdigest()


def signable(minutes: Minutes) -> dict[str, Any]:
    """All that the chair answers for: everything but what publishing itself gives."""
    meeting = minutes.meeting
    return {
        "meeting": {
            "number": meeting.number,
            "title": meeting.title,
            "starts_at": meeting.starts_at,
            "ends_at": meeting.ends_at,
            "place": meeting.place,
            "host": meeting.host_agency.slug,
            "chair": [meeting.chair_office, meeting.chair_name, minutes.chair_rank],
            "vice_chair": [minutes.vice_chair_office, minutes.vice_chair_name],
            "secretary": [minutes.secretary_office, minutes.secretary_name],
        }
        | _sat(meeting),
        "agenda": [item.title for item in meeting.agenda.order_by("position")],
        "attendance": [
            [row.invited_office, row.status, row.attendee_name, row.attendee_office]
            for row in meeting.attendance.order_by("position", "pk")
        ],
        "opening": minutes.opening,
        "sections": [
            [
                section.heading,
                section.speaker,
                sorted(section.speaking),
                section.body,
                section.decision,
            ]
            for section in minutes.sections.order_by("position")
        ],
        "conclusion": minutes.conclusion,
        "closing": minutes.closing,
        "taker": [minutes.taker_office, minutes.taker_name, minutes.taker_rank],
        "circulation": [minutes.object_until, minutes.skip_reason],
        "files": [[file.name, file.sha256] for file in files_of(minutes)],
        "directives": [_directive(directive) for directive in _carried(meeting)],
    }


def _sat(meeting: Meeting) -> dict[str, Any]:
    """When it was really opened and closed; nothing where that was not recorded yet: old
    fingerprints stay true."""
    times = [meeting.opened_at, meeting.closed_at]
    return {"sat": times} if any(times) else {}


def canonical(minutes: Minutes) -> dict[str, Any]:
    """Everything that publishing fixes: the SHA-256 is taken over this."""
    return signable(minutes) | {
        "number": minutes.number,
        "classification": minutes.classification,
        "signed": [minutes.signed_office, minutes.signed_at, minutes.signed_sha256],
        "seats": [minutes.seats_present, minutes.seats_invited],
        "quorum": minutes.has_quorum,
        "directives": [
            _directive(directive) | {"number": directive.number}
            for directive in issued_with(minutes.meeting)
        ],
    }


def canonical_addendum(addendum: Addendum) -> dict[str, Any]:
    minutes = addendum.minutes
    return {
        "minutes": [minutes.number, minutes.sha256],
        "number": addendum.number,
        "section": addendum.section.heading if addendum.section else "",
        "original": addendum.original,
        "text": addendum.text,
        "reason": addendum.reason,
        "signed": [addendum.signed_office, addendum.signed_at],
    }


def issued_with(meeting: Meeting) -> list[Directive]:
    """The directives that the minutes carry, in the order of their passages."""
    return [row for row in _carried(meeting) if row.issued_at is not None]


def files_of(minutes: Minutes) -> list[Attachment]:
    """The files that belong to the minutes, in the order in which they came."""
    kind = ContentType.objects.get_for_model(Minutes)
    return list(Attachment.objects.filter(content_type=kind, object_id=minutes.pk).order_by("pk"))


def _carried(meeting: Meeting) -> list[Directive]:
    rows = meeting.directives.select_related("section").prefetch_related(
        "addressees__agency", "addressees__unit"
    )
    return [
        row
        for row in rows.order_by("section__position", "pk")
        if row.issued_at is not None or row.state != DirectiveState.CANCELLED
    ]


def _directive(directive: Directive) -> dict[str, Any]:
    return {
        "title": directive.title,
        "text": directive.text,
        "kind": directive.kind,
        "binding": directive.binding,
        "shares": [_addressed(share) for share in directive.addressees.all()],
    }


def _addressed(share: Addressee) -> list[Any]:
    """Without a unit as it was before units could be addressed: old fingerprints stay true."""
    unit = [share.unit.slug] if share.unit else []
    return [share.agency.slug, share.due_at, *unit]
