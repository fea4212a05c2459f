"""The same POST twice has one effect and one answer, also when both arrive at the same moment.

The first to insert (owner, path, key) runs; PostgreSQL makes a second one wait on the unique key
until the first commits, and then it reads the first one's answer. A refused or failed POST gives
its key back, so the corrected form can be sent with it.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from portal import clock
from portal.access.errors import Refused
from portal.web import errors
from portal.web.models import IdempotencyRecord

FIELD = "idempotency_key"
HEADER = "Idempotency-Key"
KEEP = timedelta(hours=48)
KEPT_HEADERS = ("Content-Type", "Location", "HX-Redirect", "HX-Trigger", "HX-Refresh", "ETag")
# PostgreSQL's lock_not_available: the first request still runs after lock_timeout.
LOCK_TIMEOUT = "55P03"


class InProgress(Refused):
    """The first request with this key has not finished."""


class KeyReused(Refused):
    """The key was used before, for other content."""


class ShownOnce(Refused):
    """The first answer held a secret and was not kept."""


def idempotent(view: Callable) -> Callable:
    """For function views that take POST: the key is a form field or a header."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs):
        key = request_key(request)
        if request.method != "POST" or not key:
            return view(request, *args, **kwargs)
        try:
            return once(request, key, fingerprint(request), lambda: view(request, *args, **kwargs))
        except (InProgress, KeyReused, ShownOnce) as refusal:
            return _conflict(request, refusal)

    return guarded


def idempotent_secret(view: Callable) -> Callable:
    """Like `idempotent`, for a page that shows a secret once: the answer is not kept, so a repeat
    has no effect and is told to begin anew if the secret was missed."""

    guarded = idempotent(view)

    @wraps(view)
    def secret(request: HttpRequest, *args, **kwargs):
        request.shows_secret = True
        return guarded(request, *args, **kwargs)

    return secret


def api_once(request: Request, call: Callable[[], Response]) -> Response:
    """For REST framework: run `call` once per `Idempotency-Key`; a repeat gets the same answer."""
    django_request = request._request
    key = request_key(django_request)
    if not key:
        return call()
    mark = hashlib.sha256(
        json.dumps(request.data, sort_keys=True, default=str).encode("utf-8", "surrogatepass")
    ).hexdigest()
    return once(django_request, key, mark, call)


def once(request: HttpRequest, key: str, mark: str, call: Callable[[], HttpResponseBase]) -> Any:
    """The answer of `call`, or the recorded answer of the same key.

    Raises KeyReused when the key came with other content, InProgress when the first one still runs,
    ShownOnce when the first answer held a secret.
    """
    place = {"owner": _owner(request), "path": request.path[:300], "key": key}
    with transaction.atomic():
        if not _claim(place, mark):
            return _replay(request, place, mark)
        response = call()
        row = IdempotencyRecord.objects.filter(**place)
        if _had_effect(request, response):
            row.update(
                status=response.status_code,
                headers={
                    name: response[name] for name in KEPT_HEADERS if response.has_header(name)
                },
                body=b"" if _shows_secret(request) else _body(response),
            )
        else:
            row.delete()
        return response


def request_key(request: HttpRequest) -> str:
    """The key of a header or a form; anything that cannot be one counts as none."""
    key = request.headers.get(HEADER, "").strip()
    if not key and request.method == "POST" and not request.path.startswith("/api/"):
        key = request.POST.get(FIELD, "").strip()
    return key if key.isascii() and key.isprintable() and len(key) <= 100 else ""


def fingerprint(request: HttpRequest) -> str:
    """A digest of what was sent, apart from the technical fields and files' contents."""
    digest = hashlib.sha256()
    for name in sorted(request.POST):
        if name not in {FIELD, "csrfmiddlewaretoken"}:
            digest.update(json.dumps([name, request.POST.getlist(name)]).encode())
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            digest.update(json.dumps([name, file.name, file.size]).encode())
    return digest.hexdigest()


def release(request: Any) -> None:
    """Say that this POST had no effect: its key may be used again (called by `forms.submit`)."""
    request.had_no_effect = True


def purge(at: datetime) -> int:
    """Forget the answers of more than 48 hours ago; returns how many."""
    return IdempotencyRecord.objects.filter(created_at__lt=at - KEEP).delete()[0]


def _claim(place: dict[str, str], mark: str) -> bool:
    table = IdempotencyRecord._meta.db_table
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} (owner, path, key, fingerprint, headers, body, created_at) "  # noqa: S608 (our own table's name)
                "VALUES (%s, %s, %s, %s, '{}', '', %s) ON CONFLICT (owner, path, key) DO NOTHING",
                [place["owner"], place["path"], place["key"], mark, clock.true_now()],
            )
            return cursor.rowcount == 1
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") == LOCK_TIMEOUT:
            raise InProgress(
                _("Kiriman yang sama masih diproses. Tunggu sebentar, lalu muat ulang halaman.")
            ) from error
        raise


def _replay(request: HttpRequest, place: dict[str, str], mark: str) -> HttpResponseBase:
    api = _is_api(request)
    row = IdempotencyRecord.objects.get(**place)
    if row.fingerprint != mark:
        raise KeyReused(
            _(
                "Formulir ini sudah pernah dikirim dengan isi lain. "
                "Muat ulang halaman, lalu isi kembali perubahan Anda."
            )
        )
    if _shows_secret(request):
        raise ShownOnce(
            _(
                "Kiriman ini sudah dilaksanakan dan rahasianya hanya tampil sekali. "
                "Bila tidak sempat disalin, cabut, lalu buat yang baru."
            )
        )
    body = bytes(row.body)
    response: HttpResponseBase
    if api:
        response = Response(json.loads(body) if body else None, status=row.status)
    else:
        response = HttpResponse(body, status=row.status)
    for name, value in row.headers.items():
        if not (api and name == "Content-Type"):
            response[name] = value
    response["Idempotency-Replayed"] = "true"
    return response


def _had_effect(request: HttpRequest, response: HttpResponseBase) -> bool:
    if getattr(request, "had_no_effect", False) or response.status_code >= 400:
        return False
    if response.streaming:
        return False
    # A plain form answers success with a redirect; its 200 is the form again, with errors.
    return (
        response.status_code >= 300
        or _is_api(request)
        or _shows_secret(request)
        or bool(request.headers.get("HX-Request"))
    )


def _shows_secret(request: HttpRequest) -> bool:
    return getattr(request, "shows_secret", False)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _body(response: Any) -> bytes:
    if isinstance(response, Response):
        if response.data is None:
            return b""
        return json.dumps(response.data, cls=JSONEncoder).encode()
    if not getattr(response, "is_rendered", True):
        response.render()
    return response.content


def _owner(request: HttpRequest) -> str:
    actor = getattr(request, "actor", None)
    if actor is not None:
        return f"post:{actor.post_id}:user:{actor.user_id}"
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return f"user:{user.pk}"
    return "anonymous"


def _conflict(request: HttpRequest, refusal: Refused) -> HttpResponse:
    return errors.page(request, 409, _("Kiriman ganda"), refusal.sentence)
