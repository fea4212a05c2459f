import tempfile
from contextlib import nullcontext
from pathlib import Path

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from portal import clock
from portal.access.decorators import needs
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.access.policy import require
from portal.documents.download import download
from portal.exports import actions, queries
from portal.exports.forms import ExportForm
from portal.exports.kinds import Kind, Selection, kind_of
from portal.exports.making import DIRECT_ROWS, MEDIA_TYPES, file_name, make
from portal.exports.models import ExportJob
from portal.web.idempotency import idempotent, release
from portal.web.pagination import paginate


@require_POST
@needs(Permission.EXPORT_CREATE)
@idempotent
def create(request: HttpRequest, slug: str) -> HttpResponse:
    """The file itself when it is short; else the page of a job that a worker takes up."""
    kind = kind_of(slug)
    if kind is None:
        raise Http404
    require(request.actor, kind.permission)
    form = ExportForm(request.POST)
    if not form.is_valid():
        release(request)
        messages.error(request, _("Format berkas tidak dikenal. Pilih XLSX, CSV, atau PDF."))
        return redirect(kind.page)
    at = clock.now()
    selection = kind.select(request.actor, form.values["query"], at)
    try:
        if len(selection.ids) <= DIRECT_ROWS:
            return _at_once(request, kind, form.values["format"], selection)
        job = actions.request_export(
            kind, form.values["format"], selection, by=request.actor, at=at
        )
    except Refused as refusal:
        release(request)
        messages.error(request, refusal.sentence)
        return redirect(_page(kind, selection))
    return redirect("exports:job", job.pk)


def _page(kind: Kind, selection: Selection) -> str:
    return f"{redirect(kind.page).url}?{selection.query or 'semua=1'}"


def _at_once(request: HttpRequest, kind: Kind, form: str, selection: Selection) -> HttpResponse:
    at = clock.now()
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "berkas")
        make(
            target,
            kind,
            form,
            selection,
            actor=request.actor,
            at=at,
            steps=lambda done: nullcontext(),
        )
        actions.record_direct(kind, form, selection, by=request.actor, at=at)
        return download(target.read_bytes(), MEDIA_TYPES[form], file_name(kind, form, at))


@require_GET
@never_cache
@needs(Permission.EXPORT_CREATE)
def job_list(request: HttpRequest) -> HttpResponse:
    """What the post asked for in the last day."""
    page = paginate(request, queries.jobs(request.actor))
    rows = queries.job_rows(page.object_list, clock.now())
    return render(request, "exports/job_list.html", {"page": page, "rows": rows})


@require_GET
@never_cache
@needs(Permission.EXPORT_CREATE)
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One job with its progress; to htmx only the part that moves."""
    found = _own(request, pk)
    (row,) = queries.job_rows([found], clock.now())
    fragment = request.htmx and not request.htmx.history_restore_request
    return render(request, f"exports/job.html{'#moving' if fragment else ''}", {"row": row})


@require_GET
@never_cache
@needs(Permission.EXPORT_CREATE)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    found = _own(request, pk)
    kind = kind_of(found.kind)
    if kind is None:
        raise Http404
    require(request.actor, kind.permission)
    try:
        body = actions.read_file(found, by=request.actor, at=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("exports:job", pk)
    name = file_name(kind, found.format, found.created_at)
    return download(body, MEDIA_TYPES[found.format], name)


def _own(request: HttpRequest, pk: int) -> ExportJob:
    return get_object_or_404(ExportJob.objects.visible_to(request.actor), pk=pk)
