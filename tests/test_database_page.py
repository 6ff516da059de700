"""docs/database.md, pasted: its commands as they stand, with the names at the top of a section filled in."""

import re
import shutil
import subprocess

import pytest
from clusters import cluster, execute, folders, version
from pasting import PastedPage, address, checkout, run
from sqlalchemy import make_url
from surroundings import PASSWORD

pytestmark = pytest.mark.slow
BLANK, MOVED, BESIDE = "A blank PostgreSQL", "The database moved", "A dump beside the live database"
NAME = "caloria_live"
COUNTED = "SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM portions), (SELECT uuid FROM identity)"


@pytest.fixture(scope="module")
def pasted(tmp_path_factory) -> PastedPage:
    return PastedPage("database.md", tmp_path_factory.mktemp("programs"))


@pytest.fixture(scope="module")
def paste(pasted):
    return pasted.paste


@pytest.fixture(scope="module")
def old(engine_name):
    if engine_name != "postgresql":
        pytest.skip("only PostgreSQL is ever live")
    with cluster(folders()[0]) as url:
        yield url


@pytest.fixture(scope="module")
def new():
    """A server of the newest version found here."""
    with cluster(folders()[-1]) as url:
        yield url


@pytest.fixture(scope="module")
def live(old, paste, tmp_path_factory):
    """A folder of Caloria whose database was made as the page says, with a person in it."""
    folder = tmp_path_factory.mktemp("caloria")
    checkout(folder)
    said = paste(BLANK, folder, ADMIN_URL=address(old), NAME=NAME, SITE="caloria.example")
    assert re.search(r"foods +\d,\d{3}", said)
    people = ("users", "create", "--email", "a@x.example", "--name", "Ann", "--password", PASSWORD)
    assert run(folder, "-m", "flask", *people).returncode == 0
    return folder


def test_a_blank_server_becomes_a_site_that_starts(live):
    assert run(live, "-m", "caloria.guard").returncode == 0
    assert (live / ".env").stat().st_mode & 0o077 == 0
    looking = re.search(r"^# .*(postgresql://\S+_read:\S+)", (live / ".env").read_text(), re.MULTILINE)
    assert execute(make_url(looking[1]), COUNTED)[0][0] == 1


def test_a_database_moves_to_a_newer_server_and_back(live, old, new, paste):
    folder, name = live, NAME
    before = execute(old.set(database=name), COUNTED)

    said = paste(
        MOVED,
        folder,
        NAME=name,
        OLD_URL=address(old, name),
        NEW_URL=address(new, name),
        NEW_ADMIN_URL=address(new),
        PROGRAMS=str(folders()[-1]),
    )

    assert "[84 copied_database]" in said
    assert execute(new.set(database=name), COUNTED) == before
    assert run(folder, "-m", "caloria.guard").returncode == 0
    assert new.query["host"] in (folder / ".env").read_text().replace("%2F", "/")
    shutil.copy(folder / "before.env", folder / ".env")
    assert run(folder, "-m", "caloria.guard").returncode != 0
    execute(old, f'ALTER ROLE "{name}_app" LOGIN')
    assert run(folder, "-m", "caloria.guard").returncode == 0


def test_a_dump_is_restored_beside_the_live_database(live, old, paste, tmp_path):
    folder, name = live, NAME
    programs, dump = folders()[0], tmp_path / "caloria.dump"
    subprocess.run(
        [programs / "pg_dump", "--format=custom", f"--file={dump}", address(old, name)], check=True
    )
    execute(old.set(database=name), "DELETE FROM portions")
    before = (folder / ".env").read_text()
    # As docs/self-hosting.md has them.
    (tmp_path / "settings").write_text(before)
    (folder / ".env").unlink()
    (folder / ".env").symlink_to(tmp_path / "settings")
    (tmp_path / "caloria").symlink_to(folder)

    said = paste(
        BESIDE,
        folder,
        CALORIA=str(tmp_path / "caloria"),
        COPY=str(tmp_path / "copy"),
        DUMP=str(dump),
        NAME=f"{name}_restored",
        COPY_URL=address(old, f"{name}_restored"),
        ADMIN_URL=address(old),
        PROGRAMS=str(programs),
    )

    assert "[84 copied_database]" in said
    [(people, portions, copied)] = execute(old.set(database=f"{name}_restored"), COUNTED)
    [(_, left, original)] = execute(old.set(database=name), COUNTED)
    assert (people, left) == (1, 0)
    assert portions > 0
    assert copied != original
    assert run(tmp_path / "copy", "-m", "caloria.guard").returncode == 0
    assert (folder / ".env").read_text() == before


def test_the_page_is_rehearsed_from_one_version_to_another(old, new):
    if len({version(folder) for folder in folders()}) == 1:
        pytest.skip("there is one version of PostgreSQL here")
    asked = "SELECT current_setting('server_version_num')::integer / 10000"

    assert execute(old, asked) < execute(new, asked)


def test_no_command_of_the_page_is_left_untried(pasted):
    sections = [pasted.blocks(section)[1] for section in (BLANK, MOVED, BESIDE)]

    assert sum(len(commands) + 1 for commands in sections) == pasted.text.count("```sh\n")
