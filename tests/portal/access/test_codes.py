from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.access import codes

AT = datetime(2024, 6, 4, 1, 0, 10, tzinfo=UTC)
MOMENTS = st.integers(1_600_000_000, 4_000_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))


@given(at=MOMENTS, late=st.integers(0, 3600))
def test_a_code_lives_in_its_half_minute_and_the_next(at, late):
    slot = codes.slot_of("meeting:1", codes.code_at("meeting:1", at))
    later = at + timedelta(seconds=late)

    assert slot == codes.slot_at(at)
    assert codes.is_fresh(slot, later) == (codes.slot_at(later) - slot in {0, 1})
    assert not codes.is_fresh(slot, at - timedelta(seconds=30))


def test_a_code_changes_every_thirty_seconds():
    same = codes.code_at("meeting:1", AT + timedelta(seconds=19))
    assert codes.code_at("meeting:1", AT) == same
    assert codes.code_at("meeting:1", AT + timedelta(seconds=20)) != same


def test_a_code_of_another_subject_is_no_code():
    assert codes.slot_of("meeting:2", codes.code_at("meeting:1", AT)) is None


@given(text=st.text(max_size=60))
def test_no_invented_text_is_a_code(text):
    assert codes.slot_of("meeting:1", text) is None


def test_a_changed_slot_or_signature_is_no_code():
    slot, _dash, signature = codes.code_at("meeting:1", AT).partition("-")
    assert codes.slot_of("meeting:1", f"{int(slot) + 1}-{signature}") is None
    assert (
        codes.slot_of("meeting:1", f"{slot}-{signature[:-1]}{'0' if signature[-1] != '0' else '1'}")
        is None
    )


def test_a_ticket_is_one_persons_and_ends():
    ticket = codes.hold("meeting:1", 7, 3, AT)
    held = codes.held_slot

    assert held("meeting:1", ticket, 3, AT + codes.HOLD) == 7
    assert held("meeting:1", ticket, 3, AT + codes.HOLD + timedelta(seconds=1)) is None
    assert held("meeting:1", ticket, 4, AT) is None
    assert held("meeting:2", ticket, 3, AT) is None
    assert held("meeting:1", ticket[:-1] + "x", 3, AT) is None
    assert held("meeting:1", "", 3, AT) is None
