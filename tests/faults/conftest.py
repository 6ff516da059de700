import pytest
from proxy import Proxy


@pytest.fixture
def proxy(engine_name, make_database, migrated_url):
    """A way to a PostgreSQL database that can be cut."""
    if engine_name != "postgresql":
        pytest.skip("a file is not cut off")
    proxy = Proxy(make_database(copy_of=migrated_url))
    yield proxy
    proxy.cut()
