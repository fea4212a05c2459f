"""The API's check of rights. Apart from the view sets, which read it from the settings."""

from rest_framework import permissions

from portal.access import policy


class Needs(permissions.BasePermission):
    """The view names a permission per action in `needs`; an action without one is refused."""

    def has_permission(self, request, view) -> bool:
        action = getattr(view, "action", request.method.lower())
        if action is None:
            # No such method here: there is nothing to guard, and 405 is the honest answer.
            return True
        needed = getattr(view, "needs", {}).get("list" if action == "metadata" else action)
        return needed is not None and policy.may(request._request.actor, needed)
