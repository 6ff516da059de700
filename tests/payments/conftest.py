"""The app with payments, and the provider of bin/_payments on a port of this machine."""

import sys

import pytest
from surroundings import ROOT, environment

sys.path.insert(0, str(ROOT / "bin"))

from provider import Provider, settings_for

from _payments.serving import served
from _payments.world import World


@pytest.fixture(scope="session")
def provider_app():
    """One server for all tests of a process; each of them has a world of its own in it."""
    with served(World()) as app:
        yield app


@pytest.fixture
def provider(provider_app):
    return Provider.begin(provider_app)


@pytest.fixture(scope="session")
def told(provider_app) -> dict[str, str]:
    """The settings of an app whose payments lead there."""
    return settings_for(provider_app)


@pytest.fixture
def app(app, provider, told, monkeypatch):
    """The app on its clean slate, with payments."""
    from config import Config

    config = app.extensions["caloria_config"]
    paying = Config.load(environment("sqlite://", **told), root=ROOT)
    for name in vars(paying):
        if name.startswith(("payments", "plus_", "stripe_")):
            monkeypatch.setattr(config, name, getattr(paying, name))
    return app
