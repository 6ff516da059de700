"""Caloria as it is installed in one folder, with a .env beside it and the commands in .venv."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from clusters import execute
from surroundings import ROOT

COPIED = ("config.py", "wsgi.py", "gunicorn.conf.py")
LINKED = ("caloria", "settings", "migrations", "bin", "deploy")


def install(folder: Path, settings: dict[str, str]) -> Path:
    folder.mkdir()
    folder.chmod(0o711)
    for name in COPIED:
        shutil.copyfile(ROOT / name, folder / name)
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / ".env").write_text("".join(f'{name}="{value}"\n' for name, value in settings.items()))
    return folder


def as_production(url: str) -> dict[str, str]:
    """What .env says of this database, which is the real one; on SQLite, of a developer's."""
    environment = "production" if url.startswith("postgres") else "development"
    execute(url, f"UPDATE identity SET environment = '{environment}'")
    return {
        "CALORIA_ENV": environment,
        "CALORIA_DB_ID": str(execute(url, "SELECT uuid FROM identity")[0][0]),
        "MIGRATION_DATABASE_URL": url,
        "TRUSTED_HOSTS": "caloria.example.org",
        "MAIL_SERVER": "mail.invalid",
        "MAIL_FROM": "caloria@example.org",
    }


def run(folder: Path, *command: str) -> subprocess.CompletedProcess:
    """A command as cron runs it."""
    environ = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=120)
