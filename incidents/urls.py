from django.urls import path

from incidents.views import gakkumdu, gakkumdu_clock, incidents

app_name = "incidents"
urlpatterns = [
    path("kejadian/", incidents.incident_list, name="incident_list"),
    path("kejadian/lapor/", incidents.incident_create, name="incident_create"),
    path("kejadian/<int:pk>/", incidents.incident_detail, name="incident_detail"),
    path("kejadian/<int:pk>/catatan/", incidents.incident_update, name="incident_update"),
    path("kejadian/<int:pk>/keadaan/", incidents.incident_move, name="incident_move"),
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
