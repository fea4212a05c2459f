"""Routes that only the tests of portal.web have, beside those of the portal."""

from django import forms
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import include, path
from django.views.decorators.http import require_POST
from rest_framework import exceptions, permissions
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.access.decorators import needs, public
from portal.access.errors import Refused, Stale
from portal.access.permissions import Permission
from portal.web.forms import PortalForm, submit
from portal.web.idempotency import api_once, idempotent
from portal.web.models import IdempotencyRecord

# Every effect of the views below, in the order in which they happened.
effects: list[str] = []


class NoteForm(PortalForm):
    text = forms.CharField(label="Naskah")


@public
@require_POST
@idempotent
def note(request):
    form = NoteForm(request.POST)
    saved = submit(request, form, lambda: _save(form.values["text"]))
    return redirect(f"/uji/catatan/{saved}/") if saved else HttpResponse(str(form.errors))


def _save(text):
    if text == "ditolak":
        raise Refused("Tidak boleh begitu.", field="text")
    effects.append(text)
    return len(effects)


@public
def echo(request):
    return JsonResponse({"q": request.GET.get("q"), "text": request.POST.get("text")})


@public
def fail(request, kind):
    if kind == "gangguan":
        raise RuntimeError("SELECT rahasia FROM tabel")
    if kind == "nul":
        IdempotencyRecord.objects.filter(key="a\0b").exists()
    if kind == "surrogat":
        IdempotencyRecord.objects.filter(key="\ud800").exists()
    raise {
        "tidak-ada": Http404("No Row matches the given query."),
        "terlarang": PermissionDenied("directive.issue"),
        "terlarang-dengan-alasan": PermissionDenied("Anda sedang cuti."),
        "buruk": BadRequest("Tanggal tidak terbaca."),
    }[kind]


@needs(Permission.DASHBOARD_VIEW)
def inside(request, kind):
    return fail(request, kind)


class Problems(APIView):
    permission_classes = [permissions.AllowAny]
    authentication_classes: list = []

    def get(self, request, kind):
        if kind == "gangguan":
            raise RuntimeError("SELECT rahasia")
        if kind == "nul":
            IdempotencyRecord.objects.filter(key="a\0b").exists()
        raise {
            "ditolak": Refused("Rakor sudah selesai."),
            "ditolak-di-isian": Refused("Melebihi kekuatan.", field="present"),
            "usang": Stale("Sudah diubah.", current=IdempotencyRecord(pk=1)),
            "tidak-ada": Http404(),
            "terlarang": PermissionDenied(),
            "batas": exceptions.Throttled(wait=7),
        }[kind]

    def post(self, request, kind):
        return api_once(request, lambda: self._create(request))

    def _create(self, request):
        if not isinstance(request.data.get("strength"), int):
            raise exceptions.ValidationError(
                {"strength": ["Wajib berupa angka."], "units": [{}, {"name": ["Wajib diisi."]}]}
            )
        effects.append(str(request.data["strength"]))
        return Response({"number": len(effects)}, status=201, headers={"Location": "/x/"})


urlpatterns = [
    path("uji/catatan/", note),
    path("uji/gema/", echo),
    path("uji/galat/<str:kind>/", fail),
    path("uji/dalam/<str:kind>/", inside),
    path("api/v1/uji/<str:kind>/", Problems.as_view()),
    path("", include("portal.urls")),
]
handler400 = "portal.web.errors.bad_request"
handler403 = "portal.web.errors.permission_denied"
handler404 = "portal.web.errors.not_found"
handler500 = "portal.web.errors.server_error"
