from django.utils.translation import gettext as _
from rest_framework import serializers

from coordination.api.serializers.fields import VersionSerializer, slug
from coordination.models import Obligation, ProgressReport
from portal import clock
from portal.web.forms import MAX_TEXT


class ReportSerializer(serializers.ModelSerializer):
    post = slug(read_only=True)

    class Meta:
        model = ProgressReport
        fields = ["id", "kind", "post", "percent", "note", "obstacle", "at"]


class SummarySerializer(serializers.Serializer):
    """Counts of the obligations that a filter selects; `overdue` overlaps with the open states,
    cancelled ones count nowhere."""

    total = serializers.IntegerField()
    unacknowledged = serializers.IntegerField()
    in_progress = serializers.IntegerField()
    blocked = serializers.IntegerField()
    awaiting = serializers.IntegerField()
    done = serializers.IntegerField()
    overdue = serializers.IntegerField()


class ObligationSerializer(serializers.ModelSerializer):
    agency = slug(read_only=True)
    unit = slug(read_only=True)
    closed_by = slug(read_only=True)
    acknowledged_by = slug(read_only=True)
    verified_by = slug(read_only=True)
    number = serializers.CharField(source="directive.number", read_only=True)
    title = serializers.CharField(source="directive.title", read_only=True)
    meeting = serializers.IntegerField(
        source="directive.meeting_id", read_only=True, allow_null=True
    )
    overdue = serializers.SerializerMethodField()

    class Meta:
        model = Obligation
        fields = [
            "id",
            "directive",
            "number",
            "title",
            "meeting",
            "agency",
            "unit",
            "region",
            "is_lead",
            "due_at",
            "waiting_since",
            "state",
            "overdue",
            "progress",
            "obstacle",
            "acknowledged_at",
            "acknowledged_by",
            "verified_at",
            "verified_by",
            "closed_at",
            "closed_by",
            "classification",
            "illustrative",
            "version",
            "updated_at",
        ]

    def get_overdue(self, obligation: Obligation) -> bool:
        return obligation.is_overdue(clock.now())


class ObligationDetailSerializer(ObligationSerializer):
    reports = ReportSerializer(many=True, read_only=True)

    class Meta(ObligationSerializer.Meta):
        fields = [*ObligationSerializer.Meta.fields, "reports"]


class ReportWriteSerializer(VersionSerializer):
    """`kind`: progress (with percent and note), blocked (with obstacle), submitted (with note).
    Evidence comes as `files`, then the report is multipart/form-data."""

    kind = serializers.ChoiceField(choices=["progress", "blocked", "submitted"], default="progress")
    percent = serializers.IntegerField(min_value=0, max_value=100, required=False)
    note = serializers.CharField(max_length=MAX_TEXT, allow_blank=True, default="")
    obstacle = serializers.CharField(max_length=500, allow_blank=True, default="")
    files = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True), max_length=10, required=False
    )

    def validate(self, attrs: dict) -> dict:
        if attrs["kind"] == "progress" and attrs.get("percent") is None:
            raise serializers.ValidationError(
                {"percent": _("Isi kemajuan dengan angka 0 sampai 100.")}
            )
        return attrs


class VerifySerializer(VersionSerializer):
    """`verify` verifies and closes, `verify_only` leaves closing for later."""

    decision = serializers.ChoiceField(choices=["verify", "verify_only", "return"])
    note = serializers.CharField(max_length=2000, allow_blank=True, default="")
