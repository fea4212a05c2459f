"""A directive because of an incident."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.actions.shares import Share
from coordination.actions.standing import issue_directive_alone
from coordination.enums import DirectiveState
from coordination.models import Directive
from incidents.actions.texts import refuse_tally
from incidents.models import Incident
from incidents.queries.directives import page_of
from portal.access import policy
from portal.access.actor import Actor
from portal.access.classification import Classification, highest
from portal.access.errors import Refused
from portal.access.permissions import Permission


def direct_from_incident(
    incident: Incident,
    *,
    title: str,
    text: str,
    shares: Sequence[Share],
    by: Actor,
    at: datetime,
    classification: int = Classification.TERBATAS,
    **details: Any,
) -> Directive:
    """Issue a directive whose origin is the incident's number; it is of no lower class. The same
    directive again is the one that is there. `details` are those of `issue_directive_alone`."""
    policy.require(by, Permission.DIRECTIVE_ISSUE)
    refuse_tally(title=title, text=text)
    with transaction.atomic():
        rows = Incident.objects.visible_to(by).filter(pk=incident.pk)
        if not rows.exists():
            raise Refused(_("Kejadian ini tidak terbuka bagi Anda."))
        incident = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
        if incident.merged_into_id:
            raise Refused(_("Kejadian ini sudah digabung ke kejadian lain."))
        if hasattr(incident, "gakkumdu"):
            # A directive would tell its addressees what only the desk may read.
            raise Refused(_("Kejadian ini ditangani Sentra Gakkumdu."))
        origin = page_of(incident)
        before = Directive.objects.filter(
            origin_url=origin,
            issuer_agency_id=by.agency_id,
            title=title,
            text=text.strip(),
            state=DirectiveState.ISSUED,
        ).first()
        if before is not None:
            return before
        return issue_directive_alone(
            by=by,
            at=at,
            title=title,
            text=text,
            shares=shares,
            origin_url=origin,
            origin_label=incident.number,
            classification=highest(classification, incident.classification),
            illustrative=incident.illustrative,
            **details,
        )
