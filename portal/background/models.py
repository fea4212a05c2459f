from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RunningTransaction(models.Func):
    """PostgreSQL's number of the transaction that runs."""

    function = "txid_current"
    output_field = models.BigIntegerField()


class OutboxTaskQuerySet(models.QuerySet):
    def open(self) -> "OutboxTaskQuerySet":
        """Effect not recorded yet, and not given up."""
        return self.filter(done_at__isnull=True, dead=False)

    def promised_here(self, task: str) -> "OutboxTaskQuerySet":
        """Promised by the running transaction, so that nobody can have begun it."""
        return self.open().filter(task=task, transaction_id=RunningTransaction(), attempts=0)

    def due(self, at: datetime) -> "OutboxTaskQuerySet":
        """Open, and not waiting for the next attempt."""
        return self.open().filter(Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=at))

    def to_publish(self, at: datetime, resend_after: timedelta) -> "OutboxTaskQuerySet":
        """Due, and never published or published so long ago that the message may be lost."""
        return self.due(at).filter(
            Q(published_at__isnull=True) | Q(published_at__lte=at - resend_after)
        )


class OutboxTask(models.Model):
    """Work promised by a transaction. It closes when the effect is recorded, not when it is sent.

    All times here are true times: the outbox runs by the machine's clock, not by the demo's.
    """

    task = models.CharField(_("Tugas"), max_length=100)
    ids = models.JSONField(_("Id"), default=dict)
    key = models.CharField(_("Kunci"), max_length=200, unique=True, null=True)  # noqa: DJ001
    request_id = models.CharField(_("Permintaan asal"), max_length=64, blank=True)
    transaction_id = models.BigIntegerField(_("Transaksi"), db_default=RunningTransaction())
    created_at = models.DateTimeField(_("Dibuat"))
    published_at = models.DateTimeField(_("Dikirim ke antrean"), null=True)
    publish_count = models.PositiveIntegerField(_("Jumlah pengiriman"), default=0)
    attempts = models.PositiveIntegerField(_("Percobaan"), default=0)
    next_attempt_at = models.DateTimeField(_("Percobaan berikut"), null=True)
    last_error = models.TextField(_("Galat terakhir"), blank=True)
    done_at = models.DateTimeField(_("Selesai"), null=True)
    dead = models.BooleanField(_("Gagal tetap"), default=False)

    objects = OutboxTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("tugas latar")
        verbose_name_plural = _("tugas latar")
        constraints = [
            models.CheckConstraint(
                condition=Q(dead=False) | Q(done_at__isnull=True), name="outbox_dead_is_not_done"
            )
        ]
        indexes = [
            models.Index(
                fields=["id"], name="outbox_open", condition=Q(done_at__isnull=True, dead=False)
            ),
            models.Index(
                fields=["done_at"], name="outbox_done", condition=Q(done_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} #{self.pk}"


class Slot(models.Model):
    """One slot of one job, opened once whichever beat came first.

    `shift` is how far the demo's clock runs from the true one, in minutes, and 0 in a real
    installation: a demo that is started again at the same set time opens its slots anew.
    """

    job = models.CharField(_("Pekerjaan"), max_length=100)
    slot = models.DateTimeField(_("Slot"))
    shift = models.IntegerField(_("Selisih jam"), default=0)
    opened_at = models.DateTimeField(_("Dibuka"))

    class Meta:
        verbose_name = _("slot jadwal")
        verbose_name_plural = _("slot jadwal")
        constraints = [
            models.UniqueConstraint(fields=["job", "slot", "shift"], name="slot_opens_once"),
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.slot:%Y-%m-%d %H:%M:%S}"


class Heartbeat(models.Model):
    """When a process last showed that it works, by true time."""

    name = models.CharField(_("Proses"), max_length=20, primary_key=True)
    at = models.DateTimeField(_("Waktu"))

    class Meta:
        verbose_name = _("denyut")
        verbose_name_plural = _("denyut")

    def __str__(self) -> str:
        return self.name
