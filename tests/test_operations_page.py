"""docs/operations.md, pasted: the bad day as an operator would live it, on a real server."""

import os
import re
import secrets

import pytest
from clusters import cluster, execute, folders
from pasting import PastedPage, address, checkout, run
from pyrage import x25519
from sqlalchemy import make_url
from surroundings import PASSWORD

pytestmark = pytest.mark.slow
DAMAGED, GONE = "The bad day: data is damaged or gone", "The bad day: the machine is gone"
NAME = "caloria_live"
COUNTED = "SELECT (SELECT count(*) FROM users), (SELECT uuid FROM identity)"


@pytest.fixture(scope="module")
def pasted(tmp_path_factory) -> PastedPage:
    return PastedPage("operations.md", tmp_path_factory.mktemp("programs"))


@pytest.fixture(scope="module")
def server(engine_name):
    if engine_name != "postgresql":
        pytest.skip("only PostgreSQL is ever live")
    with cluster(folders()[0]) as url:
        yield url


@pytest.fixture(scope="module")
def key() -> x25519.Identity:
    return x25519.Identity.generate()


@pytest.fixture(scope="module")
def live(server, key, tmp_path_factory):
    """A folder of Caloria in production, with two people and the backup of last night, also elsewhere."""
    folder = tmp_path_factory.mktemp("caloria")
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    checkout(folder)
    made = flask(
        folder, "database", "setup", NAME, CALORIA_ENV="production", MIGRATION_DATABASE_URL=address(server)
    )
    lines = [
        made,
        f"SECRET_KEY={secrets.token_hex(32)}",
        "TRUSTED_HOSTS=caloria.example",
        f"BACKUP_DIR={tmp_path_factory.mktemp('shelf')}",
        f"BACKUP_KEY={secrets.token_hex(32)}",
        f"BACKUP_COPY_DIR={elsewhere}",
        f"BACKUP_RECIPIENT={key.to_public()}",
    ]
    (folder / ".env").write_text("\n".join(lines) + "\n")
    flask(folder, "db", "upgrade", "--write-env")
    for name in ("Ann", "Ben"):
        person = ("--email", f"{name}@x.example", "--name", name, "--password", PASSWORD)
        flask(folder, "users", "create", *person)
    flask(folder, "backup", "create", "--reason", "nightly")
    return folder


def flask(folder, *words, **more) -> str:
    done = run(folder, "-m", "flask", *words, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def setting(folder, name: str) -> str:
    return re.search(rf"^{name}=(.*)$", (folder / ".env").read_text(), re.MULTILINE)[1]


def test_damaged_data_comes_back_and_what_was_there_is_kept(live, server, pasted):
    before = execute(server.set(database=NAME), COUNTED)
    execute(
        server.set(database=NAME),
        "DELETE FROM meals",
        "DELETE FROM users",
    )

    said = pasted.paste(DAMAGED, live, NAME=NAME, RESTORED=f"{NAME}_restored")

    assert "looks wrong" in said, "the backup of the damage is kept, and doubted"
    assert execute(server.set(database=NAME), COUNTED) == before
    replaced = execute(
        server, f"SELECT datname FROM pg_database WHERE starts_with(datname, '{NAME}_replaced')"
    )
    assert len(replaced) == 1
    assert run(live, "-m", "caloria.guard").returncode == 0


def test_a_new_machine_needs_the_copy_and_the_keys_alone(live, server, key, pasted, tmp_path):
    before = execute(server.set(database=NAME), COUNTED)
    copy = sorted(path for path in os.listdir(setting(live, "BACKUP_COPY_DIR")))[0]
    (tmp_path / "age.key").write_text(f"{key}\n")
    (tmp_path / "backup.key").write_text(f"{setting(live, 'BACKUP_KEY')}\n")
    (tmp_path / "caloria").mkdir()
    checkout(tmp_path / "caloria")

    with cluster(folders()[-1]) as new:
        pasted.paste(
            GONE,
            tmp_path / "caloria",
            ADMIN_URL=address(new),
            NAME=NAME,
            SITE="caloria.example",
            COPY=os.path.join(setting(live, "BACKUP_COPY_DIR"), copy),
            AGE_KEY=str(tmp_path / "age.key"),
            BACKUP_KEY_FILE=str(tmp_path / "backup.key"),
        )

        assert execute(new.set(database=NAME), COUNTED) == before
        assert run(tmp_path / "caloria", "-m", "caloria.guard").returncode == 0
        told = make_url(setting(tmp_path / "caloria", "DATABASE_URL"))
        assert execute(told, "SELECT name FROM users ORDER BY name") == [("Ann",), ("Ben",)]


def test_every_step_of_the_bad_days_is_tried(pasted):
    tried = sum(len(pasted.blocks(section)[1]) + 1 for section in (DAMAGED, GONE))

    assert tried == pasted.text.count("```sh\n")
