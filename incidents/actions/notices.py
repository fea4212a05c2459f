"""Whom an incident is told to."""

from datetime import datetime

from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from incidents.emails import account_context, field_report_url, incident_context, incident_url
from incidents.enums import URGENT, Severity
from incidents.models import Account, FieldReport, Incident, IncidentUpdate
from portal.accounts.enums import Role
from portal.accounts.models import Post
from portal.notifications.actions import notify


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


def tell_referred(incident: Incident, update: IncidentUpdate, *, at: datetime) -> None:
    """The agency that now leads learns of it."""
    notify(
        "incident_referred",
        event_key=f"incident:{incident.pk}:referred:{update.pk}",
        agencies=[incident.lead_agency_id],
        context=incident_context(incident, reason=update.text),
        url=incident_url(incident),
        at=at,
        classification=incident.classification,
    )


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
