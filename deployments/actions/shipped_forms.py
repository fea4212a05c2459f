"""The forms, thresholds and rules that the portal ships with, loaded once."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from deployments.actions.report_forms import GROUP, HEAD
from deployments.actions.thresholds import load_threshold
from deployments.models import FormField, FormGroup, OddityRule, ReportForm
from portal.access.actor import Actor
from portal.audit.record import record
from portal.registry.models import Agency, Stage

SHIPPED = Path(__file__).parent.parent / "data" / "report_forms.json"


def load_forms(*, by: Actor, at: datetime) -> dict[str, int]:
    """Load the forms, thresholds and rules that the portal ships with; what is there stays as it
    is, edited or not. Returns how many rows of each kind are new."""
    shipped = json.loads(SHIPPED.read_text(encoding="utf-8"))
    whole = {form["key"]: form for form in shipped["forms"] if "groups" in form}
    with transaction.atomic():
        forms = [_load(form, whole, by=by, at=at) for form in shipped["forms"]]
        thresholds = [load_threshold(row) for row in shipped["thresholds"]]
        rules = [
            OddityRule.objects.get_or_create(key=row["key"], defaults=row)[1]
            for row in shipped["rules"]
        ]
    return {"forms": sum(forms), "thresholds": sum(thresholds), "rules": sum(rules)}


def _load(
    row: dict[str, Any], whole: dict[str, dict[str, Any]], *, by: Actor, at: datetime
) -> bool:
    """Write a shipped form with its groups, then publish it: after that nothing may be added."""
    if ReportForm.objects.filter(key=row["key"], number=row["number"]).exists():
        return False
    form = ReportForm.objects.create(
        key=row["key"],
        number=row["number"],
        **{name: row[name] for name in HEAD},
        agency=Agency.objects.get(slug=row["agency"]) if row["agency"] else None,
        stage=Stage.objects.get(key=row["stage"]) if row["stage"] else None,
        valid_from=date.fromisoformat(row["valid_from"]),
    )
    without = set(row.get("without", ()))
    groups = row.get("groups") or whole[row["base"]]["groups"]
    for position, group in enumerate(groups, start=1):
        part = FormGroup.objects.create(
            form=form, key=group["key"], position=position, **{name: group[name] for name in GROUP}
        )
        fields = [field for field in group["fields"] if field["key"] not in without]
        FormField.objects.bulk_create(
            FormField(
                group=part,
                position=place,
                **field | {"sum_of": [k for k in field.get("sum_of", []) if k not in without]},
            )
            for place, field in enumerate(fields, start=1)
        )
    form.published_at = at
    form.save(update_fields=["published_at"])
    record("form.load", form, by=by, at=at, after={"number": form.number})
    return True
