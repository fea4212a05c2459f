import pytest
from django.test import Client

pytestmark = [pytest.mark.urls("tests.portal.web.routes"), pytest.mark.django_db]


@pytest.mark.parametrize(
    ("kind", "status", "title", "sentence"),
    [
        ("tidak-ada", 404, "Tidak ditemukan", "berada di luar lingkup jabatan Anda."),
        ("terlarang", 403, "Tidak berwenang", "Jabatan Anda tidak berwenang"),
        ("terlarang-dengan-alasan", 403, "Tidak berwenang", "Anda sedang cuti."),
        ("buruk", 400, "Permintaan tidak terbaca", "Tanggal tidak terbaca."),
        ("gangguan", 500, "Terjadi gangguan", "Gangguan sudah dicatat."),
    ],
)
@pytest.mark.parametrize("area", ["galat", "dalam"])
def test_error_page_has_one_shape(signed_in, area, kind, status, title, sentence):
    signed_in.raise_request_exception = False
    answer = signed_in.get(f"/uji/{area}/{kind}/")
    page = answer.content.decode()
    assert answer.status_code == status
    assert f"<h1>{title}</h1>" in page
    assert sentence in page
    assert answer["X-Request-ID"] in page
    assert "SELECT" not in page
    assert "directive.issue" not in page


def test_missing_page_keeps_the_menu_for_signed_in_people(signed_in):
    assert 'id="navigasi"' in signed_in.get("/tidak/ada/").content.decode()


def test_error_page_follows_the_language(signed_in):
    signed_in.cookies["django_language"] = "en"
    assert '<html lang="en"' in signed_in.get("/tidak/ada/").content.decode()


def test_address_that_only_takes_what_is_sent_says_so(signed_in):
    answer = signed_in.get("/uji/catatan/")
    page = answer.content.decode()
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "<h1>Tidak ada halaman di sini</h1>" in page
    assert "Kembali ke halaman sebelumnya" in page


def test_missing_csrf_token_is_explained():
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/uji/catatan/", {"text": "x"})
    assert answer.status_code == 403
    assert "Formulir ini sudah kedaluwarsa" in answer.content.decode()


def test_missing_address_of_the_api_is_a_problem(client):
    answer = client.get("/api/v1/tidak-ada/")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "title": "Tidak ditemukan",
        "status": 404,
        "detail": "Halaman ini tidak ada, atau berada di luar lingkup jabatan Anda.",
        "instance": "/api/v1/tidak-ada/",
        "request_id": answer["X-Request-ID"],
    }
