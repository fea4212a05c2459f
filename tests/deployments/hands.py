"""One process of many that write at once: `python -m tests.deployments.hands SEED ROUND`.

Submissions, corrections, duplicates, returns, verifications, transfers and folds, in an order that
the seed decides, each committed by itself on the database of the test.
"""

import os
import random
import sys
from datetime import datetime, timedelta

import django

STEPS = 14
UNITS = ("polres-banjar", "polres-banjarbaru", "polres-tapin", "polres-kotabaru")
DISTRICTS = ("63.03.01", "63.03.02", "63.03.03")


def main(seed: int, turn: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    from tests.deployments.steps import Steps  # noqa: PLC0415 (after the settings)

    steps = Steps(random.Random(seed))
    for number in range(STEPS):
        steps.take(moment(turn, number))


def moment(turn: int, number: int) -> datetime:
    """Later turns lie after earlier ones; within a turn the processes share the moments."""
    from tests.factories.deployments import CUT_OFF  # noqa: PLC0415 (after the settings)

    return CUT_OFF + timedelta(hours=turn, seconds=number)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
