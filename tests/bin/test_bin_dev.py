"""bin/dev serves, keeps what is there, and leaves nothing running."""

import os
import re
import signal
import socket
import sqlite3
import urllib.error
import urllib.request
from contextlib import closing, suppress
from datetime import UTC, datetime

import pytest
from clones import linux_only, wait_until


def accounts(database) -> list[str]:
    with closing(sqlite3.connect(database)) as connection:
        return [email for (email,) in connection.execute("SELECT email FROM users")]


def works_on_the_queue(database) -> bool:
    with closing(sqlite3.connect(database)) as connection:
        return bool(connection.execute("SELECT 1 FROM servers WHERE name LIKE '% (jobs)'").fetchone())


def copies(checkout, kind="db"):
    return sorted((checkout.folder / "instance" / "copies").glob(f"*.{kind}"))


def status(url: str) -> int:
    try:
        return urllib.request.urlopen(url, timeout=20).status
    except urllib.error.HTTPError as error:
        return error.code


def test_the_shells_settings_are_ignored_and_that_is_said(checkout):
    program, url = checkout.dev(DATABASE_URL="postgresql://nobody@127.0.0.1:9/nothing", SECRET_KEY="short")

    assert "Ignored from the shell: DATABASE_URL, SECRET_KEY." in program.said
    assert status(f"{url}/health/database") == 200
    assert (checkout.folder / "instance" / "caloria.db").exists()


def test_a_second_start_loses_nothing_also_after_the_folder_was_moved(used, checkout):
    moved = checkout.folder.with_name("elsewhere")
    checkout.folder.rename(moved)
    checkout.folder = moved
    settings = (moved / ".env").read_text()

    program, url = checkout.dev()

    assert status(url) == 200
    assert (moved / ".env").read_text() == settings
    assert "Wrote" not in program.said
    assert accounts(moved / "instance" / "caloria.db") == ["alice@example.org"]


def test_the_database_is_copied_before_it_is_upgraded(used, checkout):
    assert checkout.flask("db", "downgrade", "base").returncode == 0
    folder = checkout.folder / "instance" / "copies"
    folder.mkdir(exist_ok=True)
    (folder / f"{datetime.now(UTC):%Y-%m-%d}T000000Z.db").touch()

    program, _ = checkout.dev()
    program.stop()

    assert accounts(checkout.folder / "instance" / "caloria.db") == []
    with pytest.raises(sqlite3.OperationalError, match="no such table: users"):
        accounts(copies(checkout)[-1])


def test_five_copies_are_kept_and_one_a_day_without_an_upgrade(used, checkout):
    folder = checkout.folder / "instance" / "copies"
    folder.mkdir(exist_ok=True)
    for day in range(1, 8):
        (folder / f"2020-01-0{day}T120000Z.db").touch()

    for _ in range(2):
        program, _ = checkout.dev()
        program.stop()

    assert [path.name[:10] for path in copies(checkout)][:4] == [f"2020-01-0{day}" for day in range(4, 8)]
    assert len(copies(checkout)) == 5
    assert accounts(copies(checkout)[-1]) == ["alice@example.org"]


def test_without_a_port_the_next_free_one_is_taken(used, checkout):
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):  # then somebody else holds it, which will do
            taken.bind(("127.0.0.1", 8000))
            taken.listen()

        _, url = checkout.dev(PORT=None)

    assert re.fullmatch(r"http://127\.0\.0\.1:80(?!00)\d\d", url)


@pytest.mark.parametrize(("options", "debugger"), [([], True), (["--lan"], False)])
def test_the_debugger_is_for_this_machine_alone(used, checkout, options, debugger):
    program, url = checkout.dev(*options)

    with urllib.request.urlopen(f"{url}/?__debugger__=yes&cmd=resource&f=debugger.js", timeout=20) as answer:
        assert ("javascript" in answer.headers["Content-Type"]) is debugger
    assert ("On this network it is at http://" in program.said) is not debugger


@linux_only
def test_nothing_is_left_running_when_it_is_killed(used, checkout):
    """On PostgreSQL it is also stopped with Ctrl-C, below."""
    program, _ = checkout.dev()
    wait_until(lambda: works_on_the_queue(checkout.folder / "instance" / "caloria.db"))

    program.stop(signal.SIGKILL)

    wait_until(lambda: not checkout.processes(), seconds=15)


@linux_only
def test_its_own_postgresql_keeps_what_is_there_and_is_not_left_running(checkout):
    for number in (signal.SIGINT, signal.SIGKILL):
        program, url = checkout.dev("--postgres")
        assert status(f"{url}/health/database") == 200

        program.stop(number)

        wait_until(lambda: not checkout.processes(), seconds=30)
    assert "DATABASE_URL=sqlite" in (checkout.folder / ".env").read_text()
    assert not (checkout.folder / "instance" / "caloria.db").exists()
    assert len(copies(checkout, "dump")) == 1


@linux_only
def test_when_postgresql_is_killed_bin_dev_says_so_and_ends(checkout):
    program, _ = checkout.dev("--postgres")
    pid = (checkout.folder / "instance" / "postgres" / "lock").read_text()

    os.kill(int(pid), signal.SIGKILL)

    assert program.process.wait(30) == 1
    assert "PostgreSQL has ended" in program.said
    wait_until(lambda: not checkout.processes(), seconds=30)
