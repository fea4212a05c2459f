"""A later due time: asked for by the doer, decided by the issuer."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.actions.obligations.doing import taken
from coordination.actions.obligations.steps import (
    issuer_answered,
    lock_obligation,
    same_version,
    tell_doer,
    tell_issuer,
    with_issuer,
    write,
)
from coordination.actions.stops import due_key
from coordination.enums import OBLIGATION_CLOSED, OBLIGATION_WITH_AGENCY, ExtensionState, ReportKind
from coordination.models import Extension, Obligation
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.notifications.actions import cancel
from portal.web.language import for_everybody
from portal.web.templatetags.portal import wita


def ask_extension(
    obligation: Obligation,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    wished_due_at: datetime,
    version: int | None = None,
) -> Obligation:
    """Ask the issuer for a later due time. Until it answers, the due time stands still."""
    policy.require(by, Permission.OBLIGATION_ANSWER, obligation)
    with transaction.atomic():
        obligation = taken(obligation, by=by, at=at, version=version)
        if obligation.state not in OBLIGATION_WITH_AGENCY:
            raise Refused(_("Perpanjangan hanya untuk tindak lanjut yang masih dikerjakan."))
        if _asked(obligation):
            raise Refused(_("Perpanjangan sudah dimohon dan menunggu keputusan."))
        if not reason.strip():
            raise Refused(_("Tulis alasan perpanjangan."), "reason")
        if wished_due_at <= max(at, obligation.due_at):
            raise Refused(
                _("Tenggat yang dimohon harus setelah tenggat sekarang."), "wished_due_at"
            )
        _within_parent(obligation, wished_due_at, "wished_due_at")
        Extension.objects.create(
            obligation=obligation,
            reason=reason.strip(),
            due_before=obligation.due_at,
            wished_due_at=wished_due_at,
            asked_by_id=by.post_id,
            asked_at=at,
        )
        with for_everybody():
            asked = {"due": wita(wished_due_at), "reason": reason.strip()}
            words = _("Dimohon sampai %(due)s. %(reason)s") % asked
        report = write(
            obligation,
            ReportKind.EXTENSION_ASKED,
            by=by,
            at=at,
            note=words,
            **with_issuer(obligation, at),
        )
        tell_issuer("obligation_extension_asked", obligation, report, at=at)
    return obligation


def grant_extension(
    obligation: Obligation,
    *,
    by: Actor,
    at: datetime,
    due_at: datetime | None = None,
    note: str = "",
    version: int | None = None,
) -> Obligation:
    """Set the later due time: the one that was wished, or another. What urged to the former one
    stops, and reminders count anew."""
    policy.require(by, Permission.OBLIGATION_VERIFY, obligation)
    with transaction.atomic():
        obligation, extension = _pending(obligation, version)
        due = due_at or extension.wished_due_at
        if due <= max(at, extension.due_before):
            raise Refused(_("Tenggat baru harus setelah tenggat sekarang."), "due_at")
        _within_parent(obligation, due, "due_at")
        _decide(extension, ExtensionState.GRANTED, by=by, at=at, answer=note, due_after=due)
        cancel(due_key(obligation), at=at)
        values = issuer_answered(obligation, at) | {"due_at": due, "own_due": True}
        words = _new_due(due, note)
        report = write(obligation, ReportKind.EXTENSION_GRANTED, by=by, at=at, note=words, **values)
        tell_doer("obligation_extension_granted", obligation, report, at=at)
    return obligation


def refuse_extension(
    obligation: Obligation,
    *,
    by: Actor,
    at: datetime,
    note: str,
    version: int | None = None,
) -> Obligation:
    """Say no, with the reason; only the time that the answer took is added to the due time."""
    policy.require(by, Permission.OBLIGATION_VERIFY, obligation)
    with transaction.atomic():
        obligation, extension = _pending(obligation, version)
        if not note.strip():
            raise Refused(_("Tulis alasan penolakan."), "note")
        _decide(extension, ExtensionState.REFUSED, by=by, at=at, answer=note)
        values = issuer_answered(obligation, at)
        report = write(obligation, ReportKind.EXTENSION_REFUSED, by=by, at=at, note=note, **values)
        tell_doer("obligation_extension_refused", obligation, report, at=at)
    return obligation


def set_due(
    obligation: Obligation,
    *,
    by: Actor,
    at: datetime,
    due_at: datetime,
    reason: str,
    version: int | None = None,
) -> Obligation:
    """The issuer gives one share a due time of its own, sooner or later than it was; a stage that
    moves no longer takes it along. Setting the same again changes nothing."""
    policy.require(by, Permission.OBLIGATION_VERIFY, obligation)
    with transaction.atomic():
        obligation = lock_obligation(obligation)
        same_version(obligation, version)
        if obligation.due_at == due_at:
            return obligation
        if obligation.state not in OBLIGATION_WITH_AGENCY:
            raise Refused(_("Tenggat hanya diubah selama tindak lanjut masih dikerjakan."))
        if _asked(obligation):
            raise Refused(_("Putuskan dahulu permohonan perpanjangannya."))
        if not reason.strip():
            raise Refused(_("Tulis alasannya."), "reason")
        if due_at <= at:
            raise Refused(_("Tenggat baru harus setelah saat ini."), "due_at")
        _within_parent(obligation, due_at, "due_at")
        _after_units(obligation, due_at)
        cancel(due_key(obligation), at=at)
        words = _new_due(due_at, reason)
        report = write(
            obligation,
            ReportKind.DUE_SET,
            by=by,
            at=at,
            note=words,
            due_at=due_at,
            own_due=True,
        )
        tell_doer("obligation_due_set", obligation, report, at=at)
    return obligation


def _new_due(due: datetime, note: str) -> str:
    with for_everybody():
        return _("Tenggat baru %(due)s. %(note)s") % {"due": wita(due), "note": note.strip()}


def _asked(obligation: Obligation) -> Extension | None:
    return obligation.extensions.filter(state=ExtensionState.ASKED).first()


def _pending(obligation: Obligation, version: int | None) -> tuple[Obligation, Extension]:
    obligation = lock_obligation(obligation)
    same_version(obligation, version)
    extension = _asked(obligation)
    if extension is None:
        raise Refused(_("Tidak ada perpanjangan yang menunggu keputusan."))
    return obligation, extension


def _within_parent(obligation: Obligation, due: datetime, field: str) -> None:
    parent = obligation.directive.parent_obligation
    if parent is not None and due > parent.due_at:
        raise Refused(
            _("Tenggat satuan tidak dapat melewati tenggat instansinya (%(due)s).")
            % {"due": wita(parent.due_at)},
            field,
        )


def _after_units(obligation: Obligation, due: datetime) -> None:
    """What was passed on to units is due before, or not at all."""
    passed_on = Obligation.objects.filter(directive__parent_obligation=obligation, due_at__gt=due)
    last = passed_on.exclude(state__in=OBLIGATION_CLOSED).order_by("-due_at").first()
    if last is not None:
        raise Refused(
            _("Tenggat %(unit)s sudah ditetapkan sampai %(due)s; ubah itu dahulu.")
            % {"unit": last.doer, "due": wita(last.due_at)},
            "due_at",
        )


def _decide(
    extension: Extension,
    state: ExtensionState,
    *,
    by: Actor,
    at: datetime,
    answer: str,
    due_after: datetime | None = None,
) -> None:
    extension.state = state
    extension.answer = answer.strip()
    extension.due_after = due_after
    extension.decided_at = at
    extension.decided_by_id = by.post_id
    extension.save()
