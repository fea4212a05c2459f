import ast
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection, connections
from django.http import HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.test import Client
from rest_framework.response import Response

from portal import clock
from portal.background.tasks import clean
from portal.web import idempotency
from portal.web.models import IdempotencyRecord
from tests.portal.web.routes import effects

pytestmark = [pytest.mark.urls("tests.portal.web.routes"), pytest.mark.django_db]
NOTE = "/uji/catatan/"
API = "/api/v1/uji/x/"


@pytest.fixture(autouse=True)
def fresh_effects():
    effects.clear()


# Views that take POST without a key, and why a second one does no harm.
KEYLESS = {
    "verify_file": "writes nothing",
    "markdown_preview": "writes nothing",
    "passage_save": "the text typed so far, by its version: the same text is no new revision",
    "head_save": "as passage_save",
    "passage_seen": "as passage_save",
    "readiness_draft": "the draft typed so far replaces the last",
    "public_follow": "reading: that an answer was read is noted the first time only",
    "choose_theme": "a cookie",
    "choose_language": "a cookie and the person's own setting: the last one stands",
}


def test_every_view_that_takes_post_takes_a_key():
    root = Path(__file__).resolve().parents[3]
    keyless = set()
    for path in [*root.glob("*/views.py"), *root.glob("*/views/**/*.py")] + [
        *root.glob("portal/*/views.py"),
        *root.glob("portal/*/views/**/*.py"),
    ]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                marks = [ast.unparse(mark) for mark in node.decorator_list]
                posts = any("require_POST" in mark or "'POST'" in mark for mark in marks)
                if posts and not any(mark.startswith("idempotent") for mark in marks):
                    keyless.add(node.name)
    assert keyless == set(KEYLESS)


def test_second_identical_post_gets_the_first_answer(client):
    data = {"text": "aman", "idempotency_key": "k1"}
    first, second = client.post(NOTE, data), client.post(NOTE, data)
    assert effects == ["aman"]
    assert (first.status_code, first["Location"]) == (302, "/uji/catatan/1/")
    assert (second.status_code, second["Location"]) == (302, "/uji/catatan/1/")
    assert not first.has_header("Idempotency-Replayed")
    assert second["Idempotency-Replayed"] == "true"


def test_key_may_come_as_a_header(client):
    for _ in range(2):
        client.post(NOTE, {"text": "aman"}, headers={"Idempotency-Key": "k1"})
    assert effects == ["aman"]


@pytest.mark.parametrize("key", ["", "x" * 101, "tidak-\u00e1scii"])
def test_post_without_usable_key_is_served_each_time(client, key):
    for _ in range(2):
        client.post(NOTE, {"text": "aman", "idempotency_key": key})
    assert effects == ["aman", "aman"]


@pytest.mark.parametrize("text", ["", "ditolak"])
def test_refused_post_gives_its_key_back(client, text):
    assert client.post(NOTE, {"text": text, "idempotency_key": "k1"}).status_code == 200
    assert client.post(NOTE, {"text": "betul", "idempotency_key": "k1"}).status_code == 302
    assert effects == ["betul"]


def test_key_with_other_content_is_refused(client):
    client.post(NOTE, {"text": "satu", "idempotency_key": "k1"})
    answer = client.post(NOTE, {"text": "dua", "idempotency_key": "k1"})
    assert answer.status_code == 409
    assert "sudah pernah dikirim dengan isi lain" in answer.content.decode()
    assert effects == ["satu"]


def test_keys_of_two_people_do_not_meet(client, signed_in):
    data = {"text": "aman", "idempotency_key": "k1"}
    client.post(NOTE, data)
    signed_in.post(NOTE, data)
    assert effects == ["aman", "aman"]
    owners = sorted(IdempotencyRecord.objects.values_list("owner", flat=True))
    assert owners[0] == "anonymous"
    assert owners[1].startswith("post:")


def test_api_repeats_the_first_answer(client):
    def post(strength, key="k1"):
        return client.post(
            API,
            json.dumps({"strength": strength}),
            content_type="application/json",
            headers={"Idempotency-Key": key},
        )

    first, second = post(5), post(5)
    assert effects == ["5"]
    assert (first.status_code, first.json()) == (201, {"number": 1})
    assert (second.status_code, second.json()) == (201, {"number": 1})
    assert second["Location"] == "/x/"
    conflict = post(6)
    assert (conflict.status_code, conflict["Content-Type"]) == (409, "application/problem+json")
    assert post(5, key="").status_code == 201


def test_api_error_gives_the_key_back(client):
    def post(data):
        return client.post(
            API, data, content_type="application/json", headers={"Idempotency-Key": "k1"}
        )

    assert post('{"strength": "x"}').status_code == 422
    assert post('{"strength": 3}').status_code == 201
    assert effects == ["3"]


def test_other_file_under_the_same_key_is_refused(client):
    def post(name):
        file = SimpleUploadedFile(name, b"isi")
        return client.post(NOTE, {"text": "aman", "file": file, "idempotency_key": "k1"})

    assert [post("a.txt").status_code for _ in range(2)] == [302, 302]
    assert post("b.txt").status_code == 409
    assert effects == ["aman"]


def answer_of(rf, view_answer, **headers):
    request = rf.post("/uji/x/", headers=headers)
    return [idempotency.once(request, "k1", "sidik", view_answer) for _ in range(2)]


def test_fragment_for_htmx_is_repeated(rf):
    first, second = answer_of(
        rf,
        lambda: TemplateResponse(rf.get("/"), "ui/empty.html", {"title": "Kosong"}),
        **{"HX-Request": "true"},
    )
    assert second.content == first.content
    assert second["Idempotency-Replayed"] == "true"


def test_streamed_answer_is_not_kept(rf):
    first, second = answer_of(
        rf, lambda: StreamingHttpResponse(iter([b"isi"])), **{"HX-Request": "true"}
    )
    assert [b"".join(first), b"".join(second)] == [b"isi", b"isi"]
    assert not second.has_header("Idempotency-Replayed")


def test_empty_answer_of_the_api_is_repeated(rf):
    request = rf.post("/api/v1/x/")
    answers = [
        idempotency.once(request, "k1", "sidik", lambda: Response(status=204)) for _ in range(2)
    ]
    assert [(answer.status_code, answer.data) for answer in answers] == [(204, None)] * 2


def test_signed_in_person_without_post_has_keys_of_his_own(rf, officer):
    request = rf.post("/uji/x/")
    request.user = officer
    idempotency.once(request, "k1", "sidik", lambda: HttpResponseRedirect("/"))
    record = IdempotencyRecord.objects.get()
    assert record.owner == f"user:{officer.pk}"
    assert str(record) == "/uji/x/ k1"


def test_broken_database_is_not_taken_for_a_second_click(rf, monkeypatch):
    def broken():
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(idempotency.clock, "true_now", broken)
    with pytest.raises(OperationalError):
        idempotency.once(rf.post("/uji/x/"), "k1", "sidik", lambda: HttpResponseRedirect("/"))


def test_purge_forgets_after_two_days(client):
    client.post(NOTE, {"text": "aman", "idempotency_key": "k1"})
    now = clock.true_now()
    assert idempotency.purge(now + timedelta(hours=47)) == 0
    assert idempotency.purge(now + timedelta(hours=49)) == 1


@pytest.mark.django_db(transaction=True)
def test_double_click_has_one_effect():
    together = Barrier(6)

    def click(_):
        try:
            together.wait()
            answer = Client().post(NOTE, {"text": "aman", "idempotency_key": "k1"})
            return answer.status_code, answer["Location"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(click, range(6)))
    assert answers == [(302, "/uji/catatan/1/")] * 6
    assert effects == ["aman"]


@pytest.mark.django_db(transaction=True)
def test_second_click_while_the_first_runs_too_long_is_told_to_wait():
    place = {"owner": "anonymous", "path": NOTE, "key": "k1"}

    def second_click():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '200ms'")
            answer = Client().post(NOTE, {"text": "aman", "idempotency_key": "k1"})
            return answer.status_code, answer.content.decode()
        finally:
            connections.close_all()

    with idempotency.transaction.atomic():
        assert idempotency._claim(place, "sidik")
        with ThreadPoolExecutor(1) as pool:
            status, page = pool.submit(second_click).result()
    assert status == 409
    assert "masih diproses" in page
    assert effects == []


def test_nightly_broom_forgets_old_keys(client):
    client.post(NOTE, {"text": "aman", "idempotency_key": "k1"})
    IdempotencyRecord.objects.update(created_at=clock.true_now() - timedelta(hours=49))
    client.post(NOTE, {"text": "aman", "idempotency_key": "k2"})
    clean()
    assert [record.key for record in IdempotencyRecord.objects.all()] == ["k2"]
