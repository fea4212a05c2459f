"""What is sent and told while minutes are written."""

from django.urls import reverse
from rest_framework import serializers

from coordination.api.serializers.fields import Unsent, VersionSerializer, agencies, number
from portal.access.classification import Classification
from portal.attachments.models import Attachment
from portal.web.forms import MAX_TEXT


def words(length: int = MAX_TEXT) -> serializers.CharField:
    return serializers.CharField(max_length=length, allow_blank=True)


class OpenMinutesSerializer(serializers.Serializer):
    meeting = number()


class HeadSerializer(Unsent, serializers.Serializer):
    """What stands before and after the passages; what is not sent stays as it is."""

    opening = words()
    conclusion = words()
    closing = words()
    taker_office = words(120)
    taker_name = words(120)
    taker_rank = words(80)
    chair_rank = words(80)
    vice_chair_office = words(120)
    vice_chair_name = words(120)
    secretary_office = words(120)
    secretary_name = words(120)


class HeadWriteSerializer(HeadSerializer):
    """`base_version` is the version of the minutes that the text grew from."""

    base_version = serializers.IntegerField(min_value=0)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["base_version"].required = True


class SectionLineSerializer(serializers.Serializer):
    """A passage. `id` names the one that it replaces, `version` the text that the writer had before
    him; without `id` it is a new one."""

    id = number(required=False, allow_null=True, default=None)
    version = serializers.IntegerField(min_value=0, required=False, allow_null=True, default=None)
    agenda_item = number(required=False, allow_null=True, default=None)
    heading = serializers.CharField(max_length=200)
    speaker = serializers.CharField(max_length=160, allow_blank=True, default="")
    speaking = agencies(many=True, required=False, allow_null=True, default=None)
    body = serializers.CharField(max_length=MAX_TEXT, allow_blank=True, default="")
    decision = serializers.CharField(max_length=MAX_TEXT, allow_blank=True, default="")


class MinutesEditSerializer(HeadSerializer, VersionSerializer):
    """The draft as a whole. `sections` in their order, all of them: one that is left out goes."""

    sections = SectionLineSerializer(many=True, max_length=200)


class PartSerializer(serializers.Serializer):
    """A stretch of words: same, added or removed."""

    kind = serializers.CharField()
    text = serializers.CharField()


class ChangeSerializer(serializers.Serializer):
    field = serializers.CharField()
    parts = PartSerializer(many=True)


class RevisionSerializer(serializers.Serializer):
    """A kept text and what changed in it against the one before."""

    id = serializers.IntegerField(source="pk")
    number = serializers.IntegerField()
    origin = serializers.CharField()
    author = serializers.CharField()
    at = serializers.DateTimeField()
    is_current = serializers.BooleanField()
    changes = serializers.SerializerMethodField()

    def get_changes(self, row) -> list[dict]:
        return [
            {"field": label, "parts": [{"kind": kind, "text": text} for kind, text in parts]}
            for label, parts in row.changes
        ]


class HistorySerializer(serializers.Serializer):
    """One passage, or the head, with its revisions, the newest first."""

    title = serializers.CharField()
    removed = serializers.BooleanField()
    rows = RevisionSerializer(many=True)


class RestoreSerializer(serializers.Serializer):
    revision = number()


class FileSerializer(serializers.ModelSerializer):
    """`classification` is that of its record; `url` is where it is taken."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = Attachment
        fields = ["id", "name", "media_type", "size", "sha256", "classification", "url"]

    def get_url(self, file: Attachment) -> str:
        return reverse("attachments:download", args=[file.pk])


class FileWriteSerializer(serializers.Serializer):
    """A file; one of a higher class raises the class of the minutes."""

    file = serializers.FileField(allow_empty_file=True)
    classification = serializers.ChoiceField(choices=Classification.choices, required=False)


class FileChoiceSerializer(serializers.Serializer):
    file = number()
