"""Who comes in, and when the door shuts: sign-in, limits, tenures, second factors."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError

from portal import clock
from portal.accounts.adapters import MfaAdapter, field_cipher
from portal.accounts.models import ApiToken, Post, Tenure, User
from portal.accounts.passwords import GuessableValidator
from portal.home.demo.people import PASSWORD

LOGIN = "/accounts/login/"


def enter(client, email="liaison.kpu@demo.test", password=PASSWORD):
    return client.post(LOGIN, {"login": email, "password": password})


@pytest.mark.django_db(transaction=True)
def test_sign_in_works_when_redis_is_dead(client, liaison_kpu, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    assert enter(client)["Location"] == "/"
    assert client.get("/profil/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_sign_in_is_limited_after_wrong_passwords(client, liaison_kpu):
    for _ in range(5):
        assert enter(client, password="salah-sekali").status_code == 200

    answer = enter(client)

    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db(transaction=True)
def test_sign_up_is_closed(client):
    answer = client.post("/accounts/signup/", {"email": "a@demo.test", "password1": PASSWORD})

    assert not User.objects.filter(email="a@demo.test").exists()
    assert answer.status_code == 200


@pytest.mark.django_db
def test_ended_tenure_ends_the_access_of_an_open_session(client, sign_in, liaison_kpu):
    sign_in(client, liaison_kpu)
    assert client.get("/profil/").status_code == 200

    Tenure.objects.filter(post=liaison_kpu.post_id).update(
        ends_at=clock.now() - timedelta(seconds=1)
    )

    answer = client.get("/profil/")
    assert answer.status_code == 403
    assert "tidak memegang jabatan" in answer.content.decode()
    assert client.get("/api/v1/agencies/").status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Post, User])
def test_inactive_post_or_person_is_out(client, sign_in, liaison_kpu, model):
    sign_in(client, liaison_kpu)
    pk = liaison_kpu.post_id if model is Post else liaison_kpu.user_id

    model.objects.filter(pk=pk).update(is_active=False)

    assert client.get("/profil/").status_code in {302, 403}


@pytest.mark.django_db
def test_role_that_must_have_a_second_factor_enrols_first(
    client, sign_in, coordinator, liaison_kpu, settings
):
    settings.MFA_REQUIRED_ROLES = frozenset({"coordinator"})

    answer = sign_in(client, coordinator).get("/profil/")
    assert answer["Location"] == "/accounts/2fa/"
    assert client.post("/bahasa/", {"language": "en"}).status_code == 302
    assert sign_in(client, liaison_kpu).get("/profil/").status_code == 200


@pytest.mark.django_db
def test_signed_in_person_without_a_post_reaches_only_his_account(client, admin):
    user = User.objects.create_user("tanpa@demo.test", PASSWORD, name="Tanpa jabatan")
    client.force_login(user)

    assert client.get("/").status_code == 403
    assert client.get("/accounts/2fa/").status_code in {200, 302}


def test_secrets_of_second_factors_rest_encrypted():
    adapter = MfaAdapter()

    stored = adapter.encrypt("JBSWY3DPEHPK3PXP")

    assert "JBSWY3DPEHPK3PXP" not in stored
    assert adapter.decrypt(stored) == "JBSWY3DPEHPK3PXP"


def test_secrets_survive_a_new_key(settings):
    stored = field_cipher().encrypt(b"x")

    settings.FIELD_KEYS = ["A" * 43 + "=", *settings.FIELD_KEYS]

    assert field_cipher().decrypt(stored) == b"x"


@pytest.mark.parametrize(
    ("password", "accepted"),
    [
        ("demo-rakor-2024", True),
        ("Password12345", False),
        ("aaaaaaaaaaaaaaaa", False),
        ("qwertyuiop123", False),
        ("sungai pisau lampu kertas", True),
        ("x1" * 5000, False),
    ],
)
def test_guessable_passwords(password, accepted):
    validator = GuessableValidator()
    if accepted:
        validator.validate(password)
    else:
        with pytest.raises(ValidationError):
            validator.validate(password)
    assert validator.get_help_text()


def test_password_made_of_the_own_address_is_guessable():
    with pytest.raises(ValidationError):
        GuessableValidator().validate(
            "liaison.kpu@demo.test1", User(email="liaison.kpu@demo.test", name="KPU")
        )


@pytest.mark.django_db
def test_issue_token_by_command(client, liaison_kpu, capsys):
    call_command("issue_token", "LIAISON.KPU@demo.test")
    text = capsys.readouterr().out.strip()

    answer = client.get("/api/v1/agencies/", HTTP_AUTHORIZATION=f"Token {text}")
    assert answer.status_code == 200


@pytest.mark.django_db
def test_issue_token_by_command_refuses(liaison_kpu, settings):
    for arguments in (["nobody@demo.test"], ["liaison.kpu@demo.test", "--post=koordinator"]):
        with pytest.raises(CommandError):
            call_command("issue_token", *arguments)
    settings.REST_KNOX = {**settings.REST_KNOX, "TOKEN_LIMIT_PER_USER": 0}
    with pytest.raises(CommandError):
        call_command("issue_token", "liaison.kpu@demo.test", "--post=liaison-kpu")
    assert ApiToken.objects.count() == 0


@pytest.mark.django_db
def test_create_administrator_prints_a_password_that_works(client, capsys):
    call_command("create_administrator", "kepala@demo.test")
    password = capsys.readouterr().out.strip()

    assert enter(client, "kepala@demo.test", password)["Location"] == "/"
    assert client.get("/pengguna/").status_code == 200
    with pytest.raises(CommandError):
        call_command("create_administrator", "kepala@demo.test")
    with pytest.raises(CommandError):
        call_command("create_administrator", "b@demo.test", unit="tidak-ada")
    call_command("create_administrator", "wakil@demo.test")
    assert Tenure.objects.filter(post__slug="administrator").count() == 2
