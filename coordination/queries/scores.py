"""How agencies keep their share: counted from the history, never stored, and never of persons.

What an agency waits for others or for the issuer is not its time. Such spans are taken from the
history of each obligation and moved its due time on by their length.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Min
from django.urls import reverse

from coordination.enums import Occasion
from coordination.models import LadderRung, Obligation, ProgressReport
from coordination.models.visibility import oversees
from portal.access.actor import Actor

# Kinds of entries as the history stores them.
Spans = tuple[tuple[frozenset[str], frozenset[str]], ...]
FOR_OTHERS: Spans = (
    # An obstacle, or another obligation.
    (frozenset({"blocked", "waiting"}), frozenset({"progress", "released", "submitted"})),
)
FOR_ISSUER: Spans = (
    # To verify, or to say whether there is more time.
    (frozenset({"submitted", "declared"}), frozenset({"returned"})),
    (frozenset({"extension_asked"}), frozenset({"extension_granted", "extension_refused"})),
)
SUBMITTED, RETURNED = "submitted", "returned"
UNCOUNTED = frozenset({"cancelled", "unfeasible"})
"""States of obligations that nobody has to carry out any more."""

Entry = tuple[str, datetime]


@dataclass
class Score:
    """Of one agency. `counted` are obligations whose time to acknowledge (to carry out) is over or
    that were acknowledged (carried out); the others are still running and count nowhere. Means are
    in hours; None where there is nothing to average."""

    agency: str = ""
    slug: str = ""
    position: int = 0
    obligations: int = 0
    acknowledge_counted: int = 0
    acknowledged_in_time: int = 0
    carry_out_counted: int = 0
    carried_out_in_time: int = 0
    waited_hours: float = 0
    _acknowledged_after: list[float] = field(default_factory=list)
    _late_by: list[float] = field(default_factory=list)

    @property
    def acknowledged_percent(self) -> int | None:
        return percent(self.acknowledged_in_time, self.acknowledge_counted)

    @property
    def carried_out_percent(self) -> int | None:
        return percent(self.carried_out_in_time, self.carry_out_counted)

    @property
    def hours_to_acknowledge(self) -> float | None:
        return mean(self._acknowledged_after)

    @property
    def hours_late(self) -> float | None:
        """The mean over those that were late."""
        return mean(self._late_by)

    @property
    def days_late(self) -> float | None:
        return None if self.hours_late is None else self.hours_late / 24

    @property
    def late(self) -> int:
        return len(self._late_by)

    @property
    def url(self) -> str:
        """The rows behind the numbers: the matrix, filtered."""
        return f"{reverse('coordination:obligation_list')}?{urlencode({'agency': self.slug})}"


def percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


def mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def acknowledge_within() -> dict[str, timedelta]:
    """By priority the time to acknowledge: until the first rung of its ladder is due. A priority
    without a ladder has no limit and is missing here."""
    rungs = LadderRung.objects.active().filter(occasion=Occasion.UNACKNOWLEDGED)
    first = rungs.values_list("priority").annotate(first=Min("after")).order_by()
    return {priority: timedelta(minutes=minutes) for priority, minutes in first}


def scores(actor: Actor, at: datetime) -> list[Score]:
    """One per agency in the registry's order, of the obligations in the post's sight: all for who
    oversees the province, for others their own agency's. Three queries, however many rows."""
    rows = Obligation.objects.visible_to(actor).exclude(state__in=UNCOUNTED)
    if not oversees(actor):
        rows = rows.filter(agency_id=actor.agency_id)
    history: dict[int, list[Entry]] = defaultdict(list)
    entries = ProgressReport.objects.filter(obligation__in=rows.values("pk"))
    for pk, kind, moment in entries.order_by("at", "pk").values_list("obligation", "kind", "at"):
        history[pk].append((kind, moment))
    limits = acknowledge_within()
    found: dict[str, Score] = {}
    for row in rows.values_list(
        "pk",
        "agency__slug",
        "agency__short_name",
        "agency__position",
        "directive__priority",
        "created_at",
        "acknowledged_at",
        "due_at",
    ):
        pk, slug, name, position, priority, created, acknowledged, due = row
        score = found.setdefault(slug, Score(agency=name, slug=slug, position=position))
        score.obligations += 1
        _acknowledging(score, created, acknowledged, limits.get(priority), at)
        _carrying_out(score, history[pk], due, at)
    return sorted(found.values(), key=lambda score: (score.position, score.slug))


def _acknowledging(
    score: Score,
    created: datetime,
    acknowledged: datetime | None,
    within: timedelta | None,
    at: datetime,
) -> None:
    if acknowledged is not None:
        score.acknowledge_counted += 1
        score.acknowledged_in_time += within is None or acknowledged - created <= within
        score._acknowledged_after.append(hours(acknowledged - created))
    elif within is not None and at - created > within:
        score.acknowledge_counted += 1


def _carrying_out(score: Score, entries: list[Entry], due: datetime, at: datetime) -> None:
    finished = finished_at(entries)
    until = finished or at
    waited = waiting(entries, FOR_OTHERS + FOR_ISSUER, until=until)
    score.waited_hours += hours(waited)
    # What the issuer took is in the due time since he answered.
    moved = waiting(entries, FOR_ISSUER, until=until, ended_only=True)
    late_by = until - (due + waited - moved)
    if finished is None and late_by <= timedelta(0):
        return
    score.carry_out_counted += 1
    if late_by <= timedelta(0):
        score.carried_out_in_time += 1
    else:
        score._late_by.append(hours(late_by))


def finished_at(entries: Iterable[Entry]) -> datetime | None:
    """When it was last submitted, unless that was returned."""
    finished: datetime | None = None
    for kind, moment in entries:
        if kind == SUBMITTED:
            finished = moment
        elif kind == RETURNED:
            finished = None
    return finished


def waiting(
    entries: Iterable[Entry], spans: Spans, *, until: datetime, ended_only: bool = False
) -> timedelta:
    """For how long something else than the agency was waited for; spans that overlap count once."""
    open_waits: set[int] = set()
    since: datetime | None = None
    total = timedelta(0)
    for kind, moment in entries:
        if moment >= until:
            break
        for number, (starts, ends) in enumerate(spans):
            if kind in ends:
                open_waits.discard(number)
            if kind in starts:
                open_waits.add(number)
        if open_waits and since is None:
            since = moment
        elif not open_waits and since is not None:
            total += moment - since
            since = None
    lasting = until - since if since is not None and not ended_only else timedelta(0)
    return total + lasting


def hours(span: timedelta) -> float:
    return span.total_seconds() / 3600
