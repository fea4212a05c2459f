from collections.abc import Iterable
from datetime import datetime

from deployments.models import DirtyKey
from portal.background import enqueue

FOLD = "deployments.fold_rollups"
Key = tuple[int, str, int, datetime]
"""Operation id, region code, agency id, cut-off."""


def soil(keys: Iterable[Key], *, at: datetime) -> None:
    """Note the places whose roll-up no longer fits since `at`, and promise the fold."""
    rows = [
        DirtyKey(
            operation_id=operation, region_id=region, agency_id=agency, cut_off_at=cut_off, at=at
        )
        for operation, region, agency, cut_off in sorted(set(keys))
    ]
    if rows:
        DirtyKey.objects.bulk_create(rows)
        enqueue(FOLD)
