"""What stands against moving a row, as the report tells it."""

from collections import Counter
from typing import NamedTuple

LISTED = 10_000


class Problem(NamedTuple):
    table: str
    key: str
    column: str
    reason: str
    value: str | None = None

    def __str__(self) -> str:
        said = f": {self.value}" if self.value is not None else ""
        return f"{self.table} {self.key}: {self.column} {self.reason}{said}"


class Problems:
    """All of them are counted, and the first ten thousand are kept.

    Rows with which nothing is wrong but that they depend on such a row are counted by themselves.
    """

    def __init__(self) -> None:
        self.listed: list[Problem] = []
        self.counts: Counter[str] = Counter()
        self.depending: Counter[str] = Counter()

    @property
    def total(self) -> int:
        return self.counts.total()

    def add(self, problem: Problem, depends: bool) -> None:
        if depends:
            self.depending[problem.table] += 1
            return
        self.counts[problem.table] += 1
        if len(self.listed) < LISTED:
            self.listed.append(problem)
