from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from portal import clock
from portal.access.classification import Classification
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.attachments.models import Attachment
from portal.attachments.pictures import small
from portal.attachments.storage import read
from portal.audit.record import record_read


@require_GET
@needs(Permission.ATTACHMENT_VIEW)
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The file, for whoever may see the record that it hangs on; the download is recorded."""
    attachment = _found(request, pk)
    record_read(attachment, by=request.actor, at=clock.now(), verb="download")
    return _answer(attachment, read(attachment.path), saved=True)


@require_GET
@needs(Permission.ATTACHMENT_VIEW)
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture in full, shown instead of saved; recorded as every file that is taken."""
    attachment = _found_picture(request, pk)
    record_read(attachment, by=request.actor, at=clock.now(), verb="download")
    return _answer(attachment, read(attachment.path), saved=False)


@require_GET
@needs(Permission.ATTACHMENT_VIEW)
def thumbnail(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture drawn small for the page of its record. Reading that page is recorded where the
    class asks for it, so the small picture is recorded by the same measure."""
    attachment = _found_picture(request, pk)
    if attachment.classification >= Classification.RAHASIA:
        record_read(attachment, by=request.actor, at=clock.now())
    return _answer(attachment, small(read(attachment.path)), saved=False, media_type="image/jpeg")


def _found(request: HttpRequest, pk: int) -> Attachment:
    """The file of a record in sight and of a class within the clearance, else 404."""
    attachment = get_object_or_404(
        Attachment.objects.select_related("content_type"),
        pk=pk,
        classification__lte=request.actor.clearance,
    )
    owners = attachment.content_type.model_class().objects.visible_to(request.actor)
    if not owners.filter(pk=attachment.object_id).exists():
        raise Http404
    return attachment


def _found_picture(request: HttpRequest, pk: int) -> Attachment:
    attachment = _found(request, pk)
    if not attachment.is_picture:
        raise Http404
    return attachment


def _answer(
    attachment: Attachment, data: bytes, *, saved: bool, media_type: str = ""
) -> HttpResponse:
    return HttpResponse(
        data,
        content_type=media_type or attachment.media_type,
        headers={
            "Content-Disposition": content_disposition_header(saved, attachment.name),
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "no-store",
        },
    )
