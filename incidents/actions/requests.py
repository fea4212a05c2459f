"""Asking another agency to take over an incident, whole or in part, or to advise on it; and what
it answers."""

from collections.abc import Iterable
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from incidents.actions.complaints import refuse_receivers
from incidents.actions.editing import add_file
from incidents.actions.moves import allow, hand_lead, locked, refuse_stale
from incidents.actions.notices import readers_of, tell_answered, tell_asked
from incidents.actions.reports import append
from incidents.actions.request_ends import end_request
from incidents.actions.sight import give_sight, take_sight
from incidents.actions.texts import refuse_tally
from incidents.enums import OPEN, IncidentState, UpdateKind
from incidents.enums.requests import REFERRALS, REQUEST_MOVES, RequestKind, RequestState
from incidents.models import AgencyRequest, GakkumduCase, Incident
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.audit.record import record
from portal.registry.models import Agency
from portal.web.language import for_everybody


def ask_agency(
    incident: Incident,
    *,
    kind: str,
    to: Agency,
    matter: str,
    by: Actor,
    at: datetime,
    reason: str = "",
    by_when: datetime | None = None,
    version: int | None = None,
) -> AgencyRequest:
    """Ask an agency, in the name of the leading one, to take the incident over or to advise on it.
    It is told and sees the incident; until it accepts, nothing changes hands. Asking the same again
    changes nothing."""
    matter, reason = matter.strip(), reason.strip()
    with transaction.atomic():
        incident = locked(incident)
        policy.require(by, Permission.INCIDENT_HANDLE, incident)
        mine = AgencyRequest.objects.open().filter(incident=incident, agency=to)
        if same := mine.filter(kind=kind, matter=matter).first():
            return same
        refuse_stale(incident, version)
        _check_words(kind, matter, reason, by_when, at)
        _check_receiver(incident, kind, to)
        if kind in REFERRALS and mine.filter(kind__in=REFERRALS).exists():
            raise Refused(
                _("Masih ada pelimpahan terbuka kepada %(agency)s.") % {"agency": to.short_name},
                "to",
            )
        if kind == RequestKind.WHOLE:
            _check_whole(incident, reason)
        request = AgencyRequest.objects.create(
            incident=incident,
            kind=kind,
            matter=matter,
            reason=reason,
            by_when=by_when,
            from_agency=incident.lead_agency,
            asked_by_id=by.post_id,
            asked_at=at,
            agency=to,
            gave_sight=give_sight(incident, to.pk),
        )
        _note(request, _ASKED[kind == RequestKind.ADVICE], _asked_text(request), by=by, at=at)
        record(
            "request.ask", request, by=by, at=at,
            after={"incident": incident.number, "kind": kind, "agency": to.slug}, note=reason,
        )  # fmt: skip
        tell_asked(request, at=at)
    return request


def accept_request(
    request: AgencyRequest, *, by: Actor, at: datetime, note: str = ""
) -> AgencyRequest:
    """Take on what was referred. A whole referral hands over the lead, a part leaves it."""
    refuse_tally(note=note)
    with transaction.atomic():
        request, done = _answering(request, RequestState.ACCEPTED, by)
        if done:
            return request
        incident = request.incident
        if request.kind == RequestKind.WHOLE:
            refuse_receivers(incident.type, lead=request.agency, receivers={request.agency})
        request.state = RequestState.ACCEPTED
        request.accepted_at = at
        request.answered_by_id = by.post_id
        request.save(update_fields=["state", "accepted_at", "answered_by"])
        if request.kind == RequestKind.WHOLE and incident.lead_agency_id != request.agency_id:
            hand_lead(incident, request.agency, by=by, at=at, reason=note or request.reason)
        else:
            _note(request, UpdateKind.REFER_TAKEN, _told(request, note), by=by, at=at)
        record("request.accept", request, by=by, at=at, note=note.strip())
        tell_answered(request, at=at)
    return request


def decline_request(
    request: AgencyRequest, *, reason: str, by: Actor, at: datetime
) -> AgencyRequest:
    """Say why it is not taken on; the lead stays where it is, and the sender is told."""
    refuse_tally(reason=reason)
    with transaction.atomic():
        request, done = _answering(request, RequestState.DECLINED, by)
        if done:
            return request
        if not reason.strip():
            raise Refused(_("Tulis alasannya."), "reason")
        _end(request, RequestState.DECLINED, reason.strip(), by=by, at=at)
        take_sight(request)
        _note(request, UpdateKind.REFER_DECLINED, _told(request, reason), by=by, at=at)
        record("request.decline", request, by=by, at=at, note=reason.strip())
        tell_answered(request, at=at)
    return request


def answer_request(
    request: AgencyRequest,
    *,
    text: str,
    by: Actor,
    at: datetime,
    files: Iterable[UploadedFile] = (),
) -> AgencyRequest:
    """Report what came of a referral, or give the advice; that ends the request."""
    refuse_tally(text=text)
    with transaction.atomic():
        request, done = _answering(request, RequestState.DONE, by)
        if done:
            return request
        if not text.strip():
            raise Refused(_("Tulis hasil atau jawabannya."), "text")
        for file in files:
            add_file(request.incident, file, by=by, at=at)
        _end(request, RequestState.DONE, text.strip(), by=by, at=at)
        kind = (UpdateKind.REFER_RESULT, UpdateKind.ADVICE_GIVEN)[
            request.kind == RequestKind.ADVICE
        ]
        _note(request, kind, _told(request, text), by=by, at=at)
        record("request.answer", request, by=by, at=at)
        tell_answered(request, at=at)
    return request


def withdraw_request(
    request: AgencyRequest, *, by: Actor, at: datetime, reason: str = ""
) -> AgencyRequest:
    """Take back what nobody has answered yet."""
    refuse_tally(reason=reason)
    with transaction.atomic():
        request = _locked(request)
        policy.require(by, Permission.INCIDENT_HANDLE, request.incident)
        if request.state == RequestState.WITHDRAWN:
            return request
        _allow(request, RequestState.WITHDRAWN)
        end_request(request, RequestState.WITHDRAWN, reason.strip(), by=by, at=at)
        record("request.withdraw", request, by=by, at=at, note=reason.strip())
    return request


_ASKED = (UpdateKind.REFER_ASKED, UpdateKind.ADVICE_ASKED)


def _locked(request: AgencyRequest) -> AgencyRequest:
    """The incident before its request, as everywhere."""
    incident = locked(Incident(pk=request.incident_id))
    rows = AgencyRequest.objects.select_for_update(of=("self",))
    row = rows.select_related("agency", "from_agency").get(pk=request.pk)
    if row.incident_id != incident.pk:
        raise Refused(_("Kejadiannya baru saja digabung orang lain. Buka kembali halamannya."))
    row.incident = incident
    return row


def _answering(request: AgencyRequest, state: str, by: Actor) -> tuple[AgencyRequest, bool]:
    """The locked request on its way to that state, and whether it is there already: who answers
    twice has answered once."""
    request = _locked(request)
    policy.require(by, Permission.INCIDENT_ANSWER, request)
    done = request.state == state
    if not done:
        _allow(request, state)
    return request, done


def _allow(request: AgencyRequest, state: str) -> None:
    if state not in REQUEST_MOVES[request.kind][request.state]:
        raise Refused(
            _("%(kind)s ini berkeadaan “%(state)s”; langkah itu tidak dapat diambil lagi.")
            % {"kind": request.get_kind_display(), "state": request.get_state_display()}
        )


def _check_words(
    kind: str, matter: str, reason: str, by_when: datetime | None, at: datetime
) -> None:
    if kind not in RequestKind.values:
        raise Refused(_("Jenis permintaan ini tidak dikenal."), "kind")
    if not matter:
        raise Refused(_("Tulis apa yang diminta."), "matter")
    if kind in REFERRALS and not reason:
        raise Refused(_("Tulis alasannya."), "reason")
    if by_when is not None and by_when <= at:
        raise Refused(_("Waktu ini sudah lewat."), "by_when")
    refuse_tally(matter=matter, reason=reason)


def refuse_asking(incident: Incident) -> None:
    """Raises Refused where nothing can be asked about the incident."""
    if GakkumduCase.objects.filter(incident=incident).exists():
        # The request would tell another agency what only the desk may read.
        raise Refused(_("Kejadian ini ditangani Sentra Gakkumdu."), "to")
    if incident.state not in OPEN:
        raise Refused(
            _("Kejadian berkeadaan “%(state)s”; tidak ada yang dapat diminta lagi tentangnya.")
            % {"state": incident.get_state_display()}
        )


def _check_receiver(incident: Incident, kind: str, to: Agency) -> None:
    refuse_asking(incident)
    if incident.lead_agency_id == to.pk:
        raise Refused(_("Instansi ini sudah menjadi penanggung jawab."), "to")
    if not readers_of(to.pk, incident).exists():
        raise Refused(
            _("%(agency)s tidak mempunyai pejabat penghubung yang boleh membaca kejadian ini.")
            % {"agency": to.short_name},
            "to",
        )
    lead = to if kind == RequestKind.WHOLE else incident.lead_agency
    refuse_receivers(incident.type, lead=lead, receivers={to})


def _check_whole(incident: Incident, reason: str) -> None:
    allow(incident, IncidentState.REFERRED, reason, None)
    waiting = AgencyRequest.objects.filter(
        incident=incident, kind=RequestKind.WHOLE, state=RequestState.WAITING
    ).select_related("agency")
    if other := waiting.first():
        raise Refused(
            _("Pelimpahan seluruhnya kepada %(agency)s masih menunggu jawaban.")
            % {"agency": other.agency.short_name},
            "to",
        )


def _end(request: AgencyRequest, state: str, words: str, *, by: Actor, at: datetime) -> None:
    request.state = state
    request.answer = words
    request.ended_at = at
    request.answered_by_id = by.post_id
    request.save(update_fields=["state", "answer", "ended_at", "answered_by"])


def _note(request: AgencyRequest, kind: str, text: str, *, by: Actor, at: datetime) -> None:
    append(request.incident, kind, by=by, at=at, text=text)
    Incident.objects.filter(pk=request.incident_id).update(updated_at=at)


def _asked_text(request: AgencyRequest) -> str:
    text = _told(request, request.matter)
    if not request.reason:
        return text
    with for_everybody():
        return text + " " + _("Alasan: %(reason)s") % {"reason": request.reason}


def _told(request: AgencyRequest, words: str) -> str:
    """Whom and what it is about, in the source language, then the words themselves."""
    with for_everybody():
        about = f"{request.get_kind_display()} ({request.agency.short_name})"
    return f"{about}: {words.strip()}" if words.strip() else about
