import re
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from coordination.actions import agenda_templates, meetings
from coordination.models import AgendaItem, AgendaTemplate, Meeting, MeetingSeries
from portal.access.errors import Refused
from portal.audit.models import Entry
from tests.coordination.pages import agency_id, meeting_data, texts, url
from tests.coordination.test_agenda_actions import PDF
from tests.factories.coordination import (
    NOW,
    START,
    make_held,
    make_item,
    make_meeting,
    make_minutes,
    make_scheduled,
    make_series,
    sign,
)

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _standing_clock():
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


def item_data(**changes):
    return {
        "title": "Paparan logistik",
        "section": "Kesiapan",
        "planned_minutes": "20",
        "presenter": str(agency_id("kpu-kalsel")),
        "presenter_post": "",
        "presenter_office": "Sekretaris",
    } | changes


def titles(owner):
    rows = AgendaItem.objects.filter(meeting=owner).order_by("position")
    return [item.title for item in rows]


def test_an_item_is_added_once_for_a_double_click(client, sign_in, coordinator, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    meeting = make_meeting(coordinator)
    sign_in(client, coordinator)
    assert client.get(url("item_create", meeting.pk)).status_code == 200
    for _time in range(2):
        data = item_data(
            is_closed="on",
            audience=[agency_id("korem-101")],
            idempotency_key="i1",
            file=SimpleUploadedFile("paparan.pdf", PDF),
        )
        assert client.post(url("item_create", meeting.pk), data)["Location"] == url(
            "agenda", meeting.pk
        )
    item = AgendaItem.objects.get(title="Paparan logistik")
    named = set(item.audience.values_list("slug", flat=True))
    assert (item.section, item.is_closed, named) == ("Kesiapan", True, {"korem-101", "kpu-kalsel"})
    page = texts(client.get(url("agenda", meeting.pk)))
    assert "paparan.pdf" in page
    assert "Butir tertutup: Korem 101, KPU Kalsel" in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"planned_minutes": "0"}, "planned_minutes"),
        ({"planned_minutes": "9999"}, "planned_minutes"),
        ({"presenter": "999999"}, "presenter"),
        ({"presenter_post": "x"}, "presenter_post"),
        ({"audience": ["999999"]}, "audience"),
        ({"section": "x" * 121}, "section"),
    ],
)
def test_bad_input_is_told_at_its_field_and_writes_nothing(
    client, sign_in, coordinator, changes, field
):
    meeting = make_meeting(coordinator)
    sign_in(client, coordinator)
    response = client.post(url("item_create", meeting.pk), item_data(**changes))
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert len(titles(meeting)) == 2


def test_a_bad_file_is_told_at_its_field(client, sign_in, coordinator):
    meeting = make_meeting(coordinator)
    sign_in(client, coordinator)
    file = SimpleUploadedFile("virus.exe", b"MZ")
    response = client.post(url("item_create", meeting.pk), item_data(file=file))
    assert "file" in response.context["form"].errors
    assert len(titles(meeting)) == 2


def test_a_stale_item_shows_both_texts(client, sign_in, coordinator):
    item = make_item(make_meeting(coordinator), coordinator, "Asal")
    sign_in(client, coordinator)
    assert client.get(url("item_edit", item.pk)).status_code == 200
    first = client.post(url("item_edit", item.pk), item_data(version=item.version, title="Satu"))
    assert first.status_code == 302
    stale = client.post(url("item_edit", item.pk), item_data(version=item.version, title="Dua"))
    assert {"label": "Mata acara", "stored": "Satu", "typed": "Dua"} in stale.context[
        "form"
    ].differences


def said(response) -> str:
    """What the fragment puts into the words that are read aloud."""
    return re.search(
        r'<p id="kabar-susunan"[^>]* hx-swap-oob="innerHTML">([^<]*)</p>', texts(response)
    )[1]


def test_buttons_move_a_line_with_and_without_htmx(client, sign_in, coordinator):
    meeting = make_meeting(coordinator)
    first, second = meeting.agenda.all()
    sign_in(client, coordinator)
    plain = client.post(url("item_shift", second.pk, "naik"))
    assert plain["Location"] == url("agenda", meeting.pk) + f"#butir-{second.pk}"
    assert titles(meeting) == ["Kesiapan logistik", "Pembukaan"]
    page = texts(client.get(url("agenda", meeting.pk)))
    assert "“Kesiapan logistik” kini nomor 1 dari 2." in page and f'id="butir-{second.pk}"' in page
    fragment = client.post(url("item_shift", second.pk, "turun"), headers=HTMX)
    assert texts(fragment).strip().startswith('<div id="susunan"')
    assert said(fragment) == "“Kesiapan logistik” kini nomor 2 dari 2."
    assert titles(meeting) == ["Pembukaan", "Kesiapan logistik"]
    assert client.post(url("item_shift", first.pk, "miring")).status_code == 404


def test_what_was_dragged_is_put_there(client, sign_in, coordinator):
    meeting = make_meeting(coordinator)
    first, second = meeting.agenda.all()
    sign_in(client, coordinator)
    data = {"order": f"{second.pk},{first.pk}", "moved": second.pk}
    assert client.post(url("agenda_order", meeting.pk), data).status_code == 302
    assert titles(meeting) == ["Kesiapan logistik", "Pembukaan"]
    dropped = client.post(url("agenda_order", meeting.pk), data, headers=HTMX)
    assert said(dropped) == "“Kesiapan logistik” kini nomor 1 dari 2."
    for order in ("", "x", f"{first.pk}", "9" * 40, f"{first.pk},{first.pk}"):
        response = client.post(url("agenda_order", meeting.pk), {"order": order}, headers=HTMX)
        assert 'role="alert"' in texts(response)
    assert titles(meeting) == ["Kesiapan logistik", "Pembukaan"]
    plain = client.post(url("agenda_order", meeting.pk), {"order": "x"}, follow=True)
    assert "Urutan tidak terbaca." in texts(plain)


def test_moving_and_taking_and_deleting_by_button(client, sign_in, coordinator):
    series = make_series(coordinator)
    meeting = make_meeting(coordinator, series=series)
    first, second = meeting.agenda.all()
    sign_in(client, coordinator)
    client.post(url("item_move", first.pk, "daftar-tunggu"))
    first.refresh_from_db()
    assert first.series == series
    page = texts(client.get(url("agenda", meeting.pk)))
    assert url("item_take", meeting.pk, first.pk) in page
    client.post(url("item_take", meeting.pk, first.pk))
    first.refresh_from_db()
    assert first.meeting == meeting
    refused = client.post(url("item_move", second.pk, "rakor-berikut"), follow=True)
    assert "Belum ada rakor berikutnya" in texts(refused)
    assert client.post(url("item_move", second.pk, "bulan")).status_code == 404
    client.post(url("item_delete", second.pk))
    assert titles(meeting) == ["Pembukaan"]


def test_others_do_not_work_on_an_agenda(
    client, sign_in, coordinator, commander, liaison_kpu, liaison_dprd, posko_banjar
):
    series = make_series(coordinator)
    meeting = make_scheduled(coordinator, "kpu-kalsel", series=series)
    item = meeting.agenda.first()
    for actor in (commander, liaison_kpu, liaison_dprd, posko_banjar):
        sign_in(client, actor)
        for page in (url("agenda", meeting.pk), url("item_edit", item.pk), url("template_list")):
            assert client.get(page).status_code == 403
        for name, args in (
            ("item_create", (meeting.pk,)),
            ("item_delete", (item.pk,)),
            ("item_shift", (item.pk, "naik")),
            ("item_move", (item.pk, "daftar-tunggu")),
            ("agenda_order", (meeting.pk,)),
            ("template_save", (meeting.pk,)),
            ("backlog_create", (series.pk,)),
        ):
            assert client.post(url(name, *args)).status_code == 403
    assert titles(meeting) == ["Pembukaan", "Kesiapan logistik"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_agenda_costs_the_same_for_any_length(
    client, sign_in, coordinator, django_assert_num_queries, count
):
    series = make_series(coordinator)
    meeting = make_meeting(coordinator, series=series, agenda=[])
    for number in range(count):
        make_item(meeting, coordinator, f"Butir {number}", audience=["kpu-kalsel"])
        make_item(series, coordinator, f"Tunggu {number}", audience=["kpu-kalsel"])
    sign_in(client, coordinator)
    client.get(url("agenda", meeting.pk))
    with django_assert_num_queries(18):
        response = client.get(url("agenda", meeting.pk))
    assert len(response.context["agenda"]) == len(response.context["waiting"]) == count


def test_a_rakor_that_is_over_shows_its_agenda_for_what_moves_on(client, sign_in, coordinator):
    series = make_series(coordinator)
    meeting = make_held(coordinator, "kpu-kalsel", series=series)
    item = meeting.agenda.first()
    sign_in(client, coordinator)
    page = texts(client.get(url("agenda", meeting.pk)))
    assert url("item_move", item.pk, "daftar-tunggu") in page
    assert url("item_shift", item.pk, "naik") not in page
    client.post(url("item_move", item.pk, "daftar-tunggu"))
    assert "Dipindahkan ke Daftar tunggu" in texts(client.get(url("agenda", meeting.pk)))


def test_an_example_is_kept_used_and_written_over(client, sign_in, coordinator):
    meeting = make_meeting(coordinator)
    make_item(meeting, coordinator, "Rahasia", audience=["kpu-kalsel"])
    sign_in(client, coordinator)
    assert (
        "name"
        in client.post(url("template_save", meeting.pk), {"name": " "}).context["save_form"].errors
    )
    for _time in range(2):
        client.post(url("template_save", meeting.pk), {"name": "Rutin"})
    template = AgendaTemplate.objects.get()
    assert [line.title for line in template.items.all()] == ["Pembukaan", "Kesiapan logistik"]
    other = make_meeting(coordinator, agenda=[])
    client.post(url("template_apply", other.pk), {"template": template.pk})
    assert titles(other) == ["Pembukaan", "Kesiapan logistik"]
    wrong = client.post(url("template_apply", other.pk), {"template": "999"})
    assert "template" in wrong.context["apply_form"].errors
    assert "Rutin" in texts(client.get(url("template_list")))
    client.post(url("template_delete", template.pk))
    assert not AgendaTemplate.objects.exists()
    assert titles(other) == ["Pembukaan", "Kesiapan logistik"]
    assert Entry.objects.filter(verb__startswith="agenda_template.").count() == 4


def test_examples_of_other_agencies_are_out_of_sight(coordinator, liaison_kpu, commander):
    template = agenda_templates.save_template(
        make_meeting(coordinator), by=coordinator, at=NOW, name="Rutin"
    )
    assert list(AgendaTemplate.objects.visible_to(coordinator)) == [template]
    for actor in (liaison_kpu, commander, None):
        assert not AgendaTemplate.objects.visible_to(actor).exists()
    agenda_templates.delete_template(template, by=coordinator, at=NOW)
    agenda_templates.delete_template(template, by=coordinator, at=NOW)
    assert Entry.objects.filter(verb="agenda_template.delete").count() == 1


def test_an_empty_agenda_is_no_example(coordinator):
    meeting = make_meeting(coordinator, agenda=[])
    with pytest.raises(Refused):
        agenda_templates.save_template(meeting, by=coordinator, at=NOW, name="Kosong")


def test_a_series_is_made_edited_and_chosen(client, sign_in, coordinator):
    sign_in(client, coordinator)
    operation = meeting_data()["operation"]
    data = {"title": "Anev", "kind": "anev", "operation": operation, "is_active": "on"}
    made = client.post(url("series_create"), data | {"idempotency_key": "s1"})
    series = MeetingSeries.objects.get()
    assert made["Location"] == url("series_detail", series.pk)
    twice = client.post(url("series_create"), data)
    assert "title" in twice.context["form"].errors
    form = client.get(f"{url('meeting_create')}?series={series.pk}").context["form"]
    assert form["series"].value() == series.pk
    client.post(url("meeting_create"), meeting_data(series=series.pk))
    assert [meeting.title for meeting in series.meetings.all()] == ["Rakor logistik"]
    edited = client.post(
        url("series_edit", series.pk), data | {"version": 1, "title": "Lain", "is_active": ""}
    )
    assert edited.status_code == 302
    stale = client.post(url("series_edit", series.pk), data | {"version": 1})
    assert stale.context["form"].differences
    assert (
        "series"
        in client.post(url("meeting_create"), meeting_data(series=series.pk)).context["form"].errors
    )


def test_a_series_shows_its_meetings_and_what_waits(
    client, sign_in, coordinator, liaison_kpu, liaison_dprd
):
    series = make_series(coordinator)
    make_scheduled(coordinator, "kpu-kalsel", series=series, title="Nanti")
    make_held(coordinator, "kpu-kalsel", series=series, title="Dulu")
    make_meeting(coordinator, "kpu-kalsel", series=series, title="Draf saja")
    make_item(series, coordinator, "Menunggu")
    page = url("series_detail", series.pk)
    sign_in(client, coordinator)
    context = client.get(page).context
    assert [row.title for row in context["coming"]] == ["Nanti", "Draf saja"]
    assert [row.title for row in context["past"]] == ["Dulu"]
    assert [row.title for row in context["waiting"]] == ["Menunggu"]
    sign_in(client, liaison_kpu)
    context = client.get(page).context
    assert [row.title for row in context["coming"]] == ["Nanti"]
    assert (context["waiting"], context["may_plan"]) == ([], False)
    assert client.get(url("series_edit", series.pk)).status_code == 403
    (row,) = client.get(url("series_list")).context["rows"]
    assert (row.meetings, row.waiting, row.next_at) == (2, 0, START)
    sign_in(client, liaison_dprd)
    assert client.get(page).status_code == 404
    assert client.get(url("series_list")).context["rows"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_series_cost_the_same(client, sign_in, coordinator, django_assert_num_queries, count):
    for number in range(count):
        series = make_series(coordinator, title=f"Seri {number}")
    for number in range(count):
        make_scheduled(coordinator, "kpu-kalsel", series=series, title=f"Rakor {number}")
        make_item(series, coordinator, f"Tunggu {number}")
    sign_in(client, coordinator)
    client.get(url("series_list"))
    with django_assert_num_queries(8):
        assert len(client.get(url("series_list")).context["rows"]) == count
    client.get(url("series_detail", series.pk))
    with django_assert_num_queries(11):
        assert len(client.get(url("series_detail", series.pk)).context["coming"]) == count


def test_a_waiting_item_is_added_to_a_series(client, sign_in, coordinator):
    series = make_series(coordinator)
    sign_in(client, coordinator)
    assert client.get(url("backlog_create", series.pk)).status_code == 200
    made = client.post(url("backlog_create", series.pk), item_data())
    assert made["Location"] == url("series_detail", series.pk)
    item = series.backlog.get()
    assert client.get(url("item_edit", item.pk)).status_code == 200
    gone = client.post(url("item_delete", item.pk), headers=HTMX)
    assert gone["Location"] == url("series_detail", series.pk)
    assert not series.backlog.exists()


def test_a_series_of_another_host_is_not_chosen(coordinator):
    series = make_series(coordinator)
    host = MeetingSeries._meta.get_field("host_agency").related_model
    MeetingSeries.objects.update(host_agency=host.objects.get(slug="kpu-kalsel"))
    series.refresh_from_db()
    with pytest.raises(PermissionDenied):
        make_meeting(coordinator, series=series)
    assert not Meeting.objects.exists()


def test_item_leads_to_its_directive_while_the_minutes_are_written(
    client, sign_in, coordinator, liaison_kpu
):
    draft = make_minutes(coordinator, "kpu-kalsel")
    item = draft.meeting.agenda.first()
    page = f"/rakor/{draft.meeting_id}/"
    link = f"/rakor/{draft.meeting_id}/arahan/baru/?agenda={item.pk}"
    assert link in sign_in(client, coordinator).get(page).content.decode()
    form = client.get(link).context["form"]
    assert form.initial["agenda_item"] == item.pk
    assert "Jadikan arahan" not in sign_in(client, liaison_kpu).get(page).content.decode()
    sign(draft, by=coordinator, at=START + timedelta(hours=3))
    assert link not in sign_in(client, coordinator).get(page).content.decode()


@pytest.mark.parametrize(
    ("minutes", "planned", "over"),
    [(110, "Direncanakan 120 dari", []), (125, "Direncanakan 135 dari", ["15"])],
)
def test_an_agenda_that_is_too_long_says_by_how_much(
    client, sign_in, coordinator, minutes, planned, over
):
    lines = [meetings.AgendaDraft("Pembukaan", 10), meetings.AgendaDraft("Paparan", minutes)]
    meeting = make_meeting(coordinator, "kpu-kalsel", agenda=lines)
    sign_in(client, coordinator)
    for name in ("meeting_detail", "agenda"):
        page = texts(client.get(url(name, meeting.pk)))
        assert f"{planned} 120 menit." in page
        assert re.findall(r'<span class="over">Lebih (\d+) menit\.</span>', page) == over
