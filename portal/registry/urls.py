from django.urls import path, register_converter

from portal.registry import views


class RegionCode:
    """`63`, `63.03`, `63.03.01`, `63.03.01.2001`; anything else is no address of ours."""

    regex = r"[0-9]{2}(?:\.[0-9]{2}){0,2}(?:\.[0-9]{4})?"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(RegionCode, "region_code")

app_name = "registry"
urlpatterns = [
    path("instansi/", views.agency_list, name="agency_list"),
    path("instansi/<slug:slug>/", views.agency_detail, name="agency_detail"),
    path("wilayah/", views.region_list, name="region_list"),
    path("wilayah/<region_code:code>/", views.region_detail, name="region_detail"),
    path("batas-wilayah/", views.outlines, name="outlines"),
    path("operasi/<slug:slug>/", views.operation_detail, name="operation_detail"),
    path("tempat/", views.place_list, name="place_list"),
    path("tempat/baru/", views.place_add, name="place_add"),
    path("hari-libur/", views.holiday_list, name="holiday_list"),
    path("hari-libur/baru/", views.holiday_add, name="holiday_add"),
    path("hari-libur/<int:pk>/", views.holiday_edit, name="holiday_edit"),
    path("hari-libur/<int:pk>/hapus/", views.holiday_remove, name="holiday_remove"),
]
