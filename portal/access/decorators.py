"""Every view says who may enter: `@needs(permission)` or `@public`. Others stay closed."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required

from portal.access import policy
from portal.access.permissions import Permission


def needs(permission: Permission) -> Callable:
    """Only for acting posts that hold the permission."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request, *args, **kwargs):
            policy.require(request.actor, permission)
            return view(request, *args, **kwargs)

        guarded.needs = permission
        return guarded

    return decorate


def public(view: Callable) -> Callable:
    """For everyone, signed in or not."""
    opened = login_not_required(view)
    opened.public = True
    return opened
