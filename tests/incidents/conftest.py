import pytest

from incidents.models import WarningRule


@pytest.fixture(autouse=True)
def _without_rules(db):
    """The types and the clock stand in the database; rules of early warning are each test's own."""
    WarningRule.objects.all().delete()
