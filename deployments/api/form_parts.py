"""What is sent and shown of a report form and its parts."""

from typing import Any

from rest_framework import serializers

from coordination.api.serializers import Unsent, VersionSerializer
from deployments.actions.report_forms import FIELD, GROUP
from deployments.api.forms import FieldSerializer, ReportFormSerializer
from deployments.api.requests import agency
from deployments.enums import FieldKind, Score
from deployments.models import FormGroup, ReportForm
from portal.registry.enums import UnitKind
from portal.registry.models import Stage

LARGEST = 2**63 - 1


class KeptFieldSerializer(FieldSerializer):
    """A question with both languages and how it is scored."""

    class Meta(FieldSerializer.Meta):
        fields = ("key", "column", *FIELD)
        read_only_fields = fields


class KeptGroupSerializer(serializers.ModelSerializer):
    fields = KeptFieldSerializer(many=True, read_only=True)

    class Meta:
        model = FormGroup
        fields = ("key", *GROUP, "fields")


class FormVersionSerializer(ReportFormSerializer):
    """One version of a form; a draft has no `published_at`."""

    groups = KeptGroupSerializer(many=True, read_only=True)

    class Meta(ReportFormSerializer.Meta):
        fields = (*ReportFormSerializer.Meta.fields, "version")
        read_only_fields = fields


class PublishFormSerializer(VersionSerializer):
    valid_from = serializers.DateField()


class GroupEditSerializer(Unsent, VersionSerializer):
    """A group by its `group` key; what is not sent stays as it is. `version` is the draft's."""

    group = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=120)
    name_en = serializers.CharField(max_length=120, allow_blank=True)
    mandatory = serializers.BooleanField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["group"].required = True


class Choice(serializers.ListField):
    """Key, Indonesian, English; what is left out is as the one before."""

    def __init__(self, **kwargs):
        child = serializers.CharField(max_length=120)
        super().__init__(child=child, min_length=1, max_length=3, **kwargs)

    def to_internal_value(self, data: Any) -> list[str]:
        parts = super().to_internal_value(data)
        return [*parts, *[parts[-1]] * (3 - len(parts))]


class QuestionSerializer(VersionSerializer):
    """A question. `at_most`, `sum_of`, `score_of` name other fields of the form by key."""

    label_id = serializers.CharField(max_length=120)
    label_en = serializers.CharField(max_length=120, allow_blank=True, default="")
    kind = serializers.ChoiceField(choices=FieldKind.choices)
    unit = serializers.CharField(max_length=24, allow_blank=True, default="")
    required = serializers.BooleanField(default=False)
    minimum = serializers.IntegerField(
        min_value=-LARGEST, max_value=LARGEST, required=False, allow_null=True, default=None
    )
    maximum = serializers.IntegerField(
        min_value=-LARGEST, max_value=LARGEST, required=False, allow_null=True, default=None
    )
    at_most = serializers.CharField(max_length=40, allow_blank=True, default="")
    sum_of = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=50, default=list
    )
    choices = serializers.ListField(child=Choice(), max_length=100, default=list)
    score = serializers.ChoiceField(choices=Score.choices, default=Score.NONE)
    score_of = serializers.CharField(max_length=40, allow_blank=True, default="")
    help_id = serializers.CharField(max_length=300, allow_blank=True, default="")
    help_en = serializers.CharField(max_length=300, allow_blank=True, default="")
    example = serializers.CharField(max_length=120, allow_blank=True, default="")


class QuestionAddSerializer(QuestionSerializer):
    """A new question of the group with that key, under a `key` of its own."""

    group = serializers.CharField(max_length=40)
    key = serializers.SlugField(max_length=40)


class QuestionEditSerializer(Unsent, QuestionSerializer):
    """The question with the key `field`; what is not sent stays as it is."""

    field = serializers.CharField(max_length=40)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["field"].required = True


class QuestionDropSerializer(VersionSerializer):
    field = serializers.CharField(max_length=40)


class FormBeginSerializer(serializers.Serializer):
    """A form of its own under a new `key`, begun as a copy of the form with the id `base`. What is
    left out is everybody, or every stage."""

    base = serializers.PrimaryKeyRelatedField(queryset=ReportForm.objects.all())
    key = serializers.SlugField(max_length=40)
    title = serializers.CharField(max_length=120)
    title_en = serializers.CharField(max_length=120, allow_blank=True, default="")
    unit_kind = serializers.ChoiceField(choices=UnitKind.choices, allow_blank=True, default="")
    agency = agency(required=False, allow_null=True, default=None)
    stage = serializers.SlugRelatedField(
        "key", queryset=Stage.objects.all(), required=False, allow_null=True, default=None
    )
    source = serializers.CharField(max_length=200)


class GroupAddSerializer(VersionSerializer):
    """A new group at the end, under a `key` of its own."""

    key = serializers.SlugField(max_length=40)
    name = serializers.CharField(max_length=120)
    name_en = serializers.CharField(max_length=120, allow_blank=True, default="")
    mandatory = serializers.BooleanField(default=False)


class GroupDropSerializer(VersionSerializer):
    group = serializers.CharField(max_length=40)
