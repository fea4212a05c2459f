"""Whose turn it is, and which steps the reader may take."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from coordination.enums import OBLIGATION_CLOSED, OBLIGATION_WITH_AGENCY, ObligationState
from coordination.models import Obligation
from coordination.queries.obligations.links import Links
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.access.policy import may


def next_step(obligation: Obligation, asked: bool) -> str:
    """Who is to do what now, in one sentence."""
    issuer = obligation.directive.issuer_agency.short_name
    names = {"doer": obligation.doer, "issuer": issuer}
    if asked:
        return _("%(issuer)s memutuskan permohonan perpanjangan.") % names
    steps = {
        ObligationState.OPEN: _("%(doer)s menyatakan arahan diterima."),
        ObligationState.ACKNOWLEDGED: _("%(doer)s melaksanakan dan melaporkan kemajuan."),
        ObligationState.IN_PROGRESS: _("%(doer)s melaporkan kemajuan sampai selesai."),
        ObligationState.BLOCKED: _("%(doer)s melanjutkan setelah kendala teratasi."),
        ObligationState.AWAITING: _("%(issuer)s memeriksa dan memverifikasi laporan."),
        ObligationState.VERIFIED: _("%(issuer)s menutup tindak lanjut."),
        ObligationState.DECLARED: _("%(issuer)s menerima atau menolak alasannya."),
    }
    return (
        str(steps[ObligationState(obligation.state)]) % names if (obligation.state in steps) else ""
    )


@dataclass(frozen=True)
class Possible:
    """Which steps the page of an obligation offers to the reader."""

    acknowledge: bool = False
    report: bool = False
    delegate: bool = False
    ask_extension: bool = False
    wait: bool = False
    stop_waiting: bool = False
    declare: bool = False
    verify: bool = False
    decide_extension: bool = False
    set_due: bool = False
    decide_unfeasible: bool = False


def possible(obligation: Obligation, actor: Actor, links: Links) -> Possible:
    state = obligation.state
    if state in OBLIGATION_CLOSED:
        return Possible()
    doer = may(actor, Permission.OBLIGATION_ANSWER, obligation)
    working = doer and state in OBLIGATION_WITH_AGENCY
    taken = working and state != ObligationState.OPEN
    judges = may(actor, Permission.OBLIGATION_VERIFY, obligation)
    asked = links.extension is not None
    waits = bool(links.waits_for)
    return Possible(
        acknowledge=working and not taken,
        report=working,
        delegate=taken and not waits and may(actor, Permission.DIRECTIVE_DELEGATE, obligation),
        ask_extension=taken and not asked,
        wait=taken and (waits or state != ObligationState.BLOCKED),
        stop_waiting=taken and waits,
        declare=taken,
        verify=judges and state in {ObligationState.AWAITING, ObligationState.VERIFIED},
        decide_extension=judges and asked,
        set_due=judges and not asked and state in OBLIGATION_WITH_AGENCY,
        decide_unfeasible=judges and state == ObligationState.DECLARED,
    )
