"""Serah terima piket: written by who goes, signed by who comes."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.actions.minutes.sealing import check_proof
from incidents.actions.notices import stop_shift, tell_shift
from incidents.actions.texts import refuse_tally
from incidents.models import ShiftHandover, ShiftLine
from incidents.queries.shifts import Standing, receivers, standing_at
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.accounts.models import Post
from portal.audit.record import record
from portal.registry.models import Unit
from portal.web.language import for_everybody


def write_handover(
    *,
    to: Post,
    notes: str,
    by: Actor,
    at: datetime,
    equipment: str = "",
    illustrative: bool = False,
) -> ShiftHandover:
    """Leave the shift to a post of the own unit, with everything as it stands now. One that the
    same officer wrote before and nobody signed is replaced; the same again changes nothing."""
    policy.require(by, Permission.SHIFT_HAND_OVER)
    words = {"notes": notes.strip(), "equipment": equipment.strip()}
    if not receivers(by).filter(pk=to.pk).exists():
        raise Refused(_("Pilih jabatan piket di satuan Anda."), "to")
    refuse_tally(**words)
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=by.unit_id)
        with for_everybody():
            left = standing_at(by, at)
        before = (
            ShiftHandover.objects.standing()
            .filter(out_user_id=by.user_id, unit_id=by.unit_id)
            .first()
        )
        if before is not None:
            if _says_the_same(before, to, words, left):
                return before
            ShiftHandover.objects.filter(pk=before.pk).update(replaced_at=at)
            stop_shift(before, at=at)
        handover = ShiftHandover.objects.create(
            unit_id=by.unit_id,
            region_id=by.region_code or None,
            agency_id=by.agency_id,
            out_post_id=by.post_id,
            out_user_id=by.user_id,
            to_post=to,
            field_waiting=left.field_waiting,
            public_waiting=left.public_waiting,
            written_at=at,
            illustrative=illustrative,
            **words,
        )
        for line in left.lines:
            line.handover = handover
        ShiftLine.objects.bulk_create(left.lines)
        record(
            "shift.write",
            handover,
            by=by,
            at=at,
            after={
                "to": to.slug,
                "incidents": len(left.lines),
                "replaces": before.pk if before else None,
            },
        )
        tell_shift(handover, at=at)
    return handover


def sign_handover(
    handover: ShiftHandover, *, by: Actor, at: datetime, proof: str, remark: str = ""
) -> ShiftHandover:
    """Take the shift over. `proof` says how the person proved himself just now; it must be another
    person than the one who goes."""
    with transaction.atomic():
        handover = ShiftHandover.objects.select_for_update().get(pk=handover.pk)
        if handover.signed_at and handover.in_user_id == by.user_id:
            return handover
        if handover.signed_at:
            raise Refused(_("Serah terima ini sudah ditandatangani."))
        if handover.replaced_at:
            raise Refused(_("Serah terima ini sudah diganti oleh penulisnya."))
        if handover.out_user_id == by.user_id:
            raise Refused(_("Yang menerima harus orang lain daripada yang menyerahkan."))
        policy.require(by, Permission.SHIFT_HAND_OVER, handover)
        check_proof(proof)
        refuse_tally(remark=remark)
        handover.in_user_id = by.user_id
        handover.signed_at = at
        handover.signed_with = proof
        handover.remark = remark.strip()
        handover.save(update_fields=["in_user", "signed_at", "signed_with", "remark"])
        record("shift.sign", handover, by=by, at=at, after={"proof": proof})
        stop_shift(handover, at=at)
    return handover


def _says_the_same(before: ShiftHandover, to: Post, words: dict[str, str], left: Standing) -> bool:
    said = ("incident_id", "title", "state", "severity", "target")
    kept = set(before.lines.values_list(*said))
    now = {tuple(getattr(line, name) for name in said) for line in left.lines}
    waiting = (before.field_waiting, before.public_waiting)
    return (
        before.to_post_id == to.pk
        and all(getattr(before, name) == text for name, text in words.items())
        and kept == now
        and waiting == (left.field_waiting, left.public_waiting)
    )
