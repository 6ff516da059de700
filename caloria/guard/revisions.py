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


@cache
def known() -> frozenset[str]:
    return frozenset(each.revision for each in script().walk_revisions())


def is_known(revision: str) -> bool:
    """Whether this code has that revision, by its whole name."""
    return revision in known()


def are_ahead(stamped: list[str], oldest_compatible: str | None) -> bool:
    """Whether this code, though older than those revisions, is inside the window that they leave."""
    is_older = any(not is_known(revision) for revision in stamped)
    return is_older and oldest_compatible is not None and is_known(oldest_compatible)


def between(revision: str) -> int:
    """How many revisions lie between that one and the head."""
    return len(list(script().iterate_revisions("head", revision)))


def oldest_compatible(revision: str) -> str:
    """The oldest revision whose code can still run on that one, as its file says; else it alone."""
    return getattr(script().get_revision(revision).module, "oldest_compatible", revision)
