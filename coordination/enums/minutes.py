"""Minutes, objections to them and addenda."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MinutesState(models.TextChoices):
    DRAFT = "draft", _("Draf")
    CIRCULATED = "circulated", _("Diedarkan")
    SIGNED = "signed", _("Disahkan")
    PUBLISHED = "published", _("Terbit")


MINUTES_MOVES: dict[str, frozenset[str]] = {
    MinutesState.DRAFT: frozenset({MinutesState.CIRCULATED, MinutesState.SIGNED}),
    MinutesState.CIRCULATED: frozenset({MinutesState.DRAFT, MinutesState.SIGNED}),
    MinutesState.SIGNED: frozenset({MinutesState.DRAFT, MinutesState.PUBLISHED}),
    MinutesState.PUBLISHED: frozenset(),
}
MINUTES_BADGES: dict[str, str] = {
    MinutesState.DRAFT: "neutral",
    MinutesState.CIRCULATED: "warning",
    MinutesState.SIGNED: "info",
    MinutesState.PUBLISHED: "success",
}


class RevisionOrigin(models.TextChoices):
    """How a passage came by its text."""

    OPENED = "opened", _("Dibuka")
    SAVED = "saved", _("Disimpan")
    MERGED = "merged", _("Digabung")
    RESTORED = "restored", _("Dipulihkan")
    OBJECTION = "objection", _("Keberatan diterima")
    REMOVED = "removed", _("Dihapus")


class ObjectionState(models.TextChoices):
    OPEN = "open", _("Belum dijawab")
    ACCEPTED = "accepted", _("Diterima, naskah diubah")
    REJECTED = "rejected", _("Tidak diterima")


OBJECTION_BADGES: dict[str, str] = {
    ObjectionState.OPEN: "warning",
    ObjectionState.ACCEPTED: "success",
    ObjectionState.REJECTED: "neutral",
}


class AddendumState(models.TextChoices):
    DRAFT = "draft", _("Draf")
    SIGNED = "signed", _("Disahkan")
    PUBLISHED = "published", _("Terbit")


ADDENDUM_MOVES: dict[str, frozenset[str]] = {
    AddendumState.DRAFT: frozenset({AddendumState.SIGNED}),
    AddendumState.SIGNED: frozenset({AddendumState.DRAFT, AddendumState.PUBLISHED}),
    AddendumState.PUBLISHED: frozenset(),
}
ADDENDUM_BADGES: dict[str, str] = {
    AddendumState.DRAFT: "neutral",
    AddendumState.SIGNED: "info",
    AddendumState.PUBLISHED: "success",
}
