"""The notula on paper, and the public answer to the question whether a paper is genuine."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from coordination import exports
from coordination.actions.minutes import issue_copy
from coordination.enums import MinutesState
from coordination.forms.circulation import VerifyFileForm, VerifyForm
from coordination.models import Minutes
from coordination.queries import minutes as queries
from coordination.views.minutes.pages import minutes_of
from portal import clock
from portal.access.decorators import needs, public
from portal.access.permissions import Permission
from portal.attachments.passing import Passing
from portal.audit.record import record_read
from portal.documents.download import download
from portal.web import errors
from portal.web.throttling import MINUTE, allowed, until_next


@require_GET
@needs(Permission.MINUTES_VIEW)
def minutes_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The published notula as PDF/A; the download is recorded, and the copy known again."""
    minutes = minutes_of(request, pk)
    if minutes.state != MinutesState.PUBLISHED:
        raise Http404
    at = clock.now()
    file = _file(request, minutes, "pdf", at)
    issue_copy(minutes, file[0], by=request.actor, at=at)
    return download(*file)


@require_GET
@needs(Permission.MINUTES_VIEW)
def minutes_docx(request: HttpRequest, pk: int) -> HttpResponse:
    """The notula as DOCX for further work, drafts too; the download is recorded."""
    minutes = minutes_of(request, pk)
    at = clock.now()
    record_read(minutes, by=request.actor, at=at, verb="download")
    return download(*_file(request, minutes, "docx", at))


def _file(
    request: HttpRequest, minutes: Minutes, kind: str, at: datetime
) -> tuple[bytes, str, str]:
    return exports.notula_file(
        minutes,
        kind,
        reader=request.actor,
        name=request.user.name,
        without=request.GET.getlist("tanpa"),
        at=at,
    )


@require_safe
@public
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """For whoever holds a paper: is it genuine? Says number, date and hash, nothing of the text."""
    if not _may_ask(request):
        return _too_often(request)
    found = queries.verified(code)
    form = VerifyForm(request.GET) if "sha256" in request.GET else VerifyForm()
    matches = None
    if found is not None and form.is_bound and form.is_valid():
        known = {found["sha256"]: _("notula")} | {
            row["sha256"]: _("adendum %(number)s") % {"number": row["number"]}
            for row in found["addenda"]
        }
        matches = known.get(form.cleaned_data["sha256"], "")
    return render(
        request,
        "coordination/verify.html",
        {"found": found, "form": form, "matches": matches, "compared": matches is not None},
        status=200 if found else 404,
    )


# Nobody acts here and nothing is changed: there is nothing to forge. And the check would read the
# form, file and all, before the view can say how.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@public
def verify_file(request: HttpRequest) -> HttpResponse:
    """For whoever holds a PDF: is it one that this portal gave out? The file is hashed as it comes
    in and written nowhere; the answer is number, date and hash, nothing of the text."""
    if not _may_ask(request):
        return _too_often(request)
    request.upload_handlers = [Passing(request)]
    form = VerifyFileForm()
    found, sha256 = None, ""
    if request.method == "POST":
        form = VerifyFileForm(request.POST, request.FILES)
        if form.is_valid():
            sha256 = form.cleaned_data["file"].sha256
            found = queries.verified_copy(sha256)
    context = {"form": form, "found": found, "sha256": sha256}
    return render(request, "coordination/verify_file.html", context)


def _may_ask(request: HttpRequest) -> bool:
    return allowed(request, "verify", amount=30, seconds=MINUTE)


def _too_often(request: HttpRequest) -> HttpResponse:
    response = errors.page(
        request,
        429,
        _("Terlalu banyak permintaan"),
        _("Tunggu satu menit, lalu periksa sekali lagi."),
    )
    response["Retry-After"] = until_next(MINUTE)
    return response
