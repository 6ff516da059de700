"""Copies of backups in a mounted folder and in a bucket, by what is really there afterwards."""

import io
import os
import resource
import socket
import sys
import tarfile
from hashlib import sha256
from pathlib import Path

import pyrage
import pytest
from pyrage import x25519
from s3_server import s3_server
from surroundings import ROOT, environment

from caloria.integrations import object_store
from caloria.integrations.mounted_folder import MountedFolder
from caloria.integrations.object_store import ObjectStore
from caloria.integrations.store import StoreFailed
from caloria.operations.backup import away
from caloria.operations.backup.away import AwayFailed, AwayRefused
from config import Config

ID, NAME = "20261121T020003Z-0a1b2c3d", "20261121T020003Z-0a1b2c3d.tar.age"
CANARY = b"a canary that nobody else may read"
# More than age encrypts at once, and more than one part of an upload.
ROWS = os.urandom(300_000)
LARGE = os.urandom(object_store.PART_BYTES + 100_000)
IDENTITY = x25519.Identity.generate()
PUBLIC = str(IDENTITY.to_public())
# The head of age's file, and the 64 KiB and 16 bytes of each of its pieces.
HEAD, PIECE = 221, 65552


@pytest.fixture(scope="module")
def account():
    with s3_server() as account:
        yield account


@pytest.fixture
def bucket(account):
    """The settings of an empty bucket."""
    yield {
        "S3_ENDPOINT_URL": account.url,
        "S3_BUCKET": account.bucket,
        "S3_PREFIX": "/caloria/",
        "S3_ACCESS_KEY_ID": account.key_id,
        "S3_SECRET_ACCESS_KEY": account.secret,
    }
    for name in kept(account):
        account.client.delete_object(Bucket=account.bucket, Key=name)


@pytest.fixture
def mount(tmp_path) -> Path:
    (tmp_path / "mount").mkdir()
    return tmp_path / "mount"


@pytest.fixture
def folder(mount):
    """The settings of an empty mounted folder."""
    return {"BACKUP_COPY_DIR": str(mount)}


@pytest.fixture
def told(tmp_path):
    """Make the configuration of a machine with backups."""
    (tmp_path / "backups").mkdir()

    def tell(**more: str) -> Config:
        usual = {"BACKUP_DIR": str(tmp_path / "backups"), "BACKUP_RECIPIENT": PUBLIC}
        return Config.load(environment("sqlite:///unused.db", **{**usual, **more}), root=ROOT)

    return tell


@pytest.fixture
def backup(tmp_path) -> Path:
    """Files of any length: none, some, and what fills the blocks of a tar."""
    folder = tmp_path / "backups" / ID
    (folder / "dump").mkdir(parents=True)
    (folder / "dump" / "toc.dat").write_bytes(b"")
    (folder / "dump" / "3001.dat.gz").write_bytes(ROWS)
    (folder / "uploads.tar").write_bytes(b"x" * 1024)
    (folder / "manifest.json").write_bytes(CANARY)
    return folder


@pytest.fixture
def key_file(tmp_path) -> Path:
    file = tmp_path / "key.txt"
    file.write_text(f"# created: today\n# public key: {PUBLIC}\n{x25519.Identity.generate()}\n{IDENTITY}\n")
    return file


@pytest.fixture
def copy(told, folder, backup, mount) -> Path:
    """A copy that is away."""
    away.send(told(**folder), backup, nothing)
    return mount / NAME


def nothing(*words) -> None:
    """Show no progress."""


def kept(account) -> list[str]:
    listed = account.client.list_objects_v2(Bucket=account.bucket).get("Contents", [])
    return [each["Key"] for each in listed]


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def fill_disk():
    """Let no file grow beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("place", ["folder", "bucket"])
def test_a_copy_comes_back_as_it_was_sent(told, backup, key_file, tmp_path, place, request):
    config = told(**request.getfixturevalue(place))
    (backup / "uploads.tar").write_bytes(LARGE)

    sent = away.send(config, backup, nothing)
    (listed,) = away.copies(config, pytest.fail)
    fetched = away.fetch(config, ID, key_file, tmp_path / "back")

    assert (sent.id, sent.size, sent.places) == (listed.id, listed.size, [listed.place])
    assert fetched == tmp_path / "back" / ID
    assert content(fetched) == content(backup)
    assert os.listdir(tmp_path / "back") == [ID]
    assert os.listdir(backup.parent) == [ID], "what was made for the way is gone"


def test_what_is_away_can_be_read_by_nobody_else(copy):
    away_bytes = copy.read_bytes()

    assert away_bytes.startswith(b"age-encryption.org/v1\n")
    assert all(plain not in away_bytes for plain in (CANARY, ROWS[:64], b"manifest.json", ID.encode()))
    assert copy.stat().st_mode & 0o777 == 0o600


def test_a_file_of_age_and_tar_alone_opens_too(copy):
    """Without Caloria: `age --decrypt -i key.txt COPY | tar x`."""
    plain = pyrage.decrypt(copy.read_bytes(), [IDENTITY])

    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        names = [name.removeprefix(f"{ID}/") for name in tar.getnames()]
    assert names == ["dump/3001.dat.gz", "dump/toc.dat", "manifest.json", "uploads.tar"]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda whole: whole[:-1000] + bytes([whole[-1000] ^ 1]) + whole[-999:], "was changed"),
        (lambda whole: whole[:-1], "its end is missing"),
        (lambda whole: whole[: HEAD + 3 * PIECE], "its end is missing"),
        (lambda whole: whole + b"x", "was changed"),
        (lambda whole: whole[:60] + bytes([whole[60] ^ 1]) + whole[61:], "its first bytes were changed"),
        (lambda whole: whole[:30], "its first bytes were changed"),
        (lambda whole: b"", "not one that age encrypted"),
        (lambda whole: b"age-encryption.org/v1\n-> scrypt " + whole, "with a passphrase"),
    ],
)
def test_a_copy_that_is_not_as_it_was_sent_is_refused(copy, key_file, tmp_path, damage, said):
    copy.write_bytes(damage(copy.read_bytes()))

    with pytest.raises(AwayFailed, match=said):
        away.unpack(copy, key_file, tmp_path / "back")

    assert os.listdir(tmp_path / "back") == []


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (str(x25519.Identity.generate()), "not encrypted to this key"),
        (str(IDENTITY)[:-1], "no whole secret key"),
        (PUBLIC, "no whole secret key"),
        ("age-encryption.org/v1\n-> scrypt a", "is encrypted itself"),
    ],
    ids=("another", "cut off", "public", "encrypted"),
)
def test_a_key_that_does_not_fit_is_refused_and_not_repeated(copy, key_file, tmp_path, key, said):
    key_file.write_text(key)

    with pytest.raises(AwayFailed, match=said) as refused:
        away.unpack(copy, key_file, tmp_path / "back")

    assert str(IDENTITY)[16:40] not in refused.value.message


@pytest.mark.parametrize(
    "member",
    [
        {"name": f"{ID}/../outside"},
        {"name": "/etc/outside"},
        {"name": f"{ID}/link", "type": tarfile.SYMTYPE, "linkname": "/etc/passwd"},
        {"name": "elsewhere/manifest.json"},
    ],
)
def test_anybody_can_encrypt_to_a_public_key_so_only_backups_are_unpacked(tmp_path, key_file, member):
    info = tarfile.TarInfo()
    for name, value in member.items():
        setattr(info, name, value)
    forged = tmp_path / "forged"
    forged.write_bytes(pyrage.encrypt(info.tobuf() + bytes(1024), [IDENTITY.to_public()]))

    with pytest.raises(AwayFailed, match="holds something else"):
        away.unpack(forged, key_file, tmp_path / "back")

    assert os.listdir(tmp_path / "back") == []
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"BACKUP_RECIPIENT": ""}, "BACKUP_RECIPIENT is not set"),
        ({"BACKUP_COPY_DIR": ""}, "neither BACKUP_COPY_DIR nor S3_BUCKET"),
        ({"BACKUP_COPY_DIR": "{backups}"}, "lies in BACKUP_DIR"),
        ({"BACKUP_COPY_DIR": "{backups}/copies"}, "lies in BACKUP_DIR"),
    ],
)
def test_nothing_leaves_unencrypted_or_to_nowhere(told, folder, backup, mount, settings, said):
    settings = {name: value.format(backups=backup.parent) for name, value in settings.items()}

    with pytest.raises(AwayRefused, match=said):
        away.send(told(**{**folder, **settings}), backup, nothing)

    assert os.listdir(mount) == []
    assert os.listdir(backup.parent) == [ID]


def test_a_folder_that_is_not_mounted_is_not_made(told, folder, backup, mount):
    mount.rmdir()

    with pytest.raises(AwayFailed, match="No such file or directory"):
        away.send(told(**folder), backup, nothing)

    assert not mount.exists()
    assert os.listdir(backup.parent) == [ID]


@pytest.mark.parametrize("step", ["Encrypting", "Copying to"])
def test_a_full_disk_at_home_or_away_leaves_no_half_of_a_copy(told, folder, backup, mount, fill_disk, step):
    def fill(now: str, done: int, of: int) -> None:
        if now.startswith(step):
            fill_disk(100_000)

    with pytest.raises(AwayFailed, match="File too large"):
        away.send(told(**folder), backup, fill)

    assert os.listdir(mount) == []
    assert os.listdir(backup.parent) == [ID]


def test_what_interrupted_runs_left_goes_and_what_others_are_sending_stays(
    told, folder, bucket, backup, mount, account
):
    ours, others = "20261120T020003Z-0a1b2c3d.tar.age", "20261120T020003Z-99999999.tar.age"
    (backup.parent / f"{ours}.partial").touch()
    for name in (ours, others):
        (mount / f"{name}.partial").touch()
        account.client.create_multipart_upload(Bucket=account.bucket, Key=f"caloria/{name}")

    away.send(told(**folder, **bucket), backup, nothing)

    assert os.listdir(backup.parent) == [ID]
    assert sorted(os.listdir(mount)) == [f"{others}.partial", NAME]
    uploads = account.client.list_multipart_uploads(Bucket=account.bucket)["Uploads"]
    assert [each["Key"] for each in uploads] == [f"caloria/{others}"]


def test_a_place_that_fails_keeps_a_copy_from_no_other(
    told, folder, bucket, backup, mount, key_file, tmp_path
):
    mount.rmdir()
    config, told_of = told(**folder, **bucket), []

    with pytest.raises(AwayFailed, match="A copy in the folder"):
        away.send(config, backup, nothing)

    assert [copy.id for copy in away.copies(config, told_of.append)] == [ID]
    assert len(told_of) == 1
    mount.mkdir()
    (mount / NAME).write_bytes(b"spoiled")
    assert content(away.fetch(config, ID, key_file, tmp_path / "back")) == content(backup)


def test_a_copy_under_another_ones_name_is_refused(told, folder, copy, key_file, tmp_path):
    other = ID.replace("1121", "1122")
    copy.rename(copy.with_name(f"{other}.tar.age"))

    with pytest.raises(AwayFailed, match=f"has as {other} is {ID}"):
        away.fetch(told(**folder), other, key_file, tmp_path / "back")
    with pytest.raises(AwayFailed, match="There is no"):
        away.fetch(told(**folder), ID, key_file, tmp_path / "back")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"S3_SECRET_ACCESS_KEY": "wrong"}, "SignatureDoesNotMatch"),
        ({"S3_BUCKET": "another"}, "NoSuchBucket"),
        ({"S3_ENDPOINT_URL": "http://127.0.0.1:1"}, "EndpointConnectionError"),
    ],
)
def test_a_store_that_refuses_is_one_sentence_without_keys(
    told, bucket, backup, account, wrong, said, monkeypatch
):
    monkeypatch.setattr(object_store, "ATTEMPTS", 1)

    with pytest.raises(AwayFailed, match=said) as failed:
        away.send(told(**{**bucket, **wrong}), backup, nothing)

    assert account.key_id not in failed.value.message
    assert os.listdir(backup.parent) == [ID]
    assert kept(account) == []


def test_a_store_that_never_answers_is_not_waited_for(told, bucket, backup, monkeypatch):
    monkeypatch.setattr(object_store, "ATTEMPTS", 1)
    monkeypatch.setattr(object_store, "ANSWER_SECONDS", 0.1)

    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(AwayFailed, match="ReadTimeoutError"):
            away.send(told(**{**bucket, "S3_ENDPOINT_URL": url}), backup, nothing)


def test_without_boto3_a_bucket_says_how_to_install_it(told, bucket, backup, monkeypatch):
    monkeypatch.setitem(sys.modules, "boto3", None)

    with pytest.raises(AwayFailed, match=r"pip install -r requirements-s3\.txt"):
        away.send(told(**bucket), backup, nothing)


def test_a_store_that_keeps_something_else_is_found_out(told, bucket, account, mount, tmp_path):
    """Asked for its checksum, or where it has none, for the whole of it."""
    file, store = tmp_path / "file", ObjectStore(told(**bucket), account.bucket)
    file.write_bytes(CANARY)
    digest = sha256(CANARY).hexdigest()

    with pytest.raises(StoreFailed, match="not what was written"):
        MountedFolder(mount).keep(file, "a", sha256(b"other").hexdigest())
    assert os.listdir(mount) == []

    store.keep(file, "a", digest)
    with pytest.raises(StoreFailed, match="not what was sent"):
        store.compare(store.named("a"), len(CANARY), object_store.as_text(b"other"), digest)
    store.client.put_object(**store.named("plain"), Body=CANARY)
    store.compare(store.named("plain"), len(CANARY), "unknown", digest)
    for size, other in ((len(CANARY), sha256(b"other").hexdigest()), (1, digest)):
        with pytest.raises(StoreFailed, match="not what was sent"):
            store.compare(store.named("plain"), size, "unknown", other)
