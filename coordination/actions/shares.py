"""To whom a directive speaks and until when, checked before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from coordination.actions.rows import plain
from coordination.enums import Binding, DirectiveKind, DueKind
from coordination.models import Addressee, Directive
from coordination.queries.due import stage_due, working_days_due
from portal.access.errors import Refused
from portal.registry.models import Agency, Region, Stage, Unit

LONGEST_DAYS = 365


@dataclass(frozen=True)
class Share:
    """An agency, or one of its units, that is addressed, and by when; without a time of its own it
    follows the directive's."""

    agency: Agency
    due_at: datetime | None = None
    is_lead: bool = False
    unit: Unit | None = None
    region: Region | None = None

    @property
    def name(self) -> str:
        return self.unit.short_name if self.unit else self.agency.short_name


@dataclass(frozen=True)
class Due:
    """A due time by rule: so many working days after issue, or so many days from a stage's
    beginning. As a plain date it is `Share.due_at` or `at`."""

    kind: str = DueKind.DATE
    at: datetime | None = None
    days: int | None = None
    stage: Stage | None = None
    offset: int = 0

    def moment(self, issued_at: datetime) -> datetime | None:
        """What the rule gives if the directive were issued then. Raises Refused if it says
        nothing."""
        if self.kind == DueKind.WORKING_DAYS:
            if self.days is None or not 1 <= self.days <= LONGEST_DAYS:
                raise Refused(_("Isi jumlah hari kerja, 1 sampai 365."), "due_days")
            return working_days_due(issued_at, self.days)
        if self.kind == DueKind.STAGE:
            if self.stage is None:
                raise Refused(_("Pilih tahapannya."), "due_stage")
            if not -LONGEST_DAYS <= self.offset <= LONGEST_DAYS:
                raise Refused(_("Selisih hari paling banyak 365."), "due_offset")
            return stage_due(self.stage.starts_at, self.offset)
        return self.at

    @property
    def columns(self) -> dict[str, Any]:
        """The directive's fields; what the kind has no use for is emptied."""
        by_stage = self.kind == DueKind.STAGE
        return {
            "due_kind": self.kind,
            "due_days": self.days if self.kind == DueKind.WORKING_DAYS else None,
            "due_stage": self.stage if by_stage else None,
            "due_offset": self.offset if by_stage else 0,
        }


@dataclass(frozen=True)
class Issuer:
    """Whose chain an order runs in: the agency, and the path of the unit that gives it."""

    agency_id: int | None
    unit_path: str

    def commands(self, share: Share) -> bool:
        """Below the issuer in its own agency; the agency as a whole only from its head."""
        if share.agency.pk != self.agency_id or not self.unit_path:
            return False
        if share.unit is None:
            return "/" not in self.unit_path
        return share.unit.path.startswith(self.unit_path + "/")


def check_directive(
    issuer: Issuer,
    *,
    kind: str,
    binding: str,
    text: str,
    shares: Sequence[Share],
    at: datetime,
) -> None:
    """Raises Refused, with the field, where the directive cannot be given so."""
    if not text.strip():
        raise Refused(_("Isi arahan belum ditulis."), "text")
    if not shares:
        raise Refused(_("Pilih paling sedikit satu instansi."), "agencies")
    if (kind == DirectiveKind.ORDER) != (binding == Binding.ORDER):
        raise Refused(_("Jenis “Perintah” dan sifat “Perintah” hanya berlaku bersama."), "binding")
    _check_shares(shares)
    outside = list(dict.fromkeys(share.name for share in shares if not issuer.commands(share)))
    if binding == Binding.ORDER and outside:
        raise Refused(
            _(
                "Perintah hanya berlaku di rantai komando sendiri. Untuk %(agencies)s gunakan "
                "kesepakatan atau permintaan."
            )
            % {"agencies": ", ".join(outside)},
            "binding",
        )
    if any(share.due_at is not None and share.due_at <= at for share in shares):
        raise Refused(_("Tenggat harus di waktu yang akan datang."), "due_at")


def _check_shares(shares: Sequence[Share]) -> None:
    seen = set()
    for share in shares:
        if share.unit is not None and share.unit.agency_id != share.agency.pk:
            raise Refused(
                _("%(unit)s bukan satuan %(agency)s.")
                % {"unit": share.unit.short_name, "agency": share.agency.short_name},
                "agencies",
            )
        key = (share.agency.pk, share.unit and share.unit.pk)
        if key in seen:
            raise Refused(_("%(name)s disebut dua kali.") % {"name": share.name}, "agencies")
        seen.add(key)
    if sum(share.is_lead for share in shares) > 1:
        raise Refused(_("Penanggung jawab hanya satu."), "lead")


FIELD = {DueKind.WORKING_DAYS: "due_days", DueKind.STAGE: "due_stage"}


def latest_due(due: Due, shares: Sequence[Share], at: datetime) -> datetime:
    """The due time that stands on the directive. Raises Refused when some share has none, or when
    what the rule gives has passed."""
    moment = due.moment(at)
    if moment is not None:
        if moment <= at:
            field = FIELD.get(DueKind(due.kind), "due_at")
            raise Refused(_("Tenggat harus di waktu yang akan datang."), field)
        return moment
    own = [share.due_at for share in shares if share.due_at is not None]
    if len(own) < len(shares):
        raise Refused(_("Isi tenggatnya."), "due_at")
    return max(own)


def address(directive: Directive, shares: Sequence[Share]) -> None:
    Addressee.objects.bulk_create(
        Addressee(
            directive=directive,
            agency=share.agency,
            unit=share.unit,
            region=share.region,
            due_at=share.due_at or directive.default_due_at,
            own_due=share.due_at is not None and share.due_at != directive.default_due_at,
            is_lead=share.is_lead,
        )
        for share in shares
    )


def told(directive: Directive, shares: Sequence[Share]) -> dict[str, Any]:
    """The directive as the audit keeps it."""
    return {
        "title": directive.title,
        "text": directive.text,
        "kind": directive.kind,
        "binding": directive.binding,
        "shares": {
            share.unit.slug if share.unit else share.agency.slug: plain(
                share.due_at or directive.default_due_at
            )
            for share in shares
        },
    }
