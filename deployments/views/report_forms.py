"""Report forms, thresholds and rules: seen by all who may edit them, edited while draft."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deployments import actions
from deployments.actions.report_forms import FIELD, GROUP
from deployments.forms.report_forms import (
    BeginForm,
    FieldForm,
    GroupForm,
    NewGroupForm,
    PublishForm,
    RuleForm,
    ThresholdForm,
)
from deployments.models import FormField, FormGroup, OddityRule, ReadinessThreshold, ReportForm
from deployments.queries.form_pages import (
    audience,
    form_list_rows,
    preview,
    rule_rows,
    schedule_rows,
    threshold_rows,
)
from portal import clock
from portal.access.decorators import needs
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.web.forms import submit
from portal.web.idempotency import idempotent


@require_GET
@needs(Permission.FORM_EDIT)
def form_list(request: HttpRequest) -> HttpResponse:
    """Every version of every form, the thresholds of the lights, and the rules of odd numbers."""
    context = {
        "forms": form_list_rows(),
        "schedules": schedule_rows(),
        "thresholds": threshold_rows(),
        "rules": rule_rows(),
    }
    return render(request, "deployments/form_list.html", context)


def _form(request: HttpRequest, pk: int) -> ReportForm:
    rows = ReportForm.objects.visible_to(request.actor).select_related("agency", "stage")
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "POST"])
@needs(Permission.FORM_EDIT)
@idempotent
def form_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The form as it will be asked; a draft with its edit links. POST publishes the draft."""
    report_form = _form(request, pk)
    form = PublishForm(
        request.POST or None,
        initial={"valid_from": clock.today(), "version": report_form.version},
    )
    if request.method == "POST" and submit(
        request,
        form,
        lambda: actions.publish_form(
            report_form,
            valid_from=form.cleaned_data["valid_from"],
            version=form.version,
            by=request.actor,
            at=clock.now(),
        ),
    ):
        messages.success(request, _("Formulir diterbitkan. Versi ini tidak dapat diubah lagi."))
        return redirect("deployments:form_detail", pk=pk)
    context = {
        "report_form": report_form,
        "who": audience(report_form),
        "groups": preview(report_form),
        "form": form if report_form.is_draft else None,
    }
    return render(request, "deployments/form_detail.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.FORM_EDIT)
@idempotent
def form_begin(request: HttpRequest) -> HttpResponse:
    """A form of its own for a kind of unit, an agency or a stage, begun as a copy."""
    form = BeginForm(request.POST or None)
    draft = request.method == "POST" and submit(
        request,
        form,
        lambda: actions.begin_form(
            form.cleaned_data["base"], form.values, by=request.actor, at=clock.now()
        ),
    )
    if draft:
        messages.success(request, _("Draf formulir disimpan."))
        return redirect("deployments:form_detail", pk=draft.pk)
    context = {"form": form, "title": _("Formulir baru")}
    return render(request, "deployments/form_part.html", context)


@require_POST
@needs(Permission.FORM_EDIT)
@idempotent
def form_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the next version; the draft that there is already is opened instead."""
    draft = actions.copy_form(_form(request, pk), by=request.actor, at=clock.now())
    return redirect("deployments:form_detail", pk=draft.pk)


@require_http_methods(["GET", "POST"])
@needs(Permission.FORM_EDIT)
@idempotent
def form_group(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a group, or say whether it must be answered."""
    group = get_object_or_404(FormGroup.objects.select_related("form"), pk=pk)
    form = GroupForm(request.POST or None, instance=group, draft_version=group.form.version)
    return _edited(
        request,
        form,
        group.form,
        group.label,
        lambda: actions.change_group(
            group,
            {name: form.cleaned_data[name] for name in GROUP},
            version=form.version,
            by=request.actor,
            at=clock.now(),
        ),
    )


@require_http_methods(["GET", "POST"])
@needs(Permission.FORM_EDIT)
@idempotent
def form_group_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a group to a draft."""
    draft = _form(request, pk)
    form = NewGroupForm(request.POST or None, draft_version=draft.version)
    return _edited(
        request,
        form,
        draft,
        _("Bagian baru"),
        lambda: actions.add_group(
            draft,
            {name: form.cleaned_data[name] for name in ("key", *GROUP)},
            version=form.version,
            by=request.actor,
            at=clock.now(),
        ),
    )


@require_POST
@needs(Permission.FORM_EDIT)
@idempotent
def form_group_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a group with its questions out of a draft."""
    group = get_object_or_404(FormGroup.objects.select_related("form"), pk=pk)
    draft = group.form
    return _dropped(request, draft, lambda **who: actions.drop_group(group, **who))


@require_http_methods(["GET", "POST"])
@needs(Permission.FORM_EDIT)
@idempotent
def form_field_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a question to a group of a draft."""
    group = get_object_or_404(FormGroup.objects.select_related("form"), pk=pk)
    form = FieldForm(request.POST or None, draft_version=group.form.version)
    return _edited(
        request,
        form,
        group.form,
        _("Isian baru"),
        lambda: actions.change_field(
            group,
            None,
            {name: form.cleaned_data[name] for name in ("key", *FIELD)},
            version=form.version,
            by=request.actor,
            at=clock.now(),
        ),
    )


@require_http_methods(["GET", "POST"])
@needs(Permission.FORM_EDIT)
@idempotent
def form_field(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a question of a draft."""
    field = get_object_or_404(FormField.objects.select_related("group__form"), pk=pk)
    form = FieldForm(request.POST or None, instance=field, draft_version=field.group.form.version)
    return _edited(
        request,
        form,
        field.group.form,
        field.label,
        lambda: actions.change_field(
            field.group,
            field,
            {name: form.cleaned_data[name] for name in FIELD},
            version=form.version,
            by=request.actor,
            at=clock.now(),
        ),
    )


@require_POST
@needs(Permission.FORM_EDIT)
@idempotent
def form_field_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a question out of a draft."""
    field = get_object_or_404(FormField.objects.select_related("group__form"), pk=pk)
    draft = field.group.form
    return _dropped(request, draft, lambda **who: actions.drop_field(field, **who))


def _dropped(request: HttpRequest, draft: ReportForm, call: Any) -> HttpResponse:
    version = request.POST.get("version", "")
    try:
        call(version=int(version) if version.isdecimal() else 0, by=request.actor, at=clock.now())
        messages.success(request, _("Dihapus dari draf."))
    except Refused as refusal:
        messages.error(request, str(refusal.sentence))
    return redirect("deployments:form_detail", pk=draft.pk)


def _edited(
    request: HttpRequest, form: Any, draft: ReportForm, title: str, call: Any
) -> HttpResponse:
    """The page of one part of a draft; a published form leads back to its page."""
    if not draft.is_draft:
        messages.error(
            request, _("Versi yang sudah terbit tidak dapat diubah. Salin menjadi versi baru.")
        )
        return redirect("deployments:form_detail", pk=draft.pk)
    if request.method == "POST" and submit(request, form, call):
        messages.success(request, _("Draf formulir disimpan."))
        return redirect("deployments:form_detail", pk=draft.pk)
    context = {"form": form, "report_form": draft, "title": title}
    return render(request, "deployments/form_part.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.FORM_EDIT)
@idempotent
def form_threshold(request: HttpRequest, pk: int) -> HttpResponse:
    """From how many per cent a group is ready."""
    row = get_object_or_404(ReadinessThreshold.objects.visible_to(request.actor), pk=pk)
    form = ThresholdForm(request.POST or None, instance=row)
    return _set(
        request,
        form,
        row.group,
        lambda: actions.change_threshold(
            row, form.values, version=form.version, by=request.actor, at=clock.now()
        ),
    )


@require_http_methods(["GET", "POST"])
@needs(Permission.FORM_EDIT)
@idempotent
def form_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """What makes a number odd, and what follows."""
    row = get_object_or_404(OddityRule.objects.visible_to(request.actor), pk=pk)
    form = RuleForm(request.POST or None, instance=row)
    return _set(
        request,
        form,
        row.label,
        lambda: actions.change_rule(
            row, form.values, version=form.version, by=request.actor, at=clock.now()
        ),
    )


def _set(request: HttpRequest, form: Any, title: str, call: Any) -> HttpResponse:
    if request.method == "POST" and submit(request, form, call):
        messages.success(request, _("Disimpan. Laporan yang sudah masuk tidak dinilai ulang."))
        return redirect("deployments:form_list")
    return render(request, "deployments/form_part.html", {"form": form, "title": title})
