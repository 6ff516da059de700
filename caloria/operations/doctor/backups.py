"""Questions about the backups: whether there are any, proven and elsewhere too. Asks no database."""

from datetime import UTC, datetime

from caloria.operations.backup import away
from caloria.operations.backup.failure import BackupFailed
from caloria.operations.backup.health import newest_proven, unreadable, worries
from caloria.operations.backup.shelf import Shelf
from caloria.operations.doctor.check import NOT_ASKED, OK, WARN, Check, Errand
from config import Config
from settings.shell import POSTGRESQL

FRESH, PROVABLE, ELSEWHERE = "backups are fresh", "backups can be proven", "backups leave this machine"
TOLD = "somebody is told of a bad night"


def errands(config: Config) -> list[Errand]:
    if not config.deployed and config.backup_dir is None:
        return []
    questions = ((FRESH, fresh), (PROVABLE, provable), (ELSEWHERE, elsewhere), (TOLD, told))
    return [Errand([name], lambda ask=ask: [ask(config)]) for name, ask in questions]


def fresh(config: Config) -> Check:
    """Whether there is a proven one of last night, and nothing to worry about."""
    try:
        shelf = Shelf.of(config)
    except BackupFailed as failure:
        unset, _, mend = failure.message.partition(" To mend: ")
        return Check(FRESH, WARN, unset, mend)
    ours = shelf.meant(config.database_id)
    found = [*worries(ours, datetime.now(UTC)), *unreadable(shelf)]
    if found:
        return Check(FRESH, WARN, " ".join(worry.text for worry in found), "flask backup check")
    newest = newest_proven(ours)
    return Check(FRESH, OK, f"the newest proven one is {newest.id}" if newest else "")


def provable(config: Config) -> Check:
    if config.backup_proof_url is not None or not config.deployed:
        return Check(PROVABLE, OK)
    mend = config.correct("BACKUP_PROOF_URL", POSTGRESQL.replace("NAME", "postgres"))
    return Check(PROVABLE, WARN, "BACKUP_PROOF_URL is not set: they are read, and not restored", mend)


def told(config: Config) -> Check:
    if not config.alert_email:
        asked = WARN if config.deployed else NOT_ASKED
        return Check(TOLD, asked, "ALERT_EMAIL is not set", config.correct("ALERT_EMAIL", "VALUE"))
    if config.deployed and not config.mail_server:
        mend = config.correct("MAIL_SERVER", "HOST")
        return Check(TOLD, WARN, "MAIL_SERVER is not set, so ALERT_EMAIL hears nothing", mend)
    return Check(TOLD, OK)


def elsewhere(config: Config) -> Check:
    """What lies beside the database is lost with it."""
    if not away.is_set_up(config):
        asked = WARN if config.deployed else NOT_ASKED
        mend = config.correct("BACKUP_COPY_DIR", "VALUE")
        return Check(ELSEWHERE, asked, "neither BACKUP_COPY_DIR nor S3_BUCKET is set", mend)
    if away.lies_on_the_same_disk(config):
        where = f"{config.backup_copy_dir} is on the same disk as BACKUP_DIR: is it mounted?"
        return Check(ELSEWHERE, WARN, where, f"mount {config.backup_copy_dir}")
    return Check(ELSEWHERE, OK)
