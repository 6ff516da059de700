import pytest
from clusters import execute
from sqlalchemy import make_url
from surroundings import flask, start
from working import A_JOB_WAITS, WAITING

pytestmark = pytest.mark.slow
LIVE = {
    "CALORIA_ENV": "staging",
    "TRUSTED_HOSTS": "caloria.example",
    "PUBLIC_URL": "https://caloria.example",
}


@pytest.fixture
def original(make_database, engine_name):
    """A live database, and how a process is told of it."""
    if engine_name != "postgresql":
        pytest.skip("only PostgreSQL is ever live")
    url = make_database()
    first = flask("db", "upgrade", url=url, **LIVE)
    return url, {**LIVE, "CALORIA_DB_ID": pinned_by(first)}


@pytest.fixture
def copy(original, make_database):
    """A logical copy of it on the same server."""
    url, told = original
    return make_database(copy_of=url), told


def pinned_by(result) -> str:
    return result.stdout.strip().rpartition("CALORIA_DB_ID=")[2]


def name_of(url) -> str:
    return make_url(url).database


def test_a_copy_does_not_start_until_it_is_adopted(copy):
    url, told = copy
    assert start(url, **told) == 84
    execute(url, A_JOB_WAITS)

    adopted = flask("database", "adopt", "--copy", "--name", name_of(url), url=url, **told)

    assert adopted.returncode == 0, adopted.stderr
    assert pinned_by(adopted) != told["CALORIA_DB_ID"]
    assert start(url, **told) == 84
    assert start(url, **{**told, "CALORIA_DB_ID": pinned_by(adopted)}) == 0
    assert execute(url, WAITING) == [(0,)]


def test_the_original_starts_as_before(original, copy):
    flask("database", "adopt", "--copy", "--name", name_of(copy[0]), url=copy[0], **copy[1])

    assert start(original[0], **original[1]) == 0


def test_a_database_that_was_moved_keeps_its_identity(copy):
    url, told = copy

    adopted = flask("database", "adopt", "--moved", "--name", name_of(url), url=url, **told)

    assert pinned_by(adopted) == told["CALORIA_DB_ID"]
    assert start(url, **told) == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [(("--copy", "--name", "another"), 1), (("--name", "x"), 1), (("--copy", "--moved", "--name", "x"), 2)],
)
def test_nothing_is_adopted_by_mistake(copy, words, code):
    url, told = copy

    assert flask("database", "adopt", *words, url=url, **told).returncode == code
    assert start(url, **told) == 84


def test_a_database_of_another_environment_is_shown_refused_and_adopted_as_a_copy(copy):
    url, _ = copy
    shown = flask("database", "show", url=url, CALORIA_ENV="development")
    assert (shown.returncode, "data of      staging" in shown.stdout) == (0, True)
    assert start(url, CALORIA_ENV="development") == 83

    flask("database", "adopt", "--copy", "--name", name_of(url), url=url, CALORIA_ENV="development")

    assert start(url, CALORIA_ENV="development") == 0


def test_showing_works_where_there_is_no_database_and_makes_none(tmp_path):
    url = f"sqlite:///{tmp_path / 'none.db'}"

    shown = flask("database", "show", url=url)

    assert shown.returncode == 0, shown.stderr
    assert "unknown" in shown.stdout
    assert not list(tmp_path.iterdir())


def test_no_other_database_is_adopted_or_migrated_in_this_ones_place(copy, original):
    """DATABASE_URL alone was changed, and the address for migrations still leads to the live database."""
    url, told = copy
    told = {**told, "MIGRATION_DATABASE_URL": original[0]}

    for words in (["database", "adopt", "--copy"], ["database", "adopt", "--moved"], ["database", "adopt"]):
        refused = flask(*words, "--name", name_of(original[0]), url=url, **told)
        assert refused.returncode == 84, refused.stdout
        assert "MIGRATION_DATABASE_URL" in refused.stderr
    assert flask("db", "upgrade", url=url, **told).returncode == 84
    assert start(original[0], **original[1]) == 0
