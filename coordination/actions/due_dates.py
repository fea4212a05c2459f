"""Due times that follow a stage, moved when the stage has moved."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.actions.obligations.steps import write
from coordination.actions.rows import lock
from coordination.actions.stops import due_key
from coordination.emails import obligation_url, stage_moved_context, stamp
from coordination.enums import ReportKind
from coordination.models import Obligation
from coordination.queries.doers import issuers, unit_posts
from coordination.queries.due import DueMove, StageMoves, stage_moves
from portal.access import policy
from portal.access.actor import Actor
from portal.access.classification import highest
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.notifications.actions import cancel, notify
from portal.registry.models import Stage


def move_due_dates(stage: Stage, *, by: Actor, at: datetime, digest: str) -> int:
    """Give the unfinished obligations exactly the due times of the preview with that digest, and
    tell everyone concerned once. Raises Refused when the preview is no longer true. Returns how
    many moved; a second call moves none."""
    policy.require(by, Permission.DIRECTIVE_ISSUE)
    with transaction.atomic():
        lock_obligations = Obligation.objects.select_for_update(of=("self",)).order_by("pk")
        list(lock_obligations.filter(directive__due_stage=stage, own_due=False))
        found = next((row for row in stage_moves(by, at) if row.stage.pk == stage.pk), None)
        if found is None:
            return 0
        if found.digest != digest:
            raise Refused(
                _("Pratinjau sudah tidak sesuai dengan keadaan sekarang. Periksa yang baru.")
            )
        for move in found.moves:
            _move(found, move, by=by, at=at)
        _tell(found, at=at)
    return len(found.moves)


def _move(found: StageMoves, move: DueMove, *, by: Actor, at: datetime) -> None:
    obligation = lock(move.obligation, None, "directive")
    cancel(due_key(obligation), at=at)
    write(
        obligation,
        ReportKind.DUE_MOVED,
        by=by,
        at=at,
        note=str(found.stage.name),
        due_at=move.due_after,
        due_counted_from=found.stage.starts_at,
    )


def _tell(found: StageMoves, *, at: datetime) -> None:
    """One notice per post: units of theirs, agencies of all of theirs, the issuer of the whole."""
    key = f"stage:{found.stage.pk}:moved:{stamp(found.stage.starts_at)}:{stamp(at)}"
    by_unit: dict[int, list[DueMove]] = {}
    by_agency: dict[int, list[DueMove]] = {}
    for move in found.moves:
        row = move.obligation
        if row.unit_id is not None:
            by_unit.setdefault(row.unit_id, []).append(move)
        if row.directive.parent_obligation_id is None:
            by_agency.setdefault(row.agency_id, []).append(move)
    for unit_id, moves in by_unit.items():
        _notify(found, moves, key, at=at, posts=list(unit_posts([unit_id])))
    for moves in by_agency.values():
        _notify(found, moves, key, at=at, agencies=[moves[0].obligation.agency])
    posts = {post.pk: post for move in found.moves for post in issuers(move.obligation)}
    _notify(found, found.moves, key, at=at, posts=posts.values())


def _notify(
    found: StageMoves, moves: list[DueMove], key: str, *, at: datetime, **whom: Any
) -> None:
    rows = [move.obligation for move in moves]
    notify(
        "obligation_due_moved",
        event_key=key,
        context=stage_moved_context(found.stage, moves),
        url=obligation_url(rows[0]),
        at=at,
        classification=highest(*(row.classification for row in rows)),
        **whom,
    )
