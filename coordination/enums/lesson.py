"""What a rakor taught."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.enums.meeting import MeetingState


class LessonKind(models.TextChoices):
    PROBLEM = "masalah", _("Masalah")
    LESSON = "pelajaran", _("Pelajaran")


class LessonState(models.TextChoices):
    OPEN = "open", _("Terbuka")
    FOLLOWED = "followed", _("Ditindaklanjuti")
    CLOSED = "closed", pgettext_lazy("bahan evaluasi", "Selesai")


LESSON_MOVES: dict[str, frozenset[str]] = {
    LessonState.OPEN: frozenset({LessonState.FOLLOWED, LessonState.CLOSED}),
    LessonState.FOLLOWED: frozenset({LessonState.OPEN, LessonState.CLOSED}),
    LessonState.CLOSED: frozenset({LessonState.OPEN}),
}
LESSON_RAISED_IN = frozenset({MeetingState.IN_SESSION, MeetingState.HELD, MeetingState.PUBLISHED})
"""States of a rakor in which something can be learnt from it."""
LESSON_BADGES: dict[str, str] = {
    LessonState.OPEN: "silent",
    LessonState.FOLLOWED: "info",
    LessonState.CLOSED: "success",
}
