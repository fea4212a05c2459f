from django.urls import reverse


def test_profile_shows_the_posts_held(client, sign_in, liaison_kpu):
    response = sign_in(client, liaison_kpu).get(reverse("accounts:profile"))

    assert response.status_code == 200
    assert "Penghubung KPU Provinsi Kalsel" in response.content.decode()
