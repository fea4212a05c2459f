"""Placements (penempatan): new ones, and changes of those that the portal knows by their number."""

from collections.abc import Callable, Sequence, Set
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deployments import actions
from deployments.enums import FINISHED, DeploymentState, DeploymentStatus, Quality, TaskForce
from deployments.intake.lookup import (
    CONTROLLER,
    PLACE,
    REGION,
    UNIT,
    Lookup,
    faults,
    named,
    running,
)
from deployments.models import Deployment
from portal import clock
from portal.access.actor import Actor
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.imports.enums import CellType, RowVerdict
from portal.imports.kinds import Column, Entry, Kind, Values, Verdict, compared, refused
from portal.registry.imports.codes import region_code
from portal.web.language import for_everybody

COLUMNS = (
    UNIT,
    Column(
        "number",
        gettext_lazy("Nomor penempatan"),
        CellType.WHOLE,
        least=1,
        help=gettext_lazy("Kosong untuk penempatan baru; nomor di portal untuk mengubahnya."),
    ),
    REGION,
    PLACE,
    Column(
        "personnel",
        gettext_lazy("Jumlah personel"),
        CellType.WHOLE,
        required=True,
        least=1,
        most=1_000_000,
        example="30",
    ),
    Column(
        "status",
        gettext_lazy("Status"),
        CellType.CHOICE,
        required=True,
        choices=DeploymentStatus.choices,
        example="Siaga",
    ),
    Column(
        "requested",
        gettext_lazy("Masih permintaan"),
        CellType.YES_NO,
        example="Tidak",
        help=gettext_lazy("Ya: belum diperintahkan. Hanya untuk penempatan baru."),
    ),
    CONTROLLER,
    Column("task_force", gettext_lazy("Satuan tugas"), CellType.CHOICE, choices=TaskForce.choices),
    Column("function", gettext_lazy("Fungsi"), most=80, example="Samapta"),
    Column("stage", gettext_lazy("Tahapan"), most=120, help=gettext_lazy("Nama atau kodenya.")),
    Column("task", gettext_lazy("Tugas"), required=True, most=160, example="PAM TPS"),
    Column("contact", gettext_lazy("Kontak"), most=120),
    Column("starts_on", gettext_lazy("Mulai"), CellType.DATE, required=True, example="24/11/2024"),
    Column("ends_on", gettext_lazy("Sampai dengan"), CellType.DATE, example="28 November 2024"),
    Column("source", gettext_lazy("Sumber"), required=True, most=200, example="Sprin/120/XI/2024"),
    Column("as_of", gettext_lazy("Data per"), CellType.DATE, required=True, example="2024-11-20"),
    Column("quality", gettext_lazy("Mutu data"), CellType.CHOICE, choices=Quality.choices),
    Column(
        "reason",
        gettext_lazy("Alasan perubahan"),
        most=300,
        help=gettext_lazy("Wajib bila mengubah penempatan yang sudah diperintahkan."),
    ),
)
IDENTITY = ("unit", "region", "place", "controller", "starts_on")
TEXTS = ("task_force", "function", "contact")
SAME = ("personnel", "status", "task_force", "function", "task", "contact", "source", "quality")


def key(values: Values) -> str:
    if values["number"]:
        return str(values["number"])
    place = (values["place"] or "").casefold()
    controller = (values["controller"] or "").casefold()
    unit, region = values["unit"].casefold(), region_code(values["region"])
    return "|".join(
        [unit, region, place, controller, values["task"].casefold(), values["starts_on"]]
    )


def check(
    actor: Actor,
    rows: Sequence[Values],
    at: datetime,
    brought: Callable[[Set[str]], Set[str]],
) -> list[Verdict]:
    lookup = Lookup.of(actor, running(at), rows)
    return [_judge(lookup, row) for row in rows]


def _judge(lookup: Lookup, row: Values) -> Verdict:
    values = _values(lookup, row)
    if lookup.reasons:
        return refused(lookup.reasons)
    lookup.once(row["number"] or (values["task"].casefold(), *(values[n] for n in IDENTITY)))
    existing = _existing(lookup, row, values)
    if lookup.reasons:
        return refused(lookup.reasons)
    after = _columns(values) | {"requested": bool(row["requested"]) and existing is None}
    if existing is None:
        return compared(None, after | {"number": None})
    return compared(shown(existing), after | {"number": existing.pk}, str(existing.pk))


def _existing(lookup: Lookup, row: Values, values: dict[str, Any]) -> Deployment | None:
    rows = Deployment.objects.visible_to(lookup.actor).filter(operation=lookup.operation)
    rows = rows.select_related("unit__agency", "region", "place", "controller", "stage")
    if row["number"]:
        found = rows.filter(pk=row["number"]).first()
        if found is None or not may(lookup.actor, Permission.DEPLOYMENT_EDIT, found):
            lookup.reasons["number"] = _("Penempatan nomor %(number)d tidak ada dalam lingkup "
                                         "jabatan Anda.") % {"number": row["number"]}  # fmt: skip
        elif found.state in FINISHED:
            lookup.reasons["number"] = _("Penempatan ini sudah berakhir.")
        return found
    same = {name: values[name] for name in ("unit", "region", "place", "controller", "starts_on")}
    return rows.filter(task__iexact=values["task"], **same).exclude(state__in=FINISHED).first()


def _values(lookup: Lookup, row: Values) -> dict[str, Any]:
    lookup.begin()
    day = date.fromisoformat(row["as_of"])
    return {
        "unit": lookup.unit(row),
        "region": lookup.region(row),
        "place": lookup.place(row),
        "personnel": row["personnel"],
        "status": row["status"],
        "controller": lookup.controller(row),
        **{name: row[name] or "" for name in TEXTS},
        "stage": lookup.stage(row),
        "task": row["task"],
        "starts_on": date.fromisoformat(row["starts_on"]),
        "ends_on": date.fromisoformat(row["ends_on"]) if row["ends_on"] else None,
        "source": row["source"],
        "as_of": datetime.combine(day, time(0), tzinfo=clock.WITA),
        "quality": row["quality"] or Quality.REPORTED.value,
    }


def _columns(values: dict[str, Any]) -> Values:
    ends, stage = values["ends_on"], values["stage"]
    return named(values) | {
        **{name: str(values[name]) if name != "personnel" else values[name] for name in SAME},
        "stage": stage.key if stage else "",
        "starts_on": values["starts_on"].isoformat(),
        "ends_on": ends.isoformat() if ends else "",
        "as_of": clock.local(values["as_of"]).date().isoformat(),
    }


def shown(deployment: Deployment) -> Values:
    """A deployment by column."""
    names = (
        *SAME,
        "unit",
        "region",
        "place",
        "controller",
        "stage",
        "starts_on",
        "ends_on",
        "as_of",
    )
    values = {name: getattr(deployment, name) for name in names}
    return _columns(values) | {"number": deployment.pk, "requested": False}


def apply(actor: Actor, rows: Sequence[Entry], at: datetime) -> list[str]:
    operation = running(at)
    lookup = Lookup.of(actor, operation, [row.values for row in rows])
    written = []
    for row in rows:
        values = _values(lookup, row.values)
        if lookup.reasons:
            raise Refused(" ".join(lookup.reasons.values()))
        if row.verdict == RowVerdict.NEW:
            state = DeploymentState.REQUESTED if row.after["requested"] else None
            done = actions.place_deployment(operation, values, by=actor, at=at, state=state)
        else:
            reason = row.values.get("reason") or ""
            done = _change(actor, int(row.object_id), values, at, reason)
        written.append(str(done.pk))
    return written


def _change(actor: Actor, pk: int, values: dict[str, Any], at: datetime, reason: str) -> Deployment:
    current = Deployment.objects.visible_to(actor).get(pk=pk)
    return actions.change_deployment(
        current, values, version=current.version, by=actor, at=at, reason=reason
    )


def undo(actor: Actor, rows: Sequence[Entry], at: datetime) -> None:
    for row in rows:
        found = Deployment.objects.visible_to(actor).select_related(
            "unit__agency", "region", "place", "controller", "stage", "operation"
        )
        deployment = found.filter(pk=row.object_id).first()
        if deployment is None or not may(actor, Permission.DEPLOYMENT_EDIT, deployment):
            raise Refused(_("Penempatan ini tidak ada dalam lingkup jabatan Anda."))
        kept = {"number": deployment.pk, "requested": False}
        if shown(deployment) != row.after | kept:
            raise Refused(_("Penempatan ini sudah diubah sesudah impor, jadi tetap."))
        with for_everybody():
            reason = _("Impor dibatalkan")
        if row.verdict == RowVerdict.NEW:
            actions.withdraw_deployment(deployment, reason=reason, by=actor, at=at)
        else:
            before = {name: value or None for name, value in row.before.items()}
            lookup = Lookup.of(actor, deployment.operation, [before])
            values = _values(lookup, before)
            if lookup.reasons:
                raise Refused(" ".join(lookup.reasons.values()))
            _change(actor, deployment.pk, values, at, reason)


PLACEMENTS = Kind(
    name="penempatan",
    permission=Permission.DEPLOYMENT_EDIT,
    title=gettext_lazy("Penempatan"),
    about=gettext_lazy(
        "Penempatan satuan menurut wilayah, tempat, tugas, dan hari. Baris baru berdiri menurut "
        "statusnya, atau sebagai permintaan."
    ),
    columns=COLUMNS,
    key=key,
    check=check,
    apply=apply,
    undo=undo,
    page="deployments:deployment_list",
    rehearse=True,
    faults=faults,
    limit=5_000,
)
