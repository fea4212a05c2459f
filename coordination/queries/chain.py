"""The chain of an obligation: what is missing between its origin and its closing."""

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from coordination.enums import (
    OBLIGATION_CLOSED,
    DirectiveState,
    MinutesState,
    ReportKind,
    WaitKind,
)
from coordination.models import Minutes, Obligation, ProgressReport, Wait
from coordination.queries.origin import ORIGIN, named_to
from portal.attachments.models import Attachment


def chain_gaps(obligation: Obligation) -> list[str]:
    """One sentence for each link that is missing; none is missing: an empty list."""
    # In the order of writing: entries are only ever added.
    reports = list(obligation.reports.select_related("post__unit").order_by("pk"))
    return [
        *_origin_gaps(obligation),
        *_acknowledgement_gaps(obligation, reports),
        *_submission_gaps(obligation, reports),
        *_verification_gaps(obligation, reports),
        *_open_ends(obligation),
    ]


def open_subs(obligation: Obligation) -> list[str]:
    """Whose share of what the agency passed on to its units is not finished."""
    rows = Obligation.objects.filter(directive__parent_obligation=obligation)
    rows = rows.exclude(state__in=sorted(OBLIGATION_CLOSED)).select_related("agency", "unit")
    return [row.doer for row in rows.order_by("unit__path", "pk")]


def waited_for(obligation: Obligation) -> list[Obligation]:
    """The unfinished obligations that this one waits for."""
    waits = Wait.objects.filter(obligation=obligation, kind=WaitKind.OBLIGATION, ended_at=None)
    rows = Obligation.objects.filter(pk__in=waits.values("blocker"))
    rows = rows.exclude(state__in=sorted(OBLIGATION_CLOSED))
    related = ("agency", "unit", *(f"directive__{name}" for name in ORIGIN))
    return list(rows.select_related(*related).order_by("pk"))


def has_evidence(obligation: Obligation) -> bool:
    """A file hangs on an entry of its history."""
    return Attachment.objects.filter(
        content_type=ContentType.objects.get_for_model(ProgressReport),
        object_id__in=obligation.reports.values("pk"),
    ).exists()


def _origin_gaps(obligation: Obligation) -> list[str]:
    directive = obligation.directive
    gaps = []
    origins = (directive.meeting_id, directive.parent_obligation_id, directive.origin_url)
    if not any(origins) and not directive.ground.strip():
        gaps.append(_("Dasar arahan belum ada."))
    if directive.state != DirectiveState.ISSUED or not directive.number:
        gaps.append(_("Arahan belum terbit dengan nomor."))
    if directive.meeting_id is not None:
        minutes = Minutes.objects.filter(meeting=directive.meeting_id)
        if not minutes.filter(state=MinutesState.PUBLISHED).exists():
            gaps.append(_("Notula rakor yang menjadi dasarnya belum terbit."))
    return gaps


def _of(reports: list[ProgressReport], kind: str) -> ProgressReport | None:
    """The last entry of the kind."""
    return next((report for report in reversed(reports) if report.kind == kind), None)


def _acknowledgement_gaps(obligation: Obligation, reports: list[ProgressReport]) -> list[str]:
    stated = obligation.acknowledged_at is not None and obligation.acknowledged_by_id is not None
    if stated and _of(reports, ReportKind.ACKNOWLEDGED):
        return []
    return [_("Belum dinyatakan diterima oleh jabatan pelaksana.")]


def _submission_gaps(obligation: Obligation, reports: list[ProgressReport]) -> list[str]:
    report = _of(reports, ReportKind.SUBMITTED)
    if report is None or obligation.submitted_by_id is None:
        return [_("Pelaksana belum melaporkan selesai.")]
    gaps = []
    if report.post.unit.agency_id != obligation.agency_id:
        gaps.append(_("Laporan selesai bukan dari instansi pelaksana."))
    if obligation.directive.evidence_required and not has_evidence(obligation):
        gaps.append(_("Bukti dukung yang diwajibkan belum dilampirkan."))
    return gaps


def _verification_gaps(obligation: Obligation, reports: list[ProgressReport]) -> list[str]:
    report = _of(reports, ReportKind.VERIFIED)
    submitted = _of(reports, ReportKind.SUBMITTED)
    stale = report is None or (submitted is not None and submitted.pk > report.pk)
    if report is None or stale or obligation.verified_by_id is None:
        return [_("Pemberi arahan belum memverifikasi laporan yang terakhir.")]
    gaps = []
    if report.post.unit.agency_id != obligation.directive.issuer_agency_id:
        gaps.append(_("Verifikasi bukan oleh instansi pemberi arahan."))
    if obligation.verified_by_id == obligation.submitted_by_id:
        gaps.append(_("Yang memverifikasi adalah jabatan yang melaporkannya sendiri."))
    return gaps


def _open_ends(obligation: Obligation) -> list[str]:
    gaps = [
        _("Masih menunggu %(other)s.") % {"other": named_to(row, obligation)}
        for row in waited_for(obligation)
    ]
    if units := open_subs(obligation):
        gaps.append(
            _("Tindak lanjut satuan belum selesai: %(units)s.") % {"units": ", ".join(units)}
        )
    return gaps
