"""Questions about the machine that this process runs on."""

import shlex
import shutil
from pathlib import Path

from caloria.operations.doctor.check import OK, WARN, Check, Errand
from config import Config
from settings.database import is_in_memory, is_sqlite

LEAST_SHARE, LEAST_BYTES = 0.10, 1_000_000_000


def errands(config: Config) -> list[Errand]:
    return [errand(f"disk has space for {what}", folder) for what, folder in folders(config).items()]


def errand(name: str, folder: Path) -> Errand:
    return Errand([name], lambda: [disk_has_space(name, folder)])


def folders(config: Config) -> dict[str, Path]:
    """Where Caloria writes on this machine."""
    found = {"the instance folder": config.instance_path}
    url = config.database_url
    if url is not None and is_sqlite(url) and not is_in_memory(url):
        found["the SQLite file"] = Path(str(url.database)).parent
    return found


def disk_has_space(name: str, folder: Path) -> Check:
    """A disk that is full loses what is written to it."""
    there = next(each for each in (folder, *folder.parents) if each.is_dir())
    usage = shutil.disk_usage(there)
    return space(name, there, usage.free, usage.total)


def space(name: str, folder: Path, free: int, total: int) -> Check:
    detail = f"{free / 1e9:,.1f} GB of {total / 1e9:,.1f} GB are free in {folder}"
    if free >= LEAST_BYTES and free >= LEAST_SHARE * total:
        return Check(name, OK, detail)
    return Check(name, WARN, detail, f"du -xh --max-depth=2 {shlex.quote(str(folder))} | sort -h | tail")
