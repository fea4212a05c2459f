import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client
from django.urls import reverse

from portal.home.demo.people import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lands_on_components(settings):
    settings.LOGIN_REDIRECT_URL = "/ui/"


def sign_in(client, email="koordinator@demo.test", password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def confirm(client):
    """Give the password once more, as sensitive steps ask for it."""
    return client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def heading(answer) -> str:
    found = re.findall(r"<h1[^>]*>(.*?)</h1>", answer.content.decode(), re.DOTALL)
    assert len(found) == 1
    return found[0].strip()


def test_sign_in_answers_a_wrong_password_in_indonesian(client, officer):
    page = sign_in(client, password="salah-sama-sekali").content.decode()
    assert "Alamat surel atau kata sandi tidak benar." in page
    assert 'value="koordinator@demo.test"' in page


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("account_login", "Masuk ke portal"),
        ("account_reset_password", "Lupa kata sandi"),
        ("account_reset_password_done", "Periksa surel Anda"),
        ("account_reset_password_from_key_done", "Kata sandi diganti"),
        ("account_inactive", "Akun tidak aktif"),
        ("account_signup", "Pendaftaran ditutup"),
    ],
)
def test_entrance_page_has_our_look(client, name, title):
    answer = client.get(reverse(name))
    assert heading(answer) == title
    assert 'class="entrance"' in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("account_change_password", "Ganti kata sandi"),
        ("account_logout", "Keluar dari portal"),
        ("mfa_index", "Faktor kedua"),
        ("usersessions_list", "Sesi masuk"),
    ],
)
def test_page_of_the_own_account_has_our_look(client, officer, name, title):
    sign_in(client)
    answer = client.get(reverse(name))
    assert heading(answer) == title
    assert 'id="navigasi"' in answer.content.decode()


def test_password_is_reset_by_the_mailed_link(client, officer, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    client.post(reverse("account_reset_password"), {"email": officer.email})
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mail.outbox[0].body)[1]
    answer = client.get(link, follow=True)
    assert heading(answer) == "Kata sandi baru"
    path = answer.redirect_chain[-1][0]
    client.post(path, {"password1": "sungai-martapura-88", "password2": "sungai-martapura-88"})
    assert sign_in(Client(), password="sungai-martapura-88").status_code == 302
    assert heading(Client().get(link, follow=True)) == "Tautan tidak berlaku"


def test_authenticator_is_activated_and_asked_for(client, officer):
    sign_in(client)
    confirm(client)
    page = client.get(reverse("mfa_activate_totp"))
    assert heading(page) == "Aktifkan aplikasi autentikator"
    assert 'src="data:image/svg+xml' in page.content.decode()
    TOTP.activate(officer, generate_totp_secret())
    again = Client()
    answer = sign_in(again)
    assert answer["Location"].startswith(reverse("mfa_authenticate"))
    assert heading(again.get(reverse("mfa_authenticate"))) == "Faktor kedua"
    wrong = again.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "is-invalid" in wrong.content.decode()


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("mfa_deactivate_totp", "Matikan aplikasi autentikator"),
        ("mfa_generate_recovery_codes", "Buat kode pemulihan"),
        ("mfa_add_webauthn", "Tambah kunci"),
        ("mfa_list_webauthn", "Kunci sandi dan kunci keamanan"),
    ],
)
def test_page_of_second_factors_has_our_look(client, officer, name, title):
    sign_in(client)
    confirm(client)
    TOTP.activate(officer, generate_totp_secret())
    answer = client.get(reverse(name), follow=True)
    assert heading(answer) == title


def test_recovery_codes_are_listed(client, officer):
    sign_in(client)
    confirm(client)
    TOTP.activate(officer, generate_totp_secret())
    client.post(reverse("mfa_generate_recovery_codes"))
    page = client.get(reverse("mfa_view_recovery_codes"))
    assert heading(page) == "Kode pemulihan"
    assert page.content.decode().count("<li><code>") == 10
    assert Authenticator.objects.filter(user=officer).count() == 2


def test_sensitive_step_asks_for_the_password_again(client, officer):
    client.force_login(officer)
    assert heading(client.get(reverse("account_reauthenticate"))) == "Pastikan ini Anda"


def test_other_sessions_can_be_ended(client, officer):
    other = Client()
    sign_in(other)
    sign_in(client)
    page = client.get(reverse("usersessions_list")).content.decode()
    assert "Akhiri semua sesi lain" in page
    client.post(reverse("usersessions_list"))
    assert other.get("/ui/").status_code == 302
    assert client.get("/ui/").status_code == 200
