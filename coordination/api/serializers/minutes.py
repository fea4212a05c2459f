from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from coordination.api.serializers.fields import Moment, VersionSerializer, agencies, number, slug
from coordination.models import Addendum, Minutes, Objection
from coordination.queries.minutes import passages
from portal.access.actor import Actor
from portal.web.forms import MAX_TEXT


class PassageSerializer(serializers.Serializer):
    """A passage as the reader may see it; of a closed item only its place."""

    id = serializers.IntegerField(source="pk", allow_null=True, read_only=True)
    position = serializers.IntegerField(source="number", read_only=True)
    heading = serializers.CharField(read_only=True)
    speaker = serializers.CharField(read_only=True)
    speaking = serializers.ListField(child=serializers.CharField(), read_only=True)
    body = serializers.CharField(read_only=True)
    decision = serializers.CharField(read_only=True)
    closed = serializers.BooleanField(read_only=True)
    own = serializers.BooleanField(read_only=True)
    version = serializers.IntegerField(read_only=True)


class MinutesSerializer(serializers.ModelSerializer):
    published_by = slug(read_only=True)
    signed_by = slug(read_only=True)
    quorum = serializers.BooleanField(source="has_quorum", allow_null=True, read_only=True)

    class Meta:
        model = Minutes
        fields = [
            "id",
            "meeting",
            "number",
            "state",
            "opening",
            "conclusion",
            "closing",
            "taker_office",
            "taker_name",
            "taker_rank",
            "chair_rank",
            "vice_chair_office",
            "vice_chair_name",
            "secretary_office",
            "secretary_name",
            "classification",
            "circulated_at",
            "object_until",
            "skip_reason",
            "signed_at",
            "signed_by",
            "signed_office",
            "seats_present",
            "seats_invited",
            "quorum",
            "sha256",
            "published_at",
            "published_by",
            "illustrative",
            "version",
        ]


class AddendumSerializer(serializers.ModelSerializer):
    class Meta:
        model = Addendum
        fields = [
            "id",
            "minutes",
            "number",
            "section",
            "original",
            "text",
            "reason",
            "state",
            "signed_office",
            "signed_at",
            "published_at",
            "sha256",
            "version",
        ]


class ObjectionSerializer(serializers.ModelSerializer):
    agency = slug(read_only=True)

    class Meta:
        model = Objection
        fields = [
            "id",
            "minutes",
            "section",
            "agency",
            "text",
            "proposed",
            "made_at",
            "state",
            "answer",
            "answered_at",
            "version",
        ]


class MinutesDetailSerializer(MinutesSerializer):
    sections = serializers.SerializerMethodField()
    addenda = serializers.SerializerMethodField()
    objections = serializers.SerializerMethodField()

    class Meta(MinutesSerializer.Meta):
        fields = [*MinutesSerializer.Meta.fields, "sections", "addenda", "objections"]

    @property
    def _reader(self) -> Actor:
        return self.context["request"]._request.actor

    @extend_schema_field(PassageSerializer(many=True))
    def get_sections(self, minutes: Minutes) -> list:
        return PassageSerializer(passages(minutes, self._reader), many=True).data

    @extend_schema_field(AddendumSerializer(many=True))
    def get_addenda(self, minutes: Minutes) -> list:
        rows = Addendum.objects.visible_to(self._reader).filter(minutes=minutes)
        return AddendumSerializer(rows, many=True).data

    @extend_schema_field(ObjectionSerializer(many=True))
    def get_objections(self, minutes: Minutes) -> list:
        rows = Objection.objects.visible_to(self._reader).filter(minutes=minutes)
        return ObjectionSerializer(rows.select_related("agency"), many=True).data


class SectionWriteSerializer(serializers.Serializer):
    """One passage; `base_version` is the version that the text grew from, `speaking` the agencies
    that may object to it while it circulates."""

    section = serializers.IntegerField(min_value=1)
    base_version = serializers.IntegerField(min_value=0)
    speaker = serializers.CharField(max_length=160, allow_blank=True, required=False)
    speaking = agencies(many=True, required=False)
    body = serializers.CharField(max_length=MAX_TEXT, allow_blank=True, required=False)
    decision = serializers.CharField(max_length=MAX_TEXT, allow_blank=True, required=False)


class ObjectionWriteSerializer(serializers.Serializer):
    section = serializers.IntegerField(min_value=1)
    text = serializers.CharField(max_length=4000)
    proposed = serializers.CharField(max_length=MAX_TEXT, allow_blank=True, default="")


class CirculateSerializer(VersionSerializer):
    """`until`: how long agencies may object."""

    until = Moment()


class TakeBackSerializer(VersionSerializer):
    reason = serializers.CharField(max_length=500)


class SigningSerializer(serializers.Serializer):
    """What the chair answers for: `seen` is the SHA-256 of the text as it stands, to be sent back
    when signing."""

    seen = serializers.CharField()
    unanswered = serializers.IntegerField()


class SignSerializer(serializers.Serializer):
    """`seen` as it was read; `reason` where the minutes did not circulate."""

    seen = serializers.CharField(max_length=64)
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")


class ObjectionAnswerSerializer(VersionSerializer):
    """`accept` with the new wording in `body` (else the proposed one), or not, with the reason in
    `answer`."""

    accept = serializers.BooleanField()
    answer = serializers.CharField(max_length=2000, allow_blank=True, default="")
    body = serializers.CharField(max_length=MAX_TEXT, required=False, allow_null=True, default=None)


class AddendumWriteSerializer(VersionSerializer):
    """The right wording of one passage (`section`), or something to add to the whole."""

    section = number(required=False, allow_null=True, default=None)
    text = serializers.CharField(max_length=MAX_TEXT)
    reason = serializers.CharField(max_length=500)
