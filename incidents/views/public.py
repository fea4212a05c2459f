"""The doors for people without an account. They set no cookie and read none: what opens a report is
its code, which is sent in the body of a form and never stands in an address."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from incidents import queries
from incidents.actions.public_reports import add_to_report, read_answers, receive_report
from incidents.forms.public import AdditionForm, CodeForm, PublicReportForm
from incidents.models import PublicReport
from portal import clock
from portal.access.decorators import public
from portal.web import proof
from portal.web.forms import submit
from portal.web.idempotency import idempotent_secret
from portal.web.throttling import MINUTE, allowed, exhausted, passer_by, until_next

HOUR = 60 * MINUTE
# Whole villages share one address of their mobile operator, so the work of the puzzle is what holds
# programs back; these are for what gets past it.
SENT = 120
SENT_BY_ALL = 1_200
WITHOUT_PUZZLE = 6
ASKED = 12
WRONG = 20


def for_everybody(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For nobody in particular, also where an officer is signed in; in the language that the
    address or the form names; kept by no browser and no proxy. A form sent twice is told so."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.user, request.actor = AnonymousUser(), None
        wished = request.POST.get("lang") or request.GET.get("lang") or ""
        known = wished if wished in dict(settings.LANGUAGES) else translation.get_language()
        with translation.override(known):
            response = view(request, *args, **kwargs)
            if response.status_code == 409 and getattr(request, "shows_secret", False):
                # Only a report's own answer shows a code that can be missed.
                match = request.resolver_match
                added = match is not None and match.url_name == "public_add"
                response = render(
                    request, "incidents/public_twice.html", {"added": added}, status=409
                )
        response["Cache-Control"] = "no-store"
        return response

    return opened


def within_limits(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """So many sendings from one address and in all. Counted before the body is read, and outside of
    the sending's transaction, where senders would wait for one another."""

    @wraps(view)
    def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        # One who sends too often must not use up what everybody has together.
        fits = allowed(
            request, "public-send", amount=SENT, seconds=HOUR, caller=passer_by(request)
        ) and allowed(request, "public-send", amount=SENT_BY_ALL, seconds=HOUR, caller="everybody")
        return view(request, *args, **kwargs) if fits else _too_often(request, HOUR)

    return counted


# No session and no right stands behind these forms, so there is nothing that a foreign page could
# misuse; the check would need a cookie, and these pages have none.
@csrf_exempt
@require_http_methods(["GET", "POST"])
@public
@within_limits
@for_everybody
@idempotent_secret
def public_create(request: HttpRequest) -> HttpResponse:
    """Report without an account; the answer shows the code, once."""
    at = clock.now()
    work = _work(request) if request.method == "POST" else ""
    form = PublicReportForm(
        request.POST or None,
        request.FILES if work else None,
        regions=queries.region_choices(),
        initial={"occurred_at": at},
    )
    if request.method == "POST":
        receipt = _receive(request, form, work)
        if receipt:
            return render(request, "incidents/public_receipt.html", {"receipt": receipt})
    question, ticket = proof.new_question()
    context = {
        "form": form,
        "puzzle": proof.new_puzzle(),
        "question": question,
        "ticket": ticket,
        # When the page was first opened, also after a mistake: who corrects one word is not hasty.
        "opened": request.POST.get("opened") or ticket,
    }
    return render(request, "incidents/public_form.html", context)


@csrf_exempt
@require_http_methods(["GET", "POST"])
@public
@for_everybody
def public_follow(request: HttpRequest) -> HttpResponse:
    """How far it is, and the answers, for whoever holds the code. That they were read is noted."""
    if request.method != "POST":
        return render(request, "incidents/public_follow.html", {"form": CodeForm()})
    report = _by_code(request)
    if isinstance(report, HttpResponse):
        return report
    return _own_page(request, report, None)


@csrf_exempt
@require_POST
@public
@within_limits
@for_everybody
@idempotent_secret
def public_add(request: HttpRequest) -> HttpResponse:
    """More words or pictures, by the code."""
    report = _by_code(request)
    if isinstance(report, HttpResponse):
        return report
    form = AdditionForm(request.POST, request.FILES or None)
    added = submit(request, form, lambda: _add(report, form))
    report.refresh_from_db()
    return _own_page(request, report, None if added else form, added=bool(added))


@require_GET
@public
@for_everybody
def public_figures(request: HttpRequest) -> HttpResponse:
    """Late and rounded counts, where the setting PUBLIC_COUNTS opens them."""
    if not settings.PUBLIC_COUNTS:
        raise Http404
    counts = queries.public_counts(clock.now())
    return render(request, "incidents/public_figures.html", {"counts": counts})


def _receive(request: HttpRequest, form: PublicReportForm, work: str) -> Any:
    # Used up only by what is otherwise in order, so that a mistake costs no second puzzle.
    if form.is_valid() and not (work and proof.first_use(work)):
        form.add_error(None, _proof_missing())
    words = {
        "trapped": bool(request.POST.get("website")),
        "seconds": proof.age(request.POST.get("opened", "")),
        "at": clock.now(),
    }
    return submit(request, form, lambda: receive_report(**form.values, **words))


def _add(report: PublicReport, form: AdditionForm) -> Any:
    given = form.values
    return add_to_report(report, text=given["text"], photos=given["photos"], at=clock.now())


def _own_page(
    request: HttpRequest, report: PublicReport, form: AdditionForm | None, *, added: bool = False
) -> HttpResponse:
    read_answers(report, at=clock.now())
    code = request.POST.get("code", "")
    context = {
        "own": queries.own_page(report),
        "form": form or AdditionForm(initial={"code": code}),
        "added": added,
    }
    return render(request, "incidents/public_own.html", context)


def _by_code(request: HttpRequest) -> PublicReport | HttpResponse:
    """The report, or the page that says why not. Who guesses is soon made to wait."""
    caller = passer_by(request)
    if exhausted("public-wrong", caller, amount=WRONG, seconds=HOUR):
        return _too_often(request, HOUR)
    if not allowed(request, "public-ask", amount=ASKED, seconds=MINUTE, caller=caller):
        return _too_often(request, MINUTE)
    form = CodeForm(request.POST)
    report = queries.report_of_code(request.POST.get("code", "")) if form.is_valid() else None
    if report is None:
        allowed(request, "public-wrong", amount=WRONG, seconds=HOUR, caller=caller)
        context = {"form": form, "unknown": form.is_valid()}
        return render(request, "incidents/public_follow.html", context, status=404)
    return report


def _work(request: HttpRequest) -> str:
    """What shows that sending took some work; looked at before any picture is."""
    given = request.POST
    if given.get("proof"):
        return proof.solved(given["proof"])
    if "ticket" not in given or not given.get("result"):
        return ""
    few = allowed(
        request, "public-plain", amount=WITHOUT_PUZZLE, seconds=HOUR, caller=passer_by(request)
    )
    return proof.answered(given["ticket"], given["result"]) if few else ""


def _proof_missing() -> str:
    return translation.gettext(
        "Laporan belum terkirim: jawab pertanyaan hitungan di bawah, lalu kirim sekali lagi. "
        "Foto perlu dipilih ulang."
    )


def _too_often(request: HttpRequest, window: int) -> HttpResponse:
    """`window`: the length in seconds of the one that is used up."""
    response = render(request, "incidents/public_wait.html", status=429)
    response["Cache-Control"] = "no-store"
    response["Retry-After"] = until_next(window)
    return response
