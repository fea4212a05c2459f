"""A warning as a message of the Common Alerting Protocol 1.2 (OASIS), one per telling.

The history says which messages there were: the first is an Alert, each prolonging and a
confirmation an Update, calling off and a false alarm a Cancel; each names those before it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from incidents.enums import Severity
from incidents.enums.warning import WarningStep
from incidents.models import EarlyWarning, WarningEntry
from incidents.queries.rows import region_label
from portal import clock
from portal.registry.models import Boundary

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
SENDER = "peringatan@portal-mantap-praja"
MESSAGES: dict[str, str] = {
    WarningStep.RAISED: "Alert",
    WarningStep.EXTENDED: "Update",
    WarningStep.CONFIRMED: "Update",
    WarningStep.CANCELLED: "Cancel",
    WarningStep.FALSE_ALARM: "Cancel",
}
"""Entries that are messages; that a message was acknowledged or ran out is none."""
SEVERITIES: dict[int, str] = {
    Severity.LOW: "Minor",
    Severity.MEDIUM: "Moderate",
    Severity.HIGH: "Severe",
    Severity.CRITICAL: "Extreme",
}
LANGUAGES = (("id", "id-ID"), ("en", "en-US"))


def cap_message(warning: EarlyWarning, entries: Sequence[WarningEntry]) -> bytes:
    """The newest message of the warning as XML in UTF-8; `entries` is its history, oldest first."""
    sent = [entry for entry in entries if entry.step in MESSAGES]
    newest = sent[-1]
    alert = ET.Element("alert", xmlns=NAMESPACE)
    exercise = warning.illustrative or settings.DEMO
    _put(
        alert,
        identifier=identifier(warning, newest),
        sender=SENDER,
        sent=moment(newest.at),
        status="Exercise" if exercise else "Actual",
        msgType=MESSAGES[newest.step],
        scope="Restricted",
        restriction=_restriction(),
    )
    if exercise:
        _put(alert, note="Data ilustrasi / Illustrative data")
    if sent[:-1]:
        before = " ".join(
            f"{SENDER},{identifier(warning, entry)},{moment(entry.at)}" for entry in sent[:-1]
        )
        _put(alert, references=before)
    outline = list(polygons(warning.region_id))
    for language, code in LANGUAGES:
        with translation.override(language):
            _info(alert, warning, newest, code, outline)
    ET.indent(alert)
    return ET.tostring(alert, encoding="utf-8", xml_declaration=True)


def identifier(warning: EarlyWarning, entry: WarningEntry) -> str:
    """The warning's number and the message's own; without space, comma and markup."""
    return f"{warning.number}.{entry.pk}"


def moment(at: datetime) -> str:
    """In WITA to the second, with the offset in figures as CAP demands it (never `Z`)."""
    return clock.local(at).replace(microsecond=0).isoformat()


def polygons(region: str) -> Iterable[str]:
    """The outer rings of the region's outline: "lat,lon lat,lon …", closed. None where the
    registry has no outline."""
    drawing = Boundary.objects.filter(pk=region).values_list("drawing", flat=True).first()
    if not drawing:
        return
    parts = drawing["coordinates"]
    for rings in [parts] if drawing["type"] == "Polygon" else parts:
        points = [f"{lat:.5f},{lon:.5f}" for lon, lat in (point[:2] for point in rings[0])]
        if points[0] != points[-1]:
            points.append(points[0])
        if len(points) >= 4:
            yield " ".join(points)


def _info(
    alert: ET.Element, warning: EarlyWarning, newest: WarningEntry, code: str, outline: list[str]
) -> None:
    rule, place = warning.rule, region_label(warning.region)
    info = ET.SubElement(alert, "info")
    _put(
        info,
        language=code,
        category="Security",
        event=rule.label,
        urgency="Past" if MESSAGES[newest.step] == "Cancel" else warning.urgency,
        severity=SEVERITIES[warning.severity],
        certainty=_certainty(warning, newest),
        effective=moment(newest.at),
        expires=moment(warning.valid_until),
        senderName=_("Portal Mantap Praja Kalimantan Selatan"),
        headline=_("%(rule)s, %(place)s") % {"rule": rule.label, "place": place},
        description=warning.reason,
        instruction=rule.advice,
    )
    area = ET.SubElement(info, "area")
    _put(area, areaDesc=place)
    for ring in outline:
        _put(area, polygon=ring)
    geocode = ET.SubElement(area, "geocode")
    _put(geocode, valueName="Kemendagri", value=warning.region_id)


def _certainty(warning: EarlyWarning, newest: WarningEntry) -> str:
    if newest.step == WarningStep.CONFIRMED:
        return "Observed"
    return "Unlikely" if newest.step == WarningStep.FALSE_ALARM else warning.certainty


def _restriction() -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return _("Hanya untuk instansi penerima; tidak untuk umum.")


def _put(parent: ET.Element, **values: Any) -> None:
    for name, value in values.items():
        ET.SubElement(parent, name).text = str(value)
