from django.urls import path

from portal.imports import views

app_name = "imports"
urlpatterns = [
    path("impor/", views.job_list, name="job_list"),
    path("impor/<int:pk>/", views.job, name="job"),
    path("impor/<int:pk>/terapkan/", views.apply, name="apply"),
    path("impor/<int:pk>/buang/", views.discard, name="discard"),
    path("impor/<int:pk>/batalkan/", views.undo, name="undo"),
    path("impor/<int:pk>/ditolak/", views.rejected, name="rejected"),
    path("impor/baru/<slug:slug>/", views.upload, name="upload"),
    path("impor/templat/<slug:slug>/", views.template, name="template"),
]
