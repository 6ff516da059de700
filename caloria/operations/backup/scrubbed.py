"""Restoring for a developer: the shapes of everybody's data, and nothing that says whose it is.

What is overwritten stays in a database's files for long. So another database is scrubbed, and what is left of
it is dumped and loaded, or on SQLite written into a new file.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from caloria.operations.backup.contents import Progress
from caloria.operations.backup.failure import BackupFailed
from caloria.operations.backup.into_file import FileTarget
from caloria.operations.backup.into_server import DatabaseTarget
from caloria.operations.environments.roles import LONGEST_NAME
from config import Config

Target = FileTarget | DatabaseTarget
UNSCRUBBED = "_unscrubbed"


def bring_back_scrubbed(
    config: Config, target: Target, bring_back: Callable[[Target], None], progress: Progress
) -> None:
    """Fill a target with what is left of a backup once it is scrubbed. Raises BackupFailed."""
    if isinstance(target, FileTarget):
        bring_back(target)
        scrub_in(target, progress)
        target.rewrite()
        return
    with scratch_for(config, target) as scratch, TemporaryDirectory(prefix="caloria-scrubbed-") as folder:
        bring_back(scratch)
        scrub_in(scratch, progress)
        dump = Path(folder) / "dump"
        target.load(dump, scratch.dump(dump), progress)


@contextmanager
def scratch_for(config: Config, target: DatabaseTarget) -> Iterator[DatabaseTarget]:
    """A database beside the target, which is gone afterwards."""
    name = target.name[: LONGEST_NAME - len(UNSCRUBBED)] + UNSCRUBBED
    with DatabaseTarget.made(config, name) as scratch:
        yield scratch
        scratch.give_back()


def scrub_in(target: Target, progress: Progress) -> None:
    # Every command imports this module, and few of them scrub: its fakes read the starter foods.
    from caloria.operations.scrub import ScrubRefused, scrub

    progress("Scrubbing", 0, 1)
    try:
        with target.opened() as connection:
            scrub(connection)
            connection.commit()
    except ScrubRefused as refused:
        raise BackupFailed(str(refused)) from None
    progress("Scrubbing", 1, 1)
