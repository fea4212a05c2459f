"""Directives: what they are, how far they bind, until when."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DirectiveKind(models.TextChoices):
    GUIDANCE = "arahan", _("Arahan")
    INSTRUCTION = "petunjuk", _("Petunjuk")
    ORDER = "perintah", _("Perintah")
    EMPHASIS = "penekanan", _("Penekanan")
    ATTENTION = "atensi", _("Atensi")
    AGREEMENT = "kesepakatan", _("Kesepakatan")


class Binding(models.TextChoices):
    """How far a directive binds. An order runs only inside the issuer's own chain."""

    ORDER = "perintah", _("Perintah (rantai komando sendiri)")
    AGREEMENT = "kesepakatan", _("Kesepakatan bersama")
    REQUEST = "permintaan", _("Permintaan")
    EMPHASIS = "penekanan", _("Penekanan")


class Priority(models.TextChoices):
    ORDINARY = "biasa", pgettext_lazy("derajat", "Biasa")
    URGENT = "segera", _("Segera")
    IMMEDIATE = "amat_segera", _("Amat segera")


PRIORITY_BADGES: dict[str, str] = {
    Priority.ORDINARY: "neutral",
    Priority.URGENT: "warning",
    Priority.IMMEDIATE: "danger",
}


class DirectiveState(models.TextChoices):
    DRAFT = "draft", _("Draf")
    ISSUED = "issued", _("Terbit")
    CANCELLED = "cancelled", _("Dibatalkan")


DIRECTIVE_MOVES: dict[str, frozenset[str]] = {
    DirectiveState.DRAFT: frozenset({DirectiveState.ISSUED, DirectiveState.CANCELLED}),
    DirectiveState.ISSUED: frozenset({DirectiveState.CANCELLED}),
    DirectiveState.CANCELLED: frozenset(),
}
DIRECTIVE_BADGES: dict[str, str] = {
    DirectiveState.DRAFT: "neutral",
    DirectiveState.ISSUED: "success",
    DirectiveState.CANCELLED: "neutral",
}


class DueKind(models.TextChoices):
    """How a directive says until when."""

    DATE = "tanggal", _("Tanggal tertentu")
    WORKING_DAYS = "hari_kerja", _("Sejumlah hari kerja setelah terbit")
    STAGE = "tahapan", _("Mengikuti tahapan")
