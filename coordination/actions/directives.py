"""Directives: from a passage of the minutes to one obligation per agency or unit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.actions.carry_over import join_agendas
from coordination.actions.following import tell_directive_followers
from coordination.actions.numbering import directive_number
from coordination.actions.obligations.steps import (
    end_waits,
    lock_waits,
    release,
    settle,
    tell_doer,
    write,
)
from coordination.actions.rows import lock, save
from coordination.actions.shares import (
    Due,
    Issuer,
    Share,
    address,
    check_directive,
    latest_due,
    told,
)
from coordination.actions.stops import acknowledge_key, due_key
from coordination.emails import obligation_context, obligation_url
from coordination.enums import (
    OBLIGATION_CLOSED,
    Binding,
    DirectiveKind,
    DirectiveState,
    DueKind,
    MinutesState,
    ObligationState,
    ReportKind,
)
from coordination.models import (
    Addressee,
    AgendaItem,
    Directive,
    Meeting,
    MinutesSection,
    Obligation,
)
from coordination.queries.doers import doers
from coordination.queries.due import due_by_rule
from coordination.queries.origin import ORIGIN
from coordination.rules import require_giving
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.audit.record import record
from portal.notifications.actions import cancel, notify

__all__ = [
    "Due",
    "Share",
    "acknowledge_key",
    "cancel_directive",
    "draft_directive",
    "due_key",
    "edit_directive",
    "issue_directive",
]
BY_DATE = Due()


def draft_directive(
    meeting: Meeting,
    *,
    by: Actor,
    at: datetime,
    title: str,
    text: str,
    shares: Sequence[Share],
    kind: str = DirectiveKind.GUIDANCE,
    binding: str = Binding.AGREEMENT,
    section: MinutesSection | None = None,
    agenda_item: AgendaItem | None = None,
    due: Due = BY_DATE,
    **details: Any,
) -> Directive:
    """Turn a passage or an agenda item into a directive; it binds nobody before the minutes are
    published.

    `details` are further fields of Directive: priority, ground, output, evidence,
    evidence_required, illustrative.
    """
    policy.require(by, Permission.DIRECTIVE_ISSUE)
    policy.require(by, Permission.MINUTES_WRITE, meeting)
    with transaction.atomic():
        meeting = lock(meeting)
        _minutes_open(meeting, section, agenda_item)
        issuer = Issuer(by.agency_id, by.unit_path)
        check_directive(issuer, kind=kind, binding=binding, text=text, shares=shares, at=at)
        directive = Directive.objects.create(
            meeting=meeting,
            section=section,
            agenda_item=agenda_item or (section.agenda_item if section else None),
            title=title,
            text=text.strip(),
            kind=kind,
            binding=binding,
            issuer_agency_id=by.agency_id,
            issuer_post_id=by.post_id,
            default_due_at=latest_due(due, shares, at),
            classification=meeting.classification,
            created_at=at,
            updated_at=at,
            **due.columns,
            **details,
        )
        address(directive, shares)
        record("directive.draft", directive, by=by, at=at, after=told(directive, shares))
    return directive


def edit_directive(
    directive: Directive,
    *,
    by: Actor,
    at: datetime,
    shares: Sequence[Share],
    due: Due = BY_DATE,
    version: int | None = None,
    **values: Any,
) -> Directive:
    """Change a directive that is not issued yet."""
    policy.require(by, Permission.DIRECTIVE_ISSUE, directive)
    with transaction.atomic():
        meeting = _lock_meeting(directive)
        directive = lock(directive, version, "meeting", "issuer_post__unit")
        if directive.state != DirectiveState.DRAFT:
            raise Refused(_("Arahan yang sudah terbit tidak dapat diubah."))
        if meeting is not None:
            _minutes_open(meeting, None, None)
        kind, binding, text = (
            values.get(name, getattr(directive, name)) for name in ("kind", "binding", "text")
        )
        issuer = Issuer(directive.issuer_agency_id, directive.issuer_post.unit.path)
        check_directive(issuer, kind=kind, binding=binding, text=text, shares=shares, at=at)
        before = told(directive, [])
        moment = latest_due(due, shares, at)
        save(directive, default_due_at=moment, **due.columns, **values)
        Directive.objects.filter(pk=directive.pk).update(updated_at=at)
        directive.addressees.all().delete()
        address(directive, shares)
        after = told(directive, shares)
        record("directive.edit", directive, by=by, at=at, before=before, after=after)
    return directive


def issue_directive(directive: Directive, *, by: Actor, at: datetime) -> Directive:
    """Number it, give each addressed agency or unit its obligation, and tell each of them. Called
    while the minutes are being published; one that was issued or cancelled before stays."""
    require_giving(by, directive)
    if directive.state != DirectiveState.DRAFT:
        return directive
    moment = due_by_rule(directive, at) or directive.default_due_at
    number = directive_number(at)
    issued = {"state": DirectiveState.ISSUED, "number": number, "issued_at": at}
    save(directive, default_due_at=moment, **issued)
    record("directive.issue", directive, by=by, at=at, after={"number": directive.number})
    if directive.due_kind != DueKind.DATE:
        directive.addressees.filter(own_due=False).update(due_at=moment)
    for share in directive.addressees.select_related("agency", "unit", "region"):
        _oblige(directive, share, by=by, at=at)
    join_agendas(directive.obligations.select_related("directive__meeting"), by=by, at=at)
    return directive


def _oblige(directive: Directive, share: Addressee, *, by: Actor, at: datetime) -> None:
    stage = None if share.own_due else directive.due_stage
    obligation = Obligation.objects.create(
        directive=directive,
        agency=share.agency,
        unit=share.unit,
        region=share.region,
        is_lead=share.is_lead,
        due_at=share.due_at,
        own_due=share.own_due,
        due_counted_from=stage and stage.starts_at,
        classification=directive.classification,
        illustrative=directive.illustrative,
        created_at=at,
        updated_at=at,
    )
    record("obligation.create", obligation, by=by, at=at, after={"due_at": share.due_at})
    notify(
        "obligation_assigned",
        event_key=f"obligation:{obligation.pk}:assigned",
        context=obligation_context(obligation),
        url=obligation_url(obligation),
        at=at,
        classification=obligation.classification,
        stop_key=acknowledge_key(obligation),
        **doers(obligation),
    )


def cancel_directive(directive: Directive, *, by: Actor, at: datetime, reason: str) -> Directive:
    """Take it back, with a reason; its unfinished obligations end with it, and what agencies
    passed on from them to their units."""
    require_giving(by, directive)
    with transaction.atomic():
        lock_waits()
        if directive.parent_obligation_id is not None:
            lock(Obligation(pk=directive.parent_obligation_id))
        meeting = _lock_meeting(directive)
        directive = lock(directive, None, *ORIGIN)
        if directive.state == DirectiveState.CANCELLED:
            return directive
        if directive.state == DirectiveState.DRAFT and meeting is not None:
            _minutes_open(meeting, None, None)
        if not reason.strip():
            raise Refused(_("Tulis alasannya."), "reason")
        save(directive, state=DirectiveState.CANCELLED, cancel_reason=reason.strip())
        record("directive.cancel", directive, by=by, at=at, after={"reason": reason})
        tell_directive_followers(directive, at=at, key="cancelled")
        _end_all(directive, reason.strip(), by=by, at=at)
    return directive


def _end_all(directive: Directive, reason: str, *, by: Actor, at: datetime) -> None:
    rows = directive.obligations.select_for_update(of=("self",)).select_related("agency", "unit")
    for obligation in rows.order_by("pk"):
        if obligation.state in OBLIGATION_CLOSED:
            continue
        obligation.directive = directive
        for sub in obligation.sub_directives.filter(state=DirectiveState.ISSUED):
            sub = lock(sub, None, *ORIGIN)
            save(sub, state=DirectiveState.CANCELLED, cancel_reason=reason)
            record("directive.cancel", sub, by=by, at=at, after={"reason": reason})
            _end_all(sub, reason, by=by, at=at)
        _end(obligation, reason, by=by, at=at)


def _end(obligation: Obligation, reason: str, *, by: Actor, at: datetime) -> None:
    settle(obligation, by=by, at=at)
    end_waits(obligation.waits.all(), at)
    report = write(
        obligation,
        ReportKind.CANCELLED,
        by=by,
        at=at,
        note=reason,
        state=ObligationState.CANCELLED,
        waiting_since=None,
        closed_at=at,
    )
    cancel(acknowledge_key(obligation), at=at)
    cancel(due_key(obligation), at=at)
    release(obligation, by=by, at=at)
    tell_doer("obligation_cancelled", obligation, report, at=at)


def _lock_meeting(directive: Directive) -> Meeting | None:
    """The rakor of a draft, locked before it as publishing does: a draft belongs to the text that
    agencies read and the chair signs, and changes only while that does."""
    if directive.state != DirectiveState.DRAFT or directive.meeting is None:
        return None
    return lock(directive.meeting)


def _minutes_open(
    meeting: Meeting, section: MinutesSection | None, agenda_item: AgendaItem | None
) -> None:
    minutes = getattr(meeting, "minutes", None)
    if minutes is None:
        raise Refused(_("Mulai notula terlebih dahulu; arahan diambil dari notula."))
    if minutes.state == MinutesState.PUBLISHED:
        raise Refused(_("Notula sudah terbit; arahan baru tidak dapat ditambahkan."))
    if minutes.state != MinutesState.DRAFT:
        raise Refused(_("Notula sedang diedarkan atau sudah disahkan; kembalikan ke draf dahulu."))
    if section is not None and section.minutes_id != minutes.pk:
        raise Refused(_("Bagian ini bukan dari notula rakor ini."), "section")
    if agenda_item is not None and agenda_item.meeting_id != meeting.pk:
        raise Refused(_("Mata acara ini bukan dari rakor ini."), "agenda_item")
