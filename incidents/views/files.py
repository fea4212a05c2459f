"""The list of incidents as a file."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents import queries
from incidents.filters import IncidentListFilter
from incidents.models import Incident
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.permissions import Permission
from portal.exports.kinds import Kind, Selection
from portal.web.templatetags.portal import wita


def select_incidents(actor: Actor, query: str, at: datetime) -> Selection:
    """The incidents that the page shows for the same filter, in its order."""
    filters = IncidentListFilter(QueryDict(query), queries.incidents(actor))
    highest = filters.qs.order_by().aggregate(highest=Max("classification"))["highest"]
    return Selection(
        ids=list(filters.qs.values_list("pk", flat=True)),
        query=filters.query,
        words=filters.words,
        classification=highest or Classification.TERBATAS,
    )


def incident_columns() -> list[tuple[str, int]]:
    """What a row of the list prints, and what is counted; the accounts themselves stay where their
    reading is recorded."""
    return [
        (_("Nomor"), 16),
        (_("Kejadian"), 40),
        (_("Jenis"), 30),
        (_("Waktu kejadian"), 20),
        (_("Dilaporkan"), 20),
        (_("Wilayah"), 28),
        (_("Tempat"), 30),
        (_("Tingkat gangguan"), 22),
        (_("Keparahan"), 12),
        (_("Keadaan"), 16),
        (_("Penanggung jawab"), 18),
        (_("Instansi pendukung"), 26),
        (_("Klasifikasi"), 12),
        (_("Keterangan"), 16),
    ]


def incident_lines(actor: Actor, ids: Sequence[int], at: datetime, first: int) -> list[list[Any]]:
    """The cells of these incidents, as far as the actor sees them now, in the given order."""
    found = {row.pk: row for row in queries.incidents(actor).filter(pk__in=ids)}
    return [_cells(found[pk]) for pk in ids if pk in found]


def _cells(row: Incident) -> list[Any]:
    return [
        row.number,
        row.title,
        str(row.type),
        wita(row.occurred_at),
        wita(row.reported_at),
        queries.region_label(row.region),
        row.place,
        row.get_disturbance_display(),
        row.get_severity_display(),
        row.get_state_display(),
        row.lead_agency.short_name,
        ", ".join(sorted(agency.short_name for agency in row.supporting.all())),
        row.get_classification_display(),
        _("Data ilustrasi") if row.illustrative else "",
    ]


INCIDENTS = Kind(
    name="kejadian",
    permission=Permission.INCIDENT_VIEW,
    title=gettext_lazy("Daftar kejadian"),
    columns=incident_columns,
    select=select_incidents,
    lines=incident_lines,
    page="incidents:incident_list",
)
