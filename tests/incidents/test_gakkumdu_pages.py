"""The pages of Sentra Gakkumdu, as the people of the desk and others meet them."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from incidents.models import ClockStep, GakkumduCase
from tests.factories.gakkumdu import open_case, walk, wita
from tests.factories.incidents import report


@pytest.fixture(autouse=True)
def now(demo_clock):
    demo_clock(wita(11, 5, 12))


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def url(name: str, *args) -> str:
    return reverse(f"incidents:{name}", args=args)


def test_from_the_incident_to_the_desk_and_out_of_sight(client, sign_in, people, liaison_bawaslu):
    incident = report(liaison_bawaslu, code="B4", at=wita(11, 4), title="Amplop dibagikan")
    sign_in(client, liaison_bawaslu)
    page = url("incident_detail", incident.pk)
    assert "Serahkan kepada Sentra Gakkumdu" in words(client.get(page))

    form = {
        "basis": "laporan",
        "known_at": "2024-11-01T09:00",
        "received_at": "2024-11-04T09:00",
        "summary": "Amplop berisi uang.",
        "article": "",
        "version": incident.version,
    }
    refused = client.post(url("case_open", incident.pk), form)
    assert "Syarat minimum laporan harus lengkap" in words(refused)
    response = client.post(url("case_open", incident.pk), form | {"complete": "on"}, follow=True)

    assert response.redirect_chain == [(page, 302)]
    text = words(response)
    assert "Diserahkan kepada Sentra Gakkumdu: GK-2024-0001." in text
    assert f"{incident.number} Ditangani Sentra Gakkumdu" in text
    assert "Politik uang" in text
    assert "Kabupaten Banjar" in text
    assert "Amplop" not in text
    listed = words(client.get(url("incident_list")))
    assert "Ditangani Sentra Gakkumdu" in listed
    assert "Amplop" not in listed
    assert client.get(url("case_detail", GakkumduCase.objects.get().pk)).status_code == 403


def test_the_desk_takes_a_case_along(client, sign_in, people, liaison_bawaslu):
    case = open_case(liaison_bawaslu)
    sign_in(client, people["gakkumdu.bawaslu"])
    page = words(client.get(url("case_detail", case.pk)))
    assert "Dipegang Bawaslu: Kajian dan tindak lanjut." in page
    assert "Batas waktu Kamis, 7 November 2024, 24.00 WITA." in page
    assert "sisa 2 hari" in page
    assert "Bila lewat: Laporan tidak dapat lagi ditindaklanjuti." in page

    client.post(url("case_extend", case.pk), {"reason": "Saksi.", "step": "kajian", "version": 1})
    page = words(client.get(url("case_detail", case.pk)))
    assert "Diperpanjang satu kali." in page
    assert "sisa 4 hari" in page
    assert "Perpanjang (satu kali)" not in page

    done = {"happened_at": "2024-11-05T11:00", "note": "BA 1", "step": "kajian", "version": 2}
    response = client.post(url("case_finish", case.pk), done, follow=True)
    text = words(response)
    assert "Perkara diperbarui." in text
    assert "Dipegang Bawaslu: Penerusan kepada penyidik." in text
    assert "sisa 22 jam" in text
    assert "Kajian dan tindak lanjut: selesai" in text


def test_each_seat_is_offered_its_own_steps_only(client, sign_in, people, liaison_bawaslu):
    case = open_case(liaison_bawaslu)
    page = url("case_detail", case.pk)
    offers = {"gakkumdu.bawaslu": True, "gakkumdu.polda": False, "gakkumdu.kejati": False}
    for login, offered in offers.items():
        sign_in(client, people[login])
        assert ("Langkah berikut" in words(client.get(page))) is offered, login

    sign_in(client, people["gakkumdu.polda"])
    form = {"happened_at": "2024-11-05T11:00", "note": "", "step": "kajian", "version": 1}
    refused = words(client.post(url("case_finish", case.pk), form))
    assert "Langkah ini dicatat oleh unsur Bawaslu." in refused


def test_the_prosecutor_may_return_a_file_once(
    client, sign_in, people, liaison_bawaslu, demo_clock
):
    case = walk(open_case(liaison_bawaslu), people, until="penelitian")
    demo_clock(wita(11, 21, 10))
    sign_in(client, people["gakkumdu.kejati"])
    assert "Kembalikan berkas (satu kali)" in words(client.get(url("case_detail", case.pk)))

    form = {"happened_at": "2024-11-21T09:00", "reason": "Ahli.", "version": case.version}
    text = words(client.post(url("case_return", case.pk), form, follow=True))

    assert "Dipegang Penyidik Polri: Perbaikan berkas." in text
    again = client.post(url("case_return", case.pk), form | {"version": case.version + 1})
    assert "Berkas hanya dapat dikembalikan satu kali." in words(again)


def test_a_lapsed_case_says_so_and_can_only_be_closed(
    client, sign_in, people, liaison_bawaslu, demo_clock
):
    case = open_case(liaison_bawaslu)
    demo_clock(wita(11, 8, 0))
    sign_in(client, people["gakkumdu.bawaslu"])
    text = words(client.get(url("case_detail", case.pk)))
    assert "Batas waktu lewat: perkara gugur." in text
    assert "Gugur: lewat batas waktu" in text
    assert "Catat selesai" not in text

    form = client.get(url("case_close", case.pk)).context["form"]
    assert form.fields["outcome"].choices == [("gugur", "Gugur: lewat batas waktu")]
    sent = {"outcome": "gugur", "reason": "Kajian lewat.", "version": 1}
    closed = words(client.post(url("case_close", case.pk), sent, follow=True))
    assert "Ditutup: Gugur: lewat batas waktu" in closed
    assert case.number in words(client.get(url("case_list") + "?saring=ditutup"))


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_often_for_three_as_for_one(
    client, sign_in, people, liaison_bawaslu, django_assert_num_queries, number
):
    for _time in range(number):
        open_case(liaison_bawaslu)
    sign_in(client, people["gakkumdu.kejati"])
    client.get(url("case_list"))

    with django_assert_num_queries(LIST_QUERIES):
        response = client.get(url("case_list"))
    assert len(response.context["page"].object_list) == number


LIST_QUERIES = 10


def test_the_menu_leads_there_who_has_a_seat(client, sign_in, people, admin, coordinator):
    address, limits = url("case_list"), url("clock_list")
    for actor, desk, clock in (
        (people["gakkumdu.polda"], True, False),
        (coordinator, False, False),
        (admin, False, True),
    ):
        sign_in(client, actor)
        page = client.get(reverse("home:dashboard")).content.decode()
        assert (f'href="{address}"' in page, f'href="{limits}"' in page) == (desk, clock)


def test_an_administrator_corrects_a_limit_and_loading_leaves_it(
    client, sign_in, people, admin, liaison_bawaslu
):
    case = open_case(liaison_bawaslu)
    sign_in(client, admin)
    assert "3 hari, dapat ditambah 2 hari satu kali" in words(client.get(url("clock_list")))
    step = ClockStep.objects.get(pk="kajian")
    form = {
        "limit": 4,
        "unit": "hari",
        "extension": 2,
        "effect": "gugur",
        "lapse": step.lapse,
        "lapse_en": step.lapse_en,
        "remind_hours": 24,
        "source": "Pendapat hukum",
        "version": step.version,
    }
    text = words(client.post(url("clock_edit", "kajian"), form, follow=True))
    assert "4 hari, dapat ditambah 2 hari satu kali" in text
    stale = words(client.post(url("clock_edit", "kajian"), form | {"limit": 9}))
    assert "sudah diubah orang lain" in stale

    call_command("load_incident_types", stdout=StringIO())
    step.refresh_from_db()
    assert (step.limit, step.by_hand) == (4, True)
    sign_in(client, people["gakkumdu.bawaslu"])
    page = words(client.get(url("case_detail", case.pk)))
    assert "Batas waktu Jumat, 8 November 2024, 24.00 WITA." in page


def test_pages_are_said_in_english_too(client, sign_in, people, liaison_bawaslu):
    case = open_case(liaison_bawaslu)
    sign_in(client, people["gakkumdu.bawaslu"])
    client.cookies["django_language"] = "en"

    with translation.override("id"):  # and back again: the page sets its reader's language
        text = words(client.get(url("case_detail", case.pk)))

    assert "Held by Bawaslu: Study and follow-up." in text
    assert "2 days left" in text
    assert "When the time is over: The report can no longer be followed up." in text
