"""What the portal itself writes into a row is Indonesian, whatever the menus of who acted."""

from datetime import timedelta

import pytest
from django.utils import translation

from coordination.actions import meetings, obligations
from coordination.actions.minutes.merging import join
from coordination.models import ProgressReport
from tests.factories.coordination import (
    DUE,
    NOW,
    PUBLISHED,
    START,
    make_alone,
    make_meeting,
    make_published,
    make_series,
)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def english_menus():
    with translation.override("en"):
        yield


def notes(obligation):
    return list(ProgressReport.objects.filter(obligation=obligation).values_list("kind", "note"))


def test_the_section_of_what_comes_back(coordinator):
    series = make_series(coordinator)
    make_published(coordinator, "kpu-kalsel", series=series)
    start = START + 7 * DAY
    times = {"starts_at": start, "ends_at": start + HOUR}
    meeting = make_meeting(coordinator, "kpu-kalsel", at=PUBLISHED, series=series, **times)
    item = meeting.agenda.exclude(obligation=None).get()
    assert item.section == "Tindak lanjut rakor sebelumnya"
    meetings.edit_meeting(meeting, by=coordinator, at=PUBLISHED, title="Rakor lain")
    assert [row.section for row in meeting.agenda.all() if row.obligation_id] == [item.section]


def test_waiting_and_going_on(coordinator, liaison_kpu, liaison_bawaslu):
    directive = make_alone(coordinator, "kpu-kalsel", "bawaslu-kalsel")
    other, mine = directive.obligations.order_by("agency__slug")
    row = obligations.wait_for_obligation(mine, other, by=liaison_kpu, at=NOW)
    assert row.obstacle == "Menunggu Bawaslu Kalsel: Amankan gudang."
    obligations.submit_obligation(other, by=liaison_bawaslu, at=NOW + HOUR, note="Selesai.")
    obligations.verify_and_close(other, by=coordinator, at=NOW + HOUR)
    assert notes(mine)[-1] == ("released", "Bawaslu Kalsel: Amankan gudang sudah ditutup.")


def test_due_times_asked_for_granted_and_set(coordinator, liaison_kpu):
    mine = make_alone(coordinator, "kpu-kalsel").obligations.get()
    wish = {"reason": "Jalan putus.", "wished_due_at": DUE + DAY}
    obligations.ask_extension(mine, by=liaison_kpu, at=NOW, **wish)
    obligations.grant_extension(mine, by=coordinator, at=NOW, note="Baik.")
    set_to = {"due_at": DUE + 2 * DAY, "reason": "Tahapan."}
    obligations.set_due(mine, by=coordinator, at=NOW, **set_to)
    assert notes(mine) == [
        ("acknowledged", ""),
        ("extension_asked", "Dimohon sampai 14 Jun 2024, 10.00 WITA. Jalan putus."),
        ("extension_granted", "Tenggat baru 14 Jun 2024, 10.00 WITA. Baik."),
        ("due_set", "Tenggat baru 15 Jun 2024, 10.00 WITA. Tahapan."),
    ]


def test_the_marks_of_a_clash_in_the_minutes():
    texts = ({"body": text} for text in ("Awal.", "Satu.", "Dua."))
    joined, clashed = join(*texts, their_office="Karo Ops", my_office="Kabag Ops")
    marks = [line for line in joined["body"].split("\n") if line.startswith("⟦")]
    assert clashed
    assert marks == [
        "⟦Bentrok, tulisan Karo Ops⟧",
        "⟦Bentrok, tulisan Kabag Ops⟧",
        "⟦Akhir bentrok⟧",
    ]
