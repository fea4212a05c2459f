from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from portal import clock
from portal.access.decorators import needs, public
from portal.access.permissions import Permission
from portal.notifications import actions, mailbox, overdue, queries
from portal.notifications.forms import MailChoiceForm
from portal.notifications.models import Notification
from portal.web.forms import submit
from portal.web.idempotency import idempotent
from portal.web.pagination import paginate


@require_GET
@never_cache
@needs(Permission.NOTIFICATION_VIEW)
def inbox(request: HttpRequest) -> HttpResponse:
    """What the post was told; what of it is unread or unanswered, and what of the agency's own
    duties is late."""
    part = _part(request.GET)
    at = clock.now()
    late = overdue.late_items(request.actor, at)
    counts = queries.inbox_counts(request.actor) | {queries.LATE: len(late)}
    source = late if part == queries.LATE else queries.inbox(request.actor, part)
    page = paginate(request, source)
    context = {
        "page": page,
        "part": part,
        "late": page.object_list if part == queries.LATE else [],
        "rows": [] if part == queries.LATE else queries.inbox_rows(page.object_list, request.actor),
        "unread": counts[queries.UNREAD],
        "tabs": _tabs(part, counts),
        "choice": MailChoiceForm(
            initial={"information": not queries.refuses_information(request.user)}
        ),
    }
    return render(request, "notifications/inbox.html", context)


def _part(data: QueryDict) -> str:
    """The part of the inbox that is named; an unknown one is the whole."""
    part = data.get("saring", "")
    return part if part in {queries.UNREAD, queries.NOT_ACTED, queries.LATE} else ""


def _tabs(part: str, counts: dict[str, int]) -> list[dict]:
    here = reverse("notifications:inbox")
    labels = {
        queries.UNREAD: _("Belum dibaca"),
        queries.NOT_ACTED: _("Belum ditindaklanjuti"),
        queries.LATE: _("Terlambat"),
    }
    return [
        {"label": _("Semua"), "url": here, "current": not part},
        *(
            {
                "label": label,
                "url": f"{here}?saring={name}",
                "current": part == name,
                "count": counts[name],
            }
            for name, label in labels.items()
        ),
    ]


def _back(request: HttpRequest) -> HttpResponse:
    """To the part of the inbox that the button stood in."""
    part = _part(request.POST)
    return redirect(reverse("notifications:inbox") + (f"?saring={part}" if part else ""))


def _own(request: HttpRequest, pk: int) -> Notification:
    return get_object_or_404(Notification.objects.visible_to(request.actor), pk=pk)


@require_GET
@never_cache
@needs(Permission.NOTIFICATION_VIEW)
def open_notification(request: HttpRequest, pk: int) -> HttpResponse:
    """Reading is following the link."""
    notification = actions.mark_read(_own(request, pk), by=request.actor, at=clock.now())
    return redirect(notification.url)


@require_POST
@needs(Permission.NOTIFICATION_VIEW)
@idempotent
def mark_read(request: HttpRequest, pk: int) -> HttpResponse:
    actions.mark_read(_own(request, pk), by=request.actor, at=clock.now())
    return _back(request)


@require_POST
@needs(Permission.NOTIFICATION_VIEW)
@idempotent
def mark_all_read(request: HttpRequest) -> HttpResponse:
    count = actions.mark_all_read(by=request.actor, at=clock.now())
    text = ngettext(
        "%(count)d pemberitahuan ditandai sudah dibaca.",
        "%(count)d pemberitahuan ditandai sudah dibaca.",
        count,
    )
    messages.success(request, text % {"count": count})
    return _back(request)


@require_POST
@needs(Permission.NOTIFICATION_VIEW)
@idempotent
def choose_mail(request: HttpRequest) -> HttpResponse:
    form = MailChoiceForm(request.POST)
    if submit(request, form, lambda: actions.choose_mail(request.user, **form.values)):
        messages.success(request, _("Pilihan surel disimpan."))
    return redirect("notifications:inbox")


@require_GET
@never_cache
@needs(Permission.NOTIFICATION_VIEW)
def badge(request: HttpRequest) -> HttpResponse:
    """The number on the bell, asked for by every open page."""
    unread = queries.unread_count(request.actor)
    return render(request, "notifications/badge.html", {"unread": unread})


@public
@require_GET
@never_cache
def demo_mail(request: HttpRequest) -> HttpResponse:
    """Every mail the demo has sent, since no mail server takes them."""
    _only_in_demo()
    page = paginate(request, mailbox.letters())
    return render(request, "notifications/demo_mail.html", {"page": page})


@public
@require_GET
@never_cache
def demo_mail_detail(request: HttpRequest, name: str) -> HttpResponse:
    _only_in_demo()
    letter = mailbox.letter(name)
    if letter is None:
        raise Http404
    return render(request, "notifications/demo_mail_detail.html", {"letter": letter})


@public
@require_GET
@never_cache
def demo_mail_file(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """A file of a message, counted from one, as its reader would save it."""
    _only_in_demo()
    letter = mailbox.letter(name)
    if letter is None or not 1 <= pk <= len(letter.files):
        raise Http404
    file = letter.files[pk - 1]
    return HttpResponse(
        file.data,
        content_type=file.media_type,
        headers={
            "Content-Disposition": content_disposition_header(True, file.name),
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


def _only_in_demo() -> None:
    if not settings.DEMO:
        raise Http404
