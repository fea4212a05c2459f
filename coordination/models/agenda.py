from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.models.meeting import Meeting
from coordination.models.series import MeetingSeries
from coordination.models.visibility import holds, oversees
from portal.access import scope
from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.access.permissions import Permission
from portal.web.searching import stored_stems


def open_to(actor: Actor) -> Q:
    """Of agenda items, those whose subject the actor's agency may know: all open ones, and a closed
    one for the host and the agencies named in it."""
    if actor.is_system:
        return Q(pk__isnull=False)
    named = AgendaItem.audience.through.objects.filter(
        agendaitem=OuterRef("pk"), agency_id=actor.agency_id
    )
    return (
        Q(is_closed=False)
        | Q(meeting__host_agency_id=actor.agency_id)
        | Q(series__host_agency_id=actor.agency_id)
        | Q(Exists(named))
    )


def of_open_item(actor: Actor, *paths: str) -> Q:
    """Of what was taken from agenda items (reached by `paths`): what comes from none that is closed
    to the actor's agency."""
    if actor.is_system:
        return Q()
    # Closed items are few: looked up once, and not for each of many rows.
    shut = AgendaItem.objects.filter(is_closed=True).exclude(pk__in=_opened(actor)).values("pk")
    told = Q()
    for path in paths:
        told &= ~Q(**{f"{path}__in": shut})
    return told


def _opened(actor: Actor) -> models.QuerySet:
    return AgendaItem.objects.filter(open_to(actor)).values("pk")


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def visible_to(self, actor: Actor | None) -> "AgendaItemQuerySet":
        """The items of meetings that one sees, and in a series' backlog those of the host, of who
        presents and of who oversees; a closed one only for the host and the agencies named."""
        if not holds(actor, Permission.MEETING_VIEW):
            return self.none()
        if actor.is_system:
            return self
        waiting = Q(series__isnull=False) & scope.cleared(actor)
        if not oversees(actor):
            named = AgendaItem.audience.through.objects.filter(
                agendaitem=OuterRef("pk"), agency_id=actor.agency_id
            )
            waiting &= (
                Q(series__host_agency_id=actor.agency_id)
                | Q(presenter_id=actor.agency_id)
                | Q(Exists(named))
            )
        on_agenda = Q(meeting__in=Meeting.objects.visible_to(actor))
        return self.filter(on_agenda | waiting).filter(open_to(actor))

    def shown_to(self, actor: Actor) -> "AgendaItemQuerySet":
        """All rows, each with `is_shown`: what is not shown is printed as "butir tertutup"."""
        shown = Case(When(open_to(actor), then=True), default=False)
        return self.annotate(is_shown=shown)


class AgendaItem(models.Model):
    """One item of the running order, or of a series' backlog while it waits for a meeting. A closed
    one (butir tertutup) shows only its place and its minutes to agencies not in its audience."""

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, null=True, blank=True, related_name="agenda"
    )
    series = models.ForeignKey(
        MeetingSeries,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="backlog",
        verbose_name=_("Seri"),
    )
    position = models.PositiveSmallIntegerField(_("Urutan"))
    section = models.CharField(_("Bagian acara"), max_length=120, blank=True)
    title = models.CharField(_("Mata acara"), max_length=200)
    presenter = models.ForeignKey(
        "registry.Agency",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Penyaji"),
    )
    presenter_post = models.ForeignKey(
        "accounts.Post",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Jabatan penyaji"),
    )
    presenter_office = models.CharField(_("Jabatan penyaji (teks)"), max_length=160, blank=True)
    planned_minutes = models.PositiveSmallIntegerField(_("Menit"), default=15)
    is_closed = models.BooleanField(_("Butir tertutup"), default=False)
    audience = models.ManyToManyField(
        "registry.Agency", related_name="+", blank=True, verbose_name=_("Terbuka bagi")
    )
    # Counts in a backlog; on an agenda the meeting's class is the item's.
    classification = models.PositiveSmallIntegerField(
        _("Klasifikasi"), choices=Classification.choices, default=Classification.TERBATAS
    )
    started_at = models.DateTimeField(_("Dimulai"), null=True, blank=True)
    ended_at = models.DateTimeField(pgettext_lazy("waktu", "Selesai"), null=True, blank=True)
    carried_from = models.OneToOneField(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="carried_to",
        verbose_name=_("Dipindahkan dari"),
    )
    version = models.PositiveIntegerField(default=1)
    # What came back from an earlier rakor, or was taken over from an earlier operation.
    obligation = models.ForeignKey(
        "coordination.Obligation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agenda_items",
        verbose_name=_("Tindak lanjut"),
    )
    lesson = models.ForeignKey(
        "coordination.Lesson",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agenda_items",
        verbose_name=_("Bahan evaluasi"),
    )
    # Records of apps that stand above this one are known by address and name only.
    origin_url = models.CharField(max_length=200, blank=True)
    origin_label = models.CharField(max_length=200, blank=True)

    stems = stored_stems(title="A")

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("mata acara")
        verbose_name_plural = _("mata acara")
        ordering = ["position", "pk"]
        indexes = [GinIndex(fields=["stems"], name="agenda_stems")]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "position"],
                name="agenda_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["meeting", "obligation"], name="agenda_obligation_once"
            ),
            models.UniqueConstraint(fields=["meeting", "lesson"], name="agenda_lesson_once"),
            models.CheckConstraint(
                condition=Q(planned_minutes__gte=1, planned_minutes__lte=600),
                name="agenda_minutes_sensible",
            ),
            models.CheckConstraint(
                condition=Q(meeting__isnull=False, series__isnull=True)
                | Q(meeting__isnull=True, series__isnull=False),
                name="agenda_in_meeting_or_backlog",
            ),
            models.CheckConstraint(
                condition=Q(classification__in=Classification.values), name="agenda_class_known"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True)
                | Q(started_at__isnull=False, ended_at__gte=F("started_at")),
                name="agenda_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(started_at__isnull=True) | Q(meeting__isnull=False),
                name="agenda_runs_in_a_meeting",
            ),
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(started_at__isnull=False, ended_at__isnull=True),
                name="agenda_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(origin_url="") | Q(origin_url__startswith="/") & ~Q(origin_label=""),
                name="agenda_origin_is_a_page_of_ours",
            ),
        ]

    def __str__(self) -> str:
        # The name goes into the audit and into messages: a closed item's is not told there.
        return str(_("Butir tertutup")) if self.is_closed else self.title

    @property
    def host_agency_id(self) -> int:
        """Whose item it is: the agency that calls the meeting or leads the series."""
        owner = self.meeting or self.series
        return owner.host_agency_id if owner else 0
