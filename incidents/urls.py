from django.urls import path

from incidents.views import incidents

app_name = "incidents"
urlpatterns = [
    path("kejadian/", incidents.incident_list, name="incident_list"),
    path("kejadian/lapor/", incidents.incident_create, name="incident_create"),
    path("kejadian/<int:pk>/", incidents.incident_detail, name="incident_detail"),
    path("kejadian/<int:pk>/catatan/", incidents.incident_update, name="incident_update"),
    path("kejadian/<int:pk>/keadaan/", incidents.incident_move, name="incident_move"),
]
