"""Cases of Sentra Gakkumdu for tests, opened and moved through the actions."""

from datetime import datetime, timedelta

from incidents.actions.gakkumdu import finish_step
from incidents.actions.gakkumdu_opening import hand_over
from incidents.enums.gakkumdu import CaseBasis, StepCode
from incidents.models import GakkumduCase
from portal import clock
from portal.access.actor import Actor
from tests.factories.incidents import report

HOUR = timedelta(hours=1)


def wita(month: int, day: int, hour: int = 9, minute: int = 0, year: int = 2024) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=clock.WITA)


KNOWN, RECEIVED, OPENED = wita(11, 1), wita(11, 4), wita(11, 4, 11)
"""Friday; Monday; two hours later."""
WAY = (
    (StepCode.STUDY, "gakkumdu.bawaslu", wita(11, 6, 15)),
    (StepCode.FORWARD, "gakkumdu.bawaslu", wita(11, 7, 9)),
    (StepCode.INVESTIGATION, "gakkumdu.polda", wita(11, 20, 14)),
    (StepCode.FILE_STUDY, "gakkumdu.kejati", wita(11, 22, 10)),
    (StepCode.TO_COURT, "gakkumdu.kejati", wita(11, 26, 10)),
    (StepCode.VERDICT, "gakkumdu.kejati", wita(12, 3, 10)),
    (StepCode.APPEAL, "gakkumdu.kejati", wita(12, 6, 10)),
    (StepCode.APPEAL_VERDICT, "gakkumdu.kejati", wita(12, 13, 10)),
)
"""Each step in its time: who writes it down, and when."""


def open_case(by: Actor, *, code: str = "B4", region: str = "63.03", **fields) -> GakkumduCase:
    """Vote buying in Kabupaten Banjar, known on Friday 1 November, received on Monday the 4th."""
    at = fields.pop("at", OPENED)
    received = fields.get("received_at", RECEIVED)
    incident = report(by, code=code, region=region, at=received, title="Amplop dibagikan")
    values = {
        "basis": CaseBasis.REPORT,
        "known_at": KNOWN,
        "received_at": received,
        "summary": "Warga menyerahkan amplop berisi uang.",
        "complete": True,
    }
    return hand_over(incident, by=by, at=at, **{**values, **fields})


def walk(case: GakkumduCase, people, until: str) -> GakkumduCase:
    """Take the case along its way, each step in its time, until that step runs."""
    for step, login, at in WAY:
        if step == until:
            break
        case = finish_step(case, step, happened_at=at, by=people[login], at=at)
    return case
