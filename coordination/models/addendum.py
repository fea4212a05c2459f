from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.enums import AddendumState
from coordination.models.agenda import AgendaItem
from coordination.models.minutes import Minutes, MinutesSection
from portal.access.actor import Actor
from portal.access.permissions import Permission


class AddendumQuerySet(models.QuerySet["Addendum"]):
    def visible_to(self, actor: Actor | None) -> "AddendumQuerySet":
        """Published: whoever sees the minutes. Before: who writes or signs at the host agency. Of
        a closed item only for whom it is open."""
        if actor is None:
            return self.none()
        rows = self.filter(minutes__in=Minutes.objects.visible_to(actor))
        if actor.is_system:
            return rows
        seen = Q(state=AddendumState.PUBLISHED)
        if actor.permissions & {Permission.MINUTES_WRITE, Permission.MINUTES_SIGN}:
            seen |= Q(minutes__meeting__host_agency_id=actor.agency_id)
        items = AgendaItem.objects.visible_to(actor)
        return rows.filter(seen).filter(
            Q(section=None) | Q(section__agenda_item=None) | Q(section__agenda_item__in=items)
        )


class Addendum(models.Model):
    """A correction of published minutes: what stood there, what it shall say, and why. Once it is
    published, a trigger keeps every word of it."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="addenda")
    number = models.PositiveSmallIntegerField(_("Nomor adendum"), null=True, blank=True)
    section = models.ForeignKey(
        MinutesSection,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Bagian yang dikoreksi"),
    )
    original = models.TextField(_("Semula"), blank=True)
    text = models.TextField(_("Menjadi"))
    reason = models.CharField(_("Alasan"), max_length=500)
    state = models.CharField(
        _("Keadaan"), max_length=10, choices=AddendumState.choices, default=AddendumState.DRAFT
    )
    written_by = models.ForeignKey("accounts.Post", models.PROTECT, related_name="+")
    written_at = models.DateTimeField(_("Ditulis"))
    signed_at = models.DateTimeField(_("Disahkan"), null=True, blank=True)
    signed_by = models.ForeignKey(
        "accounts.Post", models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_office = models.CharField(_("Disahkan oleh"), max_length=300, blank=True)
    signed_with = models.CharField(_("Pembuktian diri"), max_length=20, blank=True)
    published_at = models.DateTimeField(_("Terbit"), null=True, blank=True)
    published_by = models.ForeignKey(
        "accounts.Post", models.PROTECT, null=True, blank=True, related_name="+"
    )
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    sealed_text = models.TextField(_("Naskah baku"), blank=True)
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = AddendumQuerySet.as_manager()

    class Meta:
        verbose_name = _("adendum notula")
        verbose_name_plural = _("adendum notula")
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "number"], name="addendum_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=AddendumState.values), name="addendum_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=AddendumState.DRAFT)
                | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="addendum_signed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=AddendumState.PUBLISHED)
                | Q(
                    number__isnull=False,
                    sha256__regex=r"^[0-9a-f]{64}$",
                    published_at__isnull=False,
                    published_by__isnull=False,
                ),
                name="addendum_published_is_sealed",
            ),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(reason=""), name="addendum_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"Adendum {self.number or 'draf'}: {self.minutes}"

    @property
    def classification(self) -> int:
        return self.minutes.classification
