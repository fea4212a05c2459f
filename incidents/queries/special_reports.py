"""What a laporan khusus says of an incident, in the order of SIABIDIBAME; and those issued."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.enums import Audience, UpdateKind
from incidents.enums.persons import PersonPart
from incidents.models import (
    FieldReport,
    Filing,
    Incident,
    IncidentUpdate,
    InvolvedPerson,
    SpecialReport,
)
from incidents.queries.detail import update_title
from incidents.queries.elsewhere import masked
from incidents.queries.rows import region_label, unsaid
from portal.access.actor import PUBLIC, Actor
from portal.attachments.actions import files_of, files_of_all
from portal.attachments.models import Attachment
from portal.web.templatetags.portal import angka, wita

DONE = (
    UpdateKind.ACTION,
    UpdateKind.UNIT_SENT,
    UpdateKind.UNIT_STEP,
    UpdateKind.REFER_RESULT,
)
"""Entries that tell what was done."""


@dataclass(frozen=True)
class Part:
    """A section of the paper: paragraphs, then pairs, then a table under its heads."""

    title: str
    texts: Sequence[str] = ()
    pairs: Sequence[tuple[str, str]] = ()
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    widths: Sequence[str] = ()


def entries(incident: Incident, audience: str, agency_id: int | None) -> list[IncidentUpdate]:
    """The timeline for that audience, the oldest first, without what was struck out. Other
    incidents stand in it without their number: who will read the paper is not known."""
    told = Q(audience__in=[Audience.AGENCIES, Audience.PUBLIC])
    if audience == Audience.INTERNAL:
        told |= Q(agency_id=agency_id)
    rows = IncidentUpdate.objects.filter(told, incident=incident, strike__isnull=True)
    rows = rows.select_related("post", "agency", "to_agency").order_by("at", "pk")
    return masked(rows, PUBLIC)


def enclosures(incident: Incident) -> list[Attachment]:
    """The files of the incident and of the field reports that stand in it, of no higher class."""
    standing = Filing.objects.standing().filter(incident=incident).values("report")
    reports = FieldReport.objects.filter(
        pk__in=standing, classification__lte=incident.classification
    )
    return [*files_of(incident), *files_of_all(list(reports.order_by("pk")))]


def last_situation(incident: Incident, audience: str, agency_id: int | None) -> str:
    """What the timeline last said of the situation, as a proposal for the paper."""
    said = [
        row.text
        for row in entries(incident, audience, agency_id)
        if row.kind == UpdateKind.SITUATION
    ]
    return said[-1] if said else ""


def special_parts(
    incident: Incident, *, audience: str, agency_id: int | None, situation: str, plan: str
) -> list[Part]:
    """The paper's sections. What nobody told is said to be not reported yet: NIHIL, that there was
    none, stands where somebody wrote it."""
    timeline = entries(incident, audience, agency_id)
    done = [row for row in timeline if row.kind in DONE]
    suspects, victims = persons_said(incident)
    files = enclosures(incident)
    place = f"{incident.place}, {region_label(incident.region)}"
    if incident.latitude is not None:
        place += f" ({incident.latitude:.5f}, {incident.longitude:.5f})"
    return [
        Part(
            _("Waktu"),
            pairs=[
                (_("Terjadi"), wita(incident.occurred_at)),
                (_("Dilaporkan"), wita(incident.reported_at)),
                (_("Saat dilaporkan"), str(incident.get_occurrence_display())),
            ],
        ),
        Part(_("Tempat"), texts=[place]),
        Part(
            _("Pelapor"),
            texts=[
                f"{incident.reporter_post.title}, {incident.unit.name} "
                f"({incident.agency.short_name})"
            ],
        ),
        Part(
            _("Kronologi"),
            texts=[incident.chronology],
            pairs=[
                (_("Apa"), f"{incident.title} ({incident.type.label})"),
                (_("Siapa"), _joined(incident.involved, suspects)),
                (_("Mengapa"), incident.cause or unsaid()),
            ],
        ),
        Part(
            _("Korban dan kerugian"),
            pairs=[
                (_("Korban"), _joined(incident.casualties, victims)),
                (_("Kerugian"), incident.loss or unsaid()),
            ],
        ),
        Part(
            _("Tindakan yang diambil"),
            texts=[*filter(None, [incident.action_taken]), *(_dated(row) for row in done)]
            or [unsaid()],
        ),
        Part(
            _("Situasi akhir"),
            texts=[situation],
            pairs=[
                (_("Keadaan"), str(incident.get_state_display())),
                (_("Penanggung jawab"), incident.lead_agency.name),
            ],
        ),
        Part(_("Rencana tindak lanjut"), texts=[plan]),
        Part(
            _("Riwayat penanganan"),
            heads=[_("Waktu"), _("Perkembangan"), _("Dicatat oleh")],
            rows=[
                [
                    wita(row.at),
                    " – ".join(filter(None, [update_title(row), row.text])),
                    f"{row.post.title} ({row.agency.short_name})",
                ]
                for row in timeline
            ],
            widths=["auto", "1fr", "5cm"],
        ),
        Part(
            _("Lampiran"),
            texts=[] if files else [_("NIHIL")],
            heads=[_("Berkas"), "SHA-256"] if files else [],
            rows=[[file.name, file.sha256] for file in files],
            widths=["6cm", "1fr"],
        ),
    ]


def _dated(row: IncidentUpdate) -> str:
    return f"{wita(row.at)}: {row.text}"


def persons_said(incident: Incident) -> tuple[str, str]:
    """Suspects and victims as numbers; names and initials stand on no paper."""
    parts = Counter(InvolvedPerson.objects.filter(incident=incident).values_list("part", flat=True))
    number = parts[PersonPart.SUSPECT]
    suspects = ngettext("%(number)s orang terduga", "%(number)s orang terduga", number)
    hurt = parts[PersonPart.VICTIM]
    victims = ngettext("%(number)s orang korban", "%(number)s orang korban", hurt)
    return (
        suspects % {"number": angka(number)} if number else "",
        victims % {"number": angka(hurt)} if hurt else "",
    )


def _joined(written: str, counted: str) -> str:
    """What was written and what was noted apart."""
    return "; ".join(filter(None, [written, counted])) or unsaid()


@dataclass(frozen=True)
class SpecialRow:
    """An issued report as a list prints it; `url` gives the stored paper."""

    pk: int
    number: str
    url: str
    issued_at: datetime
    by: str
    audience: str
    sha256: str


def special_reports(actor: Actor) -> Any:
    return SpecialReport.objects.visible_to(actor).select_related("incident", "issued_by", "agency")


def paper_of(report: SpecialReport) -> Attachment | None:
    """The stored paper."""
    return files_of(report).first()


def special_rows(incident: Incident, actor: Actor) -> list[SpecialRow]:
    """The reports of an incident that the post may read, the newest first."""
    rows = list(special_reports(actor).filter(incident=incident))
    papers = {file.object_id: file.pk for file in files_of_all(rows)}
    return [
        SpecialRow(
            pk=row.pk,
            number=row.number,
            url=reverse("attachments:download", args=[papers[row.pk]]),
            issued_at=row.issued_at,
            by=f"{row.issued_by.title} ({row.agency.short_name})",
            audience=str(row.get_audience_display()),
            sha256=row.sha256,
        )
        for row in rows
        if row.pk in papers
    ]
