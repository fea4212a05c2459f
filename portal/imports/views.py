from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal import clock
from portal.access.decorators import needs
from portal.access.errors import Refused
from portal.access.permissions import Permission
from portal.documents.download import download
from portal.documents.xlsx import CSV_TYPE, XLSX_TYPE
from portal.imports import actions, queries, sheets
from portal.imports.enums import Mode, RowVerdict, Source
from portal.imports.forms import ApplyForm, UploadForm
from portal.imports.kinds import Kind, kind_of, opens
from portal.imports.models import ImportJob
from portal.web.forms import submit
from portal.web.idempotency import idempotent, release
from portal.web.pagination import paginate

MEDIA_TYPES = {Source.XLSX: XLSX_TYPE, Source.CSV: CSV_TYPE}


@require_GET
@never_cache
@needs(Permission.IMPORT_CREATE)
def job_list(request: HttpRequest) -> HttpResponse:
    """What the post may import, and what it sent in the last month."""
    page = paginate(request, queries.jobs(request.actor))
    context = {
        "kinds": queries.kind_rows(request.actor),
        "page": page,
        "rows": queries.job_rows(page.object_list),
    }
    return render(request, "imports/job_list.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.IMPORT_CREATE)
@idempotent
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    kind = _kind(request, slug)
    sent = request.method == "POST"
    form = UploadForm(request.POST if sent else None, request.FILES if sent else None)
    if sent:
        job = submit(
            request,
            form,
            lambda: actions.upload_file(
                kind, form.values["file"], by=request.actor, at=clock.now()
            ),
        )
        if job:
            return redirect("imports:job", job.pk)
    context = {
        "form": form,
        "kind": kind,
        "heads": sheets.help_heads(),
        "columns": sheets.help_rows(kind.columns),
    }
    return render(request, "imports/upload.html", context)


@require_GET
@needs(Permission.IMPORT_CREATE)
def template(request: HttpRequest, slug: str) -> HttpResponse:
    """An empty file with the headings, to be filled in."""
    kind = _kind(request, slug)
    form = Source.CSV if request.GET.get("format") == Source.CSV else Source.XLSX
    return download(sheets.template(kind, form), MEDIA_TYPES[form], f"templat-{kind.name}.{form}")


@require_GET
@never_cache
@needs(Permission.IMPORT_CREATE)
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One job with its progress and its rows; to htmx only the part that moves."""
    found = _own(request, pk)
    chosen = request.GET.get("putusan", "")
    chosen = chosen if chosen in RowVerdict.values else ""
    page = paginate(request, queries.rows_of(found, chosen), per_page=50)
    context = {
        "row": queries.job_row(found),
        "may": queries.choices(found),
        "tabs": queries.verdict_tabs(found, chosen),
        "page": page,
        "lines": queries.preview(found, page.object_list),
        "whole_fields": [{"name": "mode", "value": Mode.ALL.value}],
        "good_fields": [{"name": "mode", "value": Mode.GOOD.value}],
    }
    fragment = request.htmx and not request.htmx.history_restore_request
    return render(request, f"imports/job.html{'#moving' if fragment else ''}", context)


@require_POST
@needs(Permission.IMPORT_CREATE)
@idempotent
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    found = _own(request, pk)
    form = ApplyForm(request.POST)
    mode = form.values["mode"] if form.is_valid() else ""
    return _do(
        request,
        found,
        lambda: actions.request_apply(found, mode, by=request.actor, at=clock.now()),
    )


@require_POST
@needs(Permission.IMPORT_CREATE)
@idempotent
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    found = _own(request, pk)
    return _do(
        request, found, lambda: actions.discard_import(found, by=request.actor, at=clock.now())
    )


@require_POST
@needs(Permission.IMPORT_CREATE)
@idempotent
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    found = _own(request, pk)
    return _do(
        request, found, lambda: actions.request_undo(found, by=request.actor, at=clock.now())
    )


@require_GET
@never_cache
@needs(Permission.IMPORT_CREATE)
def rejected(request: HttpRequest, pk: int) -> HttpResponse:
    """The refused rows as a file of the kind that was sent; taking it is recorded."""
    found = _own(request, pk)
    kind = _kind(request, found.kind)
    rows = queries.rejected(found, kind)
    if not rows:
        messages.error(request, _("Tidak ada baris yang ditolak."))
        return redirect("imports:job", pk)
    actions.note_download(found, len(rows), by=request.actor, at=clock.now())
    body = sheets.refused_rows(kind, found.source, rows)
    name = f"ditolak-{kind.name}-{found.pk}.{found.source}"
    return download(body, MEDIA_TYPES[Source(found.source)], name)


def _do(request: HttpRequest, found: ImportJob, call: Callable[[], Any]) -> HttpResponse:
    try:
        call()
    except Refused as refusal:
        release(request)
        messages.error(request, refusal.sentence)
    return redirect("imports:job", found.pk)


def _kind(request: HttpRequest, slug: str) -> Kind:
    kind = kind_of(slug)
    if kind is None:
        raise Http404
    if not opens(kind, request.actor):
        raise PermissionDenied
    return kind


def _own(request: HttpRequest, pk: int) -> ImportJob:
    return get_object_or_404(ImportJob.objects.visible_to(request.actor), pk=pk)
