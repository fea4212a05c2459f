from django.urls import path

from portal.web import views

app_name = "web"

urlpatterns = [
    path("ui/", views.components, name="ui"),
    path("tampilan/", views.choose_theme, name="theme"),
    path("bahasa/", views.choose_language, name="set_language"),
]
