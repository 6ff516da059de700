"""Rows that are many, packed a thousand to a page: whoever goes through them holds one page at a time."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from typing import Any
from zlib import compress, decompress

PAGE = 1000
QUICKLY = 1
TO_JSON = json.JSONEncoder(separators=(",", ":"), default=str).encode


class Pages:
    """Rows in the order in which they were added; what JSON does not know is said as text."""

    def __init__(self, pages: Iterable[str] = ()):
        self._full, self._open = list(pages), list[Any]()

    @classmethod
    def of(cls, rows: Iterable[Any]) -> "Pages":
        pages = cls()
        for row in rows:
            pages.add(row)
        return pages

    def add(self, row: Any) -> None:
        self._open.append(row)
        if len(self._open) == PAGE:
            self._close()

    def clear(self) -> None:
        self._full, self._open = [], []

    def __iter__(self) -> Iterator[Any]:
        for page in self._full:
            yield from json.loads(decompress(b64decode(page)))
        yield from self._open

    def packed(self) -> list[str]:
        """Every page, as texts."""
        if self._open:
            self._close()
        return self._full

    def _close(self) -> None:
        self._full.append(b64encode(compress(TO_JSON(self._open).encode(), QUICKLY)).decode())
        self._open = []
