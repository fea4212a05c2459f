"""The one place that says yes or no.

`may` is pure: it looks at the actor, the permission and the object's own fields. Each app registers
its object rules; without a rule the role table alone decides.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied

from portal.access.actor import Actor
from portal.access.permissions import Permission

Rule = Callable[[Actor, Any], bool]
_rules: dict[Permission, Rule] = {}


def register(rules: Mapping[Permission, Rule]) -> None:
    """Add an app's object rules; a permission has one rule, so a second one is an error."""
    for permission, rule in rules.items():
        if _rules.get(permission, rule) is not rule:
            raise ValueError(f"{permission} has a rule already")
        _rules[permission] = rule


def may(actor: Actor | None, permission: Permission, obj: Any = None) -> bool:
    """Whether the actor holds the permission and, given an object, may use it on that object."""
    if actor is None or permission not in actor.permissions:
        return False
    rule = _rules.get(permission)
    return True if obj is None or rule is None else rule(actor, obj)


def require(actor: Actor | None, permission: Permission, obj: Any = None) -> None:
    """Raises PermissionDenied unless `may`."""
    if not may(actor, permission, obj):
        raise PermissionDenied(permission)
