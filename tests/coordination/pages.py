"""What the tests of pages share: addresses, texts and what a form sends."""

from django.urls import reverse

from coordination.models import Meeting


def url(name, *args):
    return reverse(f"coordination:{name}", args=args)


def texts(response):
    return response.content.decode()


def agency_id(slug):
    return Meeting._meta.get_field("host_agency").related_model.objects.get(slug=slug).pk


def meeting_data(**changes):
    return {
        "title": "Rakor logistik",
        "kind": "lintas_sektoral",
        "operation": Meeting._meta.get_field("operation").related_model.objects.get().pk,
        "starts_at": "2024-06-10T09:00",
        "ends_at": "2024-06-10T11:00",
        "place": "Aula",
        "virtual_link": "",
        "dress": "",
        "chair_office": "Kapolda",
        "chair_name": "",
        "classification": "2",
        "office_code": "Roops",
        "agencies": [],
        "agenda-TOTAL_FORMS": "1",
        "agenda-INITIAL_FORMS": "0",
        "agenda-0-title": "Pembukaan",
        "agenda-0-planned_minutes": "10",
    } | changes
