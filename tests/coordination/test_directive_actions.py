from datetime import timedelta

import pytest

from coordination.actions import directives, minutes
from coordination.models import (
    Directive,
)
from portal.access.errors import Refused
from portal.notifications.models import Notification
from tests.factories.coordination import (
    PUBLISHED,
    START,
    agencies,
    make_directive,
    make_held,
    make_minutes,
    make_obligation,
)


def told(kind):
    return Notification.objects.filter(kind=kind).count()


def test_an_order_runs_only_in_the_own_chain(coordinator, liaison_kpu):
    draft = make_minutes(coordinator, "kpu-kalsel", "polda-kalsel")
    order = {"kind": "perintah", "binding": "perintah"}
    with pytest.raises(Refused) as refusal:
        make_directive(draft, coordinator, "kpu-kalsel", "polda-kalsel", **order)
    assert refusal.value.field == "binding"
    assert "KPU Kalsel" in str(refusal.value.sentence)
    assert make_directive(draft, coordinator, "polda-kalsel", **order).binding == "perintah"


def test_a_directive_needs_minutes_and_its_own_section(coordinator, liaison_kpu):
    held = make_held(coordinator, "kpu-kalsel")
    shares = [directives.Share(agencies("kpu-kalsel")[0], START + timedelta(days=9))]
    common = {"by": coordinator, "at": START, "title": "T", "text": "Isi", "shares": shares}
    with pytest.raises(Refused):
        directives.draft_directive(held, **common)
    other = make_minutes(coordinator, "kpu-kalsel")
    minutes.open_minutes(held, by=coordinator, at=START)
    held.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        directives.draft_directive(held, section=other.sections.first(), **common)
    assert refusal.value.field == "section"


def test_cancelling_ends_what_is_unfinished(coordinator, liaison_kpu):
    obligation = make_obligation(coordinator, "kpu-kalsel")
    directive = obligation.directive
    with pytest.raises(Refused):
        directives.cancel_directive(directive, by=coordinator, at=PUBLISHED, reason=" ")
    for _time in range(2):
        directives.cancel_directive(directive, by=coordinator, at=PUBLISHED, reason="Ganti.")
    obligation.refresh_from_db()
    assert (obligation.state, obligation.closed_at) == ("cancelled", PUBLISHED)
    assert told("obligation_cancelled") == 1
    again = directives.issue_directive(Directive.objects.get(), by=coordinator, at=PUBLISHED)
    assert again.state == "cancelled"
