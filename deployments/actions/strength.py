"""Announced totals."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from deployments.actions.ledger import settle_declarations
from deployments.models import StrengthDeclaration
from portal import clock
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.audit.record import record
from portal.registry.models import Agency, Operation
from portal.web.language import for_everybody


def declare_strength(
    operation: Operation,
    agency: Agency,
    *,
    total: int,
    source: str,
    as_of: datetime,
    by: Actor,
    at: datetime,
    final: bool = False,
    illustrative: bool = False,
) -> StrengthDeclaration:
    """Record the total an agency announced. The same moment again returns the row there is. Raises
    Refused for a moment that has not come while the operation runs, for no page would show the
    figure; for one that has not begun the plan is declared."""
    if as_of > at and operation.starts_on <= clock.local(at).date():
        raise Refused(_("Waktu ini belum tiba."), "as_of")
    with transaction.atomic():
        declaration, created = StrengthDeclaration.objects.get_or_create(
            operation=operation,
            agency=agency,
            as_of=as_of,
            defaults={
                "total": total,
                "source": source,
                "final": final,
                "illustrative": illustrative,
                "created_at": at,
            },
        )
        if created:
            after = {"total": total, "source": source, "as_of": as_of, "final": final}
            record("strength.declare", declaration, by=by, at=at, after=after)
            with for_everybody():
                reason = _("Kekuatan dinyatakan")
            settle_declarations(operation, agency, by=by, at=at, reason=reason)
    return declaration
