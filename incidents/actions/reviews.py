"""After-action: looking back on a closed incident, and what must change because of it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.models import Directive
from incidents.actions.directives import direct_from_incident
from incidents.actions.texts import refuse_tally
from incidents.enums import IncidentState
from incidents.models import Incident, Review, ReviewItem
from incidents.queries.reviews import PARTS
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused, Stale
from portal.access.permissions import Permission
from portal.audit.record import record


def write_review(
    incident: Incident,
    *,
    happened: str,
    expected: str,
    must_change: str,
    by: Actor,
    at: datetime,
    went_well: str = "",
    version: int | None = None,
) -> Review:
    """Write the review of a closed incident, or write it anew; the audit keeps what it said."""
    words = {
        "happened": happened.strip(),
        "expected": expected.strip(),
        "went_well": went_well.strip(),
        "must_change": must_change.strip(),
    }
    with transaction.atomic():
        incident = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
        policy.require(by, Permission.INCIDENT_HANDLE, incident)
        if incident.state != IncidentState.CLOSED:
            raise Refused(_("Kaji ulang ditulis setelah kejadian selesai."))
        for name in PARTS:
            if not words[name] and name != "went_well":
                raise Refused(_("Isian ini wajib."), name)
        refuse_tally(**words)
        review = Review.objects.select_for_update().filter(incident=incident).first()
        if review is None:
            review = Review.objects.create(
                incident=incident,
                post_id=by.post_id,
                agency_id=by.agency_id,
                written_at=at,
                updated_at=at,
                **words,
            )
            record("review.write", review, by=by, at=at, after=words)
            return review
        before = {name: getattr(review, name) for name in words}
        if before == words:
            return review
        if version is not None and review.version != version:
            raise Stale(_("Kaji ulang ini sudah diubah orang lain."), current=review)
        for name, text in words.items():
            setattr(review, name, text)
        review.version += 1
        review.updated_at = at
        review.save(update_fields=[*words, "version", "updated_at"])
        record("review.change", review, by=by, at=at, before=before, after=words)
    return review


def add_review_item(review: Review, *, by: Actor, at: datetime, **values: Any) -> Directive:
    """Turn what must change into a directive that is done only with proof. `values` are those of
    `direct_from_incident`; the same again is the one that is there."""
    with transaction.atomic():
        review = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
        values["evidence_required"] = True
        directive = direct_from_incident(review.incident, by=by, at=at, **values)
        _item, made = ReviewItem.objects.get_or_create(
            directive=directive, defaults={"review": review}
        )
        if made:
            record("review.add_item", review, by=by, at=at, after={"directive": directive.number})
    return directive
