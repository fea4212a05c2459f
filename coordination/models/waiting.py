from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coordination.enums import ExtensionState, WaitKind
from coordination.models.obligation import Obligation


class Wait(models.Model):
    """A span in which an obligation waited for its issuer, or for another obligation."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="waits")
    kind = models.CharField(_("Menunggu"), max_length=12, choices=WaitKind.choices)
    blocker = models.ForeignKey(
        Obligation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="holds_up",
        verbose_name=_("Tindak lanjut yang ditunggu"),
    )
    began_at = models.DateTimeField(_("Sejak"))
    ended_at = models.DateTimeField(_("Sampai"), null=True, blank=True)

    class Meta:
        verbose_name = _("masa menunggu")
        verbose_name_plural = _("masa menunggu")
        ordering = ["began_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=WaitKind.ISSUER, blocker=None)
                | Q(kind=WaitKind.OBLIGATION, blocker__isnull=False),
                name="wait_for_somebody",
            ),
            models.CheckConstraint(
                condition=Q(blocker=None) | ~Q(blocker=F("obligation")), name="wait_not_for_itself"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")),
                name="wait_ends_after_it_began",
            ),
            models.UniqueConstraint(
                fields=["obligation"],
                condition=Q(kind=WaitKind.ISSUER, ended_at=None),
                name="wait_for_the_issuer_once",
            ),
            models.UniqueConstraint(
                fields=["obligation", "blocker"],
                condition=Q(kind=WaitKind.OBLIGATION, ended_at=None),
                name="wait_for_another_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id}: {self.get_kind_display()}"


class Extension(models.Model):
    """A later due time that was asked for, and what the issuer said to it."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="extensions")
    state = models.CharField(
        _("Keputusan"), max_length=10, choices=ExtensionState.choices, default=ExtensionState.ASKED
    )
    reason = models.TextField(_("Alasan"))
    due_before = models.DateTimeField(_("Tenggat semula"))
    wished_due_at = models.DateTimeField(_("Tenggat yang dimohon"))
    due_after = models.DateTimeField(_("Tenggat baru"), null=True, blank=True)
    asked_by = models.ForeignKey("accounts.Post", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("Dimohon"))
    decided_by = models.ForeignKey(
        "accounts.Post", models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("Diputus"), null=True, blank=True)
    answer = models.TextField(_("Catatan"), blank=True)

    class Meta:
        verbose_name = _("perpanjangan tenggat")
        verbose_name_plural = _("perpanjangan tenggat")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["obligation"],
                condition=Q(state=ExtensionState.ASKED),
                name="extension_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ExtensionState.values), name="extension_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=ExtensionState.ASKED, decided_at=None)
                | ~Q(state=ExtensionState.ASKED)
                & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="extension_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExtensionState.GRANTED) | Q(due_after__isnull=False),
                name="extension_granted_until",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExtensionState.REFUSED) | ~Q(answer=""),
                name="extension_refused_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id}: {self.get_state_display()}"
