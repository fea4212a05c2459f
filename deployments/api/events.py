from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers

from deployments.filters import EventFilter
from deployments.models import CertifyingEvent, EventParticipant
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission


class ParticipantSerializer(serializers.ModelSerializer):
    agency = serializers.SlugRelatedField("slug", read_only=True)
    unit = serializers.SlugRelatedField("slug", read_only=True)

    class Meta:
        model = EventParticipant
        fields = ("agency", "unit", "planned", "attended")


class EventSerializer(serializers.ModelSerializer):
    """An exercise or parade that certifies readiness. `findings` that became obligations have the
    number of their directive."""

    agency = serializers.SlugRelatedField("slug", read_only=True)
    unit = serializers.SlugRelatedField("slug", read_only=True)
    region = serializers.CharField(source="region_id", read_only=True)
    participants = ParticipantSerializer(many=True, read_only=True)
    findings = serializers.SerializerMethodField()

    class Meta:
        model = CertifyingEvent
        fields = (
            "id",
            "kind",
            "title",
            "agency",
            "unit",
            "starts_at",
            "place",
            "region",
            "materials",
            "state",
            "result",
            "summary",
            "participants",
            "findings",
            "source",
            "illustrative",
            "version",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_findings(self, event) -> list[dict]:
        return [
            {
                "agency": row.agency.slug,
                "text": row.text,
                "due_at": row.due_at.isoformat(),
                "directive": row.directive.number if row.directive else None,
            }
            for row in event.findings.all()
        ]


class EventViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """Exercises and parades in sight, the newest first."""

    queryset = (
        CertifyingEvent.objects.select_related("agency", "unit")
        .prefetch_related(
            "participants__agency", "participants__unit", "findings__agency", "findings__directive"
        )
        .order_by("-starts_at", "-pk")
    )
    serializer_class = EventSerializer
    filterset_class = EventFilter
    needs = {"list": Permission.EVENT_VIEW, "retrieve": Permission.EVENT_VIEW}
