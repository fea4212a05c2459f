"""The daily report as PDF, for the region or unit and the moment of the recapitulation."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from deployments import queries
from deployments.exports.daily import daily_pdf
from deployments.views.reading import running
from deployments.views.recap import asked_file
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.audit.record import record_read
from portal.documents.download import PDF_TYPE, download


@require_GET
@never_cache
@needs(Permission.EXPORT_CREATE)
def daily_print(request: HttpRequest) -> HttpResponse:
    """The same filters as the recapitulation; the download is recorded."""
    question = asked_file(request)
    report = queries.daily_report(
        request.actor,
        running(question.at),
        question.at,
        within=question.within,
        agency=question.agency or "",
        unit=question.unit if question.by == "unit" else None,
    )
    at = clock.now()
    record_read(report.operation, by=request.actor, at=at, verb="daily_print")
    name, pdf = daily_pdf(report, reader=request.actor, at=at)
    return download(pdf, PDF_TYPE, name)
