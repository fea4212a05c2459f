from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.enums import MeetingKind
from coordination.models.visibility import holds
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.permissions import Permission


class AgendaTemplateQuerySet(models.QuerySet["AgendaTemplate"]):
    def visible_to(self, actor: Actor | None) -> "AgendaTemplateQuerySet":
        """An agency's own, for its planners."""
        if not holds(actor, Permission.MEETING_PLAN):
            return self.none()
        return self if actor.is_system else self.filter(host_agency_id=actor.agency_id)


class AgendaTemplate(models.Model):
    """A running order to begin with (contoh susunan acara), kept by an agency."""

    name = models.CharField(_("Nama contoh"), max_length=120)
    kind = models.CharField(
        _("Jenis"), max_length=20, choices=MeetingKind.choices, default=MeetingKind.CROSS_SECTOR
    )
    host_agency = models.ForeignKey(
        "registry.Agency", models.CASCADE, related_name="+", verbose_name=_("Instansi")
    )
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        "accounts.Post", models.PROTECT, related_name="+", verbose_name=_("Dibuat oleh")
    )
    updated_at = models.DateTimeField(_("Diubah"))

    objects = AgendaTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("contoh susunan acara")
        verbose_name_plural = _("contoh susunan acara")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["host_agency", "name"], name="template_name_once"),
            models.CheckConstraint(
                condition=Q(kind__in=MeetingKind.values), name="template_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def classification(self) -> int:
        """Nothing of a closed item is kept in a template."""
        return Classification.BIASA


class AgendaTemplateItem(models.Model):
    """A line of a template: no person, no file, only the subject and its minutes."""

    template = models.ForeignKey(AgendaTemplate, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(_("Urutan"))
    section = models.CharField(_("Bagian acara"), max_length=120, blank=True)
    title = models.CharField(_("Mata acara"), max_length=200)
    planned_minutes = models.PositiveSmallIntegerField(_("Menit"), default=15)

    class Meta:
        verbose_name = _("baris contoh susunan acara")
        verbose_name_plural = _("baris contoh susunan acara")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["template", "position"], name="template_position_once"),
            models.CheckConstraint(
                condition=Q(planned_minutes__gte=1, planned_minutes__lte=600),
                name="template_minutes_sensible",
            ),
        ]

    def __str__(self) -> str:
        return self.title
