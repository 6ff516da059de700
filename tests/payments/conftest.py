"""The app with payments, and the provider of bin/_payments on a port of this machine."""

import sys

import pytest
from surroundings import ROOT, environment

sys.path.insert(0, str(ROOT / "bin"))

from _payments.app import KEY
from _payments.serving import served
from _payments.world import World
from provider import InProcess, Provider, end_trials, settings_for


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


@pytest.fixture
def do():
    """Do the jobs that wait, as a worker would."""
    from working import do_jobs

    return do_jobs


@pytest.fixture
def paying_app(make_app, told, provider):
    """An app of its own, on a database in which what is committed stays."""
    return make_app(**told)


@pytest.fixture
def quick(app, provider_app, monkeypatch):
    """Have the library ask the provider without a socket between."""
    import stripe

    from caloria.integrations.payments.client import MADE

    client = stripe.StripeClient(KEY, max_network_retries=0, http_client=InProcess(provider_app))
    monkeypatch.setitem(app.extensions, MADE, client)


@pytest.fixture
def alice(alice):
    """Alice, whose trial is long over."""
    end_trials()
    return alice
