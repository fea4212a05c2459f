from rest_framework import mixins, serializers

from coordination.models import LadderRung
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission


class LadderRungSerializer(serializers.ModelSerializer):
    class Meta:
        model = LadderRung
        fields = [
            "id",
            "priority",
            "occasion",
            "after",
            "recipient",
            "working_hours_only",
            "is_active",
            "version",
        ]


class LadderRungViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """The reminder ladders as they are set; `after` in minutes from the counted moment."""

    queryset = LadderRung.objects.order_by("priority", "occasion", "after", "pk")
    serializer_class = LadderRungSerializer
    needs = {"list": Permission.LADDER_EDIT, "retrieve": Permission.LADDER_EDIT}
