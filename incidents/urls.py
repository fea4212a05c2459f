from django.urls import path

from incidents.views import incidents, public, triage

app_name = "incidents"
urlpatterns = [
    path("kejadian/", incidents.incident_list, name="incident_list"),
    path("kejadian/lapor/", incidents.incident_create, name="incident_create"),
    path("kejadian/<int:pk>/", incidents.incident_detail, name="incident_detail"),
    path("kejadian/<int:pk>/catatan/", incidents.incident_update, name="incident_update"),
    path("kejadian/<int:pk>/keadaan/", incidents.incident_move, name="incident_move"),
    path("lapor/", public.public_create, name="public_create"),
    path("lapor/ikuti/", public.public_follow, name="public_follow"),
    path("lapor/tambah/", public.public_add, name="public_add"),
    path("lapor/angka/", public.public_figures, name="public_figures"),
    path("laporan-warga/", triage.public_queue, name="public_queue"),
    path("laporan-warga/telaah/", triage.public_sort, name="public_sort"),
    path("laporan-warga/<int:pk>/", triage.public_report, name="public_report"),
    path("laporan-warga/<int:pk>/jawab/", triage.public_answer, name="public_answer"),
    path("laporan-warga/<int:pk>/kontak/", triage.public_contact, name="public_contact"),
    path("laporan-warga/<int:pk>/kejadian/", triage.public_incident, name="public_incident"),
    path("laporan-warga/foto/<int:pk>/", triage.public_photo, name="public_photo"),
]
