from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from deployments.enums import AccountPart
from deployments.models.scope import own_forces, sees_all


class StrengthAccountQuerySet(models.QuerySet):
    def visible_to(self, actor) -> Self:
        """The own forces, and those of others under the own agency's control."""
        if actor is None:
            return self.none()
        if sees_all(actor):
            return self
        return self.filter(own_forces(actor) | Q(controller_id=actor.agency_id))

    def within(self, code: str) -> Self:
        """At the region or in one inside it; the code is the path."""
        return self.filter(Q(region_id=code) | Q(region__code__startswith=f"{code}."))


class StrengthAccount(models.Model):
    """People of one agency at one place in one role: what a transfer takes from or gives to.

    Each agency has one account per operation for whom it has not itemised: every announced person
    stands there first. `balance` is what remains after every entry, also those that take effect
    later; only the trigger behind the entries writes it.
    """

    operation = models.ForeignKey("registry.Operation", models.PROTECT, related_name="+")
    agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Instansi pemilik")
    )
    part = models.CharField(_("Bagian"), max_length=12, choices=AccountPart.choices)
    unit = models.ForeignKey(
        "registry.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Satuan"),
    )
    region = models.ForeignKey(
        "registry.Region", models.PROTECT, related_name="+", verbose_name=_("Wilayah")
    )
    place = models.ForeignKey(
        "registry.Place",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Tempat"),
    )
    controller = models.ForeignKey(
        "registry.Agency",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Instansi pengendali (BKO)"),
    )
    balance = models.IntegerField(_("Saldo"), default=0)

    objects = StrengthAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("rekening kekuatan")
        verbose_name_plural = _("rekening kekuatan")
        constraints = [
            models.UniqueConstraint(
                F("operation"),
                F("agency"),
                F("part"),
                F("region"),
                Coalesce("unit", Value(0)),
                Coalesce("place", Value(0)),
                Coalesce("controller", Value(0)),
                name="account_once",
            ),
            models.UniqueConstraint(
                fields=["operation", "agency"],
                condition=Q(part=AccountPart.NOT_ITEMISED),
                name="account_one_not_itemised",
            ),
            models.CheckConstraint(
                condition=Q(part__in=AccountPart.values), name="account_part_known"
            ),
            models.CheckConstraint(
                condition=Q(controller__isnull=True) | ~Q(controller=F("agency")),
                name="account_controller_is_another",
            ),
            models.CheckConstraint(
                condition=~Q(part=AccountPart.NOT_ITEMISED)
                | Q(unit__isnull=True, place__isnull=True, controller__isnull=True),
                name="account_not_itemised_is_nowhere",
            ),
        ]

    def __str__(self) -> str:
        """Where and as what, as a statement names the other side."""
        if self.part == AccountPart.NOT_ITEMISED:
            return f"{self.agency.short_name}, {self.get_part_display()}"
        where = self.place.name if self.place else self.region.name
        parts = [self.get_part_display(), where]
        if self.controller:
            parts.append(f"BKO {self.controller.short_name}")
        return f"{self.unit.short_name if self.unit else self.agency.short_name}: " + ", ".join(
            parts
        )


class StrengthTransferQuerySet(models.QuerySet):
    def visible_to(self, actor) -> Self:
        """Entries of which one side is in sight."""
        if actor is None:
            return self.none()
        if sees_all(actor):
            return self
        seen = StrengthAccount.objects.visible_to(actor).values("pk")
        return self.filter(Q(source__in=seen) | Q(target__in=seen))

    def counting(self, on: date, known_at: datetime) -> Self:
        """In effect on that day as far as it was recorded at that moment."""
        return self.filter(effective_on__lte=on, recorded_at__lte=known_at)


class StrengthTransfer(models.Model):
    """One entry of the ledger: people go from one account to another from a day on.

    Without a source they were announced, without a target the announcement shrank. An entry is
    never changed nor removed: what was wrong is reversed by another one, with a reason.
    """

    operation = models.ForeignKey("registry.Operation", models.PROTECT, related_name="+")
    agency = models.ForeignKey("registry.Agency", models.PROTECT, related_name="+")
    source = models.ForeignKey(
        StrengthAccount,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="outgoing",
        verbose_name=_("Dari"),
    )
    target = models.ForeignKey(
        StrengthAccount,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="incoming",
        verbose_name=_("Ke"),
    )
    personnel = models.PositiveIntegerField(_("Jumlah personel"))
    effective_on = models.DateField(_("Berlaku mulai"))
    recorded_at = models.DateTimeField(_("Dicatat"))
    reason = models.CharField(_("Alasan"), max_length=300)
    origin = models.CharField(_("Sumber"), max_length=200, blank=True)
    as_of = models.DateTimeField(_("Data per"))
    by_post = models.ForeignKey(
        "accounts.Post",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("Dicatat oleh"),
    )
    deployment = models.ForeignKey(
        "deployments.Deployment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name=_("Penempatan"),
    )
    declaration = models.ForeignKey(
        "deployments.StrengthDeclaration",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
    )
    reverses = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reversed_by",
        verbose_name=_("Membalik"),
    )

    objects = StrengthTransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("mutasi kekuatan")
        verbose_name_plural = _("mutasi kekuatan")
        constraints = [
            models.CheckConstraint(condition=Q(personnel__gt=0), name="transfer_has_people"),
            models.CheckConstraint(
                condition=Q(source__isnull=False) | Q(target__isnull=False),
                name="transfer_has_a_side",
            ),
            models.CheckConstraint(
                condition=Q(source__isnull=True) | Q(target__isnull=True) | ~Q(source=F("target")),
                name="transfer_sides_differ",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="transfer_has_a_reason"),
        ]
        indexes = [
            models.Index(fields=["source", "effective_on"], name="transfer_out"),
            models.Index(fields=["target", "effective_on"], name="transfer_in"),
            models.Index(fields=["operation", "agency", "effective_on"], name="transfer_ledger"),
        ]

    def __str__(self) -> str:
        return f"{self.personnel}: {self.source or '–'} → {self.target or '–'}"
