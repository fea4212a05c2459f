from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal import clock
from portal.access.decorators import public
from portal.background.health import as_json, readiness


@public
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """This process answers. Looks at nothing outside it."""
    return JsonResponse({"status": "ok"})


@public
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether all that the portal stands on works: 200 or 503, and which part does not."""
    answer = as_json(readiness(at=clock.true_now()))
    return JsonResponse(answer, status=200 if answer["status"] == "ok" else 503)
