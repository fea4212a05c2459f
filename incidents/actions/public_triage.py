"""What officers do with the public's reports: set aside, follow, take back, answer."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.actions.texts import refuse_tally
from incidents.enums import PUBLIC_MOVES, MessageKind, PublicState
from incidents.models import (
    Incident,
    PublicContact,
    PublicMessage,
    PublicReport,
    TriageReason,
)
from portal.access import policy
from portal.access.actor import Actor
from portal.access.errors import Refused, Stale
from portal.access.permissions import Permission
from portal.accounts.adapters import field_cipher
from portal.audit.record import record

AT_ONCE = 200


@dataclass(frozen=True)
class Sorted:
    """How many of the chosen reports changed, and how many stood otherwise already."""

    changed: int
    left: int


def set_aside(
    reports: Iterable[int],
    reason: TriageReason,
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> Sorted:
    """Set reports aside for a quick reason; each sender is told what that reason says. One that
    was decided meanwhile is left as it is."""

    def decide(report: PublicReport) -> None:
        _move(report, PublicState.SET_ASIDE, by=by, at=at, reason=reason)
        record("public_report.set_aside", report, by=by, at=at, after={"reason": reason.pk})
        if reason.answer:
            _answer(report, reason.answer, by=by, at=at)

    return _each(reports, PublicState.SET_ASIDE, decide, by=by, version=version)


def follow_up(
    reports: Iterable[int],
    incident: Incident,
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> Sorted:
    """Hang reports on an incident that the officer sees. A confidential report goes only to an
    incident of its own class."""
    if not Incident.objects.visible_to(by).filter(pk=incident.pk).exists():
        raise Refused(_("Kejadian ini tidak ada dalam lingkup jabatan Anda."), "incident")

    def decide(report: PublicReport) -> None:
        if report.confidential and incident.classification < report.classification:
            raise Refused(
                _("%(number)s bersifat rahasia: kaitkan dengan kejadian berklasifikasi Rahasia.")
                % {"number": report.number},
                "incident",
            )
        _move(report, PublicState.FOLLOWED, by=by, at=at, incident=incident)
        record("public_report.follow", report, by=by, at=at, after={"incident": incident.pk})

    return _each(reports, PublicState.FOLLOWED, decide, by=by, version=version)


def take_back(
    reports: Iterable[int], *, by: Actor, at: datetime, version: int | None = None
) -> Sorted:
    """Put reports back among those that wait."""

    def decide(report: PublicReport) -> None:
        before = {"state": report.state}
        _move(report, PublicState.WAITING, by=by, at=at)
        record("public_report.take_back", report, by=by, at=at, before=before)

    return _each(reports, PublicState.WAITING, decide, by=by, version=version)


def answer_report(report: PublicReport, *, text: str, by: Actor, at: datetime) -> PublicMessage:
    """Answer whoever sent it; they read it with their code."""
    if not text.strip():
        raise Refused(_("Tulis jawabannya."), "text")
    refuse_tally(text=text)
    with transaction.atomic():
        report = _locked(by).get(pk=report.pk)
        policy.require(by, Permission.PUBLIC_REPORT_TRIAGE, report)
        return _answer(report, text.strip(), by=by, at=at)


def open_contact(report: PublicReport, *, by: Actor, at: datetime) -> dict[str, str]:
    """How the sender wishes to be reached: `name` and `reach`. Each opening is recorded; where it
    was declined there is nothing to open."""
    policy.require(by, Permission.PUBLIC_REPORT_TRIAGE, report)
    with transaction.atomic():
        contact = PublicContact.objects.filter(report_id=report.pk).first()
        if contact is None:
            raise Refused(_("Pelapor tidak meninggalkan kontak, atau masa simpannya sudah lewat."))
        record("public_report.open_contact", report, by=by, at=at)
    return json.loads(field_cipher().decrypt(contact.sealed.encode()))


def _locked(by: Actor) -> Any:
    rows = PublicReport.objects.visible_to(by).select_for_update(of=("self",))
    return rows.select_related("subject__type").defer("stems").order_by("pk")


def _each(
    reports: Iterable[int],
    state: str,
    decide: Callable[[PublicReport], None],
    *,
    by: Actor,
    version: int | None,
) -> Sorted:
    chosen = set(reports)
    if not chosen:
        raise Refused(_("Pilih laporannya lebih dahulu."), "ids")
    if len(chosen) > AT_ONCE:
        raise Refused(_("Pilih paling banyak %(most)s laporan.") % {"most": AT_ONCE}, "ids")
    changed = 0
    with transaction.atomic():
        rows = list(_locked(by).filter(pk__in=chosen))
        for report in rows:
            policy.require(by, Permission.PUBLIC_REPORT_TRIAGE, report)
            if version is not None and report.version != version:
                raise Stale(
                    _("Laporan ini sudah diubah orang lain sejak Anda membukanya."), current=report
                )
            if state in PUBLIC_MOVES[report.state]:
                decide(report)
                changed += 1
    return Sorted(changed, len(chosen) - changed)


def _move(
    report: PublicReport,
    state: str,
    *,
    by: Actor,
    at: datetime,
    reason: TriageReason | None = None,
    incident: Incident | None = None,
) -> None:
    report.state, report.reason, report.incident = state, reason, incident
    report.decided_by_id, report.decided_at = by.post_id, at
    report.version += 1
    report.save(
        update_fields=["state", "reason", "incident", "decided_by", "decided_at", "version"]
    )


def _answer(report: PublicReport, text: str, *, by: Actor, at: datetime) -> PublicMessage:
    message = PublicMessage.objects.create(
        report=report, kind=MessageKind.ANSWER, text=text, post_id=by.post_id, at=at
    )
    report.answered_at = at
    report.save(update_fields=["answered_at"])
    record("public_report.answer", report, by=by, at=at, after={"message": message.pk})
    return message
