"""The life of an obligation, step by step: what the doer does, and what the issuer says to it."""

from coordination.actions.obligations.blocking import stop_waiting, wait_for_obligation
from coordination.actions.obligations.doing import (
    acknowledge_obligation,
    report_obstacle,
    report_progress,
    submit_obligation,
)
from coordination.actions.obligations.extending import (
    ask_extension,
    grant_extension,
    refuse_extension,
    set_due,
)
from coordination.actions.obligations.giving_up import accept_unfeasible, declare_unfeasible
from coordination.actions.obligations.judging import (
    close_obligation,
    return_obligation,
    verify_and_close,
    verify_obligation,
)

__all__ = [
    "accept_unfeasible",
    "acknowledge_obligation",
    "ask_extension",
    "close_obligation",
    "declare_unfeasible",
    "grant_extension",
    "refuse_extension",
    "report_obstacle",
    "report_progress",
    "return_obligation",
    "set_due",
    "stop_waiting",
    "submit_obligation",
    "verify_and_close",
    "verify_obligation",
    "wait_for_obligation",
]
