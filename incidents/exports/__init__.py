"""The day's incidents as a part of the daily report; the setting DAILY_SECTIONS brings it there."""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deployments.queries.sections import Asked, Section
from incidents.enums import IncidentState, Severity
from incidents.maps import STILL_OPEN, known_at
from incidents.models import Incident
from incidents.models.incident import IncidentQuerySet
from incidents.queries import region_label
from portal import clock
from portal.access.classification import Classification
from portal.web.templatetags.portal import angka, wita

MOST = Classification.TERBATAS
"""The class of the paper: what is more secret stands on it as a number only."""


def of_the_day(asked: Asked) -> IncidentQuerySet:
    """What the reader may see of what was reported on the day, or was open at its moment, in the
    region; of an agency or a unit's agency what it reported or leads."""
    midnight = clock.midnight(clock.local(asked.at).date())
    began = clock.midnight(asked.operation.starts_on)
    rows = known_at(asked.actor, asked.at).filter(reported_at__gte=began)
    rows = rows.filter(STILL_OPEN | Q(reported_at__gte=midnight)).in_region(asked.within.code)
    if asked.agency:
        rows = rows.filter(Q(agency__slug=asked.agency) | Q(lead_agency__slug=asked.agency))
    if asked.unit is not None:
        below = Q(unit__path__startswith=f"{asked.unit.path}/")
        rows = rows.filter(Q(unit=asked.unit) | below)
    return rows


def daily_incidents(asked: Asked) -> Section:
    """The newest last, as the day went; what was open before it first."""
    rows = of_the_day(asked).select_related("type", "region__parent", "lead_agency")
    shown = list(rows.filter(classification__lte=MOST).order_by("reported_at", "pk"))
    withheld = rows.filter(classification__gt=MOST).count()
    lines = [_line(row) for row in shown]
    if withheld:
        said = ngettext(
            "%(number)s kejadian berklasifikasi lebih tinggi tidak dimuat.",
            "%(number)s kejadian berklasifikasi lebih tinggi tidak dimuat.",
            withheld,
        )
        lines.append(["–"] * 5 + [said % {"number": angka(withheld)}])
    return Section(
        key="incidents",
        title=_("Kejadian hari ini dan yang masih terbuka (%(number)s)")
        % {"number": angka(len(shown) + withheld)},
        heads=[
            _("Dilaporkan"), _("Nomor dan jenis"), _("Tempat"), _("Keparahan"), _("Keadaan"),
            _("Kejadian, korban, tindakan"),
        ],
        rows=lines,
        widths=["1fr", "1.4fr", "1.7fr", "0.8fr", "1fr", "3fr"],
        empty=_("Tidak ada kejadian yang dilaporkan."),
    )  # fmt: skip


def _line(row: Incident) -> list[str]:
    state = IncidentState(getattr(row, "state_then", None) or IncidentState.REPORTED)
    what = [row.title, row.casualties, row.loss, row.action_taken]
    return [
        wita(row.reported_at),
        f"{row.number} · {row.type.label}",
        f"{row.place}, {region_label(row.region)}",
        str(Severity(row.severity).label),
        f"{state.label} ({row.lead_agency.short_name})",
        " · ".join([*filter(None, what), *([_("Data ilustrasi")] if row.illustrative else [])]),
    ]
