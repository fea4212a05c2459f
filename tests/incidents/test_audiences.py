"""Every field says who may read it, and no page, list, API or notice says more to anybody.

Each text of an incident and of what hangs on it is a word of its own; every role reads everything
it can reach, and so does a stranger. Who has which row in sight is written here by hand.
"""

from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.utils.module_loading import import_string

from deployments.queries.sections import Asked
from incidents.actions.editing import strike_update
from incidents.actions.field_reports import file_report, send_field_report
from incidents.actions.gakkumdu_opening import hand_over
from incidents.actions.public_reports import Contact
from incidents.actions.public_triage import answer_report, follow_up
from incidents.actions.reports import add_update
from incidents.enums import Audience, Severity, UpdateKind
from incidents.models import Incident
from incidents.models.audiences import AUDIENCES
from portal.api import router
from portal.notifications.models import Notification
from portal.registry.models import Operation, Region
from tests.factories.gakkumdu import KNOWN, OPENED
from tests.factories.incidents import AT, report, told
from tests.factories.persons import person
from tests.factories.public import send as send_public
from tests.incidents.public_pages import FOLLOW
from tests.portal.access.addresses import addresses

MODELS = list(apps.get_app_config("incidents").get_models())
EVERYBODY = (
    "koordinator", "pimpinan", "auditor", "admin", "liaison.polda", "liaison.korem",
    "liaison.kpu", "liaison.bawaslu", "liaison.kejati", "gakkumdu.bawaslu", "gakkumdu.polda",
    "gakkumdu.kejati", "posko.banjar", "kodim.1006",
)  # fmt: skip
DESK = {"gakkumdu.bawaslu", "gakkumdu.polda", "gakkumdu.kejati"}
# A clash in Kabupaten Banjar: the police report and lead it, the army supports.
CLASH = {
    "koordinator", "pimpinan", "auditor", "liaison.polda", "liaison.korem", "gakkumdu.polda",
    "posko.banjar", "kodim.1006",
}  # fmt: skip
READERS = {
    "clash": CLASH,
    "within": {
        "auditor",
        "koordinator",
        "pimpinan",
        "liaison.polda",
        "posko.banjar",
        "gakkumdu.polda",
    },
    "sent": CLASH,
    "citizen": {"koordinator", "posko.banjar", "kodim.1006"},
    "case": DESK,
    "nobody": set(),
}
"""Which posts have the row in sight; `within` is an entry for the writer's agency only."""


def mark(group: str, field: str) -> str:
    return f"Tanda{group}{field}".replace("_", "").lower() + "x"


def marks(group: str, *fields: str) -> dict[str, str]:
    return {field: mark(group, field) for field in fields}


TOLD = ("title", "involved", "place", "cause", "chronology", "casualties", "loss", "action_taken")
FIELDS = {
    "clash": (*TOLD, "update", "strike", "public_text"),
    "within": ("update",),
    "sent": (*TOLD, "situation", "next_steps"),
    "citizen": ("text", "place", "answer"),
    "case": ("summary", "article"),
    "nobody": ("name", "note", "contact", "reach"),
}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_declares_its_audience(model):
    fields = {
        field.name
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if field.name != "id"
    }
    assert set(AUDIENCES[model]) - {"id"} == fields


def test_what_is_internal_is_in_no_answer_of_the_api():
    """Serializers and pages name fields one by one; none names one that is printed nowhere."""
    for _prefix, view, _name in router.registry:
        meta = getattr(getattr(view, "serializer_class", None), "Meta", None)
        declared = AUDIENCES.get(getattr(meta, "model", None), {})
        internal = {name for name, audience in declared.items() if audience == Audience.INTERNAL}
        assert not internal & set(getattr(meta, "fields", ())), view


@pytest.fixture
def story(people, liaison_polda, liaison_bawaslu, posko_banjar, coordinator, demo_clock):
    """An incident with all that can hang on it, and a case at the desk: the paths to read, and the
    code of the citizen's report."""
    demo_clock(AT)
    by = {"by": liaison_polda, "at": AT}
    clash = report(liaison_polda, code="A2", severity=Severity.HIGH, **marks("clash", *TOLD))
    Incident.objects.filter(pk=clash.pk).update(public_text=mark("clash", "public_text"))
    entry = add_update(clash, kind=UpdateKind.SITUATION, text=mark("clash", "update"), **by)
    strike_update(entry, mark("clash", "strike"), **by)
    add_update(
        clash, kind=UpdateKind.ACTION, text=mark("within", "update"), audience=Audience.INTERNAL,
        **by,
    )  # fmt: skip
    known = {"name": f"Budi {mark('nobody', 'name')}", "note": mark("nobody", "note")}
    child = person(clash, by=liaison_polda, age=15, **known)
    person(clash, by=liaison_polda, age=40, **known)
    sent = send_field_report(
        told(code="A2", severity=Severity.HIGH, **marks("sent", *TOLD)),
        client_key=uuid4(), written_at=AT, by=posko_banjar, at=AT,
        **marks("sent", "situation", "next_steps"),
    )  # fmt: skip
    file_report(sent, clash, by=coordinator, at=AT)
    citizen = send_public(
        text=mark("citizen", "text"), place=mark("citizen", "place"), anonymous=False,
        contact=Contact(mark("nobody", "contact"), mark("nobody", "reach")),
    )  # fmt: skip
    follow_up([citizen.report.pk], clash, by=coordinator, at=AT)
    answer_report(citizen.report, text=mark("citizen", "answer"), by=coordinator, at=AT)
    case = opened(liaison_bawaslu)
    paths = [
        "/", "/situasi/", "/tugas-saya/", "/pemberitahuan/", "/kalender/", "/arahan/",
        f"/cari/?q={clash.number}", f"/cari/?q={case.incident.number}",
        f"/cari/?q={sent.number}", "/kejadian/", f"/kejadian/{clash.pk}/",
        f"/kejadian/{case.incident_id}/", f"/kejadian/{clash.pk}/isi/",
        f"/kejadian/{clash.pk}/orang/", f"/kejadian/orang/{child.pk}/",
        f"/kejadian/{clash.pk}/gabung/", f"/kejadian/{clash.pk}/pisah/",
        "/lapangan/", f"/lapangan/{sent.pk}/", f"/lapangan/buka/?laporan={sent.pk}",
        "/laporan-warga/?state=", f"/laporan-warga/{citizen.report.pk}/",
        f"/laporan-warga/{citizen.report.pk}/kejadian/",
        "/gakkumdu/", f"/gakkumdu/{case.pk}/", "/audit/", "/peta/", "/peta/data/",
        "/peta/wilayah/63.03/", "/kesiapan/",
    ]  # fmt: skip
    paths += [
        f"/api/v1/{path}/"
        for path in (
            "incidents", f"incidents/{clash.pk}", f"incidents/{clash.pk}/updates",
            f"incidents/{case.incident_id}", "field-reports", f"field-reports/{sent.pk}",
            "involved-persons", f"involved-persons/{child.pk}", "public-reports",
            f"public-reports/{citizen.report.pk}", f"public-reports/{citizen.report.pk}/messages",
            "gakkumdu-cases", f"gakkumdu-cases/{case.pk}", "gakkumdu-handed-over",
        )
    ]  # fmt: skip
    return paths, citizen.code


def opened(by):
    incident = report(by, code="B4", at=OPENED, title="Amplop dibagikan")
    return hand_over(
        incident, basis="laporan", known_at=KNOWN, received_at=OPENED, complete=True,
        by=by, at=OPENED, **marks("case", *FIELDS["case"]),
    )  # fmt: skip


def found_in(text: str) -> set[tuple[str, str]]:
    text = text.lower()
    return {
        (group, field)
        for group, fields in FIELDS.items()
        for field in fields
        if mark(group, field) in text
    }


def reached(client, paths) -> tuple[set[tuple[str, str]], int]:
    """What the client reads on all of them together, and how many answered."""
    read, answered = set(), 0
    for path in paths:
        response = client.get(path)
        assert response.status_code != 500, path
        if response.status_code == 200:
            answered += 1
            body = b"".join(response.streaming_content) if response.streaming else response.content
            read |= found_in(body.decode(errors="replace"))
    return read, answered


def test_nobody_reads_a_field_that_is_not_for_them(story, client, sign_in, people):
    paths, _code = story
    operation = Operation.objects.get(slug="mantap-praja-intan-2024")
    leaked, missing = {}, {}
    for login in EVERYBODY:
        actor = people[login]
        sign_in(client, actor)
        read, answered = reached(client, paths)
        assert answered, login
        for row in Notification.objects.filter(post_id=actor.post_id):
            read |= found_in(repr(row.__dict__))
        asked = Asked(actor, operation, AT, Region.objects.get(code="63"))
        for section in settings.DAILY_SECTIONS:
            read |= found_in(repr(import_string(section)(asked)))
        allowed = {
            (group, field)
            for group, readers in READERS.items()
            for field in FIELDS[group]
            if login in readers
        }
        leaked[login], missing[login] = read - allowed, allowed - read
    nothing = {login: set() for login in EVERYBODY}
    assert leaked == nothing
    # What is for them is there: pages that show nothing would pass the line above.
    assert missing == nothing


def test_a_stranger_reads_only_the_answer_to_a_code(story, client):
    paths, code = story
    everywhere = [address.path for address in addresses()]

    read, answered = reached(client, [*paths, *everywhere])
    assert read == set()
    assert answered > 3
    shown = client.post(FOLLOW, {"code": code}).content.decode()
    assert found_in(shown) == {("citizen", "answer")}
