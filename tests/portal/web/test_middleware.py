import json
import logging
import uuid

import pytest
from django.test import RequestFactory

from portal.web import correlation
from portal.web.correlation import Correlation, client_address, correlated
from portal.web.logs import JsonFormatter

pytestmark = [pytest.mark.urls("tests.portal.web.routes"), pytest.mark.django_db]


def test_each_answer_carries_its_own_request_id(client):
    first, second = client.get("/uji/gema/"), client.get("/uji/gema/")
    ids = {uuid.UUID(answer["X-Request-ID"]) for answer in (first, second)}
    assert len(ids) == 2


def test_request_id_of_the_sender_is_not_believed(client):
    answer = client.get("/uji/gema/", headers={"X-Request-ID": "palsu"})
    assert answer["X-Request-ID"] != "palsu"


def test_correlation_ends_with_its_work():
    with correlated("r1", "10.0.0.1") as inside:
        assert correlation.current() == inside == Correlation("r1", "10.0.0.1", "task")
    assert correlation.current() == Correlation()


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "6.6.6.6", "127.0.0.1"),
        (1, "6.6.6.6, 10.1.1.1", "10.1.1.1"),
        (2, "6.6.6.6, 10.1.1.1", "6.6.6.6"),
        (3, "6.6.6.6, 10.1.1.1", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_client_address_trusts_only_our_proxies(settings, proxies, forwarded, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})
    assert client_address(request) == address


def test_security_headers_stand_on_every_answer(client):
    answer = client.get("/accounts/login/")
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert "camera=()" in answer["Permissions-Policy"]
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert {"HX-Request", "Cookie"} <= set(answer["Vary"].split(", "))


def test_pages_of_signed_in_people_are_not_stored(signed_in):
    assert signed_in.get("/ui/")["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize(
    "address",
    ["/uji/gema/?q=a%00b", "/uji/gema/?q=%ff", "/uji/gema/?q=%c3%28", "/uji/gema/%00/", "/%ff/"],
)
def test_unreadable_address_is_a_clear_400(client, address):
    answer = client.get(address)
    assert answer.status_code == 400
    assert "Alamat memuat karakter yang tidak terbaca." in answer.content.decode()
    assert answer["X-Request-ID"] in answer.content.decode()


def test_readable_address_passes(client):
    answer = client.get("/uji/gema/?q=Hulu%20Sungai%20%E2%80%93%20Tengah")
    assert answer.json()["q"] == "Hulu Sungai – Tengah"


@pytest.mark.parametrize("kind", ["nul", "surrogat"])
def test_text_that_the_database_cannot_hold_is_400(client, kind):
    answer = client.get(f"/uji/galat/{kind}/")
    assert answer.status_code == 400
    assert "Isian memuat karakter terlarang." in answer.content.decode()


@pytest.mark.parametrize("path", ["/uji/gema/", "/api/v1/uji/x/"])
def test_body_beyond_the_limit_is_413_before_it_is_read(client, path):
    answer = client.post(path, "x" * 10_000_000, content_type="application/json")
    assert answer.status_code == 413
    assert "Kiriman melampaui batas ukuran." in answer.content.decode()


def test_multipart_text_beyond_the_limit_is_413(client):
    answer = client.post("/uji/gema/", {"text": "x" * 3_000_000})
    assert answer.status_code == 413
    assert "Kiriman terlalu besar" in answer.content.decode()


def test_form_in_another_encoding_is_400(client):
    kind = "application/x-www-form-urlencoded; charset=latin-1"
    assert client.generic("POST", "/uji/gema/", b"text=%E9", content_type=kind).status_code == 400


def log(message, *, name="portal.x", error=None):
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, None, info)
    with correlated("r1"):
        return json.loads(JsonFormatter().format(record))


def test_log_line_is_one_json_object_with_the_request_id():
    entry = log("satu\ndua")
    assert (entry["message"], entry["request_id"], entry["level"]) == ("satu\ndua", "r1", "error")
    assert "trace" not in entry


def test_log_line_names_the_place_of_an_error_but_no_values():
    try:
        raise ValueError("NIK 6371")
    except ValueError as error:
        entry = log("gagal", error=error)
    assert entry["error"] == "ValueError"
    assert entry["trace"][-1].endswith("test_log_line_names_the_place_of_an_error_but_no_values")
    assert "6371" not in json.dumps(entry)


def test_log_line_of_a_request_has_no_query_string():
    assert log("Not Found: /cari/?q=nama", name="django.request")["message"] == "Not Found: /cari/"


def test_signing_out_empties_what_the_browser_kept(client, coordinator, sign_in):
    browser = sign_in(client, coordinator)
    assert not browser.get("/accounts/logout/").has_header("Clear-Site-Data")
    answer = browser.post("/accounts/logout/")
    assert (answer.status_code, answer["Clear-Site-Data"]) == (302, '"storage"')
