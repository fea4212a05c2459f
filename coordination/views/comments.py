from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coordination.actions import comments as actions
from coordination.actions.following import choose_following
from coordination.forms.comments import CommentForm, StrikeForm
from coordination.models import Comment, Directive, Meeting, Obligation
from coordination.queries import comments as queries
from coordination.views.reading import found
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission
from portal.access.policy import may, require
from portal.web.forms import submit
from portal.web.idempotency import idempotent

NOUNS = {"obligation": Obligation, "directive": Directive, "meeting": Meeting}


@require_http_methods(["GET", "POST"])
@needs(Permission.OBLIGATION_VIEW)
@idempotent
def obligation_comments(request: HttpRequest, pk: int) -> HttpResponse:
    """What is said, and the form to say more; to htmx without the page around it."""
    rows = Obligation.objects.visible_to(request.actor)
    obligation = found(request, rows.select_related("agency", "directive"), pk=pk)
    writes = may(request.actor, Permission.COMMENT_WRITE)
    form = None
    if request.method == "POST" or writes:
        require(request.actor, Permission.COMMENT_WRITE)
        choices = queries.mention_choices(obligation, request.actor)
        form = CommentForm(request.POST or None, choices=choices)
    if request.method == "POST":
        comment = submit(
            request,
            form,
            lambda: actions.write_comment(
                obligation, by=request.actor, at=clock.now(), **form.row_values
            ),
        )
        if comment:
            messages.success(request, _("Komentar tersimpan."))
            page = reverse("coordination:obligation_detail", args=[pk])
            return redirect(f"{page}#komentar")
    context = {
        "obligation": obligation,
        "directive": obligation.directive,
        "comments": queries.comments(obligation, request.actor),
        "comment_form": form,
    }
    fragment = request.htmx and not request.htmx.history_restore_request
    part = "#talk" if fragment else ""
    return render(request, f"coordination/obligation_comments.html{part}", context)


@require_POST
@needs(Permission.COMMENT_WRITE)
@idempotent
def comment_strike(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Comment.objects.visible_to(request.actor).select_related("obligation")
    comment = found(request, rows, pk=pk)
    form = StrikeForm(request.POST)
    struck = submit(
        request,
        form,
        lambda: actions.strike_comment(comment, by=request.actor, at=clock.now(), **form.values),
    )
    if struck:
        messages.success(request, _("Komentar dicoret."))
    else:
        messages.error(request, next(iter(form.errors.values()))[0])
    page = reverse("coordination:obligation_detail", args=[comment.obligation_id])
    return redirect(f"{page}#komentar")


@require_POST
@needs(Permission.NOTIFICATION_VIEW)
@idempotent
def follow(request: HttpRequest, noun: str, pk: int) -> HttpResponse:
    """Hear of a record, or hear no more; the button says which."""
    if noun not in NOUNS:
        raise Http404
    record = found(request, NOUNS[noun].objects.visible_to(request.actor), pk=pk)
    following = request.POST.get("following") == "1"
    choose_following(record, by=request.actor, at=clock.now(), following=following)
    said = _("Anda mengikuti perubahannya.") if following else _("Anda tidak lagi mengikutinya.")
    messages.success(request, said)
    return redirect(f"coordination:{noun}_detail", pk)
