"""In what part somebody stands in an incident, and what became of whom it struck."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ADULT = 18
"""Years; below, somebody is a child and is named to nobody but those who handle the incident."""
OLDEST = 120


class PersonPart(models.TextChoices):
    SUSPECT = "terduga", _("Terduga")
    VICTIM = "korban", pgettext_lazy("orang", "Korban")
    WITNESS = "saksi", _("Saksi")


class Sex(models.TextChoices):
    MALE = "L", _("Laki-laki")
    FEMALE = "P", _("Perempuan")


class Condition(models.TextChoices):
    """Of a victim."""

    UNHURT = "selamat", _("Selamat, tidak luka")
    LIGHT = "luka_ringan", _("Luka ringan")
    GRAVE = "luka_berat", _("Luka berat")
    DEAD = "meninggal", _("Meninggal dunia")
    MISSING = "hilang", _("Hilang")


PART_BADGES: dict[str, str] = {
    PersonPart.SUSPECT: "warning",
    PersonPart.VICTIM: "danger",
    PersonPart.WITNESS: "info",
}
KEPT_AS_CHILD = "anak"
"""The name under which the days of a child stand in the settings, beside the parts'."""
