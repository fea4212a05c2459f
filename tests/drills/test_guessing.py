"""Ten thousand codes that nobody was given, against the limits of service."""

import os
from collections import Counter

import pytest
import time_machine

from incidents.models import PublicReport
from incidents.views import public
from portal.access import tracking
from tests.factories.incidents import AT
from tests.factories.public import send
from tests.incidents.public_pages import ADD, FOLLOW

pytestmark = [pytest.mark.drill, pytest.mark.django_db]

GUESSES, ADDRESSES = int(os.environ.get("DRILL_GUESSES", "10000")), 100
"""A hundred each on the machine of a drill; fewer while the drill itself is being written."""


def test_ten_thousand_random_codes_find_nothing_and_are_slowed_down(client):
    receipts = [send(text=f"Jembatan nomor {number} putus.") for number in range(3)]
    answers: Counter[int] = Counter()
    with time_machine.travel(AT, tick=False):
        for number in range(GUESSES):
            place = {"REMOTE_ADDR": f"198.51.100.{number % ADDRESSES}"}
            where = ADD if number % 7 == 0 else FOLLOW
            sent = {"code": tracking.new_code(), "text": "Tambahan."}
            response = client.post(where, sent, **place)
            answers[response.status_code] += 1
            assert b"Jembatan" not in response.content
        # In one minute each address is answered as often as anybody may ask.
        asked = ADDRESSES * min(public.ASKED, GUESSES // ADDRESSES)
        assert answers == {404: asked, 429: GUESSES - asked}
        mine = client.post(FOLLOW, {"code": receipts[0].code}, REMOTE_ADDR="203.0.113.1")
        assert mine.status_code == 200
    assert not PublicReport.objects.exclude(answer_read_at=None).exists()
    assert not PublicReport.objects.exclude(added_at=None).exists()


def test_what_is_known_of_a_report_is_no_code(client):
    """Its number, its id, ids counted up, what is stored of the code, half of it, another's."""
    mine, other = send(), send(text="Jembatan putus di hulu sungai.")
    report = other.report
    tried = [
        report.number, report.number.lower(), str(report.pk), f"{report.pk:026d}",
        report.code_hash, report.code_hash[:26], other.code[:-1], other.code[:-1] + "!",
        *(str(number) for number in range(report.pk - 100, report.pk + 100)),
        *(f"{number:026d}" for number in range(200)),
    ]  # fmt: skip
    for number, code in enumerate(tried):
        place = {"REMOTE_ADDR": f"198.51.{number // 200}.{number % 200}"}
        response = client.post(FOLLOW, {"code": code}, **place)
        assert response.status_code == 404, code
        assert report.number.encode() not in response.content.replace(code.encode(), b"")
    shown = client.post(FOLLOW, {"code": mine.code}).content.decode()
    assert report.number not in shown
