"""What bin/dev asks before it writes, and what it leaves when it cannot go on."""

import ast
import os
import signal
import socket
import stat
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from clones import ROOT

COMMANDS = ("dev", "test", "postgres")

OLD_PYTHONS = sorted(Path.home().glob(".pyenv/versions/3.[6-9].*/bin/python"))
NO_INDEX = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_NO_CACHE_DIR": "1"}
old_python = pytest.mark.skipif(not OLD_PYTHONS, reason="no Python older than 3.11 is here to try")


@pytest.fixture(params=["bin/dev", "bin/test"])
def command(request):
    return request.param


def refused(result, checkout, files):
    """It failed with one sentence and wrote nothing."""
    assert result.returncode != 0
    assert len(result.stderr.strip().splitlines()) == 1, result.stderr
    assert checkout.files() == files
    return result.stderr


@pytest.mark.parametrize("name", [*COMMANDS, "_setup.py", "_process.py", "_postgres.py", "_fake_payments.py"])
def test_every_python_from_3_6_can_read_the_commands(name):
    ast.parse((ROOT / "bin" / name).read_text(), feature_version=(3, 6))


@old_python
@pytest.mark.parametrize("python", OLD_PYTHONS, ids=lambda path: path.parts[-3])
def test_an_old_python_says_which_one_is_needed(checkout, command, python):
    files = checkout.files()

    result = checkout.run(command, python=python, PATH="/nowhere")

    assert "needs Python 3.11 or newer" in refused(result, checkout, files)


@old_python
def test_an_old_python_hands_over_to_a_newer_one(checkout, tmp_path):
    (tmp_path / "newer").mkdir()
    (tmp_path / "newer" / "python3.11").symlink_to(sys.executable)

    result = checkout.run("bin/dev", python=OLD_PYTHONS[0], PATH=str(tmp_path / "newer"), PORT="none")

    assert result.stderr == "PORT=none is no port: give a number from 1 to 65535.\n"


def test_a_python_without_ensurepip_names_the_package_to_install(checkout, command, tmp_path):
    files = checkout.files()
    (tmp_path / "ensurepip.py").write_text("raise ImportError('as on Debian')")

    result = checkout.run(command, CALORIA_VENV=None, PYTHONPATH=str(tmp_path))

    said = refused(result, checkout, files)
    assert f"python{sys.version_info[0]}.{sys.version_info[1]}-venv" in said or "venv package" in said


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_to_is_refused(checkout, command):
    files = checkout.files()
    checkout.folder.chmod(0o500)

    result = checkout.run(command)

    checkout.folder.chmod(0o700)
    assert "cannot be written to" in refused(result, checkout, files)


def test_no_network_is_one_sentence_and_leaves_nothing(checkout):
    files = checkout.files()

    result = checkout.run("bin/dev", CALORIA_VENV=None, **NO_INDEX)

    assert "the network or the package index does not answer" in refused(result, checkout, files)


@contextmanager
def installing(checkout):
    """bin/dev while pip waits for an index that never answers."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        index = {**NO_INDEX, "PIP_INDEX_URL": f"http://127.0.0.1:{silent.getsockname()[1]}/"}
        program = checkout.start("bin/dev", CALORIA_VENV=None, **index)
        connection, _ = silent.accept()
        with connection:
            yield program


def test_an_installation_that_was_stopped_leaves_nothing(checkout):
    files = checkout.files()

    with installing(checkout) as program:
        assert program.stop(signal.SIGTERM) == 128 + signal.SIGTERM

    assert checkout.files() == files


def test_an_installation_that_was_killed_is_begun_anew(checkout):
    files = checkout.files()
    with installing(checkout) as program:
        program.stop(signal.SIGKILL)
    half = checkout.folder / ".venv" / "bin" / "half"
    half.touch()

    result = checkout.run("bin/dev", CALORIA_VENV=None, **NO_INDEX)

    assert not half.exists()
    assert "package index does not answer" in refused(result, checkout, files)


def test_a_virtual_environment_whose_python_has_gone_is_made_anew(checkout):
    files = checkout.files()
    broken = checkout.folder / ".venv" / "bin" / "python"
    broken.parent.mkdir(parents=True)
    broken.symlink_to("/nowhere/python3")
    (checkout.folder / ".venv" / "pyvenv.cfg").touch()

    result = checkout.run("bin/dev", CALORIA_VENV=None, **NO_INDEX)

    assert "package index does not answer" in refused(result, checkout, files)


def test_a_folder_that_is_no_virtual_environment_is_left_alone(checkout):
    (checkout.folder / ".venv").mkdir()
    (checkout.folder / ".venv" / "thesis.txt").touch()
    files = checkout.files()

    result = checkout.run("bin/dev", CALORIA_VENV=None)

    assert "is no virtual environment" in refused(result, checkout, files)


def test_another_environments_settings_are_left_alone(checkout):
    (checkout.folder / ".env").write_text("CALORIA_ENV=production\nDATABASE_URL=sqlite:///instance/live.db\n")
    files = checkout.files()

    result = checkout.run("bin/dev")

    assert result.returncode == 78
    assert "for production: bin/dev leaves it alone" in refused(result, checkout, files)


def test_a_taken_port_is_one_sentence(checkout):
    files = checkout.files()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        result = checkout.run("bin/dev", PORT=str(port))

    assert f"Port {port} is taken" in refused(result, checkout, files)


def test_settings_are_written_with_a_fresh_secret_for_their_owner_alone(once_started):
    dotenv = once_started / ".env"
    secret = next(line for line in dotenv.read_text().splitlines() if line.startswith("SECRET_KEY="))

    assert len(secret) > len("SECRET_KEY=") + 32
    assert stat.S_IMODE(dotenv.stat().st_mode) == 0o600
