from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.enums.persons import ADULT, OLDEST, Condition, PersonPart, Sex
from incidents.models.incident import Incident
from portal.access.actor import Actor


class InvolvedPersonQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor | None) -> "InvolvedPersonQuerySet":
        """Of incidents in sight. The name does not come with the row: it is opened."""
        return self.filter(incident__in=Incident.objects.visible_to(actor))

    def named(self) -> "InvolvedPersonQuerySet":
        """Whose name has not been forgotten."""
        return self.filter(forgotten_at__isnull=True)


class InvolvedPerson(models.Model):
    """A suspect, victim or witness. Name and note are one sealed text (FIELD_KEYS), opened by an
    act of its own and wiped on `forget_on`; a list knows the initials, and of a child not even
    them. What remains (part, age, condition) is of nobody in particular."""

    incident = models.ForeignKey(
        Incident, models.PROTECT, related_name="persons", verbose_name=_("Kejadian")
    )
    part = models.CharField(_("Sebagai"), max_length=8, choices=PersonPart.choices)
    sealed = models.TextField(blank=True)
    initials = models.CharField(_("Inisial"), max_length=24, blank=True)
    minor = models.BooleanField(_("Anak"), default=False)
    age = models.PositiveSmallIntegerField(_("Umur"), null=True, blank=True)
    sex = models.CharField(_("Jenis kelamin"), max_length=1, choices=Sex.choices, blank=True)
    condition = models.CharField(
        _("Keadaan korban"), max_length=12, choices=Condition.choices, blank=True
    )
    post = models.ForeignKey(
        "accounts.Post", models.PROTECT, related_name="+", verbose_name=_("Dicatat oleh")
    )
    added_at = models.DateTimeField(_("Dicatat"))
    forget_on = models.DateField(_("Nama dihapus pada"), db_index=True)
    forgotten_at = models.DateTimeField(_("Nama dihapus"), null=True)
    version = models.PositiveIntegerField(default=1)

    objects = InvolvedPersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("orang terlibat")
        verbose_name_plural = _("orang terlibat")
        ordering = ["part", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(part__in=PersonPart.values), name="person_part_known"
            ),
            models.CheckConstraint(
                condition=Q(sex="") | Q(sex__in=Sex.values), name="person_sex_known"
            ),
            models.CheckConstraint(
                condition=Q(condition="")
                | Q(condition__in=Condition.values, part=PersonPart.VICTIM),
                name="person_condition_of_victims",
            ),
            models.CheckConstraint(
                condition=Q(age__isnull=True)
                | Q(age__lt=ADULT, minor=True)
                | Q(age__range=(ADULT, OLDEST), minor=False),
                name="person_minor_by_age",
            ),
            models.CheckConstraint(
                condition=Q(minor=False) | Q(initials=""), name="person_minor_without_initials"
            ),
            models.CheckConstraint(
                condition=(Q(forgotten_at__isnull=True) & ~Q(sealed=""))
                | Q(forgotten_at__isnull=False, sealed="", initials=""),
                name="person_forgotten_without_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()} {self.pk}"

    @property
    def classification(self) -> int:
        """That of its incident."""
        return self.incident.classification
