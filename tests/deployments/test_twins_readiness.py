"""Readiness by the API as on the pages: what the superior makes of a report, and the forms."""

from datetime import date

import pytest

from deployments import actions
from deployments.models import OddityRule, ReadinessReport, ReadinessThreshold, ReportForm
from portal import clock
from tests.api_twins import Twin
from tests.factories import deployments as make


@pytest.fixture(autouse=True)
def now(db, settings):
    settings.DEMO_NOW, settings.DEMO_ANCHOR = make.OPENED, clock.true_now().timestamp()


@pytest.fixture
def api(client, sign_in):
    return Twin(client, sign_in)


@pytest.fixture
def report(posko_banjar):
    make.expect()
    return actions.submit_report(
        make.unit("polres-banjar"), make.CUT_OFF, make.figures(), by=posko_banjar, at=make.OPENED
    )


def test_a_report_is_verified_or_sent_back_by_the_superior(
    api, report, posko_banjar, liaison_polda, coordinator, liaison_kpu
):
    path = f"readiness-reports/{report.pk}/"
    body = {"version": report.version}
    assert api(posko_banjar).status(f"{path}verify/", body) == 403
    assert api(liaison_kpu).status(f"{path}verify/", body) == 404
    superior = api(coordinator)
    assert superior.status(f"{path}verify/") == 428
    assert superior.status(f"{path}verify/", {"version": 99}) == 409
    told = superior.once("readiness.verify", f"{path}verify/", body)
    assert told["state"] == "verified"
    back = {"version": told["version"]}
    assert superior.status(f"{path}return/", back) == 422
    assert superior.status(f"{path}return/", back | {"comments": {"lain": "x"}}) == 422
    told = superior.once("readiness.return", f"{path}return/", back | {"comments": {"sick": "?"}})
    assert ReadinessReport.objects.get().state == told["state"] == "returned"


def test_a_quarantined_report_is_released_by_the_superior(api, posko_banjar, coordinator):
    make.expect()
    odd = make.figures(establishment=80)
    report = actions.submit_report(
        make.unit("polres-banjar"), make.CUT_OFF, odd, confirm="Ya", by=posko_banjar, at=make.OPENED
    )
    assert report.state == "quarantined"
    path, body = f"readiness-reports/{report.pk}/release/", {"version": 1, "reason": "DSP lama"}
    assert api(posko_banjar).status(path, body) == 403
    api(coordinator)
    assert api.status(path, body | {"reason": ""}) == 422
    assert api.status(path, body | {"version": 9}) == 409
    assert api.once("readiness.release", path, body)["state"] == "submitted"
    assert ReadinessReport.objects.get().review_note == "DSP lama"


def test_nihil_repeats_the_last_report(api, report, posko_banjar, liaison_kpu):
    later = make.CUT_OFF.replace(day=21)
    actions.open_cut_offs(at=later.replace(hour=12, minute=30))
    body = {"unit": "polres-banjar", "cut_off_at": later.isoformat()}
    assert api(liaison_kpu).status("readiness-reports/nihil/", body) == 422
    api(posko_banjar)
    assert api.status("readiness-reports/nihil/", body | {"unit": "polres-tapin"}) == 422
    told = api.once("readiness.submit", "readiness-reports/nihil/", body)
    assert (told["nihil"], told["present"]) == (True, 90)


def test_a_form_is_copied_changed_and_published(api, admin, coordinator, liaison_kpu):
    shipped = ReportForm.objects.get(key="kesiapan", number=1)
    path = f"form-versions/{shipped.pk}/"
    assert api(liaison_kpu).get("form-versions/").status_code == 403
    assert api(liaison_kpu).status(f"{path}copy/") == 403
    api(admin)
    draft = api.once("form.copy", f"{path}copy/")
    path = f"form-versions/{draft['id']}/"
    group = {"group": "budget", "name": "Uang", "version": draft["version"]}
    question = {
        "group": "budget",
        "key": "uang_saku",
        "label_id": "Uang saku",
        "kind": "choice",
        "choices": [["a", "Ada", "Yes"], ["t"]],
    }
    assert api(liaison_kpu).status(f"{path}change-group/", group) == 403
    api(admin)
    assert api.status(f"{path}change-group/", group | {"version": 99}) == 409
    draft = api.once("form.group", f"{path}change-group/", group)
    assert "Uang" in [row["name"] for row in draft["groups"]]
    version = {"version": draft["version"]}
    assert api.status(f"{path}add-field/", question | version | {"choices": []}) == 422
    draft = api.once("form.field", f"{path}add-field/", question | version)
    changed = {"field": "uang_saku", "required": True, "version": draft["version"]}
    draft = api.once("form.field", f"{path}change-field/", changed)
    [kept] = [
        field for row in draft["groups"] for field in row["fields"] if field["key"] == "uang_saku"
    ]
    assert (kept["required"], kept["choices"]) == (True, [["a", "Ada", "Yes"], ["t", "t", "t"]])
    version = {"version": draft["version"]}
    assert api.status(f"{path}drop-field/", {"field": "total"} | version) == 409
    assert api.status(f"{path}drop-field/", {"field": "tidak-ada"} | version) == 422
    draft = api.once("form.field_drop", f"{path}drop-field/", {"field": "uang_saku"} | version)
    body = {"valid_from": "2024-11-25", "version": draft["version"]}
    assert api.status(f"{path}publish/", {"valid_from": "2024-11-25"}) == 428
    told = api.once("form.publish", f"{path}publish/", body)
    assert ReportForm.objects.get(pk=told["id"]).valid_from == date(2024, 11, 25)
    assert api.status(f"{path}change-group/", group | {"version": told["version"]}) == 409


def test_thresholds_and_rules_are_set(api, admin, liaison_kpu):
    threshold, rule = ReadinessThreshold.objects.first(), OddityRule.objects.first()
    for place, row, body, verb in (
        ("readiness-thresholds", threshold, {"ready": 97}, "threshold.change"),
        ("oddity-rules", rule, {"percent": 77}, "oddity.change"),
    ):
        path = f"{place}/{row.pk}/"
        assert api(liaison_kpu).status(path, body | {"version": 1}, "patch") == 403
        api(admin)
        assert api.status(path, body, "patch") == 428
        assert api.status(path, body, "patch", **{"If-Match": '"99"'}) == 412
        told = api.once(verb, path, body | {"version": row.version}, "patch")
        assert {name: told[name] for name in body} == body
    low = {"ready": 1, "version": threshold.version + 1}
    assert api.status(f"readiness-thresholds/{threshold.pk}/", low, "patch") == 422


def test_a_rule_is_added_and_asked_of_the_next_report(api, admin, posko_banjar, liaison_kpu):
    body = {"key": "banyak-sakit", "name": "Sakit melebihi 5% jumlah", "kind": "ratio"}
    body |= {"field": "sick", "other": "total", "percent": 5, "severity": "quarantine"}
    body |= {"source": "uji"}
    assert api(liaison_kpu).status("oddity-rules/", body) == 403
    api(admin)
    assert api.status("oddity-rules/", body | {"field": "notes"}) == 422
    assert api.status("oddity-rules/", body | {"other": "sick"}) == 422
    told = api.once("oddity.add", "oddity-rules/", body)
    assert (told["field"], told["percent"], told["is_active"]) == ("sick", 5, True)
    assert api.status("oddity-rules/", body) == 422
    make.expect()
    ill = make.figures(present=80, sick=10, engaged=50)
    report = actions.submit_report(
        make.unit("polres-banjar"), make.CUT_OFF, ill, confirm="Ya", by=posko_banjar, at=make.OPENED
    )
    assert (report.state, report.flags.get().rule.key) == ("quarantined", "banyak-sakit")


def test_a_form_of_its_own_is_begun_with_a_new_group(api, admin, liaison_kpu):
    shipped = ReportForm.objects.get(key="kesiapan", number=1)
    body = {"base": shipped.pk, "key": "polresta", "title": "Polresta", "unit_kind": "polresta"}
    body |= {"source": "uji"}
    assert api(liaison_kpu).status("form-versions/", body) == 403
    api(admin)
    draft = api.once("form.begin", "form-versions/", body)
    assert (draft["unit_kind"], draft["published_at"]) == ("polresta", None)
    assert api.status("form-versions/", body | {"key": "lain"}) == 422
    path, group = f"form-versions/{draft['id']}/", {"key": "logistik", "name": "Logistik"}
    assert api.status(f"{path}add-group/", group) == 428
    draft = api.once("form.group", f"{path}add-group/", group | {"version": draft["version"]})
    assert draft["groups"][-1]["key"] == "logistik"
    gone = {"group": "logistik", "version": draft["version"]}
    draft = api.once("form.group_drop", f"{path}drop-group/", gone)
    assert "logistik" not in [row["key"] for row in draft["groups"]]
