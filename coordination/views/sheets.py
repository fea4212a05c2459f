"""The daftar hadir to take away: PDF/A and XLSX. Each download is recorded."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from coordination.exports.attendance import attendance_sheet, attendance_values
from coordination.exports.letter import reader_stamp
from coordination.models import Meeting
from coordination.queries.attendance import attendance_rows, quorum
from coordination.queries.meetings import loaded
from coordination.views.reading import found
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.audit.record import record_read
from portal.documents.typst import render as render_pdf
from portal.documents.xlsx import XLSX_TYPE, xlsx


@require_GET
@needs(Permission.MEETING_VIEW)
def attendance_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    meeting, parts = _list(request, pk)
    with translation.override("id"):
        values = attendance_values(meeting, *parts, reader=_reader(request))
        pdf = render_pdf("daftar_hadir.typ", values, at=clock.now())
    return _file(meeting, pdf, "application/pdf", "pdf")


@require_GET
@needs(Permission.MEETING_VIEW)
def attendance_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    meeting, parts = _list(request, pk)
    with translation.override("id"):
        book = xlsx([attendance_sheet(meeting, *parts, reader=_reader(request))])
    return _file(meeting, book, XLSX_TYPE, "xlsx")


def _list(request: HttpRequest, pk: int) -> tuple[Meeting, Any]:
    """The meeting, its lines for that reader in Indonesian, and the quorum."""
    meeting = found(request, loaded(request.actor), pk=pk)
    with translation.override("id"):
        rows = attendance_rows(meeting, request.actor)
        # The labels are lazy: read them while the language is the document's.
        rows = [row | {"status": (row["status"][0], str(row["status"][1]))} for row in rows]
    if not rows:
        raise Http404
    record_read(meeting, by=request.actor, at=clock.now(), verb="attendance_download")
    return meeting, (rows, quorum(meeting))


def _reader(request: HttpRequest) -> str:
    return reader_stamp(request.actor.post_title, request.user.name, clock.now())


def _file(meeting: Meeting, data: bytes, media_type: str, ending: str) -> HttpResponse:
    name = f"daftar-hadir-{slugify(meeting.number.replace('/', '-'))}.{ending}"
    return HttpResponse(
        data,
        content_type=media_type,
        headers={
            "Content-Disposition": content_disposition_header(True, name),
            "Cache-Control": "no-store",
        },
    )
