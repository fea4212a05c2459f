"""One region beside the map: figures, agencies, units, places, and who is silent."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from deployments import queries
from deployments.maps.scene import line_of
from deployments.maps.words import (
    age,
    figure,
    gap_rule,
    people,
    reports,
    say_not_itemised,
    short_or_over,
    silent_name,
)
from deployments.queries.pages import tally_counts
from deployments.queries.rows import RollupRow
from deployments.queries.strength import StrengthRow, combine, longest_silent
from deployments.views.map.choice import Choice
from portal.registry.enums import PROVINCE
from portal.registry.models import Operation, Region
from portal.web.templatetags.portal import wita

WORST, SILENT = 3, 6
"""How many regions the panel and the wall name as the ones that lack most, and as silent."""


def panel_context(
    request: HttpRequest, choice: Choice, operation: Operation, code: str, now: datetime
) -> dict[str, Any]:
    panel = queries.region_panel(request.actor, operation, code, choice.at or now)
    whole, district = panel.whole, panel.level == Region.Level.DISTRICT
    inside = choice.within.code == panel.parent
    # What is reported and placed is found where it is recorded: in the regency.
    source = urlencode({"region": panel.parent if district and panel.around else code})
    needed = urlencode({"region": panel.parent if district else code})
    return {
        "panel": panel,
        "panel_states": tally_counts(
            whole.states if whole else None,
            reverse("deployments:readiness_list"),
            panel.cut_off_at,
            region=code,
        ),
        "panel_line": line_of(whole, code) if whole else None,
        "panel_engaged": _shown(whole, whole.engaged) if whole else "",
        "panel_around": _around(panel.around),
        "panel_not_itemised": say_not_itemised(whole),
        "panel_rule": gap_rule(whole) if whole else "",
        "panel_units": [(unit, age(unit.age_minutes)) for unit in panel.units],
        "panel_rows": [_agency_row(row) for row in panel.agencies],
        "panel_filtered": _others(choice),
        "panel_moment": choice.at if choice.at and choice.at != now else None,
        "panel_plan": choice.at is not None and choice.at > now,
        "panel_short": lacking(panel.districts),
        "panel_silent": silent(
            [row for row in panel.districts if not row.undistributed or code == PROVINCE]
        ),
        "drill": panel.level == Region.Level.REGENCY and choice.within.code != code,
        "zoom": district and inside,
        "lead_in": district and not inside,
        "reports_url": f"{reverse('deployments:readiness_list')}?{source}",
        "placed_url": f"{reverse('deployments:deployment_list')}?{source}",
        "need_url": f"{reverse('deployments:need')}?{needed}",
        "drill_url": f"{reverse('deployments:map')}?{choice.query(within=code)}",
        "lead_url": f"{reverse('deployments:map_panel', args=[code])}?"
        f"{choice.query(within=panel.parent)}",
        "choice": choice,
        "query": choice.query(),
    }


def _others(choice: Choice) -> str:
    if choice.agency is None:
        return ""
    said = _("Peta disaring menurut %(agency)s; panel ini memuat semua instansi.")
    return said % {"agency": choice.agency.short_name}


def _shown(row: StrengthRow | RollupRow, number: int) -> str:
    """In a district where nobody is recorded, nobody knows; that is no zero."""
    unknown = row.region.count(".") > 1 and not row.declared
    return "–" if unknown else figure(number)


def _agency_row(row: RollupRow) -> dict[str, str]:
    whole = combine([row])
    return {
        "agency": row.agency_short,
        "declared": people(whole) if row.region.count(".") > 1 else figure(row.declared),
        "engaged": _shown(row, row.engaged),
        "standby": _shown(row, row.standby),
        "reserve": _shown(row, row.reserve),
        "reports": reports(whole),
    }


def _around(row: StrengthRow | None) -> str:
    """Who stands in the regency and in no district of it: 480 personel (450 Polda Kalsel, …)."""
    if row is None:
        return ""
    parts = [
        f"{figure(part.declared)} {part.agency_short}"
        for part in row.by_agency.values()
        if part.declared
    ]
    said = _("%(people)s personel di %(region)s tidak terperinci per kecamatan (%(parts)s).")
    return said % {
        "people": figure(row.declared),
        "region": row.region_name,
        "parts": ", ".join(parts),
    }


def lacking(rows: list[StrengthRow]) -> list[tuple[str, str, str]]:
    """The parts that lack most people: code, name, how many."""
    short = sorted((row for row in rows if (row.gap or 0) > 0), key=lambda row: -(row.gap or 0))
    return [(row.region, row.region_name, short_or_over(row.gap)) for row in short[:WORST]]


def silent(rows: list[StrengthRow]) -> dict[str, Any]:
    """The parts whose reports are missing, among equals who never reported first, then the longest
    silent: code, name, how many, since when; and how many more parts there are. The units of a
    whole province have no part."""
    found = longest_silent(row for row in rows if row.silent)
    return {
        "rows": [
            {
                "code": "" if row.undistributed else row.region,
                "name": silent_name(row),
                "number": row.silent,
                "since": wita(row.silent_since) if row.silent_since else "",
            }
            for row in found[:SILENT]
        ],
        "more": len(found[SILENT:]),
    }
