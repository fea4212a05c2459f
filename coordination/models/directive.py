from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from coordination.enums import Binding, DirectiveKind, DirectiveState, DueKind, Priority
from coordination.models.agenda import AgendaItem, of_open_item
from coordination.models.meeting import Meeting
from coordination.models.minutes import MinutesSection
from coordination.models.visibility import at_head, holds, in_line, oversees
from portal.access import scope
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.permissions import Permission
from portal.web.searching import stored_stems


class DirectiveQuerySet(models.QuerySet["Directive"]):
    def visible_to(self, actor: Actor | None) -> "DirectiveQuerySet":
        """Issued: whoever sees the meeting or is addressed, and the agency that gave it to its own
        units; what comes from a closed item, of those who may not know the item only who is
        addressed. Draft: only who may issue it."""
        if not holds(actor, Permission.DIRECTIVE_VIEW):
            return self.none()
        rows = self.filter(scope.cleared(actor))
        if actor.is_system:
            return rows
        addressed = Q(Exists(Addressee.objects.filter(in_line(actor), directive=OuterRef("pk"))))
        told = of_open_item(actor, "agenda_item", "section__agenda_item")
        if not oversees(actor):
            told &= Q(Exists(Meeting.objects.visible_to(actor).filter(pk=OuterRef("meeting"))))
        seen = told | addressed
        if at_head(actor):
            seen |= Q(issuer_agency_id=actor.agency_id, parent_obligation__isnull=False)
        issued = ~Q(issued_at=None) & seen
        if Permission.DIRECTIVE_ISSUE in actor.permissions:
            issued |= Q(issuer_agency_id=actor.agency_id)
        return rows.filter(issued)

    def issued(self) -> "DirectiveQuerySet":
        return self.filter(state=DirectiveState.ISSUED)


class Directive(models.Model):
    """What a leader asks, agrees or orders: taken from an agenda item or a passage of the minutes,
    from an incident, from an agency's own obligation for its units, or standing alone."""

    meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="directives",
        verbose_name=_("Rakor"),
    )
    agenda_item = models.ForeignKey(
        AgendaItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="directives",
        verbose_name=_("Mata acara"),
    )
    section = models.ForeignKey(
        MinutesSection,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="directives",
        verbose_name=_("Bagian notula"),
    )
    parent_obligation = models.ForeignKey(
        "coordination.Obligation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sub_directives",
        verbose_name=_("Meneruskan tindak lanjut"),
    )
    # Records of apps that stand above this one are known by address and name only.
    origin_url = models.CharField(max_length=200, blank=True)
    origin_label = models.CharField(max_length=200, blank=True)
    ground = models.TextField(_("Dasar"), blank=True)
    number = models.CharField(_("Nomor"), max_length=60, unique=True, null=True, blank=True)
    title = models.CharField(_("Pokok arahan"), max_length=160)
    text = models.TextField(_("Isi arahan"))
    output = models.CharField(_("Keluaran yang diharapkan"), max_length=300, blank=True)
    evidence = models.CharField(_("Bukti dukung"), max_length=300, blank=True)
    evidence_required = models.BooleanField(_("Bukti dukung wajib dilampirkan"), default=False)
    kind = models.CharField(
        _("Jenis"), max_length=12, choices=DirectiveKind.choices, default=DirectiveKind.GUIDANCE
    )
    binding = models.CharField(
        _("Sifat mengikat"), max_length=12, choices=Binding.choices, default=Binding.AGREEMENT
    )
    priority = models.CharField(
        _("Derajat"), max_length=12, choices=Priority.choices, default=Priority.ORDINARY
    )
    issuer_agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Instansi pemberi")
    )
    issuer_post = models.ForeignKey(
        "accounts.Post", models.PROTECT, related_name="+", verbose_name=_("Dicatat oleh")
    )
    default_due_at = models.DateTimeField(_("Tenggat"))
    due_kind = models.CharField(
        _("Cara menentukan tenggat"),
        max_length=12,
        choices=DueKind.choices,
        default=DueKind.DATE,
    )
    due_days = models.PositiveSmallIntegerField(_("Hari kerja"), null=True, blank=True)
    due_stage = models.ForeignKey(
        "registry.Stage",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Tahapan"),
    )
    due_offset = models.SmallIntegerField(_("Selisih hari dari mulai tahapan"), default=0)
    state = models.CharField(
        _("Keadaan"), max_length=10, choices=DirectiveState.choices, default=DirectiveState.DRAFT
    )
    issued_at = models.DateTimeField(_("Terbit"), null=True, blank=True)
    cancel_reason = models.CharField(_("Alasan pembatalan"), max_length=500, blank=True)
    classification = models.PositiveSmallIntegerField(
        _("Klasifikasi"), choices=Classification.choices, default=Classification.TERBATAS
    )
    illustrative = models.BooleanField(_("Data ilustrasi"), default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("Dibuat"))
    updated_at = models.DateTimeField(_("Diubah"))

    stems = stored_stems(title="A", number="B", text="B", output="C", evidence="D")

    objects = DirectiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("arahan")
        verbose_name_plural = _("arahan")
        ordering = ["-issued_at", "pk"]
        indexes = [GinIndex(fields=["stems"], name="directive_stems")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=DirectiveKind.ORDER, binding=Binding.ORDER)
                | (~Q(kind=DirectiveKind.ORDER) & ~Q(binding=Binding.ORDER)),
                name="directive_order_is_binding",
            ),
            models.CheckConstraint(
                condition=~Q(state=DirectiveState.ISSUED)
                | Q(number__isnull=False, issued_at__isnull=False),
                name="directive_issued_has_number",
            ),
            models.CheckConstraint(
                condition=~Q(state=DirectiveState.CANCELLED) | ~Q(cancel_reason=""),
                name="directive_cancelled_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state__in=DirectiveState.values), name="directive_state_known"
            ),
            models.CheckConstraint(
                condition=Q(classification__in=Classification.values), name="directive_class_known"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="directive_says_something"),
            models.CheckConstraint(
                condition=Q(due_kind=DueKind.DATE, due_days=None, due_stage=None)
                | Q(due_kind=DueKind.WORKING_DAYS, due_days__gte=1, due_stage=None)
                | Q(due_kind=DueKind.STAGE, due_days=None, due_stage__isnull=False),
                name="directive_due_rule_complete",
            ),
            models.CheckConstraint(
                condition=Q(meeting__isnull=False)
                | Q(section=None, agenda_item=None)
                & (~Q(ground="") | ~Q(origin_url="") | Q(parent_obligation__isnull=False)),
                name="directive_comes_from_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(origin_url="") | Q(origin_url__startswith="/") & ~Q(origin_label=""),
                name="directive_origin_is_a_page_of_ours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or 'Draf'} {self.title}"


class Addressee(models.Model):
    """An agency or a unit of it that a directive speaks to, and by when. Issuing turns it into an
    obligation."""

    directive = models.ForeignKey(Directive, models.CASCADE, related_name="addressees")
    agency = models.ForeignKey(
        "registry.Agency", models.PROTECT, related_name="+", verbose_name=_("Instansi")
    )
    unit = models.ForeignKey(
        "registry.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Satuan"),
    )
    region = models.ForeignKey(
        "registry.Region",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Wilayah"),
    )
    due_at = models.DateTimeField(_("Tenggat"))
    own_due = models.BooleanField(_("Tenggat khusus"), default=False)
    is_lead = models.BooleanField(_("Penanggung jawab"), default=False)

    class Meta:
        verbose_name = _("instansi yang diarahkan")
        verbose_name_plural = _("instansi yang diarahkan")
        ordering = ["agency__position", "unit__path", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["directive", "agency"], condition=Q(unit=None), name="addressee_once"
            ),
            models.UniqueConstraint(
                fields=["directive", "agency", "unit"],
                condition=Q(unit__isnull=False),
                name="addressee_unit_once",
            ),
            models.UniqueConstraint(
                fields=["directive"], condition=Q(is_lead=True), name="addressee_one_lead"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.directive_id}: {self.unit or self.agency}"

    @property
    def name(self) -> str:
        """Whom it speaks to, shortly."""
        return self.unit.short_name if self.unit else self.agency.short_name
