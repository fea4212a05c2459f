"""Strength by owner, controller, task force and function: what the ledger holds in place of it."""

from collections import Counter
from datetime import datetime

from deployments.enums import AccountPart
from deployments.queries.ledger import positions
from deployments.queries.places import parent_code
from deployments.queries.shares import spread
from portal import clock
from portal.registry.models import Agency, Operation


def chosen_people(
    operation: Operation,
    at: datetime,
    *,
    agency: str = "",
    controller: str = "",
    task_force: str = "",
    function: str = "",
    part: str = "",
) -> dict[str, int]:
    """Persons by region code, everything inside the region included, as it was known at that
    moment; `agency` and `controller` are slugs, empty for any, like the rest. Who stands nowhere by
    a placement belongs to no task force and no function."""
    ids = dict(Agency.objects.values_list("slug", "pk"))
    words = {"task_force": task_force, "function": function}
    placed_as = {name: word for name, word in words.items() if word}
    found: Counter[str] = Counter()
    places = positions(operation, clock.local(at).date(), at, placed_as=placed_as)
    for place in spread(places, at):
        if place.part == AccountPart.NOT_ITEMISED or (part and place.part != part):
            continue
        if agency and place.agency != ids.get(agency):
            continue
        if controller and place.controller != ids.get(controller):
            continue
        code = place.region
        while code:
            found[code] += place.people
            code = parent_code(code)
    return dict(found)
