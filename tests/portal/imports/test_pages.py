"""The pages: what may be imported, the preview with its buttons, and whose it is."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal import clock
from portal.audit.models import Entry
from portal.background.running import drain
from portal.imports.models import ImportJob
from portal.registry.models import PollingStation
from tests.factories.imports import NOW, as_csv, checked, station, upload
from tests.factories.registry import make_station

pytestmark = pytest.mark.django_db
UPLOAD = "/impor/baru/tps/"


@pytest.fixture(autouse=True)
def _november(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.DEMO_NOW, settings.DEMO_ANCHOR = NOW, clock.true_now().timestamp()


@pytest.fixture
def enter(client, sign_in):
    return lambda actor: sign_in(client, actor)


def same(html):
    """Without the one-time keys and tokens of its forms."""
    return re.sub(r'name="(idempotency_key|csrfmiddlewaretoken)" value="[^"]*"', "", html)


def send(client, *rows, key="", name="uji.csv"):
    file = SimpleUploadedFile(name, as_csv(rows))
    return client.post(UPLOAD, {"file": file, "idempotency_key": key})


def test_a_file_goes_from_the_page_to_the_portal_and_back(enter, liaison_kpu):
    client = enter(liaison_kpu)
    answer = send(client, station(1), station(2))
    job = ImportJob.objects.get()
    page = reverse("imports:job", args=[job.pk])
    assert answer["Location"] == page
    assert 'hx-trigger="every 1s"' in client.get(page).content.decode()
    drain()
    fragment = client.get(page, headers={"HX-Request": "true"}).content.decode()
    assert "Terapkan semua" in fragment and "hx-trigger" not in fragment
    assert "<html" not in fragment
    assert same(fragment) in same(client.get(page).content.decode())
    client.post(reverse("imports:apply", args=[job.pk]), {"mode": "all"})
    waiting = client.get(page).content.decode()
    assert "Baris yang ditulis, semua atau tidak sama sekali" in waiting
    assert "0 dari 2 baris" in waiting
    drain()
    assert PollingStation.objects.count() == 2
    client.post(reverse("imports:undo", args=[job.pk]))
    drain()
    assert PollingStation.objects.count() == 0
    job.refresh_from_db()
    assert job.state == "undone"


def test_the_preview_shows_what_changes_and_why_not(enter, liaison_kpu):
    make_station(name="TPS lama", as_of="2024-11-25", voters=2041)
    job = checked(as_csv([station(1, Pemilih="2.050"), station(2, Nomor="x")]), liaison_kpu)
    client = enter(liaison_kpu)
    page = reverse("imports:job", args=[job.pk])
    lines = client.get(page).context["lines"]
    assert lines[0].changes == [("Nama", "TPS lama", "TPS 1"), ("Pemilih", "2.041", "2.050")]
    assert lines[1].reasons == [("Nomor B3", "“x” bukan angka.")]
    only = client.get(page, {"putusan": "refused"}).context["lines"]
    assert [line.line for line in only] == [3]
    assert [tab["count"] for tab in client.get(page).context["tabs"]] == ["2", "0", "1", "0", "1"]
    assert client.get(page, {"putusan": "x"}).context["lines"] == lines
    assert "Terapkan yang baik saja" in client.get(page).content.decode()
    assert (
        "Tidak ada baris dengan putusan ini"
        in client.get(page, {"putusan": "new"}).content.decode()
    )


def test_a_file_that_changes_nothing_says_so(enter, liaison_kpu):
    make_station(as_of="2024-11-25")
    job = checked(as_csv([station(1)]), liaison_kpu)
    page = enter(liaison_kpu).get(reverse("imports:job", args=[job.pk]))
    assert (page.context["may"].nothing, page.context["may"].apply_all) == (True, False)
    assert "Tidak ada baris yang baru atau berubah." in page.content.decode()


def test_the_refused_rows_are_taken_as_a_file(enter, liaison_kpu):
    job = checked(as_csv([station(1, Nomor="x")]), liaison_kpu)
    client = enter(liaison_kpu)
    answer = client.get(reverse("imports:rejected", args=[job.pk]))
    assert answer["Content-Disposition"] == f'attachment; filename="ditolak-tps-{job.pk}.csv"'
    assert "Nomor B2: “x” bukan angka." in answer.content.decode("utf-8-sig")
    assert Entry.objects.get(verb="import.download").after == {"rows": 1}
    good = checked(as_csv([station(1)]), liaison_kpu)
    answer = client.get(reverse("imports:rejected", args=[good.pk]), follow=True)
    assert "Tidak ada baris yang ditolak." in answer.content.decode()


def test_a_file_without_one_good_row_is_not_called_ready(enter, liaison_kpu):
    job = checked(as_csv([station(1, Nomor="x")]), liaison_kpu)
    assert (job.new, job.changed, job.refused) == (0, 0, 1)
    client = enter(liaison_kpu)
    for address in (reverse("imports:job", args=[job.pk]), "/impor/"):
        page = client.get(address).content.decode()
        assert "Tidak ada yang dapat diterapkan" in page and "Siap diterapkan" not in page


def test_templates_are_downloaded_in_both_forms(enter, liaison_kpu):
    client = enter(liaison_kpu)
    workbook = client.get("/impor/templat/tps/")
    assert (workbook.content[:2], workbook["Cache-Control"]) == (b"PK", "no-store")
    text = client.get("/impor/templat/tps/?format=csv").content.decode("utf-8-sig")
    assert text.startswith("Kode TPS;Nomor;")


def test_sending_twice_with_one_key_makes_one_job(enter, liaison_kpu):
    client = enter(liaison_kpu)
    first, second = (send(client, station(1), key="sekali") for _time in range(2))
    assert first["Location"] == second["Location"]
    assert ImportJob.objects.count() == 1


def test_a_file_that_is_none_is_told_at_the_field(enter, liaison_kpu):
    client = enter(liaison_kpu)
    answer = client.post(UPLOAD, {"file": SimpleUploadedFile("a.pdf", b"%PDF")})
    assert answer.context["form"].errors["file"] == [
        "Jenis berkas tidak diterima. Gunakan XLSX atau CSV."
    ]
    assert "file" in client.post(UPLOAD, {}).context["form"].errors
    assert not ImportJob.objects.exists()


def test_a_discarded_file_and_a_wrong_step_are_told(enter, liaison_kpu):
    job = checked(as_csv([station(1)]), liaison_kpu)
    client = enter(liaison_kpu)
    undo = client.post(reverse("imports:undo", args=[job.pk]), follow=True).content.decode()
    assert "Impor ini belum diterapkan." in undo
    nothing = client.post(reverse("imports:apply", args=[job.pk]), follow=True).content.decode()
    assert "Pilih cara menerapkan impor ini." in nothing
    page = client.post(reverse("imports:discard", args=[job.pk]), follow=True).content.decode()
    assert "Dibuang" in page and "Terapkan" not in page
    job.refresh_from_db()
    assert (job.state, PollingStation.objects.count()) == ("discarded", 0)


def test_a_job_of_another_post_is_not_there(
    enter, liaison_kpu, auditor, liaison_polda, coordinator
):
    job = checked(as_csv([station(1, Nomor="x")]), liaison_kpu)
    for actor in (liaison_polda, coordinator):
        client = enter(actor)
        for name in ("job", "rejected"):
            assert client.get(reverse(f"imports:{name}", args=[job.pk])).status_code == 404
        for name in ("apply", "discard", "undo"):
            assert client.post(reverse(f"imports:{name}", args=[job.pk])).status_code == 404
        assert client.get("/impor/").context["rows"] == []
    assert enter(auditor).get("/impor/").status_code == 403


def test_who_does_not_keep_a_list_sends_none(enter, liaison_polda, posko_banjar, commander):
    assert send(enter(liaison_polda), station(1)).status_code == 403
    assert enter(liaison_polda).get("/impor/templat/tps/").status_code == 403
    assert enter(liaison_polda).get("/impor/baru/suara/").status_code == 404
    for actor in (posko_banjar, commander):
        assert send(enter(actor), station(1)).status_code == 403
    assert not ImportJob.objects.exists()


def test_the_menu_leads_there_for_those_who_may(enter, liaison_kpu, commander):
    assert 'href="/impor/"' in enter(liaison_kpu).get("/").content.decode()
    assert 'href="/impor/"' not in enter(commander).get("/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_however_long(enter, liaison_kpu, count, django_assert_num_queries):
    jobs = [upload(as_csv([station(n)]), liaison_kpu) for n in range(1, count + 1)]
    job = checked(as_csv([station(n) for n in range(1, count + 1)]), liaison_kpu)
    client = enter(liaison_kpu)
    client.get("/impor/")
    with django_assert_num_queries(LIST_QUERIES):
        assert len(client.get("/impor/").context["rows"]) == len(jobs) + 1
    with django_assert_num_queries(JOB_QUERIES):
        assert len(client.get(reverse("imports:job", args=[job.pk])).context["lines"]) == count


LIST_QUERIES, JOB_QUERIES = 9, 9
