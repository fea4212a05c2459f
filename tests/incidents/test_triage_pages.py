"""The officers' queue and pages, and the same by the API."""

import re
from datetime import timedelta

import pytest

from incidents.actions.public_reports import Contact
from incidents.actions.public_triage import set_aside
from incidents.enums import PublicState
from incidents.models import Incident, PublicPhoto, PublicReport, TriageReason
from portal import clock
from portal.access.classification import Classification
from portal.audit.models import Entry
from tests.api_twins import Twin
from tests.factories.incidents import AT, report
from tests.factories.public import photo, sent

QUEUE, SORT = "/laporan-warga/", "/laporan-warga/telaah/"
QUERIES_OF_QUEUE = 12
LATER = AT + timedelta(hours=2)


@pytest.fixture
def twin(client, sign_in):
    return Twin(client, sign_in)


def texts(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def page(row: PublicReport, act: str = "") -> str:
    return f"{QUEUE}{row.pk}/{act}"


@pytest.mark.parametrize("count", [1, 3, 60])
def test_the_queue_asks_a_constant_number_of_queries(
    client, sign_in, posko_banjar, django_assert_num_queries, count
):
    for number in range(count):
        sent(text=f"Jalan ke desa nomor {number} terendam air.")
    sign_in(client, posko_banjar)
    with django_assert_num_queries(QUERIES_OF_QUEUE):
        shown = client.get(QUEUE)
    assert len(shown.context["rows"]) == min(count, 50)


def test_the_queue_puts_spam_last_and_the_oldest_first(client, sign_in, posko_banjar):
    spam = sent(trapped=True)
    old = sent(text="Jembatan desa miring sejak pagi.")
    new = sent(at=AT + timedelta(minutes=5), text="Rumah warga terendam di tepi sungai.")
    rows = sign_in(client, posko_banjar).get(QUEUE).context["rows"]
    assert [row.pk for row in rows] == [old.pk, new.pk, spam.pk]


def test_a_confidential_text_is_not_in_the_queue_and_not_found_by_its_words(
    client, sign_in, coordinator
):
    row = sent(confidential=True, text="Rahasia di gudang belakang pasar.")
    sign_in(client, coordinator)
    shown = texts(client.get(QUEUE))
    assert row.number in shown
    assert "Isi rahasia" in shown
    assert "gudang" not in shown
    assert client.get(QUEUE, {"q": "gudang"}).context["rows"] == []
    assert len(client.get(QUEUE, {"q": row.number}).context["rows"]) == 1
    assert not Entry.objects.filter(verb="publicreport.read").exists()
    assert "gudang" in texts(client.get(page(row)))
    assert Entry.objects.filter(verb="publicreport.read").count() == 1


def test_filters_narrow_the_queue(client, sign_in, posko_banjar):
    flood = sent()
    fire = sent(subject="kebakaran", text="Api membesar di lahan dekat kebun.")
    spam = sent(trapped=True, region="63.03.01", text="Pesan aneh yang panjang sekali.")
    sign_in(client, posko_banjar)

    def found(**query):
        return {row.pk for row in client.get(QUEUE, query).context["rows"]}

    assert found(subject="kebakaran") == {fire.pk}
    assert found(q="terendam OR api") == {fire.pk}
    assert found(q="x") == set()
    assert found(suspect="ya") == {spam.pk}
    assert found(suspect="tidak") == {flood.pk, fire.pk}
    assert found(region="63.03") == {flood.pk, fire.pk, spam.pk}
    assert found(region="63.09") == set()
    assert found(state="disisihkan") == set()


def test_many_are_set_aside_at_once(client, sign_in, posko_banjar):
    rows = [sent(text=f"Jalan ke desa nomor {number} terendam air.") for number in range(3)]
    sign_in(client, posko_banjar)
    data = {"ids": [row.pk for row in rows[:2]], "act": "sisihkan", "reason": "sampah"}
    answer = client.post(SORT, {**data, "idempotency_key": "k"}, follow=True)
    assert "2 laporan ditelaah." in texts(answer)
    states = PublicReport.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["disisihkan", "disisihkan", "menunggu"]
    again = client.post(SORT, {**data, "idempotency_key": "k2"}, follow=True)
    assert "2 dilewati karena sudah diputus." in texts(again)


def test_what_was_ticked_stays_ticked_when_it_is_refused_and_only_then(
    client, sign_in, posko_banjar
):
    rows = [sent(), sent(text="Pohon tumbang menutup jalan."), sent(text="Rumah terendam.")]
    sign_in(client, posko_banjar)
    data = {"ids": [row.pk for row in rows[:2]], "act": "kaitkan", "incident": "KJ-2024-0404"}
    page = client.post(SORT, {**data, "idempotency_key": "k"}, follow=True).content.decode()
    ticked = re.findall(r'name="ids" value="(\d+)" form="telaah" checked', page)
    assert sorted(map(int, ticked)) == sorted(data["ids"])
    assert '<option value="kaitkan" selected>' in page
    assert 'value="KJ-2024-0404"' in page
    assert "checked" not in client.get(QUEUE).content.decode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"act": "sisihkan"}, "Pilih alasannya."),
        ({"act": "kaitkan", "incident": " "}, "Isi nomor kejadiannya."),
        ({"act": "kaitkan", "incident": "KJ-2024-0404"}, "Kejadian bernomor itu tidak ada"),
        ({"act": "kembalikan", "ids": []}, "Pilih laporannya lebih dahulu."),
    ],
)
def test_what_cannot_be_done_is_said(client, sign_in, posko_banjar, data, sentence):
    row = sent()
    sign_in(client, posko_banjar)
    answer = client.post(SORT, {"ids": [row.pk], **data}, follow=True)
    assert sentence in texts(answer)
    row.refresh_from_db()
    assert row.state == PublicState.WAITING


def test_after_sorting_one_comes_back_to_a_page_of_ours_only(client, sign_in, posko_banjar):
    row = sent()
    sign_in(client, posko_banjar)
    data = {"ids": [row.pk], "act": "sisihkan", "reason": "sampah"}
    assert client.post(SORT, {**data, "next": "//luar.test/"})["Location"] == QUEUE
    data["act"] = "kembalikan"
    assert client.post(SORT, {**data, "next": page(row)})["Location"] == page(row)


def test_an_incident_is_made_from_a_report(client, sign_in, posko_banjar):
    row = sent()
    sign_in(client, posko_banjar)
    shown = client.get(page(row, "kejadian/"))
    form = shown.context["form"]
    # It is beside the form, to be told in words of the officer's own.
    assert "chronology" not in form.initial
    assert row.text in shown.content.decode()
    data = {name: value for name, value in form.initial.items() if value is not None}
    data["chronology"] = "Air menutup jalan desa."
    data |= {"title": "Jalan desa terendam", "severity": "2"}
    data["occurred_at"] = f"{clock.local(clock.now() - timedelta(hours=1)):%Y-%m-%dT%H:%M}"
    answer = client.post(page(row, "kejadian/"), data)
    incident = Incident.objects.get()
    assert answer["Location"] == f"/kejadian/{incident.pk}/"
    row.refresh_from_db()
    assert (row.state, row.incident) == (PublicState.FOLLOWED, incident)
    second = client.post(page(row, "kejadian/"), {**data, "title": "Sekali lagi"})
    assert "sudah diputus orang lain" in texts(second)
    assert Incident.objects.count() == 1


def test_of_a_confidential_report_an_incident_takes_no_words(client, sign_in, coordinator):
    row = sent(confidential=True)
    initial = sign_in(client, coordinator).get(page(row, "kejadian/")).context["form"].initial
    assert initial["classification"] == Classification.RAHASIA
    assert not {"chronology", "place", "latitude"} & initial.keys()


def test_likely_duplicates_and_incidents_are_proposed(client, sign_in, posko_banjar):
    first = sent()
    second = sent(text="Jalan ke balai desa tertutup air sejak subuh.")
    incident = report(posko_banjar, region="63.03.17")
    shown = texts(sign_in(client, posko_banjar).get(page(second)))
    assert first.number in shown
    assert incident.number in shown


def test_an_officer_answers_and_sees_that_it_was_read(client, sign_in, posko_banjar):
    row = sent()
    sign_in(client, posko_banjar)
    assert client.post(page(row, "jawab/"), {"text": " "}).context["form"].errors["text"]
    client.post(page(row, "jawab/"), {"text": "Sedang ditangani."})
    assert "Jawaban, belum dibaca" in texts(client.get(page(row)))


def test_the_contact_is_shown_once_asked_for_and_never_otherwise(client, sign_in, posko_banjar):
    row = sent(anonymous=False, contact=Contact("Warga Satu", "0812-000"))
    sign_in(client, posko_banjar)
    for path in (QUEUE, page(row), f"/api/v1/public-reports/{row.pk}/"):
        assert "0812-000" not in client.get(path).content.decode()
    assert "0812-000" in texts(client.post(page(row, "kontak/")))
    assert "0812-000" not in texts(client.get(page(row)))
    declined = sent(text="Jembatan desa miring sejak pagi.")
    answer = client.post(page(declined, "kontak/"), follow=True)
    assert "Pelapor tidak meninggalkan kontak" in texts(answer)


def test_reports_out_of_sight_are_not_there(client, sign_in, posko_banjar, liaison_kpu):
    far = sent(region="63.09.01", photos=[photo()])
    sign_in(client, posko_banjar)
    for path in (page(far), page(far, "kejadian/"), f"{QUEUE}foto/{far.photos.get().pk}/"):
        assert client.get(path).status_code == 404
    for act in ("jawab/", "kontak/"):
        assert client.post(page(far, act), {"text": "x"}).status_code == 404
    assert sign_in(client, liaison_kpu).get(QUEUE).status_code == 403


def test_a_photo_is_served_in_a_sandbox_and_its_reading_recorded_where_secret(
    client, sign_in, coordinator
):
    sign_in(client, coordinator)
    for confidential, readings in ((False, 0), (True, 1)):
        row = sent(photos=[b"isi"], confidential=confidential, text=f"Foto {confidential} saja.")
        answer = client.get(f"{QUEUE}foto/{row.photos.get().pk}/")
        assert (answer.content, answer["Content-Type"]) == (b"isi", "image/jpeg")
        assert answer["Content-Security-Policy"].startswith("sandbox")
        assert Entry.objects.filter(verb="publicphoto.download").count() == readings
    assert str(PublicPhoto.objects.order_by("pk")[0]).startswith("foto-")


def test_the_api_sorts_as_the_pages_do(twin, posko_banjar, coordinator):
    rows = [sent(text=f"Jalan ke desa nomor {number} terendam air.") for number in range(3)]
    api, ids = twin(posko_banjar), [row.pk for row in rows]
    assert [row["id"] for row in api.get("public-reports/").json()["results"]] == ids
    done = api.once(
        "public_report.set_aside",
        "public-reports/set-aside/",
        {"ids": ids[:1], "reason": "sampah"},
    )
    assert done == {"changed": 1, "left": 0}
    assert api.once("public_report.take_back", "public-reports/take-back/", {"ids": ids[:1]}) == {
        "changed": 1,
        "left": 0,
    }
    incident = report(posko_banjar)
    body = {"ids": ids[:1], "incident": incident.number}
    api.once("public_report.follow", "public-reports/follow/", body)
    answer = api.once(
        "public_report.answer", f"public-reports/{ids[1]}/answer/", {"text": "Sedang diperiksa."}
    )
    thread = api.get(f"public-reports/{ids[1]}/messages/").json()
    assert [row["id"] for row in thread] == [answer["id"]]
    assert api.get(f"public-reports/{ids[0]}/").json()["incident"] == incident.pk


def test_the_api_refuses_what_is_out_of_sight_or_unknown(twin, posko_banjar, liaison_kpu):
    far = sent(region="63.09.01")
    api = twin(posko_banjar)
    assert api.status("public-reports/set-aside/", {"ids": [far.pk], "reason": "x"}) == 422
    body = {"ids": [far.pk], "incident": "KJ-2024-0404"}
    assert api.status("public-reports/follow/", body) == 422
    body = {"ids": [far.pk], "reason": "sampah"}
    assert api.send("public-reports/set-aside/", body).json() == {"changed": 0, "left": 1}
    assert api.status(f"public-reports/{far.pk}/contact/") == 404
    assert twin(liaison_kpu).get("public-reports/").status_code == 403


def test_the_api_records_the_reading_of_what_is_confidential(twin, coordinator):
    row = sent(confidential=True, anonymous=False, contact=Contact("", "0812"))
    api = twin(coordinator)
    api.get("public-reports/")
    api.get(f"public-reports/{row.pk}/")
    api.get(f"public-reports/{row.pk}/messages/")
    assert Entry.objects.filter(verb="publicreport.read").count() == 3
    assert api.send(f"public-reports/{row.pk}/contact/").json() == {"name": "", "reach": "0812"}
    fields = api.get(f"public-reports/{row.pk}/").json().keys()
    assert not {"code_hash", "contact", "stems"} & fields


def test_two_thousand_waiting_reports_stay_usable(client, sign_in, posko_banjar):
    first = sent()
    values = PublicReport.objects.filter(pk=first.pk).values(
        *(
            field.attname
            for field in PublicReport._meta.concrete_fields
            if field.attname not in {"id", "stems", "number", "code_hash"}
        )
    )[0]
    PublicReport.objects.bulk_create(
        PublicReport(**values, number=f"LM-2024-{n:04d}", code_hash=f"{n:064d}")
        for n in range(2, 2001)
    )
    sign_in(client, posko_banjar)
    queue = client.get(QUEUE, {"page": 40})
    assert (queue.context["summary"].waiting, len(queue.context["rows"])) == (2000, 50)
    chosen = [row.pk for row in queue.context["rows"]]
    data = {"ids": chosen, "act": "sisihkan", "reason": "sudah-ditangani"}
    assert "50 laporan ditelaah." in texts(client.post(SORT, data, follow=True))
    assert client.get(QUEUE).context["summary"].waiting == 1950


def test_a_decided_report_offers_only_what_the_table_allows(client, sign_in, posko_banjar):
    row = sent()
    sign_in(client, posko_banjar)
    assert client.get(page(row)).context["acts"] == ["sisihkan", "kaitkan"]
    set_aside([row.pk], TriageReason.objects.get(pk="sampah"), by=posko_banjar, at=LATER)
    assert client.get(page(row)).context["acts"] == ["kaitkan", "kembalikan"]


@pytest.mark.parametrize(("kept", "hint"), [(7, "1–7 alasan"), (1, "1 alasan"), (0, "")])
def test_the_keys_of_the_reasons_are_as_many_as_the_reasons(
    client, sign_in, posko_banjar, kept, hint
):
    sent()
    spare = TriageReason.objects.values_list("pk", flat=True)[kept:]
    TriageReason.objects.filter(pk__in=list(spare)).delete()
    assert TriageReason.objects.count() == kept

    shown = re.sub(r"\s+", " ", texts(sign_in(client, posko_banjar).get(QUEUE)))

    shown = shown.replace(" – ", "–")
    assert (f"{hint} · l kaitkan" if hint else "buka · l kaitkan") in shown
    assert "9 alasan" not in shown
