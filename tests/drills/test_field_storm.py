"""A thousand reports of an afternoon, sent by thirteen command posts as their phones send them,
some twice, while workers are killed and Redis restarts: none lost, none twice, each notice and each
early warning once."""

import random
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.test import Client

from incidents.enums import Occurrence, Severity
from incidents.enums.warning import RuleArea, RuleKind, WarningState, WarningStep
from incidents.models import EarlyWarning, FieldReport, WarningEntry, WarningFact, WarningRule
from portal import clock
from portal.access.middleware import POST_SESSION_KEY
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.home.demo.people import LADDER_OFFICES, Office, actor_of
from portal.notifications.mailbox import letters
from portal.notifications.models import Delivery, Notification
from portal.registry.models import Region
from tests.drills.processes import eventually
from tests.factories.warnings import rule

pytestmark = pytest.mark.drill

REPORTS, AGAIN, URGENT_EACH, AHEAD_EACH = 1_000, 150, 20, 8
UNITS = (
    "tanah-laut", "kotabaru", "banjar", "barito-kuala", "tapin", "hulu-sungai-selatan",
    "hulu-sungai-tengah", "hulu-sungai-utara", "tabalong", "tanah-bumbu", "balangan",
)  # fmt: skip
BOUNDARY = "batas-kiriman"


@dataclass
class Phone:
    """One command post's session."""

    address: str
    session: str
    region: str
    began: datetime = field(default_factory=clock.now)

    def send(self, key: UUID, title: str, severity: int, ahead: bool) -> int:
        """Once over the network: the status of the answer, 0 when there was none."""
        # What is sent again is the same to the letter.
        hour, now = timedelta(hours=1), self.began
        values = {
            "client_key": str(key), "type": "F1", "title": title, "region": self.region,
            "place": "Desa di tepi sungai", "chronology": "Air naik sejak subuh.",
            "occurrence": Occurrence.EXPECTED if ahead else Occurrence.OVER,
            "occurred_at": (now + 24 * hour if ahead else now - hour).isoformat(),
            "written_at": now.isoformat(), "severity": str(severity),
        }  # fmt: skip
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
            for name, text in values.items()
        ]
        request = urllib.request.Request(  # noqa: S310 (our own address)
            f"{self.address}/api/v1/field-reports/",
            "".join([*parts, f"--{BOUNDARY}--\r\n"]).encode(),
            {
                "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
                "Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session}; "
                f"{settings.CSRF_COOKIE_NAME}={'c' * 32}",
                "X-CSRFToken": "c" * 32,
                "Accept": "application/json",
                "Idempotency-Key": str(key),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 (as above)
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0


@dataclass
class Sky:
    """What falls during the storm: each blow once, after so many answers."""

    blows: dict[int, object]
    answered: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self) -> None:
        with self.lock:
            self.answered += 1
            blow = self.blows.pop(self.answered, None)
        if blow:
            blow()


@pytest.fixture
def phones(transactional_db, live_server):
    actor_of(next(office for office in LADDER_OFFICES if office.login == "piket.polda"))
    names = [f"polres-{name}" for name in UNITS] + ["polresta-banjarmasin", "polres-banjarbaru"]
    regions = Region.objects.filter(level=Region.Level.REGENCY).order_by("code")
    found = []
    for unit, region in zip(names, regions, strict=True):
        office = Office(f"badai.{region.code}", f"Posko {unit}", unit, Role.POSKO_OPERATOR,
                        region.code)  # fmt: skip
        actor, client = actor_of(office), Client()
        client.force_login(User.objects.get(pk=actor.user_id))
        session = client.session
        session[POST_SESSION_KEY] = actor.post_id
        session.save()
        found.append(Phone(live_server.url, session.session_key, region.code))
    return found


def test_a_thousand_reports_while_workers_die_and_redis_restarts(crew, broker, phones):
    dice = random.Random(27)
    WarningRule.objects.all().delete()
    rule(kind=RuleKind.EXPECTED, area=RuleArea.REGENCY, threshold=3, window_hours=48)
    urgent = {number for number in range(REPORTS) if number % URGENT_EACH == 0}
    # None of them is urgent: a warning that grows graver is rightly told again.
    ahead = {number for number in range(REPORTS) if number % AHEAD_EACH == 1}
    tasks = [
        (
            phones[number % len(phones)],
            uuid4(),
            f"Jalan tergenang {number}",
            Severity.HIGH if number in urgent else Severity.MEDIUM,
            number in ahead,
        )
        for number in range(REPORTS)
    ]
    sent = [*tasks, *dice.sample(tasks, AGAIN)]
    dice.shuffle(sent)
    first, second = crew.worker(), crew.worker()
    crew.beat()
    sky = Sky(
        {
            REPORTS // 4: lambda: crew.kill(first),
            REPORTS // 2: broker.kill,
            REPORTS * 5 // 8: broker.start,
            REPORTS * 3 // 4: lambda: crew.kill(second),
        }
    )

    def deliver(task) -> int:
        phone, *values = task
        try:
            for _attempt in range(20):
                status = phone.send(*values)
                if status not in {0, 409, 429} and status < 500:
                    return status
                time.sleep(0.5)  # The phone keeps it, and sends it again under the same key.
            return status
        finally:
            sky.count()
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(deliver, sent))
    assert set(answers) <= {200, 201}
    assert sky.blows == {}, "everything fell"

    stored = FieldReport.objects.values_list("client_key", flat=True)
    assert sorted(stored) == sorted(task[1] for task in tasks)
    numbers = sorted(FieldReport.objects.values_list("number", flat=True))
    year = clock.local(clock.now()).year
    assert numbers == [f"LL-{year}-{number:04d}" for number in range(1, REPORTS + 1)]

    crew.worker()
    crew.worker()
    assert Notification.objects.filter(kind="field_report_urgent").count() == len(urgent)
    eventually(lambda: WarningFact.objects.count() == len(ahead), within=240)
    assert_each_warning_once(phones)
    eventually(all_told, within=240)
    # The mailbox keeps one file for each Message-ID; a mail twice would be a second delivery.
    assert len(letters()) == Delivery.objects.count() >= len(urgent) + len(phones)


def assert_each_warning_once(phones: list[Phone]) -> None:
    """One for every regency, given by its third report, on which all that followed rest too."""
    warnings = EarlyWarning.objects.all()
    assert sorted(warnings.values_list("region_id", flat=True)) == sorted(
        phone.region for phone in phones
    )
    assert set(warnings.values_list("state", flat=True)) == {WarningState.RUNNING}
    reports = FieldReport.objects.filter(occurrence=Occurrence.EXPECTED)
    resting = WarningFact.objects.values_list("report", flat=True)
    assert sorted(resting) == sorted(reports.values_list("pk", flat=True))
    raised = WarningEntry.objects.filter(step=WarningStep.RAISED)
    assert raised.values("warning").distinct().count() == raised.count() == len(phones)
    told = Notification.objects.filter(kind="warning_raised")
    times = told.values("post", "url").annotate(times=Count("pk")).values_list("times", flat=True)
    assert set(times) == {1}
    assert told.values("url").distinct().count() == len(phones)


def all_told() -> bool:
    waiting = Delivery.objects.exclude(state="sent")
    return Delivery.objects.exists() and not waiting.exists()
