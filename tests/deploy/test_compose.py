"""What compose.yaml starts, as processes: the files that the image holds, their commands, their settings.

The images themselves cannot be made here. PostgreSQL is one of this machine's, which demands passwords as
that of compose.yaml does.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from artefacts import CODE, command_of_image, compose, health_check, last_stage, procfile, rewritten
from clusters import cluster, execute, folders
from ports import free_port
from serving import Browser, wait_for
from sqlalchemy import URL
from surroundings import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compose")]
SITE = "caloria.example.org"
MOUNTED = ("/etc/caloria", "/var/backups/caloria", "/var/lib/caloria")
# The image's user is none of this machine: folders become this user's own.
STAND_INS = {
    "useradd": "",
    "install": f"""for word; do
        shift
        case "$word" in --owner=*|--group=*) ;; *) set -- "$@" "$word" ;; esac
    done
    exec {shutil.which("install")} "$@" """,
}
PROVEN = "SELECT count(*) FROM backup_runs WHERE state = 'proven'"


@dataclass
class Image:
    """The files of the image in a folder, and what is mounted into each container beside it."""

    root: Path
    paths: dict[str, Path | str]

    @classmethod
    def build(cls, root: Path, socket: str) -> "Image":
        """Follow the Dockerfile, but for the packages, which are those of this Python."""
        paths = {path: root / path.removeprefix("/") for path in (CODE, *MOUNTED)}
        image = cls(root, {**paths, "/var/run/postgresql": socket})
        image.code.mkdir(parents=True)
        for name, rest in last_stage():
            if name == "RUN":
                image.prepare(rest)
            elif name == "COPY":
                *from_, to = rest.split()
                image.copy(from_, image.code / to)
        return image

    def prepare(self, command: str) -> None:
        """As RUN does."""
        programs = self.root / "programs"
        programs.mkdir(exist_ok=True)
        for name, script in STAND_INS.items():
            (programs / name).write_text(f"#!/bin/sh\n{script}\n")
            (programs / name).chmod(0o755)
        environ = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
        subprocess.run(["sh", "-ec", rewritten(command, self.paths)], cwd=self.code, env=environ, check=True)

    def copy(self, from_: list[str], to: Path) -> None:
        """As COPY does."""
        if from_[0] == "--from=packages":
            to.symlink_to(sys.prefix)
            return
        for name in from_:
            self.copy_one(name, to)

    def copy_one(self, name: str, to: Path) -> None:
        """The content of a folder, or a file; the paths in scripts lie elsewhere here.

        Unlike the image's, the code is compiled: each of its processes would do that anew.
        """
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, to)
            return
        to.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, to)
        if name.startswith("deploy/"):
            script = to / Path(name).name
            script.write_text(rewritten(script.read_text(), self.paths))

    @property
    def code(self) -> Path:
        return Path(self.paths[CODE])

    def kept(self, name: str) -> Path:
        return Path(self.paths["/etc/caloria"]) / name

    def environ(self, service: str) -> dict[str, str]:
        """What a container is told, where .env says no more than the site and that one process will do."""
        said = compose()["services"][service]["environment"]
        named = {name: re.sub(r"\$\{SITE[^}]*\}", SITE, value) for name, value in said.items()}
        paths = {name: rewritten(value, self.paths) for name, value in named.items()}
        in_image = dict(word.split("=", 1) for word in dict(last_stage())["ENV"].split())
        programs = rewritten(in_image["PATH"], self.paths).replace("$PATH", os.environ["PATH"])
        image = {**in_image, "PATH": programs, "HOME": "/nonexistent"}
        return {**image, "SITE": SITE, "WEB_CONCURRENCY": "1", **paths}

    def start(self, service: str, *command: str) -> subprocess.Popen:
        """Start a container's command, or another one in its place."""
        words = command or compose()["services"][service].get("command") or command_of_image()
        return subprocess.Popen(
            words,
            cwd=self.code,
            env=self.environ(service),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, service: str, *command: str) -> tuple[int, str]:
        process = self.start(service, *command)
        said, _ = process.communicate(timeout=120)
        return process.returncode, said

    def files(self) -> dict[Path, float]:
        """The files that no container may write to, each with when it was changed."""
        return {path: path.stat().st_mtime for path in self.code.rglob("*") if path.name != ".env"}


@contextmanager
def running(process: subprocess.Popen):
    """As long as the block lasts; then all of it ends, as a container does."""
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=40)


@pytest.fixture(scope="module")
def server(engine_name):
    if engine_name != "postgresql":
        pytest.skip("compose.yaml has PostgreSQL alone")
    with cluster(folders()[-1]) as url:
        execute(url, "DROP DATABASE caloria", "DROP ROLE caloria")
        yield url


@pytest.fixture(scope="module")
def image(server, tmp_path_factory):
    return Image.build(tmp_path_factory.mktemp("image"), server.query["host"])


@pytest.fixture(scope="module")
def locked(image, server) -> URL:
    """The server once it demands the password that was made for it; gives its superuser."""
    assert image.run("keys") == (0, "")
    password = image.kept("postgres_password").read_text().strip()
    hba = Path(execute(server, "SHOW hba_file")[0][0])
    execute(server, f"ALTER ROLE postgres PASSWORD '{password}'")
    hba.write_text("local all all scram-sha-256\n")
    execute(server, "SELECT pg_reload_conf()")
    return server.set(password=password)


@pytest.fixture(scope="module")
def up(image, locked):
    """Everything that `docker compose up` does before Caloria starts."""
    before = image.files()
    code, said = image.run("migrations")
    assert code == 0, said
    return before


def test_keys_are_made_once_and_read_by_nobody_else(image, locked):
    keys = {path: path.read_text() for path in image.kept("").iterdir()}
    assert {path.name for path in keys} == {"postgres_password", "secret_key", "backup_key"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in keys)
    assert len(set(keys.values())) == 3

    assert image.run("keys") == (0, "")
    assert {path: path.read_text() for path in image.kept("").iterdir()} == keys


def test_the_first_start_pins_its_database_and_every_other_finds_it(image, locked, up):
    settings = image.kept(".env").read_text()
    [(identity, environment)] = execute(
        locked.set(database="caloria"), "SELECT uuid, environment FROM identity"
    )
    assert f"CALORIA_DB_ID={identity}" in settings
    assert environment == "production"
    assert image.kept(".env").stat().st_mode & 0o077 == 0

    code, said = image.run("migrations")
    assert (code, image.kept(".env").read_text()) == (0, settings), said


def test_the_pages_are_served_and_found_healthy(image, up):
    port = str(free_port())
    ask = [word.replace("8000", port) for word in health_check()]
    assert image.run("web", *ask)[0] == 1

    serve = [word.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for word in command_of_image()]
    with running(image.start("web", *serve)) as process:
        wait_for(lambda: Browser(int(port)).get("/health").status == 200, process)
        assert image.run("web", *ask) == (0, "")
        page = Browser(int(port), SITE).get("/login", **{"X-Forwarded-For": "192.0.2.1"})
        assert page.status == 200
        assert "__Host-caloria" in page.headers["Set-Cookie"]


def test_a_missed_night_is_made_up_for_at_once(image, locked, up):
    database = locked.set(database="caloria")
    with running(image.start("backup")) as nights:
        wait_for(lambda: execute(database, PROVEN) == [(1,)], nights)
        wait_for(lambda: doing(nights)[0] == "sleep", nights)
        assert 0 < int(doing(nights)[1]) <= 26 * 3600


def doing(script: subprocess.Popen) -> list[str]:
    """The command that a script waits for."""
    children = Path(f"/proc/{script.pid}/task/{script.pid}/children").read_text().split()
    return Path(f"/proc/{children[0]}/cmdline").read_text().split("\0") if children else [""]


def test_a_platform_migrates_by_the_line_of_the_procfile(image, up):
    assert image.run("migrations", *shlex.split(procfile()["release"]))[0] == 0


def test_nothing_was_written_into_the_image(image, up):
    assert image.files() == up
