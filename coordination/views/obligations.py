from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from coordination.enums import OBLIGATION_BADGES, PRIORITY_BADGES
from coordination.forms import exceptions
from coordination.forms import obligations as forms
from coordination.models import Obligation
from coordination.queries import ladder
from coordination.queries import obligations as queries
from coordination.queries.following import follow_state
from coordination.queries.turns import came_back
from coordination.views.reading import address_of, found
from portal import clock
from portal.access.decorators import needs
from portal.access.permissions import Permission


def find_obligation(request: HttpRequest, pk: int) -> Obligation:
    rows = Obligation.objects.visible_to(request.actor)
    related = ("agency", "unit", "region", "acknowledged_by", "directive__issuer_agency")
    return found(request, rows.select_related(*related, *queries.ROUTE), pk=pk)


@require_GET
@needs(Permission.OBLIGATION_VIEW)
def obligation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return obligation_page(request, find_obligation(request, pk))


def obligation_page(request: HttpRequest, obligation: Obligation, **bound: Any) -> HttpResponse:
    """The page of an obligation, with the form that was just refused in its place."""
    at = clock.now()
    links = queries.links(obligation, request.actor, at)
    possible = queries.possible(obligation, request.actor, links)
    directive = obligation.directive
    context = {
        "obligation": obligation,
        "directive": directive,
        "state": (OBLIGATION_BADGES[obligation.state], obligation.get_state_display()),
        "priority": (PRIORITY_BADGES[directive.priority], directive.get_priority_display()),
        "overdue": obligation.is_overdue(at),
        "facts": queries.obligation_facts(obligation),
        "history": sorted(
            [
                *queries.history(obligation),
                *came_back(obligation, request.actor, clock.now()),
            ],
            key=lambda event: event["at"],
        ),
        "follow": follow_state(obligation, request.actor),
        "here": address_of(request, "obligation_detail", obligation.pk),
        "ladder": ladder.card(obligation, at),
        "links": links,
        "possible": possible,
        "next_step": queries.next_step(obligation, links.extension is not None),
    }
    given = _forms(request, obligation, possible, links)
    return render(request, "coordination/obligation_detail.html", context | given | bound)


def _forms(
    request: HttpRequest,
    obligation: Obligation,
    possible: queries.Possible,
    links: queries.Links,
) -> dict[str, Any]:
    """The forms of the steps that the reader may take; the others are None."""
    plain = {
        "acknowledge": forms.AcknowledgeForm,
        "verify": forms.VerifyForm,
        "ask_extension": exceptions.ExtensionForm,
        "decide_extension": exceptions.ExtensionDecisionForm,
        "set_due": exceptions.DueForm,
        "stop_waiting": exceptions.StopWaitingForm,
        "declare": exceptions.UnfeasibleForm,
        "decide_unfeasible": exceptions.UnfeasibleDecisionForm,
    }
    given: dict[str, Any] = {
        f"{step}_form": form(obligation=obligation) if getattr(possible, step) else None
        for step, form in plain.items()
    }
    rolls_up = bool(links.subs)
    given["report_form"] = (
        forms.ReportForm(obligation=obligation, rolls_up=rolls_up) if possible.report else None
    )
    others = queries.blockers(obligation, request.actor)
    given["wait_form"] = (
        exceptions.WaitForm(obligation=obligation, others=others) if possible.wait else None
    )
    return given
