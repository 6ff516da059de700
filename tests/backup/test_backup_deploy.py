"""What cron and systemd are given to back up with: commands that exist, quiet unless one of them fails."""

import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import click
import pytest
from backups import states, told
from installs import as_production, install, run
from surroundings import ROOT

from caloria.cli.backup import group

DEPLOY = ROOT / "deploy"
HOME = "/srv/caloria"
UNITS = ("caloria-backup.service", "caloria-backup.timer", "caloria-drill.service", "caloria-drill.timer")
TIMES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


def unit(name: str) -> ConfigParser:
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read_string((DEPLOY / name).read_text())
    return parser


def jobs() -> list[tuple[list[str], str]]:
    """The lines of the crontab: five fields of time, and a command."""
    lines = (DEPLOY / "caloria-backup.cron").read_text().splitlines()
    split = [line.split(None, 5) for line in lines if line and not line.startswith("#")]
    return [(fields[:5], fields[5]) for fields in split]


def in_order(words: str) -> str:
    """The command of `flask backup` in these words. Raises what click does of an unknown option."""
    program, *words = words.split()
    assert program.endswith(".venv/bin/flask")
    assert words.pop(0) == "backup"
    command = group.commands[words.pop(0)]
    _options, left, _order = command.make_parser(click.Context(command)).parse_args(words)
    assert not left
    return command.name


def test_units_and_crontab_run_commands_that_exist():
    backup, drill = (unit(f"caloria-{name}.service")["Service"] for name in ("backup", "drill"))
    assert [in_order(backup[name]) for name in ("ExecStart", "ExecStartPost")] == ["create", "prune"]
    assert in_order(drill["ExecStart"]) == "drill"
    run_by_cron = [in_order(words) for _, job in jobs() for words in job.split(" && ") if "flask" in words]
    assert run_by_cron == ["create", "prune", "drill"]


def test_the_crontab_says_when():
    assert [times for times, _ in jobs()] == [["0", "2", "*", "*", "*"], ["0", "4", "*", "*", "0"]]
    for times, _ in jobs():
        for said, (low, high) in zip(times, TIMES, strict=True):
            assert said == "*" or low <= int(said) <= high


@pytest.mark.parametrize("name", ["caloria-backup.service", "caloria-drill.service"])
def test_a_service_may_write_only_where_backups_lie(name):
    service = unit(name)["Service"]
    assert service["User"] == "caloria"
    assert service["UMask"] == "0077"
    assert service["NoNewPrivileges"] == "true"
    assert service["ProtectSystem"] == "strict"
    assert service["ReadWritePaths"].split() == ["-/var/backups/caloria", "/tmp"]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
def test_systemd_understands_the_units(tmp_path):
    program = tmp_path / "flask"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for name in UNITS:
        text = (DEPLOY / name).read_text().replace(f"{HOME}/.venv/bin/flask", str(program))
        (tmp_path / name).write_text(text)

    done = subprocess.run(
        ["systemd-analyze", "verify", *(tmp_path / name for name in UNITS)], capture_output=True, text=True
    )

    about_ours = [line for line in done.stderr.splitlines() if "caloria" in line]
    assert (done.returncode, about_ours) == (0, [])


def test_a_timer_catches_up_with_what_it_missed():
    for name in ("backup", "drill"):
        timer = unit(f"caloria-{name}.timer")
        assert timer["Timer"]["Persistent"] == "true"
        assert timer["Install"]["WantedBy"] == "timers.target"


@pytest.mark.slow
def test_the_line_of_cron_is_quiet_and_says_one_thing_when_it_fails(url, tmp_path, config):
    site = install(tmp_path / "site", told(url, tmp_path / "shelf", **as_production(url)))
    nightly = jobs()[0][1].replace(HOME, str(site))

    done = run(Path("/"), "sh", "-c", nightly)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert states(config) == ["proven"]

    env = site / ".env"
    env.write_text(re.sub("(?m)^BACKUP_KEY=.*$", "BACKUP_KEY=", env.read_text()))
    failed = run(Path("/"), "sh", "-c", nightly)
    assert failed.returncode == 78
    assert failed.stdout == ""
    assert failed.stderr.startswith("Error: BACKUP_KEY is not set.")
    assert failed.stderr.count("\n") == 1
    assert states(config) == ["proven"]
