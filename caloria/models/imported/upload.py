"""What somebody chose to upload: a CSV file, a zip of them, or an Excel file."""

import zlib
from collections.abc import Iterator
from io import BufferedIOBase, BytesIO
from typing import BinaryIO, cast
from zipfile import BadZipFile, ZipFile, ZipInfo

from caloria.models.imported.csv_file import csv_table
from caloria.models.imported.encodings import BINARY
from caloria.models.imported.table import Table
from caloria.models.imported.trouble import NotReadable
from caloria.models.imported.workbook import BROKEN, sheets
from caloria.words import N_

MEBIBYTE = 1024 * 1024
# An export of Caloria itself, which is read piece by piece, may be larger.
MOST_BYTES, MOST_OWN_BYTES = 10 * MEBIBYTE, 48 * MEBIBYTE
MOST_UNPACKED = 60 * MEBIBYTE
MOST_MEMBERS = 200
EMPTY = N_("There is nothing in this file. Please export it once more.")
BROKEN_ZIP = N_("This zip file is damaged, or was not sent whole. Please choose it again.")
LOCKED = N_("This zip file asks for a password. Please unpack it, and send what is in it.")
SWELLS = N_("Unpacked, this file would be larger than %(most)s MB. Please export a few years at a time.")
TOO_LARGE = N_("This file is larger than %(most)s MB. Please export a few years at a time.")
NO_CSV = N_("There is no CSV file in this zip file.")
# ValueError: the places that a damaged file gives for its parts may lie before its beginning.
WHAT_ZIPS_RAISE = (
    BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    KeyError,
    OSError,
    ValueError,
)


def tables(name: str, content: bytes) -> list[Table]:
    """Every table of a file. Raises NotReadable."""
    if not content.strip():
        raise NotReadable(EMPTY)
    if len(content) > MOST_BYTES:
        raise NotReadable(TOO_LARGE, most=MOST_BYTES // MEBIBYTE)
    if not content.startswith(b"PK"):
        _refuse_other_kinds(content)
        table = csv_table(name, lambda: BytesIO(content))
        return [table] if table else []
    try:
        return list(_packed(content))
    except NotReadable:
        raise
    except WHAT_ZIPS_RAISE:
        raise NotReadable(BROKEN_ZIP) from None


def _refuse_other_kinds(content: bytes) -> None:
    """What is no text but has few zeros: pictures, PDF, what gzip made, old Excel files."""
    begins = (b"\x89PNG", b"\xff\xd8\xff", b"%PDF", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"7z\xbc\xaf", b"Rar!")
    if content.startswith(begins):
        raise NotReadable(BINARY)


def _packed(content: bytes) -> Iterator[Table]:
    with ZipFile(BytesIO(content)) as packed:
        members = packed.infolist()
        _refuse_bombs(members)
    names = {member.filename for member in members}

    def open_(member: str) -> BinaryIO:
        """Each time anew: a table may be read after another, and again."""
        try:
            return cast("BinaryIO", Member(ZipFile(BytesIO(content)), member))
        except WHAT_ZIPS_RAISE:
            raise NotReadable(BROKEN_ZIP) from None

    if "xl/workbook.xml" in names:
        if "xl/_rels/workbook.xml.rels" not in names:
            raise NotReadable(BROKEN)
        yield from sheets(ZipFile(BytesIO(content)), open_)
        return
    csv_files = [member.filename for member in members if _is_csv(member)]
    if not csv_files:
        raise NotReadable(NO_CSV)
    for path in csv_files:
        if table := csv_table(path.rpartition("/")[2], lambda path=path: open_(path)):
            yield table


def _refuse_bombs(members: list[ZipInfo]) -> None:
    """What a file says it unpacks to is what is read of it at most: more is an error of its checksum."""
    if any(member.flag_bits & 1 for member in members):
        raise NotReadable(LOCKED)
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise NotReadable(SWELLS, most=MOST_UNPACKED // MEBIBYTE)


def _is_csv(member: ZipInfo) -> bool:
    hidden = member.filename.startswith("__MACOSX/") or "/." in member.filename
    return member.filename.casefold().endswith((".csv", ".tsv", ".txt")) and not hidden


class Member(BufferedIOBase):
    """One file of a zip, read piece by piece; where the zip is broken it raises NotReadable."""

    def __init__(self, packed: ZipFile, name: str):
        self._stream = packed.open(name)

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        try:
            return self._stream.read(-1 if size is None else size)
        except WHAT_ZIPS_RAISE:
            raise NotReadable(BROKEN_ZIP) from None

    read1 = read

    def close(self) -> None:
        self._stream.close()
        super().close()
