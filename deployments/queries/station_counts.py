"""Polling stations counted by region: how many the supervisors call vulnerable."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, Q

from deployments.models import StationTag
from portal.access.actor import Actor
from portal.registry.models import Operation, PollingStation, parent_code


def tag_counts(
    operation: Operation, at: datetime, codes: Iterable[str]
) -> dict[str, tuple[int, int]]:
    """(stations with a tag, stations) by region code. A regency without any tag is absent, with its
    districts: that nobody has looked is not the same as that nothing was found."""
    tagged = Exists(StationTag.objects.standing(at).filter(station=OuterRef("pk")))
    rows = (
        PollingStation.objects.of(operation)
        .order_by()
        .annotate(tagged=tagged)
        .values_list("district_id")
        .annotate(marked=Count("pk", filter=Q(tagged=True)), number=Count("pk"))
    )
    tags: Counter[str] = Counter()
    stations: Counter[str] = Counter()
    for district, with_tag, number in rows:
        code: str | None = district
        while code:
            tags[code] += with_tag
            stations[code] += number
            code = parent_code(code)
    return {code: (tags[code], stations[code]) for code in codes if tags[code[:5]]}


def tags_version(actor: Actor) -> str:
    """Changes when a tag is set or taken off."""
    seen = StationTag.objects.visible_to(actor).aggregate(Max("pk"), Count("removed_at"))
    return f"-{seen['pk__max'] or 0}-{seen['removed_at__count']}"
