from django.urls import path

from incidents import views

app_name = "incidents"
urlpatterns = [
    path("kejadian/", views.incident_list, name="incident_list"),
    path("kejadian/lapor/", views.incident_create, name="incident_create"),
    path("kejadian/<int:pk>/", views.incident_detail, name="incident_detail"),
    path("kejadian/<int:pk>/catatan/", views.incident_update, name="incident_update"),
    path("kejadian/<int:pk>/keadaan/", views.incident_move, name="incident_move"),
]
