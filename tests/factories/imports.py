"""Files to import, good and spoilt, and jobs made of them."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from portal import clock
from portal.access.actor import Actor
from portal.background.running import drain
from portal.imports import actions
from portal.imports.kinds import kind_of
from portal.imports.models import ImportJob

NOW = datetime(2024, 11, 20, 8, tzinfo=clock.WITA)
HEADS = (
    "Kode TPS", "Nomor", "Kode kecamatan", "Kode desa/kelurahan", "Nama", "Lintang", "Bujur",
    "Pemilih", "Dipakai", "Sumber", "Per tanggal", "Mutu",
)  # fmt: skip
GOOD: dict[str, Any] = {
    "Kode TPS": "63.03.01-001",
    "Nomor": "1",
    "Kode kecamatan": "63.03.01",
    "Nama": "TPS 1",
    "Pemilih": "480",
    "Sumber": "uji",
    "Per tanggal": "25/11/2024",
}


def station(number: int = 1, **given: Any) -> dict[str, Any]:
    """A row of a polling station of Aluh-Aluh; `given` by heading."""
    row = GOOD | {
        "Kode TPS": f"63.03.01-{number:03}",
        "Nomor": str(number),
        "Nama": f"TPS {number}",
    }
    return row | given


def cells(rows: Sequence[dict[str, Any]], heads: Sequence[str] = HEADS) -> list[list[Any]]:
    return [list(heads), *([row.get(head, "") for head in heads] for row in rows)]


def as_csv(
    rows: Sequence[dict[str, Any]],
    heads: Sequence[str] = HEADS,
    *,
    separator: str = ";",
    encoding: str = "utf-8",
) -> bytes:
    target = io.StringIO()
    csv.writer(target, delimiter=separator).writerows(cells(rows, heads))
    return target.getvalue().encode(encoding)


def workbook(rows: Sequence[dict[str, Any]], heads: Sequence[str] = HEADS) -> Workbook:
    """To be spoilt before it becomes a file."""
    book = Workbook()
    book.active.title = "Data"
    for row in cells(rows, heads):
        book.active.append(row)
    return book


def as_xlsx(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def upload(
    data: bytes, by: Actor, kind: str = "tps", name: str = "uji.csv", at: datetime = NOW
) -> ImportJob:
    """Sent, and not yet looked at."""
    return actions.upload_file(kind_of(kind), SimpleUploadedFile(name, data), by=by, at=at)


def checked(data: bytes, by: Actor, kind: str = "tps", name: str = "uji.csv") -> ImportJob:
    """Sent, and looked at by a worker."""
    job = upload(data, by, kind, name)
    drain()
    job.refresh_from_db()
    return job


def applied(job: ImportJob, by: Actor, mode: str = "all", at: datetime = NOW) -> ImportJob:
    actions.request_apply(job, mode, by=by, at=at)
    drain()
    job.refresh_from_db()
    return job


def undone(job: ImportJob, by: Actor, at: datetime = NOW) -> ImportJob:
    actions.request_undo(job, by=by, at=at)
    drain()
    job.refresh_from_db()
    return job


def verdicts(job: ImportJob) -> list[str]:
    return list(job.rows.order_by("line").values_list("verdict", flat=True))


def reasons(job: ImportJob) -> list[tuple[str, str]]:
    """The cell or column and the sentence of everything that is refused."""
    return [
        (reason["cell"] or reason["column"], reason["text"])
        for row in job.rows.order_by("line")
        for reason in row.reasons
    ]
