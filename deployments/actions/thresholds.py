"""By what reports are judged: the thresholds of the lights with their history, the rules of odd
numbers."""

from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from deployments.enums import COUNTING, RuleKind
from deployments.models import FormField, OddityRule, ReadinessThreshold, ThresholdVersion
from portal.access.actor import Actor
from portal.access.errors import Refused, Stale
from portal.audit.record import record

THRESHOLD = ("ready", "conditional", "source")
RULE = ("percent", "floor", "severity", "is_active", "source")
NEW_RULE = ("key", "name", "name_en", "kind", "field", "other")
ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)
"""Since when the first threshold of a group holds: an archive that is taken in later is judged by
it, as nothing was ever shown by another."""


def load_threshold(row: dict[str, Any]) -> bool:
    """Write a shipped threshold, unless its group has one; returns whether it is new."""
    threshold, created = ReadinessThreshold.objects.get_or_create(group=row["group"], defaults=row)
    if created:
        _keep(threshold, ALWAYS)
    return created


def _keep(threshold: ReadinessThreshold, at: datetime) -> None:
    """End what held so far and begin what holds now; clocks may differ, the order does not."""
    held = ThresholdVersion.objects.filter(threshold=threshold, until__isnull=True).first()
    since = max(at, held.since) if held else at
    if held:
        held.until = since
        held.save(update_fields=["until"])
    ThresholdVersion.objects.create(
        threshold=threshold,
        since=since,
        illustrative=threshold.illustrative,
        **{name: getattr(threshold, name) for name in THRESHOLD},
    )


def change_threshold(
    threshold: ReadinessThreshold,
    values: dict[str, Any],
    *,
    version: int,
    by: Actor,
    at: datetime,
) -> ReadinessThreshold:
    """Set from how many per cent a group is ready, from now on: a past moment is judged by what
    held then. `values` holds THRESHOLD."""
    if not 1 <= values["conditional"] < values["ready"] <= 100:
        raise Refused(_("Ambang siap harus melebihi ambang siap bersyarat."), "ready")
    with transaction.atomic():
        changed = _change(threshold, THRESHOLD, values, "threshold.change", version, by, at)
        if changed.version > version:
            _keep(changed, at)
    return changed


def add_rule(values: dict[str, Any], *, by: Actor, at: datetime) -> OddityRule:
    """A new rule for a counted field of the forms. `values` holds NEW_RULE and RULE."""
    counted = set(
        FormField.objects.filter(kind__in=COUNTING, group__form__published_at__isnull=False)
        .values_list("key", flat=True)
        .distinct()
    )
    ratio = values["kind"] == RuleKind.RATIO
    if values["field"] not in counted:
        raise Refused(_("Tidak ada isian bilangan dengan kode itu."), "field")
    if ratio and (values["other"] not in counted or values["other"] == values["field"]):
        raise Refused(_("Tidak ada isian bilangan lain dengan kode itu."), "other")
    if not values["source"].strip():
        raise Refused(_("Sebutkan sumbernya."), "source")
    with transaction.atomic():
        if OddityRule.objects.filter(key=values["key"]).exists():
            raise Refused(_("Kode ini sudah dipakai aturan lain."), "key")
        given = {name: values[name] for name in (*NEW_RULE, *RULE)}
        rule = OddityRule.objects.create(**given | {"other": values["other"] if ratio else ""})
        record("oddity.add", rule, by=by, at=at, after=given)
    return rule


def change_rule(
    rule: OddityRule, values: dict[str, Any], *, version: int, by: Actor, at: datetime
) -> OddityRule:
    """Set what makes a number odd, and what follows. `values` holds RULE."""
    return _change(rule, RULE, values, "oddity.change", version, by, at)


def _change(
    row: Any,
    names: tuple[str, ...],
    values: dict[str, Any],
    verb: str,
    version: int,
    by: Actor,
    at: datetime,
) -> Any:
    with transaction.atomic():
        current = type(row)._default_manager.select_for_update().get(pk=row.pk)
        if current.version != version:
            raise Stale(_("Data ini sudah berubah sejak Anda membukanya."), current)
        before = model_to_dict(current, fields=names)
        after = {name: values[name] for name in names}
        if before == after:
            return current
        for name, value in after.items():
            setattr(current, name, value)
        current.illustrative = False
        current.version += 1
        current.save()
        record(verb, current, by=by, at=at, before=before, after=after)
    return current
