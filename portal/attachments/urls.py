from django.urls import path

from portal.attachments import views

app_name = "attachments"
urlpatterns = [
    path("lampiran/<int:pk>/", views.download, name="download"),
    path("lampiran/<int:pk>/gambar/", views.picture, name="picture"),
    path("lampiran/<int:pk>/gambar/kecil/", views.thumbnail, name="thumbnail"),
]
