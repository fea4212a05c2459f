"""Report forms: kinds of fields, how they are scored, rules for odd figures."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FieldKind(models.TextChoices):
    """What a field of a report form takes. A condition is three counts: B, RR, RB."""

    INTEGER = "integer", _("Bilangan")
    PERCENT = "percent", _("Persen")
    YES_NO = "yes_no", _("Ya atau tidak")
    DATE = "date", _("Tanggal")
    CHOICE = "choice", _("Pilihan")
    TEXT = "text", _("Teks")
    CONDITION = "condition", _("Kondisi B/RR/RB")
    MONEY = "money", _("Rupiah")


COUNTING = (FieldKind.INTEGER, FieldKind.PERCENT, FieldKind.MONEY)


CONDITIONS = ("b", "rr", "rb")
"""Baik, rusak ringan, rusak berat."""


class Score(models.TextChoices):
    """How a field's answer tells on its group's light."""

    NONE = "", _("Tidak dinilai")
    VALUE = "value", _("Nilai persennya")
    RATIO = "ratio", _("Bagian dari isian lain")
    CONDITION = "condition", _("Bagian yang baik")
    YES = "yes", _("Harus ya")


class RuleKind(models.TextChoices):
    """What makes a number odd."""

    RATIO = "ratio", _("Melebihi sekian persen dari isian lain")
    JUMP = "jump", _("Berubah lebih dari sekian persen sejak laporan sebelumnya")
    ZERO = "zero", _("Nol, padahal laporan sebelumnya tidak")


class Severity(models.TextChoices):
    """What an odd number leads to."""

    WARN = "warn", _("Pengirim menegaskan dengan alasan")
    QUARANTINE = "quarantine", _("Dikarantina sampai diperiksa atasan")
