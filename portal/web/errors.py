"""Error pages: one shape, the request's id, no stack, no SQL. The API gets problem+json."""

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from portal.web import problems


def page(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    """The error as a page, or as problem+json under /api/."""
    if request.path_info.startswith("/api/"):
        return problems.problem_response(request, status, title, sentence)
    context = {
        "error_title": title,
        "sentence": sentence,
        "request_id": getattr(request, "request_id", ""),
    }
    # Before the session is opened, or when the database is gone, only a page without menu is safe.
    bare = status == 500 or not hasattr(request, "user")
    html = (
        render_to_string("errors/bare.html", context)
        if bare
        else render_to_string("errors/page.html", context, request)
    )
    return HttpResponse(html, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return page(request, 413, _("Kiriman terlalu besar"), too_big())
    # Django's own suspicious-operation messages name internals; only our sentences are shown.
    own = str(exception) if type(exception).__name__ == "BadRequest" else ""
    return page(request, 400, _("Permintaan tidak terbaca"), own or unreadable())


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    own = (
        str(exception) if isinstance(exception, PermissionDenied) and " " in str(exception) else ""
    )
    sentence = own or _("Jabatan Anda tidak berwenang membuka halaman atau melakukan tindakan ini.")
    return page(request, 403, _("Tidak berwenang"), sentence)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    sentence = _("Halaman ini tidak ada, atau berada di luar lingkup jabatan Anda.")
    return page(request, 404, _("Tidak ditemukan"), sentence)


def wrong_method(request: HttpRequest) -> HttpResponse:
    sentence = _(
        "Alamat ini hanya menerima kiriman formulir; tidak ada halaman untuk dibuka. "
        "Kembali ke halaman sebelumnya untuk melihat hasilnya."
    )
    return page(request, 405, _("Tidak ada halaman di sini"), sentence)


def server_error(request: HttpRequest) -> HttpResponse:
    return page(request, 500, _("Terjadi gangguan"), problems.failure())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    sentence = _(
        "Formulir ini sudah kedaluwarsa atau berasal dari halaman lain. "
        "Kembali ke halaman sebelumnya, muat ulang, lalu kirim sekali lagi."
    )
    return page(request, 403, _("Formulir kedaluwarsa"), sentence)


def too_big() -> str:
    return _("Kiriman melampaui batas ukuran. Persingkat isian atau bagi menjadi beberapa kiriman.")


def unreadable() -> str:
    return _("Peramban atau aplikasi Anda mengirim permintaan yang tidak dapat dibaca.")
