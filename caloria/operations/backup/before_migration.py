from caloria.operations.backup.create import create
from caloria.operations.backup.failure import BackupFailed
from caloria.operations.backup.telling import told
from config import Config

REASON = "pre-migration"
WITHOUT = "No table was changed. To go on without a backup of just now, say --no-backup."


def before_migration(config: Config) -> str:
    """Take a backup before tables are changed, and keep it for 30 days; its id. Raises BackupFailed, Busy."""
    try:
        backup = told(config, lambda: create(config, lambda *_: None, REASON, pin=True))
    except BackupFailed as failure:
        failure.message = f"{failure.message} {WITHOUT}"
        raise
    return backup.id
