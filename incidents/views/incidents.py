from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from incidents import queries
from incidents.actions.moves import move_incident
from incidents.actions.reports import add_update, report_incident
from incidents.enums import SEVERITY_BADGES, STATE_BADGES, IncidentState
from incidents.filters import IncidentListFilter
from incidents.forms.incidents import IncidentForm, MoveForm, UpdateForm
from incidents.models import Account, Incident
from incidents.queries.agenda import agenda_of
from incidents.queries.detail import MOVES
from incidents.queries.directives import directives_of
from incidents.queries.gakkumdu import desk_link, handed_over, narrowed, told
from incidents.queries.special_reports import special_rows
from incidents.queries.units import sent_units, units_keeping_open
from incidents.rules import barred
from incidents.views.files import INCIDENTS
from portal import clock
from portal.access.classification import Classification
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import may, require
from portal.audit.record import record_read
from portal.exports.making import DIRECT_ROWS
from portal.web.forms import submit
from portal.web.idempotency import idempotent
from portal.web.pagination import paginate


def found(request: HttpRequest, pk: int) -> Incident:
    """The incident within the post's sight, else 404."""
    incident = queries.incidents(request.actor).filter(pk=pk).first()
    if incident is None:
        raise Http404
    return incident


@require_GET
@needs(Permission.INCIDENT_VIEW)
def incident_list(request: HttpRequest) -> HttpResponse:
    filters = IncidentListFilter(request.GET, queryset=queries.incidents(request.actor))
    page = paginate(request, filters.qs)
    context = {
        "filter_form": filters.form,
        "page": page,
        "rows": queries.incident_rows(page.object_list),
        "summary": queries.incident_summary(request.actor, clock.now()),
        "may_report": may(request.actor, Permission.INCIDENT_REPORT),
        "handed_over": handed_over(request.actor),
        "may_export": may(request.actor, Permission.EXPORT_CREATE),
        "export_url": reverse("exports:create", args=[INCIDENTS.name]),
        "query": filters.query,
        "direct_rows": DIRECT_ROWS,
    }
    return render(request, "incidents/incident_list.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.INCIDENT_REPORT)
@idempotent
def incident_create(request: HttpRequest) -> HttpResponse:
    actor, at = request.actor, clock.now()
    own_region = "" if actor.whole_province else actor.region_code
    form = IncidentForm(
        request.POST or None, actor=actor, initial={"occurred_at": at, "region": own_region}
    )
    if request.method == "POST":
        incident = submit(
            request, form, lambda: report_incident(**form.values, by=actor, at=clock.now())
        )
        if incident:
            text = _("Kejadian %(number)s dilaporkan.") % {"number": incident.number}
            messages.success(request, text)
            return redirect("incidents:incident_detail", incident.pk)
    return render(request, "incidents/incident_form.html", {"form": form})


@require_GET
@needs(Permission.INCIDENT_VIEW)
def incident_detail(request: HttpRequest, pk: int) -> HttpResponse:
    elsewhere = narrowed(request.actor).filter(pk=pk).first()
    if elsewhere is not None:
        return render(request, "incidents/incident_narrowed.html", {"row": told(elsewhere)})
    return detail_page(request, found(request, pk), UpdateForm())


def note_read(request: HttpRequest, row: Account) -> None:
    """Whatever page it stands on: reading what is Rahasia is recorded."""
    if row.classification >= Classification.RAHASIA:
        record_read(row, by=request.actor, at=clock.now())


def detail_page(
    request: HttpRequest,
    incident: Incident,
    form: UpdateForm,
    opened: dict[str, Any] | None = None,
) -> HttpResponse:
    """The incident's page; `opened` is the one person (`pk`, `named`) whose name it shows."""
    note_read(request, incident)
    goes_on = Incident.objects.visible_to(request.actor).filter(pk=incident.merged_into_id)
    context = {
        "incident": incident,
        "goes_on": incident.merged_into_id and goes_on.exists(),
        "severity": (SEVERITY_BADGES[incident.severity], incident.get_severity_display()),
        "state": (STATE_BADGES[incident.state], incident.get_state_display()),
        "elsewhere": queries.point_elsewhere(incident),
        "facts": queries.facts(incident),
        "targets": queries.targets(incident, clock.now()),
        "events": queries.timeline(incident, request.actor),
        "barred": barred(request.actor, incident),
        "receive": queries.awaits_receipt(incident, request.actor),
        "moves": queries.moves(incident, request.actor),
        "acts": queries.acts(incident, request.actor),
        "asks": queries.asks(incident, request.actor),
        "units": sent_units(incident, request.actor, clock.now()),
        "requests": queries.requests_of(incident, request.actor, clock.now()),
        "reports": queries.reports_of(incident, request.actor),
        "files": queries.pictures_of(incident),
        "persons": queries.person_rows(incident, request.actor),
        "names_persons": may(request.actor, Permission.PERSON_WRITE, incident),
        "opened": opened,
        "directives": directives_of(incident, request.actor),
        "agenda": agenda_of(incident, request.actor),
        "special_reports": special_rows(incident, request.actor),
        "alike": queries.alike(incident, request.actor),
        "form": form,
        "may_write": incident.merged_into_id is None
        and may(request.actor, Permission.INCIDENT_REPORT),
        "desk": desk_link(incident, request.actor),
    }
    return render(request, "incidents/incident_detail.html", context)


@require_POST
@needs(Permission.INCIDENT_REPORT)
@idempotent
def incident_update(request: HttpRequest, pk: int) -> HttpResponse:
    incident = found(request, pk)
    form = UpdateForm(request.POST)
    update = submit(
        request,
        form,
        lambda: add_update(incident, **form.values, by=request.actor, at=clock.now()),
    )
    if update is None:
        return detail_page(request, incident, form)
    messages.success(request, _("Catatan ditambahkan."))
    return redirect("incidents:incident_detail", pk)


@require_http_methods(["GET", "POST"])
@needs(Permission.INCIDENT_HANDLE)
@idempotent
def incident_move(request: HttpRequest, pk: int) -> HttpResponse:
    """One step of the handling. GET asks for the words that some steps need."""
    incident = found(request, pk)
    require(request.actor, Permission.INCIDENT_HANDLE, incident)
    state = (request.POST or request.GET).get("state", "")
    if state not in MOVES:
        raise Http404
    form = MoveForm(request.POST or None, incident=incident, state=state)
    if request.method == "POST" and submit(request, form, lambda: _move(request, incident, form)):
        messages.success(request, _("Keadaan kejadian diperbarui."))
        return redirect("incidents:incident_detail", pk)
    context = {
        "incident": incident,
        "form": form,
        "act": MOVES[IncidentState(state)][0],
        "on_duty": units_keeping_open(incident, request.actor, state),
        "cancel_url": reverse("incidents:incident_detail", args=[pk]),
    }
    return render(request, "incidents/incident_move.html", context)


def _move(request: HttpRequest, incident: Incident, form: MoveForm) -> Incident:
    return move_incident(
        incident, **form.values, by=request.actor, at=clock.now(), version=form.version
    )
