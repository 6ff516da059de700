"""What lies in deploy/, read by the programs that it is for: each is asked whether it understands it."""

import re
import shlex
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path

import click
import pytest
from artefacts import (
    CODE,
    DEPLOY,
    command_of_image,
    compose,
    copied,
    crontab,
    instructions,
    procfile,
    rewritten,
    unit,
    units,
)
from surroundings import ROOT

from caloria.guard import refusal
from config import Config

pytestmark = pytest.mark.slow
# Where each is executed, or read by the program that it is for.
TRIED = {
    "Dockerfile": "tests/deploy/test_compose.py",
    "Dockerfile.dockerignore": "tests/deploy/test_deploy_files.py",
    "Procfile": "tests/deploy/test_deploy_files.py",
    "alert-rules.yml": "tests/watch/test_alerts.py",
    "caloria-backup.cron": "tests/deploy/test_self_hosting.py",
    "caloria-backup.service": "tests/deploy/test_self_hosting.py",
    "caloria-backup.timer": "tests/deploy/test_deploy_files.py",
    "caloria-drill.service": "tests/deploy/test_deploy_files.py",
    "caloria-drill.timer": "tests/deploy/test_deploy_files.py",
    "caloria.logrotate": "tests/deploy/test_logrotate.py",
    "caloria-worker.service": "tests/deploy/test_self_hosting.py",
    "caloria.service": "tests/deploy/test_self_hosting.py",
    "caloria.socket": "tests/deploy/test_self_hosting.py",
    "compose.yaml": "tests/deploy/test_compose.py",
    "grafana-dashboard.json": "tests/watch/test_alerts.py",
    "nginx.conf": "tests/deploy/test_nginx.py",
    "nights": "tests/deploy/test_compose.py",
    "prometheus.yml": "tests/watch/test_alerts.py",
    "prepare": "tests/deploy/test_compose.py",
}
ALREADY_RUNNING = 75
WORTH_RETRYING = {refusal.UNAVAILABLE}
MOST_EXPOSED = {"caloria.service": 2.0, "caloria-worker.service": 2.0}
WITHOUT_SYSTEMD = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
TIMES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


def analyze(*words: str | Path) -> subprocess.CompletedProcess:
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True)


def program(name: str, *words: str | Path) -> subprocess.CompletedProcess:
    """Run a program of the virtual environment."""
    found = shutil.which(name, path=str(Path(sys.executable).parent))
    return subprocess.run([found, *words], capture_output=True, text=True)


def command_of(line: str) -> str:
    """The command of `flask` in a line. Raises what click does of an option that it does not know."""
    program, group, name, *words = line.split()
    assert program.endswith("flask")
    command = import_module(f"caloria.cli.{group}").group.commands[name]
    _options, left, _order = command.make_parser(click.Context(command)).parse_args(words)
    assert not left
    return f"{group} {name}"


def test_everything_that_lies_there_is_tried():
    assert {path.name for path in DEPLOY.iterdir()} == TRIED.keys()
    assert all((ROOT / test).exists() for test in TRIED.values())


def test_the_dockerfile_has_no_known_fault():
    done = program("hadolint", DEPLOY / "Dockerfile")

    assert (done.returncode, done.stdout) == (0, "")


def test_the_image_is_nobodys_in_particular_and_holds_no_settings():
    assert dict(instructions())["USER"] == "10001"
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().split("\n")
    let_in = [line[1:] for line in ignored if line.startswith("!")]
    assert "*" in ignored
    named = [name for name, _to in copied()] + re.findall(r"requirements[\w-]*\.txt", str(instructions()))
    assert all((ROOT / name).exists() for name in named)
    assert all(any(fnmatch(name, each) for each in let_in) for name in named)
    assert all(any(fnmatch(name, each) for name in named) for each in let_in)


def test_compose_is_what_compose_reads():
    done = program("check-jsonschema", "--builtin-schema", "vendor.compose-spec", DEPLOY / "compose.yaml")

    assert done.returncode == 0, done.stdout


def test_what_is_of_us_in_compose_can_write_nowhere_but_where_it_must():
    services = compose()["services"]
    ours = {name: each for name, each in services.items() if each["image"] == "caloria"}

    assert services.keys() - ours.keys() == {"db"}
    for each in ours.values():
        assert (each["read_only"], each["cap_drop"]) == (True, ["ALL"])
        assert each["security_opt"] == services["db"]["security_opt"] == ["no-new-privileges:true"]
    may_change_settings = {name for name, each in ours.items() if "settings:/etc/caloria" in each["volumes"]}
    assert may_change_settings == {"keys", "migrations"}
    opened = [port for each in services.values() for port in each.get("ports", ())]
    assert opened == ["127.0.0.1:8000:8000"]


def test_the_database_of_compose_is_reached_by_no_network():
    db = compose()["services"]["db"]

    assert (db["network_mode"], db["command"]) == ("none", ["postgres", "-c", "listen_addresses="])
    assert "--auth-local=scram-sha-256" in db["environment"]["POSTGRES_INITDB_ARGS"]


@WITHOUT_SYSTEMD
def test_systemd_understands_the_units(tmp_path):
    """Judged by what it says: of a word that it does not know it says so, and succeeds."""
    here = tmp_path / "bin"
    here.mkdir()
    for name in ("flask", "gunicorn", "python"):
        (here / name).write_text("#!/bin/sh\n")
        (here / name).chmod(0o755)
    files = [*units("service"), *units("socket"), *units("timer")]
    for name in files:
        (tmp_path / name).write_text(rewritten((DEPLOY / name).read_text(), {f"{CODE}/.venv/bin": here}))

    done = analyze("verify", *(tmp_path / name for name in files))

    about_ours = [line for line in done.stderr.splitlines() if "caloria" in line]
    assert (done.returncode, about_ours) == (0, [])


@WITHOUT_SYSTEMD
@pytest.mark.parametrize("name", units("service"))
def test_a_service_is_exposed_no_more_than_it_must(name):
    said = analyze("security", "--offline=true", "--no-pager", DEPLOY / name).stdout

    assert float(re.search(r"exposure level .*: ([\d.]+) ", said)[1]) <= MOST_EXPOSED.get(name, 4.0)


@WITHOUT_SYSTEMD
@pytest.mark.parametrize("name", units("timer"))
def test_a_timer_means_a_time_and_catches_up_with_what_it_missed(name):
    timer = unit(name)

    assert analyze("calendar", *timer["OnCalendar"]).returncode == 0
    assert timer["Persistent"] == ["true"]
    assert timer["WantedBy"] == ["timers.target"]


@pytest.mark.parametrize("name", units("service"))
def test_a_service_may_write_only_where_it_must(name):
    service = unit(name)

    assert (service["User"], service["UMask"]) == (["caloria"], ["0077"])
    assert (service["NoNewPrivileges"], service["ProtectSystem"]) == (["true"], ["strict"])
    backups = ["-/var/backups/caloria /tmp"] if "Type=oneshot" in (DEPLOY / name).read_text() else None
    assert service["ReadWritePaths"] == (backups or ["-/var/lib/caloria"])


@pytest.mark.parametrize("name", ["caloria.service", "caloria-worker.service"])
def test_what_only_a_person_can_mend_is_not_tried_again(name):
    codes = {value for said, value in vars(refusal).items() if said.isupper() and isinstance(value, int)}
    prevented = {int(code) for code in unit(name)["RestartPreventExitStatus"][0].split()}

    assert prevented == (codes | {ALREADY_RUNNING}) - WORTH_RETRYING


def test_backups_are_made_by_commands_that_exist():
    backup, drill = (unit(f"caloria-{name}.service") for name in ("backup", "drill"))
    by_units = [*backup["ExecStart"], *backup["ExecStartPost"], *drill["ExecStart"]]
    by_cron = [words for _, job in crontab() for words in job.split(" && ") if "flask" in words]
    by_nights = re.findall(r"flask [\w -]+", (DEPLOY / "nights").read_text())

    assert [command_of(line) for line in by_units] == ["backup create", "backup prune", "backup drill"]
    assert [command_of(line) for line in by_cron] == ["backup create", "backup prune", "backup drill"]
    assert {command_of(line) for line in by_nights} == {*map(command_of, by_cron), "backup check"}


def test_the_crontab_says_when():
    assert [times for times, _ in crontab()] == [["0", "2", "*", "*", "*"], ["0", "4", "*", "*", "0"]]
    for times, _ in crontab():
        for said, (low, high) in zip(times, TIMES, strict=True):
            assert said == "*" or low <= int(said) <= high


def test_caloria_gives_up_its_database_before_the_web_server_gives_up_caloria(tmp_path):
    [seconds] = re.findall(r"proxy_read_timeout (\d+)s;", (DEPLOY / "nginx.conf").read_text())

    # It may be waited for a turn with the database first, and then for its answer.
    told = Config.load({"DATABASE_STATEMENT_TIMEOUT": str(int(seconds) // 2)}, tmp_path)

    assert any("DATABASE_STATEMENT_TIMEOUT" in mistake.found for mistake in told.mistakes)


def test_all_ways_of_installing_run_the_same_processes():
    services, in_procfile = compose()["services"], procfile()

    served = shlex.split(in_procfile["web"].replace("${PORT:-8000}", "8000"))
    assert served == command_of_image() == ["gunicorn", "--bind", "0.0.0.0:8000", "wsgi:app"]
    assert unit("caloria.service")["ExecStart"] == [f"{CODE}/.venv/bin/gunicorn wsgi:app"]
    working = in_procfile["worker"]
    assert services["worker"]["command"] == working.split()
    assert unit("caloria-worker.service")["ExecStart"] == [f"{CODE}/.venv/bin/{working}"]
    assert in_procfile.keys() == {"release", "web", "worker"}
