"""Events that certify readiness: planned, attended, carried out, with findings that oblige."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.actions.shares import Share
from coordination.actions.standing import issue_directive_alone
from deployments.enums import EVENT_MOVES, EventState
from deployments.models import CertifyingEvent, EventFinding, EventParticipant
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused, Stale
from portal.access.permissions import Permission
from portal.audit.record import record
from portal.registry.models import Agency, Operation, Unit
from portal.web.language import for_everybody

PLAN = ("kind", "title", "agency", "unit", "starts_at", "place", "region", "materials")
MOST_PEOPLE = 100_000


def plan_event(
    operation: Operation,
    values: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    source: str = "",
    illustrative: bool = False,
) -> CertifyingEvent:
    """Plan an exercise or parade. `values` holds PLAN."""
    _check(values)
    with transaction.atomic():
        event = CertifyingEvent(
            operation=operation,
            **{name: values[name] for name in PLAN},
            source=source,
            illustrative=illustrative,
        )
        policy.require(by, Permission.EVENT_PLAN, event)
        event.save()
        record("event.plan", event, by=by, at=at, after=digest(event))
    return event


def change_event(
    event: CertifyingEvent,
    values: Mapping[str, Any],
    *,
    version: int,
    by: Actor,
    at: datetime,
) -> CertifyingEvent:
    """Change the plan, as long as it is one. `values` holds PLAN."""
    _check(values)
    with transaction.atomic():
        current = _locked(event, version, by)
        if current.state != EventState.PLANNED:
            raise Refused(_("Kegiatan yang sudah selesai tidak dapat diubah."))
        before = digest(current)
        for name in PLAN:
            setattr(current, name, values[name])
        policy.require(by, Permission.EVENT_PLAN, current)
        if digest(current) == before:
            return current
        _kept(current)
        record("event.change", current, by=by, at=at, before=before, after=digest(current))
    return current


def _check(values: Mapping[str, Any]) -> None:
    unit: Unit | None = values["unit"]
    if unit is not None and unit.agency_id != values["agency"].pk:
        raise Refused(_("Satuan penyelenggara bukan satuan instansi itu."), "unit")
    if not values["title"].strip() or not values["place"].strip():
        raise Refused(_("Isi judul dan tempat kegiatan."), "title")


def set_participant(
    event: CertifyingEvent,
    *,
    agency: Agency,
    unit: Unit | None,
    planned: int,
    attended: int | None = None,
    by: Actor,
    at: datetime,
) -> EventParticipant:
    """Say how many of an agency or unit take part; said again, it replaces what was said."""
    if not 1 <= planned <= MOST_PEOPLE:
        raise Refused(_("Jumlah peserta paling sedikit 1."), "planned")
    if attended is not None and not 0 <= attended <= MOST_PEOPLE:
        raise Refused(_("Jumlah hadir tidak mungkin."), "attended")
    if unit is not None and unit.agency_id != agency.pk:
        raise Refused(_("Satuan itu bukan satuan instansi yang dipilih."), "unit")
    with transaction.atomic():
        current = _locked(event, None, by)
        if current.state == EventState.CANCELLED:
            raise Refused(_("Kegiatan ini dibatalkan."))
        participant, created = EventParticipant.objects.update_or_create(
            event=current,
            agency=agency,
            unit=unit,
            defaults={"planned": planned, "attended": attended},
        )
        after = {
            "agency": agency.slug,
            "unit": unit.slug if unit else "",
            "planned": planned,
            "attended": attended,
        }
        verb = "event.invite" if created else "event.count"
        record(verb, current, by=by, at=at, after=after)
    return participant


def carry_out_event(
    event: CertifyingEvent, *, result: str, summary: str, version: int, by: Actor, at: datetime
) -> CertifyingEvent:
    """Close an event that was held, with its result."""
    if not result:
        raise Refused(_("Pilih hasil kegiatan."), "result")
    if at < event.starts_at:
        raise Refused(_("Kegiatan belum berlangsung."), "result")
    return _close(event, EventState.DONE, result, summary, version, by, at)


def cancel_event(
    event: CertifyingEvent, *, reason: str, version: int, by: Actor, at: datetime
) -> CertifyingEvent:
    if not reason.strip():
        raise Refused(_("Sebutkan mengapa kegiatan dibatalkan."), "reason")
    return _close(event, EventState.CANCELLED, "", reason.strip(), version, by, at)


def _close(
    event: CertifyingEvent,
    state: EventState,
    result: str,
    summary: str,
    version: int,
    by: Actor,
    at: datetime,
) -> CertifyingEvent:
    with transaction.atomic():
        current = _locked(event, None, by)
        if current.state == state:
            return current
        if current.version != version:
            raise Stale(_("Kegiatan ini sudah berubah sejak Anda membukanya."), current)
        if state not in EVENT_MOVES[EventState(current.state)]:
            raise Refused(_("Kegiatan ini sudah selesai."))
        before = digest(current)
        current.state, current.result, current.summary = state, result, summary
        current.closed_at = at
        _kept(current)
        record(f"event.{state.value}", current, by=by, at=at, before=before, after=digest(current))
    return current


def add_finding(
    event: CertifyingEvent,
    *,
    agency: Agency,
    text: str,
    due_at: datetime,
    by: Actor,
    at: datetime,
) -> EventFinding:
    """Note what was found wanting, and with whom."""
    if not text.strip():
        raise Refused(_("Tulis temuannya."), "text")
    with transaction.atomic():
        current = _locked(event, None, by)
        if current.state == EventState.CANCELLED:
            raise Refused(_("Kegiatan ini dibatalkan."))
        finding, created = EventFinding.objects.get_or_create(
            event=current,
            agency=agency,
            text=text.strip(),
            defaults={"due_at": due_at, "created_at": at},
        )
        if created:
            after = {"agency": agency.slug, "text": finding.text, "due_at": due_at}
            record("event.finding", current, by=by, at=at, after=after)
    return finding


def oblige_finding(finding: EventFinding, *, by: Actor, at: datetime) -> EventFinding:
    """Give the finding to its agency as a directive that stands alone: from now on it is followed
    up like any other obligation."""
    with transaction.atomic():
        current = (
            EventFinding.objects.select_for_update(of=("self",))
            .select_related("event", "agency")
            .get(pk=finding.pk)
        )
        if current.directive_id is not None:
            return current
        event = current.event
        with for_everybody():
            title = _("Tindak lanjut temuan: %(event)s") % {"event": event.title[:90]}
        current.directive = issue_directive_alone(
            by=by,
            at=at,
            title=title,
            text=current.text,
            shares=[Share(current.agency, due_at=current.due_at, is_lead=True)],
            origin_url=reverse("deployments:event_detail", args=[event.pk]),
            origin_label=event.title,
            illustrative=event.illustrative,
        )
        current.save(update_fields=["directive"])
        after = {"finding": current.text, "directive": current.directive.number}
        record("event.oblige", event, by=by, at=at, after=after)
    return current


def _locked(event: CertifyingEvent, version: int | None, by: Actor) -> CertifyingEvent:
    current = CertifyingEvent.objects.select_for_update().get(pk=event.pk)
    policy.require(by, Permission.EVENT_PLAN, current)
    if version is not None and current.version != version:
        raise Stale(_("Kegiatan ini sudah berubah sejak Anda membukanya."), current)
    return current


def _kept(event: CertifyingEvent) -> None:
    event.version += 1
    event.save()


def digest(event: CertifyingEvent) -> dict[str, Any]:
    return model_to_dict(event, fields=[*PLAN, "state", "result", "summary"])
