from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from coordination.enums import LessonKind, LessonState
from coordination.models.agenda import AgendaItem
from coordination.models.directive import Directive
from coordination.models.meeting import Meeting
from coordination.models.minutes import MinutesSection
from coordination.models.visibility import holds
from portal.access import scope
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.permissions import Permission


class LessonQuerySet(models.QuerySet["Lesson"]):
    def visible_to(self, actor: Actor | None) -> "LessonQuerySet":
        """Whoever sees the meeting that raised it, and the agency that answers for it; from a
        closed agenda item only who is let into that item."""
        if not holds(actor, Permission.LESSON_VIEW):
            return self.none()
        rows = self.filter(scope.cleared(actor))
        if actor.is_system:
            return rows
        meetings = Meeting.objects.visible_to(actor).filter(pk=OuterRef("meeting"))
        items = AgendaItem.objects.visible_to(actor).filter(pk=OuterRef("agenda_item"))
        own = Q(owner_agency_id=actor.agency_id)
        return rows.filter(own | Exists(meetings), own | Q(agenda_item=None) | Exists(items))

    def unresolved(self) -> "LessonQuerySet":
        return self.exclude(state=LessonState.CLOSED)


class Lesson(models.Model):
    """A problem or a lesson raised in a rakor (bahan evaluasi): who answers for it, what came of
    it. The next operation finds it again when it plans its own rakor."""

    kind = models.CharField(
        _("Jenis"), max_length=12, choices=LessonKind.choices, default=LessonKind.PROBLEM
    )
    title = models.CharField(_("Pokok"), max_length=160)
    text = models.TextField(_("Uraian"))
    operation = models.ForeignKey(
        "registry.Operation", models.PROTECT, related_name="lessons", verbose_name=_("Operasi")
    )
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="lessons", verbose_name=_("Rakor")
    )
    agenda_item = models.ForeignKey(
        AgendaItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lessons",
        verbose_name=_("Mata acara"),
    )
    section = models.ForeignKey(
        MinutesSection,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lessons",
        verbose_name=_("Bagian notula"),
    )
    owner_agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Penanggung jawab")
    )
    directive = models.ForeignKey(
        Directive,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lessons",
        verbose_name=_("Arahan"),
    )
    follow_up = models.TextField(_("Tindak lanjut"), blank=True)
    state = models.CharField(
        _("Keadaan"), max_length=10, choices=LessonState.choices, default=LessonState.OPEN
    )
    classification = models.PositiveSmallIntegerField(
        _("Klasifikasi"), choices=Classification.choices, default=Classification.TERBATAS
    )
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey("accounts.Post", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("Dibuat"))
    updated_at = models.DateTimeField(_("Diubah"))

    objects = LessonQuerySet.as_manager()

    class Meta:
        verbose_name = _("bahan evaluasi")
        verbose_name_plural = _("bahan evaluasi")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=LessonKind.values), name="lesson_kind"),
            models.CheckConstraint(condition=Q(state__in=LessonState.values), name="lesson_state"),
            models.CheckConstraint(
                condition=Q(classification__in=Classification.values), name="lesson_class_known"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="lesson_says_something"),
            models.CheckConstraint(
                condition=Q(state=LessonState.OPEN) | Q(directive__isnull=False) | ~Q(follow_up=""),
                name="lesson_followed_by_something",
            ),
        ]

    def __str__(self) -> str:
        return self.title
