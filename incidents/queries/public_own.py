"""What the holder of a code sees: how far it is, and what officers answered. Never what was sent:
whoever finds the code on a lost telephone does not read it there."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from incidents.enums import PUBLIC_BADGES, MessageKind, PublicState
from incidents.models import PublicMessage, PublicReport, TriageReason
from portal.access import tracking

CODE = "public_report"


@dataclass(frozen=True)
class Answer:
    at: datetime
    text: str


@dataclass(frozen=True)
class OwnReport:
    number: str
    received_at: datetime
    state: tuple[str, str]
    anonymous: bool
    confidential: bool
    photos: int
    additions: list[datetime]
    answers: list[Answer]
    open: bool


def report_of_code(code: str) -> PublicReport | None:
    """The one report that the code opens; anything else finds nothing."""
    known = tracking.digests(CODE, code)
    if not known:
        return None
    rows = PublicReport.objects.defer("stems").select_related("reason")
    return rows.filter(code_hash__in=known).first()


def _state(report: PublicReport, messages: list[PublicMessage]) -> tuple[str, str]:
    """How far it is; what waits but was answered, and not added to since, counts as answered."""
    waits = report.state == PublicState.WAITING
    if waits and messages and messages[-1].kind == MessageKind.ANSWER:
        return "info", _("Sudah dijawab")
    return PUBLIC_BADGES[report.state], report.get_state_display()


def own_page(report: PublicReport) -> OwnReport:
    # A standard answer was stored in Indonesian; who reads in English gets its English words.
    told = {row.answer: row.told for row in TriageReason.objects.all()}
    messages = list(report.messages.order_by("at", "pk"))
    return OwnReport(
        number=report.number,
        received_at=report.received_at,
        state=_state(report, messages),
        anonymous=report.anonymous,
        confidential=report.confidential,
        photos=report.photos.count(),
        additions=[row.at for row in messages if row.kind == MessageKind.ADDITION],
        answers=[
            Answer(row.at, told.get(row.text) or row.text)
            for row in messages
            if row.kind == MessageKind.ANSWER
        ],
        open=report.emptied_at is None,
    )
