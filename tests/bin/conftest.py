"""Fresh clones, and clones in which bin/dev has run before."""

import shutil
from pathlib import Path

import pytest
from clones import ROOT, Checkout

# What is compiled comes along: every start would otherwise compile all of it anew.
NOT_CLONED = shutil.ignore_patterns(".git", ".venv", ".env", "instance", "tests", ".*_cache")


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def checkout(tmp_path):
    """A fresh clone."""
    folder = tmp_path / "caloria"
    shutil.copytree(ROOT, folder, ignore=NOT_CLONED)
    checkout = Checkout(folder, tmp_path)
    yield checkout
    for program in checkout.started:
        program.stop()


@pytest.fixture(scope="session")
def once_started(once, tmp_path_factory):
    """What bin/dev leaves after its first run, with an account in its database. Copy it; do not change it."""

    def make() -> str:
        folder = tmp_path_factory.mktemp("once")
        shutil.copytree(ROOT, folder / "caloria", ignore=NOT_CLONED)
        checkout = Checkout(folder / "caloria", folder)
        program, _ = checkout.dev()
        program.stop()
        words = ["--email", "alice@example.org", "--name", "Alice"]
        words += ["--password", "correct horse battery staple"]
        assert checkout.flask("users", "create", *words).returncode == 0
        return str(checkout.folder)

    return Path(once("started", make))


@pytest.fixture
def used(checkout, once_started):
    """A clone in which bin/dev has run."""
    shutil.copytree(once_started, checkout.folder, dirs_exist_ok=True)
    return checkout
