"""Rows by the hundred thousand, packed so that one column holds them."""

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Any

CHUNK = 1 << 12
TO_JSON = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), default=str).encode


class Packed:
    """Rows that are packed one after the other."""

    def __init__(self):
        self._packer, self._pieces = zlib.compressobj(1), []

    def add(self, row: list[Any]) -> None:
        if piece := self._packer.compress(f"{TO_JSON(row)}\n".encode()):
            self._pieces.append(piece)

    @property
    def text(self) -> str:
        """All of them, once."""
        return b64encode(b"".join([*self._pieces, self._packer.flush()])).decode()


def packed(rows) -> str:
    """All of these rows."""
    packing = Packed()
    for row in rows:
        packing.add(row)
    return packing.text


def unpacked(text: str) -> Iterator[list[Any]]:
    """The rows, one at a time."""
    packer, data, rest = zlib.decompressobj(), b64decode(text), b""
    for place in range(0, len(data), CHUNK):
        *lines, rest = (rest + packer.decompress(data[place : place + CHUNK])).split(b"\n")
        yield from map(json.loads, lines)
