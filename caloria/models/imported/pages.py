"""Rows that are many, packed a thousand to a page: whoever goes through them holds one page at a time."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from typing import Any
from zlib import compress, decompress

PAGE = 1000
QUICKLY = 1


class Pages:
    """Rows as JSON can hold them, in the order in which they were added."""

    def __init__(self, pages: Iterable[str] = ()):
        self._full, self._open = list(pages), list[Any]()

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
        text = json.dumps(self._open, separators=(",", ":"), ensure_ascii=False).encode()
        self._full.append(b64encode(compress(text, QUICKLY)).decode())
        self._open = []
