from datetime import timedelta

from django.core.mail import EmailMessage, EmailMultiAlternatives

from portal import clock
from portal.notifications.mailbox import letters


def message(**more):
    fields = {"subject": "Undangan é", "body": "Isi", "to": ["a@demo.test"]} | more
    return EmailMessage(**fields)


def test_message_is_one_whole_file(settings):
    assert message().send() == 1
    files = list(settings.MAILBOX_DIR.iterdir())
    assert [file.suffix for file in files] == [".eml"]
    letter = letters()[0]
    assert (letter.subject, letter.recipient, letter.body) == ("Undangan é", "a@demo.test", "Isi")
    assert abs(letter.sent_at - clock.true_now()) < timedelta(minutes=1)


def test_letter_without_date_has_none(settings):
    message().send()
    file = next(settings.MAILBOX_DIR.glob("*.eml"))
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.startswith("Date:")))
    assert letters()[0].sent_at is None


def test_message_with_the_same_id_is_written_once():
    twice = {"headers": {"Message-ID": "<../../x y@demo.test>"}}
    assert [message(**twice).send(), message(**twice).send()] == [1, 1]
    assert [letter.name.partition("-")[2] for letter in letters()] == ["------x-y"]


def test_messages_without_id_are_different_ones():
    message().send()
    message().send()
    assert len(letters()) == 2


def test_newest_letters_come_first_and_not_without_end():
    for number in range(3):
        message(subject=str(number)).send()
    assert [letter.subject for letter in letters(limit=2)] == ["2", "1"]


def test_letter_without_plain_text_shows_what_it_has():
    html = EmailMultiAlternatives("s", "", to=["a@demo.test"])
    html.content_subtype = "html"
    html.body = "<p>halo</p>"
    html.send()
    assert letters()[0].body == "<p>halo</p>"
