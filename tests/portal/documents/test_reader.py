import pytest

from portal.documents.reader import named


@pytest.mark.parametrize(
    ("name", "office", "stamp"),
    [
        ("Rina", "Sekretaris KPU", "Rina, Sekretaris KPU"),
        ("Karo Ops Polda Kalsel", "Karo Ops Polda Kalsel", "Karo Ops Polda Kalsel"),
        (" karo ops polda kalsel ", "Karo Ops Polda Kalsel", "Karo Ops Polda Kalsel"),
        ("Karo Ops Polda Kalsel", "Plh. Karo Ops Polda Kalsel", None),
    ],
)
def test_who_has_no_name_but_his_office_is_named_once(name, office, stamp):
    assert named(name, office) == (stamp or f"{name}, {office}")
