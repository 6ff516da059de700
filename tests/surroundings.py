"""What every part of the suite knows: where the app lies, and how its processes are told about a database."""

import os
import subprocess
from pathlib import Path

from forked import run

ROOT = Path(__file__).resolve().parents[1]
SECRET_KEY = "a secret that only tests know, and long enough"
PASSWORD = "correct horse battery staple"


def environment(url: str, **more: str) -> dict[str, str]:
    """What a process of the suite is told, and nothing of what this shell is told."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    told = {"CALORIA_ENV": "test", "DATABASE_URL": url, "SECRET_KEY": SECRET_KEY, "FLASK_SKIP_DOTENV": "1"}
    return {**kept, **told, **more}


def start(url: str, **more: str) -> int:
    """The exit code of a start, asked in this process."""
    from caloria import guard
    from caloria.extensions import db
    from config import Config

    try:
        guard.require(Config.load(environment(url, **more), root=ROOT), db.metadata)
    except guard.StartupRefused as refused:
        return refused.exit_code
    return 0


def flask(*words: str, url: str, folder: Path = ROOT, **more: str) -> subprocess.CompletedProcess:
    """Run a command of the app, or of the code in another folder, as an operator would."""
    return run(["-m", "flask", *words], folder, environment(url, **more))
