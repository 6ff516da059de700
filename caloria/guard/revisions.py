"""The revisions this code has, read from its migrations folder."""

from functools import cache
from pathlib import Path

from alembic.script import ScriptDirectory

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


@cache
def script() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS))


@cache
def head() -> str:
    """The one revision that the code is written for."""
    revision = script().get_current_head()
    if revision is None:
        raise LookupError(f"{MIGRATIONS} has no revision")
    return revision


def is_known(revision: str) -> bool:
    """Whether this code has that revision, by its whole name."""
    return revision in {each.revision for each in script().walk_revisions()}


def between(revision: str) -> int:
    """How many revisions lie between that one and the head."""
    return len(list(script().iterate_revisions("head", revision)))
