"""The roof's pages: first page by role, situation room, calendar, search."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_safe

from coordination.queries import upcoming_meetings
from incidents.queries import incident_summary, recent_incidents
from incidents.queries.warnings import running_warnings
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.context import actor_context
from portal.access.decorators import needs, public
from portal.access.permissions import Permission
from portal.accounts.queries import feed_owner
from portal.documents.calendar import CALENDAR_TYPE
from portal.home import search as finder
from portal.home.blocks import blocks
from portal.home.feed import feed
from portal.home.month import calendar_tabs, day_of, month, month_of, upcoming, week
from portal.home.situation import situation
from portal.home.stages import stage_banner
from portal.home.work import chosen, duties, work_tabs
from portal.registry.queries import current_operation
from portal.web.pagination import paginate
from portal.web.throttling import allowed

LONGEST_SEARCH = 200
FEED_LIMIT, FEED_SECONDS = 60, 300
"""Fetches of one calendar, or guesses from one address."""


@require_GET
@needs(Permission.DASHBOARD_VIEW)
def dashboard(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    operation = current_operation(at)
    context = {"banner": None, "blocks": []}
    if operation is not None:
        context = {
            "banner": stage_banner(operation, at),
            "blocks": blocks(request.actor, operation, at),
        }
    return render(request, "home/dashboard.html", context)


@require_GET
@needs(Permission.SITUATION_VIEW)
def situation_room(request: HttpRequest) -> HttpResponse:
    """The wall: refreshes itself every thirty seconds; to htmx only its figures."""
    at = clock.now()
    operation = current_operation(at)
    context = {"at": at, "operation": operation}
    if operation is not None:
        context |= {
            "banner": stage_banner(operation, at),
            "situation": situation(request.actor, operation, at),
            "incidents": incident_summary(request.actor, at),
            "recent": recent_incidents(request.actor, 6),
            "warnings": running_warnings(request.actor, 3),
            "meetings": {"rows": upcoming_meetings(request.actor, at, 3)},
        }
    fragment = request.htmx and not request.htmx.history_restore_request
    return render(request, f"home/situation.html{'#wall' if fragment else ''}", context)


@require_GET
@needs(Permission.CALENDAR_VIEW)
def calendar(request: HttpRequest) -> HttpResponse:
    """Meetings, due times and stages that the post may see: a month, a week, or a list."""
    at = clock.now()
    today = clock.local(at).date()
    shape = request.GET.get("tampil", "")
    if shape not in {"pekan", "daftar"}:
        first = month_of(request.GET.get("bulan", ""), today)
        page = month(request.actor, current_operation(at), first, at)
        context = {"month": page, "tabs": calendar_tabs("bulan", _kept_day(first, today))}
        return render(request, "home/calendar.html", context)
    day = day_of(request.GET.get("tanggal", ""), today)
    make = week if shape == "pekan" else upcoming
    context = {
        "span": make(request.actor, current_operation(at), day, at),
        "shape": shape,
        "tabs": calendar_tabs(shape, day),
    }
    return render(request, "home/calendar_span.html", context)


def _kept_day(first: date, today: date) -> date:
    """Where a week or a list begins when one comes from that month."""
    return today if (first.year, first.month) == (today.year, today.month) else first


@public
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """A person's calendar by its private address; nobody is signed in here."""
    with actor_context(SYSTEM):
        user = feed_owner(token)
    # One office may have one address: a known calendar is counted by itself, guesses together.
    caller = None if user is None else str(user.pk)
    if not allowed(request, "feed", amount=FEED_LIMIT, seconds=FEED_SECONDS, caller=caller):
        return HttpResponse(status=429, headers={"Retry-After": str(FEED_SECONDS)})
    if user is None:
        raise Http404
    return HttpResponse(
        feed(user, clock.now()),
        content_type=CALENDAR_TYPE,
        headers={
            "Cache-Control": "private, max-age=300",
            "Content-Disposition": 'inline; filename="kalender.ics"',
            "X-Robots-Tag": "noindex",
        },
    )


@require_GET
@needs(Permission.DASHBOARD_VIEW)
def work(request: HttpRequest) -> HttpResponse:
    """All that waits for the acting post, the oldest duty first."""
    at = clock.now()
    items = duties(request.actor, at)
    span = request.GET.get("saring", "")
    page = paginate(request, chosen(items, span, at))
    context = {"page": page, "tabs": work_tabs(items, span, at), "span": span, "count": len(items)}
    return render(request, "home/work.html", context)


@require_GET
@needs(Permission.SEARCH_USE)
def search(request: HttpRequest) -> HttpResponse:
    """Hits by kind of record, only of what the post may see; of one kind, in pages."""
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    words = finder.wanted(text)
    source = finder.source_of(request.GET.get("jenis", ""))
    context: dict[str, Any] = {
        "q": text,
        "kind": source,
        "examples": finder.EXAMPLES,
        "too_short": words is None,
        "groups": [],
    }
    if words is not None and source is not None:
        group, context["page"] = finder.group_page(request, source, words)
        context["groups"] = [group] if group.count else []
    elif words is not None:
        context["groups"] = finder.search(request.actor, words)
    context["count"] = sum(group.count for group in context["groups"])
    return render(request, "home/search.html", context)
