"""Whom an incident is told to."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.urls import reverse

from incidents.emails import (
    account_context,
    ended_context,
    field_report_url,
    incident_context,
    incident_url,
    request_context,
    request_end_context,
    shift_context,
    shift_url,
)
from incidents.enums import URGENT, Severity
from incidents.enums.requests import RequestState
from incidents.models import Account, AgencyRequest, FieldReport, Incident, ShiftHandover
from portal.access.actor import Actor
from portal.accounts.enums import Role
from portal.accounts.models import Post
from portal.accounts.models.post import PostQuerySet
from portal.notifications.actions import cancel, notify


def tell_reported(incident: Incident, *, at: datetime) -> None:
    """Urgent ones reach the leading agency and the posko of the region at once; critical ones also
    the coordinators and commanders of the region."""
    if incident.severity < URGENT:
        return
    roles = [Role.POSKO_OPERATOR]
    if incident.severity == Severity.CRITICAL:
        roles += [Role.COORDINATOR, Role.COMMANDER]
    notify(
        "incident_reported",
        event_key=f"incident:{incident.pk}:reported",
        posts=_watching(incident, roles),
        agencies=[incident.lead_agency_id],
        context=incident_context(incident),
        url=incident_url(incident),
        at=at,
        classification=incident.classification,
    )


def tell_incident_ended(incident: Incident, reason: str, *, by: Actor, at: datetime) -> None:
    """Another agency's officer ended it: the leading agency's liaisons and command posts that watch
    there learn of it, and can reopen it. Of what is at Sentra Gakkumdu only the desk knows."""
    if by.agency_id == incident.lead_agency_id or hasattr(incident, "gakkumdu"):
        return
    posts = Post.objects.of_agencies([incident.lead_agency_id]).filter(
        clearance__gte=incident.classification
    )
    there = f"{incident.region_id}."
    notify(
        "incident_ended",
        event_key=f"incident:{incident.pk}:ended:{incident.version}",
        posts=[
            post
            for post in posts.with_role(Role.LIAISON, Role.POSKO_OPERATOR)
            if not post.region_id or there.startswith(f"{post.region_id}.")
        ],
        context=ended_context(incident, reason, by),
        url=incident_url(incident),
        at=at,
        classification=incident.classification,
    )


def tell_field_report(report: FieldReport, *, at: datetime) -> None:
    """Urgent ones reach the posko of the region at once, critical ones its coordinators too."""
    if report.severity < URGENT:
        return
    roles = [Role.POSKO_OPERATOR]
    if report.severity == Severity.CRITICAL:
        roles.append(Role.COORDINATOR)
    notify(
        "field_report_urgent",
        event_key=f"field_report:{report.pk}:sent",
        posts=_watching(report, roles),
        context=account_context(report),
        url=field_report_url(report),
        at=at,
        classification=report.classification,
    )


def readers_of(agency_id: int, incident: Incident) -> PostQuerySet:
    """The liaisons of an agency who may read the incident."""
    liaisons = Post.objects.of_agencies([agency_id]).with_role(Role.LIAISON)
    return liaisons.filter(clearance__gte=incident.classification)


def tell_asked(request: AgencyRequest, *, at: datetime) -> None:
    """The agency that is asked learns of it, until it has answered."""
    _tell_of(request, "request_received", readers_of(request.agency_id, request.incident), at)


def tell_answered(request: AgencyRequest, *, at: datetime) -> None:
    """Who asked learns what was answered; the question needs no reminder any more."""
    cancel(_stop_key(request), at=at)
    _tell_of(request, "request_answered", _senders(request), at)


def tell_ended(request: AgencyRequest, *, at: datetime) -> None:
    """Who was asked learns that nothing is asked any more. It may not see the incident now, so it
    is led to its inbox."""
    cancel(_stop_key(request), at=at)
    receivers = readers_of(request.agency_id, request.incident)
    notify(
        "request_ended",
        event_key=f"{_stop_key(request)}:{request.state}",
        posts=receivers,
        context=request_end_context(request),
        url=reverse("notifications:inbox"),
        at=at,
        classification=request.incident.classification,
    )


def tell_shift(handover: ShiftHandover, *, at: datetime) -> None:
    """The post that is to take the shift over, until somebody has signed."""
    notify(
        "shift_handed",
        event_key=_shift_key(handover),
        posts=[handover.to_post],
        context=shift_context(handover),
        url=shift_url(handover),
        at=at,
        classification=handover.classification,
        stop_key=_shift_key(handover),
    )


def stop_shift(handover: ShiftHandover, *, at: datetime) -> None:
    """It is signed, or another one took its place: nothing to sign any more."""
    cancel(_shift_key(handover), at=at)


def _shift_key(handover: ShiftHandover) -> str:
    return f"shift:{handover.pk}"


def _senders(request: AgencyRequest) -> list[Post]:
    asking = Post.objects.filter(pk=request.asked_by_id, is_active=True)
    cleared = asking.filter(clearance__gte=request.incident.classification)
    return [*cleared, *readers_of(request.from_agency_id, request.incident)]


def _tell_of(request: AgencyRequest, kind: str, posts: Iterable[Post], at: datetime) -> None:
    incident = request.incident
    notify(
        kind,
        event_key=f"{_stop_key(request)}:{request.state}",
        posts=posts,
        context=request_context(request),
        url=incident_url(incident),
        at=at,
        classification=incident.classification,
        stop_key=_stop_key(request) if request.state == RequestState.WAITING else "",
    )


def _stop_key(request: AgencyRequest) -> str:
    return f"request:{request.pk}"


def _watching(account: Account, roles: list[Role]):
    """Posts with these roles whose region is the account's or contains it. Who reported it knows,
    and who may not see it is not told."""
    inside = Q(region_id=account.region_id) | Q(whole__startswith=F("prefix"))
    return (
        Post.objects.with_role(*roles)
        .filter(region__isnull=False, clearance__gte=account.classification)
        .annotate(whole=Value(account.region_id), prefix=Concat("region_id", Value(".")))
        .filter(inside)
        .exclude(pk=account.reporter_post_id)
    )
