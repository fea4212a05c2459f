"""Sending a field report, and putting it where it belongs: into an incident, or aside."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from incidents.actions.accounts import LATE, Told, checked, refuse_station, refuse_timing
from incidents.actions.complaints import refuse_accused, refuse_receivers
from incidents.actions.notices import tell_field_report
from incidents.actions.numbering import FIELD_REPORT, next_number
from incidents.actions.reports import append
from incidents.actions.texts import refuse_tally
from incidents.enums import Occurrence, UpdateKind
from incidents.models import FieldReport, Filing, Incident
from incidents.rules import handles_region
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.attachments.actions import attach
from portal.audit.record import record
from portal.background import enqueue
from portal.registry.models import PollingStation

MOST_PHOTOS = 6
OLDEST = timedelta(days=60)
"""So long a report may wait on a phone; a clock that says more is wrong and not believed."""


def send_field_report(
    told: Told,
    *,
    client_key: UUID,
    written_at: datetime,
    by: Actor,
    at: datetime,
    station: PollingStation | None = None,
    situation: str = "",
    next_steps: str = "",
    follows: FieldReport | None = None,
    photos: Iterable[UploadedFile] = (),
    illustrative: bool = False,
) -> FieldReport:
    """Number and store what somebody in the field saw, with its photos, all or nothing.

    `client_key` is the device's own name of this report: what arrives twice, at the same moment or
    days later, is stored once and the stored report is returned. A report that follows another goes
    where that one is filed. From severity Tinggi on, the posko of the region is told at once.
    """
    policy.require(by, Permission.INCIDENT_REPORT)
    if known := _known(client_key, by):
        return _same(known, told)
    told = checked(told, by=by, at=at)
    believed = at - OLDEST <= written_at
    refuse_timing(told, written_at=min(written_at, at) if believed else at - LATE, at=at)
    refuse_station(station, told.region)
    refuse_tally(situation=situation, next_steps=next_steps)
    photos = list(photos)
    if len(photos) > MOST_PHOTOS:
        raise Refused(
            _("Paling banyak %(most)s foto per laporan.") % {"most": MOST_PHOTOS}, "photos"
        )
    try:
        with transaction.atomic():
            report = FieldReport.objects.create(
                number=next_number(FIELD_REPORT, at),
                client_key=client_key,
                written_at=min(written_at, at) if believed else at,
                station=station,
                situation=situation.strip(),
                next_steps=next_steps.strip(),
                follows=follows,
                illustrative=illustrative,
                reported_at=at,
                reporter_post_id=by.post_id,
                unit_id=by.unit_id,
                agency_id=by.agency_id,
                **told.values(),
            )
            _attach(report, photos, by=by, at=at)
            record(
                "field_report.send",
                report,
                by=by,
                at=at,
                after={
                    "type": told.type.pk,
                    "region": told.region.pk,
                    "severity": told.severity,
                    "occurrence": told.occurrence,
                    "follows": follows and follows.number,
                },
            )
            _follow(report, by=by, at=at)
            tell_field_report(report, at=at)
            if told.occurrence == Occurrence.EXPECTED:
                enqueue("incidents.evaluate_report", report=report.pk)
    except IntegrityError:
        # The same report arrived at the same moment and was first.
        if known := _known(client_key, by):
            return _same(known, told)
        raise
    return report


def file_report(
    report: FieldReport, incident: Incident, *, by: Actor, at: datetime, reason: str = ""
) -> Filing:
    """Put a field report into an incident; one that is in another moves, and leaves a trace."""
    refuse_tally(reason=reason)
    with transaction.atomic():
        report, incident, left = _locked_with(report, incident)
        if not handles_region(by, report) or not handles_region(by, incident):
            raise Refused(_("Laporan ini berada di luar wilayah jabatan Anda."))
        for account in (report, incident):
            refuse_accused(by, account)
        if incident.merged_into_id:
            raise Refused(_("Kejadian ini sudah digabung ke kejadian lain."), "incident")
        standing = report.filings.standing().first()
        if standing and standing.incident_id == incident.pk:
            return standing
        refuse_misfit(report, incident)
        _refuse_leaving(left, by)
        filing = refile(report, incident, by=by, at=at, reason=reason)
        if left:
            _say_left(report, left, incident, by=by, at=at)
        _say_filed(report, incident, by=by, at=at)
    return filing


def set_aside(report: FieldReport, reason: str, *, by: Actor, at: datetime) -> Filing:
    """Say why a field report is no incident; it stays readable and can still be filed."""
    if not reason.strip():
        raise Refused(_("Tulis alasannya."), "reason")
    refuse_tally(reason=reason)
    if not handles_region(by, report):
        raise Refused(_("Laporan ini berada di luar wilayah jabatan Anda."))
    refuse_accused(by, report)
    with transaction.atomic():
        report = _lock(report)
        standing = report.filings.standing().first()
        if standing and standing.incident_id is None:
            return standing
        if standing:
            raise Refused(_("Laporan ini sudah masuk sebuah kejadian; pisahkan dahulu dari sana."))
        return refile(report, None, by=by, at=at, reason=reason)


def refile(
    report: FieldReport, incident: Incident | None, *, by: Actor, at: datetime, reason: str
) -> Filing:
    """End where the report stood and put it where it goes now; the report is locked."""
    report.filings.standing().update(ended_at=at, ended_by=by.post_id)
    filing = Filing.objects.create(
        report=report, incident=incident, reason=reason.strip(), post_id=by.post_id, at=at
    )
    if incident:
        after = {"incident": incident.number}
        record("field_report.file", report, by=by, at=at, after=after, note=reason.strip())
    else:
        record("field_report.set_aside", report, by=by, at=at, note=reason.strip())
    return filing


def _known(client_key: UUID, by: Actor) -> FieldReport | None:
    return FieldReport.objects.filter(client_key=client_key, reporter_post=by.post_id).first()


def _same(known: FieldReport, told: Told) -> FieldReport:
    """Raises Refused where another report comes under the name of one that has arrived."""
    stored, come = ([row.title, *row.chronology.split()] for row in (known, told))
    if stored != [come[0].strip(), *come[1:]]:
        raise Refused(
            _(
                "Formulir ini sudah terkirim sebagai laporan %(number)s. Buka formulir baru untuk "
                "laporan lain."
            )
            % {"number": known.number}
        )
    return known


def _attach(report: FieldReport, photos: list[UploadedFile], *, by: Actor, at: datetime) -> None:
    for photo in photos:
        try:
            attachment = attach(report, photo, by=by, at=at)
        except Refused as refusal:
            raise Refused(f"{photo.name}: {refusal.sentence}", "photos") from refusal
        if not attachment.media_type.startswith("image/"):
            raise Refused(_("%(name)s bukan foto.") % {"name": photo.name}, "photos")


def _follow(report: FieldReport, *, by: Actor, at: datetime) -> None:
    if report.follows is None:
        return
    if report.follows.reporter_post_id != by.post_id:
        raise Refused(_("Laporan lanjutan ditulis oleh pelapor yang sama."), "follows")
    standing = report.follows.filings.standing().values("incident")
    incident = Incident.objects.select_for_update(of=("self",)).filter(pk__in=standing).first()
    if incident is None or incident.merged_into_id:
        return
    try:
        refuse_misfit(report, incident)
    except Refused:
        # What was seen must arrive all the same; the posko puts it where it belongs.
        return
    refile(report, incident, by=by, at=at, reason="")
    _say_filed(report, incident, by=by, at=at)


def refuse_misfit(report: FieldReport, incident: Incident) -> None:
    """Raises Refused where the incident's readers or its leading agency may not have the report."""
    if incident.classification < report.classification:
        raise Refused(
            _("Klasifikasi laporan ini lebih tinggi daripada klasifikasi kejadiannya."), "incident"
        )
    lead = incident.lead_agency
    refuse_receivers(report.type, lead=lead, receivers={lead}, field="incident")


def _refuse_leaving(left: Incident | None, by: Actor) -> None:
    """Raises Refused where the incident that a report would leave is not the actor's to change."""
    if left is None:
        return
    seen = Incident.objects.visible_to(by).filter(pk=left.pk).exists()
    if not seen or hasattr(left, "gakkumdu"):
        raise Refused(_("Laporan ini tidak dapat dipindahkan dari kejadian tempatnya sekarang."))


def _say_filed(report: FieldReport, incident: Incident, *, by: Actor, at: datetime) -> None:
    append(incident, UpdateKind.FILED, by=by, at=at, text=str(report))
    Incident.objects.filter(pk=incident.pk).update(updated_at=at)


def _say_left(
    report: FieldReport, left: Incident, incident: Incident, *, by: Actor, at: datetime
) -> None:
    text = f"{report}. Dipindahkan ke {incident.number}."
    append(left, UpdateKind.LEFT, by=by, at=at, text=text)
    Incident.objects.filter(pk=left.pk).update(updated_at=at)


def _lock(report: FieldReport) -> FieldReport:
    return FieldReport.objects.select_for_update(of=("self",)).get(pk=report.pk)


def _locked_with(
    report: FieldReport, incident: Incident
) -> tuple[FieldReport, Incident, Incident | None]:
    """The report, where it goes, and the incident that it stands in now, if any; all locked.
    Incidents come before reports and by id, as in a merge, so that no two wait for each other."""
    left = _stands_in(report)
    rows = Incident.objects.select_for_update(of=("self",)).select_related("lead_agency")
    locked = {row.pk: row for row in rows.filter(pk__in=[incident.pk, left or 0]).order_by("pk")}
    report = _lock(report)
    if _stands_in(report) != left:
        raise Refused(_("Laporan ini baru saja dipindahkan orang lain. Periksa tempatnya."))
    return report, locked[incident.pk], locked[left] if left else None


def _stands_in(report: FieldReport) -> int | None:
    return report.filings.standing().values_list("incident_id", flat=True).first()
