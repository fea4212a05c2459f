"""The same rights for the API: closed by default, permission per action, rows by `visible_to`."""

from typing import Any, ClassVar

from rest_framework import viewsets

from portal import clock
from portal.access.classification import Classification
from portal.access.needs import Needs
from portal.access.permissions import Permission
from portal.audit.record import record_read


class ScopedViewSet(viewsets.GenericViewSet):
    """A view set over the rows that the acting post may see.

    Subclasses give `needs` (permission per action) and `queryset`, which has `visible_to`; a row
    out of sight is 404.
    """

    needs: ClassVar[dict[str, Permission]] = {}
    permission_classes = [Needs]

    @property
    def actor(self):
        return self.request._request.actor

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset().none()
        return super().get_queryset().visible_to(self.actor)

    def paginate_queryset(self, queryset: Any) -> Any:
        """A list gives whole rows: reading a Rahasia one there is recorded as on its own page."""
        page = super().paginate_queryset(queryset)
        for row in page or ():
            if getattr(row, "classification", 0) >= Classification.RAHASIA:
                record_read(row, by=self.actor, at=clock.now())
        return page
