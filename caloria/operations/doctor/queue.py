"""Whether somebody does what waits outside of pages, and what was given up."""

from functools import partial

from caloria import guard
from caloria.guard.connection import opened
from caloria.models import QueueStanding
from caloria.operations.doctor.check import OK, WARN, Check, Errand, not_asked
from config import Config

WORKED_ON, DONE = "somebody works on the queue", "jobs are done"


def errands(config: Config, answered: bool) -> list[Errand]:
    names = [WORKED_ON, DONE]
    ask = partial(checks, config) if answered else partial(not_asked, names, "not asked: no connection")
    return [Errand(names, ask)]


def checks(config: Config) -> list[Check]:
    with opened(config, guard.usable(config.database_url)) as connection:
        standing = QueueStanding(connection)
    return [worked_on(standing, config), done(standing)]


def worked_on(standing: QueueStanding, config: Config) -> Check:
    """Without a worker no mail is sent, and nobody is told."""
    seen = standing.worker_seen_at
    detail = f"a worker was last seen {seen:%Y-%m-%d %H:%M}Z" if seen else "no worker was ever seen"
    detail += f"; {standing.waiting:,} wait"
    is_missed = standing.nobody_works or (config.deployed and not standing.is_worked_on)
    return Check(WORKED_ON, *((WARN, detail, "flask jobs work") if is_missed else (OK, detail)))


def done(standing: QueueStanding) -> Check:
    if not standing.given_up:
        return Check(DONE, OK)
    return Check(DONE, WARN, f"given up after a day: {standing.given_up:,}", "flask jobs list")
