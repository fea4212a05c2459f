from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from incidents.enums import Severity
from incidents.enums.warning import Certainty, RuleArea, RuleKind, Urgency
from incidents.models.taxonomy import ReferenceQuerySet


class WarningRule(models.Model):
    """When a warning is given. Loaded from data/warnings.json; what a coordinator changed stays.

    `types` holds codes and letters of groups ("D2 F"), empty means any. `threshold` counts
    incidents or reports; of silent posts the missed cut-offs, of vulnerable places the stations of
    the police's highest class. `factor` and `weeks` are used by RISE only.
    """

    code = models.SlugField(_("Kode"), max_length=40, primary_key=True)
    position = models.PositiveSmallIntegerField(_("Urutan"))
    kind = models.CharField(_("Yang diamati"), max_length=14, choices=RuleKind.choices)
    name = models.CharField(_("Nama aturan"), max_length=120)
    name_en = models.CharField(_("Nama aturan (Inggris)"), max_length=120)
    types = models.CharField(_("Jenis kejadian"), max_length=120, blank=True)
    min_severity = models.PositiveSmallIntegerField(
        _("Keparahan paling rendah"), choices=Severity.choices, default=Severity.LOW
    )
    area = models.CharField(_("Tingkat wilayah"), max_length=10, choices=RuleArea.choices)
    threshold = models.PositiveSmallIntegerField(_("Ambang"))
    window_hours = models.PositiveSmallIntegerField(_("Jendela waktu (jam)"))
    factor = models.DecimalField(_("Kelipatan rata-rata"), max_digits=4, decimal_places=1)
    weeks = models.PositiveSmallIntegerField(_("Minggu pembanding"))
    urgency = models.CharField(_("Kemendesakan"), max_length=10, choices=Urgency.choices)
    certainty = models.CharField(_("Kepastian"), max_length=10, choices=Certainty.choices)
    valid_hours = models.PositiveSmallIntegerField(_("Berlaku (jam)"))
    instruction = models.CharField(_("Anjuran"), max_length=300)
    instruction_en = models.CharField(_("Anjuran (Inggris)"), max_length=300)
    active = models.BooleanField(_("Dipakai"), default=True)
    by_hand = models.BooleanField(_("Diubah koordinator"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("aturan peringatan dini")
        verbose_name_plural = _("aturan peringatan dini")
        ordering = ["position"]
        constraints = [
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{field}__in": choices.values}),
                    name=f"warning_rule_{field}_known",
                )
                for field, choices in (
                    ("kind", RuleKind),
                    ("area", RuleArea),
                    ("urgency", Urgency),
                    ("certainty", Certainty),
                    ("min_severity", Severity),
                )
            ),
            models.CheckConstraint(
                condition=Q(threshold__gt=0, window_hours__gt=0, valid_hours__gt=0, weeks__gt=0)
                & Q(factor__gte=1),
                name="warning_rule_counts",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_en if get_language() == "en" else self.name

    @property
    def advice(self) -> str:
        return self.instruction_en if get_language() == "en" else self.instruction

    def takes(self, code: str) -> bool:
        """Whether incidents of that type count."""
        asked = self.types.split()
        return not asked or code in asked or code[:1] in asked
