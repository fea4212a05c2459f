"""Who is involved in an incident; a name is shown on one answer only, and each time is recorded."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from incidents import queries
from incidents.actions.person_forgetting import forget_person
from incidents.actions.persons import add_person, change_person, open_person
from incidents.forms.incidents import UpdateForm
from incidents.forms.persons import PersonForm
from incidents.models import Incident, InvolvedPerson
from incidents.views.incidents import detail_page, found, note_read
from portal import clock
from portal.access.decorators import needs
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.web.forms import submit
from portal.web.idempotency import idempotent, release


@sensitive_post_parameters("name", "note")
@never_cache
@require_http_methods(["GET", "POST"])
@needs(Permission.PERSON_WRITE)
@idempotent
def person_add(request: HttpRequest, pk: int) -> HttpResponse:
    incident = found(request, pk)
    require(request.actor, Permission.PERSON_WRITE, incident)
    form = PersonForm(request.POST or None)
    if request.method == "POST" and submit(
        request, form, lambda: add_person(incident, form.known, form.named, **_by(request))
    ):
        messages.success(request, _("Orang terlibat dicatat."))
        return redirect("incidents:incident_detail", pk)
    return _form(request, incident, form, _("Catat orang terlibat"))


@sensitive_post_parameters("name", "note")
@never_cache
@require_http_methods(["GET", "POST"])
@needs(Permission.PERSON_WRITE)
@idempotent
def person_change(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    incident = found(request, person.incident_id)
    require(request.actor, Permission.PERSON_WRITE, incident)
    form = PersonForm(request.POST or None, person=person)
    if request.method == "POST" and submit(
        request,
        form,
        lambda: change_person(person, form.known, form.named, version=form.version, **_by(request)),
    ):
        messages.success(request, _("Data orang terlibat diperbarui."))
        return redirect("incidents:incident_detail", incident.pk)
    title = _("Ubah data: %(who)s") % {"who": queries.mask(person)}
    return _form(request, incident, form, title)


@never_cache
@require_POST
@needs(Permission.PERSON_OPEN)
@idempotent
def person_open(request: HttpRequest, pk: int) -> HttpResponse:
    """The incident's page with that one name on it."""
    person = _person(request, pk)
    # What this answers is kept nowhere, so a repeat opens again and is recorded again.
    release(request)
    try:
        named = open_person(person, **_by(request))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("incidents:incident_detail", person.incident_id)
    opened = {"pk": person.pk, "named": named}
    return detail_page(request, found(request, person.incident_id), UpdateForm(), opened)


@require_POST
@needs(Permission.PERSON_WRITE)
@idempotent
def person_forget(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    forget_person(person, **_by(request))
    messages.success(request, _("Nama dihapus untuk selamanya."))
    return redirect("incidents:incident_detail", person.incident_id)


def _person(request: HttpRequest, pk: int) -> InvolvedPerson:
    """Of an incident within the post's sight, else 404."""
    return get_object_or_404(InvolvedPerson.objects.visible_to(request.actor), pk=pk)


def _form(request: HttpRequest, incident: Incident, form: PersonForm, title: str) -> HttpResponse:
    note_read(request, incident)
    context = {
        "incident": incident,
        "form": form,
        "title": title,
        "submit_label": _("Simpan"),
        "cancel_url": reverse("incidents:incident_detail", args=[incident.pk]),
    }
    return render(request, "incidents/incident_act.html", context)


def _by(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.actor, "at": clock.now()}
