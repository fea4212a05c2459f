"""Laporan situasi: the page, and the same rows as PDF."""

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from incidents.exports.situation import situation_pdf
from incidents.forms.reports import SituationForm
from incidents.queries.situation import (
    Situation,
    cut_off,
    last_cut_off,
    reportable,
    situation,
)
from incidents.queries.situation_tables import tables, withheld_line
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.audit.record import record_read
from portal.documents.download import PDF_TYPE, download
from portal.web.templatetags.portal import angka


def _asked(request: HttpRequest, at: datetime) -> tuple[SituationForm, Situation | None]:
    """The question; without one the own region at the last cut-off. None when it cannot be
    answered, and the form says why."""
    regions = reportable(request.actor)
    newest = clock.local(last_cut_off(at))
    default = regions.first()
    initial = {
        "region": default.pk if default else "",
        "day": newest.date().isoformat(),
        "hour": newest.hour,
    }
    given = {name: request.GET.get(name) or value for name, value in initial.items()}
    form = SituationForm(given, regions=regions)
    if not form.is_valid():
        return form, None
    moment = cut_off(form.cleaned_data["day"], form.cleaned_data["hour"])
    if moment > at:
        form.add_error("day", _("Batas waktu ini belum lewat."))
        return form, None
    return form, situation(request.actor, form.cleaned_data["region"], moment)


@require_GET
@never_cache
@needs(Permission.INCIDENT_VIEW)
def situation_page(request: HttpRequest) -> HttpResponse:
    form, found = _asked(request, clock.now())
    context = {"form": form, "found": found}
    if found is not None:
        local = clock.local(found.at)
        words = {"region": found.region.pk, "day": local.date().isoformat(), "hour": local.hour}
        context |= {
            "tables": tables(found),
            "withheld": withheld_line(found),
            "new": angka(len(found.new)) if found.new else _("NIHIL"),
            "open": angka(len(found.open)) if found.open else _("NIHIL"),
            "pdf_url": f"{reverse('incidents:situation_print')}?{urlencode(words)}",
        }
    return render(request, "incidents/situation.html", context)


@require_GET
@never_cache
@needs(Permission.INCIDENT_VIEW)
def situation_print(request: HttpRequest) -> HttpResponse:
    """The same question as PDF; the download is recorded."""
    at = clock.now()
    form, found = _asked(request, at)
    if found is None:
        return render(request, "incidents/situation.html", {"form": form}, status=400)
    record_read(found.region, by=request.actor, at=at, verb="situation_print")
    name, pdf = situation_pdf(found, reader=request.actor, at=at)
    return download(pdf, PDF_TYPE, name)
