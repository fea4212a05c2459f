from django.urls import path

from portal.notifications import views

app_name = "notifications"

urlpatterns = [
    path("pemberitahuan/", views.inbox, name="inbox"),
    path("pemberitahuan/lencana/", views.badge, name="badge"),
    path("pemberitahuan/baca-semua/", views.mark_all_read, name="mark_all_read"),
    path("pemberitahuan/surel/", views.choose_mail, name="choose_mail"),
    path("pemberitahuan/<int:pk>/", views.open_notification, name="open"),
    path("pemberitahuan/<int:pk>/baca/", views.mark_read, name="mark_read"),
    path("demo/mail/", views.demo_mail, name="demo_mail"),
    path("demo/mail/<slug:name>/", views.demo_mail_detail, name="demo_mail_detail"),
    path("demo/mail/<slug:name>/<int:pk>/", views.demo_mail_file, name="demo_mail_file"),
]
