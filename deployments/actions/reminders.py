"""Asking for reports that have not come, once, until they come."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from deployments.enums import ExpectedState
from deployments.models import Conflict, ExpectedReport, ReadinessReport
from deployments.queries.readiness import create_url
from portal.accounts.enums import Role
from portal.accounts.models import Post
from portal.notifications import cancel, notify
from portal.registry.models import Agency, Unit


def stop_key(expected: ExpectedReport) -> str:
    """What a submission stops."""
    return f"readiness:{expected.unit_id}:{expected.cut_off_at:%Y%m%dT%H%MZ}"


def remind_readiness(*, at: datetime) -> int:
    """Ask each unit whose report is missing since its cut-off, and give the agency's liaison one
    list per cut-off. Once each; returns how many units were asked."""
    with transaction.atomic():
        missing = list(
            ExpectedReport.objects.filter(
                state=ExpectedState.MISSING, reminded_at__isnull=True, due_at__lt=at
            )
            .select_related("unit", "agency")
            .select_for_update(of=("self",), skip_locked=True)
            .order_by("cut_off_at", "unit__path")
        )
        operators = _operators(missing)
        lists: dict[tuple[Agency, datetime], list[ExpectedReport]] = defaultdict(list)
        for expected in missing:
            _ask(expected, operators.get(expected.unit_id, []), at)
            lists[expected.agency, expected.cut_off_at].append(expected)
        for (agency, cut_off), rows in lists.items():
            _list(agency, cut_off, rows, at)
        ExpectedReport.objects.filter(pk__in=[row.pk for row in missing]).update(reminded_at=at)
    return len(missing)


def _operators(rows: list[ExpectedReport]) -> dict[int, list[Post]]:
    posts: dict[int, list[Post]] = defaultdict(list)
    units = {row.unit_id for row in rows}
    for post in Post.objects.with_role(Role.POSKO_OPERATOR).filter(unit__in=units):
        posts[post.unit_id].append(post)
    return posts


def _ask(expected: ExpectedReport, posts: list[Post], at: datetime) -> None:
    if posts:
        notify(
            "readiness_missing",
            event_key=stop_key(expected),
            stop_key=stop_key(expected),
            posts=posts,
            context={"unit": expected.unit.name, "cut_off": expected.cut_off_at},
            url=create_url(expected.unit.slug, expected.cut_off_at),
            at=at,
        )


def _list(agency: Agency, cut_off: datetime, rows: list[ExpectedReport], at: datetime) -> None:
    notify(
        "readiness_silent",
        event_key=f"readiness-silent:{agency.pk}:{cut_off:%Y%m%dT%H%MZ}",
        agencies=[agency],
        context={
            "agency": agency.short_name,
            "cut_off": cut_off,
            "units": ", ".join(row.unit.short_name for row in rows),
            "number": len(rows),
        },
        url=f"{reverse('deployments:readiness_list')}?agency={agency.slug}&state=silent",
        at=at,
    )


def tell_returned(report: ReadinessReport, *, at: datetime) -> None:
    """Tell those who can correct a report why it came back; the correction stops the mail."""
    comments = " ".join(report.comments.values_list("text", flat=True))
    expected = ExpectedReport.objects.get(unit=report.unit_id, cut_off_at=report.cut_off_at)
    _tell_senders(
        "readiness_returned",
        report,
        at=at,
        stop_key=stop_key(expected),
        note=" ".join(filter(None, [report.review_note, comments])),
    )


def tell_released(report: ReadinessReport, *, at: datetime) -> None:
    """Tell the unit that its odd numbers were accepted."""
    _tell_senders("readiness_released", report, at=at, note=report.review_note)


def _tell_senders(
    kind: str, report: ReadinessReport, *, at: datetime, note: str, **more: Any
) -> None:
    operators = Post.objects.with_role(Role.POSKO_OPERATOR).filter(unit=report.unit_id)
    sender = Post.objects.filter(pk=report.submitted_by_id)
    notify(
        kind,
        event_key=f"{kind.replace('_', '-')}:{report.pk}",
        posts=[*operators, *sender],
        context={"unit": report.unit.name, "cut_off": report.cut_off_at, "note": note},
        url=reverse("deployments:readiness_detail", args=[report.pk]),
        at=at,
        **more,
    )


def tell_quarantined(report: ReadinessReport, *, at: datetime) -> None:
    """Ask the superior to look: until then the report stands in no total."""
    notify(
        "readiness_quarantined",
        event_key=f"readiness-quarantined:{report.pk}",
        agencies=[report.agency],
        context={"unit": report.unit.name, "cut_off": report.cut_off_at},
        url=reverse("deployments:readiness_detail", args=[report.pk]),
        at=at,
    )


def tell_conflict(conflict: Conflict, units: Iterable[Unit], *, at: datetime) -> None:
    """Tell both units, and who decides, that their numbers differ; the decision stops the mail."""
    units = list(units)
    notify(
        "readiness_conflict",
        event_key=f"readiness-conflict:{conflict.pk}:{conflict.version}",
        stop_key=f"readiness-conflict:{conflict.pk}",
        posts=_of_units(units),
        agencies=[conflict.agency],
        context=_conflict_context(conflict, units),
        url=reverse("deployments:conflict_detail", args=[conflict.pk]),
        at=at,
    )


def tell_decision(conflict: Conflict, units: Iterable[Unit], *, at: datetime) -> None:
    """Tell both units whose number stands, and why."""
    units = list(units)
    cancel(f"readiness-conflict:{conflict.pk}", at=at)
    notify(
        "readiness_decided",
        event_key=f"readiness-decided:{conflict.pk}:{conflict.version}",
        posts=_of_units(units),
        context=_conflict_context(conflict, units)
        | {"standing": str(conflict.standing), "reason": conflict.reason},
        url=reverse("deployments:conflict_detail", args=[conflict.pk]),
        at=at,
    )


def _of_units(units: Iterable[Unit]) -> list[Post]:
    return list(Post.objects.with_role(Role.POSKO_OPERATOR).filter(unit__in=units))


def _conflict_context(conflict: Conflict, units: Iterable[Unit]) -> dict[str, Any]:
    return {
        "region": conflict.region.name,
        "cut_off": conflict.cut_off_at,
        "units": ", ".join(unit.short_name for unit in units),
    }
