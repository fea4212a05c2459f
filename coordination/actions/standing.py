"""Directives outside a rakor: one that stands alone, and what an agency passes on to its units."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.actions.directives import BY_DATE, issue_directive
from coordination.actions.obligations.doing import stop_waits, taken
from coordination.actions.obligations.steps import write
from coordination.actions.rows import move_obligation
from coordination.actions.shares import (
    Due,
    Issuer,
    Share,
    address,
    check_directive,
    latest_due,
    told,
)
from coordination.enums import (
    OBLIGATION_WITH_AGENCY,
    Binding,
    DirectiveKind,
    ObligationState,
    ReportKind,
)
from coordination.models import Directive, Obligation
from portal.access import policy
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.audit.record import record
from portal.registry.models import Unit
from portal.web.templatetags.portal import wita


def issue_directive_alone(
    *,
    by: Actor,
    at: datetime,
    title: str,
    text: str,
    shares: Sequence[Share],
    ground: str = "",
    kind: str = DirectiveKind.GUIDANCE,
    binding: str = Binding.REQUEST,
    due: Due = BY_DATE,
    origin_url: str = "",
    origin_label: str = "",
    classification: int = Classification.TERBATAS,
    **details: Any,
) -> Directive:
    """Issue a directive that comes from no rakor, at once: with number, obligations and notices.

    It names its ground, or the page of another app's record (`origin_url`, a path of the portal,
    and `origin_label`). `details` are further fields: priority, output, evidence,
    evidence_required, illustrative.
    """
    policy.require(by, Permission.DIRECTIVE_ISSUE)
    if not ground.strip() and not origin_url:
        raise Refused(_("Tulis dasar arahan: surat, peristiwa, atau pertimbangannya."), "ground")
    if origin_url and (not origin_url.startswith("/") or origin_url.startswith("//")):
        raise Refused(_("Asal arahan harus halaman portal ini."))
    if classification > by.clearance:
        raise Refused(_("Klasifikasi melebihi kewenangan Anda."), "classification")
    with transaction.atomic():
        issuer = Issuer(by.agency_id, by.unit_path)
        check_directive(issuer, kind=kind, binding=binding, text=text, shares=shares, at=at)
        directive = _drafted(
            by=by,
            at=at,
            shares=shares,
            title=title,
            text=text.strip(),
            ground=ground.strip(),
            origin_url=origin_url,
            origin_label=origin_label,
            kind=kind,
            binding=binding,
            default_due_at=latest_due(due, shares, at),
            classification=classification,
            **due.columns,
            **details,
        )
        return issue_directive(directive, by=by, at=at)


def delegate_obligation(
    obligation: Obligation,
    *,
    by: Actor,
    at: datetime,
    title: str,
    text: str,
    units: Sequence[Unit],
    due_at: datetime,
    version: int | None = None,
    **details: Any,
) -> Directive:
    """Pass the agency's share on to its units as an order inside its own chain. Their progress
    rolls up into the agency's, which can be submitted when none of theirs is open.

    `details` are further fields of Directive: priority, output, evidence, evidence_required.
    """
    policy.require(by, Permission.DIRECTIVE_DELEGATE, obligation)
    with transaction.atomic():
        obligation = taken(obligation, by=by, at=at, version=version)
        if obligation.state not in OBLIGATION_WITH_AGENCY:
            raise Refused(_("Hanya tindak lanjut yang masih dikerjakan dapat diteruskan."))
        shares = [
            Share(obligation.agency, due_at, unit=unit, region=unit_region(unit)) for unit in units
        ]
        if not shares:
            raise Refused(_("Pilih paling sedikit satu satuan."), "units")
        if due_at > obligation.due_at:
            raise Refused(
                _("Tenggat satuan tidak dapat melewati tenggat instansinya (%(due)s).")
                % {"due": wita(obligation.due_at)},
                "due_at",
            )
        issuer = Issuer(by.agency_id, by.unit_path)
        order = {"kind": DirectiveKind.ORDER, "binding": Binding.ORDER}
        check_directive(issuer, text=text, shares=shares, at=at, **order)
        directive = _drafted(
            by=by,
            at=at,
            shares=shares,
            parent_obligation=obligation,
            title=title,
            text=text.strip(),
            default_due_at=due_at,
            classification=obligation.classification,
            illustrative=obligation.illustrative,
            **order,
            **details,
        )
        issue_directive(directive, by=by, at=at)
        if obligation.state != ObligationState.IN_PROGRESS:
            move_obligation(obligation, ObligationState.IN_PROGRESS)
        stop_waits(obligation, at=at)
        write(
            obligation,
            ReportKind.DELEGATED,
            by=by,
            at=at,
            note=f"{directive.number}: {', '.join(unit.short_name for unit in units)}",
            state=ObligationState.IN_PROGRESS,
            obstacle="",
        )
    return directive


def unit_region(unit: Unit) -> Any:
    """Where a unit's share lies: the regency of its seat; a unit of the whole province has none."""
    return None if unit.parent_id is None else unit.seat


def _drafted(*, by: Actor, at: datetime, shares: Sequence[Share], **values: Any) -> Directive:
    directive = Directive.objects.create(
        issuer_agency_id=by.agency_id,
        issuer_post_id=by.post_id,
        created_at=at,
        updated_at=at,
        **values,
    )
    address(directive, shares)
    record("directive.draft", directive, by=by, at=at, after=told(directive, shares))
    return directive
