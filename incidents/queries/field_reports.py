"""Field reports as lists and pages print them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.enums import SEVERITY_BADGES
from incidents.models import Account, FieldReport, Filing, Incident
from incidents.models.field_report import FieldReportQuerySet
from incidents.models.incident import reads_by_region
from incidents.queries.rows import region_label
from incidents.rules import handles_region, settles
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.attachments.actions import files_of, files_of_all
from portal.attachments.models import Attachment

RELATED = ("type", "region__parent", "agency", "unit", "reporter_post", "station")


def field_reports(actor: Actor) -> FieldReportQuerySet:
    """What the post sees, newest first, with where each is filed: `filed_number` only of an
    incident in sight."""
    standing = Filing.objects.standing().filter(report=OuterRef("pk"))
    seen = standing.filter(incident__in=Incident.objects.visible_to(actor))
    rows = FieldReport.objects.visible_to(actor).select_related(*RELATED).defer("stems")
    return rows.annotate(
        filing=Subquery(standing.values("pk")[:1]),
        filed_in=Subquery(standing.values("incident")[:1]),
        filed_number=Subquery(seen.values("incident__number")[:1]),
    ).order_by("-reported_at", "-pk")


@dataclass(frozen=True)
class FieldReportRow:
    """A line of a list, ready to print; badges are (kind, label)."""

    pk: int
    number: str
    title: str
    url: str
    type: str
    place: str
    occurrence: str
    occurred_at: datetime
    reported_at: datetime
    severity: tuple[str, str]
    standing: tuple[str, str]
    reporter: str
    illustrative: bool


def field_report_rows(rows: Iterable[Any]) -> list[FieldReportRow]:
    return [
        FieldReportRow(
            pk=row.pk,
            number=row.number,
            title=row.title,
            url=reverse("incidents:field_report_detail", args=[row.pk]),
            type=row.type.label,
            place=f"{row.place}, {region_label(row.region)}",
            occurrence=row.get_occurrence_display(),
            occurred_at=row.occurred_at,
            reported_at=row.reported_at,
            severity=(SEVERITY_BADGES[row.severity], row.get_severity_display()),
            standing=standing_badge(row),
            reporter=f"{row.reporter_post.title} ({row.agency.short_name})",
            illustrative=row.illustrative,
        )
        for row in rows
    ]


def standing_badge(row: Any) -> tuple[str, str]:
    """Where a row of `field_reports` stands."""
    if row.filing is None:
        return "warning", _("Belum ditindaklanjuti")
    if row.filed_in is None:
        return "neutral", _("Disisihkan")
    return "info", row.filed_number or _("Masuk kejadian lain")


def waiting_reports(actor: Actor) -> FieldReportQuerySet:
    """Reports of the own region that nobody has filed or set aside; none for who may do neither."""
    rows = field_reports(actor).filter(filing__isnull=True)
    if actor.is_system:
        return rows
    inside = FieldReport.objects.in_region(actor.region_code) if actor.region_code else None
    return rows.filter(pk__in=inside.values("pk")) if inside is not None else rows.none()


def filing_waiting(actor: Actor) -> tuple[int, datetime | None]:
    """How many of them wait for the post to file them, and since when: a duty of who watches over
    a region."""
    if Permission.INCIDENT_HANDLE not in actor.permissions or not reads_by_region(actor):
        return 0, None
    counted = waiting_reports(actor).aggregate(number=Count("pk"), since=Min("reported_at"))
    return counted["number"], counted["since"]


def account_facts(account: Account) -> list[dict[str, Any]]:
    """What is told, in the order of 5W1H, as `ui/definition_list.html` prints it."""
    place = f"{account.place}, {region_label(account.region)}"
    if account.latitude is not None:
        place += f" ({account.latitude:.5f}, {account.longitude:.5f})"
    rows = [
        (_("Jenis"), str(account.type)),
        (_("Siapa"), account.involved),
        (_("Tempat"), place),
        (_("Mengapa"), account.cause),
        (_("Korban"), account.casualties),
        (_("Kerugian"), account.loss),
        (_("Tindakan awal"), account.action_taken),
        (_("Saat dilaporkan"), account.get_occurrence_display()),
        (_("Tingkat gangguan"), account.get_disturbance_display()),
        (_("Atas permintaan KPPS"), _("Ya") if account.at_kpps_request else _("Tidak")),
        (_("Pelapor"), f"{account.reporter_post.title}, {account.unit.name}"),
        (_("Klasifikasi"), account.get_classification_display()),
    ]
    return [{"label": label, "value": value} for label, value in rows]


def field_report_facts(report: FieldReport) -> list[dict[str, Any]]:
    extra = [
        (_("TPS"), report.station.name if report.station else ""),
        (_("Situasi terakhir"), report.situation),
        (_("Rencana tindak lanjut"), report.next_steps),
    ]
    own = [{"label": label, "value": value} for label, value in extra if value]
    return [*account_facts(report), *own]


def filings(report: FieldReport, actor: Actor) -> list[dict[str, Any]]:
    """Where the report was put, by whom, newest first, as `ui/timeline.html` prints it."""
    rows = report.filings.select_related("incident", "post").order_by("-at", "-pk")
    seen = set(
        Incident.objects.visible_to(actor)
        .values_list("pk", flat=True)
        .filter(pk__in=[row.incident_id for row in rows])
    )
    return [
        {
            "at": row.at,
            "title": _filed(row, seen),
            "by": row.post.title,
            "text": row.reason,
            "kind": "neutral" if row.ended_at else "info",
        }
        for row in rows
    ]


def _filed(row: Filing, seen: set[int]) -> str:
    if row.incident is None:
        return _("Disisihkan")
    if row.incident_id not in seen:
        return _("Masuk kejadian lain")
    return _("Masuk kejadian %(number)s") % {"number": row.incident.number}


def reports_of(incident: Incident, actor: Actor) -> list[FieldReportRow]:
    """The field reports that stand in an incident, the oldest first."""
    inside = Filing.objects.standing().filter(incident=incident).values("report")
    rows = field_reports(actor).filter(pk__in=inside).order_by("reported_at", "pk")
    return field_report_rows(rows)


def further_reports(report: FieldReport, actor: Actor) -> list[FieldReportRow]:
    """What followed the report, and what it follows, the oldest first."""
    rows = field_reports(actor).filter(Q(follows=report) | Q(pk=report.follows_id))
    return field_report_rows(rows.order_by("reported_at", "pk"))


def pictures_of(account: Account) -> list[dict[str, Any]]:
    """The record's files: name, address, size in bytes, SHA-256, whether it is a picture, and the
    addresses of the picture in full and small (empty for any other file)."""
    return [_picture(file) for file in files_of(account)]


def pictures_of_each(accounts: Sequence[Account]) -> dict[int, list[dict[str, Any]]]:
    """The files of many records of one kind, by the record's id, read at once."""
    found: dict[int, list[dict[str, Any]]] = {account.pk: [] for account in accounts}
    for file in files_of_all(accounts):
        found[file.object_id].append(_picture(file))
    return found


def _picture(file: Attachment) -> dict[str, Any]:
    shown = file.is_picture
    return {
        "name": file.name,
        "url": reverse("attachments:download", args=[file.pk]),
        "size": file.size,
        "sha256": file.sha256,
        "picture": shown,
        "picture_url": reverse("attachments:picture", args=[file.pk]) if shown else "",
        "thumbnail_url": reverse("attachments:thumbnail", args=[file.pk]) if shown else "",
    }


def may_file(actor: Actor, report: FieldReport) -> bool:
    """May say where it belongs: in an incident that is there, or aside."""
    return settles(actor, report)


def may_open(actor: Actor, report: FieldReport) -> bool:
    """May make an incident of it; of a complaint about the own agency only one of its own type."""
    return handles_region(actor, report)
