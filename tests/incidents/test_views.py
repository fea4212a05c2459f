import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from incidents.actions.moves import move_incident
from incidents.enums import IncidentState, Severity
from incidents.models import TOLD, Incident
from portal import clock
from portal.access.classification import Classification
from portal.audit.models import Entry
from tests.factories.incidents import AT, report

LIST = "/kejadian/"
CREATE = "/kejadian/lapor/"


def typed(**changes) -> dict:
    """What an officer types into the report form."""
    moment = clock.local(clock.now()) - timedelta(minutes=10)
    return {
        "type": "F1",
        "title": "Jalan tergenang",
        "occurrence": "terjadi",
        "severity": "2",
        "disturbance": "GN",
        "occurred_at": moment.strftime("%Y-%m-%dT%H:%M"),
        "region": "63.03.17",
        "place": "Desa Angkipih",
        "chronology": "Air naik sejak subuh.",
        "classification": "2",
        "idempotency_key": "kunci-1",
        **changes,
    }


def page(name: str, incident: Incident) -> str:
    return reverse(f"incidents:{name}", args=[incident.pk])


def texts(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_incident_list_shows_what_the_post_sees(client, sign_in, liaison_kpu, liaison_bawaslu):
    report(liaison_kpu, illustrative=True)
    shown = texts(sign_in(client, liaison_kpu).get(LIST))
    assert "Jalan menuju TPS tergenang" in shown
    assert "KJ-2024-0001 · Data ilustrasi" in shown

    hidden = texts(sign_in(client, liaison_bawaslu).get(LIST))
    assert "Tidak ada kejadian" in hidden
    assert "tergenang" not in hidden


@pytest.mark.parametrize("count", [1, 3])
def test_incident_list_asks_a_constant_number_of_queries(
    client, sign_in, liaison_kpu, django_assert_num_queries, count
):
    for _ in range(count):
        report(liaison_kpu, region="63.03.17")
    sign_in(client, liaison_kpu).get(LIST)

    with django_assert_num_queries(QUERIES_OF_LIST):
        client.get(LIST)


QUERIES_OF_LIST = 14


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 3),
        ("state=terbuka", 2),
        ("state=tidak_terbukti", 1),
        ("severity=3", 1),
        ("type=B3", 1),
        ("region=63.03", 2),
        ("region=63.71", 1),
        ("q=KJ-2024-0002", 1),
        ("q=Angkipih", 3),
        ("severity=99", 3),
        ("page=zzz", 3),
    ],
)
def test_incident_list_filters(client, sign_in, liaison_kpu, coordinator, query, found):
    first = report(liaison_kpu, region="63.03.17")
    report(liaison_kpu, severity=Severity.HIGH)
    report(liaison_kpu, code="B3", region="63.71")
    move_incident(first, IncidentState.UNPROVEN, by=coordinator, at=AT, reason="Salah lapor.")

    response = sign_in(client, coordinator).get(f"{LIST}?{query}")

    assert len(response.context["rows"]) == found


def test_incident_create_asks_in_the_order_of_5w1h(client, sign_in, posko_banjar):
    response = sign_in(client, posko_banjar).get(CREATE)

    names = re.findall(r'name="(\w+)"', response.content.decode())
    order = [
        n
        for n in names
        if n in {"title", "occurred_at", "region", "involved", "cause", "chronology"}
    ]
    assert order == ["title", "occurred_at", "region", "involved", "cause", "chronology"]
    assert response.context["form"]["region"].value() == "63.03"
    assert "Rahasia" not in texts(response)


def test_incident_create_stores_and_shows(client, sign_in, liaison_kpu):
    response = sign_in(client, liaison_kpu).post(CREATE, typed())

    incident = Incident.objects.get()
    assert response["Location"] == page("incident_detail", incident)
    assert incident.region_id == "63.03.17"
    assert "Jalan tergenang" in texts(client.get(response["Location"]))


def test_incident_create_twice_with_one_key_reports_once(client, sign_in, liaison_kpu):
    sign_in(client, liaison_kpu)

    first, second = client.post(CREATE, typed()), client.post(CREATE, typed())

    assert first["Location"] == second["Location"]
    assert Incident.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"type": "Q9"}, "type"),
        ({"title": ""}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"chronology": "x" * 20_001}, "chronology"),
        ({"chronology": "Paslon 2 meraih 340 suara"}, "chronology"),
        ({"severity": "9"}, "severity"),
        ({"region": "63"}, "region"),
        ({"region": "99.99"}, "region"),
        ({"occurred_at": "2024-02-30T10:00"}, "occurred_at"),
        ({"occurred_at": "2099-01-01T10:00"}, "occurred_at"),
        ({"latitude": "-3.4"}, "longitude"),
        ({"latitude": "nan", "longitude": "115"}, "latitude"),
        ({"latitude": "51.5", "longitude": "0"}, "latitude"),
        ({"classification": "3"}, "classification"),
    ],
)
def test_incident_create_keeps_what_was_typed_and_says_why(
    client, sign_in, liaison_kpu, changes, field
):
    response = sign_in(client, liaison_kpu).post(CREATE, typed(**changes))

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert "Desa Angkipih" in response.content.decode()
    assert Incident.objects.count() == 0


def test_incident_create_is_closed_to_who_only_reads(client, sign_in, commander):
    assert sign_in(client, commander).get(CREATE).status_code == 403


def test_incident_detail_out_of_sight_is_not_found(client, sign_in, liaison_kpu, liaison_bawaslu):
    incident = report(liaison_kpu)
    sign_in(client, liaison_bawaslu)

    for name in ("incident_detail", "incident_move"):
        assert client.get(page(name, incident)).status_code == 404
    assert client.post(page("incident_update", incident), {}).status_code == 404
    assert incident.updates.count() == 1


def test_incident_detail_of_a_rahasia_record_is_recorded(client, sign_in, coordinator, commander):
    incident = report(coordinator, classification=Classification.RAHASIA)
    plain = report(coordinator)
    sign_in(client, commander)

    client.get(page("incident_detail", incident))
    client.get(page("incident_detail", plain))

    reads = Entry.objects.filter(verb="incident.read")
    assert [(read.object_id, read.post_id) for read in reads] == [
        (str(incident.pk), commander.post_id)
    ]


def test_incident_detail_shows_a_reader_no_buttons(client, sign_in, liaison_kpu, commander):
    incident = report(liaison_kpu)

    shown = texts(sign_in(client, commander).get(page("incident_detail", incident)))

    assert "Kronologi" in shown
    assert "Langkah berikut" not in shown
    assert "Tambah catatan" not in shown


def test_incident_update_adds_to_the_timeline(client, sign_in, liaison_kpu):
    incident = report(liaison_kpu)
    data = {"kind": "situation", "text": "Air surut.", "audience": "agencies"}

    response = sign_in(client, liaison_kpu).post(
        page("incident_update", incident), data, follow=True
    )

    assert "Air surut." in texts(response)
    assert incident.updates.count() == 2


def test_incident_update_refused_stays_on_the_page(client, sign_in, liaison_kpu):
    incident = report(liaison_kpu)
    data = {"kind": "situation", "text": "unggul 54% suara", "audience": "agencies"}

    response = sign_in(client, liaison_kpu).post(page("incident_update", incident), data)

    assert list(response.context["form"].errors) == ["text"]
    assert "unggul 54% suara" in response.content.decode()
    assert incident.updates.count() == 1


def test_incident_move_by_button(client, sign_in, liaison_kpu, liaison_pemprov):
    incident = report(liaison_kpu)
    sign_in(client, liaison_pemprov)
    shown = client.get(page("incident_detail", incident)).content.decode()
    assert 'name="state" value="diverifikasi"' in shown

    client.post(page("incident_move", incident), {"state": "diverifikasi", "version": "1"})

    incident.refresh_from_db()
    assert incident.state == "diverifikasi"


def test_incident_move_with_words(client, sign_in, liaison_kpu, liaison_pemprov):
    incident = report(liaison_kpu)
    address = page("incident_move", incident)
    sign_in(client, liaison_pemprov)
    asked = client.get(f"{address}?state=tidak_terbukti")
    assert 'name="reason"' in asked.content.decode()

    bare = client.post(address, {"state": "tidak_terbukti", "version": "1"})
    assert list(bare.context["form"].errors) == ["reason"]
    done = client.post(
        address, {"state": "tidak_terbukti", "version": "1", "reason": "Sudah diperiksa."}
    )

    assert done.status_code == 302
    incident.refresh_from_db()
    assert incident.state == "tidak_terbukti"


def test_incident_move_of_a_stale_page_shows_it(client, sign_in, liaison_kpu, liaison_pemprov):
    incident = report(liaison_kpu)
    move_incident(incident, IncidentState.VERIFIED, by=liaison_pemprov, at=AT)

    response = sign_in(client, liaison_pemprov).post(
        page("incident_move", incident),
        {"state": "tidak_terbukti", "version": "1", "reason": "Keliru."},
    )

    assert "sudah diubah orang lain" in texts(response)
    incident.refresh_from_db()
    assert incident.state == "diverifikasi"


def test_a_clash_shows_what_is_stored_and_what_was_typed(client, sign_in, liaison_kpu, coordinator):
    incident = report(liaison_kpu)
    sign_in(client, coordinator)
    bound = client.get(page("incident_edit", incident)).context["form"]
    typed = {name: bound[name].value() for name in TOLD}
    seen = {f"initial-{name}": value for name, value in typed.items()}
    given = {key: value for key, value in (typed | seen).items() if value not in (None, False)}
    Incident.objects.filter(pk=incident.pk).update(cause="Sebab A", severity=3)

    response = client.post(
        page("incident_edit", incident), given | {"cause": "Sebab B", "severity": 4}
    )

    said = {
        row["label"]: (row["stored"], row["typed"]) for row in response.context["form"].differences
    }
    assert said["Mengapa"] == ("Sebab A", "Sebab B")
    assert said["Keparahan"] == (Severity(3).label, Severity(4).label)


def test_an_edit_without_a_change_says_so(client, sign_in, liaison_kpu, coordinator):
    incident = report(liaison_kpu)
    sign_in(client, coordinator)
    bound = client.get(page("incident_edit", incident)).context["form"]
    typed = {name: bound[name].value() for name in TOLD}
    seen = {f"initial-{name}": value for name, value in typed.items()}
    given = {key: value for key, value in (typed | seen).items() if value not in (None, False)}

    response = client.post(page("incident_edit", incident), given, follow=True)

    assert "Tidak ada yang berubah." in texts(response)
    assert "Isi kejadian diperbarui." not in texts(response)


@pytest.mark.parametrize("query", ["", "?state=aman", "?state=dilimpahkan"])
def test_incident_move_to_nowhere_is_not_found(
    client, sign_in, liaison_kpu, liaison_pemprov, query
):
    incident = report(liaison_kpu)

    response = sign_in(client, liaison_pemprov).get(page("incident_move", incident) + query)

    assert response.status_code == 404


def test_incident_move_of_what_another_leads_is_denied(client, sign_in, liaison_kpu):
    incident = report(liaison_kpu)

    response = sign_in(client, liaison_kpu).post(
        page("incident_move", incident), {"state": "diverifikasi", "version": "1"}
    )

    assert response.status_code == 403


@pytest.mark.parametrize(("language", "told"), [("id", False), ("en", True)])
def test_who_reads_another_language_is_told_that_entries_are_kept_as_recorded(
    client, sign_in, liaison_kpu, language, told
):
    """Titles are the portal's and follow the reader; texts are the record and stay as they were."""
    incident = report(liaison_kpu)
    sign_in(client, liaison_kpu)
    client.cookies["django_language"] = language

    with translation.override("id"):  # and back again: the page sets its reader's language
        shown = texts(client.get(page("incident_detail", incident)))

    assert ("First report" in shown) is told
    assert incident.title in shown
    assert ("Entries are shown in the language in which they were recorded" in shown) is told
