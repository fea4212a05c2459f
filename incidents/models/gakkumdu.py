from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incidents.enums.gakkumdu import CaseBasis, EntryKind, Outcome, StepCode
from incidents.models.desk import at_desk
from incidents.models.incident import Incident
from portal.access import scope
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.permissions import Permission


class CaseQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor | None) -> "CaseQuerySet":
        """Only the desk, each post in its region; the incident's own scope says the same."""
        if actor is None:
            return self.none()
        rows = self.filter(scope.cleared(actor))
        if actor.is_system:
            return rows
        if Permission.GAKKUMDU_VIEW not in actor.permissions:
            return self.none()
        return rows.filter(at_desk(actor))

    def open(self) -> "CaseQuerySet":
        return self.filter(outcome="")


class GakkumduCase(models.Model):
    """A suspected election crime in the hands of Sentra Gakkumdu. `step` is the step that runs,
    empty when all are done; what time has lapsed is reckoned and stands in no column."""

    number = models.CharField(_("Nomor perkara"), max_length=20, unique=True)
    incident = models.OneToOneField(
        Incident, models.PROTECT, related_name="gakkumdu", verbose_name=_("Kejadian")
    )
    region = models.ForeignKey(
        "registry.Region", models.PROTECT, related_name="+", verbose_name=_("Wilayah")
    )
    basis = models.CharField(_("Asal"), max_length=8, choices=CaseBasis.choices)
    known_at = models.DateTimeField(_("Diketahui atau ditemukan"))
    received_at = models.DateTimeField(_("Diterima Bawaslu"))
    summary = models.TextField(_("Uraian dugaan"))
    article = models.CharField(_("Pasal yang disangkakan"), max_length=200, blank=True)
    step = models.CharField(
        _("Langkah berjalan"),
        max_length=16,
        choices=StepCode.choices,
        blank=True,
        default=StepCode.STUDY,
    )
    outcome = models.CharField(_("Hasil"), max_length=16, choices=Outcome.choices, blank=True)
    opened_at = models.DateTimeField(_("Diserahkan"))
    opened_by = models.ForeignKey(
        "accounts.Post", models.PROTECT, related_name="+", verbose_name=_("Diserahkan oleh")
    )
    closed_at = models.DateTimeField(_("Ditutup"), null=True, blank=True)
    classification = models.PositiveSmallIntegerField(
        _("Klasifikasi"), choices=Classification.choices
    )
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(_("Diubah"))

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("perkara Gakkumdu")
        verbose_name_plural = _("perkara Gakkumdu")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(step="") | Q(step__in=StepCode.values), name="case_step_known"
            ),
            models.CheckConstraint(
                condition=Q(basis__in=CaseBasis.values), name="case_basis_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", closed_at__isnull=True)
                | Q(outcome__in=Outcome.values, closed_at__isnull=False),
                name="case_closed_with_outcome",
            ),
            models.CheckConstraint(
                condition=Q(known_at__lte=F("received_at"), received_at__lte=F("opened_at")),
                name="case_times_in_order",
            ),
            models.CheckConstraint(
                condition=Q(classification__in=Classification.values), name="case_class_known"
            ),
            models.CheckConstraint(condition=~Q(summary=""), name="case_says_something"),
        ]

    def __str__(self) -> str:
        return self.number


class CaseEntryQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor | None) -> "CaseEntryQuerySet":
        return self.filter(case__in=GakkumduCase.objects.visible_to(actor))


class CaseEntry(models.Model):
    """One entry of a case's history: added, never changed (a trigger refuses it).

    `happened_at` is when the step was done, `at` when it was written down; `due_at` the end of its
    time as it was reckoned then.
    """

    case = models.ForeignKey(GakkumduCase, models.PROTECT, related_name="entries")
    kind = models.CharField(_("Jenis"), max_length=10, choices=EntryKind.choices)
    step = models.CharField(_("Langkah"), max_length=16, choices=StepCode.choices, blank=True)
    happened_at = models.DateTimeField(_("Dilakukan"))
    due_at = models.DateTimeField(pgettext_lazy("jam hukum", "Batas waktu"), null=True)
    text = models.TextField(_("Isi"), blank=True)
    post = models.ForeignKey(
        "accounts.Post", models.PROTECT, related_name="+", verbose_name=_("Dicatat oleh")
    )
    agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Instansi")
    )
    at = models.DateTimeField(_("Dicatat"))

    objects = CaseEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("riwayat perkara")
        verbose_name_plural = _("riwayat perkara")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=EntryKind.values), name="case_entry_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(happened_at__lte=F("at")), name="case_entry_not_ahead"
            ),
            models.UniqueConstraint(
                fields=["case", "step"],
                condition=Q(kind=EntryKind.DONE),
                name="case_step_done_once",
            ),
            models.UniqueConstraint(
                fields=["case", "step"],
                condition=Q(kind=EntryKind.EXTENDED),
                name="case_step_extended_once",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(kind=EntryKind.RETURNED),
                name="case_file_returned_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.kind} {self.step}"
