"""Which regions a unit works in, and where its figures stand when it does not itemise them."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Count, QuerySet

from deployments.models.scope import sees_all
from portal.access.actor import Actor
from portal.accounts.enums import Role
from portal.registry.enums import PROVINCE
from portal.registry.models import Region, Unit, UnitDistrict


def parent_code(code: str) -> str:
    return code.rpartition(".")[0]


def home_regions(units: Iterable[int]) -> dict[int, str]:
    """Per unit id the region code at which its figures stand as a whole.

    The one regency it works in; if it works in several, the only one that it covers whole; if that
    too is not clear, the province: such a figure is not split. Regency borders and jurisdictions
    differ (a Polres with two districts of the next regency, a Kodim over two regencies).
    """
    covered: dict[int, Counter] = {unit: Counter() for unit in units}
    for unit, district in UnitDistrict.objects.filter(unit__in=covered).values_list(
        "unit_id", "district_id"
    ):
        covered[unit][parent_code(district)] += 1
    sizes = dict(
        Region.objects.districts().values_list("parent_id").annotate(number=Count("pk")).order_by()
    )
    homes = {}
    for unit, regencies in covered.items():
        whole = [code for code, count in regencies.items() if count == sizes.get(code)]
        choice = list(regencies) if len(regencies) == 1 else whole
        homes[unit] = choice[0] if len(choice) == 1 else PROVINCE
    return homes


def districts_of(unit: Unit) -> dict[str, bool]:
    """The districts a unit may itemise by: those of every regency it works in. True: its own."""
    own = set(UnitDistrict.objects.filter(unit=unit).values_list("district_id", flat=True))
    regencies = {parent_code(code) for code in own}
    codes = Region.objects.districts().filter(parent__in=regencies).order_by("code")
    return {code: code in own for code in codes.values_list("code", flat=True)}


def units_of(actor: Actor) -> QuerySet[Unit]:
    """The units whose figures the actor may give."""
    units = Unit.objects.filter(is_active=True).select_related("agency").order_by("path")
    if sees_all(actor):
        return units
    if Role.LIAISON in actor.roles:
        return units.filter(agency_id=actor.agency_id)
    return units.under(actor.unit_path) if actor.unit_path else units.none()
