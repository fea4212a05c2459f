"""Who is told of a request for reinforcement: once each, and no longer than it matters."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse

from deployments.enums import NeedEvent
from deployments.models import Contribution, NeedAddressee, Reinforcement
from portal.accounts.enums import Role
from portal.accounts.models import Post
from portal.notifications import cancel, notify
from portal.registry.models import Unit

ANSWERING = (Role.COORDINATOR, Role.LIAISON, Role.POSKO_OPERATOR)


def tell_asked(request: Reinforcement, units: Iterable[Unit], *, at: datetime) -> None:
    """Ask each unit for its answer; the answer stops the mail."""
    for unit in units:
        notify(
            "reinforcement_asked",
            event_key=f"reinforcement:{request.pk}",
            stop_key=_stop(request, unit.pk),
            posts=_of([unit.pk]),
            context=_words(request) | {"missing": request.personnel},
            url=_url(request),
            at=at,
        )


def tell_answer(
    request: Reinforcement, given: Contribution, *, missing: int, assigned: str, at: datetime
) -> None:
    """Tell the asking unit what it gets, and the giving one where it was assigned; whoever is asked
    and has now answered, or has nothing left to answer, is not reminded any more."""
    units = [request.unit_id]
    if assigned == NeedEvent.ASSIGNED:
        units.append(given.deployment.unit_id)
    notify(
        "reinforcement_given",
        event_key=f"reinforcement-given:{given.pk}",
        posts=_of(units),
        context=_words(request)
        | {
            "giver": given.deployment.unit.short_name,
            "people": given.deployment.personnel,
            "missing": missing,
        },
        url=_url(request),
        at=at,
    )
    giver = given.deployment.unit
    for addressee in request.addressees.select_related("unit"):
        above = f"{giver.path}/".startswith(f"{addressee.unit.path}/")
        if not missing or (above and giver.agency_id != request.agency_id):
            cancel(_stop(request, addressee.unit_id), at=at)


def tell_declined(request: Reinforcement, addressee: NeedAddressee, *, at: datetime) -> None:
    """Tell the asking unit that one of those asked cannot help."""
    cancel(_stop(request, addressee.unit_id), at=at)
    notify(
        "reinforcement_declined",
        event_key=f"reinforcement-declined:{addressee.pk}",
        posts=_of([request.unit_id]),
        context=_words(request) | {"who": addressee.unit.short_name, "reason": addressee.reason},
        url=_url(request),
        at=at,
    )


def tell_withdrawn(request: Reinforcement, givers: Iterable[int], *, at: datetime) -> None:
    """Tell those who had offered people that they are not needed."""
    for addressee in request.addressees.all():
        cancel(_stop(request, addressee.unit_id), at=at)
    notify(
        "reinforcement_withdrawn",
        event_key=f"reinforcement-withdrawn:{request.pk}",
        posts=_of(givers),
        context=_words(request) | {"reason": request.withdrawal},
        url=_url(request),
        at=at,
    )


def _of(units: Iterable[int]) -> list[Post]:
    """Who answers for these units."""
    return list(Post.objects.with_role(*ANSWERING).filter(unit__in=list(units)))


def _stop(request: Reinforcement, unit_id: int) -> str:
    return f"reinforcement:{request.pk}:{unit_id}"


def _url(request: Reinforcement) -> str:
    return reverse("deployments:reinforcement_detail", args=[request.pk])


def _words(request: Reinforcement) -> dict[str, Any]:
    return {
        "unit": request.unit.short_name,
        "personnel": request.personnel,
        "region": request.region.name,
        "since": request.starts_on,
        "until": request.ends_on,
        "priority": request.priority,
    }
