"""All rows of ten thousand obligations, exported in a process of their own: how much memory."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from openpyxl import load_workbook

from coordination.views.files import MATRIX
from portal.exports import actions
from portal.exports.models import ExportJob
from tests.factories.coordination import PUBLISHED
from tests.factories.many import SHARES, make_original, multiply

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]

LIMIT = 200 * 1024  # kB
COPIES = 1111
# Its own process, so that the peak is that of the export and not of the tests.
# Not ru_maxrss, which remembers the size of the test that started the process.
PROGRAM = """
import json
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
import django
django.setup()
from portal.background.running import drain
count = drain()
status = Path("/proc/self/status").read_text()
# Its own, or that of the largest process it started for a part.
peak = max(int(status.split("VmHWM:")[1].split()[0]), getrusage(RUSAGE_CHILDREN).ru_maxrss)
print(json.dumps({"ran": count, "peak": peak}))
"""


def worker() -> dict[str, int]:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


@pytest.mark.parametrize("form", ["xlsx", "csv", "pdf"])
def test_ten_thousand_rows_take_less_than_200_megabytes(coordinator, liaison_kpu, form):
    total = multiply(make_original(coordinator, liaison_kpu), COPIES)
    assert total == (COPIES + 1) * SHARES > 10_000
    at = PUBLISHED + timedelta(hours=1)
    job = actions.request_export(
        MATRIX, form, MATRIX.select(coordinator, "", at), by=coordinator, at=at
    )
    figures = worker()
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", total)
    path = Path(settings.MEDIA_ROOT) / job.path
    if form == "xlsx":
        with path.open("rb") as file:
            rows = load_workbook(file, read_only=True).active.iter_rows(values_only=True)
            assert sum(bool(row) and isinstance(row[0], int) for row in rows) == total
    elif form == "pdf":
        with pikepdf.open(path) as document:
            pages = len(document.pages)
        assert pages > total / 20
    else:
        assert path.read_text(encoding="utf-8-sig").count("\n") > total
    assert figures["peak"] < LIMIT, figures
    assert ExportJob.objects.count() == 1
