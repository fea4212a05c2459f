from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Source(models.TextChoices):
    """The kinds of file that are read."""

    XLSX = "xlsx", "XLSX"
    CSV = "csv", "CSV"


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("Menunggu diperiksa")
    CHECKING = "checking", _("Sedang diperiksa")
    CHECKED = "checked", _("Siap diterapkan")
    APPLYING = "applying", _("Sedang diterapkan")
    APPLIED = "applied", pgettext_lazy("impor", "Diterapkan")
    UNDOING = "undoing", _("Sedang dibatalkan")
    UNDONE = "undone", pgettext_lazy("impor", "Dibatalkan")
    FAILED = "failed", _("Gagal")
    DISCARDED = "discarded", pgettext_lazy("impor", "Dibuang")


IMPORT_MOVES: dict[str, frozenset[str]] = {
    ImportState.UPLOADED: frozenset(
        {ImportState.CHECKING, ImportState.FAILED, ImportState.DISCARDED}
    ),
    # To itself: a worker died, the next one goes on where it stopped.
    ImportState.CHECKING: frozenset(
        {ImportState.CHECKING, ImportState.CHECKED, ImportState.FAILED}
    ),
    ImportState.CHECKED: frozenset({ImportState.APPLYING, ImportState.DISCARDED}),
    # Back: all or nothing, and it was nothing.
    ImportState.APPLYING: frozenset(
        {ImportState.APPLYING, ImportState.APPLIED, ImportState.CHECKED}
    ),
    ImportState.APPLIED: frozenset({ImportState.UNDOING}),
    # Back: not one row could be undone.
    ImportState.UNDOING: frozenset({ImportState.UNDOING, ImportState.UNDONE, ImportState.APPLIED}),
    ImportState.UNDONE: frozenset(),
    ImportState.FAILED: frozenset(),
    ImportState.DISCARDED: frozenset(),
}
WORKING = frozenset(
    {ImportState.UPLOADED, ImportState.CHECKING, ImportState.APPLYING, ImportState.UNDOING}
)
"""A worker has it, or will."""
IMPORT_BADGES: dict[str, str] = {
    ImportState.UPLOADED: "silent",
    ImportState.CHECKING: "info",
    ImportState.CHECKED: "warning",
    ImportState.APPLYING: "info",
    ImportState.APPLIED: "success",
    ImportState.UNDOING: "info",
    ImportState.UNDONE: "neutral",
    ImportState.FAILED: "danger",
    ImportState.DISCARDED: "neutral",
}


class Mode(models.TextChoices):
    """What happens to the rest when one row is refused."""

    ALL = "all", _("Semua atau tidak sama sekali")
    GOOD = "good", _("Hanya baris yang baik")


class RowVerdict(models.TextChoices):
    """What a row would do."""

    NEW = "new", pgettext_lazy("baris", "Baru")
    CHANGED = "changed", pgettext_lazy("baris", "Berubah")
    SAME = "same", pgettext_lazy("baris", "Sama")
    REFUSED = "refused", pgettext_lazy("baris", "Ditolak")


VERDICT_BADGES: dict[str, str] = {
    RowVerdict.NEW: "success",
    RowVerdict.CHANGED: "info",
    RowVerdict.SAME: "neutral",
    RowVerdict.REFUSED: "danger",
}
WRITES = (RowVerdict.NEW, RowVerdict.CHANGED)


class RowOutcome(models.TextChoices):
    """What became of a row."""

    APPLIED = "applied", pgettext_lazy("baris", "Diterapkan")
    LEFT_OUT = "left_out", pgettext_lazy("baris", "Ditolak saat diterapkan")
    UNDONE = "undone", pgettext_lazy("baris", "Dibatalkan")
    KEPT = "kept", pgettext_lazy("baris", "Tetap")


OUTCOME_BADGES: dict[str, str] = {
    RowOutcome.APPLIED: "success",
    RowOutcome.LEFT_OUT: "danger",
    RowOutcome.UNDONE: "neutral",
    RowOutcome.KEPT: "warning",
}


class CellType(models.TextChoices):
    """What a column holds, in the words of the template's help."""

    TEXT = "text", _("Teks")
    CODE = "code", pgettext_lazy("kolom", "Kode")
    WHOLE = "whole", _("Bilangan bulat")
    DECIMAL = "decimal", _("Bilangan desimal")
    DATE = "date", pgettext_lazy("kolom", "Tanggal")
    CHOICE = "choice", pgettext_lazy("kolom", "Pilihan")
    YES_NO = "yes_no", _("Ya atau Tidak")
