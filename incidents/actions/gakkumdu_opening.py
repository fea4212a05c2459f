"""Handing a suspected election crime to Sentra Gakkumdu."""

from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from incidents.actions.accounts import EARLIEST
from incidents.actions.assignment_ends import call_off_assignments
from incidents.actions.gakkumdu import append
from incidents.actions.gakkumdu_notices import tell_opened
from incidents.actions.numbering import CASE, next_number
from incidents.actions.request_ends import lapse_requests
from incidents.actions.target_stops import stop_targets
from incidents.actions.texts import refuse_tally
from incidents.enums import OPEN, UpdateKind
from incidents.enums.gakkumdu import LEADING, SEATS, EntryKind, StepCode
from incidents.enums.requests import REQUEST_OPEN
from incidents.models import GakkumduCase, Incident, IncidentUpdate
from incidents.queries.gakkumdu import limits
from incidents.queries.gakkumdu_clock import ends_at, last_day
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused, Stale
from portal.access.permissions import Permission
from portal.audit.record import record
from portal.registry.models import Agency
from portal.registry.workdays import calendar
from portal.web.language import for_everybody


def hand_over(
    incident: Incident,
    *,
    basis: str,
    known_at: datetime,
    received_at: datetime,
    summary: str,
    complete: bool,
    by: Actor,
    at: datetime,
    article: str = "",
    late: bool = False,
    version: int | None = None,
) -> GakkumduCase:
    """Hand a suspected election crime to the desk. Bawaslu leads from here, the desk is told, and
    everybody else keeps number, type and region only. What came after the time to report it lapses
    at once and is taken only by who says so (`late`)."""
    with transaction.atomic():
        incident = Incident.objects.select_for_update().get(pk=incident.pk)
        policy.require(by, Permission.INCIDENT_HANDLE, incident)
        _check_opening(incident, known_at, received_at, complete, at, version)
        if not late:
            _refuse_late(known_at, received_at)
        words = {"summary": summary.strip(), "article": article.strip()}
        if not words["summary"]:
            raise Refused(_("Uraikan dugaan tindak pidananya."), "summary")
        refuse_tally(**words)
        case = GakkumduCase.objects.create(
            number=next_number(CASE, at),
            incident=incident,
            region_id=incident.region_id,
            basis=basis,
            known_at=known_at,
            received_at=received_at,
            opened_at=at,
            opened_by_id=by.post_id,
            updated_at=at,
            classification=incident.classification,
            illustrative=incident.illustrative,
            **words,
        )
        _first_entries(case, by=by, at=at)
        lapse_requests(incident, REQUEST_OPEN, by=by, at=at)
        call_off_assignments(incident, "Diserahkan kepada Sentra Gakkumdu.", by=by, at=at)
        stop_targets(incident, at=at)
        _give_lead(incident, case, by=by, at=at)
        record(
            "gakkumdu.open",
            case,
            by=by,
            at=at,
            after={"incident": incident.number, "known_at": known_at, "received_at": received_at},
        )
        tell_opened(case, at=at)
    return case


def _check_opening(
    incident: Incident,
    known_at: datetime,
    received_at: datetime,
    complete: bool,
    at: datetime,
    version: int | None,
) -> None:
    if version is not None and incident.version != version:
        raise Stale(
            _("Kejadian ini sudah diubah orang lain sejak Anda membukanya. Periksa keadaannya."),
            current=incident,
        )
    if GakkumduCase.objects.filter(incident=incident).exists():
        raise Refused(_("Kejadian ini sudah ditangani Sentra Gakkumdu."))
    if incident.state not in OPEN:
        raise Refused(_("Kejadian yang sudah selesai dibuka kembali dahulu."))
    if not complete:
        raise Refused(_("Syarat minimum laporan harus lengkap sebelum diserahkan."), "complete")
    if received_at > at:
        raise Refused(_("Waktu penerimaan tidak dapat di masa depan."), "received_at")
    if known_at < EARLIEST:
        raise Refused(_("Periksa tahunnya: waktu ini terlalu jauh."), "known_at")
    if known_at > received_at:
        raise Refused(_("Diketahui paling lambat saat diterima."), "known_at")


def _refuse_late(known_at: datetime, received_at: datetime) -> None:
    due = _report_due(known_at)
    if due is not None and received_at >= due:
        last = date_format(last_day(due), "j F Y")
        raise Refused(
            _("Batas penerimaannya %(last)s, 24.00 WITA: perkara ini langsung gugur. Periksa "
              "waktunya, atau nyatakan di bawah bahwa laporan ini terlambat.") % {"last": last},
            "known_at",
        )  # fmt: skip


def _report_due(known_at: datetime) -> datetime | None:
    """When the time to report what was known then is over."""
    limit = limits()[StepCode.REPORT]
    return ends_at(known_at, limit.limit, limit.unit, calendar()) if limit.limit else None


def _first_entries(case: GakkumduCase, *, by: Actor, at: datetime) -> None:
    """What was done before the desk had it: the report in its time or not, and its content."""
    due = _report_due(case.known_at)
    for kind, step, due_at in (
        (EntryKind.OPENED, StepCode.REPORT, None),
        (EntryKind.DONE, StepCode.REPORT, due),
        (EntryKind.DONE, StepCode.CONTENT, None),
    ):
        happened_at = at if kind == EntryKind.OPENED else case.received_at
        append(case, kind, by=by, at=at, step=step, happened_at=happened_at, due_at=due_at)


def _give_lead(incident: Incident, case: GakkumduCase, *, by: Actor, at: datetime) -> None:
    desk = {agency.slug: agency for agency in Agency.objects.filter(slug__in=SEATS)}
    incident.supporting.add(*desk.values(), incident.lead_agency_id)
    incident.supporting.remove(desk[LEADING])
    incident.lead_agency = desk[LEADING]
    incident.version += 1
    incident.updated_at = at
    incident.save(update_fields=["lead_agency", "version", "updated_at"])
    with for_everybody():
        text = _("Diserahkan kepada Sentra Gakkumdu, perkara %(number)s.") % {"number": case.number}
    IncidentUpdate.objects.create(
        incident=incident,
        kind=UpdateKind.ACTION,
        text=text,
        post_id=by.post_id,
        agency_id=by.agency_id,
        at=at,
    )
