"""Corrections of published minutes: draft, signed, published, each under a hash of its own."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.actions.minutes.circulation import seated
from coordination.actions.minutes.sealing import check_proof, signing_office
from coordination.actions.rows import lock, move_addendum, save
from coordination.emails import addendum_context, minutes_url
from coordination.enums import AddendumState, MinutesState
from coordination.exports import digest
from coordination.exports.sealed import canonical_addendum
from coordination.models import Addendum, Minutes, MinutesSection
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.audit.record import record
from portal.notifications.actions import notify


def draft_addendum(
    minutes: Minutes,
    *,
    by: Actor,
    at: datetime,
    text: str,
    reason: str,
    section: MinutesSection | None = None,
) -> Addendum:
    """Begin a correction of published minutes: of one passage, or an addition to the whole."""
    policy.require(by, Permission.MINUTES_WRITE, minutes.meeting)
    with transaction.atomic():
        minutes = lock(minutes, None, "meeting")
        if minutes.state != MinutesState.PUBLISHED:
            raise Refused(_("Adendum hanya untuk notula yang sudah terbit."))
        values = _checked(minutes, section, text, reason)
        addendum = Addendum.objects.create(
            minutes=minutes,
            written_by_id=by.post_id,
            written_at=at,
            illustrative=minutes.illustrative,
            **values,
        )
        record("addendum.draft", addendum, by=by, at=at, after={"reason": addendum.reason})
    return addendum


def edit_addendum(
    addendum: Addendum,
    *,
    by: Actor,
    at: datetime,
    text: str,
    reason: str,
    section: MinutesSection | None = None,
    version: int | None = None,
) -> Addendum:
    """Change a draft; a signed one goes back to draft by it and loses its signature."""
    policy.require(by, Permission.MINUTES_WRITE, addendum.minutes.meeting)
    with transaction.atomic():
        addendum = lock(addendum, version, "minutes__meeting")
        if addendum.state == AddendumState.PUBLISHED:
            raise Refused(_("Adendum yang sudah terbit tidak dapat diubah."))
        values = _checked(addendum.minutes, section, text, reason)
        if addendum.state == AddendumState.SIGNED:
            values |= {
                "state": AddendumState.DRAFT,
                "signed_at": None,
                "signed_by": None,
                "signed_office": "",
                "signed_with": "",
            }
        before, after = save(addendum, **values)
        if after:
            record("addendum.edit", addendum, by=by, at=at, before=before, after=after)
    return addendum


def sign_addendum(
    addendum: Addendum, *, by: Actor, at: datetime, proof: str, version: int | None = None
) -> Addendum:
    """The chair of the rakor answers for the correction, or a coordinator on his behalf."""
    policy.require(by, Permission.MINUTES_SIGN, addendum.minutes.meeting)
    check_proof(proof)
    with transaction.atomic():
        addendum = lock(addendum, version, "minutes__meeting")
        if addendum.state == AddendumState.SIGNED and addendum.signed_by_id == by.post_id:
            return addendum
        move_addendum(addendum, AddendumState.SIGNED)
        before, after = save(
            addendum,
            state=AddendumState.SIGNED,
            signed_at=at,
            signed_by_id=by.post_id,
            signed_office=signing_office(addendum.minutes.meeting, by),
            signed_with=proof,
        )
        record("addendum.sign", addendum, by=by, at=at, before=before, after=after)
    return addendum


def publish_addendum(addendum: Addendum, *, by: Actor, at: datetime) -> Addendum:
    """Number it, fix it under its own SHA-256, and tell everyone invited, once. A second call
    changes nothing."""
    policy.require(by, Permission.MINUTES_PUBLISH, addendum.minutes.meeting)
    with transaction.atomic():
        minutes = lock(addendum.minutes, None, "meeting")
        addendum = lock(addendum, None, "section")
        addendum.minutes = minutes
        if addendum.state == AddendumState.PUBLISHED:
            return addendum
        move_addendum(addendum, AddendumState.PUBLISHED)
        # The minutes are locked: two addenda at once get two numbers, one after the other.
        addendum.number = minutes.addenda.filter(number__isnull=False).count() + 1
        addendum.sealed_text, addendum.sha256 = digest(canonical_addendum(addendum))
        addendum.state = AddendumState.PUBLISHED
        addendum.published_at = at
        addendum.published_by_id = by.post_id
        addendum.version += 1
        addendum.save()
        record(
            "addendum.publish",
            addendum,
            by=by,
            at=at,
            before={"state": AddendumState.SIGNED},
            after={
                "state": AddendumState.PUBLISHED,
                "number": addendum.number,
                "sha256": addendum.sha256,
            },
        )
        notify(
            "minutes_addendum",
            event_key=f"addendum:{addendum.pk}:published",
            agencies=seated(minutes),
            context=addendum_context(addendum),
            url=minutes_url(minutes),
            at=at,
            duty=False,
            classification=minutes.classification,
        )
    return addendum


def _checked(minutes: Minutes, section: MinutesSection | None, text: str, reason: str) -> dict:
    if not text.strip():
        raise Refused(_("Tulis bunyi yang benar."), "text")
    if not reason.strip():
        raise Refused(_("Tulis alasannya."), "reason")
    if section is not None and section.minutes_id != minutes.pk:
        raise Refused(_("Bagian ini bukan dari notula ini."), "section")
    return {
        "section": section,
        "original": section.body if section else "",
        "text": text.strip().replace("\r\n", "\n"),
        "reason": reason.strip(),
    }
