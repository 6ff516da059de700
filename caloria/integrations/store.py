"""What every place for copies has in common."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol

PIECE_BYTES = 1024 * 1024


class StoreFailed(Exception):
    """A place does not do what it was asked for; says so in a sentence that holds no secret."""


class Stored(NamedTuple):
    """A file as its place lists it."""

    name: str
    size: int
    at: datetime


class Store(Protocol):
    """Where copies are kept. Each act raises StoreFailed."""

    @property
    def where(self) -> str:
        """The place, in words for a sentence."""

    def keep(self, file: Path, name: str, sha256: str) -> None:
        """Keep a file under a name, which it has only once what is there was compared."""

    def fetch(self, name: str, target: Path) -> None:
        """Write what is kept under a name into a new file."""

    def stored(self) -> list[Stored]:
        """Everything that is kept there."""

    def clean(self, ending: str) -> None:
        """Remove what interrupted runs left of files whose name ends so."""
