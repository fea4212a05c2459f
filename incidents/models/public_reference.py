"""What the public chooses from and what officers answer with: data, loaded with the taxonomy."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from incidents.models.taxonomy import IncidentType, ReferenceQuerySet


class PublicSubject(models.Model):
    """A kind of incident in plain words, and the type of the taxonomy that it stands for."""

    slug = models.SlugField(_("Kode"), max_length=30, primary_key=True)
    words = models.CharField(_("Kata-kata"), max_length=120)
    words_en = models.CharField(_("Kata-kata (Inggris)"), max_length=120)
    type = models.ForeignKey(
        IncidentType, models.PROTECT, related_name="+", verbose_name=_("Jenis kejadian")
    )
    kept_from = ArrayField(
        models.SlugField(max_length=50),
        verbose_name=_("Tidak ditelaah oleh posko dari"),
        default=list,
        blank=True,
        help_text=_("Instansi yang dapat menjadi pihak terlapor pada jenis ini."),
    )
    position = models.PositiveSmallIntegerField(_("Urutan"))

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("jenis laporan warga")
        verbose_name_plural = _("jenis laporan warga")
        ordering = ["position"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The words in the reader's language."""
        return self.words_en if get_language() == "en" else self.words


class TriageReason(models.Model):
    """A quick reason to set a public report aside, and what its sender is then told."""

    slug = models.SlugField(_("Kode"), max_length=30, primary_key=True)
    words = models.CharField(_("Alasan"), max_length=80)
    words_en = models.CharField(_("Alasan (Inggris)"), max_length=80)
    answer = models.CharField(_("Jawaban kepada pelapor"), max_length=400, blank=True)
    answer_en = models.CharField(_("Jawaban kepada pelapor (Inggris)"), max_length=400, blank=True)
    spam = models.BooleanField(
        _("Bukan laporan"),
        default=False,
        help_text=_("Isinya dikosongkan setelah masa simpan, dan tidak dihitung."),
    )
    position = models.PositiveSmallIntegerField(_("Urutan"))

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("alasan telaah laporan warga")
        verbose_name_plural = _("alasan telaah laporan warga")
        ordering = ["position"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The reason in the reader's language."""
        return self.words_en if get_language() == "en" else self.words

    @property
    def told(self) -> str:
        """What its sender reads, in the reader's language; empty when nothing is said."""
        return self.answer_en if get_language() == "en" else self.answer
