"""Errors of the API as problem details (RFC 9457): `application/problem+json`."""

import json
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from portal.access.errors import Refused, Stale

CONTENT_TYPE = "application/problem+json"


def failure() -> str:
    return _("Sistem tidak dapat menyelesaikan permintaan ini. Gangguan sudah dicatat.")


def titles() -> dict[int, str]:
    """What each status means, in the user's language."""
    return {
        400: _("Permintaan tidak terbaca"),
        401: pgettext("pengguna", "Belum masuk"),
        403: _("Tidak berwenang"),
        404: _("Tidak ditemukan"),
        405: _("Metode tidak didukung"),
        406: _("Format jawaban tidak tersedia"),
        409: _("Bertentangan dengan keadaan sekarang"),
        412: _("Data sudah berubah"),
        413: _("Kiriman terlalu besar"),
        415: _("Format kiriman tidak didukung"),
        422: _("Isian ditolak"),
        428: _("Versi data wajib disebut"),
        429: _("Terlalu banyak permintaan"),
        500: _("Terjadi gangguan"),
    }


def details(
    request: HttpRequest,
    code: int,
    title: str,
    detail: str,
    errors: list | None = None,
    **extra: Any,
) -> dict[str, Any]:
    """The body: title and detail for people, status and field errors for programs."""
    return {
        "type": "about:blank",
        "title": title or titles().get(code, ""),
        "status": code,
        "detail": detail,
        "instance": request.path,
        "request_id": getattr(request, "request_id", ""),
        **({"errors": errors} if errors else {}),
        **extra,
    }


def problem_response(request: HttpRequest, code: int, title: str, detail: str) -> HttpResponse:
    """A problem outside of REST framework: error handlers and middleware."""
    body = json.dumps(details(request, code, title, detail), ensure_ascii=False)
    return HttpResponse(body, status=code, content_type=CONTENT_TYPE)


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's exception handler."""
    request = context["request"]._request
    answer = _translate(error, conditional="HTTP_IF_MATCH" in request.META)
    if answer is None:
        return None
    code, detail, errors, extra = answer
    # Also where the view itself speaks another format, as the YAML of the schema.
    context["request"].accepted_renderer = JSONRenderer()
    context["request"].accepted_media_type = JSONRenderer.media_type
    response: Any = Response(
        details(request, code, "", detail, errors, **extra), status=code, content_type=CONTENT_TYPE
    )
    if challenge := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        response["Retry-After"] = str(int(wait))
    # Half of what the view wrote must not survive its error (read by ActorMiddleware).
    response.rolls_back = True
    return response


def _translate(
    error: Exception, *, conditional: bool
) -> tuple[int, str, list | None, dict[str, Any]] | None:
    if isinstance(error, Stale):
        current = getattr(error.current, "version", None)
        extra = {"current_version": current} if current is not None else {}
        return 412 if conditional else 409, force_str(error.sentence), None, extra
    if isinstance(error, Refused):
        sentence = force_str(error.sentence)
        if error.field:
            entry = {"field": error.field, "message": sentence, "code": "refused"}
            return status.HTTP_422_UNPROCESSABLE_ENTITY, sentence, [entry], {}
        return status.HTTP_409_CONFLICT, sentence, None, {}
    if isinstance(error, RequestDataTooBig):
        return (
            status.HTTP_413_REQUEST_ENTITY_TOO_LARGE,
            _("Kiriman melampaui batas ukuran."),
            None,
            {},
        )
    if isinstance(error, Http404):
        return 404, _("Data ini tidak ada, atau berada di luar lingkup jabatan Anda."), None, {}
    if isinstance(error, (PermissionDenied, exceptions.PermissionDenied)):
        return 403, _("Jabatan Anda tidak berwenang melakukan tindakan ini."), None, {}
    if isinstance(error, DjangoValidationError):
        return 422, _invalid(), field_errors(_as_data(error)), {}
    if isinstance(error, exceptions.ValidationError):
        return 422, _invalid(), field_errors(error.get_full_details()), {}
    if isinstance(error, exceptions.ParseError):
        return 400, _("Isi permintaan bukan JSON yang sah dalam UTF-8."), None, {}
    if isinstance(error, exceptions.APIException):
        return error.status_code, force_str(error.detail), None, {}
    if isinstance(
        error, (SuspiciousOperation, UnicodeEncodeError, RecursionError)
    ) or "NUL (0x00)" in str(error):
        return 400, _("Isian memuat karakter terlarang."), None, {}
    return None


def _invalid() -> str:
    return _("Periksa isian yang disebut di bawah ini.")


def _as_data(error: DjangoValidationError) -> Any:
    if hasattr(error, "error_dict"):
        return {
            field: [
                {"message": text, "code": item.code} for item in items for text in item.messages
            ]
            for field, items in error.error_dict.items()
        }
    return [{"message": text, "code": "invalid"} for text in error.messages]


def field_errors(detail: Any, path: str = "") -> list[dict[str, str]]:
    """Nested validation errors as a flat list: `field` is a dotted path, empty for the whole."""
    if isinstance(detail, dict):
        if set(detail) == {"message", "code"}:
            message, code = force_str(detail["message"]), force_str(detail["code"] or "invalid")
            return [{"field": path, "message": message, "code": code}]
        return [
            entry
            for key, value in detail.items()
            for entry in field_errors(value, _join(path, "" if key == "non_field_errors" else key))
        ]
    entries: list[dict[str, str]] = []
    for index, item in enumerate(detail):
        nested = isinstance(item, dict) and set(item) != {"message", "code"}
        entries += field_errors(item, _join(path, index) if nested else path)
    return entries


def _join(path: str, key: Any) -> str:
    return ".".join(part for part in (path, str(key)) if part)
