"""What becomes clearer of an incident: its fields, statement, files, strikes, merges and splits."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from incidents.actions.editing import (
    FieldsChanged,
    add_file,
    edit_incident,
    state_publicly,
    strike_update,
)
from incidents.actions.grouping import merge_incident, split_incident
from incidents.forms.incidents import (
    EditForm,
    FileForm,
    MergeForm,
    PublicTextForm,
    ReasonForm,
    SplitForm,
)
from incidents.models import Incident, IncidentUpdate
from incidents.views.incidents import found, note_read
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.web.forms import submit
from portal.web.idempotency import idempotent


@require_http_methods(["GET", "POST"])
@needs(Permission.INCIDENT_HANDLE)
@idempotent
def incident_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Two people on different fields do not collide; on the same field the second sees both."""
    incident = _handled(request, pk)
    form = EditForm(request.POST or None, incident=incident)
    if request.method == "POST":
        edited = submit(request, form, lambda: _edit(request, form))
        if edited and edited.version == incident.version:
            messages.info(request, _("Tidak ada yang berubah."))
        elif edited:
            messages.success(request, _("Isi kejadian diperbarui."))
        if edited:
            return redirect("incidents:incident_detail", pk)
    title, label = _("Perbaiki isi kejadian"), _("Simpan perubahan")
    return _form(request, incident, form, title=title, submit_label=label)


def _edit(request: HttpRequest, form: EditForm) -> Incident:
    try:
        return edit_incident(
            form.incident, form.wanted, seen=form.seen, by=request.actor, at=clock.now()
        )
    except FieldsChanged as clash:
        form.take(clash.current, clash.fields)
        raise


@require_http_methods(["GET", "POST"])
@needs(Permission.INCIDENT_HANDLE)
@idempotent
def incident_public_text(request: HttpRequest, pk: int) -> HttpResponse:
    incident = _handled(request, pk)
    form = PublicTextForm(request.POST or None, incident=incident)
    if request.method == "POST" and submit(
        request,
        form,
        lambda: state_publicly(
            incident, form.values["public_text"], version=form.version, **_by(request)
        ),
    ):
        messages.success(request, _("Keterangan untuk umum disimpan."))
        return redirect("incidents:incident_detail", pk)
    return _form(request, incident, form, title=_("Keterangan untuk umum"))


@require_http_methods(["GET", "POST"])
@needs(Permission.INCIDENT_REPORT)
@idempotent
def incident_file(request: HttpRequest, pk: int) -> HttpResponse:
    incident = found(request, pk)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and submit(
        request, form, lambda: add_file(incident, form.values["file"], **_by(request))
    ):
        messages.success(request, _("Berkas ditambahkan."))
        return redirect("incidents:incident_detail", pk)
    title, label = _("Tambah berkas"), _("Unggah")
    return _form(request, incident, form, title=title, submit_label=label, multipart=True)


@require_http_methods(["GET", "POST"])
@needs(Permission.INCIDENT_HANDLE)
@idempotent
def incident_merge(request: HttpRequest, pk: int) -> HttpResponse:
    incident = _handled(request, pk)
    initial = {"into": request.GET.get("ke", "")}
    form = MergeForm(request.POST or None, incident=incident, actor=request.actor, initial=initial)
    if request.method == "POST":
        into = submit(request, form, lambda: _merge(request, incident, form))
        if into:
            text = _("Digabung ke %(number)s.") % {"number": into.number}
            messages.success(request, text)
            return redirect("incidents:incident_detail", into.pk)
    title, label = _("Gabungkan kejadian"), _("Gabungkan")
    return _form(request, incident, form, title=title, submit_label=label)


def _merge(request: HttpRequest, incident: Incident, form: MergeForm) -> Incident:
    values = form.values
    return merge_incident(incident, values["into"], reason=values["reason"], **_by(request))


@require_http_methods(["GET", "POST"])
@needs(Permission.INCIDENT_HANDLE)
@idempotent
def incident_split(request: HttpRequest, pk: int) -> HttpResponse:
    incident = _handled(request, pk)
    form = SplitForm(request.POST or None, incident=incident, actor=request.actor)
    if request.method == "POST":
        apart = submit(request, form, lambda: _split(request, incident, form))
        if apart:
            text = _("Dipisahkan menjadi %(number)s.") % {"number": apart.number}
            messages.success(request, text)
            return redirect("incidents:incident_detail", apart.pk)
    title, label = _("Pisahkan laporan"), _("Pisahkan")
    return _form(request, incident, form, title=title, submit_label=label)


def _split(request: HttpRequest, incident: Incident, form: SplitForm) -> Incident:
    values = form.values
    reports = list(values["reports"])
    return split_incident(
        incident,
        reports,
        reason=values["reason"],
        persons=form.chosen_persons(),
        **_by(request),
    )


@require_http_methods(["GET", "POST"])
@needs(Permission.INCIDENT_REPORT)
@idempotent
def incident_strike(request: HttpRequest, pk: int) -> HttpResponse:
    """Of one entry of a timeline; `pk` is the entry's."""
    update = get_object_or_404(IncidentUpdate.objects.visible_to(request.actor), pk=pk)
    incident = found(request, update.incident_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and submit(
        request, form, lambda: strike_update(update, form.values["reason"], **_by(request))
    ):
        messages.success(request, _("Catatan dicoret."))
        return redirect("incidents:incident_detail", incident.pk)
    title, label = _("Coret catatan"), _("Coret")
    return _form(
        request, incident, form, title=title, submit_label=label, lead=update.text or str(update)
    )


def _handled(request: HttpRequest, pk: int) -> Incident:
    incident = found(request, pk)
    require(request.actor, Permission.INCIDENT_HANDLE, incident)
    return incident


def _by(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.actor, "at": clock.now()}


def _form(request: HttpRequest, incident: Incident, form: Any, **context: Any) -> HttpResponse:
    note_read(request, incident)
    cancel_url = reverse("incidents:incident_detail", args=[incident.pk])
    page = {"incident": incident, "form": form, "cancel_url": cancel_url, **context}
    return render(request, "incidents/incident_act.html", page)
