from django.urls import path

from incidents.views import (
    editing,
    field_reports,
    gakkumdu,
    gakkumdu_clock,
    incidents,
    public,
    triage,
)

app_name = "incidents"
urlpatterns = [
    path("kejadian/", incidents.incident_list, name="incident_list"),
    path("kejadian/lapor/", incidents.incident_create, name="incident_create"),
    path("kejadian/<int:pk>/", incidents.incident_detail, name="incident_detail"),
    path("kejadian/<int:pk>/catatan/", incidents.incident_update, name="incident_update"),
    path("kejadian/<int:pk>/keadaan/", incidents.incident_move, name="incident_move"),
    path("kejadian/<int:pk>/isi/", editing.incident_edit, name="incident_edit"),
    path(
        "kejadian/<int:pk>/keterangan/", editing.incident_public_text, name="incident_public_text"
    ),
    path("kejadian/<int:pk>/berkas/", editing.incident_file, name="incident_file"),
    path("kejadian/<int:pk>/gabung/", editing.incident_merge, name="incident_merge"),
    path("kejadian/<int:pk>/pisah/", editing.incident_split, name="incident_split"),
    path(
        "kejadian/catatan/<int:pk>/coret/",
        editing.incident_strike,
        name="incident_strike",
    ),
    path("lapangan/", field_reports.field_report_list, name="field_report_list"),
    path("lapangan/lapor/", field_reports.field_report_create, name="field_report_create"),
    path("lapangan/pekerja.js", field_reports.field_worker, name="field_worker"),
    path("lapangan/buka/", field_reports.incident_open, name="incident_open"),
    path("lapangan/<int:pk>/", field_reports.field_report_detail, name="field_report_detail"),
    path("lapangan/<int:pk>/masuk/", field_reports.field_report_file, name="field_report_file"),
    path("lapangan/<int:pk>/sisih/", field_reports.field_report_aside, name="field_report_aside"),
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
    path("kejadian/<int:pk>/gakkumdu/", gakkumdu.case_open, name="case_open"),
    path("gakkumdu/", gakkumdu.case_list, name="case_list"),
    path("gakkumdu/<int:pk>/", gakkumdu.case_detail, name="case_detail"),
    path("gakkumdu/<int:pk>/selesai/", gakkumdu.case_finish, name="case_finish"),
    path("gakkumdu/<int:pk>/kembalikan/", gakkumdu.case_return, name="case_return"),
    path("gakkumdu/<int:pk>/perpanjang/", gakkumdu.case_extend, name="case_extend"),
    path("gakkumdu/<int:pk>/tutup/", gakkumdu.case_close, name="case_close"),
    path("gakkumdu/batas-waktu/", gakkumdu_clock.clock_list, name="clock_list"),
    path("gakkumdu/batas-waktu/<slug:slug>/", gakkumdu_clock.clock_edit, name="clock_edit"),
]
