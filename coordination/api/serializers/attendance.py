from rest_framework import serializers

from coordination.api.serializers.fields import Moment, VersionSerializer, agencies, number, slug
from coordination.enums import Presence
from coordination.models import Attendance
from coordination.queries.attendance import number_for


class AttendanceSerializer(serializers.ModelSerializer):
    """A line of the daftar hadir. `service_number` is whole for the host and for one's own agency,
    else its last digits."""

    agency = slug(read_only=True)
    recorded_by = slug(read_only=True)
    service_number = serializers.SerializerMethodField()

    class Meta:
        model = Attendance
        fields = [
            "id",
            "agency",
            "position",
            "invited_office",
            "status",
            "attendee_name",
            "attendee_office",
            "rank",
            "service_number",
            "may_commit",
            "checked_in_at",
            "method",
            "recorded_by",
            "recorded_at",
        ]

    def get_service_number(self, line: Attendance) -> str:
        return number_for(line, line.meeting, self.context["view"].actor)


class QuorumSerializer(serializers.Serializer):
    """Seats, not heads: `present` of `needed`, out of `seats` invited."""

    seats = serializers.IntegerField()
    present = serializers.IntegerField()
    heads = serializers.IntegerField()
    needed = serializers.IntegerField()
    percent = serializers.IntegerField()
    reached = serializers.BooleanField()


class AttendeeSerializer(serializers.Serializer):
    """Who signs for himself."""

    name = serializers.CharField(max_length=120)
    office = serializers.CharField(max_length=160)
    rank = serializers.CharField(max_length=60, allow_blank=True, default="")
    service_number = serializers.CharField(max_length=30, allow_blank=True, default="")
    represents = serializers.BooleanField(default=False)


class CheckInSerializer(AttendeeSerializer):
    """The `code` of the screen, and who signs."""

    code = serializers.CharField(max_length=60)


class DeskSerializer(AttendeeSerializer):
    """Who stands at the desk; without a name the agency's seat is marked. `may_commit`: he has
    shown a mandate."""

    agency = agencies()
    name = serializers.CharField(max_length=120, allow_blank=True, default="")
    office = serializers.CharField(max_length=160, allow_blank=True, default="")
    may_commit = serializers.BooleanField(default=False)


class SeatLineSerializer(serializers.Serializer):
    """A line of the host's list. `id` names the line that it corrects, `seen` is the `recorded_at`
    that stood there: a line that was signed since is newer and stays. `may_commit` null: as the
    agency has answered."""

    id = number(required=False, allow_null=True, default=None)
    seen = Moment(required=False, allow_null=True, default=None)
    agency = agencies()
    invited_office = serializers.CharField(max_length=160)
    status = serializers.ChoiceField(choices=Presence.choices, default=Presence.PRESENT)
    attendee_name = serializers.CharField(max_length=120, allow_blank=True, default="")
    rank = serializers.CharField(max_length=60, allow_blank=True, default="")
    service_number = serializers.CharField(max_length=30, allow_blank=True, default="")
    attendee_office = serializers.CharField(max_length=160, allow_blank=True, default="")
    may_commit = serializers.BooleanField(required=False, allow_null=True, default=None)
    checked_in_at = Moment(required=False, allow_null=True, default=None)


class AttendanceListSerializer(VersionSerializer):
    """The host's list as a whole; `version` is that of the rakor. Lines that people have signed, or
    the desk has taken, stay unless `removed` names them."""

    lines = SeatLineSerializer(many=True, max_length=300)
    removed = serializers.ListField(child=number(), max_length=300, default=list)


class AttendanceRemoveSerializer(serializers.Serializer):
    """The line, by its id, and why it goes."""

    line = number()
    reason = serializers.CharField(max_length=500)
