from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from coordination.enums import MeetingKind
from coordination.models.visibility import holds, oversees
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.permissions import Permission


class MeetingSeriesQuerySet(models.QuerySet["MeetingSeries"]):
    def visible_to(self, actor: Actor | None) -> "MeetingSeriesQuerySet":
        """The host's own series, those in whose meetings one's agency sits, and all of them for
        who oversees the province."""
        if not holds(actor, Permission.MEETING_VIEW):
            return self.none()
        if oversees(actor):
            return self.all()
        meetings = self.model._meta.get_field("meetings").related_model.objects
        seen = meetings.visible_to(actor).filter(series=OuterRef("pk"))
        return self.filter(Q(host_agency_id=actor.agency_id) | Exists(seen))


class MeetingSeries(models.Model):
    """Rakor that follow one another (seri): what stays open in one comes onto the next agenda."""

    operation = models.ForeignKey(
        "registry.Operation",
        models.PROTECT,
        related_name="meeting_series",
        verbose_name=_("Operasi"),
    )
    title = models.CharField(_("Judul seri"), max_length=160)
    kind = models.CharField(
        _("Jenis"), max_length=20, choices=MeetingKind.choices, default=MeetingKind.CROSS_SECTOR
    )
    host_agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Instansi tuan rumah")
    )
    is_active = models.BooleanField(_("Aktif"), default=True)
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        "accounts.Post", models.PROTECT, related_name="+", verbose_name=_("Dibuat oleh")
    )
    created_at = models.DateTimeField(_("Dibuat"))

    objects = MeetingSeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("seri rakor")
        verbose_name_plural = _("seri rakor")
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=MeetingKind.values), name="series_kind_known"
            ),
            models.UniqueConstraint(
                fields=["operation", "host_agency", "title"], name="series_title_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def classification(self) -> int:
        """A series has a name only; its meetings and its backlog have classes of their own."""
        return Classification.BIASA
