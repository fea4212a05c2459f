from django.urls import path

from portal.home import views

app_name = "home"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("situasi/", views.situation_room, name="situation"),
    path("kalender/", views.calendar, name="calendar"),
    path("kalender/langganan/<str:token>.ics", views.calendar_feed, name="calendar_feed"),
    path("tugas-saya/", views.work, name="work"),
    path("cari/", views.search, name="search"),
]
