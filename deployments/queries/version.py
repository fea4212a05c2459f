"""A short name for all that the map's figures depend on; it changes when one of them does."""

import hashlib
from datetime import datetime

from django.db.models import Count, Max, Sum

from deployments.models import (
    Deployment,
    ReadinessThreshold,
    Rollup,
    StrengthDeclaration,
    StrengthTransfer,
)
from deployments.queries.rollup import latest_cut_off
from portal import clock
from portal.registry.models import Boundary, Figure, Operation

REPORTED = ("received", "late", "missing", "verified", "total", "present", "engaged", "conflicts")


def figures_version(operation: Operation, at: datetime) -> str:
    """The state of strength, readiness, published figures and boundaries at that moment, in seven
    questions that a page may ask every second; the day and the cut-off are in it, because figures
    change with them though nobody wrote anything."""
    cut_off = latest_cut_off(operation, at)
    placed = Deployment.objects.filter(operation=operation)
    reported = Rollup.objects.filter(operation=operation, cut_off_at=cut_off)
    sums = {name: Sum(name) for name in REPORTED}
    parts = [
        clock.local(at).date(),
        cut_off,
        placed.aggregate(Count("pk"), Sum("personnel"), Max("updated_at")),
        StrengthDeclaration.objects.filter(operation=operation).aggregate(Max("pk")),
        StrengthTransfer.objects.filter(operation=operation).aggregate(Max("pk")),
        reported.aggregate(Count("pk"), Max("as_of"), **sums),
        Figure.objects.aggregate(Max("pk"), Sum("value")),
        ReadinessThreshold.objects.aggregate(Sum("version"), Sum("ready"), Sum("conditional")),
        Boundary.objects.aggregate(Max("loaded_at")),
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]
