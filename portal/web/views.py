from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from portal import clock
from portal.access.decorators import needs, public
from portal.access.permissions import Permission
from portal.accounts import actions
from portal.web import gallery, theme
from portal.web.pagination import paginate


def next_address(request: HttpRequest) -> str:
    """Where the person came from, if that is a page of ours."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else "/"


@public
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    response = redirect(next_address(request))
    choice = request.POST.get("theme", "")
    if choice in theme.CHOICES:
        response.set_cookie(
            theme.COOKIE,
            choice,
            max_age=365 * 24 * 3600,
            samesite="Lax",
            secure=request.is_secure(),
            httponly=True,
        )
    return response


@public
@require_POST
def choose_language(request: Any) -> HttpResponse:
    """The language of the pages; for a person with a post, of his mails too."""
    language = request.POST.get("language", "")
    if request.actor is not None and check_for_language(language):
        actions.set_language(request.user, language, by=request.actor, at=clock.now())
    return set_language(request)


@needs(Permission.COMPONENTS_VIEW)
def components(request: HttpRequest) -> HttpResponse:
    """Every component with realistic content: a picture book for builders and a test."""
    form = gallery.ExampleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        messages.success(request, gallery.valid())
    context = {
        **gallery.examples(),
        "form": form,
        "page": paginate(request, gallery.rows(), per_page=4),
    }
    return render(request, "ui/gallery.html", context)
