"""Circulating a draft, objecting to it, and answering."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.actions.minutes.merging import has_mark
from coordination.actions.minutes.passages import write_passage
from coordination.actions.rows import lock, move_minutes, save
from coordination.emails import circulation_context, minutes_url, objection_context
from coordination.enums import (
    MeetingState,
    MinutesState,
    ObjectionState,
    RevisionOrigin,
)
from coordination.models import AgendaItem, Minutes, MinutesSection, Objection
from coordination.queries.minutes import concerned
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.accounts.enums import Role
from portal.accounts.models import Post
from portal.audit.record import record
from portal.notifications.actions import cancel, notify
from portal.registry.models import Agency

LONGEST = timedelta(days=30)


def circulate_minutes(
    minutes: Minutes, *, by: Actor, at: datetime, until: datetime, version: int | None = None
) -> Minutes:
    """Lay the draft before every seated agency; each may object to its own passages until then."""
    policy.require(by, Permission.MINUTES_WRITE, minutes.meeting)
    with transaction.atomic():
        minutes = lock(minutes, version, "meeting")
        move_minutes(minutes, MinutesState.CIRCULATED)
        check_complete(minutes)
        if until <= at:
            raise Refused(_("Batas waktu keberatan harus di waktu yang akan datang."), "until")
        if until - at > LONGEST:
            raise Refused(_("Batas waktu keberatan paling lama 30 hari."), "until")
        before, after = save(
            minutes,
            state=MinutesState.CIRCULATED,
            circulated_at=at,
            object_until=until,
            updated_at=at,
        )
        record("minutes.circulate", minutes, by=by, at=at, before=before, after=after)
        notify(
            "minutes_circulated",
            event_key=f"minutes:{minutes.pk}:circulated:{minutes.version}",
            agencies=seated(minutes),
            context=circulation_context(minutes),
            url=minutes_url(minutes),
            at=at,
            classification=minutes.classification,
            stop_key=circulation_key(minutes),
        )
    return minutes


def return_to_draft(
    minutes: Minutes, *, by: Actor, at: datetime, reason: str, version: int | None = None
) -> Minutes:
    """Take circulated or signed minutes back; a signature goes with it. Who was asked to read them
    is told why."""
    policy.require(by, Permission.MINUTES_WRITE, minutes.meeting)
    with transaction.atomic():
        minutes = lock(minutes, version, "meeting")
        if minutes.state == MinutesState.DRAFT:
            return minutes
        move_minutes(minutes, MinutesState.DRAFT)
        if not reason.strip():
            raise Refused(_("Tulis alasannya."), "reason")
        circulated = minutes.circulated_at is not None
        before, after = save(
            minutes,
            state=MinutesState.DRAFT,
            circulated_at=None,
            object_until=None,
            skip_reason="",
            signed_at=None,
            signed_by=None,
            signed_office="",
            signed_with="",
            signed_sha256="",
            updated_at=at,
        )
        reason = reason.strip()
        record("minutes.return", minutes, by=by, at=at, before=before, after=after, note=reason)
        if circulated:
            cancel(circulation_key(minutes), at=at)
            notify(
                "minutes_withdrawn",
                event_key=f"minutes:{minutes.pk}:withdrawn:{minutes.version}",
                agencies=seated(minutes),
                context=circulation_context(minutes, reason=reason),
                url=minutes_url(minutes),
                at=at,
                duty=False,
                classification=minutes.classification,
            )
    return minutes


def object_to(
    section: MinutesSection, *, by: Actor, at: datetime, text: str, proposed: str = ""
) -> Objection:
    """Object to a passage of one's own agency while the minutes circulate. The same objection
    twice is one."""
    policy.require(by, Permission.MINUTES_OBJECT)
    with transaction.atomic():
        minutes = lock(section.minutes, None, "meeting")
        if minutes.state != MinutesState.CIRCULATED:
            raise Refused(_("Keberatan hanya dapat diajukan selama notula diedarkan."))
        if minutes.object_until is None or at >= minutes.object_until:
            raise Refused(_("Batas waktu keberatan sudah lewat."))
        if by.agency_id not in concerned(section):
            raise Refused(_("Keberatan hanya untuk bagian instansi sendiri."))
        if section.agenda_item_id and not (
            AgendaItem.objects.visible_to(by).filter(pk=section.agenda_item_id).exists()
        ):
            raise Refused(_("Keberatan hanya untuk bagian instansi sendiri."))
        if not text.strip():
            raise Refused(_("Tulis keberatannya."), "text")
        values = {
            "minutes": minutes,
            "section": section,
            "agency_id": by.agency_id,
            "text": text.strip(),
            "proposed": proposed.strip(),
        }
        same = Objection.objects.unanswered().filter(**values).first()
        if same is not None:
            return same
        objection = Objection.objects.create(made_by_id=by.post_id, made_at=at, **values)
        record("objection.make", objection, by=by, at=at, after={"section": section.pk})
        notify(
            "objection_made",
            event_key=f"objection:{objection.pk}:made",
            posts=Post.objects.of_agencies([minutes.meeting.host_agency_id]).with_role(
                Role.COORDINATOR
            ),
            context=objection_context(objection),
            url=minutes_url(minutes),
            at=at,
            classification=minutes.classification,
            stop_key=objection_key(objection),
        )
    return objection


def answer_objection(
    objection: Objection,
    *,
    by: Actor,
    at: datetime,
    accept: bool,
    answer: str = "",
    body: str | None = None,
    version: int | None = None,
) -> Objection:
    """Accept it, and the passage says `body` from now on; or reject it, with the reason."""
    policy.require(by, Permission.MINUTES_WRITE, objection.minutes.meeting)
    with transaction.atomic():
        minutes = lock(objection.minutes, None, "meeting")
        objection = lock(objection, version, "section", "agency")
        objection.minutes = minutes
        if minutes.state not in {MinutesState.CIRCULATED, MinutesState.DRAFT}:
            raise Refused(_("Notula sudah disahkan; keberatan tidak dapat dijawab lagi."))
        if objection.state != ObjectionState.OPEN:
            raise Refused(_("Keberatan ini sudah dijawab."))
        if accept:
            _change_passage(objection, body, by=by, at=at)
        elif not answer.strip():
            raise Refused(_("Tulis alasan keberatan tidak diterima."), "answer")
        before, after = save(
            objection,
            state=ObjectionState.ACCEPTED if accept else ObjectionState.REJECTED,
            answer=answer.strip(),
            answered_by_id=by.post_id,
            answered_at=at,
        )
        record("objection.answer", objection, by=by, at=at, before=before, after=after)
        cancel(objection_key(objection), at=at)
        notify(
            "objection_answered",
            event_key=f"objection:{objection.pk}:answered",
            agencies=[objection.agency],
            context=objection_context(objection),
            url=minutes_url(minutes),
            at=at,
            duty=False,
            classification=minutes.classification,
        )
    return objection


def check_complete(minutes: Minutes) -> None:
    """Raises Refused unless the text may go out to the agencies or before the chair."""
    if minutes.meeting.state != MeetingState.HELD:
        raise Refused(_("Tutup rakor terlebih dahulu; notula terbit setelah rakor selesai."))
    sections = list(minutes.sections.order_by("position"))
    if not minutes.opening.strip() or not sections:
        raise Refused(_("Notula belum lengkap: isi pembukaan dan paling sedikit satu bagian."))
    if not minutes.meeting.attendance.exists():
        raise Refused(_("Daftar hadir belum diisi."))
    clashing = [s.heading for s in sections if has_mark(s.body) or has_mark(s.decision)]
    if any(map(has_mark, (minutes.opening, minutes.conclusion, minutes.closing))):
        clashing.insert(0, _("Kepala dan kaki"))
    if clashing:
        raise Refused(
            _("Selesaikan dahulu tanda bentrok di: %(places)s.") % {"places": ", ".join(clashing)}
        )


def seated(minutes: Minutes):
    """The agencies whose invitation went out."""
    return Agency.objects.filter(
        pk__in=minutes.meeting.invitations.standing().filter(sent_at__isnull=False).values("agency")
    )


def circulation_key(minutes: Minutes) -> str:
    """All that asks to read the draft; its withdrawal or signature stops it."""
    return f"minutes:{minutes.pk}:circulation"


def objection_key(objection: Objection) -> str:
    """All that asks for an answer to the objection."""
    return f"objection:{objection.pk}:answer"


def _change_passage(objection: Objection, body: str | None, *, by: Actor, at: datetime) -> None:
    section = lock(objection.section)
    section.minutes = objection.minutes
    text = (objection.proposed if body is None else body).replace("\r\n", "\n")
    if not text.strip():
        raise Refused(_("Tulis rumusan baru bagian ini."), "body")
    if text == section.body:
        raise Refused(_("Naskah belum berubah; ubah sesuai keberatan yang diterima."), "body")
    write_passage(
        section,
        {"body": text},
        by=by,
        at=at,
        base_version=None,
        origin=RevisionOrigin.OBJECTION,
        recorded=False,
    )
