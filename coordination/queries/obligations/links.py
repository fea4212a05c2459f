"""What an obligation is tied to, and may be."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from coordination.enums import OBLIGATION_BADGES, ExtensionState, ObligationState, WaitKind
from coordination.models import Extension, Obligation, Wait
from coordination.queries.obligations.rows import (
    ROUTE,
    ObligationRow,
    obligation_rows,
    obligations,
)
from coordination.queries.origin import named_to
from portal.access.actor import Actor


@dataclass(frozen=True)
class Links:
    """What an obligation is tied to: others that it waits for or that wait for it, the shares of
    its units, an extension that waits for its answer."""

    waits_for: list[dict[str, Any]]
    holds_up: list[dict[str, Any]]
    subs: list[ObligationRow]
    extension: Extension | None


def links(obligation: Obligation, actor: Actor, at: datetime) -> Links:
    """Five queries, however many there are."""
    waits = list(
        Wait.objects.filter(
            Q(obligation=obligation) | Q(blocker=obligation),
            kind=WaitKind.OBLIGATION,
            ended_at=None,
        )
        .select_related(*(f"{side}__{name}" for side in ("obligation", "blocker") for name in TIED))
        .order_by("pk")
    )
    others = [
        wait.blocker if wait.obligation_id == obligation.pk else wait.obligation for wait in waits
    ]
    seen = set(
        Obligation.objects.visible_to(actor)
        .filter(pk__in=[other.pk for other in others if other])
        .values_list("pk", flat=True)
    )
    subs = obligations(actor).filter(directive__parent_obligation=obligation)
    asked = obligation.extensions.filter(state=ExtensionState.ASKED).select_related("asked_by")
    return Links(
        waits_for=[
            _tied(wait.blocker, wait, seen, obligation)
            for wait in waits
            if wait.obligation_id == obligation.pk and wait.blocker
        ],
        holds_up=[
            _tied(wait.obligation, wait, seen, obligation)
            for wait in waits
            if wait.blocker_id == obligation.pk
        ],
        subs=obligation_rows(subs.order_by("unit__path", "pk"), at),
        extension=asked.first(),
    )


TIED = ("agency", "unit", *ROUTE)


def _tied(other: Obligation, wait: Wait, seen: set[int], own: Obligation) -> dict[str, Any]:
    """The other side of a wait; its state and page only for who may see it, and its subject only
    where whoever sees `own` may know it."""
    visible = other.pk in seen
    return {
        "title": f"{other.doer}: {other.directive.title}" if visible else named_to(other, own),
        "url": reverse("coordination:obligation_detail", args=[other.pk]) if visible else "",
        "state": (OBLIGATION_BADGES[other.state], other.get_state_display()) if visible else None,
        "since": wait.began_at,
    }


def passed_on(obligation: Obligation) -> bool:
    """Whether units carry out parts of it, so that its progress is their mean."""
    rows = Obligation.objects.filter(directive__parent_obligation=obligation)
    return rows.exclude(state__in=[ObligationState.CANCELLED, ObligationState.UNFEASIBLE]).exists()


def blockers(obligation: Obligation, actor: Actor) -> QuerySet[Obligation]:
    """What an obligation may wait for: unfinished, of the same directive or in sight."""
    seen = Obligation.objects.visible_to(actor).values("pk")
    rows = Obligation.objects.unfinished().filter(
        Q(directive=obligation.directive_id) | Q(pk__in=seen)
    )
    rows = rows.exclude(pk=obligation.pk).exclude(directive__parent_obligation=obligation)
    return rows.select_related("agency", "unit", "directive").order_by(
        "-directive__issued_at", "agency__position", "pk"
    )
