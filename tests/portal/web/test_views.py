from datetime import datetime

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_gallery_shows_every_component(signed_in):
    page = signed_in.get("/ui/").content.decode()
    for part in (
        "stat-silent",
        "state-danger",
        'class="sheet"',
        "notice-warning",
        'class="pages"',
        'class="tabs"',
        'class="timeline"',
        "<progress",
        'class="crumbs"',
        'class="facts"',
        'class="empty"',
        'class="help"',
        "confirm-panel",
        'class="filters"',
        'class="differences"',
        "Rakor kesiapan logistik",
        "prose",
        'type="datetime-local"',
    ):
        assert part in page
    assert "style=" not in page
    assert "onclick" not in page


def test_gallery_shows_what_coordination_is_made_of(signed_in):
    page = signed_in.get("/ui/").content.decode()
    for part in (
        "Direncanakan 45 dari 30 menit.",
        '<span class="over">Lebih 15 menit.</span>',
        'class="week"',
        'class="week-day is-today"',
        "month-entry month-meeting",
        'class="comments"',
        'class="comment comment-internal"',
        'class="mark"',
        "word-diff",
        'class="live-count"',
        '<p class="live-number"><strong>4</strong> / 9</p>',
        'class="quorum"',
        'id="pengingat"',
        "timeline-item timeline-neutral",
        'class="view-chip" href="#tabel" aria-current="page"',
        "ekspor-contoh",
        'class="action-menu"',
    ):
        assert part in page, part


def test_gallery_form_keeps_what_was_typed_and_points_at_each_field(signed_in):
    answer = signed_in.post("/ui/", {"subject": "Rakor", "strength": "-1"})
    page = answer.content.decode()
    assert 'value="Rakor"' in page
    assert "Belum dapat disimpan: 4 isian perlu diperbaiki." in page
    assert '<a href="#id_strength">' in page
    assert 'aria-invalid="true"' in page


def test_gallery_form_accepts_good_input(signed_in):
    page = signed_in.post(
        "/ui/",
        {
            "subject": "Rakor",
            "strength": "12",
            "kind": "request",
            "due_on": "2024-11-27",
            "starts_at": "2024-11-20T09:00",
        },
    ).content.decode()
    assert "Contoh formulir terisi benar." in page


def test_gallery_is_closed_to_strangers(client):
    assert client.get("/ui/")["Location"] == "/accounts/login/?next=/ui/"


def test_theme_is_remembered_and_drawn_by_the_server(client):
    answer = client.post("/tampilan/", {"theme": "dark", "next": "/accounts/login/"})
    assert answer["Location"] == "/accounts/login/"
    page = client.get("/accounts/login/").content.decode()
    assert 'data-bs-theme="dark" data-theme="dark"' in page


@pytest.mark.parametrize("choice", ["", "merah", "x" * 5000])
def test_unknown_theme_changes_nothing(client, choice):
    answer = client.post("/tampilan/", {"theme": choice})
    assert answer.status_code == 302
    assert "theme" not in answer.cookies
    client.cookies["theme"] = "rusak"
    assert 'data-theme="auto"' in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize("target", ["https://lain.test/", "//lain.test", "javascript:alert(1)"])
def test_theme_does_not_lead_to_other_sites(client, target):
    assert client.post("/tampilan/", {"theme": "dark", "next": target})["Location"] == "/"


def test_language_is_switched_without_signing_in(client):
    answer = client.post("/bahasa/", {"language": "en", "next": "/accounts/login/"})
    assert answer["Location"] == "/accounts/login/"
    assert '<html lang="en"' in client.get("/accounts/login/").content.decode()


def test_language_of_a_signed_in_person_holds_for_his_mails(signed_in, officer):
    signed_in.post("/bahasa/", {"language": "en"})
    signed_in.post("/bahasa/", {"language": "xx"})
    officer.refresh_from_db()
    assert officer.language == "en"


def test_fragment_after_the_session_ended_is_401_not_the_sign_in_page(client):
    answer = client.get("/ui/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (401, b"")


def test_choices_are_posts_only(client):
    assert client.get("/tampilan/").status_code == 405
    assert client.get("/bahasa/").status_code == 405


def test_frame_names_product_operation_and_post(signed_in, coordinator):
    page = signed_in.get("/ui/").content.decode()
    assert "Portal Mantap Praja" in page
    assert "Operasi Mantap Praja Intan 2024" in page
    assert coordinator.post_title in page
    assert "Waktu demo" not in page
    assert '"historyCacheSize":0' in page


def test_frame_of_the_demo_shows_its_time(signed_in, settings):
    at = datetime.fromisoformat("2024-11-20T08:00:00+08:00")
    settings.DEMO, settings.DEMO_NOW = True, at
    settings.DEMO_ANCHOR = at.now().timestamp()
    page = signed_in.get("/ui/").content.decode()
    assert "Waktu demo: " in page
    assert "Rabu, 20 November 2024" in page
    assert "08.00 WITA" in page


def test_sign_in_page_lists_the_demo_offices_only_in_the_demo(officer, settings):
    assert "koordinator@demo.test" not in Client().get("/accounts/login/").content.decode()
    settings.DEMO = True
    page = Client().get("/accounts/login/").content.decode()
    assert "koordinator@demo.test" in page
    assert "demo-rakor-2024" in page
