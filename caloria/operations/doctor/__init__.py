"""Everything an operator would want to know of this process, its database and its machine, asked at once."""

from collections.abc import Iterator
from time import monotonic

from sqlalchemy import MetaData

from caloria.guard.asking import DATABASE_ANSWERS
from caloria.operations.doctor import backups, machine, outside, queue, server
from caloria.operations.doctor.check import FAIL, NOT_ASKED, OK, UNKNOWN, WARN, Check
from caloria.operations.doctor.start import start_checks
from config import Config

__all__ = ["FAIL", "NOT_ASKED", "OK", "UNKNOWN", "WARN", "Check", "examine", "exit_code"]
PATIENCE = 4  # beside the guard's own 15 seconds


def examine(config: Config, metadata: MetaData) -> Iterator[Check]:
    """Every question of the guard, then what a start does not depend on, as it is found out."""
    answered = False
    for check in start_checks(config, metadata):
        answered = answered or (check.status, check.name) == (OK, DATABASE_ANSWERS.replace("_", " "))
        yield check
    errands = [
        *machine.errands(config),
        *server.errands(config, answered),
        *queue.errands(config, answered),
        *outside.errands(config, answered),
        *backups.errands(config),
    ]
    give_up_at = monotonic() + PATIENCE
    for errand in errands:
        yield from errand.checks(give_up_at)


def exit_code(checks: list[Check]) -> int:
    """The guard's: that of the first refusal, or 0 where a start would go on."""
    return next((check.exit_code for check in checks if check.exit_code), 0)
