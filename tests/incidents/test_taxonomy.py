from django.core.management import call_command
from django.utils import translation

from incidents.actions.taxonomy import load_taxonomy
from incidents.actions.warning_rules import load_rules
from incidents.intake import read_rules, read_taxonomy
from incidents.models import IncidentType, SeverityTarget
from portal.access.actor import SYSTEM
from portal.audit.models import Entry
from tests.factories.incidents import AT


def test_load_taxonomy_brings_31_types_and_four_targets():
    assert IncidentType.objects.count() == 31
    assert list(SeverityTarget.objects.values_list("severity", flat=True)) == [1, 2, 3, 4]
    kind = IncidentType.objects.get(code="B4")
    assert kind.lead.slug == "bawaslu-kalsel"
    assert set(kind.supporting.values_list("slug", flat=True)) == {
        "polda-kalsel",
        "kejati-kalsel",
    }


def test_neutrality_of_forces_is_not_led_by_the_forces():
    kind = IncidentType.objects.get(code="C2")

    assert kind.lead.slug == "bawaslu-kalsel"


def test_load_incident_types_again_changes_nothing(capsys):
    load_rules(rules=read_rules(), by=SYSTEM, at=AT)
    before = Entry.objects.count()

    call_command("load_incident_types")

    assert (
        capsys.readouterr().out
        == "31 incident types, 4 targets, 15 kinds for the public, 7 reasons, "
        "11 Gakkumdu steps, 6 warning rules, 0 rows changed\n"
    )
    assert Entry.objects.count() == before


def test_load_taxonomy_with_a_changed_row_writes_that_row_only():
    taxonomy = read_taxonomy()
    types = [{**row, "name": "Banjir"} if row["code"] == "F1" else row for row in taxonomy.types]
    targets = [{**taxonomy.targets[0], "control_minutes": 2000}, *taxonomy.targets[1:]]

    changed = load_taxonomy(types=types, targets=targets, by=SYSTEM, at=AT)

    assert changed == 2
    assert IncidentType.objects.get(code="F1").name == "Banjir"
    assert SeverityTarget.objects.get(severity=1).control_minutes == 2000


def test_type_and_target_speak_the_readers_language():
    kind, target = IncidentType.objects.get(code="F1"), SeverityTarget.objects.get(severity=4)
    assert kind.label == "Banjir/longsor/cuaca ekstrem/gelombang"
    assert target.label.startswith("Kematian")

    with translation.override("en"):
        assert kind.label == "Flood, landslide, extreme weather, waves"
        assert target.label.startswith("Death")
    assert str(target) == "4: 10/20"
    assert str(kind) == "F1 Banjir/longsor/cuaca ekstrem/gelombang"


def test_taxonomy_is_closed_to_the_unsigned(liaison_kpu):
    assert IncidentType.objects.visible_to(liaison_kpu).count() == 31
    assert IncidentType.objects.visible_to(None).count() == 0
