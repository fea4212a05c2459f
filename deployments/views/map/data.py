"""What the drawing asks for: figures, outlines, units, and whether anything has changed."""

import gzip
import hashlib
import json
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from deployments import queries
from deployments.views.map.choice import PARTS, chosen, measure_of
from deployments.views.map.drawing import draw, texts
from deployments.views.reading import running
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.registry.enums import PROVINCE
from portal.registry.models import Boundary, Region
from portal.registry.queries import boundary_collection

LAND = Path(settings.BASE_DIR) / "portal" / "registry" / "data" / "land.geojson"
ALWAYS_ASK = "private, no-cache"
FOREVER = "private, max-age=31536000, immutable"


@require_GET
@needs(Permission.DEPLOYMENT_VIEW)
def map_data(request: HttpRequest) -> HttpResponse:
    """What the drawing needs, as JSON with an ETag."""
    now = clock.now()
    operation = running(now)
    choice = chosen(request, operation, now)
    drawn = draw(request, choice, operation, now)
    query, version = choice.query(), newest()
    as_of = drawn.scene.as_of

    def address(code: str) -> str:
        return f"{reverse('deployments:map_panel', args=[code])}?{query}"

    inside = choice.within.code != PROVINCE
    return answer(
        request,
        {
            "level": choice.level,
            "within": choice.within.code,
            "language": get_language(),
            "boundaries": boundary_address(choice.level, choice.within.code, version),
            "around": boundary_address(Region.Level.REGENCY, PROVINCE, version),
            "units": f"{reverse('deployments:map_units')}?{query}" if inside else "",
            "as_of": as_of.isoformat() if as_of else "",
            "texts": {name: text for name, text in texts(drawn).items() if name != "age"},
            **drawn.scene.payload(address),
        },
    )


@require_GET
@needs(Permission.DEPLOYMENT_VIEW)
def map_version(request: HttpRequest) -> HttpResponse:
    """Whether anything changed: the open map asks every second, and is mostly told 304."""
    now = clock.now()
    measure = measure_of(request.GET.get("measure"))
    version = queries.figures_version(running(now), now)
    own = measure.version(request.actor, now) if measure.version else ""
    return answer(request, {"version": f"{version}{own}", "now": now.isoformat("T", "minutes")})


@require_GET
@needs(Permission.DEPLOYMENT_VIEW)
def map_units(request: HttpRequest) -> HttpResponse:
    """The units inside a region that the reader may see one by one, where they stand."""
    now = clock.now()
    operation = running(now)
    choice = chosen(request, operation, now)
    found = queries.unit_markers(
        request.actor,
        operation,
        choice.within,
        choice.at or now,
        choice.filter,
    )
    query = choice.query()
    units = [
        {
            "lat": marker.latitude,
            "lon": marker.longitude,
            "name": marker.name,
            "agency": marker.agency,
            "place": marker.place,
            "people": marker.people,
            "say": marker.say,
            "code": marker.region,
            "panel": f"{reverse('deployments:map_panel', args=[marker.region])}?{query}",
        }
        for marker in found
    ]
    return answer(request, {"units": units})


@require_GET
@needs(Permission.DEPLOYMENT_VIEW)
def map_boundaries(request: HttpRequest) -> HttpResponse:
    """Outlines as GeoJSON. The address carries their version, so they are fetched once."""
    level, within = request.GET.get("level", ""), request.GET.get("within", PROVINCE)
    if level not in set(PARTS.values()):
        raise Http404
    return tagged(request, outlines(level, within, newest()), "application/geo+json", FOREVER)


@require_GET
@needs(Permission.DEPLOYMENT_VIEW)
def map_land(request: HttpRequest) -> HttpResponse:
    """The land around the province, for the background."""
    return tagged(request, land(), "application/geo+json", "private, max-age=86400")


def boundary_address(level: str, within: str, version: str) -> str:
    query = urlencode({"level": level, "within": within, "v": version})
    return f"{reverse('deployments:map_boundaries')}?{query}"


def newest() -> str:
    """Names the boundaries as they are loaded now."""
    loaded = Boundary.objects.aggregate(loaded=Max("loaded_at"))["loaded"]
    return format(int(loaded.timestamp()), "x") if loaded else "0"


@lru_cache(maxsize=32)
def outlines(level: str, within: str, version: str) -> bytes:
    return boundary_collection(level, within)[0]


@lru_cache(maxsize=1)
def land() -> bytes:
    return LAND.read_bytes()


@lru_cache(maxsize=64)
def packed(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


def answer(request: HttpRequest, values: dict) -> HttpResponse:
    body = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
    return tagged(request, body, "application/json", ALWAYS_ASK)


def tagged(request: HttpRequest, body: bytes, kind: str, caching: str) -> HttpResponse:
    """The body with an ETag of its content, packed if the reader can unpack; 304 if he has it."""
    etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    response = HttpResponse(body, content_type=kind)
    if "gzip" in request.headers.get("Accept-Encoding", "") and len(body) > 1000:
        response.content = packed(body)
        response["Content-Encoding"] = "gzip"
    response["ETag"] = etag
    response["Cache-Control"] = caching
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    return get_conditional_response(request, etag=etag, response=response)
