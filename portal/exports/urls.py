from django.urls import path

from portal.exports import views

app_name = "exports"
urlpatterns = [
    path("ekspor/", views.job_list, name="job_list"),
    path("ekspor/<int:pk>/", views.job, name="job"),
    path("ekspor/<int:pk>/berkas/", views.file, name="file"),
    path("ekspor/baru/<slug:slug>/", views.create, name="create"),
]
