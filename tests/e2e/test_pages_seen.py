"""Pages that no walk comes past: each without barriers, on a desk and on a phone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from coordination.actions import agenda_templates, lessons, meetings, minutes, saved_views
from coordination.actions.withdrawals import withdraw_agency
from coordination.models import LadderRung, Obligation
from coordination.queries.attendance import code_subject
from coordination.views.files import MATRIX
from portal import clock
from portal.access import codes
from portal.exports.actions import request_export
from portal.registry.models import Operation
from tests.e2e.walk import Walk
from tests.factories.coordination import (
    START,
    agencies,
    make_alone,
    make_meeting,
    make_minutes,
    make_published,
    make_scheduled,
    make_series,
)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
AT = START + 2 * DAY


def coordination(name, *args):
    return reverse(f"coordination:{name}", args=args)


@pytest.fixture
def addresses(live_server, people, demo_clock):
    """By who looks: the addresses of a rakor in each of its states, and of what came of it."""
    demo_clock(AT)
    host = people["koordinator"]
    people["liaison.kpu"], people["liaison.polda"], people["liaison.dprd"], people["admin"]
    common = {"by": host, "at": AT}
    series = make_series(host)
    done = make_published(host, "kpu-kalsel", "korem-101", series=series)
    share = Obligation.objects.get(directive__meeting=done.meeting, agency__slug="kpu-kalsel")
    own = make_alone(host, "polda-kalsel", at=AT, due_at=AT + 7 * DAY).obligations.get()
    correction = minutes.draft_addendum(done, text="Seharusnya.", reason="Salah tulis.", **common)
    draft = make_minutes(host, "kpu-kalsel", title="Rakor yang ditulis")
    heard = make_minutes(host, "kpu-kalsel", title="Rakor yang diedarkan")
    minutes.circulate_minutes(heard, until=AT + DAY, **common)
    passage = heard.sections.order_by("position").last()
    times = {"starts_at": AT + HOUR, "ends_at": AT + 3 * HOUR}
    sitting = make_scheduled(host, "kpu-kalsel", at=AT, title="Rakor yang berlangsung", **times)
    meetings.start_meeting(sitting, **common)
    planned = make_meeting(host, "kpu-kalsel", at=AT, title="Rakor yang direncanakan", **times)
    lesson = lessons.raise_lesson(
        done.meeting,
        kind="masalah",
        title="Radio",
        text="Kanal berbeda.",
        owner_agency=agencies("korem-101")[0],
        **common,
    )
    agenda_templates.save_template(planned, name="Anev", **common)
    view = saved_views.save_view(
        name="Terlambat", query="late=1", is_shared=False, is_default=False, **common
    )
    job = request_export(MATRIX, "csv", MATRIX.select(host, "", AT), **common)
    operation = Operation.objects.get(slug="mantap-praja-intan-2024")
    withdraw_agency(operation, agencies("dprd-kalsel")[0], reason="Tidak terlibat.", **common)
    code = codes.code_at(code_subject(sitting), clock.now())
    return {
        "koordinator": [
            coordination("obligation_list"),
            coordination("obligation_list") + "?late=1",
            coordination("view_edit", view.pk),
            reverse("exports:job", args=[job.pk]),
            reverse("exports:job_list"),
            reverse("home:work"),
            coordination("directive_list"),
            coordination("directive_new"),
            coordination("score_table"),
            coordination("lesson_list"),
            coordination("lesson_detail", lesson.pk),
            coordination("stage_due_dates"),
            coordination("taking_part"),
            coordination("minutes_history", done.meeting_id),
            coordination("addendum_create", done.meeting_id),
            coordination("addendum_edit", done.meeting_id, correction.pk),
            coordination("template_list"),
            coordination("series_list"),
            coordination("series_detail", series.pk),
            coordination("series_edit", series.pk),
            coordination("meeting_letter", planned.pk),
            coordination("attendance_screen", sitting.pk),
            coordination("attendance_desk", sitting.pk),
            coordination("meeting_wall", sitting.pk),
            coordination("minutes_circulate", draft.meeting_id),
        ],
        "liaison.kpu": [
            coordination("check_in", sitting.pk, code),
            coordination("minutes_object", heard.meeting_id, passage.pk),
            coordination("obligation_detail", share.pk),
            reverse("home:work"),
        ],
        "liaison.polda": [coordination("obligation_delegate", own.pk)],
        "admin": [
            coordination("ladder_list"),
            coordination("rung_create"),
            coordination("rung_edit", LadderRung.objects.order_by("pk").first().pk),
        ],
    }


@pytest.mark.parametrize("screen", ["page", "phone"])
def test_pages_have_no_barriers_and_fit(request, screen, live_server, addresses, sign_in, axe):
    page = request.getfixturevalue(screen)
    walk = Walk(page, "phone" if screen == "phone" else "desk", axe, live_server.url)
    for login, paths in addresses.items():
        page.context.clear_cookies()
        sign_in(page, f"{login}@demo.test")
        for path in paths:
            answer = page.goto(live_server.url + path)
            assert (answer.status, page.url) == (200, live_server.url + path)
            walk.arrive()
