import pytest
from django.core.exceptions import ValidationError
from rest_framework import serializers

from portal.web.problems import _as_data, field_errors

pytestmark = [pytest.mark.urls("tests.portal.web.routes"), pytest.mark.django_db]


@pytest.mark.parametrize(
    ("kind", "status", "detail"),
    [
        ("ditolak", 409, "Rakor sudah selesai."),
        ("ditolak-di-isian", 422, "Melebihi kekuatan."),
        ("usang", 409, "Sudah diubah."),
        ("tidak-ada", 404, "Data ini tidak ada, atau berada di luar lingkup jabatan Anda."),
        ("terlarang", 403, "Jabatan Anda tidak berwenang melakukan tindakan ini."),
        ("nul", 400, "Isian memuat karakter terlarang."),
    ],
)
def test_error_of_the_api_is_problem_json(client, kind, status, detail):
    answer = client.get(f"/api/v1/uji/{kind}/")
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["detail"]) == (status, detail)
    assert body["request_id"] == answer["X-Request-ID"]


def test_refusal_at_a_field_names_it(client):
    assert client.get("/api/v1/uji/ditolak-di-isian/").json()["errors"] == [
        {"field": "present", "message": "Melebihi kekuatan.", "code": "refused"}
    ]


def test_stale_version_under_if_match_is_412(client):
    answer = client.get("/api/v1/uji/usang/", headers={"If-Match": '"1"'})
    assert answer.status_code == 412


def test_throttled_answer_says_when_to_come_back(client):
    answer = client.get("/api/v1/uji/batas/")
    assert (answer.status_code, answer["Retry-After"]) == (429, "7")


def test_crash_of_the_api_tells_nothing(client):
    client.raise_request_exception = False
    answer = client.get("/api/v1/uji/gangguan/")
    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert "SELECT" not in answer.content.decode()


@pytest.mark.parametrize("body", ["{", b'{"strength": "\xff"}', ""])
def test_body_that_is_no_json_is_400(client, body):
    answer = client.post("/api/v1/uji/x/", body, content_type="application/json")
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"


def test_json_nested_too_deep_is_400(client):
    body = "[" * 100_000
    answer = client.post("/api/v1/uji/x/", body, content_type="application/json")
    assert answer.status_code == 400


def test_other_content_type_is_415(client):
    answer = client.post("/api/v1/uji/x/", "a=1", content_type="text/plain")
    assert answer.status_code == 415


def test_field_errors_are_flat_with_dotted_paths(client):
    answer = client.post("/api/v1/uji/x/", "{}", content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"field": "strength", "message": "Wajib berupa angka.", "code": "invalid"},
        {"field": "units.1.name", "message": "Wajib diisi.", "code": "invalid"},
    ]


def test_field_errors_of_django_validation():
    error = ValidationError({"name": [ValidationError("Wajib diisi.", code="required")]})
    assert field_errors(_as_data(error)) == [
        {"field": "name", "message": "Wajib diisi.", "code": "required"}
    ]
    assert field_errors(_as_data(ValidationError("Salah."))) == [
        {"field": "", "message": "Salah.", "code": "invalid"}
    ]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (serializers.BooleanField(), "mungkin", "Isi dengan true atau false."),
        (serializers.CharField(), ["a"], "Isi dengan teks."),
        (serializers.CharField(), "\ud800", "Karakter pengganti tidak diizinkan: U+D800."),
        (serializers.FloatField(), "dua", "Isi dengan bilangan."),
        (serializers.ListField(), "a", 'Yang ditunggu sebuah daftar, bukan "str".'),
    ],
)
def test_what_the_framework_says_is_indonesian(field, value, words):
    with pytest.raises(serializers.ValidationError) as refused:
        field.run_validation(value)
    assert [str(said) for said in refused.value.detail] == [words]


def test_body_that_is_a_list_is_refused_in_indonesian():
    form = serializers.Serializer(data=[])
    assert not form.is_valid()
    assert [str(said) for said in form.errors["non_field_errors"]] == [
        "Data tidak sah: yang ditunggu sebuah objek, bukan list."
    ]
