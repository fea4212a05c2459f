"""Who may, given the record, and what a free text must not hold."""

import re

from deployments.models import Deployment
from incidents.models import (
    Account,
    AgencyRequest,
    EarlyWarning,
    GakkumduCase,
    Incident,
    PublicReport,
    ShiftHandover,
    UnitAssignment,
)
from incidents.models.desk import seat_of
from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.accounts.enums import Role
from portal.registry.models import Region


def covers(actor: Actor, account: Account) -> bool:
    """The post's region is the account's or contains it."""
    return bool(actor.region_code) and (
        account.region_id == actor.region_code
        or account.region_id.startswith(actor.region_code + ".")
    )


def speaks_for(actor: Actor, agency_id: int, account: Account) -> bool:
    """Of one's own agency, within the post's region. The duty desk of an agency's own office has no
    region: it speaks for its agency wherever that is."""
    of_the_office = not actor.region_code and "/" not in actor.unit_path
    return agency_id == actor.agency_id and (of_the_office or covers(actor, account))


def handles_region(actor: Actor, account: Account) -> bool:
    """May make an incident of a field report of its region."""
    return Permission.INCIDENT_HANDLE in actor.permissions and covers(actor, account)


def complained_of(actor: Actor, account: Account) -> bool:
    """Its type is a complaint about the actor's own agency, which then does not judge it."""
    return actor.agency_id in account.type.accused


def settles(actor: Actor, account: Account) -> bool:
    """May set a field report of its region aside, or put it into an incident."""
    return handles_region(actor, account) and not complained_of(actor, account)


def handles(actor: Actor, incident: Incident) -> bool:
    """Moves it on: who would by his role, unless the incident complains of his own agency."""
    return _by_role(actor, incident) and not complained_of(actor, incident)


def barred(actor: Actor, incident: Incident) -> bool:
    """Would move it on, did it not complain of his own agency."""
    return _by_role(actor, incident) and complained_of(actor, incident)


def _by_role(actor: Actor, incident: Incident) -> bool:
    """Speaks for the leading agency there, or is the province's coordinator."""
    coordinates = Role.COORDINATOR in actor.roles and covers(actor, incident)
    return coordinates or speaks_for(actor, incident.lead_agency_id, incident)


def opens_names(actor: Actor, incident: Incident) -> bool:
    """May read who is involved: those who handle the incident for the agency that leads it; at
    Sentra Gakkumdu the desk. Who only watches, coordinates or audits need not know."""
    if hasattr(incident, "gakkumdu"):
        return sits_with(actor, incident.gakkumdu)
    return speaks_for(actor, incident.lead_agency_id, incident)


def writes_names(actor: Actor, incident: Incident) -> bool:
    """May write down who is involved, also without reading it again: who handles the incident."""
    return handles(actor, incident) or opens_names(actor, incident)


def answers(actor: Actor, asked: AgencyRequest | UnitAssignment) -> bool:
    """Speaks for the agency that is asked there; of a unit also the command post that it stands
    under, wherever it goes, and who commands it for its controller (BKO)."""
    if isinstance(asked, UnitAssignment):
        if asked.agency_id == actor.agency_id and under(actor, asked.deployment):
            return True
        if asked.deployment.controller_id == actor.agency_id:
            return commands(actor, asked.deployment) and covers(actor, asked.incident)
    return speaks_for(actor, asked.agency_id, asked.incident)


def under(actor: Actor, placed: Deployment) -> bool:
    """The placed unit is the actor's or stands below it."""
    return f"{placed.unit.path}/".startswith(f"{actor.unit_path}/")


def commands(actor: Actor, placed: Deployment) -> bool:
    """An order runs only inside one's own chain: the units of one's own agency, of a command post
    those below its own unit; and what another agency put under its control (BKO), of a command post
    within its region."""
    whole = bool({Role.LIAISON, Role.COORDINATOR} & actor.roles)
    if placed.controller_id == actor.agency_id:
        return whole or f"{placed.region_id}.".startswith(f"{actor.region_code}.")
    return placed.agency_id == actor.agency_id and (whole or under(actor, placed))


def triages(actor: Actor, report: PublicReport) -> bool:
    """Sorts it: the same as `PublicReport.objects.visible_to`, whose words say why."""
    if actor.agency_slug in report.subject.kept_from:
        return False
    cleared = report.classification <= actor.clearance
    inside = bool(actor.region_code) and (report.region_id + ".").startswith(
        actor.region_code + "."
    )
    complaint = bool(report.subject.kept_from)
    leads = report.subject.type.lead_id == actor.agency_id and (cleared or complaint)
    if actor.region_code and not actor.whole_province:
        return inside and (cleared or leads)
    return inside and cleared or leads


def sits_with(actor: Actor, case: GakkumduCase) -> bool:
    """Has a seat at the desk of the case's region."""
    within = f"{case.region_id}.".startswith(f"{actor.region_code}.")
    return seat_of(actor) is not None and bool(actor.region_code) and within


def takes_over(actor: Actor, handover: ShiftHandover) -> bool:
    """It was left to this post, by another person."""
    return handover.to_post_id == actor.post_id and handover.out_user_id != actor.user_id


def judges_threat(actor: Actor, region: Region) -> bool:
    """The posko and the coordinator of the region, or of one that contains it."""
    inside = bool(actor.region_code) and f"{region.pk}.".startswith(f"{actor.region_code}.")
    return Permission.WARNING_HANDLE in actor.permissions and inside


def ends_warning(actor: Actor, warning: EarlyWarning) -> bool:
    """Says how it ended: who watches the region."""
    inside = bool(actor.region_code) and f"{warning.region_id}.".startswith(f"{actor.region_code}.")
    return inside and warning.classification <= actor.clearance


RULES = {
    Permission.WARNING_HANDLE: ends_warning,
    Permission.INCIDENT_HANDLE: handles,
    Permission.PERSON_WRITE: writes_names,
    Permission.PERSON_OPEN: opens_names,
    Permission.INCIDENT_ANSWER: answers,
    Permission.PUBLIC_REPORT_TRIAGE: triages,
    Permission.GAKKUMDU_HANDLE: sits_with,
    Permission.SHIFT_HAND_OVER: takes_over,
}

# Bounded, and read without runs of blanks: a text that is nothing but figures is read once.
_NUMBER = r"\d[\d.,]{0,19}"
_FILLER = r"(?:\s+(?:sah|sementara|masuk|sebanyak|sejumlah|mencapai|sekitar|adalah)){0,3}"
_TALLY = re.compile(
    rf"""
    {_NUMBER}\s*(?:ribu\s*)?(?:%|persen)?\s*suara\b            # 1.234 suara, 54% suara
    | (?<!surat\s)(?<!kotak\s)(?<!bilik\s)(?<!pemungutan\s)(?<!penghitungan\s)(?<!pengeras\s)
      \bsuara{_FILLER}\s*[:=]?\s*{_NUMBER}(?!\s*[./]\d)          # suara sah: 1.234
    | (?:paslon|pasangan\s+calon|nomor\s+urut|no\.?\s+urut|calon)\b\D{{0,30}}\d{{1,2}}\b
      [^\d\n]{{0,25}}
      (?:[:=]|meraih|memperoleh|mendapat|unggul|kalah|perolehan)
      [^\d\n]{{0,15}}{_NUMBER}                                   # paslon 1 meraih 54
    | (?:paslon|pasangan\s+calon)\b[^\n]{{0,40}}?{_NUMBER}\s*(?:%|persen)  # paslon X 54%
    | {_NUMBER}\s*%?\s*(?:valid\s+)?votes\b                      # 1,234 votes
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NUMBERED = r"(?:nomor|no\.?)\s?(?:urut\s?)?"
_WON = r"\b(?:dapat|mendapat|memperoleh|meraih)\b"
# A bare figure: what stands behind it is no unit ("120 orang") and no other sum.
_BARE = r"""(?:\d{1,3}(?:\.\d{3})+|\d{1,6})(?!\.?\d)\s?%?
    (?!\s?(?!(?:dan|sah|tidak|vs|lawan|suara|persen|nomor|no)\b)[a-z])"""
_RESULT = rf"(?:{_NUMBERED})?\b0?[1-9]\s?(?:[:=]|{_WON})\s?{_BARE}"
_PLACES = "tps|rt|rw|pos|posko|pukul|jam|hari|tahap|km|regu|tim|pleton|kompi|zona|blok|desa"
_RESULTS = re.compile(
    rf"""
    (?P<of_places>\b(?:{_PLACES})\s)? (?<![\d/.:,-])
    {_RESULT} (?:\s?(?:[,;/|.&-]|\bdan\b|\s)\s?{_RESULT})+      # 01: 120, 02: 98
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ALONE = re.compile(rf"\b{_NUMBERED}0?[1-9]\s?{_WON}\s?(?=\d[\d.]){_BARE}", re.I | re.X)
_CLOCK = re.compile(r"\b\d{1,2}:[0-5]\d\b")
_LARGE = re.compile(r"(?:[:=]|dapat|peroleh|raih)\s?\d[\d.]", re.IGNORECASE)


def looks_like_tally(text: str) -> bool:
    """Whether a text seems to give votes won: a number beside "suara" or "votes", a pair of
    candidates with a result, or a row of numbers each with a figure of its own.

    Words of the polling day stay free: surat suara, kotak suara, bilik suara, pemungutan and
    penghitungan suara, numbers of persons ("massa paslon 1 sekitar 150 orang"), of polling stations
    ("TPS 01: 120, TPS 02: 98") and of the clock.
    """
    lines = [" ".join(line.split()) for line in text.splitlines()]
    close = " ".join(filter(None, lines))
    if _TALLY.search("\n".join(filter(None, lines))) or _ALONE.search(close):
        return True
    return any(
        _LARGE.search(_CLOCK.sub("", row[0]))
        for row in _RESULTS.finditer(close)
        if not row["of_places"]
    )
