import pytest
from django.test import Client

from portal.accounts.models import User


@pytest.fixture
def officer(coordinator) -> User:
    """The coordinator's office at Polda, as the user that signs in."""
    return User.objects.get(pk=coordinator.user_id)


@pytest.fixture
def signed_in(officer) -> Client:
    client = Client()
    client.force_login(officer)
    return client
