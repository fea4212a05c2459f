"""Directives over the API: out of a rakor, alone, passed on; changed, taken back."""

from typing import Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.actions import directives, standing
from coordination.actions.shares import Due, Share
from coordination.api.lessons import seen
from coordination.api.requests import ReadViewSet, valid, version_of
from coordination.api.serializers import DirectiveSerializer, ReasonSerializer
from coordination.api.steps import (
    DelegateSerializer,
    DirectiveDraftSerializer,
    DirectiveEditSerializer,
    DirectiveWriteSerializer,
)
from coordination.enums import DueKind
from coordination.filters import DirectiveFilter
from coordination.models import (
    Addressee,
    AgendaItem,
    Directive,
    Meeting,
    MinutesSection,
    Obligation,
)
from coordination.queries.origin import ORIGIN
from portal import clock
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.web.idempotency import api_once


class DirectiveViewSet(ReadViewSet):
    """Directives in the post's sight, the latest issue first."""

    queryset = (
        Directive.objects.select_related("issuer_agency", "issuer_post", "due_stage", *ORIGIN)
        .prefetch_related(
            Prefetch("addressees", Addressee.objects.select_related("agency", "unit"))
        )
        .order_by("-issued_at", "pk")
    )
    serializer_class = DirectiveSerializer
    filterset_class = DirectiveFilter
    needs = {
        "list": Permission.DIRECTIVE_VIEW,
        "retrieve": Permission.DIRECTIVE_VIEW,
        "create": Permission.DIRECTIVE_ISSUE,
        "draft": Permission.DIRECTIVE_ISSUE,
        "partial_update": Permission.DIRECTIVE_ISSUE,
        "cancel": Permission.DIRECTIVE_VIEW,
        "delegate": Permission.DIRECTIVE_DELEGATE,
    }

    @extend_schema(request=DirectiveWriteSerializer, responses={201: DirectiveSerializer})
    def create(self, request: Request) -> Response:
        """Issue a directive that stands alone."""
        return api_once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        serializer = DirectiveWriteSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        directive = standing.issue_directive_alone(
            by=self.actor, at=clock.now(), **serializer.values()
        )
        return self.shown_again(directive, status=201)

    @extend_schema(request=DelegateSerializer, responses={201: DirectiveSerializer})
    @action(detail=False, methods=["post"])
    def delegate(self, request: Request) -> Response:
        """Pass the own agency's obligation on to units of it."""
        return api_once(request, lambda: self._delegate(request))

    def _delegate(self, request: Request) -> Response:
        given = valid(DelegateSerializer, request)
        seen = Obligation.objects.visible_to(self.actor).select_related("directive", "agency")
        obligation = get_object_or_404(seen, pk=given.pop("obligation"))
        directive = standing.delegate_obligation(obligation, by=self.actor, at=clock.now(), **given)
        return self.shown_again(directive, status=201)

    @extend_schema(request=DirectiveDraftSerializer, responses={201: DirectiveSerializer})
    @action(detail=False, methods=["post"])
    def draft(self, request: Request) -> Response:
        """Make a directive of an agenda item or a passage; it binds once the minutes are out."""
        return api_once(request, lambda: self._draft(request))

    def _draft(self, request: Request) -> Response:
        serializer = DirectiveDraftSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.values()
        meeting = seen(Meeting.objects.visible_to(self.actor), given, "meeting")
        require(self.actor, Permission.MINUTES_WRITE, meeting)
        self._origin(meeting, given)
        made = directives.draft_directive(meeting, by=self.actor, at=clock.now(), **given)
        return self.shown_again(made, status=201)

    @extend_schema(request=DirectiveEditSerializer, responses=DirectiveSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change a draft. What is not sent stays; `shares` are sent as a whole."""
        return api_once(request, lambda: self._edit(request))

    def _edit(self, request: Request) -> Response:
        given = valid(DirectiveEditSerializer, request)
        version = version_of(request, given)
        directive = self.get_object()
        require(self.actor, Permission.DIRECTIVE_ISSUE, directive)
        self._origin(directive.meeting, given)
        sent = given.pop("shares", None)
        shares = _shares(directive) if sent is None else [Share(**share) for share in sent]
        due = _due(directive, given)
        directives.edit_directive(
            directive,
            by=self.actor,
            at=clock.now(),
            version=version,
            shares=shares,
            due=due,
            **given,
        )
        return self.shown_again(directive)

    @extend_schema(request=ReasonSerializer, responses=DirectiveSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Take it back, with a reason; its unfinished obligations end with it."""

        def run() -> Response:
            given = valid(ReasonSerializer, request)
            directive = self.get_object()
            directives.cancel_directive(directive, by=self.actor, at=clock.now(), **given)
            return self.shown_again(directive)

        return api_once(request, run)

    def _origin(self, meeting: Meeting | None, given: dict[str, Any]) -> None:
        """The passage and the agenda item that were named, of that rakor."""
        for name, rows in (
            ("section", MinutesSection.objects.filter(minutes__meeting=meeting)),
            ("agenda_item", AgendaItem.objects.filter(meeting=meeting)),
        ):
            if name in given:
                given[name] = seen(rows, given, name)


def _shares(directive: Directive) -> list[Share]:
    """To whom it speaks as it stands."""
    return [
        Share(
            share.agency,
            share.due_at if share.own_due else None,
            is_lead=share.is_lead,
            unit=share.unit,
            region=share.region,
        )
        for share in directive.addressees.select_related("agency", "unit", "region")
    ]


def _due(directive: Directive, given: dict[str, Any]) -> Due:
    """The rule of its due time as it stands, with what was sent."""
    stated = given.pop("due_at", None)
    kind = given.pop("due_kind", DueKind.DATE if stated else directive.due_kind)
    kept = directive.default_due_at if directive.due_kind == DueKind.DATE else None
    return Due(
        kind=kind,
        at=stated or kept,
        days=given.pop("due_days", directive.due_days),
        stage=given.pop("due_stage", directive.due_stage),
        offset=given.pop("due_offset", directive.due_offset),
    )
