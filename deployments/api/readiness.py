from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from deployments import actions, queries
from deployments.actions.figures import LARGEST, line_errors
from deployments.actions.judging import value_errors
from deployments.actions.reports import form_in_force
from deployments.actions.settling import FIELDS, MORE
from deployments.filters import ReadinessReportFilter
from deployments.models import ReadinessGroup, ReadinessLine, ReadinessReport
from deployments.queries.reviews import Review, reviews_of
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.web.idempotency import api_once


class Count(serializers.IntegerField):
    def __init__(self, **kwargs):
        super().__init__(min_value=0, max_value=LARGEST, **kwargs)


class Percent(serializers.IntegerField):
    """What was not said is null, and never ready."""

    def __init__(self, **kwargs):
        super().__init__(min_value=0, max_value=100, default=None, allow_null=True, **kwargs)


class ReadinessGroupSerializer(serializers.ModelSerializer):
    """The light of one group of the form; `silent` where it was not answered."""

    class Meta:
        model = ReadinessGroup
        fields = ("key", "light", "mandatory", "percent")


class LineSerializer(serializers.ModelSerializer):
    """The part of a report that stands in one district."""

    region = serializers.CharField(source="region_id", max_length=13)
    total = Count()
    present = Count()
    engaged = Count(default=0)
    standby = Count(default=0)
    reserve = Count(default=0)

    class Meta:
        model = ReadinessLine
        fields = ("region", "total", "present", "engaged", "standby", "reserve", "covered", "split")
        read_only_fields = ("covered", "split")


class VersionReviewSerializer(serializers.Serializer):
    """What a checker made of the version: `verified`, `returned`, or `submitted` when it was let
    out of quarantine."""

    state = serializers.CharField()
    at = serializers.DateTimeField()
    post = serializers.CharField()
    note = serializers.CharField()


class ReadinessReportSerializer(serializers.ModelSerializer):
    """A unit's report for a cut-off. `total` = `present` + the eight causes of absence, and is at
    most `actual`. `answers` holds what else the form in force asks (see `report-forms`), by field
    key. A second POST for the same unit and cut-off is a correction and names in `replaces` the
    `number` of the version it corrects. Odd numbers are refused at `confirm` until it gives a
    reason; some quarantine the report, which then stands in no total."""

    agency = serializers.SlugRelatedField("slug", read_only=True)
    unit = serializers.SlugField()
    region = serializers.CharField(source="region_id", read_only=True)
    cut_off_at = serializers.DateTimeField()
    total = Count()
    present = Count()
    engaged = Count(default=0)
    standby = Count(default=0)
    reserve = Count(default=0)
    seconded_in = Count(default=0)
    on_duty_elsewhere = Count(default=0)
    in_training = Count(default=0)
    on_leave = Count(default=0)
    sick = Count(default=0)
    excused = Count(default=0)
    seconded_out = Count(default=0)
    off_duty = Count(default=0)
    unaccounted = Count(default=0)
    establishment = Count(default=None, allow_null=True)
    actual = Count(default=None, allow_null=True)
    vehicles_percent = Percent()
    comms_percent = Percent()
    post_active = serializers.BooleanField(default=None, allow_null=True)
    answers = serializers.DictField(default=dict)
    confirm = serializers.CharField(max_length=500, allow_blank=True, default="", write_only=True)
    form = serializers.SerializerMethodField()
    groups = ReadinessGroupSerializer(many=True, read_only=True)
    oddities = serializers.SerializerMethodField()
    submitted_by = serializers.CharField(source="submitted_by.title", default="", read_only=True)
    reviews = serializers.SerializerMethodField()
    notes = serializers.CharField(max_length=4000, allow_blank=True, default="")
    nihil = serializers.BooleanField(default=False)
    replaces = serializers.IntegerField(min_value=0, default=0, write_only=True)
    lines = LineSerializer(many=True, required=False)

    class Meta:
        model = ReadinessReport
        # One report per cut-off is the action's rule: a second POST may be a correction.
        validators: list = []
        fields = (
            "id",
            "agency",
            "unit",
            "region",
            "cut_off_at",
            "number",
            "replaces",
            "state",
            "late",
            "partial",
            "light",
            *FIELDS,
            *MORE,
            "confirm",
            "form",
            "groups",
            "oddities",
            "lines",
            "illustrative",
            "submitted_at",
            "submitted_by",
            "reviewed_at",
            "review_note",
            "reviews",
            "version",
        )
        read_only_fields = (
            "id",
            "number",
            "state",
            "late",
            "partial",
            "light",
            "illustrative",
            "submitted_at",
            "reviewed_at",
            "review_note",
            "version",
        )

    def to_representation(self, report):
        return super().to_representation(report) | {"unit": report.unit.slug}

    @extend_schema_field(serializers.CharField())
    def get_form(self, report) -> str:
        """The form that the report answers, and its version."""
        return f"{report.form.key}@{report.form.number}" if report.form else ""

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_oddities(self, report) -> list[dict]:
        """The numbers that a rule found odd, and the sender's reason."""
        return [
            {
                "rule": flag.rule.key,
                "severity": flag.severity,
                "value": flag.value,
                "against": flag.against,
                "reason": flag.reason,
            }
            for flag in report.flags.all()
        ]

    @extend_schema_field(VersionReviewSerializer(many=True))
    def get_reviews(self, report) -> list[dict]:
        """Who verified or returned the version and when, in turn; kept when it is corrected."""
        known = self.context["view"].reviews
        found = reviews_of([report]) if report.pk not in known else known
        return VersionReviewSerializer(found.get(report.pk, []), many=True).data

    def validate_unit(self, slug: str):
        unit = queries.units_of(self.context["view"].actor).filter(slug=slug).first()
        if unit is None:
            raise ValidationError(_("Satuan ini tidak ada dalam lingkup jabatan Anda."))
        return unit

    def validate(self, values: dict) -> dict:
        spec = queries.spec_of(form_in_force(values["unit"], values["cut_off_at"]))
        if errors := value_errors(spec, values):
            raise ValidationError({field: [sentence] for field, sentence in errors})
        lines = given_lines(values)
        if lines and (found := line_errors(values, lines, queries.districts_of(values["unit"]))):
            raise ValidationError({"lines": [sentence for _district, sentence in found]})
        return values


def given_lines(values: dict) -> list[dict]:
    return [{**line, "region": line["region_id"]} for line in values.get("lines") or []]


class ReadinessReportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """Readiness reports: every version in sight, newest cut-off first."""

    queryset = (
        ReadinessReport.objects.select_related("agency", "unit", "form", "submitted_by")
        .prefetch_related("lines", "groups", "flags__rule")
        .order_by("-cut_off_at", "agency__position", "unit__path", "-number")
    )
    serializer_class = ReadinessReportSerializer
    reviews: Mapping[int, list[Review]] = {}
    filterset_class = ReadinessReportFilter
    needs = {
        "list": Permission.READINESS_VIEW,
        "retrieve": Permission.READINESS_VIEW,
        "create": Permission.READINESS_SUBMIT,
    }

    def paginate_queryset(self, queryset):
        """The reviews of a whole page in one question."""
        page = super().paginate_queryset(queryset)
        self.reviews = dict.fromkeys((report.pk for report in page), []) | reviews_of(page)
        return page

    @extend_schema(
        responses={201: ReadinessReportSerializer},
        parameters=[
            OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=False)
        ],
    )
    def create(self, request: Request) -> Response:
        """Send a report. The same `Idempotency-Key` again has no second effect."""
        return api_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        values = form.validated_data
        require(self.actor, Permission.READINESS_SUBMIT, values["unit"])
        report = actions.submit_report(
            values["unit"],
            values["cut_off_at"],
            {name: values[name] for name in (*FIELDS, *MORE)},
            lines=given_lines(values),
            replaces=values["replaces"],
            confirm=values["confirm"],
            by=self.actor,
            at=clock.now(),
        )
        place = reverse("readiness-report-detail", args=[report.pk])
        return Response(
            self.get_serializer(report).data,
            status=status.HTTP_201_CREATED,
            headers={"Location": place},
        )
