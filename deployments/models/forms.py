from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from deployments.enums import FieldKind, Score


def spoken(home: str, english: str) -> str:
    """The text in the reader's language; English where there is one."""
    return english if english and get_language() == "en" else home


class ReportFormQuerySet(models.QuerySet):
    def visible_to(self, actor) -> "ReportFormQuerySet":
        """What is asked of whom is no secret."""
        return self if actor else self.none()

    def published(self, day: date) -> "ReportFormQuerySet":
        return self.filter(published_at__isnull=False, valid_from__lte=day)


class ReportForm(models.Model):
    """One version of what a kind of unit reports in a stage. Empty kind, agency or stage: all.

    A published version is fixed by the database; a change is a new version, begun as a copy.
    """

    key = models.SlugField(_("Kode"), max_length=40)
    number = models.PositiveSmallIntegerField(_("Versi formulir"), default=1)
    title = models.CharField(_("Judul"), max_length=120)
    title_en = models.CharField(_("Judul (Inggris)"), max_length=120, blank=True)
    unit_kind = models.CharField(_("Jenis satuan"), max_length=24, blank=True)
    agency = models.ForeignKey(
        "registry.Agency",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Instansi"),
    )
    stage = models.ForeignKey(
        "registry.Stage",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Tahapan"),
    )
    valid_from = models.DateField(_("Berlaku sejak"))
    source = models.CharField(_("Sumber"), max_length=200)
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)
    published_at = models.DateTimeField(_("Diterbitkan"), null=True)
    published_by = models.ForeignKey("accounts.Post", models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = ReportFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("formulir laporan")
        verbose_name_plural = _("formulir laporan")
        ordering = ["key", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["key", "number"], name="form_version_once"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(published_at__isnull=True), name="form_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} v{self.number}"

    @property
    def label(self) -> str:
        return spoken(self.title, self.title_en)

    @property
    def is_draft(self) -> bool:
        return self.published_at is None


class FormGroup(models.Model):
    """A part of the form that has its own light."""

    form = models.ForeignKey(ReportForm, models.CASCADE, related_name="groups")
    key = models.SlugField(_("Kode"), max_length=40)
    name = models.CharField(_("Nama"), max_length=120)
    name_en = models.CharField(_("Nama (Inggris)"), max_length=120, blank=True)
    mandatory = models.BooleanField(_("Wajib"), default=False)
    position = models.PositiveSmallIntegerField(_("Urutan"))

    class Meta:
        verbose_name = _("bagian formulir")
        verbose_name_plural = _("bagian formulir")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["form", "key"], name="group_once")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return spoken(self.name, self.name_en)


class FormField(models.Model):
    """One question. `column`: the answer is a column of the report, with its constraints."""

    group = models.ForeignKey(
        FormGroup, models.CASCADE, related_name="fields", verbose_name=_("Bagian")
    )
    key = models.SlugField(_("Kode"), max_length=40)
    label_id = models.CharField(_("Pertanyaan"), max_length=120)
    label_en = models.CharField(_("Pertanyaan (Inggris)"), max_length=120, blank=True)
    kind = models.CharField(_("Jenis isian"), max_length=10, choices=FieldKind.choices)
    column = models.CharField(_("Kolom"), max_length=24, blank=True, editable=False)
    unit = models.CharField(_("Satuan ukuran"), max_length=24, blank=True)
    required = models.BooleanField(_("Wajib diisi"), default=False)
    minimum = models.BigIntegerField(_("Paling sedikit"), null=True, blank=True)
    maximum = models.BigIntegerField(_("Paling banyak"), null=True, blank=True)
    at_most = models.CharField(_("Tidak melebihi isian"), max_length=40, blank=True)
    sum_of = models.JSONField(_("Jumlah dari isian"), default=list, blank=True)
    choices = models.JSONField(_("Pilihan"), default=list, blank=True)
    score = models.CharField(_("Penilaian"), max_length=10, choices=Score.choices, blank=True)
    score_of = models.CharField(_("Dibagi isian"), max_length=40, blank=True)
    help_id = models.CharField(_("Penjelasan"), max_length=300, blank=True)
    help_en = models.CharField(_("Penjelasan (Inggris)"), max_length=300, blank=True)
    example = models.CharField(_("Contoh"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(_("Urutan"))

    class Meta:
        verbose_name = _("isian formulir")
        verbose_name_plural = _("isian formulir")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["group", "key"], name="field_once_per_group"),
            models.CheckConstraint(condition=Q(kind__in=FieldKind.values), name="field_kind_known"),
            models.CheckConstraint(
                condition=Q(minimum__isnull=True)
                | Q(maximum__isnull=True)
                | Q(minimum__lte=models.F("maximum")),
                name="field_minimum_within_maximum",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return spoken(self.label_id, self.label_en)

    @property
    def help(self) -> str:
        return spoken(self.help_id, self.help_en)
