"""The offices that sign in to the demo, for the sign-in page."""

from django.db.models import Case, Q, QuerySet, When

from portal import clock
from portal.accounts.models import Tenure

DOMAIN = "@demo.test"
PASSWORD = "demo-rakor-2024"  # noqa: S105 (shown on the demo's sign-in page)


def offices() -> QuerySet:
    """E-mail and post of every demo account that holds a post now, in the order of creation;
    `is_reminded`: there above all for the reminders, as an agency's duty desk or head."""
    reminded = Q(user__email__startswith="piket.") | Q(user__email__startswith="pimpinan.")
    return (
        Tenure.objects.active(clock.now())
        .filter(user__email__endswith=DOMAIN)
        .order_by("pk")
        .values("user__email", "post__title", is_reminded=Case(When(reminded, True), default=False))
    )
