"""What lies in deploy/, as the programs read it that it is for."""

import json
import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from surroundings import ROOT

DEPLOY = ROOT / "deploy"
CODE = "/srv/caloria"


def unit(name: str) -> dict[str, list[str]]:
    """The settings of a unit by name, each as often as it is said."""
    said: dict[str, list[str]] = {}
    for line in (DEPLOY / name).read_text().splitlines():
        setting, mark, value = line.partition("=")
        if mark and not line.startswith("#"):
            said.setdefault(setting, []).append(value)
    return said


def units(kind: str) -> list[str]:
    return sorted(path.name for path in DEPLOY.glob(f"*.{kind}"))


def procfile() -> dict[str, str]:
    """The command of each process."""
    lines = (DEPLOY / "Procfile").read_text().splitlines()
    return dict(line.split(": ", 1) for line in lines)


def crontab() -> list[tuple[list[str], str]]:
    """The lines of the crontab: five fields of time, and a command."""
    lines = (DEPLOY / "caloria-backup.cron").read_text().splitlines()
    split = [line.split(None, 5) for line in lines if line and not line.startswith("#")]
    return [(fields[:5], fields[5]) for fields in split]


def compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile, in order, with what follows each."""
    text = re.sub(r"\\\n", "", re.sub(r"^#.*\n", "", (DEPLOY / "Dockerfile").read_text(), flags=re.MULTILINE))
    return [tuple(line.split(None, 1)) for line in text.splitlines() if line]


def last_stage() -> list[tuple[str, str]]:
    """The instructions that make the image itself."""
    return instructions()[[name for name, _ in instructions()].index("FROM", 1) :]


def command_of_image() -> list[str]:
    return json.loads(dict(instructions())["CMD"])


def health_check() -> list[str]:
    return json.loads(dict(instructions())["HEALTHCHECK"].partition(" CMD ")[2])


def copied() -> list[tuple[str, str]]:
    """What the image holds of this checkout, and where."""
    words = [shlex.split(rest) for name, rest in instructions() if name == "COPY"]
    return [(each, to) for *from_, to in words if not from_[0].startswith("--") for each in from_]


def rewritten(text: str, paths: Mapping[str, Path | str]) -> str:
    """The same with other paths, the longest first, and nothing else changed."""
    for path in sorted(paths, key=len, reverse=True):
        text = text.replace(path, str(paths[path]))
    return text
