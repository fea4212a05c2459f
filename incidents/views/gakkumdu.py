from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from incidents.actions import gakkumdu as actions
from incidents.actions.gakkumdu_opening import hand_over
from incidents.forms.gakkumdu import CloseForm, ExtendForm, FinishForm, HandOverForm, ReturnForm
from incidents.models import GakkumduCase
from incidents.queries import gakkumdu as queries
from incidents.queries import gakkumdu_detail as detail
from incidents.queries import timeline
from incidents.views.incidents import found as found_incident
from portal import clock
from portal.access.classification import Classification
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.audit.record import record_read
from portal.web.forms import submit
from portal.web.idempotency import idempotent
from portal.web.pagination import paginate


def found(request: HttpRequest, pk: int) -> GakkumduCase:
    """The case within the desk's sight, else 404."""
    case = queries.cases(request.actor).select_related("opened_by").filter(pk=pk).first()
    if case is None:
        raise Http404
    return case


@require_GET
@needs(Permission.GAKKUMDU_VIEW)
def case_list(request: HttpRequest) -> HttpResponse:
    """The tab asked for: running (lapsing first), lapsed, closed."""
    tab = request.GET.get("saring", "")
    tab = tab if tab in queries.TABS else queries.TABS[0]
    listed = queries.case_list(request.actor, clock.now(), tab)
    page = paginate(request, listed.rows)
    labels = {
        "berjalan": _("Berjalan"),
        "gugur": _("Gugur, belum ditutup"),
        "ditutup": _("Ditutup"),
    }
    here = reverse("incidents:case_list")
    tabs = [
        {
            "label": labels[name],
            "url": f"{here}?saring={name}",
            "current": name == tab,
            "count": listed.counts[name],
        }
        for name in queries.TABS
    ]
    return render(request, "incidents/case_list.html", {"page": page, "tabs": tabs})


@require_GET
@needs(Permission.GAKKUMDU_VIEW)
def case_detail(request: HttpRequest, pk: int) -> HttpResponse:
    case, actor, at = found(request, pk), request.actor, clock.now()
    if case.classification >= Classification.RAHASIA:
        record_read(case, by=actor, at=at)
    reckoned = queries.clock_of(case, at)
    context = {
        "case": case,
        "row": queries.case_row(case, reckoned, None),
        "lines": detail.clock_lines(case, reckoned),
        "facts": detail.case_facts(case, actor),
        "events": detail.history(case, actor),
        "incident_events": timeline(case.incident, actor),
        "moves": detail.case_moves(case, reckoned, actor),
        "ended": reckoned.ended and not case.outcome,
    }
    return render(request, "incidents/case_detail.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.INCIDENT_HANDLE)
@idempotent
def case_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand an incident to the desk. Who is no member sees number, type and region from then on."""
    incident = found_incident(request, pk)
    require(request.actor, Permission.INCIDENT_HANDLE, incident)
    at = clock.now()
    form = HandOverForm(
        request.POST or None,
        incident=incident,
        initial={"known_at": incident.occurred_at, "received_at": at},
    )
    if request.method == "POST":
        case = submit(
            request,
            form,
            lambda: hand_over(
                incident, by=request.actor, at=clock.now(), version=form.version, **form.values
            ),
        )
        if case:
            text = _("Diserahkan kepada Sentra Gakkumdu: %(number)s.") % {"number": case.number}
            messages.success(request, text)
            seen = GakkumduCase.objects.visible_to(request.actor).filter(pk=case.pk).exists()
            if seen:
                return redirect("incidents:case_detail", case.pk)
            return redirect("incidents:incident_detail", pk)
    context = {
        "form": form,
        "title": _("Serahkan kepada Sentra Gakkumdu"),
        "parent": (incident.number, reverse("incidents:incident_detail", args=[pk])),
        "lead": incident.title,
        "note": _(
            "Setelah diserahkan, hanya anggota Sentra Gakkumdu yang membaca isinya. Yang lain "
            "tetap melihat nomor, jenis, dan wilayah."
        ),
    }
    return render(request, "incidents/case_form.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.GAKKUMDU_HANDLE)
@idempotent
def case_finish(request: HttpRequest, pk: int) -> HttpResponse:
    case = found(request, pk)
    form = FinishForm(request.POST or None, row=case, initial={"happened_at": clock.now()})
    title = _("Catat selesai: %(step)s") % {"step": case.get_step_display()}
    return _step(request, case, form, actions.finish_step, title)


@require_http_methods(["GET", "POST"])
@needs(Permission.GAKKUMDU_HANDLE)
@idempotent
def case_return(request: HttpRequest, pk: int) -> HttpResponse:
    case = found(request, pk)
    form = ReturnForm(request.POST or None, row=case, initial={"happened_at": clock.now()})
    return _step(request, case, form, actions.return_file, _("Kembalikan berkas"))


@require_http_methods(["GET", "POST"])
@needs(Permission.GAKKUMDU_HANDLE)
@idempotent
def case_extend(request: HttpRequest, pk: int) -> HttpResponse:
    case = found(request, pk)
    form = ExtendForm(request.POST or None, row=case)
    return _step(request, case, form, actions.extend_step, _("Perpanjang satu kali"))


@require_http_methods(["GET", "POST"])
@needs(Permission.GAKKUMDU_HANDLE)
@idempotent
def case_close(request: HttpRequest, pk: int) -> HttpResponse:
    case = found(request, pk)
    choices = queries.outcomes(case, queries.clock_of(case, clock.now()))
    form = CloseForm(request.POST or None, row=case, choices=choices)
    return _step(request, case, form, actions.close_case, _("Tutup perkara"))


def _step(
    request: HttpRequest, case: GakkumduCase, form: Any, act: Callable[..., Any], title: str
) -> HttpResponse:
    """One step of a case: its form, and back to the case once it is written down."""
    require(request.actor, Permission.GAKKUMDU_HANDLE, case)

    def run() -> Any:
        return act(case, by=request.actor, at=clock.now(), version=form.version, **form.values)

    if request.method == "POST" and submit(request, form, run):
        messages.success(request, _("Perkara diperbarui."))
        return redirect("incidents:case_detail", case.pk)
    context = {
        "form": form,
        "title": title,
        "parent": (case.number, reverse("incidents:case_detail", args=[case.pk])),
        "lead": case.incident.type.label,
    }
    return render(request, "incidents/case_form.html", context)
