"""The actor inside the database: each transaction knows on whose behalf it runs.

Row security reads `portal.post_id` and its neighbours. The values are local to the transaction, so
a pooled connection never carries one person's rights to the next.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from portal.access.actor import Actor


def set_actor(actor: Actor) -> None:
    """Tell the running transaction who acts. Outside a transaction this would be lost: refused."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("The actor is set inside a transaction.")
    values = {
        "portal.user_id": actor.user_id or "",
        "portal.post_id": actor.post_id or "",
        "portal.agency_id": actor.agency_id or "",
        "portal.unit_path": actor.unit_path,
        "portal.region_code": actor.region_code,
        "portal.clearance": actor.clearance,
        "portal.system": "on" if actor.is_system else "off",
    }
    calls = ", ".join(["set_config(%s, %s, true)"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {calls}",
            [str(part) for pair in values.items() for part in pair],
        )


@contextmanager
def actor_context(actor: Actor) -> Iterator[Actor]:
    """A transaction that runs on the actor's behalf."""
    with transaction.atomic():
        set_actor(actor)
        yield actor
