"""A folder of a move's own, beside what it keeps. What a killed move left there goes with the next one."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

PREFIX, LOCK = ".transfer-", "lock"


@contextmanager
def workplace(folder: Path) -> Iterator[Path]:
    """For this user alone, and gone in the end. Raises OSError."""
    sweep(folder)
    with TemporaryDirectory(prefix=PREFIX, dir=folder) as private, (Path(private) / LOCK).open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield Path(private)


def sweep(folder: Path) -> None:
    """Remove what nobody works in any more: the lock of a process ends with it."""
    for left in folder.glob(f"{PREFIX}*/{LOCK}"):
        with left.open("ab") as lock:
            if is_free(lock):
                shutil.rmtree(left.parent)


def is_free(lock: IO[bytes]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
