"""Databases that are another one than was meant."""

import pytest
from hints import Trouble
from processes import KEY, told
from surroundings import flask
from troubles import OTHER, trouble

from caloria.operations.transfer.failure import TransferFailed
from caloria.operations.transfer.move import Wanted, transfer
from config import Config


@trouble()
def database_retired(world):
    url = world.migrated()
    world.execute(url, "UPDATE identity SET retired_at = CURRENT_TIMESTAMP")
    return Trouble(told(url), [0], world.name(world.migrated()))


@trouble(only="postgresql")
def transfer_unfinished(world):
    file = world.folder / "moved from.db"
    assert flask("db", "upgrade", url=f"sqlite:///{file}").returncode == 0
    url = world.migrated()

    def stop(stage, _done, _total):
        if stage == "Copying":
            raise KeyboardInterrupt

    with pytest.raises(TransferFailed):
        transfer(Config.load(told(url), root=world.folder), file, Wanted(), stop)
    return Trouble(told(url), [0])


@trouble()
def other_environment(world):
    return Trouble(told(world.migrated("staging")), [0, 0], world.name(world.migrated()))


@trouble(only="postgresql")
def other_environment__where_nothing_is_said(world):
    said = world.deployed()
    del said["CALORIA_ENV"]
    url = world.migrated("staging")
    said |= {"DATABASE_URL": url, "CALORIA_DB_ID": world.id_of(url)}
    return Trouble(said, [0, 84, 0], world.name(world.deployed()["DATABASE_URL"]))


@trouble("environment", ".env", only="postgresql")
def database_id_missing(world):
    return Trouble(told(world.migrated("production"), "production"), [0])


@trouble("environment", ".env", only="postgresql")
def other_database(world):
    url, pinned = world.migrated("production"), world.migrated("production")
    world.execute(pinned, f"UPDATE identity SET uuid = '{OTHER}'")
    return Trouble(told(url, "production", CALORIA_DB_ID=OTHER), [0], world.name(pinned))


@trouble(only="postgresql")
def copied_database(world):
    said = world.deployed()
    world.execute(said["DATABASE_URL"], "UPDATE identity SET database_oid = 1")
    return Trouble(said, [0, 84])


@trouble(only="postgresql")
def database_unnamed(world):
    # Before it takes anything back it makes a backup.
    backups = {"BACKUP_DIR": str(world.house / "backups"), "BACKUP_KEY": KEY[::-1]}
    return Trouble(world.deployed(**backups), [80], {"REVISION": "0001"}, ask="flask db downgrade")
