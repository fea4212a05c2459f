"""What is known of an incident becomes clearer: its fields, its files, what the public is told, and
entries that were wrong."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from incidents.actions.accounts import Told, checked, refuse_timing
from incidents.actions.complaints import refuse_receivers
from incidents.actions.merged import refuse_merged
from incidents.actions.reports import append
from incidents.actions.target_stops import stop_targets
from incidents.actions.texts import refuse_tally
from incidents.enums import WRITTEN, Audience, UpdateKind
from incidents.models import TOLD, Incident, IncidentUpdate, Strike
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused, Stale
from portal.access.permissions import Permission
from portal.attachments.actions import attach
from portal.attachments.models import Attachment
from portal.audit.record import record
from portal.background import enqueue
from portal.web.language import for_everybody

EDITABLE = frozenset(TOLD)
LABELS = {field.name: field.verbose_name for field in Incident._meta.fields}


class FieldsChanged(Stale):
    """Somebody else changed the same fields first; `fields` are their names."""

    def __init__(self, sentence: str, current: Incident, fields: list[str]):
        super().__init__(sentence, current)
        self.fields = fields


def edit_incident(
    incident: Incident,
    wanted: Mapping[str, Any],
    *,
    seen: Mapping[str, Any],
    by: Actor,
    at: datetime,
) -> Incident:
    """Change the fields that the writer changed: those where `wanted` differs from what he had
    `seen`. Two people on different fields do not disturb each other; on the same field the second
    is shown what the first wrote (FieldsChanged) and nothing is written.
    """
    if unknown := set(wanted) - EDITABLE:
        raise ValueError(f"Fields of an incident that cannot be edited: {sorted(unknown)}")
    with transaction.atomic():
        rows = Incident.objects.select_for_update(of=("self",)).select_related("type", "region")
        incident = rows.get(pk=incident.pk)
        policy.require(by, Permission.INCIDENT_HANDLE, incident)
        if incident.merged_into_id:
            raise Refused(_("Kejadian ini sudah digabung ke kejadian lain."))
        now = {name: getattr(incident, name) for name in wanted}
        changed = {
            name: value
            for name, value in wanted.items()
            if not _same(value, seen.get(name)) and not _same(value, now[name])
        }
        clashing = [name for name in changed if not _same(now[name], seen.get(name))]
        if clashing:
            raise FieldsChanged(
                _("Orang lain mengubah isian yang sama sementara Anda menulis."), incident, clashing
            )
        if not changed:
            return incident
        _refuse_moving(incident, changed)
        told = checked(Told(**{**_told(incident), **changed}), by=by, at=at)
        if {"occurred_at", "occurrence"} & changed.keys():
            refuse_timing(told, written_at=incident.reported_at, at=at)
        values = told.values()
        before = {name: _plain(now[name]) for name in changed}
        for name in changed:
            setattr(incident, name, values[name])
        incident.version += 1
        incident.updated_at = at
        incident.save(update_fields=[*changed, "version", "updated_at"])
        if "severity" in changed:
            stop_targets(incident, at=at)
        with for_everybody():
            labels = [str(LABELS[name]) for name in changed]
        append(incident, UpdateKind.EDIT, by=by, at=at, text=", ".join(labels))
        record(
            "incident.edit",
            incident,
            by=by,
            at=at,
            before=before,
            after={name: _plain(values[name]) for name in changed},
        )
        enqueue("incidents.evaluate_incident", incident=incident.pk)
    return incident


def state_publicly(
    incident: Incident, text: str, *, by: Actor, at: datetime, version: int | None = None
) -> Incident:
    """Fix what may be said to the public of an incident; empty takes it back."""
    refuse_tally(public_text=text)
    with transaction.atomic():
        incident = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
        policy.require(by, Permission.INCIDENT_HANDLE, incident)
        if incident.public_text == text.strip():
            return incident
        if version is not None and incident.version != version:
            raise Stale(_("Kejadian ini sudah diubah orang lain sejak Anda membukanya."), incident)
        before = incident.public_text
        incident.public_text = text.strip()
        incident.version += 1
        incident.updated_at = at
        incident.save(update_fields=["public_text", "version", "updated_at"])
        append(
            incident, UpdateKind.EDIT, by=by, at=at,
            text=incident.public_text or "Keterangan untuk umum ditarik.",
            audience=Audience.PUBLIC,
        )  # fmt: skip
        record(
            "incident.state_publicly", incident, by=by, at=at,
            before={"public_text": before}, after={"public_text": incident.public_text},
        )  # fmt: skip
    return incident


def add_file(incident: Incident, file: UploadedFile, *, by: Actor, at: datetime) -> Attachment:
    """Hang a file on an incident; the timeline keeps its name and SHA-256."""
    policy.require(by, Permission.INCIDENT_REPORT)
    with transaction.atomic():
        incident = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
        refuse_merged(incident, by)
        attachment = attach(incident, file, by=by, at=at)
        append(
            incident, UpdateKind.FILE, by=by, at=at,
            text=f"{attachment.name} (SHA-256 {attachment.sha256})",
        )  # fmt: skip
        Incident.objects.filter(pk=incident.pk).update(updated_at=at)
    return attachment


def strike_update(update: IncidentUpdate, reason: str, *, by: Actor, at: datetime) -> Strike:
    """Strike out what somebody of one's own agency wrote; it stays readable, with the reason. What
    an act left is not struck out: the act would still have been done."""
    policy.require(by, Permission.INCIDENT_REPORT)
    if update.agency_id != by.agency_id:
        raise Refused(_("Hanya instansi penulis yang dapat mencoret catatannya."))
    if update.kind not in WRITTEN:
        raise Refused(
            _(
                "Hanya catatan yang ditulis dapat dicoret. Keadaan dibetulkan dengan langkah "
                "berikutnya."
            )
        )
    if not reason.strip():
        raise Refused(_("Tulis alasannya."), "reason")
    refuse_tally(reason=reason)
    with transaction.atomic():
        IncidentUpdate.objects.select_for_update().get(pk=update.pk)
        strike, created = Strike.objects.get_or_create(
            update=update,
            defaults={"reason": reason.strip(), "post_id": by.post_id, "at": at},
        )
        if created:
            record(
                "incident.strike", update.incident, by=by, at=at,
                after={"update": update.pk}, note=strike.reason,
            )  # fmt: skip
    return strike


def _refuse_moving(incident: Incident, changed: Mapping[str, Any]) -> None:
    """Raises Refused for a correction that would take the incident out of the hands it belongs
    in: another kind led by the agency complained of, or the region of a desk's case."""
    if "type" in changed:
        lead = incident.lead_agency
        refuse_receivers(changed["type"], lead=lead, receivers={lead}, field="type")
    if "region" in changed and hasattr(incident, "gakkumdu"):
        raise Refused(_("Wilayah perkara Sentra Gakkumdu tidak diubah dari kejadiannya."), "region")


def _told(incident: Incident) -> dict[str, Any]:
    return {name: getattr(incident, name) for name in (*TOLD, "classification")}


def _same(one: Any, other: Any) -> bool:
    """Equal to a person's eye: a form shows times to the minute."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one.replace(second=0, microsecond=0) == other.replace(second=0, microsecond=0)
    return one == other


def _plain(value: Any) -> Any:
    return getattr(value, "pk", value)
