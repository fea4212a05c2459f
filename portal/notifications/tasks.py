from portal import clock
from portal.background import task
from portal.background.models import OutboxTask
from portal.notifications.alerts import alert_dead_mail, alert_dead_task
from portal.notifications.mailing import prepare_mails, resume_mails, send_mail
from portal.notifications.models import Delivery


@task("notifications.deliver")
def deliver() -> None:
    """Prepare what was told, and take up what was left lying."""
    prepare_mails(at=clock.now(), true_at=clock.true_now())
    resume_mails(true_at=clock.true_now())


@task("notifications.send", atomic=False)
def send(delivery_id: int) -> None:
    send_mail(delivery_id, at=clock.now(), true_at=clock.true_now())


@task("notifications.alert_dead_task")
def dead_task(outbox_id: int) -> None:
    row = OutboxTask.objects.filter(pk=outbox_id, dead=True).first()
    if row is not None:
        alert_dead_task(row, at=clock.now())


@task("notifications.alert_dead_mail")
def dead_mail(delivery_id: int) -> None:
    delivery = Delivery.objects.filter(pk=delivery_id).select_related("notification").first()
    if delivery is not None:
        alert_dead_mail(delivery, at=clock.now())
