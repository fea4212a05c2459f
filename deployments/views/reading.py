"""What several doorways read from the address."""

from datetime import datetime

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_datetime

from portal import clock
from portal.registry.models import Operation
from portal.registry.queries import current_operation


def running(at: datetime) -> Operation:
    """The operation of the moment; without one there is nothing to show."""
    operation = current_operation(at)
    if operation is None:
        raise Http404
    return operation


def moment(text: str | None) -> datetime | None:
    """An ISO time with its offset; None for anything else. A "+" may have become a space."""
    try:
        found = parse_datetime((text or "").replace(" ", "+"))
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def local_moment(text: str) -> datetime:
    """A local or offset ISO time; Http404 for anything else, never now."""
    try:
        found = parse_datetime(text.strip().replace(" ", "+"))
    except ValueError:
        raise Http404 from None
    if found is None:
        raise Http404
    return found if found.tzinfo else found.replace(tzinfo=clock.WITA)


def asked_operation(request: HttpRequest, at: datetime) -> Operation:
    """The operation that the address names by `operation`; without it the running one."""
    slug = request.GET.get("operation")
    if not slug:
        return running(at)
    return get_object_or_404(Operation.objects.visible_to(request.actor), slug=slug)
