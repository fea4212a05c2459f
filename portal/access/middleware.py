from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.utils.translation import gettext as _

from portal import clock
from portal.access.actor import Actor
from portal.access.context import set_actor
from portal.accounts.enums import TenureKind

POST_SESSION_KEY = "post_id"


class ActorMiddleware:
    """Finds the post the user acts as, and runs his request in one transaction on its behalf.

    Anonymous requests and the sign-in pages have no actor and stay in autocommit, so that the
    sign-in limits count each guess at once. An answer of 500, and an error of the API, rolls the
    transaction back.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.actor = None
        request.failed = False
        if request.path.startswith(("/accounts/", "/healthz", "/readyz", "/static/")):
            request.actor = acting(request)
            return self.get_response(request)
        if "HTTP_AUTHORIZATION" in request.META and request.path.startswith("/api/"):
            # The token is read inside the view; the actor is set there.
            return self._in_transaction(request, actor=None)
        actor = acting(request)
        if actor is None:
            return self.get_response(request)
        return self._in_transaction(request, actor)

    def _in_transaction(self, request, actor: Actor | None):
        with transaction.atomic():
            if actor is not None:
                request.actor = actor
                set_actor(actor)
            response = self.get_response(request)
            refused = getattr(response, "rolls_back", False)
            if response.status_code >= 500 or request.failed or refused:
                transaction.set_rollback(True)
        return response

    def process_exception(self, request, exception):
        # Only remembered here: the error page is still to be rendered, and may read.
        request.failed = True


def acting(request) -> Actor | None:
    """The signed-in person's chosen post if he still holds it, else the one he last acted as, else
    one that he holds in his own right."""
    if not request.user.is_authenticated:
        return None
    tenures = list(request.user.tenures_at(clock.now()))
    if not tenures:
        return None
    chosen = request.session.get(POST_SESSION_KEY)
    request.tenures = tenures
    last = request.user.last_post_id
    return Actor.of(
        min(
            tenures,
            key=lambda tenure: (
                tenure.post_id != chosen,
                tenure.post_id != last,
                tenure.kind != TenureKind.DEFINITIVE,
            ),
        )
    )


class ClosedByDefaultMiddleware(LoginRequiredMiddleware):
    """Nobody enters unsigned; nobody acts without a post; who must have a second factor enrols."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        if getattr(view_func, "public", False) or not getattr(view_func, "login_required", True):
            return None
        if request.path.startswith("/api/"):
            return None
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        if answer is not None and request.headers.get("HX-Request"):
            # A sign-in page must not be put into a corner of the page that asked for a fragment.
            return HttpResponse(status=401)
        if answer is not None or not request.user.is_authenticated:
            return answer
        if (
            request.path.startswith("/accounts/")
            or resolve(request.path).url_name == "set_language"
        ):
            return None
        if request.actor is None:
            raise PermissionDenied(_("Anda tidak memegang jabatan yang berlaku saat ini."))
        if must_enrol(request):
            return redirect(reverse("mfa_index"))
        return None


def must_enrol(request) -> bool:
    """Whether the acting post's role asks for a second factor that its holder does not have yet."""
    return bool(
        settings.MFA_REQUIRED_ROLES & request.actor.roles
        and not request.user.authenticator_set.exists()
    )
