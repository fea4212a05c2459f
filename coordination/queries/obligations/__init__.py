"""Rows of the follow-up matrix and of the page of one obligation."""

from coordination.queries.obligations.facts import (
    evidence_words,
    kind_and_binding,
    obligation_facts,
)
from coordination.queries.obligations.history import history
from coordination.queries.obligations.links import Links, blockers, links, passed_on
from coordination.queries.obligations.rows import (
    ROUTE,
    ObligationRow,
    basis,
    obligation_rows,
    obligations,
)
from coordination.queries.obligations.steps import Possible, next_step, possible

__all__ = [
    "ROUTE",
    "Links",
    "ObligationRow",
    "Possible",
    "basis",
    "blockers",
    "evidence_words",
    "history",
    "kind_and_binding",
    "links",
    "next_step",
    "obligation_facts",
    "obligation_rows",
    "obligations",
    "passed_on",
    "possible",
]
