"""What a move did, for a person, for the file beside the kept copy and for the audit."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

from caloria.models.clock import utc_now
from caloria.operations.backup import disk
from caloria.operations.transfer.failure import TransferFailed
from caloria.operations.transfer.problems import Problems
from caloria.operations.transfer.unplaced import Unplaced
from caloria.version import VERSION

MOVED, VERIFIED, CHECKED, PROBLEMS, DIFFERS = "moved", "verified before", "checked", "problems", "differs"
FAILED_CODE, LEFT_OUT_CODE, PROBLEMS_CODE = 1, 3, 4


@dataclass
class Report:
    """Equal is only what was moved or verified, with nothing left out."""

    source: Path
    target: str
    fingerprint: str
    at: datetime = field(default_factory=utc_now)
    state: str = DIFFERS
    verified_at: datetime | None = None  # by a move of before
    revision: str = ""
    kept: Path | None = None
    retired: Path | None = None
    written: Path | None = None
    tables: list[dict[str, Any]] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)
    differences: list[str] = field(default_factory=list)
    compared: dict[str, int] = field(default_factory=dict)
    unplaced: Unplaced = field(default_factory=Unplaced)
    seconds: float = 0
    seconds_of: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        began = monotonic()
        yield
        self.seconds_of[step] = round(monotonic() - began, 2)

    @property
    def left_out(self) -> int:
        return sum(table["left_out"] for table in self.tables)

    @property
    def rows(self) -> int:
        return sum(table["moved"] for table in self.tables)

    @property
    def is_proven(self) -> bool:
        return self.state in (MOVED, VERIFIED)

    @property
    def exit_code(self) -> int:
        if self.is_proven:
            return LEFT_OUT_CODE if self.left_out else 0
        return {PROBLEMS: PROBLEMS_CODE, CHECKED: 0}.get(self.state, FAILED_CODE)

    def marker(self, shift: int, left_out: Iterable[tuple[str, int]]) -> dict[str, Any]:
        """What the audit has to know, so that the same move is recognised and can be verified again."""
        return {
            "source": self.fingerprint,
            "kept": str(self.kept),
            "shift": shift,
            "left_out": ranges(left_out),
            "rows": {table["name"]: table["moved"] for table in self.tables},
            "checksums": {table["name"]: table["checksum"] for table in self.tables},
        }

    def write(self, path: Path, private: Path) -> None:
        """Half of one is only ever in the private folder. Raises TransferFailed."""
        whole = private / path.name
        with self.told_of(path):
            disk.write_all(whole, self.text())
            whole.replace(path)
            disk.sync(path.parent)
        self.written = path

    @contextmanager
    def told_of(self, path: Path) -> Iterator[None]:
        """What it means that there is no report."""
        try:
            yield
        except OSError as error:
            done = "Everything was moved and verified, but the report " if self.is_proven else "The report "
            raise TransferFailed(f"{done}{path} was not written: {error.strerror}.") from None

    def text(self) -> Iterator[bytes]:
        """As JSON; what has no place comes last, a line for each row, for it may be much."""
        yield json.dumps(self.facts(), indent=2, ensure_ascii=False).removesuffix("\n}").encode()
        yield b',\n  "unplaced": ['
        yield from self.unplaced.told()
        yield b"]\n}\n"

    def facts(self) -> dict[str, Any]:
        return {
            "state": self.state,
            "exit_code": self.exit_code,
            "at": self.at.isoformat(),
            "caloria": VERSION,
            "source": {"file": str(self.source), "sha256": self.fingerprint, "revision": self.revision},
            "target": self.target,
            "kept": self.kept and str(self.kept),
            "retired": self.retired and str(self.retired),
            "seconds": round(self.seconds, 1),
            "seconds_of": self.seconds_of,
            "tables": self.tables,
            "compared": self.compared,
            "differences": self.differences,
            "problems": {
                "total": self.problems.total,
                "rows_that_depend_on_them": dict(self.problems.depending),
                "listed": [problem._asdict() for problem in self.problems.listed],
            },
        }


def ranges(left_out: Iterable[tuple[str, int]]) -> dict[str, list[list[int]]]:
    """Row numbers by table, with those that follow one another as one pair."""
    found: dict[str, list[list[int]]] = {}
    for name, row in sorted(left_out):
        pairs = found.setdefault(name, [])
        if pairs and pairs[-1][1] + 1 == row:
            pairs[-1][1] = row
        else:
            pairs.append([row, row])
    return found
