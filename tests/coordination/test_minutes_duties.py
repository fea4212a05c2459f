"""Minutes on their way stand among the duties of whose turn it is, and of nobody else."""

from datetime import timedelta

import pytest
import time_machine

from coordination import queries
from coordination.actions import minutes as actions
from coordination.models import Meeting, Minutes, Objection
from portal.accounts.models import Post
from tests.factories.coordination import START, make_minutes, sign

AT = START + timedelta(hours=4)
UNTIL = AT + timedelta(days=1)
AFTER = UNTIL + timedelta(minutes=1)


def shown(actor, at=AT):
    return [(item.kind, item.due_at, item.url) for item in queries.waiting_for(actor, at)]


@pytest.fixture
def circulated(coordinator, liaison_kpu, liaison_bawaslu):
    draft = make_minutes(coordinator, "kpu-kalsel", "bawaslu-kalsel")
    return actions.circulate_minutes(draft, by=coordinator, at=AT, until=UNTIL)


@pytest.fixture
def passage(circulated):
    return circulated.sections.select_related("minutes__meeting", "agenda_item").get(position=2)


def test_a_draft_waits_for_nobody(coordinator, commander, liaison_kpu):
    make_minutes(coordinator, "kpu-kalsel")
    for actor in (coordinator, commander, liaison_kpu):
        assert shown(actor) == []


def test_circulated_minutes_wait_for_whose_passage_is_in_them_until_the_time_is_over(
    circulated, liaison_kpu, liaison_bawaslu, posko_banjar, auditor
):
    url = f"/rakor/{circulated.meeting_id}/notula/"
    assert shown(liaison_kpu) == [("objection", UNTIL, url)]
    assert shown(liaison_kpu, UNTIL) == []
    for actor in (liaison_bawaslu, posko_banjar, auditor):
        assert shown(actor) == []


def test_a_speaker_is_asked_but_not_about_an_item_closed_to_it(
    circulated, passage, liaison_kpu, liaison_bawaslu
):
    passage.speaking = ["bawaslu-kalsel"]
    passage.save(update_fields=["speaking"])
    assert [kind for kind, _due, _url in shown(liaison_bawaslu)] == ["objection"]
    passage.agenda_item.is_closed = True
    passage.agenda_item.save(update_fields=["is_closed"])
    assert shown(liaison_bawaslu) == []


def test_an_objection_passes_the_duty_to_the_host(
    circulated, passage, coordinator, commander, liaison_kpu
):
    objection = actions.object_to(passage, by=liaison_kpu, at=AT, text="Keliru.")
    assert shown(liaison_kpu) == []
    url = f"/rakor/{circulated.meeting_id}/notula/keberatan/{objection.pk}/"
    assert shown(coordinator) == [("answer", AT, url)]
    assert shown(coordinator, AFTER) == [("answer", AT, url)]
    assert shown(commander, AFTER) == []
    actions.answer_objection(objection, by=coordinator, at=AT, accept=False, answer="Rekaman.")
    assert Objection.objects.unanswered().count() == 0
    assert shown(coordinator) == []


def test_heard_minutes_wait_for_the_chair_or_who_signs_for_him(
    circulated, coordinator, commander, liaison_kpu, liaison_polda
):
    url = f"/rakor/{circulated.meeting_id}/notula/sahkan/"
    assert shown(commander, UNTIL - timedelta(minutes=1)) == []
    for actor in (coordinator, commander):
        assert shown(actor, UNTIL) == [("signature", UNTIL, url)]
    assert shown(liaison_kpu, UNTIL) == []
    chair = Post.objects.get(pk=liaison_polda.post_id)
    Meeting.objects.filter(pk=circulated.meeting_id).update(chair_post=chair)
    assert shown(commander, UNTIL) == []
    assert shown(coordinator, UNTIL) == [("signature", UNTIL, url)]


def test_signed_minutes_wait_for_publication(circulated, coordinator, commander, liaison_kpu):
    signed = sign(Minutes.objects.get(pk=circulated.pk), by=commander, at=AFTER)
    url = f"/rakor/{circulated.meeting_id}/notula/terbitkan/"
    assert shown(coordinator, AFTER) == [("publication", AFTER, url)]
    assert shown(commander, AFTER) == shown(liaison_kpu, AFTER) == []
    actions.publish_minutes(signed, by=coordinator, at=AFTER)
    assert shown(coordinator, AFTER) == []


def test_signing_is_offered_when_the_agencies_had_their_time(
    circulated, client, sign_in, coordinator
):
    sign_url = f"/rakor/{circulated.meeting_id}/notula/sahkan/"
    pages = [f"/rakor/{circulated.meeting_id}/", f"/rakor/{circulated.meeting_id}/notula/"]
    for at, offered in ((AT, False), (UNTIL, True)):
        with time_machine.travel(at, tick=False):
            sign_in(client, coordinator)
            for address in pages:
                assert (sign_url in client.get(address).content.decode()) is offered


@pytest.mark.parametrize("count", [1, 3])
def test_duties_of_minutes_take_a_constant_number_of_queries(
    coordinator, liaison_kpu, django_assert_num_queries, count
):
    for _time in range(count):
        draft = make_minutes(coordinator, "kpu-kalsel")
        actions.circulate_minutes(draft, by=coordinator, at=AT, until=UNTIL)
    with django_assert_num_queries(4):
        assert len(queries.waiting_for(liaison_kpu, AT)) == count
    with django_assert_num_queries(4):
        assert len(queries.waiting_for(coordinator, UNTIL)) == count
