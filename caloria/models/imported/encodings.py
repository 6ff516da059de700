"""In which letters a file is written."""

import codecs
from typing import BinaryIO

from caloria.models.imported.trouble import NotReadable
from caloria.words import N_

BINARY = N_("This is no file that a tracker exports: a CSV file, a zip of them or an Excel file is.")
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
CHUNK = 1 << 16


def encoding_of(stream: BinaryIO) -> str:
    """The encoding of a text, by its mark or else by what it holds. Raises NotReadable."""
    head = stream.read(CHUNK)
    for mark, name in MARKS.items():
        if head.startswith(mark):
            return name
    if b"\0" in head:
        return _without_mark(head)
    return "utf-8" if _is_utf_8(head, stream) else "cp1252"


def _without_mark(head: bytes) -> str:
    """UTF-16 of western letters has a zero in every second place."""
    zeros = [head[place::2].count(0) / max(len(head[place::2]), 1) for place in (0, 1)]
    if zeros[1] > 0.4 and zeros[0] < 0.05:
        return "utf-16-le"
    if zeros[0] > 0.4 and zeros[1] < 0.05:
        return "utf-16-be"
    raise NotReadable(BINARY)


def _is_utf_8(head: bytes, stream: BinaryIO) -> bool:
    # Not final: a file that was cut off within a letter is UTF-8 all the same.
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while head:
            decoder.decode(head)
            head = stream.read(CHUNK)
    except UnicodeDecodeError:
        return False
    return True
