from django.urls import path

from portal.accounts import views

app_name = "accounts"
urlpatterns = [
    path("profil/", views.profile, name="profile"),
    path("profil/jabatan/", views.switch_post, name="switch_post"),
    path("profil/token/", views.tokens, name="tokens"),
    path("profil/token/<str:digest>/cabut/", views.revoke_token, name="revoke_token"),
    path("profil/kalender/", views.calendar_feed, name="calendar_feed"),
    path("profil/kalender/cabut/", views.revoke_feed, name="revoke_feed"),
    path("pengguna/", views.people, name="people"),
    path("pengguna/baru/", views.create_user, name="create_user"),
    path("pengguna/tunjuk/", views.appoint, name="appoint"),
    path("pengguna/jabatan/", views.post_list, name="post_list"),
    path("pengguna/jabatan/baru/", views.post_create, name="post_create"),
    path("pengguna/jabatan/<int:pk>/", views.post_edit, name="post_edit"),
    path("pengguna/masa-jabatan/<int:pk>/akhiri/", views.end_tenure, name="end_tenure"),
]
