import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.classification import Classification
from portal.notifications.enums import Channel, DeliveryState

# For how long the mails of a post without a holder wait for one.
VACANCY = timedelta(days=1)


class NotificationQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor | None) -> "NotificationQuerySet":
        """The entries of the actor's own post."""
        if actor is None or actor.post_id is None:
            return self.none()
        return self.filter(post_id=actor.post_id)

    def unread(self) -> "NotificationQuerySet":
        """Not read by anyone who holds the post, and still of use."""
        return self.filter(read_at__isnull=True, cancelled_at__isnull=True)

    def not_acted(self) -> "NotificationQuerySet":
        """Duties that an answer would have stopped: nobody has given it yet."""
        return self.filter(duty=True, cancelled_at__isnull=True).exclude(stop_key="")

    def in_reading_order(self) -> "NotificationQuerySet":
        """Unread first, then the newest."""
        return self.annotate(
            is_settled=Case(
                When(read_at__isnull=True, cancelled_at__isnull=True, then=Value(False)),
                default=Value(True),
            )
        ).order_by("is_settled", "-at", "-pk")

    def awaiting_mail(self, at: datetime) -> "NotificationQuerySet":
        """Mail is wanted, but its recipients are not looked up yet."""
        return self.filter(
            by_mail=True, prepared_at__isnull=True, cancelled_at__isnull=True, at__gt=at - VACANCY
        )


class Notification(models.Model):
    """One event told to one post. Whoever holds the post reads it, and reading it is shared."""

    event_key = models.CharField(_("Kunci peristiwa"), max_length=200)
    post = models.ForeignKey(
        "accounts.Post", models.PROTECT, related_name="notifications", verbose_name=_("Jabatan")
    )
    kind = models.CharField(_("Jenis"), max_length=60)
    context = models.JSONField(_("Isi"), default=dict, encoder=DjangoJSONEncoder)
    url = models.CharField(_("Tautan"), max_length=300)
    at = models.DateTimeField(_("Waktu"))
    duty = models.BooleanField(_("Wajib"), default=True)
    classification = models.PositiveSmallIntegerField(
        _("Klasifikasi"), choices=Classification.choices, default=Classification.TERBATAS
    )
    by_mail = models.BooleanField(_("Dengan surel"), default=True)
    prepared_at = models.DateTimeField(_("Surel disiapkan"), null=True)
    stop_key = models.CharField(_("Kunci penghenti"), max_length=200, blank=True, db_index=True)
    cancelled_at = models.DateTimeField(_("Dihentikan"), null=True)
    read_at = models.DateTimeField(_("Dibaca"), null=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("Dibaca oleh"),
    )

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("pemberitahuan")
        verbose_name_plural = _("pemberitahuan")
        constraints = [
            models.UniqueConstraint(
                fields=["event_key", "post"], name="notification_once_per_post"
            ),
            models.CheckConstraint(
                condition=Q(classification__in=Classification.values),
                name="notification_classification_known",
            ),
            models.CheckConstraint(
                condition=Q(read_at__isnull=True, read_by__isnull=True)
                | Q(read_at__isnull=False, read_by__isnull=False),
                name="notification_read_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(url__startswith="/") & ~Q(url__startswith="//"),
                name="notification_url_is_ours",
            ),
        ]
        indexes = [
            models.Index(fields=["post", "-at", "-id"], name="notification_inbox"),
            models.Index(
                fields=["post"],
                name="notification_unread",
                condition=Q(read_at__isnull=True, cancelled_at__isnull=True),
            ),
            models.Index(
                fields=["at"],
                name="notification_awaiting_mail",
                condition=Q(by_mail=True, prepared_at__isnull=True, cancelled_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"

    @property
    def is_unread(self) -> bool:
        return self.read_at is None and self.cancelled_at is None


class DeliveryQuerySet(models.QuerySet):
    def sendable(self, at: datetime) -> "DeliveryQuerySet":
        """Waiting to be sent, due for another try, or left behind by a worker that died."""
        return self.filter(
            Q(state=DeliveryState.PREPARED)
            | Q(state=DeliveryState.FAILED, next_attempt_at__lte=at)
            | Q(
                state=DeliveryState.SENDING,
                claimed_at__lte=at - settings.DELIVERY_ABANDONED_AFTER,
            )
        )


class Delivery(models.Model):
    """One message to one person by one channel. Its times are true times."""

    notification = models.ForeignKey(
        Notification, models.CASCADE, related_name="deliveries", verbose_name=_("Pemberitahuan")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("Penerima")
    )
    channel = models.CharField(
        _("Saluran"), max_length=10, choices=Channel.choices, default=Channel.EMAIL
    )
    state = models.CharField(
        _("Keadaan"),
        max_length=10,
        choices=DeliveryState.choices,
        default=DeliveryState.PREPARED,
    )
    # Fixed at birth, so a mail sent again after a crash carries the same Message-ID.
    token = models.UUIDField(_("Tanda pengenal"), default=uuid.uuid4, unique=True, editable=False)
    attempts = models.PositiveIntegerField(_("Percobaan"), default=0)
    claimed_at = models.DateTimeField(_("Mulai dikirim"), null=True)
    next_attempt_at = models.DateTimeField(_("Percobaan berikut"), null=True)
    sent_at = models.DateTimeField(_("Terkirim"), null=True)
    last_error = models.TextField(_("Galat terakhir"), blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("pengiriman")
        verbose_name_plural = _("pengiriman")
        constraints = [
            models.UniqueConstraint(
                fields=["notification", "user", "channel"], name="delivery_once_per_person"
            ),
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values), name="delivery_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.SENT) | Q(sent_at__isnull=False),
                name="delivery_sent_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state"],
                name="delivery_open",
                condition=Q(
                    state__in=[
                        DeliveryState.PREPARED,
                        DeliveryState.SENDING,
                        DeliveryState.FAILED,
                    ]
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} #{self.pk}"


class MailChoice(models.Model):
    """A person's wish not to get mere information by mail. Duty notices cannot be switched off."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="mail_choice",
        verbose_name=_("Pengguna"),
    )
    information = models.BooleanField(_("Surel untuk informasi"), default=True)

    class Meta:
        verbose_name = _("pilihan surel")
        verbose_name_plural = _("pilihan surel")

    def __str__(self) -> str:
        return str(self.user_id)
