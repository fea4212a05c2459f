import pytest

from tests.factories.gakkumdu import load_limits
from tests.factories.incidents import load_types


@pytest.fixture(autouse=True)
def taxonomy(db):
    load_types()
    load_limits()
