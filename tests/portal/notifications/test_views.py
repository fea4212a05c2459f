from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from portal.notifications import unread_count
from portal.notifications.models import Notification
from tests import ics

INBOX = "/pemberitahuan/"


@pytest.fixture
def signed_in(client, kpu):
    client.force_login(kpu.user)
    return client


def subjects(answer):
    return [row.subject for row in answer.context["rows"]]


def test_inbox_shows_the_posts_entries_unread_first(signed_in, tell, kpu, korem, at):
    for number in (1, 2, 3):
        tell(kpu, event=f"event:{number}", context={"task": f"t{number}"})
    tell(korem, event="other", context={"task": "rahasia korem"})
    newest = Notification.objects.get(event_key="event:3")
    signed_in.post(reverse("notifications:mark_read", args=[newest.pk]))
    answer = signed_in.get(INBOX)
    assert [subject[-2:] for subject in subjects(answer)] == ["t2", "t1", "t3"]
    assertContains(answer, f"Dibaca {kpu.user.name}", 1)
    assertNotContains(answer, "korem")
    only_unread = signed_in.get(INBOX, {"saring": "belum-dibaca"})
    assert [subject[-2:] for subject in subjects(only_unread)] == ["t2", "t1"]


def test_inbox_without_entries_says_so(signed_in):
    assertContains(signed_in.get(INBOX), "Tidak ada pemberitahuan")


def test_inbox_asks_as_often_for_three_as_for_one(
    signed_in, tell, kpu, django_assert_max_num_queries
):
    tell(kpu)
    with django_assert_max_num_queries(12) as one:
        signed_in.get(INBOX)
    for number in (2, 3):
        tell(kpu, event=f"event:{number}")
    with django_assert_max_num_queries(12) as three:
        signed_in.get(INBOX)
    assert len(one.captured_queries) == len(three.captured_queries)


def test_inbox_escapes_what_it_was_told(signed_in, tell, kpu):
    tell(kpu, context={"task": "<script>alert(1)</script>", "number": 1, "attempts": 8})
    answer = signed_in.get(INBOX)
    assertContains(answer, "&lt;script&gt;alert(1)&lt;/script&gt;")
    assertNotContains(answer, "<script>alert(1)")


def test_opening_an_entry_reads_it_and_leads_to_its_page(signed_in, tell, kpu):
    notification = tell(kpu, url="/healthz/")[0]
    answer = signed_in.get(reverse("notifications:open", args=[notification.pk]))
    assertRedirects(answer, "/healthz/")
    notification.refresh_from_db()
    assert notification.read_by == kpu.user


@pytest.mark.parametrize("name", ["open", "mark_read"])
def test_entry_of_another_post_is_not_there(signed_in, tell, korem, name):
    notification = tell(korem)[0]
    url = reverse(f"notifications:{name}", args=[notification.pk])
    answer = signed_in.get(url) if name == "open" else signed_in.post(url)
    assert answer.status_code == 404
    notification.refresh_from_db()
    assert notification.read_at is None


def test_mark_all_read_empties_the_bell(signed_in, tell, kpu):
    tell(kpu)
    tell(kpu, event="event:2")
    assertContains(signed_in.get(INBOX + "lencana/"), "2 pemberitahuan belum dibaca")
    assertRedirects(signed_in.post(INBOX + "baca-semua/"), INBOX)
    assert unread_count(kpu.actor) == 0
    assert signed_in.get(INBOX + "lencana/").content.strip() == b""


def test_bell_counts_no_further_than_99(signed_in, tell, kpu):
    for number in range(100):
        tell(kpu, event=f"event:{number}")
    assertContains(signed_in.get(INBOX + "lencana/"), "99+")


def test_choice_of_mail_is_kept_and_shown(signed_in, kpu):
    assertContains(signed_in.get(INBOX), "checked")
    assertRedirects(signed_in.post(INBOX + "surel/", {}), INBOX)
    kpu.user.refresh_from_db()
    assert kpu.user.mail_choice.information is False
    assertRedirects(signed_in.post(INBOX + "surel/", {"information": "on"}), INBOX)
    kpu.user.mail_choice.refresh_from_db()
    assert kpu.user.mail_choice.information is True


@pytest.mark.parametrize("path", ["", "lencana/", "1/"])
def test_inbox_is_closed_to_strangers(client, db, path):
    answer = client.get(INBOX + path)
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")


def test_demo_mail_lists_and_shows_letters(client, tell, mails, kpu, settings):
    settings.DEMO = True
    assertContains(client.get("/demo/mail/"), "Belum ada surel")
    tell(kpu, context={"task": "<b>tebal</b>", "number": 1, "attempts": 8})
    mails()
    page = client.get("/demo/mail/")
    assertContains(page, "&lt;b&gt;tebal&lt;/b&gt;")
    letter = page.context["page"].object_list[0]
    shown = client.get(f"/demo/mail/{letter.name}/")
    assertContains(shown, f"Kepada {kpu.user.email}")
    assertContains(shown, "&lt;b&gt;tebal&lt;/b&gt;")


@pytest.mark.parametrize("name", ["tidak-ada", "20241120T080000000000-tidak-ada"])
def test_demo_mail_that_is_not_there(client, db, settings, name):
    settings.DEMO = True
    assert client.get(f"/demo/mail/{name}/").status_code == 404


@pytest.mark.parametrize("path", ["/demo/mail/", "/demo/mail/x/"])
def test_demo_mail_exists_in_the_demo_only(client, db, settings, path):
    settings.DEMO = False
    assert client.get(path).status_code == 404


def test_demo_mail_shows_and_gives_its_calendar_file(client, tell, mails, kpu, settings, at):
    settings.DEMO = True
    event = {
        "method": "REQUEST",
        "uid": "u-1",
        "sequence": 2,
        "starts_at": at,
        "ends_at": at + timedelta(hours=1),
        "title": "Rakor",
        "place": "Aula",
        "organizer": "Polda",
    }
    tell(kpu, context={"task": "t", "calendar": event})
    mails()
    letter = client.get("/demo/mail/").context["page"].object_list[0]
    page = client.get(reverse("notifications:demo_mail_detail", args=[letter.name]))
    assertContains(page, "undangan.ics")
    assertContains(page, "SEQUENCE:2")
    file = client.get(reverse("notifications:demo_mail_file", args=[letter.name, 1]))
    event = ics.read(file.content).all("VEVENT")[0]
    assert (event.value("UID"), event.value("DTSTART")) == ("u-1", "20241120T080000")
    assert file["Content-Disposition"] == 'attachment; filename="undangan.ics"'
    for number in (0, 2):
        missing = reverse("notifications:demo_mail_file", args=[letter.name, number])
        assert client.get(missing).status_code == 404
    settings.DEMO = False
    assert client.get(file.request["PATH_INFO"]).status_code == 404
