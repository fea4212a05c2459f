"""Who follows what, and since when, stands in the trail."""

from coordination.actions.following import choose_following
from portal.audit.models import Entry
from tests.factories.coordination import NOW, make_obligation


def test_following_is_written_down_once_each_way(coordinator, liaison_kpu):
    obligation = make_obligation(coordinator, "kpu-kalsel")
    for following in (True, True, False, False):
        choose_following(obligation, by=liaison_kpu, at=NOW, following=following)
    rows = Entry.objects.filter(verb__startswith="following.").order_by("pk")
    assert [row.verb for row in rows] == ["following.begin", "following.end"]
    assert rows[0].after == {"obligation": obligation.pk}
