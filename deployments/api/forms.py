"""What is asked, what is owed, and what contradicts."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from deployments import actions, queries
from deployments.filters import ConflictFilter, ExpectedApiFilter
from deployments.models import (
    Conflict,
    ConflictSide,
    ExpectedReport,
    FormField,
    FormGroup,
    ReportForm,
)
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.registry.queries import current_operation
from portal.web.idempotency import api_once


class FieldSerializer(serializers.ModelSerializer):
    """One question. `column`: the answer is a field of the report itself, not of `answers`."""

    label = serializers.CharField(read_only=True)
    help = serializers.CharField(read_only=True)

    class Meta:
        model = FormField
        fields = (
            "key",
            "label",
            "kind",
            "column",
            "unit",
            "required",
            "minimum",
            "maximum",
            "at_most",
            "sum_of",
            "choices",
            "help",
            "example",
        )
        read_only_fields = fields


class FormGroupSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="label", read_only=True)
    fields = FieldSerializer(many=True, read_only=True)

    class Meta:
        model = FormGroup
        fields = ("key", "name", "mandatory", "fields")


class ReportFormSerializer(serializers.ModelSerializer):
    """One version of a form. A published one never changes."""

    title = serializers.CharField(source="label", read_only=True)
    agency = serializers.SlugRelatedField("slug", read_only=True)
    stage = serializers.SlugRelatedField("key", read_only=True)
    groups = FormGroupSerializer(many=True, read_only=True)

    class Meta:
        model = ReportForm
        fields = (
            "id",
            "key",
            "number",
            "title",
            "unit_kind",
            "agency",
            "stage",
            "valid_from",
            "published_at",
            "source",
            "illustrative",
            "groups",
        )
        read_only_fields = fields


class ReportFormViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """What units are asked, version by version. The most particular published version holds:
    agency before kind of unit before stage, then the newest."""

    queryset = (
        ReportForm.objects.filter(published_at__isnull=False)
        .select_related("agency", "stage")
        .prefetch_related("groups__fields")
        .order_by("key", "-number")
    )
    serializer_class = ReportFormSerializer
    filter_backends = []
    needs = {"list": Permission.READINESS_VIEW, "retrieve": Permission.READINESS_VIEW}


class ExpectedReportSerializer(serializers.ModelSerializer):
    """A report that is due: missing, late, partial, complete, in conflict or quarantined."""

    agency = serializers.SlugRelatedField("slug", read_only=True)
    unit = serializers.SlugRelatedField("slug", read_only=True)
    region = serializers.CharField(source="region_id", read_only=True)

    class Meta:
        model = ExpectedReport
        fields = (
            "id",
            "agency",
            "unit",
            "region",
            "cut_off_at",
            "due_at",
            "state",
            "late",
            "report",
        )
        read_only_fields = fields


class ExpectedReportViewSet(mixins.ListModelMixin, ScopedViewSet):
    """Reports that are due, the silent ones included, newest cut-off first."""

    queryset = ExpectedReport.objects.select_related("agency", "unit").order_by(
        "-cut_off_at", "agency__position", "unit__path"
    )
    serializer_class = ExpectedReportSerializer
    filterset_class = ExpectedApiFilter
    needs = {"list": Permission.READINESS_VIEW}


class SideSerializer(serializers.ModelSerializer):
    unit = serializers.SlugRelatedField("slug", read_only=True)

    class Meta:
        model = ConflictSide
        fields = ("unit", "report", "covered", "total", "present", "engaged", "standby", "reserve")


class ConflictSerializer(serializers.ModelSerializer):
    """Two units that say different things about one place. `standing`: whose number counts, once
    decided; until then that of the unit whose place it is (`covered`)."""

    agency = serializers.SlugRelatedField("slug", read_only=True)
    region = serializers.CharField(source="region_id", read_only=True)
    standing = serializers.SlugRelatedField("slug", read_only=True)
    sides = SideSerializer(many=True, read_only=True)

    class Meta:
        model = Conflict
        fields = (
            "id",
            "agency",
            "region",
            "cut_off_at",
            "state",
            "standing",
            "reason",
            "found_at",
            "decided_at",
            "version",
            "sides",
        )
        read_only_fields = fields


class DecisionSerializer(serializers.Serializer):
    """Whose number stands, and why."""

    standing = serializers.SlugField()
    reason = serializers.CharField(max_length=500)
    version = serializers.IntegerField(min_value=1)


class ConflictViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """Contradictions in sight, newest cut-off first."""

    queryset = (
        Conflict.objects.select_related("agency", "standing")
        .prefetch_related("sides__unit", "sides__report__unit")
        .order_by("-cut_off_at", "region_id")
    )
    serializer_class = ConflictSerializer
    filterset_class = ConflictFilter
    needs = {
        "list": Permission.READINESS_VIEW,
        "retrieve": Permission.READINESS_VIEW,
        "decide": Permission.READINESS_VERIFY,
    }

    @extend_schema(request=DecisionSerializer, responses=ConflictSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str | None = None) -> Response:
        """Say whose number stands; the others leave all totals."""
        return api_once(request, lambda: self._decide(request))

    def _decide(self, request: Request) -> Response:
        conflict = self.get_object()
        form = DecisionSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        values = form.validated_data
        units = {side.unit.slug: side.unit for side in conflict.sides.all()}
        for side in conflict.sides.all():
            require(self.actor, Permission.READINESS_VERIFY, side.report)
        if values["standing"] not in units:
            raise ValidationError(
                {"standing": [_("Satuan ini bukan pihak dalam pertentangan ini.")]}
            )
        decided = actions.decide_conflict(
            conflict,
            standing=units[values["standing"]],
            reason=values["reason"],
            version=values["version"],
            by=self.actor,
            at=clock.now(),
        )
        return Response(ConflictSerializer(decided).data)


class ReadinessSummarySerializer(serializers.Serializer):
    """Numbers of reports; empty while no operation runs."""

    cut_off_at = serializers.DateTimeField(required=False, allow_null=True)
    expected = serializers.IntegerField(required=False)
    received = serializers.IntegerField(required=False)
    late = serializers.IntegerField(required=False)
    missing = serializers.IntegerField(required=False)
    states = serializers.DictField(child=serializers.IntegerField(), required=False)
    lights = serializers.DictField(child=serializers.IntegerField(), required=False)


class SummaryViewSet(ScopedViewSet):
    """The newest cut-off of the running operation, each state of its reports counted apart."""

    queryset = ExpectedReport.objects.none()
    filter_backends = []
    needs = {"list": Permission.ROLLUP_VIEW}

    @extend_schema(responses={(200, "application/json"): ReadinessSummarySerializer})
    def list(self, request: Request) -> Response:
        if unknown := request.query_params.keys() - {"format"}:
            said = _("Angka ini hanya untuk seluruh operasi; pakai rollups untuk wilayah.")
            raise ValidationError({name: [said] for name in unknown})
        at = clock.now()
        operation = current_operation(at)
        summary = queries.readiness_summary(operation, at) if operation else None
        if summary is None:
            return Response({})
        return Response(
            {
                "cut_off_at": summary.cut_off_at,
                "expected": summary.expected,
                "received": summary.received,
                "late": summary.late,
                "missing": summary.missing,
                "states": summary.states,
                "tallies": summary.tallies,
                "lights": summary.lights,
            }
        )
