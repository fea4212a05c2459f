from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.db.models import Prefetch
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.actions import obligations as actions
from coordination.api.chain import ChainActions
from coordination.api.reminders import RemindersSerializer
from coordination.api.requests import valid, version_of
from coordination.api.serializers import (
    ObligationDetailSerializer,
    ObligationSerializer,
    ReportWriteSerializer,
    SummarySerializer,
    VerifySerializer,
    VersionSerializer,
)
from coordination.api.steps import (
    DueSerializer,
    ExtensionAskSerializer,
    ExtensionDecideSerializer,
    NoteSerializer,
    UnfeasibleDecideSerializer,
    UnfeasibleSerializer,
    WaitSerializer,
)
from coordination.filters import ObligationFilter
from coordination.models import Obligation, ProgressReport
from coordination.queries import ladder, obligation_summary
from portal import clock
from portal.access.permissions import Permission
from portal.web.idempotency import api_once
from portal.web.parsing import TextFilesParser, TextParser


class ObligationViewSet(ChainActions):
    """Follow-up in the post's sight; answering as the obliged agency, verifying as the issuer."""

    queryset = Obligation.objects.select_related(
        "agency", "unit", "directive", "acknowledged_by", "verified_by", "closed_by"
    ).order_by("due_at", "pk")
    serializer_class = ObligationSerializer
    detail_serializer_class = ObligationDetailSerializer
    filterset_class = ObligationFilter
    needs = {
        "list": Permission.OBLIGATION_VIEW,
        "retrieve": Permission.OBLIGATION_VIEW,
        "reminders": Permission.OBLIGATION_VIEW,
        "summary": Permission.OBLIGATION_VIEW,
        "acknowledge": Permission.OBLIGATION_ANSWER,
        "report": Permission.OBLIGATION_ANSWER,
        "verify": Permission.OBLIGATION_VERIFY,
        "close": Permission.OBLIGATION_VERIFY,
        "extension": Permission.OBLIGATION_ANSWER,
        "extension_decision": Permission.OBLIGATION_VERIFY,
        "due": Permission.OBLIGATION_VERIFY,
        "wait": Permission.OBLIGATION_ANSWER,
        "stop_waiting": Permission.OBLIGATION_ANSWER,
        "unfeasible": Permission.OBLIGATION_ANSWER,
        "unfeasible_decision": Permission.OBLIGATION_VERIFY,
        **ChainActions.chain_needs,
    }

    def get_queryset(self):
        rows = super().get_queryset()
        if self.action in {"list", "summary"}:
            return rows
        return rows.prefetch_related(
            Prefetch("reports", ProgressReport.objects.select_related("post"))
        )

    @extend_schema(responses=SummarySerializer)
    @action(detail=False, filter_backends=[DjangoFilterBackend], pagination_class=None)
    def summary(self, request: Request) -> Response:
        """The totals that stand above the matrix, of the same filter."""
        rows = self.filter_queryset(self.get_queryset())
        return Response(asdict(obligation_summary(self.actor, clock.now(), rows)))

    @extend_schema(request=VersionSerializer, responses=ObligationDetailSerializer)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: str) -> Response:
        """Say that the agency has it in hand; reminders stop."""
        return self._do(request, VersionSerializer, lambda given: actions.acknowledge_obligation)

    @extend_schema(
        request={
            "application/json": ReportWriteSerializer,
            "multipart/form-data": ReportWriteSerializer,
        },
        responses=ObligationDetailSerializer,
    )
    @action(detail=True, methods=["post"], parser_classes=[TextParser, TextFilesParser])
    def report(self, request: Request, pk: str) -> Response:
        """Report progress, an obstacle, or that it is carried out."""
        return self._do(request, ReportWriteSerializer, _reporting)

    @extend_schema(request=VerifySerializer, responses=ObligationDetailSerializer)
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: str) -> Response:
        """Accept what was submitted, or return it with a reason."""
        return self._do(request, VerifySerializer, _deciding)

    @extend_schema(responses=RemindersSerializer)
    @action(detail=True, methods=["get"])
    def reminders(self, request: Request, pk: str) -> Response:
        """What the ladders said of it, and what they will say when, to whom, if nobody answers."""
        row = self.read_object()
        rows = {"said": ladder.decided(row), "coming": ladder.plan(row, clock.now())}
        return Response(RemindersSerializer(rows).data)

    @extend_schema(request=NoteSerializer, responses=ObligationDetailSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close what is verified; refused while a link of the chain is missing."""
        return self._do(request, NoteSerializer, lambda given: actions.close_obligation)

    @extend_schema(request=ExtensionAskSerializer, responses=ObligationDetailSerializer)
    @action(detail=True, methods=["post"])
    def extension(self, request: Request, pk: str) -> Response:
        """Ask for a later due time."""
        return self._do(request, ExtensionAskSerializer, lambda given: actions.ask_extension)

    @extend_schema(request=ExtensionDecideSerializer, responses=ObligationDetailSerializer)
    @action(detail=True, methods=["post"], url_path="extension-decision")
    def extension_decision(self, request: Request, pk: str) -> Response:
        """Grant the later due time, or refuse it with a reason."""
        return self._do(request, ExtensionDecideSerializer, _extending)

    @extend_schema(request=DueSerializer, responses=ObligationDetailSerializer)
    @action(detail=True, methods=["post"])
    def due(self, request: Request, pk: str) -> Response:
        """Give this share a due time of its own, with the reason."""
        return self._do(request, DueSerializer, lambda given: actions.set_due)

    @extend_schema(request=WaitSerializer, responses=ObligationDetailSerializer)
    @action(detail=True, methods=["post"])
    def wait(self, request: Request, pk: str) -> Response:
        """Say that it waits for another obligation."""
        return self._do(request, WaitSerializer, _waiting)

    @extend_schema(request=NoteSerializer, responses=ObligationDetailSerializer)
    @action(detail=True, methods=["post"], url_path="stop-waiting")
    def stop_waiting(self, request: Request, pk: str) -> Response:
        """Go on without what it waited for."""
        return self._do(request, NoteSerializer, lambda given: actions.stop_waiting)

    @extend_schema(request=UnfeasibleSerializer, responses=ObligationDetailSerializer)
    @action(detail=True, methods=["post"])
    def unfeasible(self, request: Request, pk: str) -> Response:
        """Say that it cannot be carried out, and why."""
        return self._do(request, UnfeasibleSerializer, lambda given: actions.declare_unfeasible)

    @extend_schema(request=UnfeasibleDecideSerializer, responses=ObligationDetailSerializer)
    @action(detail=True, methods=["post"], url_path="unfeasible-decision")
    def unfeasible_decision(self, request: Request, pk: str) -> Response:
        """Accept the reason and close it, or return it."""
        return self._do(request, UnfeasibleDecideSerializer, _giving_up)

    def _do(self, request: Request, serializer: type, choose: Callable) -> Response:
        """Once per Idempotency-Key: the action that what was sent asks for, with its values."""

        def run() -> Response:
            given = valid(serializer, request)
            version = version_of(request, given)
            call = choose(given)
            row = call(self.get_object(), by=self.actor, at=clock.now(), version=version, **given)
            return self.shown_again(row)

        return api_once(request, run)


def _reporting(given: dict[str, Any]) -> Callable:
    """The action for a report; what it has no use for is taken out."""
    kind = given.pop("kind")
    if kind == "blocked":
        return actions.report_obstacle
    given.pop("obstacle")
    if kind == "submitted":
        given.pop("percent", None)
        return actions.submit_obligation
    return actions.report_progress


def _waiting(given: dict[str, Any]) -> Callable:
    """The action looks for the other one among what the post may wait for, and says so if none."""
    given["blocker"] = Obligation(pk=given["blocker"])
    return actions.wait_for_obligation


def _deciding(given: dict[str, Any]) -> Callable:
    return {
        "verify": actions.verify_and_close,
        "verify_only": actions.verify_obligation,
        "return": actions.return_obligation,
    }[given.pop("decision")]


def _extending(given: dict[str, Any]) -> Callable:
    if given.pop("decision") == "grant":
        return actions.grant_extension
    given.pop("due_at")
    return actions.refuse_extension


def _giving_up(given: dict[str, Any]) -> Callable:
    accepted = given.pop("decision") == "accept"
    return actions.accept_unfeasible if accepted else actions.return_obligation
