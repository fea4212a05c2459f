import pytest
from django.test import RequestFactory
from rest_framework.test import force_authenticate

from portal.notifications.api import NotificationViewSet


@pytest.fixture
def call(kpu):
    """Call the view set as the KPU's liaison."""

    def ask(method, action, *, pk=None, **query):
        request = getattr(RequestFactory(), method)("/api/v1/notifications/", query)
        request.actor = kpu.actor
        force_authenticate(request, kpu.user)
        view = NotificationViewSet.as_view({method: action})
        return view(request, **({"pk": pk} if pk else {}))

    return ask


def test_list_gives_the_own_post_its_words(call, tell, kpu, korem):
    notification = tell(kpu)[0]
    tell(korem, event="event:2")
    results = call("get", "list").data["results"]
    assert len(results) == 1
    assert results[0] == {
        "id": notification.pk,
        "kind": "dead_task",
        "subject": "Tugas latar gagal tetap: a.b",
        "body": results[0]["body"],
        "url": "/rakor/7/",
        "at": "2024-11-20T08:00:00+08:00",
        "duty": True,
        "classification": 2,
        "unread": True,
        "read_at": None,
        "cancelled_at": None,
    }


def test_read_marks_once_and_filter_follows(call, tell, kpu):
    first, second = tell(kpu)[0], tell(kpu, event="event:2")[0]
    answers = [call("post", "read", pk=first.pk) for _ in range(2)]
    assert [answer.data["unread"] for answer in answers] == [False, False]
    for unread, expected in (("true", second), ("false", first)):
        results = call("get", "list", unread=unread).data["results"]
        assert [row["id"] for row in results] == [expected.pk]


def test_entry_of_another_post_is_not_there(call, tell, korem):
    other = tell(korem)[0]
    assert call("get", "retrieve", pk=other.pk).status_code == 404
    assert call("post", "read", pk=other.pk).status_code == 404
    other.refresh_from_db()
    assert other.read_at is None
