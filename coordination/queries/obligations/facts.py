"""What stands on the page of an obligation about it and its directive."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coordination.models import Directive, Obligation
from coordination.queries.origin import origin_of
from portal import clock


def obligation_facts(obligation: Obligation) -> list[dict[str, Any]]:
    directive = obligation.directive
    origin = origin_of(directive)
    return [
        {
            "label": _("Arahan"),
            "value": directive.number,
            "url": reverse("coordination:directive_detail", args=[directive.pk]),
        },
        {"label": _("Dasar"), "value": origin.text, "url": origin.url},
        *_detail(origin.detail),
        {"label": _("Instansi"), "value": obligation.agency.name},
        *([{"label": _("Satuan"), "value": obligation.unit.name}] if obligation.unit else []),
        *([{"label": _("Wilayah"), "value": obligation.region.name}] if obligation.region else []),
        {
            "label": _("Peran"),
            "value": _("Penanggung jawab") if obligation.is_lead else _("Pendukung"),
        },
        {"label": _("Pemberi arahan"), "value": directive.issuer_agency.name},
        {"label": _("Jenis dan sifat"), "value": kind_and_binding(directive)},
        {"label": _("Keluaran"), "value": directive.output},
        {"label": _("Bukti dukung"), "value": evidence_words(directive)},
        {
            "label": _("Diterima oleh"),
            "value": _stated(obligation.acknowledged_by, obligation.acknowledged_at),
        },
    ]


def _detail(text: str) -> list[dict[str, Any]]:
    return [{"label": _("Bagian atau pertimbangan"), "value": text}] if text else []


def evidence_words(directive: Directive) -> str:
    words = directive.evidence or "–"
    return (
        _("%(evidence)s (wajib dilampirkan)") % {"evidence": words}
        if (directive.evidence_required)
        else words
    )


def _stated(post: Any, moment: datetime | None) -> str:
    """Which post, and when."""
    if not post or moment is None:
        return _("Belum")
    return f"{post.title}, {date_format(clock.local(moment), 'j M Y, H.i')} WITA"


def kind_and_binding(directive: Any) -> str:
    return f"{directive.get_kind_display()} · {directive.get_binding_display()}"
