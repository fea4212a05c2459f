"""Rosters: who stands in a placement by name, rank and NRP. Only the owning agency brings them."""

from collections.abc import Callable, Sequence, Set
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deployments import actions
from deployments.models import Deployment, RosterMember
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.imports.enums import RowVerdict
from portal.imports.kinds import Column, Entry, Kind, Values, Verdict, compared, refused

PERSON = ("name", "rank", "nrp")
COLUMNS = (
    Column(
        "number",
        gettext_lazy("Nomor penempatan"),
        required=True,
        most=12,
        example="17",
        help=gettext_lazy("Nomor penempatan di portal."),
    ),
    Column("name", gettext_lazy("Nama"), required=True, most=120, example="Nama lengkap"),
    Column("rank", gettext_lazy("Pangkat"), required=True, most=60, example="Bripka"),
    Column(
        "nrp",
        gettext_lazy("NRP"),
        required=True,
        most=30,
        example="87010123",
        help=gettext_lazy("Angka saja; spasi dan titik diabaikan."),
    ),
)


def key(values: Values) -> str:
    return f"{values['number'].strip()}|{_digits(values['nrp'])}"


def check(
    actor: Actor,
    rows: Sequence[Values],
    at: datetime,
    brought: Callable[[Set[str]], Set[str]],
) -> list[Verdict]:
    return [_judge(actor, row) for row in rows]


def _judge(actor: Actor, row: Values) -> Verdict:
    deployment = _deployment(actor, row["number"])
    if deployment is None:
        return refused({"number": _("Penempatan ini tidak ada dalam lingkup jabatan Anda.")})
    after = _columns(row, deployment)
    member = deployment.roster.filter(nrp=after["nrp"]).first()
    if member is None:
        return compared(None, after)
    return compared(shown(member), after, str(member.pk))


def _deployment(actor: Actor, number: str) -> Deployment | None:
    digits = number.strip()
    if not (digits.isascii() and digits.isdigit()):
        return None
    rows = Deployment.objects.visible_to(actor).select_related("unit__agency")
    found = rows.filter(pk=int(digits)).first()
    return found if found and may(actor, Permission.ROSTER_EDIT, found) else None


def _columns(row: Values, deployment: Deployment) -> Values:
    words = {name: " ".join(row[name].split()) for name in ("name", "rank")}
    return {"number": str(deployment.pk), **words, "nrp": _digits(row["nrp"])}


def _digits(nrp: str) -> str:
    return nrp.replace(" ", "").replace(".", "")


def shown(member: RosterMember) -> Values:
    """A person of a roster by column."""
    return {
        "number": str(member.deployment_id),
        **{name: getattr(member, name) for name in PERSON},
    }


def apply(actor: Actor, rows: Sequence[Entry], at: datetime) -> list[str]:
    written = []
    for row in rows:
        deployment = _deployment(actor, row.values["number"])
        if deployment is None:
            raise Refused(_("Penempatan ini tidak ada dalam lingkup jabatan Anda."))
        if row.verdict == RowVerdict.NEW:
            done = actions.add_roster_member(deployment, row.after, by=actor, at=at)
        else:
            done = _change(actor, row.object_id, row.after, at)
        written.append(str(done.pk))
    return written


def _change(actor: Actor, pk: str, values: Values, at: datetime) -> RosterMember:
    current = RosterMember.objects.visible_to(actor).get(pk=pk)
    return actions.change_roster_member(current, values, version=current.version, by=actor, at=at)


def undo(actor: Actor, rows: Sequence[Entry], at: datetime) -> None:
    for row in rows:
        rosters = RosterMember.objects.visible_to(actor).select_related("deployment__unit__agency")
        member = rosters.filter(pk=row.object_id or 0).first()
        if member is None or not may(actor, Permission.ROSTER_EDIT, member.deployment):
            raise Refused(_("Entri ini tidak ada lagi dalam daftar nama."))
        if shown(member) != row.after:
            raise Refused(_("Entri ini sudah diubah sesudah impor, jadi tetap."))
        if row.verdict == RowVerdict.NEW:
            actions.remove_roster_member(member, by=actor, at=at)
        else:
            _change(actor, row.object_id, row.before, at)


ROSTERS = Kind(
    name="daftar-nama",
    permission=Permission.ROSTER_EDIT,
    title=gettext_lazy("Daftar nama penempatan"),
    about=gettext_lazy(
        "Nama, pangkat, dan NRP personel per penempatan. Hanya instansi pemilik yang memasukkan "
        "dan membacanya."
    ),
    columns=COLUMNS,
    key=key,
    check=check,
    apply=apply,
    undo=undo,
    page="deployments:deployment_list",
    rehearse=True,
    limit=5_000,
)
