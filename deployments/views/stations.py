"""Polling stations: the list, one station with both sides, the class, the tags, the differences."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deployments import actions, queries
from deployments.filters import StationFilter
from deployments.forms import MatchingClassForm, StationClassForm, StationTagForm
from deployments.queries.station_pages import (
    choice_of,
    detail_page,
    rule_rows,
    station_rows,
)
from deployments.queries.stations import (
    Territory,
    disagreeing,
    matching,
    rule_list,
    tags_of,
    territory,
)
from deployments.queries.stations import (
    station_list as listed,
)
from deployments.views.files import STATIONS
from deployments.views.reading import asked_operation
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import may, require
from portal.exports.making import DIRECT_ROWS
from portal.registry.enums import AgencyKind
from portal.registry.models import PollingStation
from portal.web.forms import submit
from portal.web.idempotency import idempotent
from portal.web.pagination import paginate

PER_PAGE = 50


@require_GET
@needs(Permission.DEPLOYMENT_VIEW)
def station_list(request: HttpRequest) -> HttpResponse:
    """The operation's stations, the police's class and the supervisors' tags side by side."""
    now = clock.now()
    operation = asked_operation(request, now)
    at = queries.moment_in(operation, now)
    found = StationFilter(request.GET, listed(request.actor, operation, at), request=request, at=at)
    page = paginate(request, found.qs, per_page=PER_PAGE)
    own = _own(request)
    rows = station_rows(page.object_list, at, rule_list(), own)
    context = {
        "operation": operation,
        "filter": found.form,
        "page": page,
        "rows": rows,
        "form": StationClassForm(initial={"valid_from": clock.local(now).date()})
        if any(row["choice"] for row in rows)
        else None,
        "classifies_all": bool(own) and page.paginator.num_pages > 1,
        "query": found.query,
        "may_export": may(request.actor, Permission.EXPORT_CREATE),
        "export_url": reverse("exports:create", args=[STATIONS.name]),
        "direct_rows": DIRECT_ROWS,
    }
    return render(request, "deployments/station_list.html", context)


@require_GET
@needs(Permission.DEPLOYMENT_VIEW)
def disagreement_list(request: HttpRequest) -> HttpResponse:
    """The stations of which the two agencies think differently, with the rule that says so."""
    now = clock.now()
    operation = asked_operation(request, now)
    at = queries.moment_in(operation, now)
    rules = rule_list()
    stations = disagreeing(listed(request.actor, operation, at), at, rules)
    page = paginate(request, stations, per_page=PER_PAGE)
    own = _own(request)
    context = {
        "operation": operation,
        "page": page,
        "rows": station_rows(page.object_list, at, rules, own),
        "rules": rule_rows(rules),
        "query": f"disagrees=true&operation={operation.slug}",
        "may_export": may(request.actor, Permission.EXPORT_CREATE),
        "export_url": reverse("exports:create", args=[STATIONS.name]),
        "direct_rows": DIRECT_ROWS,
    }
    return render(request, "deployments/disagreement_list.html", context)


@require_GET
@needs(Permission.DEPLOYMENT_VIEW)
def station_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One station with both sides, each with its history."""
    now = clock.now()
    station = _shown(request, pk)
    form = None
    if may(request.actor, Permission.STATION_CLASSIFY, station):
        form = StationClassForm(initial={"valid_from": clock.local(now).date()})
    at = queries.moment_in(station.operation, now)
    context = {
        "station": station,
        "choice": choice_of(station),
        "form": form,
        "may_tag": may(request.actor, Permission.STATION_TAG, station),
        **detail_page(station, at, rule_list()),
    }
    return render(request, "deployments/station_detail.html", context)


@require_POST
@needs(Permission.STATION_CLASSIFY)
@idempotent
def station_classify(request: HttpRequest) -> HttpResponse:
    """One class and one reason for the chosen stations; all of them in the post's territory."""
    form = StationClassForm(request.POST)
    own = _own(request)
    stations = list(
        PollingStation.objects.visible_to(request.actor)
        .filter(pk__in=form.seen)
        .select_related("district__parent")
        .order_by("code")
    )
    if not own or not all(own.covers(station.district_id) for station in stations):
        raise PermissionDenied(Permission.STATION_CLASSIFY)
    seen = {station.pk: form.seen[station.pk] for station in stations}
    changed = submit(
        request,
        form,
        lambda: (actions.classify_stations(seen, by=request.actor, at=clock.now(), **form.values),),
    )
    if changed:
        messages.success(request, _classified(changed[0], len(seen)))
        return _back(request, stations)
    context = {
        "form": form,
        "stations": stations,
        "choices": [f"{pk}:{row}" for pk, row in seen.items()],
        "back": request.POST.get("back", "")[:1000],
    }
    return render(request, "deployments/station_classify.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.STATION_CLASSIFY)
@idempotent
def station_classify_all(request: HttpRequest) -> HttpResponse:
    """One class and one reason for all stations of the own territory that the filter selects: how
    many is said first, and what is confirmed is exactly what was counted."""
    now = clock.now()
    operation = asked_operation(request, now)
    own = _own(request)
    if not own:
        raise PermissionDenied(Permission.STATION_CLASSIFY)
    at = queries.moment_in(operation, now)
    found = StationFilter(request.GET, listed(request.actor, operation, at), request=request, at=at)
    chosen = matching(found.qs, own)
    initial = {"valid_from": clock.local(now).date(), "digest": chosen.digest}
    form = MatchingClassForm(request.POST or None, initial=initial)
    if request.method == "POST":
        changed = submit(
            request,
            form,
            lambda: (
                actions.classify_matching(
                    operation,
                    chosen.seen,
                    query=found.query,
                    by=request.actor,
                    at=now,
                    **form.values,
                ),
            ),
        )
        if changed:
            messages.success(request, _classified(changed[0], len(chosen.seen)))
            return redirect(f"{reverse('deployments:station_list')}?{found.query}")
        form.count_anew(chosen.digest)
    context = {
        "form": form,
        "operation": operation,
        "count": len(chosen.seen),
        "outside": chosen.outside,
        "words": found.words,
        "back": f"{reverse('deployments:station_list')}?{found.query}",
    }
    return render(request, "deployments/station_classify_all.html", context)


def _own(request: HttpRequest) -> Territory:
    """Where the post may classify stations."""
    if not may(request.actor, Permission.STATION_CLASSIFY):
        return Territory()
    return territory(request.actor, AgencyKind.POLICE)


def _classified(changed: int, chosen: int) -> str:
    if not changed:
        return _("Tidak ada yang berubah: semua TPS terpilih sudah berkelas itu.")
    text = ngettext("%(n)d TPS diklasifikasi.", "%(n)d TPS diklasifikasi.", changed) % {
        "n": changed
    }
    if changed == chosen:
        return text
    return _("%(text)s %(same)d lainnya sudah berkelas itu.") % {
        "text": text,
        "same": chosen - changed,
    }


def _back(request: HttpRequest, stations: list[PollingStation]) -> HttpResponse:
    """To the list as it was filtered; from one station's page to that page."""
    if request.POST.get("back") == "detail" and len(stations) == 1:
        return redirect("deployments:station_detail", stations[0].pk)
    query = QueryDict(request.POST.get("back", "")[:1000]).urlencode()
    return redirect(f"{reverse('deployments:station_list')}{'?' if query else ''}{query}")


@require_http_methods(["GET", "POST"])
@needs(Permission.STATION_TAG)
@idempotent
def station_tags(request: HttpRequest, pk: int) -> HttpResponse:
    """The supervisors' tags of one station."""
    now = clock.now()
    station = _shown(request, pk)
    require(request.actor, Permission.STATION_TAG, station)
    standing = [tag.indicator_id for tag in tags_of([station.pk], now).get(station.pk, [])]
    form = StationTagForm(
        request.POST or None, initial={"keys": standing, "seen": ",".join(standing)}
    )
    if request.method == "POST":
        changed = submit(request, form, lambda: (_set_tags(request, station, form),))
        if changed:
            messages.success(request, _("Tanda TPS disimpan."))
            return redirect("deployments:station_detail", station.pk)
    return render(request, "deployments/station_tags.html", {"station": station, "form": form})


def _set_tags(request: HttpRequest, station: PollingStation, form: StationTagForm) -> int:
    return actions.set_tags(
        station,
        form.cleaned_data["keys"],
        seen=form.seen_keys,
        note=form.cleaned_data["note"],
        by=request.actor,
        at=clock.now(),
    )


def _shown(request: HttpRequest, pk: int) -> Any:
    """The station with both sides, as it stands in its operation."""
    plain = get_object_or_404(
        PollingStation.objects.visible_to(request.actor).select_related("operation"), pk=pk
    )
    at = queries.moment_in(plain.operation, clock.now())
    station = get_object_or_404(listed(request.actor, plain.operation, at), pk=pk)
    station.operation = plain.operation
    return station
