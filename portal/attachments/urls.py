from django.urls import path

from portal.attachments import views

app_name = "attachments"
urlpatterns = [path("lampiran/<int:pk>/", views.download, name="download")]
