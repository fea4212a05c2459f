"""Where the search looks among incidents, reports and warnings: only in rows that the actor may
see. What is found by its number alone has no words that a list may quote."""

from typing import Any

from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from incidents.enums import PUBLIC_BADGES, STATE_BADGES
from incidents.models import (
    EarlyWarning,
    FieldReport,
    GakkumduCase,
    Incident,
    PublicReport,
    SpecialReport,
)
from incidents.queries.rows import region_label
from portal import clock
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.web.searching import Hit, Source, Wanted, match, ranked


def _note(number: str, region: Any, moment: Any) -> str:
    return f"{number} · {region_label(region)} · {date_format(clock.local(moment), 'j M Y')}"


def _quoted(classification: int, excerpt: SafeString) -> SafeString:
    """Words of what is Rahasia are read on its own page, where the reading is recorded."""
    return excerpt if classification < Classification.RAHASIA else SafeString()


def _by_number_alone(_words: Wanted) -> Q:
    return Q(pk__in=[])


def _unranked(_words: Wanted) -> Value:
    return Value(0.0)


TOLD = Concat("title", Value(" "), "chronology", output_field=TextField())


def _incident(row: Incident, excerpt: SafeString) -> Hit:
    return Hit(
        title=row.title,
        url=reverse("incidents:incident_detail", args=[row.pk]),
        note=_note(row.number, row.region, row.reported_at),
        excerpt=_quoted(row.classification, excerpt),
        badge=(STATE_BADGES[row.state], row.get_state_display()),
    )


def _field_report(row: FieldReport, excerpt: SafeString) -> Hit:
    return Hit(
        title=row.title,
        url=reverse("incidents:field_report_detail", args=[row.pk]),
        note=_note(row.number, row.region, row.reported_at),
        excerpt=_quoted(row.classification, excerpt),
    )


def _open_words(words: Wanted) -> Q:
    """A confidential report of the public is not found by its words, as in its queue."""
    return Q(stems=words.query, classification__lt=Classification.RAHASIA)


def _public_report(row: PublicReport, excerpt: SafeString) -> Hit:
    """Never who sent it: neither the contact nor that there is one."""
    return Hit(
        title=row.subject.label,
        url=reverse("incidents:public_report", args=[row.pk]),
        note=_note(row.number, row.region, row.received_at),
        excerpt=_quoted(row.classification, excerpt),
        badge=(PUBLIC_BADGES[row.state], row.get_state_display()),
    )


def _warning(row: EarlyWarning, _excerpt: SafeString) -> Hit:
    return Hit(
        title=row.rule.label,
        url=reverse("incidents:warning_detail", args=[row.pk]),
        note=_note(row.number, row.region, row.raised_at),
        excerpt=SafeString(),
    )


def _case(row: GakkumduCase, _excerpt: SafeString) -> Hit:
    return Hit(
        title=row.number,
        url=reverse("incidents:case_detail", args=[row.pk]),
        note=_note(row.get_basis_display(), row.region, row.opened_at),
        excerpt=SafeString(),
    )


def special_reports(actor: Actor) -> QuerySet[SpecialReport]:
    return SpecialReport.objects.visible_to(actor).select_related("incident__region__parent")


def _special_report(row: SpecialReport, _excerpt: SafeString) -> Hit:
    """The paper is taken from the page of its incident, where the taking is recorded."""
    return Hit(
        title=row.incident.title,
        url=reverse("incidents:incident_detail", args=[row.incident_id]),
        note=_note(row.number, row.incident.region, row.issued_at),
        excerpt=SafeString(),
    )


SOURCES = (
    Source(
        key="kejadian",
        label=_("Kejadian"),
        icon="exclamation-triangle",
        rows=lambda actor: Incident.objects.visible_to(actor).select_related("region__parent"),
        matches=match("stems"),
        rank=ranked("stems"),
        text=TOLD,
        order=("-reported_at", "-pk"),
        hit=_incident,
        number="number",
    ),
    Source(
        key="laporan-lapangan",
        label=_("Laporan lapangan"),
        icon="inbox",
        rows=lambda actor: FieldReport.objects.visible_to(actor).select_related("region__parent"),
        matches=match("stems"),
        rank=ranked("stems"),
        text=TOLD,
        order=("-reported_at", "-pk"),
        hit=_field_report,
        number="number",
    ),
    Source(
        key="laporan-warga",
        label=_("Laporan warga"),
        icon="chat-left-text",
        rows=lambda actor: PublicReport.objects.visible_to(actor).select_related(
            "subject", "region__parent"
        ),
        matches=_open_words,
        rank=ranked("stems"),
        text="text",
        order=("-received_at", "-pk"),
        hit=_public_report,
        number="number",
    ),
    Source(
        key="peringatan",
        label=_("Peringatan dini"),
        icon="bell",
        rows=lambda actor: EarlyWarning.objects.visible_to(actor).select_related(
            "rule", "region__parent"
        ),
        matches=_by_number_alone,
        rank=_unranked,
        text="number",
        order=("-raised_at", "-pk"),
        hit=_warning,
        number="number",
    ),
    Source(
        key="perkara",
        label=_("Perkara Gakkumdu"),
        icon="bank",
        rows=lambda actor: GakkumduCase.objects.visible_to(actor).select_related("region__parent"),
        matches=_by_number_alone,
        rank=_unranked,
        text="number",
        order=("-opened_at", "-pk"),
        hit=_case,
        number="number",
    ),
    Source(
        key="laporan-khusus",
        label=_("Laporan khusus"),
        icon="file-earmark-text",
        rows=special_reports,
        matches=_by_number_alone,
        rank=_unranked,
        text="number",
        order=("-issued_at", "-pk"),
        hit=_special_report,
        number="number",
    ),
)
