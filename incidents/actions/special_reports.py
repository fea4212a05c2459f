"""Laporan khusus: an incident as a numbered paper that stays as it was issued."""

import hashlib
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from incidents.actions.numbering import SPECIAL_REPORT, next_number
from incidents.actions.texts import refuse_tally
from incidents.enums import Audience
from incidents.exports.special import special_pdf
from incidents.models import Incident, SpecialReport
from incidents.models.special_report import REPORTED_TO
from incidents.queries.rows import RELATED
from incidents.queries.special_reports import special_parts
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.attachments.actions import attach
from portal.audit.record import record
from portal.web.language import for_everybody


def issue_special_report(
    incident: Incident,
    *,
    situation: str,
    plan: str,
    by: Actor,
    at: datetime,
    audience: str = Audience.AGENCIES,
) -> SpecialReport:
    """Number the report, make its paper and keep both. The same words again, while nothing has
    happened since, give the report that is there."""
    words = {"situation": situation.strip(), "plan": plan.strip()}
    with transaction.atomic():
        rows = Incident.objects.select_for_update(of=("self",)).select_related(*RELATED)
        incident = rows.get(pk=incident.pk)
        policy.require(by, Permission.INCIDENT_HANDLE, incident)
        last = incident.special_reports.filter(agency_id=by.agency_id, audience=audience).first()
        if last is not None and last.issued_at >= incident.updated_at and _says(last, words):
            return last
        _check(incident, words, audience)
        report = _issue(incident, audience, words, by=by, at=at)
        record(
            "special_report.issue",
            report,
            by=by,
            at=at,
            after={
                "incident": incident.number,
                "number": report.number,
                "audience": audience,
                "sha256": report.sha256,
            },
        )
    return report


def _says(report: SpecialReport, words: dict[str, str]) -> bool:
    return all(getattr(report, name) == text for name, text in words.items())


def _check(incident: Incident, words: dict[str, str], audience: str) -> None:
    if incident.merged_into_id:
        raise Refused(_("Kejadian ini sudah digabung ke kejadian lain."))
    if audience not in REPORTED_TO:
        raise Refused(_("Pilih pembaca laporan."), "audience")
    for name, text in words.items():
        if not text:
            raise Refused(_("Isian ini wajib."), name)
    refuse_tally(**words)


def _issue(
    incident: Incident, audience: str, words: dict[str, str], *, by: Actor, at: datetime
) -> SpecialReport:
    number = next_number(SPECIAL_REPORT, at)
    with for_everybody():
        parts = special_parts(incident, audience=audience, agency_id=by.agency_id, **words)
    paper = special_pdf(incident, parts, number=number, by=by, at=at)
    report = SpecialReport.objects.create(
        number=number,
        incident=incident,
        audience=audience,
        sha256=hashlib.sha256(paper).hexdigest(),
        classification=incident.classification,
        illustrative=incident.illustrative,
        issued_by_id=by.post_id,
        agency_id=by.agency_id,
        issued_at=at,
        **words,
    )
    file = SimpleUploadedFile(f"laporan-khusus-{number}.pdf", paper, "application/pdf")
    attach(report, file, by=by, at=at)
    return report
