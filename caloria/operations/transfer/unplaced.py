"""What a source holds and has no place here: kept as JSON in the report, so that nothing is dropped."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any


class Unplaced:
    """Rows of which something arrived nowhere, by table; they wait in a file, for they may be many."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.file: Path | None = None

    def keep(self, rows: Iterable[dict[str, Any]], file: Path) -> None:
        """Note them in a file that is only there for the time being. Raises OSError."""
        with file.open("w", encoding="utf-8") as written:
            for row in rows:
                self.counts[row["table"]] += 1
                written.write(json.dumps(row, ensure_ascii=False) + "\n")
        self.file = file

    def told(self) -> Iterator[bytes]:
        """The elements of a JSON array, a line each."""
        if not self.counts or self.file is None:
            return
        with self.file.open("rb") as lines:
            for number, line in enumerate(lines):
                yield (b",\n    " if number else b"\n    ") + line.rstrip(b"\n")
        yield b"\n  "
