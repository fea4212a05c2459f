from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from coordination.actions import directives, standing
from coordination.actions.directives import Due, Share
from coordination.models import Addressee, Directive, Obligation
from coordination.queries.origin import origin_of
from portal import clock
from portal.access.errors import Refused
from portal.audit.models import Entry
from portal.notifications.models import Notification
from portal.registry.models import Stage, Unit
from tests.factories.coordination import (
    DUE,
    NOW,
    START,
    agencies,
    make_alone,
    make_directive,
    make_minutes,
    make_scheduled,
    units,
)

ORDER = {"kind": "perintah", "binding": "perintah"}


def test_alone_it_is_issued_at_once(coordinator, liaison_kpu):
    directive = make_alone(coordinator, "kpu-kalsel")
    obligation = Obligation.objects.get()
    assert (directive.state, directive.number, directive.meeting_id) == (
        "issued",
        "ARH/1/VI/2024",
        None,
    )
    assert (obligation.state, obligation.due_at) == ("open", DUE)
    told = Notification.objects.get(kind="obligation_assigned")
    assert (told.post_id, told.context["origin"]) == (liaison_kpu.post_id, "Arahan langsung")
    assert origin_of(directive).detail == "Surat KPU nomor 12."
    verbs = ["directive.draft", "directive.issue", "obligation.create"]
    assert Entry.objects.filter(verb__in=verbs).count() == 3


def test_alone_it_is_given_by_coordinator_and_commander_only(coordinator, commander, liaison_kpu):
    assert make_alone(commander, "kpu-kalsel").issuer_post_id == commander.post_id
    with pytest.raises(PermissionDenied):
        make_alone(liaison_kpu, "kpu-kalsel")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ground": " "}, "ground"),
        ({"text": " "}, "text"),
        ({"shares": []}, "agencies"),
        ({"due_at": NOW}, "due_at"),
        ({"ground": "", "origin_url": "//jahat.test/"}, None),
        ({"kind": "perintah"}, "binding"),
    ],
)
def test_alone_it_is_refused_and_nothing_is_written(coordinator, liaison_kpu, values, field):
    with pytest.raises(Refused) as refusal:
        make_alone(coordinator, "kpu-kalsel", **values)
    assert refusal.value.field == field
    assert not Directive.objects.exists()


def test_from_an_incident_it_keeps_the_page_and_its_name(coordinator, liaison_kpu):
    page = {"origin_url": "/kejadian/7/", "origin_label": "KEJ/7 Banjir Martapura"}
    directive = make_alone(coordinator, "kpu-kalsel", ground="", **page)
    origin = origin_of(directive)
    assert (origin.kind, origin.text, origin.url) == (
        "incident",
        "Kejadian: KEJ/7 Banjir Martapura",
        "/kejadian/7/",
    )


def test_from_an_agenda_item_of_its_own_meeting(coordinator, liaison_kpu):
    draft = make_minutes(coordinator, "kpu-kalsel")
    item = draft.meeting.agenda.order_by("position").last()
    directive = make_directive(draft, coordinator, "kpu-kalsel", section=None, agenda_item=item)
    assert origin_of(directive).detail == "Kesiapan logistik"
    other = make_scheduled(coordinator, "kpu-kalsel").agenda.first()
    with pytest.raises(Refused) as refusal:
        make_directive(draft, coordinator, "kpu-kalsel", section=None, agenda_item=other)
    assert refusal.value.field == "agenda_item"


def test_a_closed_item_is_not_named(coordinator, liaison_kpu):
    draft = make_minutes(coordinator, "kpu-kalsel")
    item = draft.meeting.agenda.order_by("position").last()
    item.is_closed = True
    item.save()
    directive = make_directive(draft, coordinator, "kpu-kalsel", section=None, agenda_item=item)
    assert origin_of(directive).detail == "Butir tertutup"


def test_one_directive_speaks_to_an_agency_and_thirteen_units(coordinator, liaison_polda):
    below = Unit.objects.filter(agency__slug="polda-kalsel", parent__isnull=False)
    polres = list(below.values_list("slug", flat=True))
    assert len(polres) == 13
    directive = make_alone(coordinator, "polda-kalsel", *polres, **ORDER)
    rows = Obligation.objects.filter(directive=directive)
    assert (rows.count(), rows.filter(unit=None).count()) == (14, 1)
    assert rows.get(unit__slug="polres-banjar").doer == "Polres Banjar"


def test_an_order_stays_below_the_issuer(coordinator, posko_banjar, liaison_korem):
    with pytest.raises(Refused) as refusal:
        make_alone(coordinator, "polres-banjar", "kodim-1006", "kpu-kalsel", **ORDER)
    assert refusal.value.field == "binding"
    assert "KPU Kalsel, Kodim 1006" in str(refusal.value.sentence)
    assert "Polres Banjar" not in str(refusal.value.sentence)
    make_alone(coordinator, "polres-banjar", **ORDER)
    make_alone(coordinator, "kodim-1006", binding="penekanan")


def test_an_issuer_inside_the_chain_orders_only_below_itself(coordinator):
    (polres,) = units("polres-banjar")
    inside = replace(coordinator, unit_id=polres.pk, unit_path=polres.path)
    for slug in ("polda-kalsel", "polres-tapin", "polres-banjar"):
        with pytest.raises(Refused):
            make_alone(inside, slug, **ORDER)


def test_a_unit_of_another_agency_or_twice_is_refused(coordinator, liaison_korem):
    (korem,), (polres,), (kodim,) = (
        agencies("korem-101"),
        units("polres-banjar"),
        units("kodim-1006"),
    )
    for shares in (
        [Share(korem, DUE, unit=polres)],
        [Share(korem, DUE, unit=kodim), Share(korem, DUE, unit=kodim)],
        [Share(korem, DUE), Share(korem, DUE)],
    ):
        with pytest.raises(Refused) as refusal:
            make_alone(coordinator, shares=shares)
        assert refusal.value.field == "agencies"
    leads = [Share(korem, DUE, is_lead=True), Share(korem, DUE, unit=kodim, is_lead=True)]
    with pytest.raises(Refused) as refusal:
        make_alone(coordinator, shares=leads)
    assert refusal.value.field == "lead"


def test_the_database_keeps_one_share_per_unit(coordinator, posko_banjar):
    make_alone(coordinator, "polda-kalsel", "polres-banjar", **ORDER)
    share = Addressee.objects.get(unit__isnull=False)
    row = Obligation.objects.get(unit__isnull=False)
    for name, twin in (
        (
            "addressee_unit_once",
            Addressee(directive=share.directive, agency=share.agency, unit=share.unit, due_at=DUE),
        ),
        (
            "obligation_one_share_per_unit",
            Obligation(
                directive=row.directive,
                agency=row.agency,
                unit=row.unit,
                due_at=DUE,
                created_at=NOW,
                updated_at=NOW,
            ),
        ),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            twin.save()


def test_a_units_share_is_seen_in_its_line_alone(
    coordinator, liaison_polda, posko_banjar, kodim_1006, liaison_dprd
):
    make_alone(coordinator, "polres-banjar", **ORDER)
    make_alone(coordinator, "polres-tapin", **ORDER)
    make_alone(coordinator, "polda-kalsel", **ORDER)

    def seen(actor):
        rows = Obligation.objects.visible_to(actor).order_by("pk")
        return [row.doer for row in rows.select_related("agency", "unit")]

    assert seen(posko_banjar) == ["Polres Banjar"]
    assert seen(liaison_polda) == ["Polres Banjar", "Polres Tapin", "Polda Kalsel"]
    assert Directive.objects.visible_to(posko_banjar).count() == 1
    assert Directive.objects.visible_to(liaison_polda).count() == 3
    for stranger in (kodim_1006, liaison_dprd):
        assert seen(stranger) == []
        assert not Directive.objects.visible_to(stranger).exists()


def test_working_days_begin_at_issue_and_leave_out_holidays(coordinator, liaison_kpu):
    # Friday 13 September; after the weekend, Monday is the Prophet's birthday.
    friday = datetime(2024, 9, 13, 10, tzinfo=clock.WITA)
    shares = [Share(agencies("kpu-kalsel")[0])]
    due = Due(kind="hari_kerja", days=1)
    directive = make_alone(coordinator, at=friday, due=due, shares=shares)
    expected = datetime(2024, 9, 17, 16, tzinfo=clock.WITA)
    assert Obligation.objects.get().due_at == directive.default_due_at == expected


def test_working_days_of_a_draft_count_from_the_publication(coordinator, liaison_kpu):
    draft = make_minutes(coordinator, "kpu-kalsel")
    kpu, bawaslu = agencies("kpu-kalsel", "bawaslu-kalsel")
    directive = make_directive(
        draft,
        coordinator,
        due=Due(kind="hari_kerja", days=2),
        shares=[Share(kpu), Share(bawaslu, START + timedelta(days=30))],
    )
    published = datetime(2024, 6, 10, 9, tzinfo=clock.WITA)
    directives.issue_directive(directive, by=coordinator, at=published)
    due = dict(Obligation.objects.values_list("agency__slug", "due_at"))
    assert due == {
        "kpu-kalsel": datetime(2024, 6, 12, 16, tzinfo=clock.WITA),
        "bawaslu-kalsel": START + timedelta(days=30),
    }
    assert Obligation.objects.get(agency=bawaslu).own_due


@pytest.mark.parametrize(
    ("due", "field"),
    [
        (Due(kind="hari_kerja"), "due_days"),
        (Due(kind="hari_kerja", days=0), "due_days"),
        (Due(kind="tahapan"), "due_stage"),
        (Due(), "due_at"),
    ],
)
def test_a_due_rule_that_says_nothing_is_refused(coordinator, liaison_kpu, due, field):
    with pytest.raises(Refused) as refusal:
        make_alone(coordinator, due=due, shares=[Share(agencies("kpu-kalsel")[0])])
    assert refusal.value.field == field


def test_a_stage_that_has_begun_gives_no_due_time(coordinator, liaison_kpu):
    past = Stage.objects.filter(starts_at__lt=NOW).first()
    with pytest.raises(Refused) as refusal:
        make_alone(
            coordinator,
            due=Due(kind="tahapan", stage=past),
            shares=[Share(agencies("kpu-kalsel")[0])],
        )
    assert refusal.value.field == "due_stage"


def test_the_ground_of_an_issued_directive_is_fixed(coordinator, liaison_kpu):
    make_alone(coordinator, "kpu-kalsel")
    for values in ({"ground": "Lain"}, {"evidence_required": True}, {"due_offset": 3}):
        with pytest.raises(IntegrityError, match="is fixed"), transaction.atomic():
            Directive.objects.update(**values)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"due_kind": "tahapan"}, "directive_due_rule_complete"),
        ({"meeting": None, "section": None, "agenda_item": None}, "directive_comes_from_somewhere"),
        ({"origin_url": "https://x"}, "directive_origin_is_a_page_of_ours"),
    ],
)
def test_constraint_of_origin_and_due(coordinator, liaison_kpu, values, name):
    make_directive(make_minutes(coordinator, "kpu-kalsel"), coordinator, "kpu-kalsel")
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Directive.objects.update(**values)


def test_passing_on_needs_the_obliged_agency(coordinator, liaison_kpu, liaison_polda):
    row = Obligation.objects.get(directive=make_alone(coordinator, "polda-kalsel"))
    for stranger in (liaison_kpu, coordinator):
        with pytest.raises(PermissionDenied):
            standing.delegate_obligation(
                row,
                by=stranger,
                at=NOW,
                title="T",
                text="Isi",
                units=units("polres-banjar"),
                due_at=DUE,
            )
