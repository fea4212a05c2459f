from datetime import datetime

import pytest
from django.urls import reverse

from portal.clock import WITA
from portal.registry.models import Figure, Operation, Region, Unit, UnitDistrict

pytestmark = pytest.mark.django_db

# Session, user, tenures, actor and unread count: what every page of a signed-in person costs.
FRAME = 6

PAGES = [
    ("/instansi/", "Kepolisian Daerah Kalimantan Selatan", 1),
    ("/instansi/korem-101/", "Kodim 1001/HSU-Balangan", 4),
    ("/instansi/binda-kalsel/", "Seluruh provinsi", 4),
    ("/wilayah/", "425.597", 3),
    ("/wilayah/63/", "7.382", 7),
    ("/wilayah/63.03/", "Polres Banjarbaru", 8),
    ("/wilayah/63.03.01/", "Kodim 1006/Banjar", 7),
    ("/wilayah/63.03.01.2001/", "Kodim 1006/Banjar", 7),
    ("/operasi/mantap-praja-intan-2024/", "Masa tenang", 4),
]


@pytest.fixture
def read(client, sign_in, liaison_dprd, stand_at):
    """A page as the parliament's liaison reads it in the week before the vote."""
    stand_at(2024, 11, 20, 8)
    sign_in(client, liaison_dprd)

    def get(url, status=200):
        response = client.get(url)
        assert response.status_code == status
        return " ".join(response.content.decode().split())

    return get


@pytest.fixture
def stand_at(monkeypatch):
    def stand(*moment):
        at = datetime(*moment, tzinfo=WITA)
        monkeypatch.setattr("portal.clock.now", lambda: at)

    return stand


def test_addresses_are_as_agreed():
    assert [
        reverse("registry:agency_list"),
        reverse("registry:agency_detail", args=["korem-101"]),
        reverse("registry:region_list"),
        reverse("registry:region_detail", args=["63.03"]),
        reverse("registry:operation_detail", args=["mantap-praja-intan-2024"]),
    ] == [PAGES[0][0], PAGES[1][0], PAGES[3][0], PAGES[5][0], PAGES[8][0]]


@pytest.mark.parametrize(("url", "words", "count"), PAGES)
def test_a_page_shows_its_facts(read, django_assert_num_queries, url, words, count):
    read(url)
    with django_assert_num_queries(FRAME + count):
        assert words in read(url)


@pytest.mark.parametrize("url", [url for url, _words, _count in PAGES])
def test_a_page_asks_the_anonymous_to_sign_in(client, url):
    response = client.get(url)
    assert (response.status_code, response.url) == (302, f"/accounts/login/?next={url}")


@pytest.mark.parametrize(
    "url",
    [
        "/wilayah/63.99/",
        "/wilayah/x/",
        "/wilayah/63.03.01.20015/",
        "/instansi/tidak-ada/",
        "/operasi/tidak-ada/",
    ],
)
def test_what_does_not_exist_is_not_found(read, url):
    read(url, status=404)


def test_pages_only_read(client, sign_in, liaison_dprd):
    assert sign_in(client, liaison_dprd).post("/wilayah/").status_code == 405


def test_queries_do_not_grow_with_the_units(read, django_assert_num_queries):
    root = Unit.objects.get(slug="korem-101")
    for number in range(1, 31):
        slug = f"koramil-{number}"
        unit = Unit.objects.create(
            agency=root.agency,
            parent=root,
            slug=slug,
            name=slug,
            short_name=slug,
            kind="koramil",
            seat_id="63.03",
            path=f"{root.path}/{slug}",
        )
        UnitDistrict.objects.create(unit=unit, district_id="63.03.01")
    read("/instansi/korem-101/")
    for url, count in (("/instansi/korem-101/", 4), ("/wilayah/63.03/", 8)):
        with django_assert_num_queries(FRAME + count):
            assert "koramil-30" in read(url)


def test_the_list_of_regions_says_where_a_number_comes_from(read):
    text = read("/wilayah/")
    assert "Perkiraan, 22 Sep 2024" in text
    assert "KPU Banjar, DPT 20 September 2024 (bakabar.com) [S14]" in text
    assert text.count("sama dengan angka provinsi") == 3


def test_a_sum_that_differs_from_the_published_one_is_said_so(read):
    Region.objects.get(code="63.03").figures.filter(kind="voters").update(value=1)
    text = read("/wilayah/")
    assert text.count("sama dengan angka provinsi") == 2
    assert text.count("berbeda dari angka provinsi") == 1


def test_a_number_that_nobody_published_is_not_a_zero(read):
    Region.objects.get(code="63.03").figures.filter(kind="voters").delete()
    assert read("/wilayah/").count("belum ada") == 1


def test_a_region_shows_contradicting_figures_as_unused(read):
    text = read("/wilayah/63/")
    assert text.count("angka lain, tidak dipakai") == 3
    assert "7.455" in text and "7.344" in text


def test_illustrative_figures_carry_the_badge(read):
    assert read("/wilayah/63.03/").count("Data ilustrasi</span>") == 4


def test_jurisdictions_are_in_words(read):
    police = read("/instansi/polda-kalsel/")
    assert "Kota Banjarbaru; Kabupaten Banjar (2 dari 20 kecamatan)" in police
    assert "Kabupaten Banjar (18 dari 20 kecamatan)" in police
    army = read("/instansi/korem-101/")
    assert "Kabupaten Hulu Sungai Utara; Kabupaten Balangan" in army
    assert "Pengetahuan umum, belum diperiksa" in army


def test_the_calendar_marks_what_runs(read, stand_at):
    stand_at(2024, 11, 20, 8)
    text = read("/operasi/mantap-praja-intan-2024/")
    assert text.count('aria-current="step"') == 4
    assert "pada 20 Nov 2024, 08.00 WITA" in text
    assert "mulai Minggu, 24 November 2024" in text


def test_the_calendar_says_when_no_stage_runs(read, stand_at):
    stand_at(2026, 1, 1, 8)
    text = read("/operasi/mantap-praja-intan-2024/")
    assert "Tidak ada tahapan pemilihan yang berjalan" in text
    assert "Tahapan berikutnya" not in text


def test_a_region_names_the_running_stage(read, stand_at):
    stand_at(2024, 11, 26, 23, 59)
    assert "Operasi Mantap Praja Intan 2024: tahapan Masa tenang sedang berjalan." in read(
        "/wilayah/63.03/"
    )
    stand_at(2024, 11, 27)
    assert "tahapan Pemungutan dan penghitungan suara sedang berjalan." in read("/wilayah/63.03/")


def test_a_region_opens_without_any_operation(read):
    Figure.objects.all().delete()
    Operation.objects.all().delete()
    assert "sedang berjalan" not in read("/wilayah/63.03/")
