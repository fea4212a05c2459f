"""One state, one word: wherever a state of an obligation is named, it is by the same label."""

from coordination.enums import ObligationState, Occasion, Rung


def test_what_nobody_took_up_yet_has_one_name():
    assert {
        str(ObligationState.OPEN.label),
        str(Occasion.UNACKNOWLEDGED.label),
        str(Rung.UNACKNOWLEDGED.label),
    } == {"Belum ditindaklanjuti"}
