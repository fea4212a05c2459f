from allauth.account.forms import ResetPasswordForm
from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal import clock
from portal.access.decorators import needs
from portal.access.errors import Refused
from portal.access.middleware import POST_SESSION_KEY
from portal.access.permissions import Permission
from portal.access.policy import may
from portal.accounts import actions, queries
from portal.accounts.forms import (
    AppointForm,
    NewPostForm,
    PeopleFilter,
    PostFilter,
    PostForm,
    ProfileForm,
    TokenForm,
    UserForm,
)
from portal.accounts.models import Tenure
from portal.web.forms import submit
from portal.web.idempotency import idempotent, idempotent_secret
from portal.web.pagination import paginate


@require_http_methods(["GET", "POST"])
@needs(Permission.PROFILE_EDIT)
@idempotent
def profile(request):
    """The person's own settings, posts, sessions, second factors and tokens."""
    form = ProfileForm(request.POST or None, initial={"language": request.user.language})
    if request.method == "POST" and form.is_valid():
        language = form.values["language"]
        actions.set_language(request.user, language, by=request.actor, at=clock.now())
        translation.activate(language)
        messages.success(request, _("Berhasil disimpan."))
        response = redirect("accounts:profile")
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            httponly=True,
            samesite="Lax",
            secure=settings.PRODUCTION,
        )
        return response
    return render(request, "accounts/profile.html", {"form": form, "tenures": request.tenures})


@require_POST
@needs(Permission.PROFILE_EDIT)
@idempotent
def switch_post(request):
    """Act as another of one's own posts from now on."""
    wanted = request.POST.get("post", "")
    tenure = next((t for t in request.tenures if str(t.post_id) == wanted), None)
    if tenure is None:
        messages.error(request, _("Jabatan itu tidak sedang Anda pegang."))
        return redirect("home:dashboard")
    actions.note_acting_post(tenure, by=request.actor, at=clock.now())
    request.session[POST_SESSION_KEY] = tenure.post_id
    messages.success(request, _("Anda sekarang bertindak sebagai %(post)s.") % {"post": tenure})
    return redirect("home:dashboard")


@require_http_methods(["GET", "POST"])
@needs(Permission.PROFILE_EDIT)
@idempotent_secret
def tokens(request):
    """Keys to the API of the acting post: list, issue (clear text shown once)."""
    form = TokenForm(request.POST or None)
    issued = None
    if request.method == "POST":
        current = next(t for t in request.tenures if t.post_id == request.actor.post_id)
        issued = submit(
            request,
            form,
            lambda: actions.issue_token(
                request.user, current.post, by=request.actor, at=clock.now(), **form.values
            ),
        )
    context = {
        "form": form,
        "tokens": queries.tokens_of(request.actor),
        "issued": issued[1] if issued else "",
    }
    return render(request, "accounts/tokens.html", context)


@require_POST
@needs(Permission.PROFILE_EDIT)
@idempotent
def revoke_token(request, digest):
    """End one of one's own keys."""
    token = get_object_or_404(queries.tokens_of(request.actor), digest=digest)
    actions.revoke_token(token, by=request.actor, at=clock.now())
    messages.success(request, _("Token dicabut."))
    return redirect("accounts:tokens")


@require_http_methods(["GET", "POST"])
@never_cache
@needs(Permission.PROFILE_EDIT)
@idempotent_secret
def calendar_feed(request):
    """The private calendar address: open one (shown once), or see that there is one."""
    address = ""
    if request.method == "POST":
        _feed, token = actions.open_feed(request.user, by=request.actor, at=clock.now())
        path = reverse("home:calendar_feed", args=[token])
        address = settings.PORTAL_URL.rstrip("/") + path
    context = {"feed": queries.feed_of(request.actor), "address": address}
    return render(request, "accounts/calendar_feed.html", context)


@require_POST
@needs(Permission.PROFILE_EDIT)
@idempotent
def revoke_feed(request):
    """End the private calendar address."""
    actions.revoke_feed(request.user, by=request.actor, at=clock.now())
    messages.success(request, _("Langganan kalender dicabut."))
    return redirect("accounts:calendar_feed")


@require_GET
@needs(Permission.PEOPLE_VIEW)
def people(request):
    """Who holds which post now."""
    form = PeopleFilter(request.GET)
    q = form.cleaned_data["q"] if form.is_valid() else ""
    context = {
        "form": form,
        "page": paginate(request, queries.people(clock.now(), q)),
        "may_edit": may(request.actor, Permission.PEOPLE_EDIT),
    }
    return render(request, "accounts/people.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.PEOPLE_EDIT)
@idempotent
def create_user(request):
    """A new person; he sets his own password by the link that is mailed to him."""
    form = UserForm(request.POST or None)
    if request.method == "POST":
        user = submit(
            request,
            form,
            lambda: actions.create_user(**form.values, by=request.actor, at=clock.now()),
        )
        if user:
            invitation = ResetPasswordForm({"email": user.email})
            invitation.is_valid()
            invitation.save(request)
            messages.success(request, _("Pengguna dibuat; tautan kata sandi dikirim ke surelnya."))
            return redirect("accounts:appoint")
    return render(request, "accounts/user_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
@needs(Permission.PEOPLE_EDIT)
@idempotent
def appoint(request):
    """Let a person hold a post."""
    form = AppointForm(
        request.POST or None, actor=request.actor, initial={"starts_at": clock.now()}
    )
    if request.method == "POST":
        if submit(request, form, lambda: _appoint(request, form.values)):
            messages.success(request, _("Masa jabatan dicatat."))
            return redirect("accounts:people")
    return render(request, "accounts/appoint_form.html", {"form": form})


def _appoint(request, data):
    user, post = data.pop("user"), data.pop("post")
    return actions.appoint(user, post, by=request.actor, at=clock.now(), **data)


@require_POST
@needs(Permission.PEOPLE_EDIT)
@idempotent
def end_tenure(request, pk):
    """End a tenure now."""
    tenure = get_object_or_404(Tenure, pk=pk)
    try:
        actions.end_tenure(tenure, by=request.actor, at=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Masa jabatan diakhiri."))
    return redirect("accounts:people")


@require_GET
@needs(Permission.PEOPLE_VIEW)
def post_list(request):
    """Every office with its roles and reach, in use or not, held or vacant."""
    form = PostFilter(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    context = {
        "form": form,
        "page": paginate(request, queries.posts(request.actor, clock.now(), **given)),
        "may_edit": may(request.actor, Permission.PEOPLE_EDIT),
    }
    return render(request, "accounts/posts.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.PEOPLE_EDIT)
@idempotent
def post_create(request):
    """A new office."""
    form = NewPostForm(request.POST or None, actor=request.actor)
    if request.method == "POST":
        if post := submit(request, form, lambda: _create_post(request, form)):
            messages.success(request, _("Jabatan dibuat: %(post)s.") % {"post": post})
            return redirect("accounts:post_list")
    return render(request, "accounts/post_form.html", {"form": form})


def _create_post(request, form):
    return actions.create_post(slug=form.slug(), **form.values, by=request.actor, at=clock.now())


@require_http_methods(["GET", "POST"])
@needs(Permission.PEOPLE_EDIT)
@idempotent
def post_edit(request, pk):
    """An office's roles, reach, and whether it is in use."""
    post = get_object_or_404(queries.posts(request.actor, clock.now()), pk=pk)
    form = PostForm(request.POST or None, actor=request.actor, post=post)
    if request.method == "POST":
        if submit(request, form, lambda: _change_post(request, post, form)):
            messages.success(request, _("Berhasil disimpan."))
            return redirect("accounts:post_list")
    return render(request, "accounts/post_form.html", {"form": form, "post": post})


def _change_post(request, post, form):
    version = form.cleaned_data.get("version")
    return actions.change_post(
        post, **form.values, version=version, by=request.actor, at=clock.now()
    )
