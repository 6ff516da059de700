from datetime import datetime, timedelta

from caloria.extensions import db
from caloria.models.backup_run import BACKUP, DRILL, BackupRun, may_be_old
from caloria.models.clock import utc_now

SHOWN = 14
MISSING, FAILED, DOUBTFUL, OLD = "missing", "failed", "doubtful", "old"


class BackupStanding:
    """How the backups of this database stand, by what the commands that make them told it."""

    def __init__(self) -> None:
        self.newest: BackupRun | None = db.session.scalar(BackupRun.newest_proven())
        self.runs: list[BackupRun] = list(db.session.scalars(BackupRun.latest(BACKUP, SHOWN)))
        self.drill: BackupRun | None = db.session.scalar(BackupRun.latest(DRILL, 1))
        self.as_of = utc_now()

    @property
    def at_stake(self) -> timedelta | None:
        """How much could be lost now, at most; None where it is everything."""
        since: datetime | None = self.newest.snapshot_at if self.newest else None
        return self.as_of - since if since else None

    @property
    def worry(self) -> str | None:
        """What an admin has to know, the gravest of it."""
        if self.newest is None or self.at_stake is None:
            return MISSING
        if not self.runs[0].is_fine:
            return DOUBTFUL if self.runs[0].suspicion else FAILED
        return OLD if self.at_stake > may_be_old(self.newest.size_bytes or 0) else None
