"""One report as its page shows it: groups with their lights, odd numbers, places, versions."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from deployments.enums import (
    LIGHT_BADGE,
    REPORT_BADGE,
    Light,
    ReportState,
    Severity,
)
from deployments.models import (
    ABSENCES,
    Conflict,
    FormField,
    FormGroup,
    ReadinessGroup,
    ReadinessReport,
)
from deployments.queries.oddities import flag_sentence
from deployments.queries.readiness import create_url
from deployments.queries.report_forms import answer_text, spec_of
from deployments.queries.reviews import Review, reviews_of
from portal.access.actor import Actor
from portal.web.templatetags.portal import angka

FIGURES = ("total", "present", *ABSENCES, "engaged", "standby", "reserve", "seconded_in")
PARTS = ("total", "present", "engaged", "standby", "reserve")


def detail_page(report: ReadinessReport, actor: Actor) -> dict[str, Any]:
    """Groups, odd numbers, districts, contradictions and versions of one report."""
    lines = list(report.lines.select_related("region").order_by("-covered", "region_id"))
    chain = (
        ReadinessReport.objects.visible_to(actor)
        .filter(unit=report.unit_id, cut_off_at=report.cut_off_at)
        .select_related("submitted_by")
        .order_by("-number")
    )
    versions = list(chain)
    reviews = reviews_of(versions)
    return {
        "groups": group_cards(report),
        "flags": flag_rows(report),
        "notes": report.notes,
        "state_badge": REPORT_BADGE[ReportState(report.state)],
        "light_badge": LIGHT_BADGE[Light(report.light)],
        "lines": [_line(line) for line in lines],
        "rest": _rest(report, lines),
        "conflicts": _conflicts(report),
        "versions": [step for one in versions for step in _history(one, reviews.get(one.pk, []))],
        "newest_url": _address(versions[0]) if versions and versions[0].pk != report.pk else "",
        "correct_url": create_url(report.unit.slug, report.cut_off_at),
    }


def group_cards(report: ReadinessReport) -> list[dict[str, Any]]:
    """Each group of the report's form with light, answers and the checker's comments. A report
    from before forms were data shows its personnel alone."""
    if report.form is None:
        items = [
            {"label": label_of(name), "value": angka(getattr(report, name))} for name in FIGURES
        ]
        return [{"title": _("Kuat personel"), "open": True, "items": items, "light": ""}]
    lights = {group.key: group for group in report.groups.all()}
    comments = {row.target: row.text for row in report.comments.all()}
    return [
        _card(report, group, fields, lights.get(group.key), comments)
        for group, fields in spec_of(report.form).groups
    ]


def _card(
    report: ReadinessReport,
    group: FormGroup,
    fields: tuple[FormField, ...],
    judged: ReadinessGroup | None,
    comments: dict[str, str],
) -> dict[str, Any]:
    light = Light(judged.light) if judged else Light.SILENT
    values = [(field, _answer(report, field)) for field in fields]
    # What was left open in an answered group is noise; a comment on it is not.
    shown = [
        (field, value)
        for field, value in values
        if value not in (None, "") or field.key in comments
    ]
    return {
        "title": group.label,
        "mandatory": group.mandatory,
        "open": group.mandatory or group.key in comments,
        "light": str(_("Belum diisi") if light == Light.SILENT else light.label),
        "badge": LIGHT_BADGE[light],
        "percent": judged.percent if judged else None,
        "comment": comments.get(group.key, ""),
        "items": [
            {
                "label": field.label,
                "value": answer_text(field, value),
                "comment": comments.get(field.key, ""),
            }
            for field, value in shown
        ],
        "share": _share(report) if group.key == "personnel" else "",
    }


def _answer(report: ReadinessReport, field: FormField) -> Any:
    return getattr(report, field.column) if field.column else report.answers.get(field.key)


def _share(report: ReadinessReport) -> str:
    """How much of its establishment the unit has."""
    if not report.establishment or report.actual is None:
        return ""
    return _("Riil %(percent)d%% dari DSP.") % {
        "percent": report.actual * 100 // report.establishment
    }


def flag_rows(report: ReadinessReport) -> list[dict[str, Any]]:
    """The odd numbers of a report, what follows from them, and the sender's reason."""
    return [
        {
            "sentence": flag_sentence(flag),
            "badge": "danger" if flag.severity == Severity.QUARANTINE else "warning",
            "severity": str(Severity(flag.severity).label),
            "reason": flag.reason,
        }
        for flag in report.flags.select_related("rule")
    ]


def _conflicts(report: ReadinessReport) -> list[dict[str, Any]]:
    """Both numbers of each place about which this report and another differ, and which stands."""
    found = (
        Conflict.objects.filter(sides__report=report)
        .select_related("region")
        .prefetch_related("sides__unit")
    )
    return [row for conflict in found for row in side_rows(conflict)]


def side_rows(conflict: Conflict) -> list[dict[str, Any]]:
    return [
        {
            "region": conflict.region.name,
            "unit": side.unit.short_name,
            "foreign": not side.covered,
            "counted": _counted(conflict, side),
            "state": conflict.get_state_display(),
            "url": reverse("deployments:conflict_detail", args=[conflict.pk]),
            **{name: angka(getattr(side, name)) for name in PARTS},
        }
        for side in conflict.sides.all()
    ]


def _counted(conflict: Conflict, side: Any) -> str:
    """Where the number counts. Until one is decided on, the place has that of its own unit, and the
    other's people stay in the whole of their unit: that they are there nobody doubts."""
    if conflict.standing_id is None:
        return _("Ya") if side.covered else _("Tidak; tetap dalam jumlah satuannya")
    if side.unit_id == conflict.standing_id:
        return _("Ya")
    return _("Tidak, tidak dalam jumlah mana pun")


def label_of(name: str) -> str:
    """A field of the report as people call it."""
    return str(getattr(ReadinessReport._meta.get_field(name), "verbose_name", name))


def _line(line: Any) -> dict[str, Any]:
    return {
        "region": line.region.name,
        "foreign": not line.covered,
        "split": line.split,
        **{name: angka(getattr(line, name)) for name in PARTS},
    }


def _rest(report: ReadinessReport, lines: list[Any]) -> dict[str, str] | None:
    """What of the report no district of the unit accounts for; None if nothing is itemised."""
    own = [line for line in lines if line.covered]
    if not own:
        return None
    return {
        name: angka(getattr(report, name) - sum(getattr(line, name) for line in own))
        for name in PARTS
    }


def _history(report: ReadinessReport, reviews: Sequence[Review]) -> list[dict[str, Any]]:
    """What happened to a version, the newest first: who checked it and when, and who sent it."""
    titles = {
        ReportState.VERIFIED: _("Versi %(number)d diverifikasi"),
        ReportState.RETURNED: _("Versi %(number)d dikembalikan"),
        ReportState.SUBMITTED: _("Versi %(number)d dilepas dari karantina"),
    }
    sent = _("Versi %(number)d dikirim")
    state = ReportState(report.state)
    checked = [
        {
            "at": review.at,
            "title": titles[review.state] % {"number": report.number},
            "by": review.post,
            "text": review.note,
            "kind": REPORT_BADGE[review.state],
        }
        for review in reversed(reviews)
    ]
    return [
        *checked,
        {
            "at": report.submitted_at,
            "title": sent % {"number": report.number},
            "by": str(report.submitted_by) if report.submitted_by else "",
            "text": _("Sekarang: %(state)s") % {"state": state.label},
            "kind": REPORT_BADGE[state],
            "url": _address(report),
        },
    ]


def _address(report: ReadinessReport) -> str:
    return reverse("deployments:readiness_detail", args=[report.pk])
