"""From 26 to 27 November: the vote begins, what is due is said once, what is missing is late."""

import os
from collections import Counter
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from coordination.actions import directives, minutes, obligations
from coordination.actions.directives import Share
from coordination.emails import obligation_url
from coordination.models import Meeting, Obligation
from deployments.models import ExpectedReport
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.context import actor_context
from portal.background.models import OutboxTask
from portal.notifications.mailbox import letters
from portal.notifications.models import Delivery, Notification
from portal.registry.models import Agency
from tests.drills.processes import eventually

pytestmark = pytest.mark.drill

EVE = datetime(2024, 11, 26, 23, 58, tzinfo=clock.WITA)
MIDNIGHT = datetime(2024, 11, 27, tzinfo=clock.WITA)
BEFORE = timedelta(seconds=40)
"""How long before midnight the drill begins: the worker has to catch up with the day by then."""


@pytest.fixture
def eve(transactional_db, demo_clock):
    """The demo, loaded on the evening before the vote."""
    demo_clock(EVE)
    call_command("load_demo", stdout=StringIO())


def give_out(people) -> tuple[Obligation, Obligation]:
    """A directive to two agencies: the KPU has it until midnight, the Bawaslu a day longer. An
    urgent one: its ladder climbs at night, too."""
    meeting = Meeting.objects.get(title="Anev mingguan ke-12")
    told = datetime(2024, 11, 25, 8, tzinfo=clock.WITA)
    by = people["koordinator"]
    kpu, bawaslu = (Agency.objects.get(slug=slug) for slug in ("kpu-kalsel", "bawaslu-kalsel"))
    with actor_context(SYSTEM):
        directives.draft_directive(
            meeting,
            by=by,
            at=told,
            title="Pastikan kotak suara di TPS",
            text="Pastikan kotak suara ada di setiap TPS.",
            binding="kesepakatan",
            priority="segera",
            shares=[
                Share(agency=kpu, due_at=MIDNIGHT),
                Share(agency=bawaslu, due_at=MIDNIGHT + timedelta(days=1)),
            ],
        )
        signed = minutes.sign_minutes(
            meeting.minutes, by=by, at=told, proof="password", reason="Dibacakan di akhir rapat."
        )
        minutes.publish_minutes(signed, by=by, at=told)
        first, second = (
            Obligation.objects.get(directive__meeting=meeting, agency=agency)
            for agency in (kpu, bawaslu)
        )
        obligations.acknowledge_obligation(
            second, by=people["liaison.bawaslu"], at=told + timedelta(hours=1)
        )
    return first, second


def said(obligation: Obligation) -> dict[str, int]:
    """How often the agency was reminded of it, by kind; news to who follows it is no reminder."""
    told = Notification.objects.filter(url=obligation_url(obligation))
    told = told.exclude(kind__in=["obligation_assigned", "obligation_followed"])
    kinds = Counter(told.values_list("kind", flat=True))
    return {kind.removeprefix("obligation_"): number for kind, number in kinds.items()}


def running_stages(client) -> str:
    page = client.get("/").content.decode()
    return page.split('class="stage-now"')[1].split('class="stage-next"')[0].split("</div>")[0]


def missing_of(day: datetime) -> set[str]:
    """The states of the reports of that day that never came."""
    start, end = clock.day_bounds(clock.local(day).date())
    rows = ExpectedReport.objects.filter(cut_off_at__gte=start, cut_off_at__lt=end, report=None)
    return set(rows.values_list("state", flat=True))


def test_midnight_before_the_vote(eve, people, client, sign_in, demo_clock, crew):
    first, second = give_out(people)
    sign_in(client, people["pimpinan"])
    demo_clock(MIDNIGHT - BEFORE)
    crew.environment |= {name: os.environ[name] for name in CLOCK}
    crew.worker()
    crew.beat()
    crew.beat()

    eventually(lambda: said(first) == {"unacknowledged": 1, "due_tomorrow": 1})
    eventually(lambda: missing_of(EVE) == {"missing"})
    asked = Notification.objects.filter(kind="readiness_missing", at__gte=EVE)
    eventually(asked.exists)
    assert said(second) == {}
    assert clock.now() < MIDNIGHT
    assert "Masa tenang" in running_stages(client)
    assert "Pemungutan dan penghitungan suara" not in running_stages(client)

    eventually(lambda: said(first).get("overdue"), within=120)
    eventually(lambda: said(second).get("due_tomorrow"))
    eventually(lambda: missing_of(EVE) == {"overdue"})
    assert clock.now() > MIDNIGHT
    assert "Pemungutan dan penghitungan suara" in running_stages(client)
    assert "Masa tenang" not in running_stages(client)

    eventually(lambda: not mails_to_send())
    assert said(first) == {"unacknowledged": 1, "due_tomorrow": 1, "overdue": 1}
    assert said(second) == {"due_tomorrow": 1}
    each_once()


CLOCK = ("PORTAL_DEMO_NOW", "PORTAL_DEMO_ANCHOR")


def mails_to_send() -> bool:
    return (
        Delivery.objects.filter(state__in=["prepared", "sending", "failed"]).exists()
        or OutboxTask.objects.open().filter(task__startswith="notifications.").exists()
    )


def each_once():
    """Every mail is one file, every event was told once to a post, and every slot opened once."""
    sent = Delivery.objects.filter(state="sent", claimed_at__isnull=False)
    names = Counter(letter.name.rpartition("-")[2] for letter in letters(limit=1000))
    assert names == Counter(token.hex for token in sent.values_list("token", flat=True))
    told = Notification.objects.values_list("event_key", "post")
    assert told.count() == told.distinct().count()
