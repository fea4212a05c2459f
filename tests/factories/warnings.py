"""Rules of early warning for tests; what they find is written by the incidents' own factories."""

from decimal import Decimal
from typing import Any

from incidents.actions.warnings import evaluate_incident
from incidents.enums import Severity
from incidents.enums.warning import Certainty, RuleArea, RuleKind, Urgency
from incidents.models import EarlyWarning, WarningRule
from portal.access.actor import SYSTEM, Actor
from tests.factories.incidents import AT, report

DISTRICT = "63.03.17"


def rule(code: str = "uji", **fields: Any) -> WarningRule:
    """Two floods in one kecamatan within three days, unless told otherwise."""
    values: dict[str, Any] = {
        "position": 1,
        "kind": RuleKind.COUNT,
        "name": "Banjir berulang",
        "name_en": "Repeated floods",
        "types": "F1",
        "min_severity": Severity.LOW,
        "area": RuleArea.DISTRICT,
        "threshold": 2,
        "window_hours": 72,
        "factor": Decimal(1),
        "weeks": 4,
        "urgency": Urgency.IMMEDIATE,
        "certainty": Certainty.LIKELY,
        "valid_hours": 24,
        "instruction": "Siapkan jalur cadangan.",
        "instruction_en": "Prepare a reserve route.",
    }
    return WarningRule.objects.create(code=code, **values | fields)


def raised(by: Actor, *, at=AT, **fields: Any) -> EarlyWarning:
    """The warning of the rule above, after two floods in one kecamatan."""
    if not WarningRule.objects.filter(pk="uji").exists():
        rule()
    for _each in range(2):
        incident = report(by, at=at, **{"region": DISTRICT} | fields)
    (warning,) = evaluate_incident(incident, by=SYSTEM, at=at)
    return warning
