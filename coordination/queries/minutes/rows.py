"""Rows of what belongs to minutes: files, objections, addenda."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from coordination.enums import ADDENDUM_BADGES, OBJECTION_BADGES, ObjectionState
from coordination.models import Addendum, Minutes, Objection
from coordination.queries.minutes.wording import word_diff
from portal.access.actor import Actor
from portal.attachments.models import Attachment


def file_rows(files: Iterable[Attachment]) -> list[dict[str, Any]]:
    return [
        {
            "pk": file.pk,
            "name": file.name,
            "sha256": file.sha256,
            "size": file.size,
            "url": reverse("attachments:download", args=[file.pk]),
        }
        for file in files
    ]


def objection_rows(minutes: Minutes, actor: Actor) -> list[dict[str, Any]]:
    rows = (
        Objection.objects.visible_to(actor)
        .filter(minutes=minutes)
        .select_related("section", "agency", "made_by", "answered_by")
        .order_by("section__position", "pk")
    )
    return [
        {
            "pk": row.pk,
            "section": row.section.heading,
            "agency": row.agency.short_name,
            "text": row.text,
            "proposed": row.proposed,
            "change": word_diff(row.section.body, row.proposed) if row.proposed else [],
            "made_at": row.made_at,
            "made_by": row.made_by.title,
            "state": (OBJECTION_BADGES[row.state], row.get_state_display()),
            "open": row.state == ObjectionState.OPEN,
            "answer": row.answer,
            "answered_at": row.answered_at,
            "answered_by": row.answered_by.title if row.answered_by else "",
        }
        for row in rows
    ]


def addendum_rows(minutes: Minutes, actor: Actor) -> list[dict[str, Any]]:
    rows = (
        Addendum.objects.visible_to(actor)
        .filter(minutes=minutes)
        .select_related("section", "published_by")
    )
    return [
        {
            "pk": row.pk,
            "number": row.number,
            "section": row.section.heading if row.section else "",
            "reason": row.reason,
            "text": row.text,
            "change": word_diff(row.original, row.text),
            "state": (ADDENDUM_BADGES[row.state], row.get_state_display()),
            "is_draft": row.state == "draft",
            "is_signed": row.state == "signed",
            "published_at": row.published_at,
            "signed_office": row.signed_office,
            "sha256": row.sha256,
        }
        for row in rows
    ]
