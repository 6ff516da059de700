import pytest


@pytest.fixture
def signed_in(sign_in, alice):
    """A browser in which Alice is signed in."""
    return sign_in(alice)
