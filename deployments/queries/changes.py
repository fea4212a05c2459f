"""Since when the figures of strength and readiness are what they are: the moment of the newest
change behind them. Asked for that moment, every selector gives the same figures again."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    DateField,
    DateTimeField,
    Exists,
    Expression,
    F,
    Func,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Greatest, Left

from deployments.models import (
    DistrictShare,
    GroupRollupVersion,
    GuardPattern,
    RollupVersion,
    StationClass,
    StrengthDeclaration,
    StrengthTransfer,
    ThresholdVersion,
)
from portal import clock
from portal.registry.enums import PROVINCE
from portal.registry.models import Operation, PollingStation

REGENCY = 5
"""Letters of a regency's code. What changes in one of its districts, or in it as a whole, can
change what is known of each of them."""
EVERYWHERE, EVERYBODY = "", 0


class Midnight(Func):
    """The first moment of a day in WITA, at which what holds from that day on begins."""

    template = "(%(expressions)s::timestamp AT TIME ZONE 'Asia/Makassar')"
    output_field = DateTimeField()


class Changes:
    """Every change until `at`, read in one question: the newest by agency and regency. Nothing that
    is counted here is ever taken back, so that the newest of a later moment is never older."""

    def __init__(
        self,
        operation: Operation,
        at: datetime,
        cut_off: datetime | None,
        agencies: Collection[int],
    ):
        self.cut_off = cut_off
        self.found: dict[tuple[int, str], datetime] = {}
        first, *others = (
            *_entries(operation, at, agencies),
            *_reported(operation, at, cut_off, agencies),
            *_rules(operation, at, agencies),
        )
        for agency, place, moment in first.union(*others, all=True):
            key = (agency, place)
            if moment is not None and place is not None:
                self.found[key] = max(moment, self.found.get(key, moment))

    def newest(self, agency: int, code: str) -> datetime | None:
        """The newest change on which the agency's figures in that region depend. At a cut-off the
        reports of another one are shown, though nobody wrote anything."""
        moments = [self.cut_off] if self.cut_off else []
        for (owner, place), moment in self.found.items():
            mine = owner in (agency, EVERYBODY)
            if mine and (code == PROVINCE or place in (EVERYWHERE, code[:REGENCY])):
                moments.append(moment)
        return max(moments, default=None)


def _newest(
    rows: QuerySet, moment: str | Expression, at: datetime, *, agency: Any, place: Any
) -> QuerySet:
    """(agency, place, moment) of those rows whose moment has come."""
    return (
        rows.order_by()
        .annotate(moment=F(moment) if isinstance(moment, str) else moment)
        .filter(moment__lte=at)
        .annotate(owner=agency, place=place)
        .values("owner", "place")
        .annotate(newest=Max("moment"))
        .values_list("owner", "place", "newest")
    )


def _entries(operation: Operation, at: datetime, agencies: Collection[int]) -> list[QuerySet]:
    """The ledger at both ends of an entry, people who leave included, and what was announced."""
    entries = StrengthTransfer.objects.filter(operation=operation, agency__in=agencies)
    counts = Greatest("recorded_at", Midnight("effective_on"))
    sides = []
    for side in ("source", "target"):
        # Who stands in the province as a whole may be spread over districts of any regency.
        split = Exists(DistrictShare.objects.filter(unit=OuterRef(f"{side}__unit")))
        whole = Q(**{f"{side}__region": PROVINCE})
        place = Case(
            When(whole & split, then=Value(EVERYWHERE)),
            default=Left(f"{side}__region_id", REGENCY),
        )
        account = entries.filter(**{f"{side}__isnull": False})
        sides.append(_newest(account, counts, at, agency=F("agency_id"), place=place))
    announced = StrengthDeclaration.objects.filter(operation=operation, agency__in=agencies)
    said = Greatest("as_of", "created_at")
    total = _newest(announced, said, at, agency=F("agency_id"), place=Value(PROVINCE))
    return [*sides, total]


def _reported(
    operation: Operation, at: datetime, cut_off: datetime | None, agencies: Collection[int]
) -> list[QuerySet]:
    """Reports in, back, verified, held: each begins a version of the roll-up or ends one."""
    kept = {"operation": operation, "cut_off_at": cut_off, "agency__in": agencies}
    return [
        _newest(
            versions.objects.filter(**kept),
            end,
            at,
            agency=F("agency_id"),
            place=Left("region_id", REGENCY),
        )
        for versions in (RollupVersion, GroupRollupVersion)
        for end in ("since", "until")
    ]


def _rules(operation: Operation, at: datetime, agencies: Collection[int]) -> list[QuerySet]:
    """By what the figures are counted: patterns and classes of the need, shares, thresholds."""
    patterns = GuardPattern.objects.filter(operation=operation, agency__in=agencies)
    begins = Greatest(Midnight("valid_from"), "recorded_at")
    ends = Midnight(Cast(F("valid_to") + 1, DateField()))
    everywhere = {"agency": F("agency_id"), "place": Value(EVERYWHERE)}
    classes = StationClass.objects.filter(agency__in=agencies)
    # Looked up by its key for each class: joined by its operation, a planner without statistics
    # would read all stations for each of them.
    station = PollingStation.objects.filter(pk=OuterRef("station"), operation=operation).order_by()
    told = Greatest("recorded_at", Midnight("valid_from"))
    shares = DistrictShare.objects.filter(unit__agency__in=agencies)
    inside = {"agency": F("unit__agency_id"), "place": Left("district_id", REGENCY)}
    everybody = Value(EVERYBODY, output_field=IntegerField())
    return [
        _newest(patterns, begins, at, **everywhere),
        _newest(patterns.filter(valid_to__isnull=False), ends, at, **everywhere),
        _newest(
            classes,
            told,
            at,
            agency=F("agency_id"),
            place=Left(Subquery(station.values("district_id")), REGENCY),
        ),
        *(_newest(shares, end, at, **inside) for end in ("since", "until")),
        _newest(
            # What held when the operation began is no change in it.
            ThresholdVersion.objects.filter(since__gte=clock.midnight(operation.starts_on)),
            "since",
            at,
            agency=everybody,
            place=Value(EVERYWHERE),
        ),
    ]
