"""The folder in which gunicorn's workers count: a file for each process and kind of figure."""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # gunicorn.conf.py makes it, private and empty
KIBIBYTE = 1024
ROOM = {"counter": 256, "histogram": 1024, "gauge_livesum": 64}
# So many files of processes that have gone are read one by one before they become one.
LEFT_APART = 8
log = logging.getLogger(__name__)


def folder() -> Path | None:
    """Where the workers count together; a process on its own has no such place."""
    return Path(named) if (named := os.environ.get(FOLDER)) else None


def make_room() -> None:
    """Take the disk that this process needs for counting: one that is full later would end it by a signal."""
    if (place := folder()) is None:
        return
    try:
        for kind, kibibytes in ROOM.items():
            with open(place / f"{kind}_{os.getpid()}.db", "ab") as file:
                os.posix_fallocate(file.fileno(), 0, kibibytes * KIBIBYTE)
    except OSError as error:
        log.warning("This process counts for itself alone (%s): no room in %s", type(error).__name__, place)
        for kind in ROOM:
            (place / f"{kind}_{os.getpid()}.db").unlink(missing_ok=True)
        del os.environ[FOLDER]


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Let one process at a time add up."""
    with open(place / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def fold_ended(place: Path) -> None:
    """Make one file of what processes counted that have gone, so that there are not ever more of them."""
    for kind in ("counter", "histogram"):
        ended = [file for file in place.glob(f"{kind}_[0-9]*.db") if not is_alive(file)]
        if len(ended) > LEFT_APART:
            fold(ended, place / f"{kind}_ended.db")


def fold(ended: list[Path], into: Path) -> None:
    from prometheus_client.mmap_dict import MmapedDict, mmap_key
    from prometheus_client.multiprocess import MultiProcessCollector

    files = [str(file) for file in (*ended, into) if file.exists()]
    sums, beside = MultiProcessCollector.merge(files, accumulate=False), into.with_suffix(".new")
    beside.unlink(missing_ok=True)
    written = MmapedDict(str(beside))
    for metric in sums:
        for sample in metric.samples:
            names, values = tuple(sample.labels), tuple(sample.labels.values())
            key = mmap_key(metric.name, sample.name, names, values, metric.documentation)
            written.write_value(key, sample.value, 0.0)
    written.close()
    beside.replace(into)
    for file in ended:
        file.unlink()


def is_alive(file: Path) -> bool:
    """Whether the process of a file is still there."""
    try:
        os.kill(int(file.stem.rpartition("_")[2]), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
