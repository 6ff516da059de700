"""Making a backup: dumped from one moment's view, read back, put in place whole, and then proven."""

import shutil
import socket
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

from caloria.models import Erasure
from caloria.models.clock import utc_now
from caloria.operations.audit import heads
from caloria.operations.backup import away, disk, manifest
from caloria.operations.backup.away import AwayFailed, AwayRefused
from caloria.operations.backup.contents import Progress
from caloria.operations.backup.failure import BackupFailed
from caloria.operations.backup.health import proof_is_due
from caloria.operations.backup.manifest import BROKEN, FORMAT, Manifest
from caloria.operations.backup.proof import DUMP
from caloria.operations.backup.shelf import PARTIAL, Backup, Shelf
from caloria.operations.backup.source import Source, opened
from caloria.operations.backup.stopping import stopping_in_order
from caloria.operations.backup.suspicion import suspicion
from caloria.operations.backup.uploads import pack
from caloria.operations.backup.verify import examine
from caloria.version import VERSION
from config import Config

PINNED_FOR = timedelta(days=30)
MANUAL = "manual"


def create(config: Config, progress: Progress, reason: str = MANUAL, pin: bool = False) -> Backup:
    """Make a backup and prove as much of it as can be proven here.

    Raises BackupFailed, Busy or StartupRefused; what was there before is as it was.
    """
    shelf = Shelf.of(config)
    with shelf.locked(), stopping_in_order():
        shelf.clean()
        backup = store(config, shelf, progress, reason, pin)
        made = backup.require()
        due = proof_is_due(shelf.of_database(made.database_id), made.size, utc_now())
        untried = None
        try:
            examine(config, shelf, backup, progress, prove=due)
        except BackupFailed as failure:  # a copy elsewhere is needed then most of all
            failure.message = f"{made.id} is {made.state}, and could not be proven: {failure.message}"
            untried = failure
        if away.is_set_up(config) and backup.state != BROKEN:
            send(config, shelf, backup, progress)
        if untried:
            raise untried
        return backup


def send(config: Config, shelf: Shelf, backup: Backup, progress: Progress) -> None:
    """Copy it elsewhere; what becomes of that takes nothing from the backup here."""
    try:
        copy = away.send(config, backup.folder, progress)
        went = {"places": copy.places, "size": copy.size, "sha256": copy.sha256}
    except (AwayFailed, AwayRefused) as failed:
        went = {"problem": f"its copy did not get away: {failed.message.rstrip('.')}"}
    backup.require().facts["away"] = {"at": utc_now().isoformat(timespec="seconds"), **went}
    backup.keep(shelf.key)


def store(config: Config, shelf: Shelf, progress: Progress, reason: str, pin: bool) -> Backup:
    started = time.monotonic()
    with ExitStack() as stack:
        source = stack.enter_context(opened(config))
        earlier = shelf.of_database(source.database_id)
        # Twice the last one, or the database's own size where this is the first.
        disk.require_room(shelf.folder, 2 * earlier[-1].size if earlier else source.size)
        proven_here = source.proven_on(config.server)
        name = shelf.new_id(source.moment, source.database_id)
        partial = shelf.folder / (name + PARTIAL)
        try:
            partial.mkdir(mode=0o700)
            facts = dumped(source, partial, progress)
            stack.close()  # nobody has to wait for the locks, or for the view of that moment, any longer
            facts |= {
                "id": name,
                "reason": reason,
                "pinned_until": (utc_now() + PINNED_FOR).isoformat() if pin else None,
                "uploads": pack(config.upload_dir, partial),
                "files": settled(partial),
                "seconds": round(time.monotonic() - started, 1),
            }
            facts["suspicion"] = suspicion(earlier, facts, proven_here)
            return finish(shelf, partial, Manifest(facts))
        except OSError as error:
            raise BackupFailed(f"Nothing was stored: {error.strerror or error}.") from None
        finally:
            shutil.rmtree(partial, ignore_errors=True)


def dumped(source: Source, partial: Path, progress: Progress) -> dict[str, Any]:
    """What the manifest says of a dump that is made now."""
    dump = source.kind.Dump(source.connection, source.url)
    facts = facts_of(source, dump.made_by, progress)
    dump.write(partial / DUMP, source.size, progress)
    return facts


def facts_of(source: Source, made_by: str, progress: Progress) -> dict[str, Any]:
    """What the manifest says of the data. Sequences do not wait: they are read before they are dumped."""
    return {
        "format": FORMAT,
        "snapshot_at": source.moment.isoformat(),
        "caloria_version": VERSION,
        "host": socket.gethostname(),
        "database": source.identity,
        "server_version": source.server,
        "made_by": made_by,
        "contents": source.contents(progress),
        "erasures": Erasure.known(source.connection),
        "audit": heads.of(source.connection),
        "verifications": [],
    }


def settled(partial: Path) -> list[dict[str, Any]]:
    """Wait for every file to be on the disk, and read it back from there."""
    for folder in [partial, *[path for path in partial.rglob("*") if path.is_dir()]]:
        disk.sync(folder)
    files = disk.files_in(partial)
    for file in files:
        disk.sync(file)
    return [disk.described(file, partial) for file in files]


def finish(shelf: Shelf, partial: Path, made: Manifest) -> Backup:
    """Write the manifest, last, and give the folder its name: there is no moment with half a backup."""
    disk.write(partial / manifest.FILE, made.text(shelf.key))
    folder = partial.replace(shelf.folder / made.id)
    disk.sync(shelf.folder)
    return Backup(folder, shelf.key)
