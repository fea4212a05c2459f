from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.attachments.models import Attachment
from portal.attachments.storage import read
from portal.audit.record import record_read


@require_GET
@needs(Permission.ATTACHMENT_VIEW)
def download(request, pk):
    """The file, for whoever may see the record that it hangs on; the download is recorded."""
    attachment = get_object_or_404(
        Attachment.objects.select_related("content_type"),
        pk=pk,
        classification__lte=request.actor.clearance,
    )
    owners = attachment.content_type.model_class().objects.visible_to(request.actor)
    if not owners.filter(pk=attachment.object_id).exists():
        raise Http404
    record_read(attachment, by=request.actor, at=clock.now(), verb="download")
    return HttpResponse(
        read(attachment.path),
        content_type=attachment.media_type,
        headers={
            "Content-Disposition": content_disposition_header(True, attachment.name),
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "no-store",
        },
    )
