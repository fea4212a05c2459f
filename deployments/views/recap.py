"""Rekapitulasi kesiapan: by region, unit or stage, now or as it was shown at any moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from deployments import queries
from deployments.enums import LIGHT_BADGE, Light, Tally
from deployments.exports import recap_sheet
from deployments.forms.recap import RecapForm
from deployments.maps.words import is_told
from deployments.queries.recap import Recap, RecapRow
from deployments.views.reading import running
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.audit.record import record_read
from portal.documents.xlsx import CSV_TYPE, XLSX_TYPE, comma_separated, xlsx
from portal.registry.enums import PROVINCE
from portal.registry.models import Operation, Region, Unit
from portal.web.templatetags.portal import angka

TABS = {
    "region": gettext_lazy("Per wilayah"),
    "unit": gettext_lazy("Per satuan"),
    "stage": gettext_lazy("Per tahapan"),
}

APART = [tally for tally in Tally if tally != Tally.WAITING]


@dataclass(frozen=True)
class Asked:
    """What the address asks for. `at` is the moment shown, `past` that it was chosen."""

    by: str
    at: datetime
    past: bool
    agency: str | None
    within: Region
    unit: Unit | None
    form: RecapForm

    @property
    def plan_url(self) -> str:
        """The map of the moment asked for, if that is still to come."""
        if not self.form.to_come:
            return ""
        query = urlencode({"at": self.form.data["at"], "within": self.within.code})
        return f"{reverse('deployments:map')}?{query}"

    def address(self, **other: str) -> str:
        """The same question with some words replaced; empty ones are left out."""
        words = {
            "by": self.by,
            "at": f"{clock.local(self.at):%Y-%m-%dT%H:%M}" if self.past else "",
            "agency": self.agency or "",
            "within": self.within.code,
            "unit": self.unit.slug if self.unit else "",
        } | other
        plain = {"by": "region", "within": PROVINCE}
        return urlencode({key: word for key, word in words.items() if word != plain.get(key, "")})


def asked(request: HttpRequest) -> Asked:
    """Raises Http404 for a region or a unit that is not there to be seen."""
    given = request.GET
    now = clock.now()
    form = RecapForm(given, now=now)
    form.is_valid()
    valid = form.cleaned_data
    chosen = valid.get("at")
    unit = None
    if slug := given.get("unit"):
        unit = get_object_or_404(Unit.objects.visible_to(request.actor), slug=slug)
    regions = Region.objects.visible_to(request.actor).filter(level__in=queries.LEVELS)
    agency = valid.get("agency")
    return Asked(
        by=given["by"] if given.get("by") in TABS else "region",
        at=chosen or now,
        past=bool(chosen) and chosen < now,
        agency=agency.slug if agency else None,
        within=get_object_or_404(regions, code=given.get("within") or PROVINCE),
        unit=unit,
        form=form,
    )


def asked_file(request: HttpRequest) -> Asked:
    """The same for a file, which has no field to say it at: Http404 for what cannot be shown."""
    question = asked(request)
    if question.form.errors:
        raise Http404
    return question


def found(request: HttpRequest, question: Asked, operation: Operation) -> Recap:
    if question.by == "unit":
        return queries.unit_recap(request.actor, operation, question.at, parent=question.unit)
    if question.by == "stage":
        return queries.stage_recap(operation, question.at, agency=question.agency)
    return queries.region_recap(
        operation, question.at, within=question.within, agency=question.agency
    )


@require_GET
@needs(Permission.ROLLUP_VIEW)
def recap(request: HttpRequest) -> HttpResponse:
    """Each figure with its age, how many reported, and the way to the reports behind it."""
    question = asked(request)
    operation = running(question.at)
    figures = found(request, question, operation)
    context = {
        "operation": operation,
        "question": question,
        "recap": figures,
        "rows": [prepared(question, figures, row) for row in figures.rows],
        "whole": prepared(question, figures, figures.whole) if figures.whole else None,
        "heads": [tally.label for tally in APART],
        "uncounted": any(row.states is None for row in figures.rows),
        "tabs": [
            {
                "label": label,
                "url": f"?{question.address(by=key, within='', unit='')}",
                "current": key == question.by,
            }
            for key, label in TABS.items()
        ],
        "crumbs": crumbs(question),
        "now_url": f"?{question.address(at='')}",
        "files": [
            (kind, f"{reverse('deployments:export_recap')}?{question.address(format=kind)}")
            for kind in ("xlsx", "csv")
        ]
        if may(request.actor, Permission.EXPORT_CREATE)
        else [],
        "daily_url": f"{reverse('deployments:daily_print')}?{question.address()}",
    }
    return render(request, "deployments/recap.html", context)


def prepared(question: Asked, figures: Recap, row: RecapRow) -> dict[str, Any]:
    """A row as the template prints it."""
    light = Light(row.light) if row.light else None
    return {
        "row": row,
        "name": _("%(region)s, tidak terperinci per wilayah") % {"region": row.name}
        if row.rest
        else row.name,
        "states": apart(row.states),
        "told": is_told(row),
        "percent": f"{row.present * 100 // row.total}%" if row.total else "–",
        "light": row.light_label,
        "badge": LIGHT_BADGE[light] if light else "neutral",
        "open_url": f"?{question.address(**inside(question, row))}" if row.opens else "",
        "source_url": source(question, figures, row),
    }


def apart(states: dict[str, int] | None) -> list[dict[str, str]]:
    """A cell per state of the expected reports; what is not due yet stands beside the missing."""
    waiting = states and states[Tally.WAITING]
    return [
        {
            "label": str(tally.label),
            "number": angka(states[tally.value]) if states else "–",
            "waiting": angka(waiting) if waiting and tally == Tally.MISSING else "",
        }
        for tally in APART
    ]


def inside(question: Asked, row: RecapRow) -> dict[str, str]:
    return {"unit": row.key} if question.by == "unit" else {"within": row.key}


def source(question: Asked, figures: Recap, row: RecapRow) -> str:
    """The list of the reports that the row counts."""
    query: dict[str, str] = {"agency": question.agency or ""}
    if question.past:
        query["at"] = question.at.isoformat()
    if question.by == "stage":
        query["stage"] = row.key
    else:
        query[key_of(question, row)] = row.key
        query["cut_off_at"] = figures.cut_off_at.isoformat() if figures.cut_off_at else ""
    words = urlencode({key: word for key, word in query.items() if word})
    return f"{reverse('deployments:readiness_list')}?{words}"


def key_of(question: Asked, row: RecapRow) -> str:
    """The word of the list's filter. No report is due from a district; its figures are lines."""
    if question.by == "unit":
        return "under"
    return "district" if row.key.count(".") > 1 else "region"


def crumbs(question: Asked) -> list[dict[str, str]]:
    """The way from the whole to what is open."""
    if question.by == "unit" and question.unit:
        above = [*reversed(list(ancestors(question.unit)))]
        return [
            {"label": _("Semua satuan"), "url": f"?{question.address(unit='')}"},
            *({"label": u.short_name, "url": f"?{question.address(unit=u.slug)}"} for u in above),
            {"label": question.unit.short_name},
        ]
    if question.by == "region" and question.within.parent:
        return [
            {
                "label": question.within.parent.name,
                "url": f"?{question.address(within=question.within.parent_id)}",
            },
            {"label": question.within.name},
        ]
    return []


def ancestors(unit: Unit):
    while unit.parent:
        unit = unit.parent
        yield unit


@require_GET
@never_cache
@needs(Permission.EXPORT_CREATE)
def export_recap(request: HttpRequest) -> HttpResponse:
    """The same rows as a sheet; the download is recorded."""
    question = asked_file(request)
    operation = running(question.at)
    kind = request.GET.get("format", "xlsx")
    if kind not in ("xlsx", "csv"):
        raise Http404
    sheet = recap_sheet(found(request, question, operation), str(TABS[question.by]), operation.name)
    record_read(operation, by=request.actor, at=clock.now(), verb="export_recap")
    body = xlsx([sheet]) if kind == "xlsx" else comma_separated(sheet)
    name = f"rekapitulasi-kesiapan-{clock.local(question.at):%Y%m%d-%H%M}.{kind}"
    return HttpResponse(
        body,
        content_type=XLSX_TYPE if kind == "xlsx" else CSV_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
