"""From field reports to incidents: opened, merged, split, each with its trace."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.actions.accounts import Told, checked
from incidents.actions.assignment_ends import carry_assignments
from incidents.actions.complaints import refuse_accused, refuse_receivers
from incidents.actions.field_reports import refile, refuse_misfit
from incidents.actions.notices import tell_reported
from incidents.actions.persons import move_persons
from incidents.actions.reports import append, write_incident
from incidents.actions.request_ends import carry_requests
from incidents.actions.target_stops import stop_targets
from incidents.actions.texts import refuse_tally
from incidents.enums import MERGEABLE, IncidentState, Occurrence, UpdateKind
from incidents.models import Account, FieldReport, Incident, InvolvedPerson
from incidents.rules import handles_region
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.audit.record import record


def open_incident(
    reports: Sequence[FieldReport], *, by: Actor, at: datetime, told: Told | None = None
) -> Incident:
    """Make one incident of one or more field reports; what it says is `told`, or else the first
    report's. The class is at least that of every report, its severity theirs at most. A complaint
    about the own agency becomes an incident of its own type, which another agency leads, or none.
    """
    policy.require(by, Permission.INCIDENT_HANDLE)
    if not reports:
        raise Refused(_("Pilih sedikitnya satu laporan lapangan."), "reports")
    with transaction.atomic():
        locked = _locked(reports)
        _refuse_foreign(locked, by)
        for report in locked:
            if report.filings.standing().filter(incident__isnull=False).exists():
                raise Refused(
                    _("Laporan %(number)s sudah masuk kejadian lain.") % {"number": report.number},
                    "reports",
                )
        first = next(report for report in locked if report.pk == reports[0].pk)
        account = _secret_as(told, locked) if told else _worst(Told.of(first), locked)
        for report in locked:
            if report.type_id != account.type.pk:
                refuse_accused(by, report, "reports")
        incident = write_incident(
            checked(account, by=by, at=at),
            by=by,
            at=at,
            illustrative=all(report.illustrative for report in locked),
        )
        append(incident, UpdateKind.REPORT, by=by, at=at, text=incident.title)
        _take_in(incident, locked, by=by, at=at, reason="")
        tell_reported(incident, at=at)
    return incident


def merge_incident(
    incident: Incident, into: Incident, *, reason: str, by: Actor, at: datetime
) -> Incident:
    """Two were one: the first ends in the second, which takes its field reports and supporters.
    Calling it twice changes nothing; returns the one that goes on."""
    refuse_tally(reason=reason)
    with transaction.atomic():
        rows = _both(incident, into)
        incident, into = rows[incident.pk], rows[into.pk]
        if incident.merged_into_id == into.pk:
            return into
        for row in (incident, into):
            policy.require(by, Permission.INCIDENT_HANDLE, row)
            if hasattr(row, "gakkumdu"):
                raise Refused(
                    _("%(number)s ada di Sentra Gakkumdu dan tidak dapat digabung.")
                    % {"number": row.number},
                    "into",
                )
            if row.state not in MERGEABLE:
                raise Refused(
                    _("%(number)s berkeadaan “%(state)s” dan tidak dapat digabung.")
                    % {"number": row.number, "state": row.get_state_display()},
                    "into",
                )
        if incident.pk == into.pk:
            raise Refused(_("Sebuah kejadian tidak dapat digabung dengan dirinya."), "into")
        if not reason.strip():
            raise Refused(_("Tulis alasannya."), "reason")
        if into.classification < incident.classification:
            raise Refused(
                _("Klasifikasi kejadian tujuan lebih rendah; gabungkan ke arah sebaliknya."), "into"
            )
        # A complaint that Bawaslu leads does not end with the agency complained of.
        lead = into.lead_agency
        refuse_receivers(incident.type, lead=lead, receivers={lead}, field="into")
        before = incident.state
        incident.state = IncidentState.MERGED
        incident.merged_into = into
        _touch(incident, at, "state", "merged_into")
        _touch(into, at)
        carry_requests(incident, into, by=by, at=at)
        carry_assignments(incident, into, by=by, at=at)
        stop_targets(incident, at=at)
        for filing in incident.filings.standing().select_related("report"):
            refile(filing.report, into, by=by, at=at, reason=reason)
        move_persons(list(incident.persons.all()), into, by=by, at=at)
        into.supporting.add(
            *incident.supporting.exclude(pk=into.lead_agency_id),
            *([incident.lead_agency] if incident.lead_agency_id != into.lead_agency_id else []),
        )
        append(
            incident,
            UpdateKind.MERGE,
            by=by,
            at=at,
            state=IncidentState.MERGED,
            text=_trace("Digabung ke %(number)s.", into, reason),
        )
        append(
            into, UpdateKind.MERGE, by=by, at=at,
            text=_trace("%(number)s digabung ke sini.", incident, reason),
        )  # fmt: skip
        record(
            "incident.merge", incident, by=by, at=at, before={"state": before},
            after={"state": incident.state, "merged_into": into.number}, note=reason.strip(),
        )  # fmt: skip
    return into


def split_incident(
    incident: Incident,
    reports: Sequence[FieldReport],
    *,
    reason: str,
    by: Actor,
    at: datetime,
    persons: Sequence[InvolvedPerson] = (),
) -> Incident:
    """One was two: the given field reports, and the people who belong to them, leave for an
    incident of their own, which is no less secret and runs since its earliest report; returns that
    one."""
    if not reason.strip():
        raise Refused(_("Tulis alasannya."), "reason")
    refuse_tally(reason=reason)
    with transaction.atomic():
        incident = _both(incident)[incident.pk]
        policy.require(by, Permission.INCIDENT_HANDLE, incident)
        if incident.merged_into_id:
            raise Refused(_("Kejadian ini sudah digabung ke kejadian lain."))
        if hasattr(incident, "gakkumdu"):
            raise Refused(_("Kejadian di Sentra Gakkumdu tidak dipisahkan."))
        inside = {filing.report_id for filing in incident.filings.standing()}
        chosen = _locked(reports)
        if not chosen or any(report.pk not in inside for report in chosen):
            raise Refused(_("Pilih laporan lapangan dari kejadian ini."), "reports")
        if len(chosen) == len(inside):
            raise Refused(
                _("Sisakan sedikitnya satu laporan di kejadian ini."),
                "reports",
            )
        if any(person.incident_id != incident.pk for person in persons):
            raise Refused(_("Pilih orang dari kejadian ini."), "persons")
        first = next(report for report in chosen if report.pk == reports[0].pk)
        told = checked(_secret_as(_worst(Told.of(first), chosen), [incident]), by=by, at=at)
        apart = write_incident(
            told,
            by=by,
            at=at,
            illustrative=incident.illustrative,
            first=_earliest(told, chosen),
        )
        if not Incident.objects.visible_to(by).filter(pk=apart.pk).exists():
            apart.supporting.add(incident.lead_agency)
        append(
            apart, UpdateKind.SPLIT, by=by, at=at,
            text=_trace("Dipisahkan dari %(number)s.", incident, reason),
        )  # fmt: skip
        _take_in(apart, chosen, by=by, at=at, reason=reason)
        move_persons(list(persons), apart, by=by, at=at)
        append(
            incident, UpdateKind.SPLIT, by=by, at=at,
            text=_trace("Sebagian dipisahkan menjadi %(number)s.", apart, reason),
        )  # fmt: skip
        _touch(incident, at)
        record(
            "incident.split", incident, by=by, at=at,
            after={"apart": apart.number, "reports": [row.number for row in chosen]},
            note=reason.strip(),
        )  # fmt: skip
    return apart


def _take_in(
    incident: Incident, reports: Iterable[FieldReport], *, by: Actor, at: datetime, reason: str
) -> None:
    for report in reports:
        refuse_misfit(report, incident)
        refile(report, incident, by=by, at=at, reason=reason)
        append(incident, UpdateKind.FILED, by=by, at=at, text=str(report))


def _earliest(told: Told, reports: Sequence[FieldReport]) -> FieldReport:
    """The first report of what is told; one from before it happened was of something else."""
    expected = told.occurrence == Occurrence.EXPECTED
    fitting = (one for one in reports if expected or told.occurred_at <= one.reported_at)
    return min(fitting, key=lambda one: (one.reported_at, one.pk))


def _worst(told: Told, reports: Sequence[FieldReport]) -> Told:
    severity = max(report.severity for report in reports)
    return _secret_as(replace(told, severity=severity), reports)


def _secret_as(told: Told, sources: Sequence[Account]) -> Told:
    """Of the highest class among what it is told from, or of its own if that is higher."""
    highest = max(source.classification for source in sources)
    return replace(told, classification=max(told.classification, highest))


def _refuse_foreign(reports: Sequence[FieldReport], by: Actor) -> None:
    for report in reports:
        if not handles_region(by, report):
            raise Refused(
                _("Laporan %(number)s berada di luar wilayah jabatan Anda.")
                % {"number": report.number},
                "reports",
            )


def _locked(reports: Sequence[FieldReport]) -> list[FieldReport]:
    rows = FieldReport.objects.select_for_update(of=("self",))
    rows = rows.filter(pk__in=[report.pk for report in reports])
    return list(rows.select_related("type", "region").order_by("reported_at", "pk"))


def _both(*incidents: Incident) -> dict[int, Incident]:
    """Locked in one order, so that two merges that cross do not wait for each other."""
    rows = Incident.objects.select_for_update(of=("self",)).select_related("lead_agency")
    wanted = rows.filter(pk__in=[row.pk for row in incidents]).order_by("pk")
    return {row.pk: row for row in wanted}


def _touch(incident: Incident, at: datetime, *fields: str) -> None:
    incident.version += 1
    incident.updated_at = at
    incident.save(update_fields=[*fields, "version", "updated_at"])


def _trace(sentence: str, other: Incident, reason: str) -> str:
    """What all read later, whoever acted: in the source language."""
    return f"{sentence % {'number': other.number}} {reason.strip()}"
