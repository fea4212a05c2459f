"""What happens to every request before and after its view, apart from rights."""

from urllib.parse import quote, unquote_to_bytes

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.translation import gettext as _

from portal.web import errors
from portal.web.correlation import client_address, correlated, new_request_id

# Read in full by the views that take files; their own limits apply (portal.attachments).
UNLIMITED_HERE = "multipart/form-data"


class RequestIdMiddleware:
    """Gives each request an id that its answer, its log lines and its audit rows all carry."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.request_id = new_request_id()
        channel = "api" if request.path.startswith("/api/") else "web"
        with correlated(request.request_id, client_address(request), channel):
            response = self.get_response(request)
        response["X-Request-ID"] = request.request_id
        return response


class SecurityHeadersMiddleware:
    """The headers that neither Django nor django-csp sets."""

    PERMISSIONS = ", ".join(
        f"{feature}=()"
        for feature in (
            "accelerometer",
            "browsing-topics",
            "camera",
            "display-capture",
            "gyroscope",
            "magnetometer",
            "microphone",
            "payment",
            "usb",
        )
    )

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", f"{self.PERMISSIONS}, geolocation=(self)")
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["HX-Request", "Cookie"])
        if request.method == "POST" and request.path == reverse("account_logout"):
            # What the page's own script has not wiped: drafts, unsent reports, kept pages.
            response.setdefault("Clear-Site-Data", '"storage"')
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
            response["Cache-Control"] = "no-store, private"
        return response


class CleanInputMiddleware:
    """Refuses what no form of ours can send, before it can break something further in.

    NUL and text that is not UTF-8 in the address are 400; a body beyond the limit is 413 before any
    of it is read. Text inside a form is judged field by field in `portal.web.forms`.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not readable(request.META.get("QUERY_STRING", "")) or not readable_path(request):
            return errors.bad_request(
                request, BadRequest(_("Alamat memuat karakter yang tidak terbaca."))
            )
        if self._too_big(request):
            return errors.bad_request(request, RequestDataTooBig())
        return self.get_response(request)

    def _too_big(self, request) -> bool:
        if request.content_type == UNLIMITED_HERE:
            return False
        length = request.META.get("CONTENT_LENGTH") or "0"
        return length.isdigit() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    def process_exception(self, request, exception):
        """What PostgreSQL cannot hold as text is the sender's mistake, not a crash."""
        if unstorable(exception):
            return errors.bad_request(request, BadRequest(_("Isian memuat karakter terlarang.")))
        return None


def readable(quoted: str) -> bool:
    raw = unquote_to_bytes(quoted.encode("latin-1", "replace"))
    return b"\0" not in raw and _is_utf8(raw)


def readable_path(request: HttpRequest) -> bool:
    # Django keeps bytes of the path that are not UTF-8 as %XX.
    return "\0" not in request.path_info and readable(quote(request.path_info, safe="/%"))


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def unstorable(exception: BaseException) -> bool:
    """Whether the database driver refused a text: a NUL or half a surrogate pair."""
    return isinstance(exception, UnicodeEncodeError) or (
        isinstance(exception, ValueError) and "NUL (0x00)" in str(exception)
    )


class WrongMethodMiddleware:
    """Whoever opens the address of a form's sending, after a reload or from a bookmark, is told so
    instead of seeing an empty page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code != 405 or request.method != "GET" or response.content:
            return response
        told = errors.wrong_method(request)
        told["Allow"] = response["Allow"]
        return told
