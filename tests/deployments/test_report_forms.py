"""Report forms as data: shipped, versioned, fixed once published, chosen by unit and moment."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from deployments import actions
from deployments.actions.report_forms import FIELD
from deployments.models import (
    FormField,
    FormGroup,
    OddityRule,
    ReadinessReport,
    ReadinessThreshold,
    ReportForm,
)
from deployments.queries import form_for, spec_of
from deployments.queries.lights import scales
from portal import clock
from portal.access.actor import SYSTEM
from portal.access.errors import Refused, Stale
from portal.audit.models import Entry
from portal.registry.models import Stage
from tests.factories import deployments as make

GROUPS = [
    "personnel",
    "materiel",
    "targets",
    "training",
    "paperwork",
    "budget",
    "post",
    "contingency",
]


def shipped() -> ReportForm:
    return ReportForm.objects.get(key="kesiapan", number=1)


def field_values(field: FormField, **given) -> dict:
    return {name: getattr(field, name) for name in FIELD} | given


def draft_of(form: ReportForm) -> ReportForm:
    return actions.copy_form(form, by=SYSTEM, at=make.OPENED)


def publish(form: ReportForm, day: date) -> ReportForm:
    form.refresh_from_db()
    return actions.publish_form(
        form, valid_from=day, version=form.version, by=SYSTEM, at=make.OPENED
    )


def test_the_portal_ships_all_eight_groups_and_loads_them_once(db):
    assert [group.key for group, _fields in spec_of(shipped()).groups] == GROUPS
    assert actions.load_forms(by=SYSTEM, at=make.OPENED) == {
        "forms": 0,
        "thresholds": 0,
        "rules": 0,
    }
    assert ReadinessThreshold.objects.count() == len(GROUPS)
    assert OddityRule.objects.count() == 6


def test_every_shipped_text_has_its_english(db):
    assert not FormGroup.objects.filter(name_en="").exists()
    assert not FormField.objects.filter(label_en="").exists()
    assert not FormField.objects.exclude(help_id="").filter(help_en="").exists()


def test_what_a_shipped_field_refers_to_is_in_its_form(db):
    for form in ReportForm.objects.all():
        spec = spec_of(form)
        for field in spec.fields.values():
            referred = {*field.sum_of, field.at_most, field.score_of} - {""}
            assert referred <= set(spec.fields), (form, field)
            if field.column:
                assert ReadinessReport._meta.get_field(field.column)


@pytest.mark.parametrize("model", [ReportForm, FormGroup, FormField])
@pytest.mark.parametrize("deed", ["change", "remove"])
def test_database_keeps_a_published_form_as_it_is(db, model, deed):
    rows = model.objects.filter(pk=model.objects.first().pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        if deed == "change":
            rows.update(**{"source": "x"} if model is ReportForm else {"position": 99})
        else:
            rows.delete()


def test_database_adds_nothing_to_a_published_form(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        FormGroup.objects.create(form=shipped(), key="x", name="x", position=99)
    with pytest.raises(IntegrityError), transaction.atomic():
        FormField.objects.create(
            group=shipped().groups.first(), key="x", label_id="x", kind="text", position=99
        )


def test_a_copy_is_the_next_version_and_there_is_one_draft(db):
    copy = draft_of(shipped())
    assert (copy.number, copy.is_draft) == (2, True)
    assert draft_of(shipped()) == copy
    old, new = spec_of(shipped()), spec_of(copy)
    assert [vars_of(f) for f in old.fields.values()] == [vars_of(f) for f in new.fields.values()]


def vars_of(field: FormField) -> dict:
    return field_values(field) | {"key": field.key, "column": field.column}


def test_a_draft_is_edited_and_holds_from_its_day(db):
    copy = draft_of(shipped())
    group = copy.groups.get(key="contingency")
    actions.change_group(
        group,
        {"name": "Kontinjensi", "name_en": "Contingency", "mandatory": True},
        version=1,
        by=SYSTEM,
        at=make.OPENED,
    )
    field = group.fields.get(key="renkon")
    with pytest.raises(Stale):
        actions.change_field(
            group, field, field_values(field), version=1, by=SYSTEM, at=make.OPENED
        )
    new = field_values(field, label_id="Genset", label_en="Generator") | {"key": "genset"}
    actions.change_field(group, None, new, version=2, by=SYSTEM, at=make.OPENED)
    actions.drop_field(field, version=3, by=SYSTEM, at=make.OPENED)
    assert form_for(make.unit("polres-banjar"), make.CUT_OFF).number == 1
    published = publish(copy, date(2024, 11, 21))
    assert publish(copy, date(2024, 11, 25)).valid_from == published.valid_from
    assert form_for(make.unit("polres-banjar"), make.CUT_OFF).number == 1
    later = make.CUT_OFF + timedelta(days=1)
    assert form_for(make.unit("polres-banjar"), later).number == 2
    with pytest.raises(Refused):
        actions.change_group(
            group,
            {"name": "x", "name_en": "", "mandatory": False},
            version=5,
            by=SYSTEM,
            at=make.OPENED,
        )
    assert Entry.objects.filter(verb="form.publish").count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"at_most": "nowhere"}, "at_most"),
        ({"score_of": "renkon"}, "score_of"),
        ({"sum_of": ["nowhere"]}, "sum_of"),
        ({"kind": "choice", "choices": []}, "choices"),
        ({"minimum": 5, "maximum": 4}, "maximum"),
    ],
)
def test_a_field_that_cannot_add_up_is_refused(db, given, field):
    copy = draft_of(shipped())
    group = copy.groups.get(key="contingency")
    row = group.fields.get(key="renkon")
    with pytest.raises(Refused) as refusal:
        actions.change_field(
            group, row, field_values(row, **given), version=1, by=SYSTEM, at=make.OPENED
        )
    assert refusal.value.field == field


def test_what_the_rollup_counts_stays_in_every_form(db):
    copy = draft_of(shipped())
    field = FormField.objects.get(group__form=copy, key="total")
    with pytest.raises(Refused):
        actions.drop_field(field, version=1, by=SYSTEM, at=make.OPENED)
    with pytest.raises(Refused):
        actions.change_field(
            field.group,
            field,
            field_values(field, kind="text"),
            version=1,
            by=SYSTEM,
            at=make.OPENED,
        )


def test_publishing_refuses_a_field_whose_part_was_dropped(db):
    copy = draft_of(shipped())
    part = FormField.objects.get(group__form=copy, key="budget_dipa")
    actions.drop_field(part, version=1, by=SYSTEM, at=make.OPENED)
    with pytest.raises(Refused):
        publish(copy, date(2024, 11, 21))


def test_the_most_particular_form_holds(db):
    assert form_for(make.unit("polres-banjar"), make.CUT_OFF).key == "kesiapan"
    assert form_for(make.unit("kodim-1006"), make.CUT_OFF).key == "kesiapan-kodim"
    campaign = Stage.objects.get(key="campaign")
    for key, kind, stage in (("tahap", "", campaign), ("polres", "polres", None)):
        ReportForm.objects.create(
            key=key,
            title=key,
            unit_kind=kind,
            stage=stage,
            valid_from=date(2024, 6, 1),
            published_at=make.OPENED,
        )
    assert form_for(make.unit("polres-banjar"), make.CUT_OFF).key == "polres"
    assert form_for(make.unit("polresta-banjarmasin"), make.CUT_OFF).key == "tahap"
    after = campaign.ends_at
    assert form_for(make.unit("polresta-banjarmasin"), after).key == "kesiapan"


def test_thresholds_and_rules_change_with_audit_and_version(db):
    row = ReadinessThreshold.objects.get(group="materiel")
    values = {"ready": 95, "conditional": 80, "source": "Renops"}
    actions.change_threshold(row, values, version=1, by=SYSTEM, at=make.OPENED)
    with pytest.raises(Stale):
        actions.change_threshold(row, values, version=1, by=SYSTEM, at=make.OPENED)
    with pytest.raises(Refused):
        actions.change_threshold(
            row, values | {"conditional": 95}, version=2, by=SYSTEM, at=make.OPENED
        )
    row.refresh_from_db()
    assert (row.ready, row.version, row.illustrative) == (95, 2, False)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReadinessThreshold.objects.filter(pk=row.pk).update(conditional=95)
    assert Entry.objects.filter(verb="threshold.change").count() == 1


def test_coordinator_and_administrator_edit_forms_by_the_pages(
    db, client, sign_in, coordinator, admin
):
    for actor in (admin, coordinator):
        sign_in(client, actor)
        assert client.get("/formulir-kesiapan/").status_code == 200
    opened = client.post(f"/formulir-kesiapan/{shipped().pk}/salin/")
    copy = ReportForm.objects.get(key="kesiapan", number=2)
    assert opened.url == f"/formulir-kesiapan/{copy.pk}/"
    field = FormField.objects.get(group__form=copy, key="renkon")
    page = client.get(f"/formulir-kesiapan/isian/{field.pk}/")
    data = {
        name: value
        for name, value in page.context["form"].initial.items()
        if value not in (None, False)
    } | {"version": 1, "label_id": "Renkon disahkan"}
    assert client.post(f"/formulir-kesiapan/isian/{field.pk}/", data).url == opened.url
    field.refresh_from_db()
    assert field.label_id == "Renkon disahkan"
    group = copy.groups.get(key="contingency")
    new = {"version": 2, "key": "radio_cadangan", "label_id": "Radio", "kind": "choice"}
    bad = client.post(f"/formulir-kesiapan/bagian/{group.pk}/isian/", new)
    assert bad.status_code == 200 and "choices" in bad.context["form"].errors
    new["choices"] = "a | Ada | Present\nb | Tidak | Absent"
    assert client.post(f"/formulir-kesiapan/bagian/{group.pk}/isian/", new).status_code == 302
    added = FormField.objects.get(group=group, key="radio_cadangan")
    assert added.choices == [["a", "Ada", "Present"], ["b", "Tidak", "Absent"]]
    client.post(f"/formulir-kesiapan/isian/{added.pk}/hapus/", {"version": 3})
    named = {"version": 4, "name": "Kontinjensi", "name_en": "Contingency", "mandatory": "on"}
    assert client.post(f"/formulir-kesiapan/bagian/{group.pk}/", named).status_code == 302
    done = client.post(opened.url, {"version": 5, "valid_from": "2024-11-25"})
    assert done.status_code == 302
    copy.refresh_from_db()
    assert not copy.is_draft and copy.groups.get(key="contingency").mandatory
    assert client.get(f"/formulir-kesiapan/isian/{field.pk}/").url == opened.url
    row = ReadinessThreshold.objects.first()
    set_to = {"version": 1, "ready": 92, "conditional": 70, "source": "Renops"}
    assert client.post(f"/formulir-kesiapan/ambang/{row.pk}/", set_to).status_code == 302
    rule = OddityRule.objects.first()
    off = {"version": 1, "percent": 120, "floor": 1, "severity": "warn", "source": "Renops"}
    assert client.post(f"/formulir-kesiapan/aturan/{rule.pk}/", off).status_code == 302
    rule.refresh_from_db()
    assert (rule.percent, rule.is_active) == (120, False)


def test_nobody_else_edits_forms(db, client, sign_in, liaison_polda, posko_banjar, liaison_kpu):
    for actor in (liaison_polda, posko_banjar, liaison_kpu):
        sign_in(client, actor)
        assert client.get("/formulir-kesiapan/").status_code == 403
        assert client.post(f"/formulir-kesiapan/{shipped().pk}/salin/").status_code == 403
    assert not ReportForm.objects.filter(number=2).exists()


def test_a_form_page_costs_the_same_for_any_number_of_fields(db, client, sign_in, coordinator):
    sign_in(client, coordinator)
    small = ReportForm.objects.create(key="kecil", title="Kecil", valid_from=date(2024, 6, 1))
    group = FormGroup.objects.create(form=small, key="satu", name="Satu", position=1)
    counts = []
    for number in (1, 3):
        for place in range(number):
            FormField.objects.get_or_create(
                group=group,
                key=f"f{place}",
                defaults={"label_id": "F", "kind": "text", "position": place},
            )
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/formulir-kesiapan/{small.pk}/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


BEGUN = {
    "key": "kesiapan-polres-tungsura",
    "title": "Laporan hari pemungutan suara",
    "title_en": "",
    "unit_kind": "polres",
    "agency": None,
    "source": "uji",
}


def test_a_form_of_its_own_for_a_kind_of_unit_and_a_stage(db):
    stage = make.operation().stages.get(key="campaign")
    draft = actions.begin_form(shipped(), BEGUN | {"stage": stage}, by=SYSTEM, at=make.OPENED)
    assert form_for(make.unit("polres-banjar"), make.CUT_OFF) == shipped()
    publish(draft, date(2024, 11, 1))
    assert form_for(make.unit("polres-banjar"), make.CUT_OFF) == draft
    assert form_for(make.unit("kodim-1006"), make.CUT_OFF).key == "kesiapan-kodim"
    assert [g.key for g, _fields in spec_of(draft).groups] == GROUPS
    for again in ({"key": "lain"}, {"unit_kind": "kodim"}):
        with pytest.raises(Refused):
            actions.begin_form(
                shipped(), BEGUN | {"stage": stage} | again, by=SYSTEM, at=make.OPENED
            )


def test_a_group_is_added_with_its_threshold_and_dropped(db):
    draft = draft_of(shipped())
    values = {"key": "logistik", "name": "Logistik", "name_en": "", "mandatory": True}
    group = actions.add_group(draft, values, version=draft.version, by=SYSTEM, at=make.OPENED)
    with pytest.raises(Refused):
        publish(draft, date(2024, 11, 1))
    draft.refresh_from_db()
    for key in ("logistik", "total"):
        with pytest.raises(Refused):
            actions.add_group(
                draft, values | {"key": key}, version=draft.version, by=SYSTEM, at=make.OPENED
            )
    question = dict.fromkeys(FIELD, "") | {
        "key": "kotak", "label_id": "Kotak suara", "kind": "percent", "required": True,
        "minimum": None, "maximum": None, "sum_of": [], "choices": [], "score": "value",
    }  # fmt: skip
    actions.change_field(group, None, question, version=draft.version, by=SYSTEM, at=make.OPENED)
    publish(draft, date(2024, 11, 1))
    threshold = ReadinessThreshold.objects.get(group="logistik")
    assert (threshold.ready, threshold.source) == (90, draft.source)
    assert scales(make.CUT_OFF)["logistik"][0][0] == 90
    with pytest.raises(Refused):
        actions.drop_group(group, version=draft.version, by=SYSTEM, at=make.OPENED)
    later = draft_of(draft)
    kept = later.groups.get(key="personnel")
    with pytest.raises(Refused):
        actions.drop_group(kept, version=later.version, by=SYSTEM, at=make.OPENED)
    actions.drop_group(
        later.groups.get(key="logistik"), version=later.version, by=SYSTEM, at=make.OPENED
    )
    assert "logistik" not in spec_of(later).names


def test_forms_are_begun_and_groups_added_by_the_pages(client, admin, sign_in, settings):
    settings.DEMO_NOW, settings.DEMO_ANCHOR = make.OPENED, clock.true_now().timestamp()
    sign_in(client, admin)
    sent = {name: value or "" for name, value in BEGUN.items()} | {"base": shipped().pk}
    sent["stage"] = make.operation().stages.get(key="campaign").pk
    assert client.post("/formulir-kesiapan/baru/", sent).status_code == 302
    draft = ReportForm.objects.get(key=BEGUN["key"])
    assert (draft.unit_kind, draft.stage.key, draft.is_draft) == ("polres", "campaign", True)
    group = {"key": "logistik", "name": "Logistik", "version": draft.version}
    assert client.post(f"/formulir-kesiapan/{draft.pk}/bagian/", group).status_code == 302
    page = client.get(f"/formulir-kesiapan/{draft.pk}/").content.decode()
    assert "Logistik" in page
    draft.refresh_from_db()
    made = draft.groups.get(key="logistik")
    drop = f"/formulir-kesiapan/bagian/{made.pk}/hapus/"
    assert client.post(drop, {"version": draft.version}).status_code == 302
    assert not draft.groups.filter(key="logistik").exists()
