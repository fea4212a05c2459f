"""What is sent for the steps of an obligation, and for directives outside a rakor."""

from typing import Any

from rest_framework import serializers

from coordination.actions.shares import Due, Share
from coordination.api.serializers import (
    Moment,
    Unsent,
    VersionSerializer,
    agencies,
    number,
    slug,
)
from coordination.enums import Binding, DirectiveKind, DueKind, Priority
from portal.access.classification import Classification
from portal.registry.models import Region, Stage, Unit
from portal.web.forms import MAX_TEXT


def units(**kwargs: Any) -> serializers.SlugRelatedField:
    rows = Unit.objects.filter(is_active=True, parent__isnull=False).select_related("seat")
    return slug(queryset=rows, **kwargs)


class NoteSerializer(VersionSerializer):
    note = serializers.CharField(max_length=2000, allow_blank=True, default="")


class ExtensionAskSerializer(VersionSerializer):
    reason = serializers.CharField(max_length=2000)
    wished_due_at = Moment()


class DueSerializer(VersionSerializer):
    reason = serializers.CharField(max_length=2000)
    due_at = Moment()


class ExtensionDecideSerializer(NoteSerializer):
    """`due_at` is for `grant`; without it, the one that was wished."""

    decision = serializers.ChoiceField(choices=["grant", "refuse"])
    due_at = Moment(required=False, allow_null=True, default=None)


class WaitSerializer(NoteSerializer):
    """The obligation to wait for: of the same directive, or in the post's sight."""

    blocker = number()


class UnfeasibleSerializer(VersionSerializer):
    reason = serializers.CharField(max_length=4000)


class UnfeasibleDecideSerializer(NoteSerializer):
    decision = serializers.ChoiceField(choices=["accept", "return"])


class DirectiveTextSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=160)
    text = serializers.CharField(max_length=MAX_TEXT)
    output = serializers.CharField(max_length=300, allow_blank=True, default="")
    evidence = serializers.CharField(max_length=300, allow_blank=True, default="")
    evidence_required = serializers.BooleanField(default=False)
    priority = serializers.ChoiceField(choices=Priority.choices, default=Priority.ORDINARY)


class ShareSerializer(serializers.Serializer):
    """An agency as a whole, or with `unit` that unit of it."""

    agency = agencies()
    unit = units(required=False, allow_null=True, default=None)
    region = serializers.SlugRelatedField(
        slug_field="code",
        queryset=Region.objects.all(),
        required=False,
        allow_null=True,
        default=None,
    )
    due_at = Moment(required=False, allow_null=True, default=None)
    is_lead = serializers.BooleanField(default=False)


class DirectiveWriteSerializer(DirectiveTextSerializer):
    """A directive that stands alone; it is issued at once."""

    ground = serializers.CharField(max_length=MAX_TEXT)
    kind = serializers.ChoiceField(choices=DirectiveKind.choices, default=DirectiveKind.GUIDANCE)
    binding = serializers.ChoiceField(choices=Binding.choices, default=Binding.REQUEST)
    classification = serializers.ChoiceField(
        choices=Classification.choices, default=Classification.TERBATAS
    )
    due_kind = serializers.ChoiceField(choices=DueKind.choices, default=DueKind.DATE)
    due_at = Moment(required=False, allow_null=True, default=None)
    due_days = serializers.IntegerField(min_value=1, max_value=365, required=False, default=None)
    due_stage = serializers.SlugRelatedField(
        slug_field="key",
        queryset=Stage.objects.all(),
        required=False,
        allow_null=True,
        default=None,
    )
    due_offset = serializers.IntegerField(min_value=-365, max_value=365, default=0)
    shares = ShareSerializer(many=True)

    def values(self) -> dict[str, Any]:
        """What `issue_directive_alone` takes."""
        given = dict(self.validated_data)
        due = Due(
            kind=given.pop("due_kind"),
            at=given.pop("due_at"),
            days=given.pop("due_days"),
            stage=given.pop("due_stage"),
            offset=given.pop("due_offset"),
        )
        return given | {"due": due, "shares": [Share(**share) for share in given["shares"]]}


class DirectiveDraftSerializer(DirectiveWriteSerializer):
    """A directive out of a rakor whose minutes are a draft: of one passage (`section`), of one
    `agenda_item`, or of the whole. It takes the class of the rakor."""

    meeting = number()
    section = number(required=False, allow_null=True, default=None)
    agenda_item = number(required=False, allow_null=True, default=None)
    ground = serializers.CharField(max_length=MAX_TEXT, allow_blank=True, default="")
    binding = serializers.ChoiceField(choices=Binding.choices, default=Binding.AGREEMENT)
    classification = None


class DirectiveEditSerializer(Unsent, DirectiveDraftSerializer, VersionSerializer):
    """What is not sent stays as it is."""

    meeting = None


class DelegateSerializer(DirectiveTextSerializer):
    """An agency's obligation, passed on to units of its own."""

    obligation = number()
    units = units(many=True)
    due_at = Moment()
