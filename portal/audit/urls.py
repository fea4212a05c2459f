from django.urls import path

from portal.audit import views

app_name = "audit"
urlpatterns = [
    path("audit/", views.trail, name="trail"),
    path("audit/<int:pk>/", views.entry, name="entry"),
    path("audit/periksa/", views.verify, name="verify"),
]
