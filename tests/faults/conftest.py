from contextlib import contextmanager

import pytest
from proxy import Proxy
from serving import Server, server
from small_disk import SmallDisk


def pytest_addoption(parser):
    parser.addoption("--long", action="store_true", help="break everything again and again")


@pytest.fixture(scope="session")
def rounds(request) -> range:
    """How often what is broken is broken."""
    return range(20 if request.config.getoption("--long", False) else 1)


@contextmanager
def new_way(engine_name: str, make_database, migrated_url: str):
    """A way to a PostgreSQL database of its own, which can be cut."""
    if engine_name != "postgresql":
        pytest.skip("a file is not cut off")
    way = Proxy(make_database(copy_of=migrated_url))
    yield way
    way.cut()


@pytest.fixture
def proxy(engine_name, make_database, migrated_url):
    """A way that a test may leave as it likes."""
    with new_way(engine_name, make_database, migrated_url) as way:
        yield way


@pytest.fixture(scope="session")
def way(engine_name, make_database, migrated_url):
    """A way to the database of our own, which every fault leaves behind as it was."""
    with new_way(engine_name, make_database, migrated_url) as way:
        yield way


@pytest.fixture(scope="session")
def disk(tmp_path_factory):
    """A small disk of the app's own, for whatever it writes."""
    disk = SmallDisk(tmp_path_factory.mktemp("disk"))
    yield disk
    disk.close()


@pytest.fixture(scope="session")
def served(way, disk) -> Server:
    """The app as it is served, for all the faults alike: it has to outlive each of them."""
    impatient = {"DATABASE_STATEMENT_TIMEOUT": "3", "DATABASE_CONNECT_TIMEOUT": "2"}
    told = {"WEB_CONCURRENCY": "2", "TMPDIR": str(disk.folder), **impatient}
    with (disk.folder / "log").open("w") as log, server(way.url, output=log, **told) as started:
        yield started
