"""Counts for everybody, so late and so round that nobody is found in them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count

from incidents.models import PublicReport, PublicSubject
from portal import clock
from portal.access.classification import Classification
from portal.registry.models import Region
from portal.registry.models.region import regency_code

DELAY = timedelta(days=7)
SMALL = 5
"""Below this no number is said; from it on, numbers go in steps of it."""


@dataclass(frozen=True)
class Line:
    label: str
    count: str


@dataclass(frozen=True)
class PublicCounts:
    """`until`: the last day counted. `by_regency` and `by_subject` name every one, also without a
    report; the two are never crossed."""

    until: date
    total: str
    by_regency: list[Line]
    by_subject: list[Line]


def rounded(number: int) -> str:
    """0, <5, or the nearest multiple of five."""
    if number == 0:
        return "0"
    return f"<{SMALL}" if number < SMALL else str(SMALL * ((number + SMALL // 2) // SMALL))


def public_counts(at: datetime) -> PublicCounts:
    """Reports received until the last Sunday that is a week gone. Confidential ones, likely spam
    and spam are not in them."""
    late = clock.local(at - DELAY).date()
    until = late - timedelta(days=(late.weekday() + 1) % 7)
    rows = PublicReport.objects.filter(
        received_at__lt=clock.midnight(until + timedelta(days=1)),
        classification__lt=Classification.RAHASIA,
        suspect=False,
    ).exclude(reason__spam=True)
    regencies, subjects = Counter[str](), Counter[str]()
    counted = rows.order_by().values_list("region_id", "subject_id").annotate(n=Count("pk"))
    for region, subject, n in counted:
        regencies[regency_code(region) or region] += n
        subjects[subject] += n
    names = Region.objects.regencies().order_by("code").values_list("code", "name")
    return PublicCounts(
        until=until,
        total=rounded(sum(subjects.values())),
        by_regency=[Line(name, rounded(regencies[code])) for code, name in names],
        by_subject=[
            Line(row.label, rounded(subjects[row.pk])) for row in PublicSubject.objects.all()
        ],
    )
