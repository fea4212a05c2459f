"""What a change of a placement must not do to the names on its roster."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from deployments.enums import FINISHED
from deployments.models import Deployment, RosterMember
from deployments.queries.roster import masked
from portal.access.errors import Refused
from portal.web.templatetags.portal import tanggal_pendek


def other_placement(
    deployment: Deployment, numbers: list[str], starts: date, ends: date | None
) -> RosterMember | None:
    """A name on a roster of the same owner whose days overlap; None when all are free."""
    elsewhere = Deployment.objects.filter(agency=deployment.agency_id).exclude(pk=deployment.pk)
    elsewhere = elsewhere.overlapping(starts, ends).exclude(state__in=FINISHED)
    found = RosterMember.objects.filter(deployment__in=elsewhere, nrp__in=numbers)
    return found.select_related("deployment__unit").order_by("pk").first()


def refuse_twice(
    deployment: Deployment, numbers: list[str], starts: date, ends: date | None
) -> None:
    """Raises Refused where one of these service numbers stands in another placement on one of the
    days. The number is said masked: the sentence may reach a log."""
    if deployment.state in FINISHED:
        return
    twin = other_placement(deployment, numbers, starts, ends)
    if twin is None:
        return
    other = twin.deployment
    raise Refused(
        _("NRP %(nrp)s sudah terdaftar pada penempatan nomor %(number)d (%(unit)s, %(days)s).")
        % {
            "nrp": masked(twin.nrp),
            "number": other.pk,
            "unit": other.unit.short_name,
            "days": _days(other),
        },
        "nrp",
    )


def refuse_roster_clash(current: Deployment, values: dict[str, Any]) -> None:
    """Raises Refused where new days would put a listed person into two placements, or where the
    names would pass to another agency."""
    numbers = list(RosterMember.objects.filter(deployment=current).values_list("nrp", flat=True))
    if not numbers:
        return
    if values["unit"].agency_id != current.agency_id:
        raise Refused(
            _("Daftar nama tetap pada instansi pemilik: kosongkan dahulu, baru ganti instansinya."),
            "unit",
        )
    refuse_twice(current, numbers, values["starts_on"], values["ends_on"])


def _days(deployment: Deployment) -> str:
    ends = tanggal_pendek(deployment.ends_on) or "…"
    return f"{tanggal_pendek(deployment.starts_on)} – {ends}"
