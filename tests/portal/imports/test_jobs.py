"""From the file to the portal and back: by workers that die, twice at once, and too late."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from openpyxl import load_workbook

from deployments.models import StationClass
from portal import clock
from portal.access.errors import Refused
from portal.accounts.models import Tenure
from portal.audit.models import Entry
from portal.background.models import OutboxTask
from portal.background.running import drain
from portal.imports import actions, kinds, sheets
from portal.imports.actions import applying, checking, uploading
from portal.imports.enums import IMPORT_MOVES, ImportState, RowOutcome
from portal.imports.kinds import Kind, kind_of
from portal.imports.models import SILENT_AFTER, ImportJob, ImportRow
from portal.imports.queries import done_of, rejected
from portal.notifications.models import Notification
from portal.registry.models import Agency, PollingStation
from tests.factories.imports import (
    NOW,
    applied,
    as_csv,
    checked,
    reasons,
    station,
    undone,
    upload,
    verdicts,
)
from tests.factories.registry import make_station

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.DEMO_NOW, settings.DEMO_ANCHOR = NOW, clock.true_now().timestamp()


def codes():
    return list(PollingStation.objects.order_by("code").values_list("code", flat=True))


def files():
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def verbs(job):
    rows = Entry.objects.filter(object_id=str(job.pk), verb__startswith="import.")
    return list(rows.order_by("pk").values_list("verb", flat=True))


def test_a_check_marks_every_row_and_writes_nothing(liaison_kpu):
    make_station(as_of="2024-11-25", name="TPS 1")
    make_station(code="63.03.01-002", number=2, name="TPS lama", as_of="2024-11-25")
    rows = [station(1), station(2), station(3), station(4, Nomor="x")]
    job = checked(as_csv(rows), liaison_kpu)
    assert verdicts(job) == ["same", "changed", "new", "refused"]
    assert (job.new, job.changed, job.same, job.refused) == (1, 1, 1, 1)
    assert (job.state, job.done, job.total) == (ImportState.CHECKED, 4, 4)
    changed = job.rows.get(line=3)
    assert {n for n in changed.after if changed.after[n] != changed.before[n]} == {"name"}
    assert (changed.before["name"], changed.after["name"]) == ("TPS lama", "TPS 2")
    assert codes() == ["63.03.01-001", "63.03.01-002"]
    assert Notification.objects.filter(kind="import_checked").count() == 1


def test_all_or_nothing_writes_nothing_while_a_row_is_refused(liaison_kpu):
    job = checked(as_csv([station(1), station(2, Nomor="x")]), liaison_kpu)
    with pytest.raises(Refused, match="1 baris ditolak"):
        actions.request_apply(job, "all", by=liaison_kpu, at=NOW)
    assert codes() == []
    job.refresh_from_db()
    assert (job.state, job.mode) == (ImportState.CHECKED, "")


def test_only_the_good_rows_are_written_when_that_is_asked_for(liaison_kpu):
    job = checked(as_csv([station(1), station(2, Nomor="x"), station(3)]), liaison_kpu)
    applied(job, liaison_kpu, "good")
    assert (job.state, job.applied, job.left_out) == (ImportState.APPLIED, 2, 0)
    assert codes() == ["63.03.01-001", "63.03.01-003"]
    assert verbs(job) == ["import.upload", "import.apply", "import.applied"]


def test_an_empty_cell_leaves_what_is_there(liaison_kpu):
    make_station(latitude=-3.4, longitude=114.6, voters=480)
    applied(checked(as_csv([station(1, Pemilih="")]), liaison_kpu), liaison_kpu)
    made = PollingStation.objects.get()
    assert (made.name, made.latitude, made.longitude, made.voters) == ("TPS 1", -3.4, 114.6, 480)


def test_the_file_of_refused_rows_is_mended_and_sent_again(liaison_kpu):
    kind = kind_of("tps")
    rows = [station(1), station(2, Nomor="x", Sumber="-minus"), station(3, Nama="=1+1")]
    job = checked(as_csv(rows), liaison_kpu)
    body = sheets.refused_rows(kind, "csv", rejected(job, kind)).decode("utf-8-sig")
    lines = body.splitlines()
    assert lines[0].endswith(";Alasan ditolak")
    assert lines[1].endswith(";Nomor B3: “x” bukan angka.")
    assert "'-minus" in lines[1] and "'=1+1" in lines[2]
    again = checked(body.encode(), liaison_kpu)
    assert verdicts(again) == ["refused", "refused"]
    mended = body.replace(";x;", ";2;").replace("'=1+1", "TPS 3")
    good = applied(checked(mended.encode(), liaison_kpu), liaison_kpu)
    assert good.applied == 2
    assert PollingStation.objects.get(number=2).source == "-minus"


def test_the_file_of_refused_rows_is_a_workbook_when_one_was_sent(liaison_kpu):
    kind = kind_of("tps")
    job = checked(as_csv([station(1, Nomor="x")]), liaison_kpu)
    body = sheets.refused_rows(kind, "xlsx", rejected(job, kind))
    data, help_sheet = load_workbook(io.BytesIO(body)).worksheets
    assert [cell.value for cell in data[1]][-1] == "Alasan ditolak"
    assert data["L2"].data_type != "f"
    assert help_sheet.title == "Petunjuk"
    again = checked(body, liaison_kpu, name="ditolak.xlsx")
    assert (verdicts(again), reasons(again)) == (["refused"], [("B2", "“x” bukan angka.")])


@pytest.mark.parametrize("name", ["satuan", "tps", "kuat-personel", "penempatan"])
def test_every_template_has_its_headings_and_explains_them(name):
    kind = kind_of(name)
    data, explained = load_workbook(io.BytesIO(sheets.template(kind, "xlsx"))).worksheets
    heads = [str(column.head) for column in kind.columns]
    assert [cell.value for cell in data[1]] == heads
    assert [row[0].value for row in explained.iter_rows(min_row=5)] == heads
    assert sheets.template(kind, "csv").decode("utf-8-sig").split("\r\n")[0] == ";".join(heads)


def test_a_template_that_is_sent_as_it_is_has_no_rows(liaison_kpu):
    job = checked(sheets.template(kind_of("tps"), "xlsx"), liaison_kpu, name="templat.xlsx")
    assert (job.state, job.error) == (ImportState.FAILED, "Tidak ada baris di bawah judul kolom.")


# ── Workers ──


def failing(call, *, after):
    """Like `call`, but the process dies at the call after so many."""
    made = []

    def dying(*args, **kwargs):
        made.append(1)
        if len(made) > after:
            raise KeyboardInterrupt
        return call(*args, **kwargs)

    return dying


def silent(job, monkeypatch, seconds=61):
    """A worker died with the job; a minute later another one looks for it."""
    ImportJob.objects.filter(pk=job.pk).update(
        touched_at=clock.now() - SILENT_AFTER - timedelta(seconds=seconds - 60)
    )
    monkeypatch.undo()


@pytest.fixture
def small_steps(monkeypatch):
    for module in ("checking", "applying", "undoing"):
        monkeypatch.setattr(f"portal.imports.actions.{module}.CHUNK", 2)
    return monkeypatch


def five():
    return as_csv([station(number) for number in range(1, 6)])


def test_a_worker_that_dies_while_checking_is_followed_by_another(
    liaison_kpu, small_steps, settings
):
    media = settings.MEDIA_ROOT
    job = upload(five(), liaison_kpu)
    small_steps.setattr(checking, "_judge", failing(checking._judge, after=1))
    with pytest.raises(KeyboardInterrupt):
        actions.run_check(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.rows.count()) == (ImportState.CHECKING, 2, 2)
    actions.run_check(job.pk)
    assert job.rows.count() == 2
    silent(job, small_steps)
    settings.MEDIA_ROOT = media
    actions.run_check(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.new) == (ImportState.CHECKED, 5, 5)
    assert list(job.rows.values_list("line", flat=True)) == [2, 3, 4, 5, 6]


def test_a_worker_that_dies_while_applying_doubles_nothing(liaison_kpu, small_steps):
    job = checked(five(), liaison_kpu)
    actions.request_apply(job, "good", by=liaison_kpu, at=NOW)
    small_steps.setattr(applying, "_write", failing(applying._write, after=1))
    with pytest.raises(KeyboardInterrupt):
        actions.run_apply(job.pk)
    job.refresh_from_db()
    assert (job.state, job.applied, len(codes())) == (ImportState.APPLYING, 2, 2)
    silent(job, small_steps)
    actions.run_apply(job.pk)
    actions.run_apply(job.pk)
    job.refresh_from_db()
    assert (job.state, job.applied, job.done, len(codes())) == (ImportState.APPLIED, 5, 5, 5)
    assert Entry.objects.filter(verb="import.applied").count() == 1


def test_a_worker_that_dies_in_all_or_nothing_leaves_nothing(liaison_kpu, small_steps):
    job = checked(five(), liaison_kpu)
    actions.request_apply(job, "all", by=liaison_kpu, at=NOW)
    small_steps.setattr(applying, "_write", failing(applying._write, after=2))
    with pytest.raises(KeyboardInterrupt):
        actions.run_apply(job.pk)
    assert codes() == []
    silent(job, small_steps)
    actions.run_apply(job.pk)
    job.refresh_from_db()
    assert (job.state, job.applied, len(codes())) == (ImportState.APPLIED, 5, 5)


def test_an_error_of_ours_lets_the_next_attempt_go_on_at_once(liaison_kpu, monkeypatch):
    job = upload(five(), liaison_kpu)

    def broken(*args, **kwargs):
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(checking, "_judge", broken)
        with pytest.raises(ZeroDivisionError):
            actions.run_check(job.pk)
    actions.run_check(job.pk)
    job.refresh_from_db()
    assert (job.state, job.new) == (ImportState.CHECKED, 5)


def test_a_worker_that_lost_its_job_writes_no_more(liaison_kpu, small_steps):
    job = upload(five(), liaison_kpu)
    judge = checking._judge

    def taken_over(*args, **kwargs):
        judge(*args, **kwargs)
        ImportJob.objects.filter(pk=job.pk).update(run="another")
        args[0].run = "another"

    small_steps.setattr(checking, "_judge", taken_over)
    actions.run_check(job.pk)
    job.refresh_from_db()
    assert (job.state, job.run, job.rows.count()) == (ImportState.CHECKING, "another", 2)


def test_a_task_of_a_job_that_is_gone_returns_quietly():
    for run in (actions.run_check, actions.run_apply, actions.run_undo):
        assert run(0) is None


def test_applying_twice_is_once(liaison_kpu):
    job = checked(five(), liaison_kpu)
    for _time in range(2):
        actions.request_apply(job, "all", by=liaison_kpu, at=NOW)
    drain()
    actions.request_apply(job, "all", by=liaison_kpu, at=NOW)
    actions.run_apply(job.pk)
    drain()
    assert len(codes()) == 5
    assert Entry.objects.filter(verb="import.apply").count() == 1
    assert OutboxTask.objects.filter(task="imports.apply").count() == 1


def test_a_post_that_was_taken_away_imports_nothing(liaison_kpu):
    job = upload(five(), liaison_kpu)
    Tenure.objects.filter(post=liaison_kpu.post_id).update(ends_at=NOW)
    drain()
    job.refresh_from_db()
    assert (job.state, job.error) == (
        ImportState.FAILED,
        "Jabatan yang mengirim berkas ini tidak lagi Anda pegang.",
    )


def test_an_agency_that_no_longer_keeps_the_list_applies_nothing(liaison_kpu):
    job = checked(five(), liaison_kpu)
    actions.request_apply(job, "all", by=liaison_kpu, at=NOW)
    Agency.objects.filter(pk=liaison_kpu.agency_id).update(kind="civil")
    drain()
    job.refresh_from_db()
    assert (job.state, job.error) == (
        ImportState.CHECKED,
        "Jabatan Anda tidak lagi berwenang mengimpor daftar ini.",
    )
    assert codes() == []


# ── What changed meanwhile ──


def test_a_row_that_went_stale_stops_all_or_nothing(liaison_kpu):
    job = checked(five(), liaison_kpu)
    make_station(code="63.03.01-003", number=3, name="TPS lain")
    applied(job, liaison_kpu)
    assert codes() == ["63.03.01-003"]
    assert (job.state, job.mode, job.applied) == (ImportState.CHECKED, "", 0)
    assert job.error.startswith("Tidak ada yang ditulis. Baris 4: Data di portal berubah")
    assert (job.new, job.refused) == (4, 1)
    assert verdicts(job) == ["new", "new", "refused", "new", "new"]
    applied(job, liaison_kpu, "good")
    assert (job.state, job.applied, len(codes())) == (ImportState.APPLIED, 4, 5)


def test_a_row_that_went_stale_is_left_out_of_the_good_ones(liaison_kpu):
    job = checked(five(), liaison_kpu)
    make_station(code="63.03.01-003", number=3, name="TPS lain")
    applied(job, liaison_kpu, "good")
    assert (job.state, job.applied, job.left_out) == (ImportState.APPLIED, 4, 1)
    stale = job.rows.get(line=4)
    assert (stale.outcome, PollingStation.objects.get(number=3).name) == ("left_out", "TPS lain")
    assert len(rejected(job, kind_of("tps"))) == 1


# ── Undoing ──


def test_undo_takes_the_new_away_and_the_changed_back(liaison_kpu):
    before = make_station(name="TPS lama", voters=300)
    job = applied(checked(five(), liaison_kpu), liaison_kpu)
    assert len(codes()) == 5
    undone(job, liaison_kpu)
    assert (job.state, job.undone, job.kept) == (ImportState.UNDONE, 5, 0)
    after = PollingStation.objects.get()
    assert {f.name: getattr(after, f.name) for f in after._meta.fields} == {
        f.name: getattr(PollingStation.objects.get(pk=before.pk), f.name)
        for f in before._meta.fields
    }
    assert (after.name, after.voters) == ("TPS lama", 300)
    assert verbs(job)[-2:] == ["import.undo", "import.undone"]
    assert Entry.objects.filter(verb="station.restore").count() == 1


def test_undo_keeps_what_was_changed_or_built_on_since(liaison_kpu, liaison_polda):
    job = applied(checked(five(), liaison_kpu), liaison_kpu)
    PollingStation.objects.filter(number=2).update(voters=7)
    StationClass.objects.create(
        station=PollingStation.objects.get(number=4),
        agency_id=liaison_polda.agency_id,
        tps_class="rawan",
        valid_from=NOW.date(),
        reason="uji",
        recorded_at=NOW,
    )
    undone(job, liaison_kpu)
    assert (job.state, job.undone, job.kept) == (ImportState.UNDONE, 3, 2)
    assert codes() == ["63.03.01-002", "63.03.01-004"]
    kept = list(job.rows.filter(outcome=RowOutcome.KEPT).values_list("line", "outcome_reason"))
    assert kept == [
        (3, "TPS ini sudah diubah sesudah impor, jadi tetap."),
        (5, "TPS 4 sudah diklasifikasi, ditandai, atau dipakai data lain, jadi tetap."),
    ]


def test_an_undo_of_which_nothing_is_left_can_be_asked_for_again(liaison_kpu):
    job = applied(checked(as_csv([station()]), liaison_kpu), liaison_kpu)
    PollingStation.objects.update(voters=7)
    undone(job, liaison_kpu)
    assert (job.state, job.undone, job.kept) == (ImportState.APPLIED, 0, 1)
    PollingStation.objects.update(voters=480)
    undone(job, liaison_kpu)
    assert (job.state, job.undone, job.kept, codes()) == (ImportState.UNDONE, 1, 0, [])
    actions.request_undo(job, by=liaison_kpu, at=NOW)
    assert Entry.objects.filter(verb="import.undo").count() == 2


def test_what_was_not_applied_cannot_be_undone(liaison_kpu):
    job = checked(five(), liaison_kpu)
    with pytest.raises(Refused, match="belum diterapkan"):
        actions.request_undo(job, by=liaison_kpu, at=NOW)


def test_an_undone_import_can_be_sent_again(liaison_kpu):
    undone(applied(checked(five(), liaison_kpu), liaison_kpu), liaison_kpu)
    assert applied(checked(five(), liaison_kpu), liaison_kpu).applied == 5
    assert len(codes()) == 5


# ── Thrown away, swept, given up ──


def test_a_discarded_file_leaves_nothing(liaison_kpu, django_capture_on_commit_callbacks):
    job = checked(five(), liaison_kpu)
    with django_capture_on_commit_callbacks(execute=True):
        for _time in range(2):
            actions.discard_import(job, by=liaison_kpu, at=NOW)
    job.refresh_from_db()
    assert (job.state, job.path, job.rows.count(), files()) == ("discarded", "", 0, [])
    assert verbs(job) == ["import.upload", "import.discard"]


def test_what_was_applied_cannot_be_discarded(liaison_kpu):
    job = applied(checked(five(), liaison_kpu), liaison_kpu)
    with pytest.raises(Refused, match="tidak dapat dibuang"):
        actions.discard_import(job, by=liaison_kpu, at=NOW)
    with pytest.raises(Refused, match="tidak menunggu penerapan"):
        actions.request_apply(checked(b"x;y\r\n1;2", liaison_kpu), "all", by=liaison_kpu, at=NOW)


def test_files_and_rows_go_after_thirty_days(liaison_kpu):
    open_job = checked(five(), liaison_kpu)
    done = applied(checked(five(), liaison_kpu), liaison_kpu)
    assert actions.sweep(at=NOW + timedelta(days=29, hours=23)) == 0
    assert actions.sweep(at=NOW + actions.KEEP) == 2
    assert actions.sweep(at=NOW + actions.KEEP) == 0
    open_job.refresh_from_db()
    done.refresh_from_db()
    assert (open_job.state, done.state) == (ImportState.DISCARDED, ImportState.APPLIED)
    assert (ImportRow.objects.count(), files(), len(codes())) == (0, [], 5)
    with pytest.raises(Refused, match="Tidak ada baris impor ini yang dapat dibatalkan"):
        actions.request_undo(done, by=liaison_kpu, at=NOW + actions.KEEP)


def test_files_of_no_job_are_swept(liaison_kpu, monkeypatch):
    upload(five(), liaison_kpu)
    kept = files()
    uploading.store(b"yatim", uploading.FOLDER)
    assert actions.sweep(at=NOW) == 0
    later = clock.true_now() + timedelta(hours=2)
    monkeypatch.setattr("portal.imports.actions.sweeping.clock.true_now", lambda: later)
    assert (actions.sweep(at=NOW), files()) == (1, kept)


@pytest.mark.parametrize(
    ("state", "applied_rows", "then"),
    [
        ("uploaded", 0, "failed"),
        ("checking", 0, "failed"),
        ("applying", 0, "checked"),
        ("applying", 3, "applied"),
        ("undoing", 3, "applied"),
    ],
)
def test_a_job_that_nobody_moves_on_is_given_up(liaison_kpu, state, applied_rows, then):
    job = upload(five(), liaison_kpu)
    mode = "good" if state in ("applying", "undoing") else ""
    ImportJob.objects.update(state=state, mode=mode, applied=applied_rows, run="x")
    actions.sweep(at=NOW + actions.GIVE_UP_AFTER)
    assert ImportJob.objects.get().state == state
    actions.sweep(at=NOW + actions.GIVE_UP_AFTER + timedelta(seconds=1))
    job.refresh_from_db()
    assert (job.state, job.run, job.error) == (then, "", "Pekerjaan terhenti. Silakan minta lagi.")
    assert then in IMPORT_MOVES[state]


# ── Rules of the house ──


def test_moves_lead_to_an_end():
    assert set(IMPORT_MOVES) == set(ImportState)
    ends = {state for state, moves in IMPORT_MOVES.items() if not moves}
    assert ends == {ImportState.UNDONE, ImportState.FAILED, ImportState.DISCARDED}


def test_a_name_belongs_to_one_list():
    other = Kind("tps", *[None] * 9)
    with pytest.raises(ValueError, match="registered already"):
        kinds.register(other)
    kinds.register(kind_of("tps"))
    assert [kind.name for kind in kinds._kinds.values()] == [
        "satuan", "tps", "tempat", "kuat-personel", "penempatan", "daftar-nama",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("import_state_known", {"state": "lost"}),
        ("import_source_known", {"source": "ods"}),
        ("import_mode_known", {"mode": "some"}),
        ("import_applied_in_a_mode", {"state": "applied"}),
        ("import_failed_for_a_reason", {"state": "failed"}),
        ("import_checked_from_a_file", {"path": ""}),
    ],
)
def test_a_job_that_cannot_be_is_refused(liaison_kpu, constraint, values):
    upload(five(), liaison_kpu)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ImportJob.objects.update(**values)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("import_row_once", {"line": 2}),
        ("import_row_verdict_known", {"verdict": "odd"}),
        ("import_row_outcome_known", {"outcome": "lost"}),
        ("import_row_refused_for_a_reason", {"verdict": "refused"}),
        ("import_row_only_good_ones_written", {"verdict": "same", "outcome": "applied"}),
    ],
)
def test_a_row_that_cannot_be_is_refused(liaison_kpu, constraint, values):
    job = checked(five(), liaison_kpu)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        job.rows.filter(line=3).update(**values)


def test_fifty_thousand_rows_are_checked(liaison_kpu):
    """The most that a file may hold; applying goes the same way in the same steps."""
    needed = [str(column.head) for column in kind_of("tps").columns if column.required]
    rows = [station(n, **{"Nomor": n % 30_000 + 1}) for n in range(1, 50_001)]
    job = checked(as_csv(rows, needed), liaison_kpu)
    assert (job.state, job.new, job.rows.count()) == (ImportState.CHECKED, 50_000, 50_000)


def test_many_steps_are_applied_and_undone_whole(liaison_kpu):
    rows = [station(n) for n in range(1, 1_201)]
    job = applied(checked(as_csv(rows), liaison_kpu), liaison_kpu)
    assert (job.applied, PollingStation.objects.count()) == (1_200, 1_200)
    assert Entry.objects.filter(verb="station.import").count() == 3
    undone(job, liaison_kpu)
    assert (job.undone, PollingStation.objects.count()) == (1_200, 0)


@pytest.mark.parametrize("last", ["good", "stopped"])
def test_all_or_nothing_tells_how_far_it_is_before_anything_is_there(
    liaison_kpu, monkeypatch, last
):
    monkeypatch.setattr(applying, "CHUNK", 2)
    job = checked(as_csv([station(n) for n in range(1, 6)]), liaison_kpu)
    actions.request_apply(job, "all", by=liaison_kpu, at=NOW)
    said = []
    write = applying._write

    def watched(mine, *args, **given):
        # Another session sees the row of the job as it stood before the transaction.
        outside = ImportJob(pk=job.pk, path=job.path, state="applying", mode="all", total=5)
        said.append(done_of(outside))
        return {5: "uji"} if last == "stopped" and len(said) == 3 else write(mine, *args, **given)

    monkeypatch.setattr(applying, "_write", watched)
    drain()
    assert said == [0, 2, 4]
    job.refresh_from_db()
    assert job.state == (ImportState.APPLIED if last == "good" else ImportState.CHECKED)
    assert PollingStation.objects.count() == (5 if last == "good" else 0)
    assert [path.suffix for path in files() if path.suffix == ".progress"] == []
