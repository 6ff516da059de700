"""Copies of backups on other machines, which only the holder of the secret age key can open.

A place is a mounted folder or a bucket, or both; each copy is one file, `<id>.tar.age`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from pyrage import x25519

from caloria.integrations import age
from caloria.integrations.mounted_folder import MountedFolder
from caloria.integrations.object_store import ObjectStore
from caloria.integrations.store import Store, StoreFailed
from caloria.operations.backup import parcel
from caloria.operations.backup.contents import Progress
from caloria.operations.backup.failure import BackupFailed, NotSetUp
from caloria.operations.backup.parcel import ENDING, Sealed
from caloria.operations.backup.shelf import ID
from config import Config


class AwayRefused(NotSetUp):
    """Nothing leaves, or nothing can be found: a setting is missing or wrong."""


class AwayFailed(BackupFailed):
    """A copy did not get to its place, or cannot be had from there; the backup at home is untouched."""


class SentCopy(NamedTuple):
    """A copy that was sent, compared where it is."""

    id: str
    size: int
    sha256: str
    places: list[str]


class Copy(NamedTuple):
    """A copy as its place lists it."""

    id: str
    size: int
    place: str
    at: datetime


def is_set_up(config: Config) -> bool:
    """Whether copies are meant to leave."""
    return bool(config.backup_copy_dir or config.s3_bucket)


def lies_on_the_same_disk(config: Config) -> bool:
    """Whether the mounted folder is on the disk of BACKUP_DIR: then it is not mounted, or no copy is away."""
    home, away = config.backup_dir, config.backup_copy_dir
    with suppress(OSError):
        return bool(home and away) and home.stat().st_dev == away.stat().st_dev
    return False


def send(config: Config, backup_folder: Path, progress: Progress) -> SentCopy:
    """Encrypt a backup and send it to every place. Raises AwayRefused before, AwayFailed where one failed.

    Only who is alone on the shelf may send: what other runs left is removed.
    """
    home, recipient = required(config)
    name = backup_folder.name + ENDING
    staged = home / f"{name}.partial"
    try:
        with told():
            for left in home.glob(f"*{ENDING}.partial"):
                left.unlink()
            sealed = parcel.seal(backup_folder, staged, recipient, progress)
        return SentCopy(backup_folder.name, sealed.size, sealed.sha256, sent(config, sealed, name, progress))
    finally:
        staged.unlink(missing_ok=True)


def sent(config: Config, sealed: Sealed, name: str, progress: Progress) -> list[str]:
    """The places that have the copy: one that fails keeps it from no other. Raises AwayFailed."""
    places, problems = stores(config), []
    for number, store in enumerate(places):
        progress(f"Copying to {store.where}", number, len(places))
        try:
            clean(store, name)
            store.keep(sealed.file, name, sealed.sha256)
        except StoreFailed as failed:
            problems.append(str(failed))
    if problems:
        raise AwayFailed(" ".join(problems))
    progress("Copying", len(places), len(places))
    return [store.where for store in places]


def clean(store: Store, name: str) -> None:
    """Remove what interrupted runs for the same database left; other databases may be sending."""
    with suppress(StoreFailed):
        # Where this is not allowed, a copy may still be kept.
        store.clean(name[name.index("-") :])


def copies(config: Config, tell: Callable[[str], None]) -> list[Copy]:
    """The copies in every place, the oldest first; tells of a place that cannot be asked.

    Raises AwayRefused where there is no place.
    """
    found = []
    for store in stores(config):
        try:
            found += [Copy(id_in(each.name), each.size, store.where, each.at) for each in store.stored()]
        except StoreFailed as failed:
            tell(str(failed))
    return sorted(copy for copy in found if ID.fullmatch(copy.id))


def id_in(name: str) -> str:
    """The id of the backup in a file of this name; empty where it is no copy's name."""
    return name.removesuffix(ENDING) if name.endswith(ENDING) else ""


def fetch(config: Config, backup_id: str, key_file: Path, into: Path) -> Path:
    """Get a copy from the first place with a good one, as the folder `into`/<id>.

    Raises AwayRefused and AwayFailed.
    """
    if not ID.fullmatch(backup_id):
        raise AwayFailed("This is no id of a backup: they look like 20261121T020003Z-0a1b2c3d.")
    problems = []
    with told():
        keys = age.identities(key_file)
    for store in stores(config):
        try:
            return fetched(store, backup_id, keys, into)
        except AwayFailed as failed:
            problems.append(failed.message)
    raise AwayFailed(" ".join(problems))


def fetched(store: Store, backup_id: str, keys: list[x25519.Identity], into: Path) -> Path:
    with workplace(into) as work:
        copy = work / "fetched"
        store.fetch(backup_id + ENDING, copy)
        folder = parcel.opened(copy, keys, work)
        if folder.name != backup_id:
            raise AwayFailed(f"What {store.where} has as {backup_id} is {folder.name}.")
        return put(folder, into)


def unpack(path: Path, key_file: Path, into: Path) -> Path:
    """Open a copy that is on this machine, as the folder `into`/<id>. Raises AwayFailed."""
    with workplace(into) as work:
        return put(parcel.opened(path, age.identities(key_file), work), into)


def put(folder: Path, into: Path) -> Path:
    """Give an opened backup its place, all at once."""
    target = into / folder.name
    if target.exists():
        raise AwayFailed(f"{target} is there already. Move it, or name another folder.")
    return folder.rename(target)


@contextmanager
def workplace(into: Path) -> Iterator[Path]:
    """A folder within `into` for what is half done, and which goes with all that is left in it."""
    with told():
        into.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".opening-", dir=into) as work:
            yield Path(work)


@contextmanager
def told() -> Iterator[None]:
    try:
        yield
    except (StoreFailed, age.Unusable, parcel.NotAParcel) as failed:
        raise AwayFailed(str(failed)) from None
    except OSError as error:
        raise AwayFailed(f"The copy could not be made or opened here: {error.strerror}.") from None


def stores(config: Config) -> list[Store]:
    """The places that are set. Raises AwayRefused where there is none."""
    found: list[Store] = []
    if config.backup_copy_dir:
        found.append(MountedFolder(config.backup_copy_dir))
    if config.s3_bucket:
        found.append(ObjectStore(config, config.s3_bucket))
    if not found:
        raise AwayRefused("Copies have no place to go: neither BACKUP_COPY_DIR nor S3_BUCKET is set.")
    return found


def required(config: Config) -> tuple[Path, str]:
    """The folder of backups, and whom to encrypt to. Raises AwayRefused where anything must not leave."""
    stores(config)
    if config.backup_dir is None:
        raise AwayRefused("BACKUP_DIR is not set, so there is no backup to copy.")
    if not config.backup_recipient:
        raise AwayRefused(
            "BACKUP_RECIPIENT is not set, and no backup leaves this machine unencrypted. To mend: run "
            "age-keygen elsewhere, keep what it prints there, and set BACKUP_RECIPIENT to its public key."
        )
    if config.backup_copy_dir and inside(config.backup_copy_dir, config.backup_dir):
        raise AwayRefused("BACKUP_COPY_DIR lies in BACKUP_DIR: what is lost with one is lost with the other.")
    return config.backup_dir, config.backup_recipient


def inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())
