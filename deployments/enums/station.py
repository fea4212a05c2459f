"""Classes and tags of polling stations, and the vulnerability index."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TpsClass(models.TextChoices):
    """The police's class of a polling station; it sets the guarding pattern, it is no verdict."""

    LOW = "kurang_rawan", _("Kurang rawan")
    MEDIUM = "rawan", _("Rawan")
    HIGH = "sangat_rawan", _("Sangat rawan")
    SPECIAL = "khusus", _("Khusus")


CLASS_BADGE = {
    TpsClass.LOW: "success",
    TpsClass.MEDIUM: "warning",
    TpsClass.HIGH: "danger",
    TpsClass.SPECIAL: "info",
}


class TagVariable(models.TextChoices):
    """The election supervisors' eight variables of a vulnerable polling station."""

    VOTING_RIGHT = "hak_pilih", _("Penggunaan hak pilih")
    SECURITY = "keamanan", _("Keamanan")
    MONEY = "politik_uang", _("Politik uang")
    IDENTITY = "sara", _("Politisasi SARA")
    NEUTRALITY = "netralitas", _("Netralitas")
    LOGISTICS = "logistik", _("Logistik")
    LOCATION = "lokasi", _("Lokasi TPS")
    NETWORK = "jaringan", _("Jaringan listrik dan internet")


class IkpClass(models.TextChoices):
    """The supervisors' class of a region by its vulnerability index (IKP)."""

    LOW = "rendah", pgettext_lazy("kerawanan", "Rendah")
    MEDIUM = "sedang", pgettext_lazy("kerawanan", "Sedang")
    HIGH = "tinggi", pgettext_lazy("kerawanan", "Tinggi")


IKP_LIMITS = ((6850, IkpClass.HIGH), (2170, IkpClass.MEDIUM), (0, IkpClass.LOW))
"""Hundredths of a point from which each class holds (Bawaslu, IKP 2024, published 16 December
2022): high from 68.5, medium from 21.7."""


IKP_BADGE = {IkpClass.LOW: "success", IkpClass.MEDIUM: "warning", IkpClass.HIGH: "danger"}


def ikp_class(hundredths: int) -> IkpClass:
    """The class of an index of 0 to 10,000 hundredths of a point."""
    return next(found for floor, found in IKP_LIMITS if hundredths >= floor)
