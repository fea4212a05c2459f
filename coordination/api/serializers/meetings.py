from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from coordination.api.serializers.agenda import (
    AgendaItemSerializer,
    AgendaLineSerializer,
    AgendaWriteSerializer,
)
from coordination.api.serializers.attendance import AttendanceSerializer, QuorumSerializer
from coordination.api.serializers.fields import Moment, Unsent, VersionSerializer, agencies, slug
from coordination.api.serializers.seats import InvitationSerializer
from coordination.enums import MeetingKind
from coordination.models import Meeting
from coordination.queries.attendance import quorum
from portal.access.classification import Classification
from portal.accounts.models import Post
from portal.registry.models import Operation


class MeetingSerializer(serializers.ModelSerializer):
    operation = slug(read_only=True)
    host_agency = slug(read_only=True)
    host_unit = slug(read_only=True)

    class Meta:
        model = Meeting
        fields = [
            "id",
            "number",
            "title",
            "kind",
            "state",
            "state_reason",
            "operation",
            "series",
            "starts_at",
            "ends_at",
            "place",
            "dress",
            "virtual_link",
            "host_agency",
            "host_unit",
            "chair_office",
            "chair_name",
            "classification",
            "quorum_percent",
            "source",
            "illustrative",
            "version",
            "updated_at",
        ]


class MeetingDetailSerializer(MeetingSerializer):
    agenda = AgendaItemSerializer(many=True, read_only=True)
    invitations = InvitationSerializer(many=True, read_only=True)
    attendance = AttendanceSerializer(many=True, read_only=True)
    quorum = serializers.SerializerMethodField()

    class Meta(MeetingSerializer.Meta):
        fields = [*MeetingSerializer.Meta.fields, "agenda", "invitations", "attendance", "quorum"]

    @extend_schema_field(QuorumSerializer)
    def get_quorum(self, meeting: Meeting) -> dict:
        return QuorumSerializer(quorum(meeting)).data


class MeetingWriteSerializer(serializers.Serializer):
    """A rakor to plan; it stays a draft until `schedule`. `chair_post`: who signs the minutes, a
    commander or coordinator of the own agency."""

    operation = slug(queryset=Operation.objects.all())
    series = serializers.IntegerField(required=False, allow_null=True, min_value=1, default=None)
    title = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(choices=MeetingKind.choices, default=MeetingKind.CROSS_SECTOR)
    starts_at = Moment()
    ends_at = Moment()
    place = serializers.CharField(max_length=200)
    dress = serializers.CharField(max_length=100, allow_blank=True, default="")
    virtual_link = serializers.URLField(max_length=200, allow_blank=True, default="")
    chair_office = serializers.CharField(max_length=120)
    chair_name = serializers.CharField(max_length=120, allow_blank=True, default="")
    chair_post = slug(queryset=Post.objects.all(), required=False, allow_null=True, default=None)
    office_code = serializers.CharField(max_length=20, default="Roops")
    classification = serializers.ChoiceField(
        choices=Classification.choices, default=Classification.TERBATAS
    )
    agenda = AgendaWriteSerializer(many=True, default=list)
    agencies = agencies(many=True, default=list)


class MeetingEditSerializer(Unsent, MeetingWriteSerializer, VersionSerializer):
    """What is not sent stays as it is; `agenda` and `agencies` are sent as a whole. A seat whose
    letter went out stays: take it back with `invitations/ID/withdraw/`."""

    agenda = AgendaLineSerializer(many=True)


class InviteSerializer(serializers.Serializer):
    agencies = agencies(many=True, allow_empty=False)
