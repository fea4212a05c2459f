"""What became of each version of a report, by whom and when: as the audit trail keeps it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from deployments.enums import ReportState
from deployments.models import ReadinessReport
from portal.audit.models import Entry

VERBS = {
    "readiness.verify": ReportState.VERIFIED,
    "readiness.return": ReportState.RETURNED,
    "readiness.release": ReportState.SUBMITTED,
}
"""The acts of a checker, and what each made of the version."""


@dataclass(frozen=True)
class Review:
    """One act of a checker. `post`: its title as it was then; `submitted`: out of quarantine."""

    state: ReportState
    at: datetime
    post: str
    note: str


def reviews_of(reports: Collection[ReadinessReport]) -> dict[int, list[Review]]:
    """By report, in the order of the acts; who may read a report may know who checked it."""
    found: dict[int, list[Review]] = defaultdict(list)
    acts = Entry.objects.filter(
        object_type=ReadinessReport._meta.label_lower,
        object_id__in=[str(report.pk) for report in reports],
        verb__in=VERBS,
    ).order_by("pk")
    for act in acts:
        note = (act.after or {}).get("review_note", "")
        review = Review(VERBS[act.verb], act.at, act.post_title, note)
        found[int(act.object_id)].append(review)
    return found
