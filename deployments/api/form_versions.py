"""Report forms for who keeps them: every version, drafts changed and published."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.api.lessons import seen
from coordination.api.requests import valid, with_etag
from deployments import actions
from deployments.actions.report_forms import FIELD, GROUP
from deployments.api.form_parts import (
    FormBeginSerializer,
    FormVersionSerializer,
    GroupAddSerializer,
    GroupDropSerializer,
    GroupEditSerializer,
    PublishFormSerializer,
    QuestionAddSerializer,
    QuestionDropSerializer,
    QuestionEditSerializer,
)
from deployments.api.requests import needed_version
from deployments.models import FormField, FormGroup, ReportForm
from portal import clock
from portal.access.api import ScopedViewSet
from portal.access.permissions import Permission
from portal.web.idempotency import api_once


class FormVersionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """Every version of every form, for who keeps them. A published one never changes: it is copied
    to a draft, and that is changed and published. `version` counts the changes of a draft."""

    queryset = (
        ReportForm.objects.select_related("agency", "stage")
        .prefetch_related("groups__fields")
        .order_by("key", "-number")
    )
    serializer_class = FormVersionSerializer
    filter_backends = []
    needs = {
        "list": Permission.FORM_EDIT,
        "retrieve": Permission.FORM_EDIT,
        "create": Permission.FORM_EDIT,
        "copy": Permission.FORM_EDIT,
        "publish": Permission.FORM_EDIT,
        "add_group": Permission.FORM_EDIT,
        "change_group": Permission.FORM_EDIT,
        "drop_group": Permission.FORM_EDIT,
        "add_field": Permission.FORM_EDIT,
        "change_field": Permission.FORM_EDIT,
        "drop_field": Permission.FORM_EDIT,
    }

    @extend_schema(request=FormBeginSerializer, responses={201: FormVersionSerializer})
    def create(self, request: Request) -> Response:
        """Begin a form of its own for a kind of unit, an agency or a stage."""

        def run() -> Response:
            given = valid(FormBeginSerializer, request)
            base = given.pop("base")
            return self._shown(actions.begin_form(base, given, by=self.actor, at=clock.now()), 201)

        return api_once(request, run)

    @extend_schema(request=None, responses={201: FormVersionSerializer})
    @action(detail=True, methods=["post"])
    def copy(self, request: Request, pk: str) -> Response:
        """Begin the next version; the draft that there is already is answered instead."""

        def run() -> Response:
            draft = actions.copy_form(self.get_object(), by=self.actor, at=clock.now())
            return self._shown(draft, 201)

        return api_once(request, run)

    @extend_schema(request=PublishFormSerializer, responses=FormVersionSerializer)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """Let a draft hold from a day on; it cannot be changed any more."""
        return self._write(request, PublishFormSerializer, actions.publish_form)

    @extend_schema(request=GroupEditSerializer, responses=FormVersionSerializer)
    @action(detail=True, methods=["post"], url_path="change-group")
    def change_group(self, request: Request, pk: str) -> Response:
        """Rename a group of a draft, or say whether it must be answered."""

        def call(form: ReportForm, *, group: str, **given: Any) -> None:
            part = self._group(form, group)
            who = {name: given.pop(name) for name in ("version", "by", "at")}
            values = {name: getattr(part, name) for name in GROUP} | given
            actions.change_group(part, values, **who)

        return self._write(request, GroupEditSerializer, call)

    @extend_schema(request=GroupAddSerializer, responses=FormVersionSerializer)
    @action(detail=True, methods=["post"], url_path="add-group")
    def add_group(self, request: Request, pk: str) -> Response:
        """Add a group to a draft; it is published only with a question."""

        def call(form: ReportForm, **given: Any) -> None:
            who = {name: given.pop(name) for name in ("version", "by", "at")}
            actions.add_group(form, given, **who)

        return self._write(request, GroupAddSerializer, call)

    @extend_schema(request=GroupDropSerializer, responses=FormVersionSerializer)
    @action(detail=True, methods=["post"], url_path="drop-group")
    def drop_group(self, request: Request, pk: str) -> Response:
        """Take a group with its questions out of a draft. What the roll-up counts stays."""

        def call(form: ReportForm, *, group: str, **given: Any) -> None:
            actions.drop_group(self._group(form, group), **given)

        return self._write(request, GroupDropSerializer, call)

    @extend_schema(request=QuestionAddSerializer, responses=FormVersionSerializer)
    @action(detail=True, methods=["post"], url_path="add-field")
    def add_field(self, request: Request, pk: str) -> Response:
        """Add a question to a group of a draft."""

        def call(form: ReportForm, *, group: str, **given: Any) -> None:
            who = {name: given.pop(name) for name in ("version", "by", "at")}
            actions.change_field(self._group(form, group), None, given, **who)

        return self._write(request, QuestionAddSerializer, call)

    @extend_schema(request=QuestionEditSerializer, responses=FormVersionSerializer)
    @action(detail=True, methods=["post"], url_path="change-field")
    def change_field(self, request: Request, pk: str) -> Response:
        """Change a question of a draft."""

        def call(form: ReportForm, *, field: str, **given: Any) -> None:
            row = self._field(form, field)
            who = {name: given.pop(name) for name in ("version", "by", "at")}
            values = {name: getattr(row, name) for name in FIELD} | given
            actions.change_field(row.group, row, values, **who)

        return self._write(request, QuestionEditSerializer, call)

    @extend_schema(request=QuestionDropSerializer, responses=FormVersionSerializer)
    @action(detail=True, methods=["post"], url_path="drop-field")
    def drop_field(self, request: Request, pk: str) -> Response:
        """Take a question out of a draft. What the roll-up counts stays."""

        def call(form: ReportForm, *, field: str, **given: Any) -> None:
            actions.drop_field(self._field(form, field), **given)

        return self._write(request, QuestionDropSerializer, call)

    def _group(self, form: ReportForm, key: str) -> FormGroup:
        return seen(FormGroup.objects.filter(form=form), {"group": key}, "group", by="key")

    def _field(self, form: ReportForm, key: str) -> FormField:
        rows = FormField.objects.filter(group__form=form).select_related("group__form")
        return seen(rows, {"field": key}, "field", by="key")

    def _write(self, request: Request, serializer: type, call: Callable) -> Response:
        def run() -> Response:
            given = valid(serializer, request)
            version = needed_version(request, given)
            form = self.get_object()
            call(form, **given, version=version, by=self.actor, at=clock.now())
            return self._shown(form)

        return api_once(request, run)

    def _shown(self, form: ReportForm, status: int = 200) -> Response:
        row = self.get_queryset().get(pk=form.pk)
        return with_etag(Response(self.get_serializer(row).data, status=status), row)
