from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from coordination.actions import directives, meetings, minutes
from coordination.enums import MinutesState
from coordination.models import (
    Directive,
    Minutes,
    MinutesSection,
    Obligation,
    ProgressReport,
)
from portal.access.errors import Refused, Stale
from portal.notifications.models import Notification
from tests.factories.coordination import (
    NOW,
    PUBLISHED,
    START,
    make_directive,
    make_held,
    make_minutes,
    make_obligation,
    make_published,
    make_scheduled,
)

HOUR = timedelta(hours=1)


def told(kind):
    return Notification.objects.filter(kind=kind).count()


def test_minutes_begin_with_the_agenda_once(coordinator, liaison_kpu):
    meeting = make_held(coordinator, "kpu-kalsel")
    first = minutes.open_minutes(meeting, by=coordinator, at=START)
    assert minutes.open_minutes(meeting, by=coordinator, at=START).pk == first.pk
    speakers = list(first.sections.values_list("heading", "speaker"))
    assert speakers[0] == ("Pembukaan", "")
    assert speakers[1][1].startswith("Komisi Pemilihan Umum")


def test_publishing_seals_issues_and_tells(coordinator, liaison_kpu, liaison_korem):
    published = make_published(coordinator, "kpu-kalsel", "korem-101")
    assert published.number == "T/ND-1/VI/OPS.1./2024/Roops"
    assert published.sha256 == minutes.fingerprint(published)
    assert (published.published_at, published.meeting.state) == (PUBLISHED, "published")
    directive = Directive.objects.get()
    assert (directive.number, directive.state) == ("ARH/1/VI/2024", "issued")
    shares = Obligation.objects.order_by("pk").values_list("agency__slug", "is_lead", "state")
    assert list(shares) == [("korem-101", True, "open"), ("kpu-kalsel", False, "open")]
    assert (told("minutes_published"), told("obligation_assigned")) == (2, 2)


def test_publishing_twice_changes_nothing(coordinator, liaison_kpu):
    published = make_published(coordinator, "kpu-kalsel")
    again = minutes.publish_minutes(published, by=coordinator, at=PUBLISHED + HOUR, version=1)
    assert (again.sha256, again.published_at) == (published.sha256, PUBLISHED)
    assert Obligation.objects.count() == 1


def test_publishing_is_refused_until_all_is_there(coordinator, liaison_kpu):
    meeting = make_scheduled(coordinator, "kpu-kalsel")
    meetings.start_meeting(meeting, by=coordinator, at=START)
    draft = minutes.open_minutes(meeting, by=coordinator, at=START)

    def refused(part):
        with pytest.raises(Refused) as refusal:
            minutes.publish_minutes(draft, by=coordinator, at=START)
        assert part in str(refusal.value.sentence)

    refused("Tutup rakor")
    meetings.close_meeting(meeting, by=coordinator, at=START)
    refused("belum lengkap")
    minutes.save_minutes(draft, by=coordinator, at=START, opening="Dibuka.")
    refused("Daftar hadir")
    with pytest.raises(Stale):
        minutes.publish_minutes(draft, by=coordinator, at=START, version=1)


def test_a_section_that_carries_a_directive_stays(coordinator, liaison_kpu):
    draft = make_minutes(coordinator, "kpu-kalsel")
    make_directive(draft, coordinator, "kpu-kalsel")
    with pytest.raises(Refused):
        minutes.save_minutes(draft, by=coordinator, at=START, sections=[])
    kept = draft.sections.last()
    minutes.save_minutes(
        draft,
        by=coordinator,
        at=START,
        sections=[
            minutes.SectionDraft("Baru"),
            minutes.SectionDraft(kept.heading, pk=kept.pk),
        ],
    )
    assert list(draft.sections.values_list("heading", flat=True)) == ["Baru", kept.heading]


def test_published_minutes_take_no_change_from_the_action(coordinator, liaison_kpu):
    published = make_published(coordinator, "kpu-kalsel")
    with pytest.raises(Refused):
        minutes.save_minutes(published, by=coordinator, at=PUBLISHED, opening="Lain.")
    with pytest.raises(Refused):
        make_directive(published, coordinator, "kpu-kalsel")
    directive = Directive.objects.get()
    with pytest.raises(Refused):
        directives.edit_directive(directive, by=coordinator, at=PUBLISHED, shares=[], text="Lain.")


@pytest.mark.parametrize(
    "change",
    [
        lambda: Minutes.objects.update(opening="Lain."),
        lambda: Minutes.objects.update(state=MinutesState.DRAFT),
        lambda: Minutes.objects.update(sha256="0" * 64),
        lambda: MinutesSection.objects.update(body="Lain."),
        lambda: MinutesSection.objects.create(
            minutes=Minutes.objects.get(), position=99, heading="Sisipan"
        ),
        lambda: MinutesSection.objects.all().delete(),
        lambda: Directive.objects.update(text="Lain."),
        lambda: Directive.objects.update(number="ARH/9/VI/2024"),
        lambda: ProgressReport.objects.update(note="Lain."),
        lambda: ProgressReport.objects.all().delete(),
    ],
)
def test_the_database_refuses_to_change_published_words(coordinator, liaison_kpu, change):
    obligation = make_obligation(coordinator, "kpu-kalsel")
    ProgressReport.objects.create(
        obligation=obligation, kind="progress", post_id=liaison_kpu.post_id, percent=1, at=NOW
    )
    with pytest.raises((IntegrityError, Exception)) as error, transaction.atomic():
        change()
    assert (
        "fixed" in str(error.value)
        or "never changed" in str(error.value)
        or "protected" in str(error.value)
    )


def test_a_draft_may_be_changed_and_removed(coordinator, liaison_kpu):
    draft = make_minutes(coordinator, "kpu-kalsel")
    directive = make_directive(draft, coordinator, "kpu-kalsel")
    Minutes.objects.update(opening="Lain.")
    Directive.objects.update(text="Lain.")
    directive.delete()
    draft.sections.all().delete()
    draft.delete()
    assert not Minutes.objects.exists()
