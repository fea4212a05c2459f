from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.notifications import actions
from portal.notifications.emails import text_of
from portal.notifications.models import Notification
from portal.web.idempotency import api_once


class NotificationFilter(filters.FilterSet):
    unread = filters.BooleanFilter(method="by_unread", label="Belum dibaca")

    class Meta:
        model = Notification
        fields = ("kind", "duty")

    def by_unread(self, rows, name, value):
        return rows.unread() if value else rows.exclude(pk__in=rows.unread().values("pk"))


class NotificationSerializer(serializers.ModelSerializer):
    """An entry of the post's inbox, with its words in the language of the request."""

    subject = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()
    unread = serializers.BooleanField(source="is_unread", read_only=True)

    class Meta:
        model = Notification
        fields = (
            "id",
            "kind",
            "subject",
            "body",
            "url",
            "at",
            "duty",
            "classification",
            "unread",
            "read_at",
            "cancelled_at",
        )
        read_only_fields = fields

    def _text(self, notification: Notification):
        return text_of(notification, clearance=self.context["view"].actor.clearance)

    def get_subject(self, notification: Notification) -> str:
        return self._text(notification).subject

    def get_body(self, notification: Notification) -> str:
        return self._text(notification).body


class NotificationViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """The inbox of the acting post, newest first."""

    queryset = Notification.objects.order_by("-at", "-pk")
    serializer_class = NotificationSerializer
    filterset_class = NotificationFilter
    needs = {
        "list": Permission.NOTIFICATION_VIEW,
        "retrieve": Permission.NOTIFICATION_VIEW,
        "read": Permission.NOTIFICATION_VIEW,
    }

    @extend_schema(request=None, responses=NotificationSerializer)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str) -> Response:
        """Mark the entry as read; a second time changes nothing."""

        def run() -> Response:
            notification = actions.mark_read(self.get_object(), by=self.actor, at=clock.now())
            return Response(self.get_serializer(notification).data)

        return api_once(request, run)


ROUTES = [("notifications", NotificationViewSet, "notification")]
