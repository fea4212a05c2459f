"""Files of a list: at once or in the background, as the post, with the rights of the time."""

import csv
import io
import re
import threading
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from coordination.models import Obligation
from coordination.views.files import MATRIX
from portal.access.errors import Refused
from portal.accounts.models import Post, Tenure
from portal.audit.models import Entry
from portal.background.models import OutboxTask
from portal.background.running import drain
from portal.exports import actions, kinds
from portal.exports.enums import EXPORT_MOVES, ExportState
from portal.exports.kinds import Kind
from portal.exports.models import ExportJob
from portal.notifications.models import Notification
from tests.factories.coordination import PUBLISHED, make_published
from tests.factories.many import make_original, multiply

AT = PUBLISHED + timedelta(hours=3)
CREATE = "/ekspor/baru/matriks-tindak-lanjut/"
HEADS = [
    "No.", "Arahan/keputusan", "Dasar", "Penanggung jawab", "Instansi pendukung",
    "Keluaran dan bukti dukung", "Tenggat", "Status", "Progres (%)", "Kendala", "Keterangan",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _scene(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def enter(client, sign_in):
    return lambda actor: sign_in(client, actor)


def ask(client, form="csv", query=""):
    return client.post(CREATE, {"format": form, "query": query})


def table_of(body: bytes) -> list[list[str]]:
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    return rows[: rows.index([])]


@pytest.fixture
def few(coordinator):
    """Three obligations; the title of their directive would be a formula."""
    return make_published(
        coordinator,
        "kpu-kalsel",
        "korem-101",
        "bawaslu-kalsel",
        directive={"output": "=HYPERLINK(1)", "title": "Kawal logistik"},
    )


@pytest.fixture
def many(coordinator, liaison_kpu):
    """More than come at once."""
    return multiply(make_original(coordinator, liaison_kpu), 60)


def test_short_list_comes_at_once_in_the_offices_columns(enter, coordinator, few):
    client = enter(coordinator)
    rows = table_of(ask(client).content)
    assert rows[0] == HEADS
    assert [row[:2] for row in rows[1:]] == [
        [str(place), f"{few.meeting.directives.get().number}. Kawal logistik"]
        for place in (1, 2, 3)
    ]
    assert {row[5] for row in rows[1:]} == {"'=HYPERLINK(1)"}
    assert not ExportJob.objects.exclude(state=ExportState.EXPIRED).exists()
    entry = Entry.objects.get(verb="export.download")
    assert (entry.post_id, entry.after["rows"]) == (coordinator.post_id, 3)


def test_file_holds_the_rows_of_the_page_in_its_order(enter, coordinator, few):
    client = enter(coordinator)
    query = "agency=korem-101&sort=-due"
    page = client.get(f"/tindak-lanjut/?{query}").context["rows"]
    book = load_workbook(io.BytesIO(ask(client, "xlsx", query).content)).active
    cells = [[cell.value for cell in row] for row in book.rows]
    head = cells.index(HEADS)
    assert [row[3] for row in cells[head + 1 :]] == [row.responsible for row in page] != []
    above = [row[0] for row in cells[:head]]
    assert above[0] == "TERBATAS"
    assert "Saringan: Instansi: Korem 101; Urutan: Tenggat terjauh" in above
    assert "1 baris" in above
    assert any("Diunduh oleh" in str(text) and coordinator.post_title in text for text in above)
    assert book.page_setup.orientation == "landscape"
    assert book.print_title_rows == f"${head + 1}:${head + 1}"


def test_pdf_is_landscape_with_heads_class_stamp_and_pages(enter, coordinator, liaison_kpu):
    multiply(make_original(coordinator, liaison_kpu), 9)
    pdf = PdfReader(io.BytesIO(ask(enter(coordinator), "pdf").content))
    assert len(pdf.pages) > 1
    for number, page in enumerate(pdf.pages, start=1):
        text = " ".join(page.extract_text().split())
        assert page.mediabox.width > page.mediabox.height
        assert text.count("TERBATAS") == 2
        assert "Penanggung jawab" in text
        assert "Diunduh oleh" in text
        assert f"Halaman {number} dari {len(pdf.pages)}" in text
    assert "90 baris" in pdf.pages[0].extract_text()


def test_a_long_pdf_is_joined_of_parts_whose_pages_count_on(
    enter, coordinator, liaison_kpu, monkeypatch
):
    monkeypatch.setattr("portal.documents.tables.PDF_ROWS", 60)
    monkeypatch.setattr("portal.documents.tables.PDF_PART", 40)
    multiply(make_original(coordinator, liaison_kpu), 9)
    data = ask(enter(coordinator), "pdf").content
    pdf = PdfReader(io.BytesIO(data))
    texts = [" ".join(page.extract_text().split()) for page in pdf.pages]
    parts = [re.search(r"Halaman (\d+) · bagian (\d) dari 3", text).groups() for text in texts]
    assert [int(number) for number, _part in parts] == list(range(1, len(pdf.pages) + 1))
    assert [part for _number, part in parts] == sorted(part for _number, part in parts)
    assert {part for _number, part in parts} == {"1", "2", "3"}
    assert ["90 baris" in text for text in texts] == [True] + [False] * (len(texts) - 1)
    for text in texts:
        assert text.count("TERBATAS") == 2
        assert "Penanggung jawab" in text and "Diunduh oleh" in text
    assert sum(text.count("ARH/") for text in texts) == 90
    with pikepdf.open(io.BytesIO(data)) as document, document.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "B")
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*.pdf.*")] == []


def test_each_post_gets_its_own_rows_only(enter, liaison_kpu, liaison_dprd, few):
    assert len(table_of(ask(enter(liaison_kpu)).content)) == 2
    assert len(table_of(ask(enter(liaison_dprd)).content)) == 1


def test_no_right_no_file(enter, posko_banjar, admin, few):
    for actor in (posko_banjar, admin):
        assert ask(enter(actor)).status_code == 403
    assert not ExportJob.objects.exists()


def test_unknown_list_or_format_is_refused(enter, coordinator, few):
    client = enter(coordinator)
    assert client.post("/ekspor/baru/anggaran/", {"format": "csv"}).status_code == 404
    answer = client.post(CREATE, {"format": "exe"}, follow=True)
    assert "Format berkas tidak dikenal" in answer.content.decode()
    assert not ExportJob.objects.exists()


def test_long_list_is_made_in_the_background_and_told(enter, coordinator, liaison_kpu, many):
    client = enter(coordinator)
    answer = ask(client, "csv", "semua=1&page=2&sort=agency")
    job = ExportJob.objects.get()
    assert answer["Location"] == reverse("exports:job", args=[job.pk])
    assert (job.state, job.total, job.query) == (ExportState.QUEUED, many, "sort=agency")
    assert "hx-trigger" in client.get(answer["Location"]).content.decode()
    assert client.get(reverse("exports:file", args=[job.pk])).status_code == 302
    drain()
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (ExportState.DONE, many, many)
    body = client.get(reverse("exports:file", args=[job.pk])).content
    rows = table_of(body)[1:]
    assert [row[0] for row in rows] == [str(number) for number in range(1, many + 1)]
    part = client.get(answer["Location"], headers={"HX-Request": "true"}).content.decode()
    assert "Unduh berkas" in part
    assert "hx-trigger" not in part
    assert "<html" not in part
    notice = Notification.objects.get(kind="export_ready")
    assert (notice.post_id, notice.url) == (coordinator.post_id, answer["Location"])
    assert Entry.objects.filter(verb="export.download", object_id=str(job.pk)).count() == 1
    assert client.get(reverse("exports:job_list")).context["rows"][0].total == many


def test_job_of_another_post_is_not_there(enter, coordinator, commander, many):
    ask(enter(coordinator))
    drain()
    job = ExportJob.objects.get()
    client = enter(commander)
    for name in ("job", "file"):
        assert client.get(reverse(f"exports:{name}", args=[job.pk])).status_code == 404
    assert client.get(reverse("exports:job_list")).context["rows"] == []


def test_asking_twice_with_one_key_makes_one_job(enter, coordinator, many):
    client = enter(coordinator)
    data = {"format": "xlsx", "query": "", "idempotency_key": "sekali"}
    first, second = client.post(CREATE, data), client.post(CREATE, data)
    assert first["Location"] == second["Location"]
    assert ExportJob.objects.count() == 1


def test_rights_are_read_again_by_the_worker(enter, coordinator, many):
    ask(enter(coordinator))
    # Since he asked, the post oversees no longer: only what its own agency issued or owes is left.
    Post.objects.filter(pk=coordinator.post_id).update(clearance=1)
    drain()
    job = ExportJob.objects.get()
    assert (job.state, job.done) == (ExportState.DONE, 0)


def test_post_that_was_taken_away_gets_no_file(enter, coordinator, many):
    ask(enter(coordinator))
    Tenure.objects.filter(post=coordinator.post_id).update(ends_at=AT)
    drain()
    job = ExportJob.objects.get()
    assert (job.state, job.path) == (ExportState.FAILED, "")
    assert job.error == "Jabatan yang meminta berkas ini tidak lagi Anda pegang."
    assert Notification.objects.filter(kind="export_failed").count() == 1
    assert list(Path(settings.MEDIA_ROOT).rglob("*")) == []


def test_pdf_of_too_many_rows_says_what_to_do(enter, coordinator, many, monkeypatch):
    monkeypatch.setattr("portal.exports.making.PDF_MOST", 500)
    answer = ask(enter(coordinator), "pdf")
    text = enter(coordinator).get(answer["Location"]).content.decode()
    assert f"PDF memuat paling banyak 500 baris, sedangkan saringan ini berisi {many}." in text
    assert not ExportJob.objects.exists()


def test_file_goes_after_a_day(enter, coordinator, many):
    client = enter(coordinator)
    ask(client)
    drain()
    job = ExportJob.objects.get()
    assert actions.sweep(at=AT + timedelta(hours=23)) == 0
    assert actions.sweep(at=AT + actions.KEEP) == 1
    assert actions.sweep(at=AT + actions.KEEP) == 0
    job.refresh_from_db()
    assert (job.state, job.path) == (ExportState.EXPIRED, "")
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    answer = client.get(reverse("exports:file", args=[job.pk]), follow=True)
    assert "sudah tidak tersedia" in answer.content.decode()


def test_expired_file_is_refused_before_the_sweep(coordinator, many):
    job = actions.request_export(
        MATRIX, "csv", MATRIX.select(coordinator, "", AT), by=coordinator, at=AT
    )
    drain()
    job.refresh_from_db()
    assert actions.read_file(job, by=coordinator, at=AT)
    with pytest.raises(Refused):
        actions.read_file(job, by=coordinator, at=AT + actions.KEEP)


def test_second_worker_leaves_a_running_job_alone(coordinator, many):
    job = actions.request_export(
        MATRIX, "csv", MATRIX.select(coordinator, "", AT), by=coordinator, at=AT
    )
    ExportJob.objects.update(state=ExportState.RUNNING, done=7, touched_at=AT)
    actions.run_export(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done) == (ExportState.RUNNING, 7)
    # A minute of silence: that worker is dead, and the file is begun anew.
    ExportJob.objects.update(touched_at=AT - timedelta(seconds=61))
    actions.run_export(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done) == (ExportState.DONE, many)
    actions.run_export(job.pk)
    actions.run_export(job.pk + 1)
    assert len([path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]) == 1


def test_job_that_nobody_moves_on_is_given_up(coordinator, many):
    actions.request_export(MATRIX, "csv", MATRIX.select(coordinator, "", AT), by=coordinator, at=AT)
    OutboxTask.objects.all().delete()
    actions.sweep(at=AT + actions.GIVE_UP_AFTER)
    assert ExportJob.objects.get().state == ExportState.QUEUED
    actions.sweep(at=AT + actions.GIVE_UP_AFTER + timedelta(seconds=1))
    job = ExportJob.objects.get()
    assert (job.state, job.error) == (
        ExportState.FAILED,
        "Penyusunan berkas terhenti. Silakan minta lagi.",
    )


def test_row_that_left_the_sight_meanwhile_is_left_out(coordinator, many):
    selection = MATRIX.select(coordinator, "", AT)
    Obligation.objects.filter(pk=selection.ids[0]).update(classification=3)
    Post.objects.filter(pk=coordinator.post_id).update(clearance=2)
    narrower = Tenure.objects.select_related("post__unit__agency").get(post=coordinator.post_id)
    lines = MATRIX.lines(type(coordinator).of(narrower), selection.ids[:3], AT, 1)
    assert [line[0] for line in lines] == [1, 2]


def test_export_takes_the_highest_class_of_its_rows(coordinator, few):
    assert MATRIX.select(coordinator, "", AT).classification == 2
    Obligation.objects.filter(agency__slug="korem-101").update(classification=3)
    assert MATRIX.select(coordinator, "", AT).classification == 3
    assert MATRIX.select(coordinator, "agency=kpu-kalsel", AT).classification == 2


def test_a_name_belongs_to_one_list():
    other = Kind("matriks-tindak-lanjut", *[None] * 6)
    with pytest.raises(ValueError, match="registered already"):
        kinds.register(other)
    kinds.register(MATRIX)
    assert kinds.kind_of("matriks-tindak-lanjut") is MATRIX


def test_moves_lead_to_an_end():
    assert set(EXPORT_MOVES) == set(ExportState)
    assert EXPORT_MOVES[ExportState.EXPIRED] == frozenset()


def test_progress_shows_while_the_file_is_made(transactional_db, coordinator, liaison_kpu):
    """Another connection sees the rows that are done before the file is finished."""
    total = multiply(make_original(coordinator, liaison_kpu), 120)
    job = actions.request_export(
        MATRIX, "csv", MATRIX.select(coordinator, "", AT), by=coordinator, at=AT
    )
    seen: list[int] = []
    ask_again = ExportJob.objects.filter(pk=job.pk).values_list("done", flat=True)

    def look():
        from django.db import connection  # noqa: PLC0415 (this thread's own connection)

        seen.append(ask_again.all().get())
        connection.close()

    slow = Kind(**{**MATRIX.__dict__, "lines": _watched(look)})
    kinds._kinds[MATRIX.name] = slow
    try:
        actions.run_export(job.pk)
    finally:
        kinds._kinds[MATRIX.name] = MATRIX
    assert seen == [0, 500, 1000]
    job.refresh_from_db()
    assert (job.state, job.done) == (ExportState.DONE, total)


def _watched(look):
    def lines(*args):
        watcher = threading.Thread(target=look)
        watcher.start()
        watcher.join()
        return MATRIX.lines(*args)

    return lines
