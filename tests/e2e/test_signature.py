"""The chair proves himself anew before he signs: by a code of his telephone, or by a passkey."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.urls import reverse
from playwright.sync_api import expect

from coordination.models import Meeting, Minutes
from portal.accounts.models import User
from portal.web.demo import PASSWORD
from tests.e2e.walk import Walk

TITLE = "Anev mingguan ke-12"
CHAIR = "pimpinan@demo.test"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PERIOD = 30
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def walk(demo, live_server, axe, page, sign_in, settings):
    """The chair at his desk, in an installation that asks for a second factor."""
    settings.SIGN_STEP_UP = "mfa"
    sign_in(page, CHAIR)
    return Walk(page, "desk", axe, live_server.url)


@pytest.fixture
def passkey(page):
    """Chromium's own authenticator, which is always touched and knows its user."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return session


def minutes() -> Minutes:
    return Minutes.objects.get(meeting__title=TITLE)


def sign_page() -> str:
    return reverse("coordination:minutes_sign", args=[Meeting.objects.get(title=TITLE).pk])


def code() -> str:
    """Of this half minute; near its end, of the next one."""
    left = PERIOD - time.time() % PERIOD
    if left < 5:
        time.sleep(left)
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // PERIOD))


def enrol(walk: Walk) -> None:
    """A passkey, after the password was given once more."""
    walk.write(password=PASSWORD)
    walk.press("Lanjutkan")
    walk.write(name="Kunci sandi dinas")
    walk.press("Tambah")


def prove(walk: Walk) -> None:
    with walk.page.expect_navigation():
        walk.page.get_by_role("link", name="Buktikan diri").click()
    walk.arrive("proof")


def sign(walk: Walk) -> None:
    walk.sees("Sahkan sekarang")
    walk.write(reason="Naskah dibacakan dan disetujui sebelum rapat ditutup.")
    walk.press("Sahkan sekarang")
    walk.sees("Notula disahkan")
    assert (minutes().state, minutes().signed_with) == ("signed", "mfa")


def test_the_chair_signs_with_a_code_of_his_telephone(walk):
    TOTP.activate(User.objects.get(email=CHAIR), SECRET)
    walk.go(sign_page(), "sign-unproven")
    assert walk.page.get_by_role("button", name="Sahkan sekarang").count() == 0
    prove(walk)
    field = walk.page.locator("input[name=code]")
    expect(field).to_be_focused()
    right = code()
    field.fill("000000" if right != "000000" else "111111")
    walk.press("Lanjutkan")
    walk.sees("Kode salah atau sudah kedaluwarsa.")
    walk.picture("proof-refused")
    assert minutes().state == "draft"

    walk.page.locator("input[name=code]").fill(code())
    walk.press("Lanjutkan")

    assert walk.page.url == walk.address + sign_page()
    sign(walk)


def test_the_chair_enrols_a_passkey_and_signs_with_it(walk, passkey):
    walk.go(sign_page())
    walk.sees("Anda belum memiliki faktor kedua")
    walk.follow("Daftarkan faktor kedua")
    walk.follow("Tambah kunci")
    enrol(walk)
    assert list(Authenticator.objects.values_list("type", flat=True).order_by("type")) == [
        "recovery_codes",
        "webauthn",
    ]

    walk.go(sign_page())
    prove(walk)
    with walk.page.expect_navigation(url=re.compile(re.escape(sign_page()) + "$")):
        walk.page.get_by_role("button", name="Pakai kunci keamanan").click()
    walk.arrive("sign-proven")
    sign(walk)


def test_who_has_both_chooses_and_a_password_is_not_enough(walk, passkey):
    walk.go(reverse("mfa_add_webauthn"))
    enrol(walk)
    TOTP.activate(User.objects.get(email=CHAIR), SECRET)
    walk.go(sign_page())
    prove(walk)
    walk.follow("Pakai kata sandi")
    walk.write(password=PASSWORD)
    walk.press("Lanjutkan")
    assert walk.page.url == walk.address + sign_page()
    walk.sees("Kata sandi saja tidak cukup untuk mengesahkan.")

    prove(walk)
    walk.follow("Pakai kunci keamanan")
    with walk.page.expect_navigation(url=re.compile(re.escape(sign_page()) + "$")):
        walk.page.get_by_role("button", name="Pakai kunci keamanan").click()

    walk.arrive()
    sign(walk)
