import re
from datetime import timedelta

import pytest
from django.core import mail

from portal import clock
from portal.accounts.models import ApiToken, CalendarFeed, Post, Tenure, User
from portal.audit.models import Entry
from portal.web.models import IdempotencyRecord
from tests.factories.accounts import appoint

pytestmark = pytest.mark.django_db


def texts(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def second_post(liaison_kpu, liaison_korem) -> Post:
    """A post that the KPU's liaison holds as well."""
    post = Post.objects.get(pk=liaison_korem.post_id)
    appoint(User.objects.get(pk=liaison_kpu.user_id), post)
    return post


def test_profile_sets_the_language_for_pages_and_mails(client, sign_in, liaison_kpu):
    response = sign_in(client, liaison_kpu).post("/profil/", {"language": "en"})

    assert response.cookies["django_language"].value == "en"
    assert User.objects.get(pk=liaison_kpu.user_id).language == "en"
    refused = client.post("/profil/", {"language": "xx"})
    assert list(refused.context["form"].errors) == ["language"]


def test_profile_offers_sessions_second_factor_and_tokens(client, sign_in, liaison_kpu):
    page = sign_in(client, liaison_kpu).get("/profil/").content.decode()

    for path in ("/accounts/2fa/", "/accounts/sessions/", "/profil/token/"):
        assert f'href="{path}"' in page


def test_switch_post_is_recorded_and_holds(client, sign_in, liaison_kpu, second_post):
    sign_in(client, liaison_kpu)

    client.post("/profil/jabatan/", {"post": second_post.pk})

    assert client.get("/profil/").wsgi_request.actor.post_id == second_post.pk
    assert Entry.objects.get(verb="post.choose").after == {"post": "liaison-korem"}


def test_one_begins_in_ones_own_right_and_later_as_one_acted_last(
    client, liaison_kpu, liaison_korem
):
    user = User.objects.get(pk=liaison_kpu.user_id)
    acting = Post.objects.get(pk=liaison_korem.post_id)
    Tenure.objects.filter(user=user).update(kind="plt", ends_at=clock.now() + timedelta(days=9))
    appoint(user, acting)
    client.force_login(user)
    assert client.get("/profil/").wsgi_request.actor.post_id == acting.pk
    client.post("/profil/jabatan/", {"post": liaison_kpu.post_id})
    client.logout()
    client.force_login(user)
    assert client.get("/profil/").wsgi_request.actor.post_id == liaison_kpu.post_id


@pytest.mark.parametrize("wanted", ["", "x", "999999"])
def test_switch_post_to_one_not_held(client, sign_in, liaison_kpu, wanted):
    sign_in(client, liaison_kpu)

    client.post("/profil/jabatan/", {"post": wanted})

    assert client.get("/profil/").wsgi_request.actor.post_id == liaison_kpu.post_id
    assert not Entry.objects.filter(verb="post.choose").exists()


def test_switch_post_to_a_colleagues(client, sign_in, liaison_kpu, commander):
    sign_in(client, liaison_kpu)

    response = client.post("/profil/jabatan/", {"post": commander.post_id}, follow=True)

    assert "tidak sedang Anda pegang" in texts(response)


def test_token_is_shown_once_and_acts_as_the_post(client, sign_in, liaison_kpu):
    sign_in(client, liaison_kpu)
    issued = client.post("/profil/token/", {"label": "Rekap", "days": "7"})
    text = issued.context["issued"]
    assert text in issued.content.decode()
    assert text not in client.get("/profil/token/").content.decode()
    client.logout()

    answer = client.get("/api/v1/agencies/", HTTP_AUTHORIZATION=f"Token {text}")

    assert answer.status_code == 200
    assert answer.wsgi_request.actor.post_id == liaison_kpu.post_id


@pytest.mark.parametrize("path", ["/profil/token/", "/profil/kalender/"])
def test_a_secret_sent_for_twice_is_made_once(client, sign_in, liaison_kpu, path):
    sign_in(client, liaison_kpu)
    data = {"label": "Rekap", "days": "7", "idempotency_key": "satu"}
    first, second = client.post(path, data), client.post(path, data)
    secret = first.context.get("issued") or first.context.get("address")
    assert secret
    assert second.status_code == 409
    assert "rahasianya hanya tampil sekali" in texts(second)
    assert ApiToken.objects.count() + CalendarFeed.objects.count() == 1
    assert Entry.objects.filter(verb__in=["token.issue", "calendar_feed.open"]).count() == 1
    assert secret.encode() not in b"".join(
        bytes(row.body) for row in IdempotencyRecord.objects.all()
    )


def test_token_form_refuses_too_many_days(client, sign_in, liaison_kpu):
    response = sign_in(client, liaison_kpu).post("/profil/token/", {"label": "x", "days": "91"})

    assert list(response.context["form"].errors) == ["days"]
    assert ApiToken.objects.count() == 0


def test_token_ends_with_the_tenure(client, sign_in, liaison_kpu):
    text = (
        sign_in(client, liaison_kpu)
        .post("/profil/token/", {"label": "x", "days": "7"})
        .context["issued"]
    )
    client.logout()
    Tenure.objects.filter(post=liaison_kpu.post_id).update(
        ends_at=clock.now() - timedelta(seconds=1)
    )

    answer = client.get("/api/v1/agencies/", HTTP_AUTHORIZATION=f"Token {text}")

    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("header", ["Token x", "Token", "Token a b", "Bearer x"])
def test_token_that_is_none(client, header):
    answer = client.get("/api/v1/agencies/", HTTP_AUTHORIZATION=header)

    assert answer.status_code == 401


def test_token_is_revoked_by_its_holder_only(client, sign_in, liaison_kpu, liaison_korem):
    sign_in(client, liaison_kpu).post("/profil/token/", {"label": "x", "days": "7"})
    path = f"/profil/token/{ApiToken.objects.get().digest}/cabut/"

    assert sign_in(client, liaison_korem).post(path).status_code == 404
    assert sign_in(client, liaison_kpu).post(path).status_code == 302
    assert ApiToken.objects.count() == 0
    assert Entry.objects.filter(verb="token.revoke").count() == 1


def test_people_are_listed_for_administrators_and_auditors(
    client, sign_in, admin, auditor, liaison_kpu
):
    page = texts(sign_in(client, admin).get("/pengguna/?q=KPU"))
    assert "Penghubung KPU Provinsi Kalsel" in page
    assert "Irwasda" not in page
    assert "Tunjuk pejabat" in page
    assert "Tunjuk pejabat" not in texts(sign_in(client, auditor).get("/pengguna/"))
    too_long = sign_in(client, admin).get("/pengguna/", {"q": "x" * 81})
    assert list(too_long.context["form"].errors) == ["q"]
    assert sign_in(client, liaison_kpu).get("/pengguna/").status_code == 403


def test_people_ask_a_constant_number_of_queries(
    client, sign_in, admin, people, django_assert_num_queries
):
    counts = []
    for login in ("liaison.kpu", "liaison.korem", "liaison.bawaslu"):
        people[login]
        sign_in(client, admin).get("/pengguna/")
        with django_assert_num_queries(8):
            counts.append(len(client.get("/pengguna/").context["page"].object_list))
    assert counts == [2, 3, 4]


def test_create_user_sends_a_link_for_the_password(client, sign_in, admin, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    data = {"email": "baru@demo.test", "name": "Baru", "idempotency_key": "k"}
    sign_in(client, admin)

    first, second = (client.post("/pengguna/baru/", data) for _ in range(2))

    assert first["Location"] == second["Location"] == "/pengguna/tunjuk/"
    assert User.objects.filter(email="baru@demo.test").count() == 1
    assert [message.to for message in mail.outbox] == [["baru@demo.test"]]
    assert "/accounts/password/reset/key/" in mail.outbox[0].body


def test_create_user_refuses_a_known_address(client, sign_in, admin):
    data = {"email": "admin@demo.test", "name": "Baru"}

    response = sign_in(client, admin).post("/pengguna/baru/", data)

    assert list(response.context["form"].errors) == ["email"]
    assert 'value="Baru"' in response.content.decode()


def test_appoint_and_end(client, sign_in, admin, liaison_kpu, liaison_korem):
    user = User.objects.get(pk=liaison_kpu.user_id)
    data = {
        "user": user.pk,
        "post": liaison_korem.post_id,
        "kind": "plh",
        "starts_at": "2024-11-20T08:00",
        "ends_at": "",
    }
    sign_in(client, admin)
    assert client.get("/pengguna/tunjuk/").status_code == 200

    refused = client.post("/pengguna/tunjuk/", data)
    assert list(refused.context["form"].errors) == ["ends_at"]
    client.post("/pengguna/tunjuk/", {**data, "ends_at": "2099-01-01T00:00"})

    tenure = Tenure.objects.get(user=user, post=liaison_korem.post_id)
    assert clock.local(tenure.starts_at).strftime("%d.%m.%Y %H.%M") == "20.11.2024 08.00"
    client.post(f"/pengguna/masa-jabatan/{tenure.pk}/akhiri/")
    assert not Tenure.objects.active(clock.now()).filter(pk=tenure.pk).exists()


def test_end_of_a_tenure_above_the_own_clearance_is_refused(client, sign_in, admin, commander):
    tenure = Tenure.objects.get(post=commander.post_id)

    response = sign_in(client, admin).post(
        f"/pengguna/masa-jabatan/{tenure.pk}/akhiri/", follow=True
    )

    assert "melebihi kewenangan Anda" in texts(response)
    assert Tenure.objects.active(clock.now()).filter(pk=tenure.pk).exists()
    assert client.post("/pengguna/masa-jabatan/999999/akhiri/").status_code == 404
