"""Whom a warning is told to."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from incidents.emails import warning_context, warning_url
from incidents.models import EarlyWarning
from portal.accounts.enums import Role
from portal.accounts.models import Post
from portal.notifications.actions import notify


def stop_key(warning: EarlyWarning) -> str:
    return f"warning:{warning.pk}"


def tell_raised(
    warning: EarlyWarning, event: str, *, without: Collection[int], at: datetime
) -> None:
    """The liaisons of the agencies concerned, and the posko and coordinators of the region."""
    notify(
        "warning_raised",
        event_key=f"{stop_key(warning)}:{event}",
        stop_key=stop_key(warning),
        posts=watching(warning.region_id, warning.classification).exclude(unit__agency__in=without),
        agencies=_told(warning, without),
        context=warning_context(warning),
        url=warning_url(warning),
        at=at,
        classification=warning.classification,
    )


def tell_ended(
    warning: EarlyWarning, reason: str, *, without: Collection[int], at: datetime
) -> None:
    """Who was warned learns that it is over, and why."""
    notify(
        "warning_ended",
        event_key=f"{stop_key(warning)}:{warning.state}",
        posts=watching(warning.region_id, warning.classification).exclude(unit__agency__in=without),
        agencies=_told(warning, without),
        context=warning_context(warning) | {"state": warning.state, "reason": reason},
        url=warning_url(warning),
        at=at,
        duty=False,
        classification=warning.classification,
    )


def _told(warning: EarlyWarning, without: Collection[int]) -> list[int]:
    """The agencies that have it, without those that a later fact complains of."""
    told = warning.receipts.exclude(agency__in=without)
    return list(told.values_list("agency_id", flat=True))


def watching(region: str, classification: int):
    """Posko operators and coordinators whose region is this one or contains it."""
    inside = Q(region_id=region) | Q(whole__startswith=F("prefix"))
    return (
        Post.objects.with_role(Role.POSKO_OPERATOR, Role.COORDINATOR)
        .filter(region__isnull=False, clearance__gte=classification)
        .annotate(whole=Value(region), prefix=Concat("region_id", Value(".")))
        .filter(inside)
    )
