"""A file as an answer, on the pages and in the API."""

from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from rest_framework.renderers import BaseRenderer

PDF_TYPE = "application/pdf"


def download(content: bytes, media_type: str, name: str) -> HttpResponse:
    """To be kept by the reader, and by nothing between him and us."""
    return HttpResponse(
        content,
        content_type=media_type,
        headers={
            "Content-Disposition": content_disposition_header(True, name),
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "no-store",
        },
    )


class AnyFile(BaseRenderer):
    """For actions of the API that answer with `download`: whatever the caller accepts. It renders
    nothing itself; errors are problem details as everywhere."""

    media_type = "*/*"
    format = "file"
    charset = None

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None):
        return b""
