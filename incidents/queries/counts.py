"""How many incidents, by severity, state and region."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from incidents.enums import (
    OPEN,
    URGENT,
    IncidentState,
    Severity,
)
from incidents.models import Incident
from portal import clock
from portal.access.actor import Actor


@dataclass(frozen=True)
class IncidentSummary:
    """How many incidents the post sees that were reported until a moment.

    `by_severity` and `by_state` name every severity and state, also with zero. `urgent` are open
    ones of severity Tinggi or Kritis; `today` were reported since midnight WITA.
    """

    total: int
    open: int
    urgent: int
    today: int
    by_severity: dict[int, int]
    by_state: dict[str, int]


def incident_summary(actor: Actor, at: datetime) -> IncidentSummary:
    rows = Incident.objects.visible_to(actor).apart().filter(reported_at__lte=at)
    counted = rows.order_by().values_list("severity", "state").annotate(n=Count("pk"))
    severities, states = Counter[int](), Counter[str]()
    open_, urgent = 0, 0
    for severity, state, n in counted:
        severities[severity] += n
        states[state] += n
        if state in OPEN:
            open_ += n
            urgent += n if severity >= URGENT else 0
    midnight = clock.midnight(clock.local(at).date())
    return IncidentSummary(
        total=sum(states.values()),
        open=open_,
        urgent=urgent,
        today=rows.filter(reported_at__gte=midnight).count(),
        by_severity={severity: severities[severity] for severity in Severity.values},
        by_state={state: states[state] for state in IncidentState.values},
    )
