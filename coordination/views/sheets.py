"""The daftar hadir to take away: PDF/A and XLSX. Each download is recorded."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from coordination.exports.attendance import attendance_file
from coordination.queries.meetings import loaded
from coordination.views.reading import found
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.audit.record import record_read
from portal.documents.download import download


@require_GET
@needs(Permission.MEETING_VIEW)
def attendance_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    return _file(request, pk, "pdf")


@require_GET
@needs(Permission.MEETING_VIEW)
def attendance_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    return _file(request, pk, "xlsx")


def _file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    meeting, at = found(request, loaded(request.actor), pk=pk), clock.now()
    file = attendance_file(meeting, kind, reader=request.actor, name=request.user.name, at=at)
    if file is None:
        raise Http404
    record_read(meeting, by=request.actor, at=at, verb="attendance_download")
    return download(*file)
