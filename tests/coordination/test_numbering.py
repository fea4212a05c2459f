import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from coordination.actions.numbering import next_number
from coordination.enums import Series
from portal import clock
from tests.factories.coordination import (
    NOW,
)


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_get_fifty_numbers():
    given, lock = [], threading.Lock()

    def take():
        try:
            with transaction.atomic():
                number = next_number(Series.MINUTES, NOW)
            with lock:
                given.append(number)
        finally:
            connection.close()

    for _batch in range(5):
        threads = [threading.Thread(target=take) for _number in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(given) == list(range(1, 51))


def test_a_number_that_was_not_used_is_given_again(db):
    with pytest.raises(RuntimeError), transaction.atomic():
        next_number(Series.DIRECTIVE, NOW)
        raise RuntimeError
    assert next_number(Series.DIRECTIVE, NOW) == 1


def test_numbers_begin_anew_each_year_by_wita(db):
    eve = datetime(2024, 12, 31, 23, 59, tzinfo=clock.WITA)
    assert next_number(Series.LETTER, eve) == 1
    assert next_number(Series.LETTER, eve) == 2
    assert next_number(Series.LETTER, eve + timedelta(minutes=1)) == 1
