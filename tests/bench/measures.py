"""What is measured: pages at 1× and 10× the rows, a submission, and the roll-up after it."""

import io
import json
import statistics
from collections.abc import Callable
from datetime import timedelta
from time import perf_counter
from typing import TextIO

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coordination.models import Directive, Meeting, Obligation
from deployments import actions
from deployments.enums import ExpectedState
from deployments.models import Deployment, ExpectedReport, ReadinessReport
from incidents.models import Incident, PublicReport
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.context import actor_context
from portal.accounts.models import User
from portal.notifications.models import Notification
from portal.registry.models import Operation
from tests import database
from tests.bench import nation
from tests.factories import many
from tests.factories.deployments import figures

RUNS, REQUESTS = 5, 40
PAGES = {
    "dashboard": "/",
    "meeting list": "/rakor/",
    "map data": "/peta/data/",
    "strength": "/kuat-personel/",
    "readiness list": "/kesiapan/",
    "rollups": "/api/v1/rollups/?level=regency",
    "public reports": "/laporan-warga/",
}
SUBMISSION = "readiness submission"
MONTHS = timedelta(days=120)


def run(out: TextIO, *, only_nation: bool = False) -> None:
    """Prints a JSON line per measurement."""
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("load_demo", stdout=io.StringIO())
    if not only_nation:
        portal(out)
    for line in nation.measure():
        write(out, **line)


def portal(out: TextIO) -> None:
    """Pages, submissions and the roll-up at the size of the province."""
    client = Client()
    client.force_login(User.objects.get(email="koordinator@demo.test"))
    single = {name: queries(client, path) for name, path in PAGES.items()}
    for name, path in PAGES.items():
        write(out, name, **timed(lambda path=path: visit(client, path)))
    write(out, SUBMISSION, **timed(Submission(), requests=10))
    for line in rollups():
        write(out, **line)
    multiply(10)
    for name, path in PAGES.items():
        many = queries(client, path)
        write(out, name, queries=single[name], queries_10x=many, constant=many == single[name])
        write(out, f"{name} at 10x", **timed(lambda path=path: visit(client, path)))
    for line in matrix(client):
        write(out, **line)
    for name in ("map data", "kabupaten"):
        write(out, f"{name}: the map", **drawn(client, MAPS[name]))


def write(out: TextIO, measure: str, **figures) -> None:
    out.write(json.dumps({"measure": measure, **figures}) + "\n")
    out.flush()


def visit(client: Client, path: str) -> None:
    response = client.get(path)
    if response.status_code != 200:
        raise RuntimeError(f"{path} answered {response.status_code}")


def timed(call: Callable[[], None], requests: int = REQUESTS) -> dict[str, float]:
    """Requests per second and the 95th percentile in milliseconds: medians of the runs."""
    call()
    rates, tails = [], []
    for _run in range(RUNS):
        times = []
        for _request in range(requests):
            start = perf_counter()
            call()
            times.append(perf_counter() - start)
        rates.append(requests / sum(times))
        tails.append(statistics.quantiles(times, n=20)[-1] * 1000)
    return {
        "requests_per_second": round(statistics.median(rates), 1),
        "p95_ms": round(statistics.median(tails), 1),
    }


MAPS = {"map data": "/peta/data/", "kabupaten": "/peta/data/?within=63.03"}


def drawn(client: Client, path: str) -> dict[str, float]:
    """A map's figures: milliseconds, kilobytes as sent, queries."""
    sent = client.get(path, headers={"accept-encoding": "gzip"})
    return {
        "ms": round(paced(client, path), 1),
        "kilobytes": round(len(sent.content) / 1000, 1),
        "queries": queries(client, path),
    }


def queries(client: Client, path: str) -> int:
    """How many the page needs, warm."""
    visit(client, path)
    with CaptureQueriesContext(connection) as seen:
        visit(client, path)
    return len(seen)


class Submission:
    """Posts the report of Polres Banjar, each time as the next version, through the front door."""

    def __init__(self):
        self.client = Client()
        self.client.force_login(User.objects.get(email="posko.banjar@demo.test"))
        self.expected = ExpectedReport.objects.filter(unit__slug="polres-banjar").latest(
            "cut_off_at"
        )
        self.number = ReadinessReport.objects.filter(
            unit=self.expected.unit_id, cut_off_at=self.expected.cut_off_at
        ).count()

    def __call__(self) -> None:
        moment = clock.local(self.expected.cut_off_at).isoformat().replace("+", "%2B")
        values = {
            name: value
            for name, value in figures(sick=self.number, total=100 + self.number).items()
            if value is not False
        }
        response = self.client.post(
            f"/kesiapan/lapor/?unit=polres-banjar&cut_off={moment}",
            # So far from the last report that the portal asks why.
            values | {"replaces": self.number, "confirm": "Diukur"},
        )
        if response.status_code != 302:
            raise RuntimeError(f"submission answered {response.status_code}")
        self.number += 1


def rollups() -> list[dict]:
    """The fold after one submission, and a full rebuild, in milliseconds."""
    operation = Operation.objects.get(slug="mantap-praja-intan-2024")
    submission = Submission()
    folds, rebuilds = [], []
    for _run in range(RUNS):
        submission()
        for times, call in (
            (folds, actions.fold),
            (rebuilds, lambda: actions.rebuild(operation, at=clock.now())),
        ):
            start = perf_counter()
            with actor_context(SYSTEM):
                call()
            times.append((perf_counter() - start) * 1000)
    reports = ReadinessReport.objects.count()
    return [
        {"measure": "roll-up after one submission", "ms": round(statistics.median(folds), 1)},
        {
            "measure": "full rebuild",
            "ms": round(statistics.median(rebuilds), 1),
            "reports": reports,
        },
    ]


MATRIX = {
    "all": "/tindak-lanjut/?semua=1",
    "overdue": "/tindak-lanjut/?state=overdue",
    "one agency": "/tindak-lanjut/?agency=kpu-kalsel&sort=-due",
    "words": "/tindak-lanjut/?q=komunikasi",
}
TARGET = 1.5


def matrix(client: Client) -> list[dict]:
    """The matrix at about 100 and at about 10,000 obligations: medians in milliseconds, and how
    many times longer the page takes (target: at most 1.5)."""
    with transaction.atomic(), actor_context(SYSTEM):
        original = Directive.objects.filter(obligations__isnull=False).order_by("pk").first()
        shares = original.obligations.count()
        few = many.multiply(original, max((100 - Obligation.objects.count()) // shares, 0))
    before = {name: (queries(client, path), paced(client, path)) for name, path in MATRIX.items()}
    with transaction.atomic(), actor_context(SYSTEM):
        lots = many.multiply(original, (10_000 - few) // shares + 1)
    settle()
    lines = []
    for name, path in MATRIX.items():
        asked, single = before[name]
        again, crowded = queries(client, path), paced(client, path)
        lines.append(
            {
                "measure": f"matrix page at {lots} against {few}: {name}",
                "ms": round(single, 1),
                "ms_many": round(crowded, 1),
                "ratio": round(crowded / single, 2),
                "within_target": crowded <= TARGET * single,
                "constant": asked == again,
            }
        )
    return lines


def paced(client: Client, path: str) -> float:
    """The median time of a page in milliseconds, warm."""
    times = []
    for _request in range(REQUESTS):
        start = perf_counter()
        visit(client, path)
        times.append((perf_counter() - start) * 1000)
    return statistics.median(times)


def settle() -> None:
    """What autovacuum does within a minute of so many new rows."""
    database.analyze(connection.settings_dict["NAME"])


def multiply(times: int) -> None:
    """Copy the listed rows, so that there are `times` as many."""
    with transaction.atomic(), actor_context(SYSTEM):
        for model in (Deployment, Meeting, Incident, Notification, ExpectedReport, PublicReport):
            rows = list(model.objects.order_by("pk"))
            copies = []
            for number in range(1, times):
                for row in rows:
                    copy = model.objects.model(
                        **{
                            field.attname: getattr(row, field.attname)
                            for field in model._meta.concrete_fields
                            # What is unique by its default is made anew.
                            if not (field.primary_key or field.generated)
                            and not (field.unique and field.has_default())
                        }
                    )
                    if hasattr(copy, "number"):
                        copy.number = f"{copy.number}-{number}"[:60]
                    if isinstance(copy, PublicReport):
                        copy.code_hash = f"{number:02}{copy.code_hash[2:]}"
                    if isinstance(copy, Notification):
                        copy.event_key = f"{copy.event_key}-{number}"
                    if isinstance(copy, ExpectedReport):
                        # Of earlier months, whose reports nobody sent.
                        copy.cut_off_at -= number * MONTHS
                        copy.due_at -= number * MONTHS
                        copy.overdue_at -= number * MONTHS
                        copy.state, copy.report_id = ExpectedState.MISSING, None
                    copies.append(copy)
            model.objects.bulk_create(copies)
