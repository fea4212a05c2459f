"""The chair's signature, and publication: from then on each word is fixed."""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from coordination.actions.directives import issue_directive
from coordination.actions.minutes.circulation import check_complete, circulation_key, seated
from coordination.actions.minutes.revisions import forget_folded
from coordination.actions.numbering import minutes_number
from coordination.actions.rows import lock, move_meeting, move_minutes, save
from coordination.emails import minutes_context, minutes_url
from coordination.enums import DirectiveState, MeetingState, MinutesState
from coordination.exports import canonical, digest, files_of, signable
from coordination.models import Directive, Meeting, Minutes
from coordination.queries.attendance import quorum
from portal.access import policy
from portal.access.actor import Actor
from portal.access.classification import Classification, highest
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.accounts.enums import Role
from portal.audit.record import record
from portal.notifications.actions import cancel, notify

PROOFS = {"mfa": {"mfa"}, "password": {"mfa", "password"}}
"""What SIGN_STEP_UP asks for: which proofs of the person are enough."""


def sign_minutes(
    minutes: Minutes,
    *,
    by: Actor,
    at: datetime,
    proof: str,
    reason: str = "",
    seen: str | None = None,
) -> Minutes:
    """The chair answers for the text as it stands, or a coordinator on his behalf ("a.n.").

    `proof` says how the person proved himself just now, `seen` is the SHA-256 of the text that he
    had before him. Without circulation there must be a `reason`, which the notula shows.
    """
    policy.require(by, Permission.MINUTES_SIGN, minutes.meeting)
    check_proof(proof)
    with transaction.atomic():
        meeting = lock(minutes.meeting, None, "host_agency")
        minutes = lock(minutes)
        minutes.meeting = meeting
        was = minutes.state
        if was == MinutesState.SIGNED and minutes.signed_by_id == by.post_id:
            return minutes
        move_minutes(minutes, MinutesState.SIGNED)
        check_complete(minutes)
        _heard(minutes, reason, at)
        if seen is not None and digest(signable(minutes))[1] != seen:
            raise Refused(_("Naskah berubah sejak Anda membukanya. Baca sekali lagi, lalu sahkan."))
        # The reason is part of what is signed.
        minutes.skip_reason = reason.strip() if was == MinutesState.DRAFT else ""
        minutes.save(update_fields=["skip_reason"])
        save(
            minutes,
            state=MinutesState.SIGNED,
            signed_at=at,
            signed_by_id=by.post_id,
            signed_office=signing_office(meeting, by),
            signed_with=proof,
            signed_sha256=digest(signable(minutes))[1],
            updated_at=at,
        )
        record(
            "minutes.sign",
            minutes,
            by=by,
            at=at,
            before={"state": was},
            after={
                "state": minutes.state,
                "office": minutes.signed_office,
                "proof": proof,
                "sha256": minutes.signed_sha256,
                "skip_reason": minutes.skip_reason,
            },
        )
        forget_folded(minutes)
        cancel(circulation_key(minutes), at=at)
    return minutes


def publish_minutes(
    minutes: Minutes, *, by: Actor, at: datetime, version: int | None = None
) -> Minutes:
    """Fix the signed text under a number and a SHA-256, issue its directives with one obligation
    per addressed agency, and tell everyone invited or addressed. A second call changes nothing."""
    policy.require(by, Permission.MINUTES_PUBLISH, minutes.meeting)
    with transaction.atomic():
        meeting = lock(minutes.meeting, None, "host_agency", "host_unit", "operation")
        minutes = lock(minutes)
        minutes.meeting = meeting
        if minutes.state == MinutesState.PUBLISHED:
            return minutes
        if version is not None and minutes.version != version:
            lock(minutes, version)
        check_complete(minutes)
        if minutes.state != MinutesState.SIGNED:
            raise Refused(_("Notula terbit setelah disahkan pimpinan rapat."))
        if digest(signable(minutes))[1] != minutes.signed_sha256:
            raise Refused(
                _(
                    "Daftar hadir, arahan, atau lampiran berubah sejak notula disahkan. "
                    "Kembalikan ke draf dengan alasan, lalu sahkan lagi."
                )
            )
        drafts = list(
            meeting.directives.filter(state=DirectiveState.DRAFT)
            .select_for_update(of=("self",))
            .order_by("section__position", "pk")
        )
        directives = [issue_directive(draft, by=by, at=at) for draft in drafts]
        minutes.classification = class_of(minutes, directives)
        seats = quorum(meeting)
        minutes.seats_present, minutes.seats_invited = seats.present, seats.seats
        minutes.seats_needed = seats.needed
        minutes.number = minutes_number(minutes.classification, meeting.office_code, at)
        minutes.verification_code = secrets.token_urlsafe(16)
        minutes.sealed_text, minutes.sha256 = digest(canonical(minutes))
        minutes.state = MinutesState.PUBLISHED
        minutes.published_at = minutes.updated_at = at
        minutes.published_by_id = by.post_id
        minutes.version += 1
        minutes.save()
        move_meeting(meeting, MeetingState.PUBLISHED)
        save(meeting, state=MeetingState.PUBLISHED)
        record(
            "minutes.publish",
            minutes,
            by=by,
            at=at,
            before={"state": MinutesState.SIGNED},
            after={
                "state": MinutesState.PUBLISHED,
                "number": minutes.number,
                "sha256": minutes.sha256,
                "quorum": minutes.has_quorum,
                "directives": [directive.number for directive in directives],
            },
        )
        _tell(minutes, directives, at=at)
    return minutes


def check_proof(proof: str) -> None:
    """Raises Refused unless the person proved himself as this installation asks."""
    if proof not in PROOFS[settings.SIGN_STEP_UP]:
        raise Refused(
            _("Pengesahan memerlukan pembuktian diri dalam lima menit terakhir.")
            if settings.SIGN_STEP_UP == "password"
            else _("Pengesahan memerlukan faktor kedua dalam lima menit terakhir.")
        )


def signing_office(meeting: Meeting, by: Actor) -> str:
    """How the signature is written: the chair himself, or somebody on his behalf."""
    is_chair = meeting.chair_post_id == by.post_id or (
        meeting.chair_post_id is None and Role.COMMANDER in by.roles
    )
    if is_chair:
        return by.post_title
    return f"a.n. {meeting.chair_office}, {by.post_title}"


def fingerprint(minutes: Minutes) -> str:
    """The SHA-256 of the canonical text: UTF-8 JSON with sorted keys, as `canonical` gives it."""
    return digest(canonical(minutes))[1]


def class_of(minutes: Minutes, directives: list[Directive]) -> Classification:
    """At least the class of every part; what is closed to some is never open to all."""
    closed = minutes.sections.filter(agenda_item__is_closed=True).exists()
    return highest(
        minutes.classification,
        minutes.meeting.classification,
        *(directive.classification for directive in directives),
        *(file.classification for file in files_of(minutes)),
        *([Classification.TERBATAS] if closed else []),
    )


def _heard(minutes: Minutes, reason: str, at: datetime) -> None:
    """Raises Refused unless the agencies had their say, or a reason says why not."""
    if minutes.objections.unanswered().exists():
        raise Refused(_("Masih ada keberatan yang belum dijawab."))
    if minutes.state == MinutesState.DRAFT and not reason.strip():
        raise Refused(_("Tulis alasan notula disahkan tanpa edaran."), "reason")
    if minutes.object_until is not None and at < minutes.object_until:
        raise Refused(_("Batas waktu keberatan belum lewat; notula belum dapat disahkan."))


def _tell(minutes: Minutes, directives: list[Directive], *, at: datetime) -> None:
    notify(
        "minutes_published",
        event_key=f"minutes:{minutes.pk}:published",
        agencies=seated(minutes),
        context=minutes_context(minutes, len(directives)),
        url=minutes_url(minutes),
        at=at,
        duty=False,
        classification=minutes.classification,
    )
