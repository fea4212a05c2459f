from rest_framework import serializers

from coordination.api.serializers.fields import slug
from coordination.enums import Answer
from coordination.models import Invitation
from coordination.queries.seats import sees_seat


class InvitationSerializer(serializers.ModelSerializer):
    """`withdrawn_reason` only for the agency itself, the host and who oversees."""

    agency = slug(read_only=True)
    answered_by = slug(read_only=True)
    withdrawn_reason = serializers.SerializerMethodField()

    class Meta:
        model = Invitation
        fields = [
            "id",
            "meeting",
            "agency",
            "addressee",
            "letter_number",
            "letter_date",
            "sent_at",
            "answer",
            "representative",
            "may_commit",
            "reason",
            "answered_by",
            "answered_at",
            "withdrawn_at",
            "withdrawn_reason",
            "version",
        ]

    def get_withdrawn_reason(self, seat: Invitation) -> str:
        seen = sees_seat(seat, seat.meeting, self.context["view"].actor)
        return seat.withdrawn_reason if seen else ""


class AnswerSerializer(serializers.Serializer):
    answer = serializers.ChoiceField(
        choices=[choice for choice in Answer.choices if choice[0] != Answer.PENDING]
    )
    representative = serializers.CharField(max_length=160, allow_blank=True, default="")
    may_commit = serializers.BooleanField(default=False)
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")
    version = serializers.IntegerField(min_value=1, required=False)
